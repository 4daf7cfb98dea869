//! What to ask a printer, and what its answers mean.
//!
//! One noun, one file: identity, meters, supplies, status, alerts, console. What differs between
//! vendors is data ([`Profile`]); what a printer says of itself is never trusted further than it
//! can be read. Everything here is a function of [`Answers`]: no network, no clock.

pub(crate) mod alerts;
mod charset;
mod console;
mod identity;
pub(crate) mod levels;
mod mac;
mod meters;
#[cfg(test)]
mod meters_tests;
mod mib;
pub(crate) mod model;
mod part_numbers;
pub(crate) mod plan;
#[cfg(test)]
mod plan_tests;
mod private_levels;
pub(crate) mod profile;
mod profile_values;
pub(crate) mod profiles;
pub mod raw;
mod records;
mod stated;
mod status;
pub(crate) mod supplies;
pub(crate) mod supply_kinds;
pub(crate) mod supply_text;
#[cfg(test)]
pub(crate) mod testing;
mod transform;
mod versions;
mod view;

use platen_domain::devices::Identity;
use platen_domain::meters::MeterValue;
use platen_domain::readings::ProfileRef;
use platen_domain::status::Status;
use platen_domain::supplies::Supply;

pub use profile::{Profile, ProfileError};
pub use profiles::Profiles;

use crate::snmp::answers::Answers;
use crate::snmp::value::Value;
use profiles::Ground;
use view::View;

/// A device's answers, decoded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoded {
    /// Who the device says it is.
    pub identity: Identity,
    /// How it is doing and what it counted.
    pub changes: Changes,
}

/// What a poll reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changes {
    /// Every counter.
    pub meters: Vec<MeterValue>,
    /// Whether it marks in colour, where known.
    pub has_color: Option<bool>,
    /// Every supply.
    pub supplies: Vec<Supply>,
    /// Status, alerts and console.
    pub status: Status,
    /// By which rules.
    pub profile: ProfileRef,
    /// `sysUpTime` in hundredths of a second.
    pub uptime_ticks: Option<u32>,
}

/// Decodes all answers of one device; `None` when they are not those of a printer.
///
/// A printer is what states so by the standard, what carries a `sysObjectID` only a printer maker
/// uses, or, where no `sysObjectID` was given, what describes itself with a printer maker's name.
pub fn decode(answers: &Answers, profiles: &Profiles) -> Option<Decoded> {
    let profile = recognise(answers, profiles)?;
    Some(decode_as(answers, profiles, profile))
}

/// The profile of a printer; `None` for what is no printer.
pub(crate) fn recognise<'a>(answers: &Answers, profiles: &'a Profiles) -> Option<&'a Profile> {
    let view = View::new(answers);
    let evidence = identity::evidence(&view, profiles);
    let (profile, ground) = profiles.select(&evidence);
    let by_name = match ground {
        Ground::ObjectId => true,
        Ground::Text => evidence.object_id.is_none(),
        Ground::Nothing => false,
    };
    (by_name || view::is_printer(answers)).then_some(profile)
}

/// Whether a host names the vendor of its SNMP implementation.
pub(crate) fn has_object_id(answers: &Answers) -> bool {
    answers.get(&mib::SYS_OBJECT_ID).is_some()
}

/// The profile a device was decoded with before.
pub(crate) fn profile_named<'a>(profiles: &'a Profiles, name: &str) -> &'a Profile {
    profiles.named(name)
}

/// Decodes everything by a profile already chosen.
pub(crate) fn decode_as(answers: &Answers, profiles: &Profiles, profile: &Profile) -> Decoded {
    let changes = decode_changes(answers, profile);
    let mut identity = identity::identity(&View::new(answers), profiles, profile);
    identity.color = changes.has_color;
    Decoded { identity, changes }
}

/// Decodes what changes between polls.
pub(crate) fn decode_changes(answers: &Answers, profile: &Profile) -> Changes {
    let view = View::new(answers);
    let meters = meters::meters(&view, profile);
    let supplies = supplies::supplies(&view, profile);
    let has_color = match supplies::show_color(&view, &supplies) {
        Some(true) => Some(true),
        by_supplies => meters::marks_in_color(&view, &meters).or(by_supplies),
    };
    let uptime = view.get(&mib::SYS_UP_TIME).and_then(Value::as_i64);
    Changes {
        has_color,
        meters,
        supplies,
        status: status::status(&view, profile),
        profile: profile.reference(),
        uptime_ticks: uptime.and_then(|ticks| u32::try_from(ticks).ok()),
    }
}
