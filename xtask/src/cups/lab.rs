//! A print server of our own: cupsd and two IPP Everywhere printers on loopback, in a directory
//! that goes with them.
//!
//! Nothing of the machine's own printing is touched: every path of cupsd is below the directory,
//! it browses nothing, and the printers find their bus under a name of its own.

use std::fmt::Write as _;
use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use tempfile::TempDir;

use super::daemons::Daemon;
use super::documents;
use crate::{demo, shell};

/// How long the queues may take to run empty: 600 jobs take some 20 s.
const PATIENCE: Duration = Duration::from_mins(4);

/// Pause between two looks at the queues.
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// What the printers do with a document: count its pages, say so, and be low on toner. Without a
/// command `ippeveprinter` sleeps 5 to 15 s a job.
const PRINT_COMMAND: &str = r#"#!/bin/sh
pages=$(grep -a -c '/Type */Page[^s]' "$1")
[ "$pages" -gt 0 ] || pages=1
sides=$((pages * ${IPP_COPIES:-1}))
echo "ATTR: job-impressions=$sides job-impressions-completed=$sides" >&2
echo "ATTR: marker-names=Black,Cyan marker-types=toner,toner marker-colors=#000000,#00FFFF marker-levels=7,55" >&2
"#;

/// The lines written for every job: fixed fields first, what users type last.
const PAGE_LOG_FORMAT: &str = "%j %p %T %P %C %{job-impressions-completed} \
    %{job-media-sheets-completed} %{sides} %{print-color-mode} %{media} %{job-k-octets} \
    %{job-uuid} %{job-billing} %{job-originating-host-name} %u %{job-name}";

/// A bus for the printers: they announce nothing, and will not start without one.
const BUS: &str = r#"<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>session</type><listen>unix:path=@/bus</listen>
<policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/>
<allow own="*"/></policy></busconfig>
"#;

/// The running lab. Everything in it ends when it is dropped, printers and bus after cupsd.
pub(super) struct Lab {
    cupsd: Option<Daemon>,
    _printers: [Daemon; 2],
    _bus: Daemon,
    /// Where cupsd listens.
    pub(super) address: SocketAddr,
    /// Where the printers listen: mono, colour.
    pub(super) printers: [SocketAddr; 2],
    directory: TempDir,
}

impl Lab {
    /// Starts everything, with a history of `jobs_max` jobs, 0 for no limit.
    pub(super) fn start(jobs_max: u32) -> Result<Self> {
        // cupsd's filters run as another user and must get in.
        let open = std::fs::Permissions::from_mode(0o755);
        let directory = tempfile::Builder::new()
            .prefix("platen-cups-")
            .permissions(open)
            .tempdir()?;
        let root = directory.path();
        for below in [
            "root",
            "spool/tmp",
            "cache",
            "state",
            "log",
            "mono",
            "colour",
        ] {
            std::fs::create_dir_all(root.join(below))?;
        }
        std::fs::write(root.join("bus.conf"), BUS.replace('@', &text(root)?))?;
        let print = root.join("print.sh");
        std::fs::write(&print, PRINT_COMMAND)?;
        std::fs::set_permissions(&print, std::fs::Permissions::from_mode(0o755))?;
        let bus = start_bus(root)?;
        let printers = [demo::free_address()?, demo::free_address()?];
        let [mono, colour] = printers;
        let daemons = [
            start_printer(root, "mono", mono, "30")?,
            start_printer(root, "colour", colour, "25,20")?,
        ];
        let mut lab = Self {
            cupsd: None,
            _printers: daemons,
            _bus: bus,
            address: demo::free_address()?,
            printers,
            directory,
        };
        lab.start_server(jobs_max)?;
        lab.make_queues()?;
        Ok(lab)
    }

    /// Ends cupsd in order and starts it again, with another length of history.
    pub(super) fn restart(&mut self, jobs_max: u32) -> Result<()> {
        self.cupsd = None;
        self.start_server(jobs_max)
    }

