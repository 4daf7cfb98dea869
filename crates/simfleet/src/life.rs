//! What has become of a simulated printer at an instant: a pure function of its number, its seed
//! and the time, so that a fleet that is started again goes on where it would have been.

use std::time::Duration;

use platen_domain::clock::Timestamp;

use crate::meters::Meters;
use crate::models::{Colorant, Level, Supply};
use crate::printer::{Peculiarity, SimulatedPrinter};

/// Simulated lives begin on 2026-01-01.
pub(crate) const BIRTH: Timestamp = Timestamp::from_millis(1_767_225_600_000);

/// In each period a printer has at most one mishap of a kind.
const PERIOD: Duration = Duration::from_mins(20);

/// Of so many periods one brings a jam, and one an empty tray.
const MISHAP_ONE_IN: u64 = 12;

/// Below this share of its capacity a supply is low.
const LOW_PERCENT: u64 = 10;

/// More supplies than any model has.
const ROWS_MAX: u64 = 16;

/// A printer is switched on anew every 30 days.
const UP: Duration = Duration::from_hours(30 * 24);

/// The state of a printer at an instant.
#[derive(Debug, Clone)]
pub(crate) struct Life {
    /// What it has counted.
    pub(crate) meters: Meters,
    /// Time since it was switched on.
    pub(crate) up_time: Duration,
    /// Whether paper moves.
    pub(crate) printing: bool,
    /// Whether it sleeps.
    pub(crate) asleep: bool,
    /// What is wrong, in the order of `prtAlertIndex`.
    pub(crate) troubles: Vec<Trouble>,
    /// The level of each supply.
    pub(crate) levels: Vec<i64>,
}

/// Something wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Trouble {
    pub(crate) kind: TroubleKind,
    /// `prtAlertIndex`: never used again for another trouble.
    pub(crate) index: u32,
    /// For how long.
    pub(crate) age: Duration,
}

/// What is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TroubleKind {
    Jam,
    /// The first tray is empty.
    TrayEmpty,
    /// A consumed supply is low; its row from 0.
    SupplyLow(usize),
    /// A receptacle is nearly full; its row from 0.
    ReceptacleNearlyFull(usize),
    /// Not really wrong: it sleeps, and some makers list that.
    PowerSaver,
}

impl Life {
    pub(crate) fn at(printer: &SimulatedPrinter, now: Timestamp) -> Self {
        let age = now.since(BIRTH);
        // Whoever prints a job has cured the jam that was in its way.
        let jam = mishap(printer, age, TroubleKind::Jam)
            .filter(|jam| !printer.printed_between(now.minus(jam.age), now));
        // While it is jammed nothing is printed; what waited is printed afterwards.
        let worked_until = now.minus(jam.map_or(Duration::ZERO, |jam| jam.age));
        let (meters, printing) = printer.worked(worked_until);
        let asleep = jam.is_none() && sleeps(printer, age);
        let mut life = Self {
            meters,
            up_time: up_time(printer, age),
            printing: printing && jam.is_none() && !asleep,
            asleep,
            troubles: jam
                .into_iter()
                .chain(mishap(printer, age, TroubleKind::TrayEmpty))
                .collect(),
            levels: Vec::with_capacity(printer.model.supplies.len()),
        };
        for (row, supply) in printer.model.supplies.iter().enumerate() {
            life.add_supply(printer, row, supply, now);
        }
        life.troubles.extend(asleep.then(|| power_saver(age)));
        life.troubles.sort_unstable_by_key(|trouble| trouble.index);
        life
    }

    fn add_supply(
        &mut self,
        printer: &SimulatedPrinter,
        row: usize,
        supply: &Supply,
        now: Timestamp,
    ) {
        let wear = Wear::of(printer, row, supply, &self.meters, now);
        self.levels.push(wear.level);
        if !wear.low {
            return;
        }
        let kind = match supply.level {
            Level::Room { .. } => TroubleKind::ReceptacleNearlyFull(row),
            Level::Consumed { .. } | Level::Always(_) => TroubleKind::SupplyLow(row),
        };
        let index = alert_index(wear.cycle * ROWS_MAX + row as u64, 2);
        self.troubles.push(Trouble {
            kind,
            index,
            age: wear.low_for.min(self.up_time),
        });
    }

