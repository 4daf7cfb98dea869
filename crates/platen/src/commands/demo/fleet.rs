//! The simulated fleet, and the ranges that reach it.

use std::io;
use std::net::Ipv4Addr;
use std::path::Path;
use std::sync::Arc;

use anyhow::Context as _;
use platen_app::fleet::collection::{NamedCredential, PlannedRange};
use platen_app::fleet::networks::Network;
use platen_collect::snmp::{AuthProtocol, Credential, PrivacyProtocol, UsmUser, Version};
use platen_domain::clock::Clock as _;
use platen_domain::ids::OrganizationId;
use platen_domain::secret::Secret;
use platen_simfleet::print_traffic::{Printed, Traffic};
use platen_simfleet::{
    DEMO_ADDRESS, DEMO_COMMUNITY, DEMO_COUNT, DeviceSpec, Fleet, FleetBuilder, RecordedDevice,
    demo_printers, demo_user, recorded_devices,
};

use crate::system::SystemClock;

/// UDP port of the simulated fleet, and how many after it are tried when it is taken.
const PORT: u16 = 16_161;
const PORTS_TRIED: u16 = 64;

/// Address of the first recorded device; the others follow.
const RECORDINGS_ADDRESS: Ipv4Addr = Ipv4Addr::new(127, 78, 0, 1);

/// Most recorded devices: those that follow fit below 127.79.0.0.
const RECORDINGS_MAX: usize = 65_000;

/// Decides what the simulated printers are like.
pub(super) const SEED: u64 = 1;

/// Most lines named that cannot be played; a file that is no recording has thousands.
const PASSED_OVER_MAX: usize = 20;

/// A fleet that answers on loopback.
pub(super) struct DemoFleet {
    fleet: Fleet,
    networks: Vec<Network>,
    recordings: usize,
    /// Lines of the recordings that are not played, in words.
    passed_over: Vec<String>,
}

/// The devices recorded in `directory`, where one is given.
pub(super) fn recordings(directory: Option<&Path>) -> anyhow::Result<Vec<RecordedDevice>> {
    let recordings = directory
        .map(recorded_devices)
        .transpose()?
        .unwrap_or_default();
    anyhow::ensure!(
        recordings.len() <= RECORDINGS_MAX,
        "too many recordings: {}, at most {RECORDINGS_MAX}",
        recordings.len()
    );
    if let (Some(directory), true) = (directory, recordings.is_empty()) {
        anyhow::bail!("there is no .snmprec file in {}", directory.display());
    }
    Ok(recordings)
}

impl DemoFleet {
    /// Starts the demo's printers, which count what `traffic` prints on them, and the recorded
    /// devices.
    pub(super) fn start(
        recordings: &[RecordedDevice],
        traffic: &Arc<Traffic>,
    ) -> anyhow::Result<Self> {
        let mut networks = vec![block(DEMO_ADDRESS, DEMO_COUNT)?];
        let count = u32::try_from(recordings.len())?;
        if count > 0 {
            networks.push(block(RECORDINGS_ADDRESS, count)?);
        }
        Ok(Self {
            fleet: answer(recordings, traffic)?,
            networks,
            recordings: recordings.len(),
            passed_over: passed_over(recordings),
        })
    }

    /// The ranges that hold it, for `organization`.
    pub(super) fn ranges(&self, organization: OrganizationId) -> Vec<PlannedRange> {
        let range = |network: &Network| PlannedRange {
            organization,
            network: *network,
            port: self.fleet.port(),
            credentials: vec![community(), user()],
        };
        self.networks.iter().map(range).collect()
    }

    /// What it is, in a line or two.
    pub(super) fn describe(&self) -> String {
        let port = self.fleet.port();
        let recorded = match self.recordings {
            0 => String::new(),
            count => format!("  {count} recorded devices answer from {RECORDINGS_ADDRESS} on\n"),
        };
        let passed_over = self.passed_over.concat();
        format!(
            "  {DEMO_COUNT} simulated printers answer SNMP from {DEMO_ADDRESS} on, UDP port {port}\n{recorded}{passed_over}"
        )
    }
}

/// What of the recordings is not played: each line by name, and how many more there are.
fn passed_over(recordings: &[RecordedDevice]) -> Vec<String> {
    let lines = recordings
        .iter()
        .flat_map(|device| device.recording.skipped());
    let mut words: Vec<String> = lines
        .clone()
        .take(PASSED_OVER_MAX)
        .map(|line| format!("  not played: {line}\n"))
        .collect();
    let more = lines.count().saturating_sub(PASSED_OVER_MAX);
    if more > 0 {
        words.push(format!("  not played: {more} more lines\n"));
    }
    words
}