    fn start_server(&mut self, jobs_max: u32) -> Result<()> {
        let root = self.directory.path();
        let (server, files) = (root.join("cupsd.conf"), root.join("cups-files.conf"));
        let directory = text(root)?;
        std::fs::write(&files, files_configuration(&directory))?;
        let address = self.address;
        std::fs::write(&server, configuration(&directory, address, jobs_max))?;
        let arguments = [
            "-f".to_owned(),
            "-c".to_owned(),
            text(&server)?,
            "-s".to_owned(),
            text(&files)?,
        ];
        let mut command = command("cupsd", &arguments)?;
        let mut cupsd = Daemon::start("cupsd", &mut command, &root.join("log/cupsd.out"))?;
        cupsd
            .wait_until(|| is_up(address))
            .with_context(|| self.tail("log/error_log"))?;
        self.cupsd = Some(cupsd);
        Ok(())
    }

    fn make_queues(&self) -> Result<()> {
        let [mono, colour] = self.printers.map(|at| format!("ipp://{at}/ipp/print"));
        self.admin(&["-p", "lab-mono", "-E", "-v", &mono, "-m", "everywhere"])?;
        self.admin(&["-p", "lab-colour", "-E", "-v", &colour, "-m", "everywhere"])?;
        for queue in ["null-raw", "held"] {
            self.admin(&["-p", queue, "-E", "-v", "file:///dev/null"])?;
        }
        self.tool("cupsdisable", &["held"])?;
        self.admin(&["-p", "lab-colour", "-c", "lab-class"])?;
        self.tool("cupsenable", &["lab-class"])?;
        self.tool("cupsaccept", &["lab-class"])
    }

    /// A document of so many pages, written if it is not there.
    pub(super) fn document(&self, pages: usize) -> Result<String> {
        let path = self.directory.path().join(format!("{pages}p.pdf"));
        if !path.is_file() {
            std::fs::write(&path, documents::pdf(pages))?;
        }
        text(&path)
    }

    /// Prints, as a user does; gives the job's name such as `lab-mono-7`.
    pub(super) fn print(&self, user: &str, queue: &str, options: &[&str]) -> Result<String> {
        let arguments = [&["-U", user, "-d", queue][..], options].concat();
        let said = self.ask("lp", &arguments)?;
        // "request id is lab-mono-7 (1 file(s))"
        let job = said.split(' ').find(|word| word.starts_with(queue));
        job.map(str::to_owned).context("lp named no job")
    }

    /// One of CUPS's programs, told where the server is.
    pub(super) fn tool(&self, program: &str, arguments: &[&str]) -> Result<()> {
        self.ask(program, arguments).map(|_said| ())
    }

    fn admin(&self, arguments: &[&str]) -> Result<()> {
        self.tool("lpadmin", arguments)
    }

    fn ask(&self, program: &str, arguments: &[&str]) -> Result<String> {
        let server = self.address.to_string();
        let arguments = [&["-h", &server][..], arguments].concat();
        let mut command = command(program, &arguments)?;
        // Neither the person's printer settings nor their language.
        let output = command
            .env("HOME", self.directory.path())
            .env("LC_ALL", "C.UTF-8")
            .output()
            .with_context(|| format!("could not start {program}"))?;
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr);
            bail!("{program} {}: {}", arguments.join(" "), said.trim());
        }
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }

    /// Waits until no job waits.
    pub(super) fn wait_until_printed(&self) -> Result<()> {
        let started = Instant::now();
        while !self.ask("lpstat", &["-o"])?.trim().is_empty() {
            if started.elapsed() > PATIENCE {
                bail!("jobs are stuck\n{}", self.tail("log/error_log"));
            }
            std::thread::sleep(LOOK_EVERY);
        }
        Ok(())
    }

    /// The log of pages so far; empty where there is none yet.
    pub(super) fn page_log(&self) -> String {
        let path = self.directory.path().join("log/page_log");
        let octets = std::fs::read(path).unwrap_or_default();
        String::from_utf8_lossy(&octets).into_owned()
    }

    /// The last lines of a log, for errors.
    fn tail(&self, log: &str) -> String {
        let text = std::fs::read_to_string(self.directory.path().join(log)).unwrap_or_default();
        let lines: Vec<&str> = text.lines().rev().take(20).collect();
        let lines = lines.into_iter().rev();
        lines.fold(String::new(), |mut tail, line| {
            // Writing to a String cannot fail.
            let _infallible = writeln!(tail, "{line}");
            tail
        })
    }
}

/// Ends cupsd first, since it holds jobs on the printers.
impl Drop for Lab {
    fn drop(&mut self) {
        self.cupsd = None;
    }
}

fn command<S: AsRef<std::ffi::OsStr>>(program: &str, arguments: &[S]) -> Result<Command> {
    let path = shell::find(program).with_context(|| {
        format!("{program} is missing: cargo xtask test needs installs or names it")
    })?;
    Ok(shell::command(&text(&path)?, arguments))
}

