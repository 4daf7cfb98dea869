//! A printer that is asked by IPP itself, where SNMP is off or says less.

use std::net::IpAddr;

use platen_domain::clock::Timestamp;
use platen_domain::readings::{Observation, Transport};

use super::client::{AskError, Peer};
use super::encode::Operation;
use super::message::{DecodeError, Group, Message, group_tag};
use super::print_jobs::{self, DeviceJobs};
use super::{ANSWER_MAX_OCTETS, LIST_MAX_OCTETS, identity, meters, status, supplies};
use crate::http::Limits;
use crate::printer::Profiles;

/// What is asked of a printer beside [`meters::WANTED`]: what is read below, and nothing else. All that a printer has would
/// be a hundred times as much.
const WANTED: &[&str] = &[
    "color-supported",
    "marker-colors",
    "marker-levels",
    "marker-names",
    "marker-types",
    "printer-device-id",
    "printer-firmware-name",
    "printer-firmware-string-version",
    "printer-info",
    "printer-location",
    "printer-make-and-model",
    "printer-name",
    "printer-state",
    "printer-state-message",
    "printer-state-reasons",
    "printer-supply",
    "printer-supply-description",
    "printer-up-time",
    "printer-uuid",
];

/// Jobs asked of a printer: more than any keeps in memory.
const JOBS_MAX: i32 = 500;

/// Hundredths of a second, the unit of [`Observation::device_uptime_ticks`].
const TICKS_A_SECOND: u32 = 100;

/// A printer that speaks IPP.
#[derive(Clone)]
pub struct IppPrinter {
    /// Where it is and who we are to it.
    pub peer: Peer,
    /// Its address, under which it is kept.
    pub address: IpAddr,
}

/// One reading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IppReading {
    /// What it says, as the other ways of asking have it.
    pub observation: Observation,
    /// `printer-uuid` without `urn:uuid:`, lower case.
    pub uuid: Option<String>,
}

impl IppReading {
    /// Decodes the answer of a printer at `address`, as it came: a recording, or
    /// [`Observation::raw`] of an earlier reading.
    pub fn decode(
        answer: &[u8],
        address: IpAddr,
        profiles: &Profiles,
        now: Timestamp,
    ) -> Result<Self, DecodeError> {
        let message = Message::decode(answer)?;
        Ok(reading(&message, answer.to_vec(), address, profiles, now))
    }
}

impl IppPrinter {
    /// Asks the printer who it is and how it does; `now` is the moment of asking.
    pub async fn observe(
        &self,
        profiles: &Profiles,
        now: Timestamp,
    ) -> Result<IppReading, AskError> {
        let question = self.peer.question(Operation::GetPrinterAttributes);
        let limits = limits(ANSWER_MAX_OCTETS);
        let (answer, octets) = self
            .peer
            .ask_for_evidence(question.wanting(&wanted()), limits)
            .await?;
        Ok(reading(
            &answer,
            octets.to_vec(),
            self.address,
            profiles,
            now,
        ))
    }

    /// The jobs that are over and that the printer still remembers, often for a minute only. Jobs
    /// known already come again: their keys say so.
    pub async fn jobs(&self, now: Timestamp) -> Result<DeviceJobs, AskError> {
        let question = self.peer.question(Operation::GetPrinterAttributes);
        let wanted = &["printer-uuid", "printer-up-time", "printer-name"];
        let about = self
            .peer
            .ask(question.wanting(wanted), limits(ANSWER_MAX_OCTETS))
            .await?;
        let question = self.peer.question(Operation::GetJobs);
        let question = question
            .keyword("which-jobs", "completed")
            .integer("limit", JOBS_MAX)
            .wanting(print_jobs::WANTED);
        let answer = self.peer.ask(question, limits(LIST_MAX_OCTETS)).await?;
        Ok(print_jobs::jobs(
            &printer(&about),
            &answer,
            self.address,
            now,
        ))
    }
}

/// The names of all attributes asked for.
fn wanted() -> Vec<&'static str> {
    WANTED.iter().copied().chain(meters::WANTED).collect()
}

fn limits(answer_max_octets: usize) -> Limits {
    Limits {
        answer_max_octets,
        ..Limits::default()
    }
}

/// The attributes of the printer in an answer.
fn printer(answer: &Message) -> Group {
    let mut groups = answer.groups_of(group_tag::PRINTER);
    groups.next().cloned().unwrap_or_default()
}

/// What an answer says. `raw` is the answer as it came.
fn reading(
    answer: &Message,
    raw: Vec<u8>,
    address: IpAddr,
    profiles: &Profiles,
    now: Timestamp,
) -> IppReading {
    let printer = printer(answer);
    let profile = identity::profile(&printer, profiles);
    let has_color = match printer.values("color-supported").first() {
        Some(super::Value::Boolean(color)) => Some(*color),
        _ => None,
    };
    let mut identity = identity::identity(&printer, profiles, profile);
    identity.color = has_color;
    let uptime = printer.integer("printer-up-time");
    let uptime = uptime.and_then(|seconds| u32::try_from(seconds).ok());
    IppReading {
        uuid: identity::uuid(&printer),
        observation: Observation {
            address,
            transport: Transport::Ipp,
            collected_at: now,
            device_uptime_ticks: uptime.map(|seconds| seconds.wrapping_mul(TICKS_A_SECOND)),
            profile: profile.reference(),
            identity: Some(identity),
            meters: meters::meters(&printer),
            has_color,
            supplies: Some(supplies::supplies(&printer, profile)),
            status: Some(status::status(&printer)),
            raw,
        },
    }
}

#[cfg(test)]
#[path = "printer_tests.rs"]
mod tests;
