//! PostgreSQL, asked for the same rows as JSON: what most report servers stand on.
//!
//! Its own row-to-JSON streams a `COPY`, without a server in front and without HTTP: the least
//! that any program on top of it can spend. A private cluster on a socket of its own, run by an
//! unprivileged user, since PostgreSQL refuses root.

use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Write as _};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Instant;

use anyhow::{Context as _, Result, bail};
use nix::sys::signal::Signal;

use super::peer::{self, Peer, User};
use super::rows::{self, Column, Kind};
use super::samples::Told;
use super::{Window, needs};
use crate::shell;

/// Who owns the cluster's tables.
const OWNER: &str = "bench";

/// What it is set to, beyond what Debian sets: nothing here has to survive, and one backend does
/// all the work, so that its process is what is measured.
const SETTINGS: [&str; 6] = [
    "listen_addresses=",
    "fsync=off",
    "shared_buffers=1GB",
    "maintenance_work_mem=512MB",
    "max_parallel_workers_per_gather=0",
    "statement_timeout=10min",
];

/// PostgreSQL's fast shutdown.
const STOP: Signal = Signal::SIGINT;

/// Octets of one read, as in the HTTP client.
const READ: usize = 512 * 1024;

/// Ends what psql prints for a report.
const END: &str = "end of the report";

/// A running cluster with the rows in it.
pub(super) struct Postgres {
    // Dropped first, so that the server need not end it.
    session: Session,
    _server: Peer,
}

/// A psql that stays connected, and the backend that serves it.
struct Session {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    backend: u32,
}

/// Where the programs and the cluster are, and whom they run as.
struct Cluster {
    programs: PathBuf,
    home: PathBuf,
    user: Option<User>,
}

impl Postgres {
    /// Starts a cluster below `directory` and loads the rows.
    pub(super) fn start(directory: &Path, ndjson: &Path, columns: &[Column]) -> Result<Self> {
        let cluster = Cluster::new(directory)?;
        let server = cluster.start().context("PostgreSQL")?;
        cluster.load(ndjson, columns)?;
        let session = Session::open(cluster.psql())?;
        Ok(Self {
            session,
            _server: server,
        })
    }

    /// The backend, which does all the work of a report.
    pub(super) fn pid(&self) -> u32 {
        self.session.backend
    }

    /// The rows of this window, one JSON object a line; counted and thrown away.
    pub(super) fn report(&mut self, window: &Window) -> Result<Told> {
        let Window { from, until } = window;
        self.session.copy(&format!(
            "copy (select row_to_json(t) from (select * from jobs where \"CompletedAt\" >= \
             '{from}' and \"CompletedAt\" < '{until}' order by \"CompletedAt\", \
             \"TransactionId\") t) to stdout;\nselect '{END}';\n"
        ))
    }
}

impl Cluster {
    fn new(directory: &Path) -> Result<Self> {
        let home = directory.join("postgres");
        std::fs::create_dir(&home)?;
        let user = needs::unprivileged_user("postgres")?;
        if let Some((user, group)) = user {
            std::os::unix::fs::chown(&home, Some(user), Some(group))?;
        }
        let programs = needs::postgres_programs().context("PostgreSQL's server is missing")?;
        Ok(Self {
            programs,
            home,
            user,
        })
    }

    fn command(&self, program: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new(self.programs.join(program));
        command.args(arguments).current_dir(&self.home);
        if let Some((user, group)) = self.user {
            command.uid(user).gid(group);
        }
        command
    }

    fn psql(&self) -> Command {
        let host = self.home.to_string_lossy();
        let arguments = ["-h", &host, "-U", OWNER, "-d", "postgres", "-qAtX"];
        self.command("psql", &arguments)
    }

