//! The collector of another site, killed while files are put before it, behind a poor line.

use std::fs;
use std::io::Write as _;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};

use anyhow::{Context as _, Result};
use nix::sys::signal::Signal;

use super::clients::record;
use super::ledger::{Ledger, Verdict};
use super::proxy::{Manners, Proxy};
use crate::chance::Chance;
use crate::installation::{Installation, end, log, program};
use crate::shell;

/// The phase's name.
const PHASE: &str = "spool";

/// Latest moment of a kill after a start: a look at the directory and a few batches.
const LIFE_MAX_MS: u64 = 1_200;

/// Lines of a file at most: some files are read in several pieces.
const LINES_MAX: u64 = 2_500;

/// A collector before a directory.
struct Collector {
    place: PathBuf,
    config: String,
}

/// Kills the collector `times` times; what was dropped is what is owed in the end.
pub(super) async fn killed_collector(
    installation: &mut Installation,
    times: u32,
    chance: &Chance,
) -> Result<Verdict> {
    let proxy = Proxy::start(installation.address, Manners::Poor, chance.clone()).await?;
    let collector = Collector::set_up(installation, &proxy)?;
    let ledger = Ledger::default();
    for turn in 0..times {
        let child = collector.start()?;
        let names = drop_file(&collector.place.join("in"), turn, chance)?;
        ledger.make(&names);
        // What lies in the directory is owed, whatever dies from now on.
        ledger.acknowledge(&names);
        // Waits for nothing: it chooses the moment of the kill.
        tokio::time::sleep(chance.moment(LIFE_MAX_MS)).await;
        end(child, Signal::SIGKILL)?;
        if turn % 20 == 19 {
            println!(
                "collector killed {} times, {} records owed",
                turn + 1,
                ledger.owed()
            );
        }
    }
    println!("poor line: {}", proxy.tricks());
    let server = format!("http://{}", installation.address);
    let arguments = [
        "collect",
        "--config",
        &collector.config,
        "--server",
        &server,
    ];
    let once = [&arguments[..], &["--once"]].concat();
    tokio::task::block_in_place(|| shell::capture(&program(), &once))?;
    let status = ["collect", "status", "--config", &collector.config];
    let status = tokio::task::block_in_place(|| shell::capture(&program(), &status))?;
    println!("{}", status.lines().take(5).collect::<Vec<_>>().join("\n"));
    ledger.judge(PHASE, installation).await
}

impl Collector {
    fn set_up(installation: &Installation, proxy: &Proxy) -> Result<Self> {
        let place = installation.directory.join("collector");
        fs::create_dir_all(place.join("in"))?;
        let config = place.join("collect.toml");
        let text = format!(
            "server = \"http://{}\"\nlook_every = \"1s\"\n\n[[drop]]\ninstance = \"drop\"\n\
             directory = \"in\"\n",
            proxy.address
        );
        fs::write(&config, text)?;
        let config = config.to_string_lossy().into_owned();
        let (code, server) = (
            installation.code()?,
            format!("http://{}", installation.address),
        );
        let enrol = ["--server", &server, "--enrol", &code, "--name", "spool"];
        let collect = ["collect", "--config", &config];
        tokio::task::block_in_place(|| {
            shell::capture(&program(), &[&collect[..], &enrol].concat())
        })?;
        Ok(Self { place, config })
    }

    fn start(&self) -> Result<Child> {
        shell::command(&program(), &["collect", "--config", &self.config])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log(&self.place.join("collector.log"))?)
            .process_group(0)
            .spawn()
            .context("could not start the collector")
    }
}

/// Puts a file into the directory, by turns whole under its name and line by line into one that
/// grows. Returns the names of its records.
fn drop_file(directory: &Path, turn: u32, chance: &Chance) -> Result<Vec<String>> {
    let mut text = Vec::new();
    let names = (0..=chance.below(LINES_MAX)).map(|line| {
        let name = format!("{PHASE}-{turn:04}-{line:04}");
        text.extend(record(PHASE, PHASE, &name, u64::from(turn) * 37 + line));
        text.push(b'\n');
        name
    });
    let names = names.collect();
    if turn.is_multiple_of(2) {
        let unready = directory.join(format!("{turn:04}.ndjson.part"));
        fs::write(&unready, text)?;
        fs::rename(unready, directory.join(format!("{turn:04}.ndjson")))?;
    } else {
        let grown = directory.join(format!("grows-{}.ndjson", turn / 20));
        let mut file = fs::OpenOptions::new()
            .create(true)
            .append(true)
            .open(grown)?;
        for part in text.chunks(4_001) {
            file.write_all(part)?;
        }
    }
    Ok(names)
}
