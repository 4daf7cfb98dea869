//! Judges what the collector read against what others read from the same recording.
//!
//! A field agrees when at least one other program says the same; it is explained when a written
//! [difference](super::differences) covers it. A field on which nobody else says anything is not
//! counted.

use std::fmt::Display;

use platen_domain::life_counts::LifeCounts;
use platen_domain::meters::{Function, MeterColor, MeterUnit, MeterValue, impressions};
use platen_domain::readings::Observation;
use platen_domain::status::{DetectedErrors, Status};
use platen_domain::supplies::{Level, Supply};

use super::differences::Differences;
use super::expected::Opinion;
use super::{identities, supplies::parts_of};

/// Which total of the last line a finding counts in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Field {
    LifeCount,
    Serial,
    Model,
    /// The device's own name.
    Name,
    Firmware,
    Supply,
    /// Name, part number or serial number of a supply.
    SupplyText,
    Meter,
    Status,
}

/// How a finding ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Verdict {
    Agrees,
    /// With the written reason.
    Explained(String),
    Differs,
}

/// One field of one recording, judged.
#[derive(Debug, Clone)]
pub(super) struct Finding {
    pub field: Field,
    /// Its name in `corpus_differences.toml`, such as `serial` or `supply:3`.
    pub name: String,
    pub ours: String,
    /// What the others say, in the order program, words.
    pub theirs: Vec<(&'static str, String)>,
    /// How many units of its total it counts as.
    pub weight: usize,
    pub verdict: Verdict,
}

/// Judges one recording. `observation` is `None` where the collector found no printer.
pub(super) fn judge(
    recording: &str,
    observation: Option<&Observation>,
    opinions: &[Opinion],
    differences: &Differences,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    let identity = observation.and_then(|o| o.identity.as_ref());
    findings.extend(identities::judge(identity, opinions, differences));
    findings.extend(life_count(observation, opinions));
    findings.extend(meters(observation, opinions));
    findings.extend(duplex(observation, opinions));
    findings.extend(status(
        observation.and_then(|o| o.status.as_ref()),
        opinions,
    ));
    let supplies = observation
        .and_then(|o| o.supplies.as_deref())
        .unwrap_or(&[]);
    findings.extend(supply_rows(supplies, opinions));
    for finding in &mut findings {
        if finding.verdict == Verdict::Differs
            && let Some(reason) = differences.reason(recording, finding)
        {
            finding.verdict = Verdict::Explained(reason.to_owned());
        }
    }
    findings
}

/// A field with one value: nothing when nobody else states it.
pub(super) fn scalar<T: Display>(
    field: Field,
    name: &str,
    ours: Option<&T>,
    theirs: Vec<(&'static str, T)>,
    same: impl Fn(&T, &T) -> bool,
) -> Option<Finding> {
    if theirs.is_empty() {
        return None;
    }
    let agrees = ours.is_some_and(|ours| theirs.iter().any(|(_, theirs)| same(ours, theirs)));
    Some(Finding {
        field,
        name: name.to_owned(),
        ours: ours.map_or_else(|| "-".to_owned(), T::to_string),
        theirs: theirs
            .into_iter()
            .map(|(program, value)| (program, value.to_string()))
            .collect(),
        weight: 1,
        verdict: if agrees {
            Verdict::Agrees
        } else {
            Verdict::Differs
        },
    })
}

pub(super) fn stated<T>(
    opinions: &[Opinion],
    value: impl Fn(&Opinion) -> Option<T>,
) -> Vec<(&'static str, T)> {
    opinions
        .iter()
        .filter_map(|opinion| Some((opinion.program, value(opinion)?)))
        .collect()
}

/// The life count in whatever unit the device counts: label and large-format printers count
/// feet or metres.
fn life_count(observation: Option<&Observation>, opinions: &[Opinion]) -> Option<Finding> {
    let theirs = stated(opinions, |opinion| opinion.total);
    let meters = observation.map_or(&[][..], |o| &o.meters);
    let derived = LifeCounts::derive(meters, observation.and_then(|o| o.has_color)).total;
    let is_total = |meter: &&MeterValue| {
        meter.key.function == Function::Total && meter.key.color == MeterColor::All
    };
    let ours = derived.or_else(|| meters.iter().find(is_total).map(|meter| meter.value));
    scalar(Field::LifeCount, "total", ours.as_ref(), theirs, u64::eq)
}

/// Mono, colour and function counters, one finding for each that somebody states.
fn meters(observation: Option<&Observation>, opinions: &[Opinion]) -> Vec<Finding> {
    let mut keys: Vec<(Function, MeterColor)> = Vec::new();
    for (function, color, _) in opinions.iter().flat_map(|opinion| &opinion.meters) {
        if !keys.contains(&(*function, *color)) {
            keys.push((*function, *color));
        }
    }
    let meters = observation.map_or(&[][..], |o| &o.meters);
    let counts = LifeCounts::derive(meters, observation.and_then(|o| o.has_color));
    let ours = |function, color| match (function, color) {
        (Function::Total, MeterColor::Mono) => counts.mono,
        (Function::Total, MeterColor::Color) => counts.color,
        _ => impressions(meters, function, color),
    };
    let judged = keys.into_iter().filter_map(|(function, color)| {
        let of_key = |(f, c, value): &(Function, MeterColor, u64)| {
            (*f == function && *c == color).then_some(*value)
        };
        let theirs = stated(opinions, |opinion| opinion.meters.iter().find_map(of_key));
        let name = format!("meter:{}/{}", function.keyword(), color.keyword());
        scalar(
            Field::Meter,
            &name,
            ours(function, color).as_ref(),
            theirs,
            u64::eq,
        )
    });
    judged.collect()
}

/// What the device counts of two-sided output. Other programs hand it on without a unit, so it is
/// compared as counted, in sheets or sides.
fn duplex(observation: Option<&Observation>, opinions: &[Opinion]) -> Option<Finding> {
    let meters = observation.map_or(&[][..], |o| &o.meters);
    let ours = meters.iter().find(|meter| {
        let two_sided = [
            MeterUnit::DuplexSheets,
            MeterUnit::DuplexSides,
            MeterUnit::DuplexUnproven,
        ];
        two_sided.contains(&meter.key.unit)
            && meter.key.function == Function::Total
            && meter.key.color == MeterColor::All
    });
    let theirs = stated(opinions, |opinion| opinion.duplex);
    let ours = ours.map(|meter| meter.value);
    scalar(Field::Meter, "meter:duplex", ours.as_ref(), theirs, u64::eq)
}

fn status(status: Option<&Status>, opinions: &[Opinion]) -> Vec<Finding> {
    let device = scalar(
        Field::Status,
        "hrDeviceStatus",
        status.and_then(|s| s.hr_device_status).as_ref(),
        stated(opinions, |opinion| opinion.device_status),
        i32::eq,
    );
    let errors = scalar(
        Field::Status,
        "hrPrinterDetectedErrorState",
        status.and_then(|s| s.errors).map(first_error).as_ref(),
        stated(opinions, |opinion| opinion.error_state),
        u8::eq,
    );
    let alerts = scalar(
        Field::Status,
        "alerts",
        status.map(|s| s.alerts.len()).as_ref(),
        stated(opinions, |opinion| opinion.alerts.filter(|rows| *rows > 0)),
        usize::eq,
    );
    device.into_iter().chain(errors).chain(alerts).collect()
}

/// The bits as LibreNMS numbers them: 1 + the first bit set of the first octet, 0 for none.
fn first_error(errors: DetectedErrors) -> u8 {
    let [first, _] = errors.bits().to_be_bytes();
    u8::try_from(first.leading_zeros()).map_or(0, |bit| (bit + 1) % 9)
}

/// One finding for each of our rows that somebody speaks of, and for each row that only others
/// have.
fn supply_rows(ours: &[Supply], opinions: &[Opinion]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (position, supply) in ours.iter().enumerate() {
        findings.extend(supply_row(position, supply, ours, opinions));
        findings.extend(supply_texts(position, supply, ours, opinions));
    }
    for opinion in opinions {
        let missing = opinion
            .supplies
            .iter()
            .filter(|supply| supply.find(ours).is_none());
        findings.extend(missing.map(|supply| Finding {
            field: Field::Supply,
            name: format!("supply:{}", supply.name),
            ours: "-".to_owned(),
            theirs: vec![(opinion.program, format!("{:?}", supply.level))],
            weight: 1,
            verdict: Verdict::Differs,
        }));
    }
    if findings.is_empty() {
        findings.extend(supply_count(ours, opinions));
    }
    findings
}

fn supply_row(
    position: usize,
    supply: &Supply,
    ours: &[Supply],
    opinions: &[Opinion],
) -> Option<Finding> {
    let mut theirs = Vec::new();
    let mut agrees = false;
    for opinion in opinions {
        for row in opinion
            .supplies
            .iter()
            .filter(|row| row.find(ours) == Some(position))
        {
            agrees |= row.agrees(supply);
            theirs.push((opinion.program, format!("{} {:?}", row.name, row.level)));
        }
    }
    (!theirs.is_empty()).then(|| Finding {
        field: Field::Supply,
        name: format!("supply:{}", supply.index),
        ours: show(supply),
        theirs,
        weight: 1,
        verdict: if agrees {
            Verdict::Agrees
        } else {
            Verdict::Differs
        },
    })
}

/// Name, part number and serial number of a supply, where a program hands its description on by
/// the row's index.
fn supply_texts(
    position: usize,
    supply: &Supply,
    ours: &[Supply],
    opinions: &[Opinion],
) -> Vec<Finding> {
    let of_row = |opinion: &Opinion| {
        let mut rows = opinion.supplies.iter();
        let row = rows.find(|row| row.index.is_some() && row.find(ours) == Some(position))?;
        Some(parts_of(&row.name))
    };
    let name = |what: &str| format!("supply-{what}:{}", supply.index);
    let same = |a: &String, b: &String| {
        let plain = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        plain(a).eq_ignore_ascii_case(&plain(b))
    };
    let judged = [
        scalar(
            Field::SupplyText,
            &name("name"),
            Some(&supply.description),
            stated(opinions, |opinion| Some(of_row(opinion)?.0)),
            same,
        ),
        scalar(
            Field::SupplyText,
            &name("part"),
            supply.part_number.as_ref(),
            stated(opinions, |opinion| of_row(opinion)?.1),
            same,
        ),
        scalar(
            Field::SupplyText,
            &name("serial"),
            supply.serial.as_ref(),
            stated(opinions, |opinion| of_row(opinion)?.2),
            same,
        ),
    ];
    judged.into_iter().flatten().collect()
}

/// Where no program names a supply, the number of rows in the recording is all there is.
fn supply_count(ours: &[Supply], opinions: &[Opinion]) -> Option<Finding> {
    let theirs = stated(opinions, |opinion| {
        opinion.supply_rows.filter(|rows| *rows > 0)
    });
    let weight = theirs.first().map(|(_, rows)| *rows)?;
    let found = scalar(
        Field::Supply,
        "supplies",
        Some(&ours.len()),
        theirs,
        usize::eq,
    )?;
    Some(Finding { weight, ..found })
}

pub(super) fn show(supply: &Supply) -> String {
    let level = match supply.level {
        Level::Percent(percent) => format!("{percent} %"),
        Level::Units(units) => format!("{units} units"),
        Level::SomeLeft | Level::Unknown | Level::Unlimited => supply.level.keyword().to_owned(),
    };
    let colorants = supply.colorants.join("+");
    format!(
        "{} {colorants} \"{}\" {level}",
        supply.kind.keyword(),
        supply.description
    )
}

/// Supplies in which a sentinel of the Printer-MIB came out as a number.
pub(super) fn sentinels_as_numbers(supplies: &[Supply]) -> usize {
    let negative = |raw: Option<i64>| raw.is_some_and(|raw| raw < 0);
    let leaked = |supply: &&Supply| {
        let capacity = negative(supply.raw_capacity)
            && supply
                .capacity
                .is_some_and(|capacity| i64::try_from(capacity).is_err());
        let level = match supply.level {
            Level::Percent(percent) => percent > 100,
            Level::Units(_) => negative(supply.raw_level),
            Level::SomeLeft | Level::Unknown | Level::Unlimited => false,
        };
        capacity || level
    };
    supplies.iter().filter(leaked).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn error_bits_are_numbered_as_librenms_does() {
        let number = |octets: &[u8]| first_error(DetectedErrors::from_octets(octets));
        assert_eq!(number(&[0x80]), 1);
        assert_eq!(number(&[0x20, 0x00]), 3);
        assert_eq!(number(&[0x01, 0x00]), 8);
        assert_eq!(number(&[0x00, 0x02]), 0);
    }
}