    fn start(&self) -> Result<Peer> {
        let data = self.home.join("data");
        let data = data.to_string_lossy();
        let mut initdb = self.command(
            "initdb",
            &[
                "-D",
                &data,
                "-U",
                OWNER,
                "-A",
                "trust",
                "-E",
                "UTF8",
                "--locale=C",
            ],
        );
        shell::finish(initdb.stdout(Stdio::null()))?;
        let sockets = self.home.to_string_lossy();
        let mut command = peer::command(&self.programs.join("postgres"), self.user, STOP);
        command.args(["-D", &data, "-k", &sockets]);
        for setting in SETTINGS {
            command.args(["-c", setting]);
        }
        let log = File::create(self.home.join("log"))?;
        let quiet = command.stdin(Stdio::null()).stdout(log.try_clone()?);
        let mut server = Peer::start(quiet.stderr(log), STOP)?;
        server.wait_until(|| {
            let mut probe = self.psql();
            let probe = probe
                .args(["-c", "select 1"])
                .stderr(Stdio::null())
                .output();
            probe.is_ok_and(|output| output.status.success())
        })?;
        Ok(server)
    }

    fn load(&self, ndjson: &Path, columns: &[Column]) -> Result<()> {
        let script = self.home.join("load.sql");
        std::fs::write(&script, include_str!("postgres_load.sql"))?;
        let script = script.to_string_lossy();
        let columns = format!("columns={}", definitions(columns));
        let mut command = self.psql();
        command.args(["-v", "ON_ERROR_STOP=1", "-v", &columns, "-f", &script]);
        let mut psql = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let input = psql.stdin.take().context("psql has no standard input")?;
        let mut input = BufWriter::new(input);
        let written = rows::write_copy_text(BufReader::new(File::open(ndjson)?), &mut input);
        drop(input.into_inner()?);
        let output = psql.wait_with_output()?;
        let loaded = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        let written = written.context("PostgreSQL did not take the rows")?;
        if loaded != written.to_string() {
            bail!("PostgreSQL has {loaded:?} rows of {written}");
        }
        Ok(())
    }
}

impl Session {
    fn open(mut psql: Command) -> Result<Self> {
        let mut child = psql.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let input = child.stdin.take().context("psql has no standard input")?;
        let output = child.stdout.take().context("psql has no standard output")?;
        let mut session = Self {
            child,
            input,
            output: BufReader::with_capacity(READ, output),
            backend: 0,
        };
        session.input.write_all(b"select pg_backend_pid();\n")?;
        let mut line = String::new();
        session.output.read_line(&mut line)?;
        session.backend = line.trim().parse().context("psql did not connect")?;
        Ok(session)
    }

    /// Runs a statement followed by one that prints [`END`], and counts what it prints before.
    fn copy(&mut self, statements: &str) -> Result<Told> {
        let end = [END, "\n"].concat();
        let started = Instant::now();
        self.input.write_all(statements.as_bytes())?;
        let (mut bytes, mut first_byte) = (0, None);
        let mut tail = Vec::new();
        while !tail.ends_with(end.as_bytes()) {
            let read = self.output.fill_buf()?;
            if read.is_empty() {
                bail!("psql ended in the middle of a report");
            }
            first_byte.get_or_insert_with(|| started.elapsed());
            bytes += read.len() as u64;
            let kept = read.len().saturating_sub(end.len());
            tail.extend(read.iter().skip(kept));
            tail.drain(..tail.len().saturating_sub(end.len()));
            let count = read.len();
            self.output.consume(count);
        }
        Ok(Told {
            bytes: Some(bytes - end.len() as u64),
            first_byte,
        })
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        // It holds nothing worth ending gently, and it may already be gone.
        let _gone = self.child.kill();
        let _gone = self.child.wait();
    }
}

/// The columns of the table.
fn definitions(columns: &[Column]) -> String {
    let columns = columns.iter().map(|column| {
        let kind = match column.kind {
            Kind::Instant => "timestamptz",
            Kind::Whole => "bigint",
            Kind::Decimal => "numeric",
            Kind::Word | Kind::Text => "text",
        };
        let null = if column.is_key() { " not null" } else { "" };
        format!("\"{}\" {kind}{null}", column.name)
    });
    columns.collect::<Vec<_>>().join(", ")
}