    /// Whether one of the troubles is of this kind.
    pub(crate) fn has(&self, kind: TroubleKind) -> bool {
        self.troubles.iter().any(|trouble| trouble.kind == kind)
    }
}

fn up_time(printer: &SimulatedPrinter, age: Duration) -> Duration {
    let up = millis(UP);
    Duration::from_millis((millis(age) + printer.fate(4) % up) % up)
}

/// Two periods of three, where it is peculiar so.
fn sleeps(printer: &SimulatedPrinter, age: Duration) -> bool {
    let period = millis(age) / millis(PERIOD);
    printer.peculiarity == Some(Peculiarity::Sleeping) && !period.is_multiple_of(3)
}

/// That it sleeps, since the beginning of the period.
fn power_saver(age: Duration) -> Trouble {
    let (period, into_period) = (millis(age) / millis(PERIOD), millis(age) % millis(PERIOD));
    Trouble {
        kind: TroubleKind::PowerSaver,
        index: alert_index(period, 3),
        age: Duration::from_millis(into_period),
    }
}

/// `prtAlertIndex` of what is `number`th of its `class` (0 to 3): no two troubles share one.
fn alert_index(number: u64, class: u32) -> u32 {
    let number = u32::try_from(number).unwrap_or(u32::MAX);
    number
        .saturating_add(1)
        .saturating_mul(4)
        .saturating_add(class)
}

/// The jam or the empty tray of this period, while it lasts.
fn mishap(printer: &SimulatedPrinter, age: Duration, kind: TroubleKind) -> Option<Trouble> {
    const MINUTE: u64 = 60_000;
    let (purpose, class) = match kind {
        TroubleKind::Jam => (1_u64 << 32, 0),
        _ => (2_u64 << 32, 1),
    };
    let number = millis(age) / millis(PERIOD);
    let fate = printer.fate(purpose | number);
    let prone = kind == TroubleKind::Jam && printer.peculiarity == Some(Peculiarity::Jams);
    if !prone && !fate.is_multiple_of(MISHAP_ONE_IN) {
        return None;
    }
    let begin = if prone { 0 } else { (fate >> 8) % 10 * MINUTE };
    let lasts = if prone {
        15 * MINUTE
    } else {
        (3 + (fate >> 16) % 6) * MINUTE
    };
    let into_period = millis(age) % millis(PERIOD);
    let since = into_period
        .checked_sub(begin)
        .filter(|since| *since < lasts)?;
    Some(Trouble {
        kind,
        index: alert_index(number, class),
        age: Duration::from_millis(since),
    })
}

/// How far a supply is used up.
struct Wear {
    level: i64,
    low: bool,
    low_for: Duration,
    /// How often it was replaced.
    cycle: u64,
}

impl Wear {
    fn of(
        printer: &SimulatedPrinter,
        row: usize,
        supply: &Supply,
        meters: &Meters,
        now: Timestamp,
    ) -> Self {
        let lasts = match supply.level {
            Level::Consumed { lasts } | Level::Room { lasts } => u64::from(lasts.max(1)),
            Level::Always(level) => return Self::constant(level, false),
        };
        if kept_low(printer, row, supply) {
            let percent = kept_low_percent(now.since(BIRTH));
            return Self::constant(supply.capacity * percent / 100, true);
        }
        let meter: fn(&Meters) -> u64 = match supply.colorant {
            Colorant::None | Colorant::Black => |meters| meters.count,
            _ => |meters| meters.color_count,
        };
        let used_before = printer.fate(16 + row as u64) % lasts;
        let used = meter(meters) + used_before;
        let left = lasts - used % lasts;
        let level = supply.capacity.saturating_mul(signed(left)) / signed(lasts);
        let low_at = lasts * LOW_PERCENT / 100;
        let low = left < low_at;
        let became_low = (used + left).saturating_sub(low_at + used_before);
        // What was low when its life began has been low for as long as its printer is on.
        let low_for = if low {
            printer.above_for(became_low, now, meter)
        } else {
            None
        };
        Self {
            level,
            low,
            low_for: low_for.unwrap_or(Duration::MAX),
            cycle: used / lasts,
        }
    }