/// The smallest block in which `first` and the addresses after it are hosts.
fn block(first: Ipv4Addr, count: u32) -> anyhow::Result<Network> {
    // The network and the broadcast address are no hosts; `first` follows the former.
    let size = count.saturating_add(2).next_power_of_two();
    let prefix = 32 - size.trailing_zeros();
    let start = Ipv4Addr::from(u32::from(first).saturating_sub(1));
    format!("{start}/{prefix}")
        .parse()
        .context("no block for the fleet")
}

/// Puts the fleet on the first port that is free.
fn answer(recordings: &[RecordedDevice], traffic: &Arc<Traffic>) -> anyhow::Result<Fleet> {
    let printed = Arc::new(Printed::new(Arc::clone(traffic), SystemClock.now()));
    let mut port = PORT;
    loop {
        match build(recordings, &printed).port(port).start() {
            Err(error) if error.kind() == io::ErrorKind::AddrInUse && port < PORT + PORTS_TRIED => {
                port += 1;
            }
            started => {
                return started
                    .with_context(|| format!("the fleet cannot answer on UDP port {port}"));
            }
        }
    }
}

fn build(recordings: &[RecordedDevice], printed: &Arc<Printed>) -> FleetBuilder {
    let following = |first: Ipv4Addr| (u32::from(first)..).map(Ipv4Addr::from);
    let printers = demo_printers(DEMO_COUNT, SEED)
        .into_iter()
        .enumerate()
        .map(|(place, printer)| DeviceSpec::from(printer.printing(Arc::clone(printed), place)));
    let recorded = recordings
        .iter()
        .map(|recorded| recorded.recording.clone().into());
    let devices = following(DEMO_ADDRESS)
        .zip(printers)
        .chain(following(RECORDINGS_ADDRESS).zip(recorded));
    let builder = FleetBuilder::new(Arc::new(SystemClock)).seed(SEED);
    devices.fold(builder, |builder, (address, spec)| {
        builder.device(address, spec)
    })
}

fn community() -> NamedCredential {
    NamedCredential {
        name: "public".to_owned(),
        credential: Credential::Community {
            version: Version::V2c,
            community: Secret::new(DEMO_COMMUNITY.to_owned()),
        },
    }
}

/// The SNMPv3 user of the simulated printers that speak nothing else.
fn user() -> NamedCredential {
    let user = demo_user();
    let pass_phrase = |phrase: Option<String>| phrase.map(Secret::new);
    let auth = pass_phrase(user.auth.map(|(_, phrase)| phrase));
    let privacy = pass_phrase(user.privacy.map(|(_, phrase)| phrase));
    NamedCredential {
        name: "demo-v3".to_owned(),
        credential: Credential::Usm(UsmUser {
            name: user.name,
            auth: auth.map(|phrase| (AuthProtocol::Sha256, phrase)),
            privacy: privacy.map(|phrase| (PrivacyProtocol::Aes128, phrase)),
            context: String::new(),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_damaged_line_is_told_and_costs_neither_its_device_nor_the_fleet() {
        let directory = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| {
            std::fs::write(directory.path().join(name), text).unwrap();
        };
        write(
            "a.snmprec",
            "1.3.6.1.2.1.1.1.0|4|A printer\n1.3.6.1.2.1.1.3.0|67|\n",
        );
        write("b.snmprec", "no recording\n");
        let recorded = recorded_devices(directory.path()).unwrap();
        assert_eq!(recorded.len(), 2);
        let told = passed_over(&recorded).concat();
        let told = told.replace(&directory.path().display().to_string(), "DIR");
        assert_eq!(
            told,
            "  not played: recording DIR/a.snmprec, line 2: \"\" is not a number: cannot parse integer from empty string\n  \
             not played: recording DIR/b.snmprec, line 1: expected OID|type|value\n"
        );
        let long = "no recording\n".repeat(PASSED_OVER_MAX + 2);
        write("b.snmprec", &long);
        let told = passed_over(&recorded_devices(directory.path()).unwrap());
        assert_eq!(told.last().unwrap(), "  not played: 3 more lines\n");
    }

    #[test]
    fn a_block_holds_its_devices_as_hosts() {
        for count in [1, 2, 3, 48, 62, 63, 254, 255] {
            let network = block(RECORDINGS_ADDRESS, count).unwrap();
            let hosts = network.hosts().count();
            assert!(
                hosts >= usize::try_from(count).unwrap(),
                "{count} in {network}"
            );
            assert_eq!(network.hosts().next(), Some(RECORDINGS_ADDRESS.into()));
        }
    }
}