fn start_bus(root: &Path) -> Result<Daemon> {
    let config = format!("--config-file={}", text(&root.join("bus.conf"))?);
    let mut command = command("dbus-daemon", &[config.as_str(), "--nofork", "--nopidfile"])?;
    let mut bus = Daemon::start("dbus-daemon", &mut command, &root.join("log/bus.out"))?;
    let socket = root.join("bus");
    bus.wait_until(|| socket.exists())?;
    Ok(bus)
}

/// A printer without announcements (`-r off`), on loopback (`-n localhost`), that takes what
/// queues made by `everywhere` send.
fn start_printer(root: &Path, name: &str, address: SocketAddr, speed: &str) -> Result<Daemon> {
    let port = address.port().to_string();
    let (spool, print) = (text(&root.join(name))?, text(&root.join("print.sh"))?);
    let formats = "application/pdf,image/pwg-raster,image/urf,image/jpeg";
    let (title, place) = (format!("Lab {name}"), format!("Room {name}"));
    let arguments = [
        "-r",
        "off",
        "-n",
        "localhost",
        "-p",
        &port,
        "-s",
        speed,
        "-2",
        "-M",
        "Lab",
        "-m",
        name,
        "-l",
        &place,
        "-d",
        &spool,
        "-c",
        &print,
        "-f",
        formats,
        &title,
    ];
    let mut command = command("ippeveprinter", &arguments)?;
    command
        .env(
            "DBUS_SYSTEM_BUS_ADDRESS",
            format!("unix:path={}/bus", text(root)?),
        )
        .env("HOME", root);
    let log = root.join(format!("log/{name}.out"));
    let mut printer = Daemon::start("ippeveprinter", &mut command, &log)?;
    printer
        .wait_until(|| is_up(address))
        .with_context(|| std::fs::read_to_string(&log).unwrap_or_default())?;
    Ok(printer)
}

fn is_up(address: SocketAddr) -> bool {
    std::net::TcpStream::connect(address).is_ok()
}

fn text(path: &Path) -> Result<String> {
    let text = path.to_str().map(str::to_owned);
    text.with_context(|| format!("{} is not a name in UTF-8", path.display()))
}

/// Where cupsd keeps everything. An empty `Printcap` keeps it from writing the machine's.
fn files_configuration(directory: &str) -> String {
    format!(
        "User lp\nGroup lp\nSystemGroup root lpadmin\n\
         ServerRoot {directory}/root\nRequestRoot {directory}/spool\n\
         TempDir {directory}/spool/tmp\nCacheDir {directory}/cache\n\
         StateDir {directory}/state\nPrintcap\nFileDevice Yes\n\
         AccessLog {directory}/log/access_log\nErrorLog {directory}/log/error_log\n\
         PageLog {directory}/log/page_log\nLogFilePerm 0644\n"
    )
}

/// Open to whoever is on loopback, and silent to others. Only for a lab: it hides nothing.
fn configuration(directory: &str, address: SocketAddr, jobs_max: u32) -> String {
    format!(
        "Listen {address}\nListen {directory}/state/cups.sock\nServerName localhost\n\
         Browsing No\nWebInterface No\nIdleExitTimeout 0\nDefaultAuthType None\n\
         LogLevel warn\nMaxLogSize 0\nLogTimeFormat usecs\nPageLogFormat {PAGE_LOG_FORMAT}\n\
         PreserveJobHistory Yes\nPreserveJobFiles Yes\nMaxJobs {jobs_max}\n\
         ErrorPolicy abort-job\nMaxClients 200\n\
         <Location />\n  Order allow,deny\n  Allow 127.0.0.1\n</Location>\n\
         <Policy default>\n  JobPrivateAccess all\n  JobPrivateValues none\n\
         \x20 SubscriptionPrivateAccess all\n  SubscriptionPrivateValues none\n\
         \x20 <Limit All>\n    Order deny,allow\n  </Limit>\n</Policy>\n"
    )
}

/// Where the lab is, for people who want to look.
impl std::fmt::Display for Lab {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let [mono, colour] = self.printers;
        let directory: PathBuf = self.directory.path().to_owned();
        write!(
            f,
            "cupsd at {}, printers at {mono} and {colour}, all in {}",
            self.address,
            directory.display()
        )
    }
}