    const fn constant(level: i64, low: bool) -> Self {
        const SINCE: Duration = Duration::from_hours(5);
        Self {
            level,
            low,
            low_for: SINCE,
            cycle: 0,
        }
    }
}

/// Whether the printer's peculiarity is that this supply is low.
fn kept_low(printer: &SimulatedPrinter, row: usize, supply: &Supply) -> bool {
    match (printer.peculiarity, supply.level) {
        (Some(Peculiarity::LowSupply), Level::Consumed { .. }) => row == 0,
        (Some(Peculiarity::WasteNearlyFull), Level::Room { .. }) => true,
        _ => false,
    }
}

/// Falls from 8 to 3 percent in a day.
fn kept_low_percent(age: Duration) -> i64 {
    let hour = age.as_secs() / 3_600 % 24;
    8 - signed(hour / 4)
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;
    use crate::models;

    const MINUTE: Duration = Duration::from_mins(1);

    fn printers() -> impl Iterator<Item = SimulatedPrinter> {
        (1..)
            .zip(models::ALL)
            .map(|(number, model)| SimulatedPrinter::new(model, number, 9))
    }

    /// Every minute of two days in June.
    fn minutes() -> impl Iterator<Item = Timestamp> {
        let begin = BIRTH.plus(Duration::from_hours(24 * 151));
        (0..2 * 24 * 60).map(move |minute| begin.plus(MINUTE * minute))
    }

    #[test]
    fn meters_never_run_backwards_and_keep_their_pace() {
        for printer in printers() {
            let counts: Vec<_> = minutes()
                .map(|now| Life::at(&printer, now).meters.count)
                .collect();
            assert!(counts.is_sorted(), "{}", printer.model.full_name());
            let printed = counts.last().unwrap() - counts.first().unwrap();
            let expected = 48 * u64::from(printer.model.units_per_hour);
            assert!(
                printed.abs_diff(expected) < 20 + expected / 10,
                "{printed} of {expected}"
            );
        }
    }

    #[test]
    fn levels_stay_between_nothing_and_capacity() {
        for printer in printers() {
            for now in minutes() {
                let levels = Life::at(&printer, now).levels;
                for (supply, level) in printer.model.supplies.iter().zip(levels) {
                    let measured = !matches!(supply.level, Level::Always(_));
                    assert!(
                        !measured || (0..=supply.capacity).contains(&level),
                        "{supply:?}: {level}"
                    );
                }
            }
        }
    }

    #[test]
    fn jams_open_and_are_cured() {
        let model = models::ALL[1];
        let printer = SimulatedPrinter::new(model, 1, 9).with(Peculiarity::Jams);
        let jammed: Vec<_> = minutes()
            .map(|now| Life::at(&printer, now).has(TroubleKind::Jam))
            .collect();
        let changes = jammed.windows(2).filter(|pair| pair[0] != pair[1]).count();
        assert!(
            changes >= 2 * 48 * 3 - 2,
            "{changes} changes in 144 periods"
        );
    }

    #[test]
    fn an_alert_index_means_one_trouble_for_ever() {
        for printer in printers() {
            let mut kinds = HashMap::new();
            for now in minutes() {
                for trouble in Life::at(&printer, now).troubles {
                    let kind = *kinds.entry(trouble.index).or_insert(trouble.kind);
                    assert_eq!(kind, trouble.kind);
                }
            }
            assert!(
                !kinds.is_empty(),
                "{} has no troubles",
                printer.model.full_name()
            );
        }
    }

    #[test]
    fn a_low_supply_and_a_full_receptacle_are_shown_at_every_hour() {
        let with = |peculiarity| SimulatedPrinter::new(models::ALL[1], 1, 9).with(peculiarity);
        let low = with(Peculiarity::LowSupply);
        let full = with(Peculiarity::WasteNearlyFull);
        for now in minutes() {
            assert!(Life::at(&low, now).has(TroubleKind::SupplyLow(0)));
            assert!(Life::at(&full, now).has(TroubleKind::ReceptacleNearlyFull(5)));
        }
    }
}
