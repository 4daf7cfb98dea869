//! Serves every recording of a directory from a loopback address of its own and collects it.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use platen_collect::ipp::IppReading;
use platen_collect::printer::Profiles;
use platen_collect::snmp::{Client, ClientOptions, Credential, Version};
use platen_collect::{CollectError, Collector};
use platen_domain::clock::Timestamp;
use platen_domain::ids::SeededIds;
use platen_domain::readings::Observation;
use platen_domain::secret::Secret;
use platen_simfleet::{DeviceSpec, Fleet, FleetBuilder, Recording};
use tokio::task::JoinSet;

use crate::clock::WallClock;

/// The first address; the next recordings follow in the order of their names, so that an address
/// tells nothing about the device behind it.
const FIRST_ADDRESS: Ipv4Addr = Ipv4Addr::new(127, 78, 0, 1);

/// The one community of all recordings: it tells nothing either.
const COMMUNITY: &str = "public";

/// Nothing gets lost on loopback: whoever has not answered by then never will.
const TIMEOUT: Duration = Duration::from_millis(500);

/// What came of one recording.
pub(super) enum Outcome {
    /// The whole of discovery, and a poll right after it.
    Read(Box<Observation>, Result<Box<Observation>, CollectError>),
    /// The collector says why it read nothing.
    Refused(String),
    Panicked,
}

/// What a directory holds.
pub(super) struct Directory {
    /// Recordings by name.
    pub recordings: BTreeMap<String, Recording>,
    /// Answers of printers to Get-Printer-Attributes (IPP), by the name of their file.
    pub ipp: BTreeMap<String, Vec<u8>>,
    /// Lines of the recordings that cannot be played, in words.
    pub unplayable: Vec<String>,
}

/// Reads the recordings in `directory` and in its folder `recordings`.
pub(super) fn read(directory: &Path) -> Result<Directory> {
    let mut found = Directory {
        recordings: BTreeMap::new(),
        ipp: BTreeMap::new(),
        unplayable: Vec::new(),
    };
    for folder in [directory.to_owned(), directory.join("recordings")] {
        for file in files(&folder)? {
            match file.extension().and_then(OsStr::to_str) {
                Some("snmprec") => found.add(&file)?,
                Some("ipp" | "bin") => found.add_ipp(&file)?,
                _ => {}
            }
        }
    }
    if found.recordings.is_empty() && found.ipp.is_empty() {
        bail!(
            "{} holds no recordings (*.snmprec, *.ipp, *.bin)",
            directory.display()
        );
    }
    found.join_contexts();
    Ok(found)
}

fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let entries = folder
        .read_dir()
        .with_context(|| format!("{}", folder.display()))?;
    entries.map(|entry| Ok(entry?.path())).collect()
}

impl Directory {
    fn add(&mut self, file: &Path) -> Result<()> {
        let name = file
            .file_stem()
            .and_then(OsStr::to_str)
            .unwrap_or_default()
            .to_owned();
        let recording = Recording::read(file)?;
        self.unplayable
            .extend(recording.skipped().iter().map(ToString::to_string));
        self.recordings.insert(name, recording);
        Ok(())
    }

    fn add_ipp(&mut self, file: &Path) -> Result<()> {
        let name = file.file_name().and_then(OsStr::to_str).unwrap_or_default();
        let octets = std::fs::read(file).with_context(|| format!("{}", file.display()))?;
        self.ipp.insert(name.to_owned(), octets);
        Ok(())
    }

    /// `name@Context` holds what the device `name` serves in a context: it is served there, and
    /// as a device of its own as well.
    fn join_contexts(&mut self) {
        let contexts: Vec<(String, String)> = self
            .recordings
            .keys()
            .filter_map(|file| file.split_once('@'))
            .map(|(device, context)| (device.to_owned(), context.to_owned()))
            .collect();
        for (device, context) in contexts {
            let objects = self.recordings.get(&format!("{device}@{context}")).cloned();
            if let (Some(objects), Some(found)) = (objects, self.recordings.get_mut(&device)) {
                found.add_context(&context, &objects);
            }
        }
    }
}

/// Serves the recordings and reads each with the real collector over UDP.
pub(super) fn collect(directory: &Directory) -> Result<BTreeMap<String, Outcome>> {
    let clock = Arc::new(WallClock);
    let addresses = (u32::from(FIRST_ADDRESS)..).map(Ipv4Addr::from);
    let placed: Vec<(Ipv4Addr, &String)> = addresses.zip(directory.recordings.keys()).collect();
    let mut fleet = FleetBuilder::new(clock.clone());
    for ((address, _), recording) in placed.iter().zip(directory.recordings.values()) {
        fleet = fleet.device(*address, DeviceSpec::Recording(recording.clone()));
    }
    let fleet = fleet.start().context("could not serve the recordings")?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    let outcomes = runtime.block_on(collect_all(&fleet, &placed));
    fleet.stop();
    let mut outcomes = outcomes?;
    for (name, octets) in &directory.ipp {
        outcomes.insert(name.clone(), decode(octets));
    }
    Ok(outcomes)
}

/// Reads an answer to IPP as the collector does. It stands still: what comes again is the same.
fn decode(octets: &[u8]) -> Outcome {
    let octets = octets.to_vec();
    let read = std::thread::spawn(move || {
        let now = Timestamp::from_millis(0);
        let address = IpAddr::V4(FIRST_ADDRESS);
        IppReading::decode(&octets, address, &Profiles::built_in(), now)
    });
    match read.join() {
        Ok(Ok(reading)) => {
            let observation = Box::new(reading.observation);
            Outcome::Read(observation.clone(), Ok(observation))
        }
        Ok(Err(error)) => Outcome::Refused(error.to_string()),
        Err(_panic) => Outcome::Panicked,
    }
}

async fn collect_all(
    fleet: &Fleet,
    placed: &[(Ipv4Addr, &String)],
) -> Result<BTreeMap<String, Outcome>> {
    let options = ClientOptions {
        timeout: TIMEOUT,
        ..ClientOptions::default()
    };
    let client = Client::new(options, Arc::new(SeededIds::new(1)));
    let collector = Collector::new(client, Arc::new(Profiles::built_in()), Arc::new(WallClock));
    let mut running = JoinSet::new();
    let mut names = BTreeMap::new();
    for (address, name) in placed {
        let target = SocketAddr::new(IpAddr::V4(*address), fleet.port());
        let collector = collector.clone();
        let task = running.spawn(async move { collect_one(&collector, target).await });
        names.insert(task.id(), (*name).clone());
    }
    let mut outcomes = BTreeMap::new();
    while let Some(ended) = running.join_next_with_id().await {
        let (id, outcome) = match ended {
            Ok((id, outcome)) => (id, outcome),
            Err(error) => (error.id(), Outcome::Panicked),
        };
        outcomes.extend(names.remove(&id).map(|name| (name, outcome)));
    }
    Ok(outcomes)
}

async fn collect_one(collector: &Collector, target: SocketAddr) -> Outcome {
    let community = Secret::new(COMMUNITY.to_owned());
    let credential = Credential::Community {
        version: Version::V2c,
        community,
    };
    match collector.discover(target, &credential).await {
        Ok((observation, mut memory)) => {
            let polled = collector.poll(target, &credential, &mut memory).await;
            Outcome::Read(Box::new(observation), polled.map(Box::new))
        }
        Err(error) => Outcome::Refused(error.to_string()),
    }
}
