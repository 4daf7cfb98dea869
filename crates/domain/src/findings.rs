//! Findings: what Platen noticed about a device that the device does not say of itself.

use std::time::Duration;

use crate::clock::Timestamp;
use crate::ids::DeviceId;
use crate::keywords::keywords;
use crate::meters::{MeterKey, MeterUnit};

/// A finding is shown for this long after it was last noticed.
pub const FINDING_SHOWN_FOR: Duration = Duration::from_hours(30 * 24);

/// A finding that goes on is told again, in the log and the audit, when it was not noticed for this
/// long: a device that is polled every two hours would fill both otherwise.
pub const FINDING_TOLD_AGAIN_AFTER: Duration = Duration::from_hours(7 * 24);

/// What was noticed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FindingKind {
    /// Another device states the same identity at another address, and both answer.
    SameIdentity,
    /// A counter stands lower than before: it was reset, its board was swapped, or another device
    /// answers.
    MeterBackwards,
    /// A counter gained more than a printer can print in the time.
    MeterLeap,
    /// Too many new identities answered at one address; the newest were not taken up.
    TooManyIdentities,
}

keywords!(FindingKind {
    SameIdentity = "same-identity",
    MeterBackwards = "meter-backwards",
    MeterLeap = "meter-leap",
    TooManyIdentities = "too-many-identities",
});

/// One finding about one device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The device.
    pub device: DeviceId,
    /// What was noticed.
    pub kind: FindingKind,
    /// In words, for people.
    pub detail: String,
    /// When it was first noticed.
    pub first_at: Timestamp,
    /// When it was last noticed.
    pub last_at: Timestamp,
}

/// Impressions a second that no printer prints: the fastest cut-sheet presses mark 10 sides a
/// second, inkjet webs fewer than 75.
pub const IMPRESSIONS_A_SECOND_MAX: u64 = 75;

/// What a counter may gain at once: printers write their counters down when they like, and some tell
/// the evening's work in the morning.
pub const IMPRESSIONS_AT_ONCE: u64 = 2_000;

/// What is wrong with a counter of pages that stood at `before` and `elapsed` later at `now`; `None`
/// where nothing is, and for what is not counted in pages.
pub fn leap(key: &MeterKey, before: u64, now: u64, elapsed: Duration) -> Option<FindingKind> {
    let pages = matches!(
        key.unit,
        MeterUnit::Impressions | MeterUnit::Sheets | MeterUnit::DuplexSheets | MeterUnit::Pages
    );
    let most = IMPRESSIONS_A_SECOND_MAX
        .saturating_mul(elapsed.as_secs())
        .saturating_add(IMPRESSIONS_AT_ONCE);
    match now.checked_sub(before) {
        _ if !pages => None,
        None => Some(FindingKind::MeterBackwards),
        Some(gained) => (gained > most).then_some(FindingKind::MeterLeap),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::meters::{Function, MeterColor};

    #[test]
    fn counters_that_no_printer_could_count_are_found() {
        let total = MeterKey::impressions(Function::Total, MeterColor::All);
        let hour = Duration::from_hours(1);
        for (before, now, elapsed, expected) in [
            (1_000, 1_000, Duration::ZERO, None),
            (1_000, 3_000, Duration::ZERO, None),
            (1_000, 3_001, Duration::ZERO, Some(FindingKind::MeterLeap)),
            (216_444, 1_000_000_000, hour, Some(FindingKind::MeterLeap)),
            (216_444, 216_443, hour, Some(FindingKind::MeterBackwards)),
            (0, 272_000, hour, None),
            (0, 272_001, hour, Some(FindingKind::MeterLeap)),
        ] {
            assert_eq!(
                leap(&total, before, now, elapsed),
                expected,
                "{before} {now}"
            );
        }
        let hours = MeterKey {
            unit: MeterUnit::Hours,
            ..total
        };
        assert_eq!(leap(&hours, 5, 0, hour), None);
    }
}
