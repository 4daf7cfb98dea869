//! A server with a fleet, print jobs, and credentials of every kind: the demo's data, served by a
//! configuration that lets a key ask as often as it likes.

use std::net::SocketAddr;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;
use platen_domain::report_apis::ReportApi;

use super::client::{self, Client};
use crate::demo::{self, Demo};
use crate::{http, keys, shell};

/// How long the server may take to come up before it counts as gone.
const PATIENCE: Duration = Duration::from_secs(30);

/// Pause between two looks at a server that starts.
const LOOK_EVERY: Duration = Duration::from_millis(20);

/// What opens an API.
pub(super) struct Credentials {
    /// A key for each report API, in the order of [`ReportApi::ALL`].
    pub(super) keys: Vec<String>,
    /// A one-time code that enrols a collector.
    pub(super) code: String,
    /// A Client Application, which gets access tokens.
    pub(super) client: Client,
}

/// The server. It is ended when this is dropped.
pub(super) struct Office {
    pub(super) address: SocketAddr,
    pub(super) credentials: Credentials,
    /// What the server logs.
    pub(super) log: PathBuf,
    child: Child,
}

impl Office {
    /// Makes the data in `directory`, which must be new, and serves it.
    pub(super) fn open(directory: &Path) -> Result<Self> {
        std::fs::create_dir_all(directory)?;
        let data = directory.join("data");
        let address = demo::free_address()?;
        let mut demo = Demo::start(address, Some(&data))?;
        let doors = demo.doors()?;
        demo.wait_until_open(doors.first().context("the demo opens no report")?)?;
        demo.kill()?;
        let runtime = tokio::runtime::Runtime::new()?;
        let keys = runtime.block_on(async { keys::make(&data, &ReportApi::ALL) })?;
        let client = runtime.block_on(client::make(&data))?;
        let config = directory.join("platen.toml");
        let text = format!(
            "data_directory = \"data\"\nlisten = \"{address}\"\n\n\
             [report]\nrequests_per_minute = 10000\nrequests_at_once = 500\n"
        );
        std::fs::write(&config, text)?;
        let config = config.to_string_lossy();
        let code = enrolment_code(&config)?;
        let log = directory.join("server.log");
        let mut child = start(&config, &log)?;
        wait_until_alive(address, &mut child)?;
        let credentials = Credentials { keys, code, client };
        Ok(Self {
            address,
            credentials,
            log,
            child,
        })
    }
}

impl Drop for Office {
    fn drop(&mut self) {
        let group = i32::try_from(self.child.id()).map(Pid::from_raw);
        if let Ok(group) = group
            && killpg(group, Signal::SIGKILL).is_ok()
        {
            // On the way out; there is nobody left to tell.
            let _ended = self.child.wait();
        }
    }
}

fn program() -> String {
    let program = shell::target_directory().join("debug/platen");
    program.to_string_lossy().into_owned()
}

fn enrolment_code(config: &str) -> Result<String> {
    let arguments = ["collector", "enrol-code", "--config", config];
    let text = shell::capture(&program(), &arguments)?;
    let hexadecimal = |line: &&str| line.bytes().all(|byte| byte.is_ascii_hexdigit());
    let mut lines = text.lines().map(str::trim).filter(hexadecimal);
    let code = lines.find(|line| line.len() == 64);
    code.map(str::to_owned).context("no code was told")
}

fn start(config: &str, log: &Path) -> Result<Child> {
    shell::command(&program(), &["serve", "--config", config])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(std::fs::File::create(log)?)
        .process_group(0)
        .spawn()
        .context("could not start platen")
}

fn wait_until_alive(address: SocketAddr, child: &mut Child) -> Result<()> {
    let started = Instant::now();
    let alive = || {
        let answer = http::get(address, "/healthz", None, PATIENCE);
        answer.is_ok_and(|answer| answer.status == 200)
    };
    while !alive() {
        if let Some(status) = child.try_wait()? {
            bail!("the server ended by itself: {status}; see server.log");
        }
        if started.elapsed() > PATIENCE {
            bail!("the server did not answer within {} s", PATIENCE.as_secs());
        }
        std::thread::sleep(LOOK_EVERY);
    }
    Ok(())
}
