//! A server of the real binary with an organization, keys for its print reports, and collectors.

use std::net::SocketAddr;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;
use platen_domain::report_apis::ReportApi;

use crate::chance::Chance;
use crate::{demo, http, keys, shell};

/// How long the server may take to come up before it counts as gone.
const PATIENCE: Duration = Duration::from_secs(30);

/// Pause between two looks at a server that starts.
const LOOK_EVERY: Duration = Duration::from_millis(10);

/// Kills after which people are told how it goes.
const TOLD_EVERY: u32 = 20;

/// Keys of the two print reports.
#[derive(Clone)]
pub(crate) struct Keys {
    pub(crate) jobs: String,
    pub(crate) months: String,
}

/// The server, running or not.
pub(crate) struct Installation {
    pub(crate) directory: PathBuf,
    pub(crate) address: SocketAddr,
    pub(crate) keys: Keys,
    /// The path of the one-time link that makes the first administrator.
    pub(crate) set_up: String,
    /// One-time codes that nobody used yet.
    codes: std::cell::RefCell<Vec<String>>,
    child: Option<Child>,
}

/// The program that is tested.
pub(crate) fn program() -> String {
    let program = shell::target_directory().join("debug/platen");
    program.to_string_lossy().into_owned()
}

impl Installation {
    /// Sets one up in `directory`, with `codes` enrolment codes and `settings` at the end of its
    /// configuration.
    pub(crate) fn make(directory: &Path, codes: u32, settings: &str) -> Result<Self> {
        std::fs::create_dir_all(directory)?;
        let server = directory.join("server");
        std::fs::create_dir(&server)?;
        let place = server.to_string_lossy().into_owned();
        let arguments = ["init", "--organization", "Ledger", "--time-zone", "UTC"];
        let place = ["--directory", &place];
        let told = shell::capture(&program(), &[&arguments[..], &place].concat())?;
        let set_up = told.split_whitespace().find_map(|word| {
            let token = word.split_once("/set-up/")?.1;
            Some(format!("/set-up/{token}"))
        });
        let address = demo::free_address()?;
        let config = server.join("platen.toml");
        let text = std::fs::read_to_string(&config)?;
        let text = text.replace("127.0.0.1:8631", &address.to_string());
        std::fs::write(&config, text + settings)?;
        let keys = make_keys(&server.join("data"))?;
        let config = config.to_string_lossy().into_owned();
        let code = |_| {
            let arguments = ["collector", "enrol-code", "--config", &config];
            let text = shell::capture(&program(), &arguments)?;
            let code = text.lines().map(str::trim).find(|line| line.len() == 64);
            code.map(str::to_owned).context("no code was told")
        };
        Ok(Self {
            directory: directory.to_owned(),
            address,
            keys,
            set_up: set_up.context("no set-up link was told")?,
            codes: (0..codes).map(code).collect::<Result<Vec<_>>>()?.into(),
            child: None,
        })
    }

    /// A code that enrols one collector.
    pub(crate) fn code(&self) -> Result<String> {
        self.codes.borrow_mut().pop().context("no code is left")
    }

    /// Starts the server and waits until it answers.
    pub(crate) async fn start(&mut self) -> Result<()> {
        let config = self.directory.join("server/platen.toml");
        let arguments = ["serve", "--config", &config.to_string_lossy()];
        let child = shell::command(&program(), &arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log(&self.directory.join("server.log"))?)
            .process_group(0)
            .spawn()
            .context("could not start platen")?;
        let child = self.child.insert(child);
        let (address, started) = (self.address, Instant::now());
        while !is_alive(address).await {
            if let Some(status) = child.try_wait()? {
                bail!("the server ended by itself: {status}; see server.log");
            }
            if started.elapsed() > PATIENCE {
                bail!("the server did not answer within {} s", PATIENCE.as_secs());
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
        Ok(())
    }

    /// SIGKILL, as a power cut would have it.
    pub(crate) fn kill(&mut self) -> Result<()> {
        self.child
            .take()
            .map_or(Ok(()), |child| end(child, Signal::SIGKILL))
    }

    /// Kills it `times` times, each at any moment of `life_max` milliseconds after it answered,
    /// and starts it again. `told` says now and then how the test goes.
    pub(crate) async fn die(
        &mut self,
        times: u32,
        life_max: u64,
        chance: &Chance,
        told: impl Fn() -> String,
    ) -> Result<()> {
        for turn in 1..=times {
            // Waits for nothing: it chooses the moment of the kill.
            tokio::time::sleep(chance.moment(life_max)).await;
            self.kill()?;
            self.start().await?;
            if turn % TOLD_EVERY == 0 {
                println!("server killed {turn} times, {}", told());
            }
        }
        Ok(())
    }

    /// The ordinary end.
    pub(crate) fn stop(&mut self) -> Result<()> {
        self.child
            .take()
            .map_or(Ok(()), |child| end(child, Signal::SIGTERM))
    }
}

impl Drop for Installation {
    fn drop(&mut self) {
        // On the way out; there is nobody left to tell.
        let _told = self.kill();
    }
}

/// Ends a program that was started in a group of its own.
pub(crate) fn end(mut child: Child, signal: Signal) -> Result<()> {
    let group = i32::try_from(child.id())?;
    killpg(Pid::from_raw(group), signal).context("could not signal the program")?;
    child.wait()?;
    Ok(())
}

/// A log that is written on with every start.
pub(crate) fn log(path: &Path) -> Result<Stdio> {
    let file = std::fs::OpenOptions::new()
        .create(true)
        .append(true)
        .open(path)?;
    Ok(file.into())
}

async fn is_alive(address: SocketAddr) -> bool {
    let asked = tokio::task::spawn_blocking(move || {
        http::get(address, "/healthz", None, Duration::from_secs(5))
    });
    matches!(asked.await, Ok(Ok(answer)) if answer.status == 200)
}

/// A key for each print report.
fn make_keys(data: &Path) -> Result<Keys> {
    let made = keys::make(data, &[ReportApi::PrintJobs, ReportApi::MonthlyPrintJobs])?;
    let [jobs, months] = <[String; 2]>::try_from(made)
        .map_err(|made| anyhow::anyhow!("{} keys were made of 2", made.len()))?;
    Ok(Keys { jobs, months })
}
