//! Counters of a printer: what its print service has put out since it was made.
//!
//! | attribute (PWG 5100.22; registered by IANA) | one count is |
//! |---|---|
//! | `printer-impressions-completed` | a side that was marked, or passed blank |
//! | `printer-media-sheets-completed` | a sheet of media |
//! | `printer-pages-completed` | a page of a document, before number-up |
//!
//! Beside each stands a collection `…-col` (PWG 5100.7) that splits it by colour: `monochrome`,
//! `full-color`, `highlight-color` (black and another colour) and `blank`. In the collection of
//! impressions what was printed on both sides stands apart, under the same names with
//! `-two-sided`.
//!
//! All of it counts printing. What the device copies or receives by fax is the work of other
//! services, so that none of these is the device's life count.

use platen_domain::meters::{Function, MEDIA_ANY, MeterColor, MeterKey, MeterUnit, MeterValue};

use super::message::{Attribute, Group, values};
use super::value::Value;

/// The counters: a collection of colours stands beside each, under its name with `-col`.
const COUNTERS: &[(&str, MeterUnit)] = &[
    ("printer-impressions-completed", MeterUnit::Impressions),
    ("printer-media-sheets-completed", MeterUnit::Sheets),
    ("printer-pages-completed", MeterUnit::Pages),
];

/// What is asked of a printer for them.
pub(super) const WANTED: [&str; 6] = [
    "printer-impressions-completed",
    "printer-impressions-completed-col",
    "printer-media-sheets-completed",
    "printer-media-sheets-completed-col",
    "printer-pages-completed",
    "printer-pages-completed-col",
];

/// The members of the collections that have colours of their own.
const COLORS: &[(&str, MeterColor)] = &[
    ("monochrome", MeterColor::Mono),
    ("full-color", MeterColor::Color),
    ("highlight-color", MeterColor::TwoColor),
];

/// The member that counts what passed without marks.
const BLANK: &str = "blank";

/// Decodes the counters.
pub(super) fn meters(printer: &Group) -> Vec<MeterValue> {
    let mut meters = Vec::new();
    for (name, unit) in COUNTERS {
        // Printers that do not count a unit state 0 of it.
        let counted = Counted::of(printer, name);
        let stated = counted.total.is_some_and(|total| total > 0);
        if stated || *unit == MeterUnit::Impressions || no_marks(&meters) {
            counted.add_to(&mut meters, *unit, name);
        }
    }
    meters.sort_by(|a, b| a.key.cmp(&b.key));
    meters
}

/// Whether no side is known to have been marked.
fn no_marks(meters: &[MeterValue]) -> bool {
    meters.iter().all(|meter| meter.value == 0)
}

/// One counter and its split.
struct Counted {
    total: Option<u64>,
    /// Counts by colour, both sides together.
    colors: Vec<(&'static str, MeterColor, u64)>,
    /// Of all that is counted, what was printed on both sides of its sheets.
    two_sided: Option<u64>,
    /// Whether the members make up the total, so that they count in its unit.
    adds_up: bool,
}

impl Counted {
    fn of(printer: &Group, name: &str) -> Self {
        let stated = printer.integer(name).and_then(|n| u64::try_from(n).ok());
        let split = printer.values(&format!("{name}-col")).first();
        let members = split.and_then(Value::as_collection).unwrap_or(&[]);
        let colors: Vec<_> = COLORS
            .iter()
            .filter_map(|(member, color)| Some((*member, *color, both(members, member)?)))
            .collect();
        let blank = both(members, BLANK);
        let parts = colors.iter().map(|(.., count)| *count).chain(blank);
        let sum = parts.reduce(u64::saturating_add);
        // A split of zeros beside a total is one that is not counted.
        let uncounted = sum == Some(0) && stated.is_some_and(|total| total > 0);
        Self {
            total: stated.or(sum),
            colors: if uncounted { Vec::new() } else { colors },
            two_sided: two_sided(members).filter(|_| !uncounted),
            adds_up: stated.is_some() && stated == sum,
        }
    }

    fn add_to(&self, meters: &mut Vec<MeterValue>, unit: MeterUnit, name: &str) {
        let mut add = |color, unit, value, source| {
            meters.push(MeterValue {
                key: MeterKey {
                    function: Function::Print,
                    color,
                    unit,
                    media: MEDIA_ANY.to_owned(),
                },
                value,
                source,
            });
        };
        if let Some(total) = self.total {
            add(MeterColor::All, unit, total, name.to_owned());
        }
        for (member, color, count) in &self.colors {
            add(*color, unit, *count, format!("{name}-col/{member}"));
        }
        // Two sides make a sheet; members that do not add up may count something else.
        if let Some(sides) = self.two_sided.filter(|_| self.adds_up) {
            let source = format!("{name}-col/*-two-sided / 2");
            add(MeterColor::All, MeterUnit::DuplexSheets, sides / 2, source);
        }
    }
}

/// A member and its two-sided sister together; `None` where neither is stated.
fn both(members: &[Attribute], name: &str) -> Option<u64> {
    let pair = [count(members, name), count(members, &two_sided_name(name))];
    pair.into_iter().flatten().reduce(u64::saturating_add)
}

fn two_sided(members: &[Attribute]) -> Option<u64> {
    let names = COLORS.iter().map(|(name, _)| *name).chain([BLANK]);
    let counts = names.filter_map(|name| count(members, &two_sided_name(name)));
    counts.reduce(u64::saturating_add)
}

fn two_sided_name(name: &str) -> String {
    format!("{name}-two-sided")
}

fn count(members: &[Attribute], name: &str) -> Option<u64> {
    let number = values(members, name).first()?.as_integer()?;
    u64::try_from(number).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attribute(name: &str, value: Value) -> Attribute {
        Attribute {
            name: name.to_owned(),
            values: vec![value],
        }
    }

    fn split(members: &[(&str, i32)]) -> Value {
        let member = |(name, count): &(&str, i32)| attribute(name, Value::Integer(*count));
        Value::Collection(members.iter().map(member).collect())
    }

    fn lines(attributes: Vec<Attribute>) -> Vec<String> {
        let printer = Group { tag: 4, attributes };
        let line = |meter: &MeterValue| format!("{} {}", meter.key, meter.value);
        meters(&printer).iter().map(line).collect()
    }

    #[test]
    fn each_counter_has_its_unit_and_its_colours() {
        let read = lines(vec![
            attribute("printer-impressions-completed", Value::Integer(1_000)),
            attribute(
                "printer-impressions-completed-col",
                split(&[
                    ("blank", 10),
                    ("monochrome", 300),
                    ("monochrome-two-sided", 401),
                    ("full-color", 200),
                    ("full-color-two-sided", 80),
                    ("highlight-color", 9),
                ]),
            ),
            attribute("printer-media-sheets-completed", Value::Integer(760)),
            attribute(
                "printer-media-sheets-completed-col",
                split(&[("monochrome", 500), ("full-color", 250), ("blank", 10)]),
            ),
            attribute("printer-pages-completed", Value::Integer(1_400)),
        ]);
        insta::assert_snapshot!(read.join("\n"), @r"
        print/all/impressions/any 1000
        print/all/sheets/any 760
        print/all/duplex-sheets/any 240
        print/all/pages/any 1400
        print/mono/impressions/any 701
        print/mono/sheets/any 500
        print/color/impressions/any 280
        print/color/sheets/any 250
        print/two-color/impressions/any 9
        ");
    }

    #[test]
    fn a_split_alone_is_summed_and_tells_no_duplex() {
        let members = [("monochrome", 30), ("full-color", 12), ("blank", 1)];
        let more = [("monochrome-two-sided", 8)];
        let read = lines(vec![attribute(
            "printer-impressions-completed-col",
            split(&[&members[..], &more[..]].concat()),
        )]);
        let expected = [
            "print/all/impressions/any 51",
            "print/mono/impressions/any 38",
            "print/color/impressions/any 12",
        ];
        assert_eq!(read, expected);
    }

    #[test]
    fn what_is_not_counted_is_unknown_and_not_nothing() {
        let read = lines(vec![
            attribute("printer-impressions-completed", Value::Integer(51)),
            attribute(
                "printer-impressions-completed-col",
                split(&[("monochrome", 0), ("full-color", 0)]),
            ),
            attribute("printer-media-sheets-completed", Value::Integer(0)),
            attribute("printer-pages-completed", Value::Integer(-2)),
        ]);
        assert_eq!(read, ["print/all/impressions/any 51"]);
        let new = lines(vec![
            attribute("printer-impressions-completed", Value::Integer(0)),
            attribute("printer-media-sheets-completed", Value::Integer(0)),
        ]);
        let expected = ["print/all/impressions/any 0", "print/all/sheets/any 0"];
        assert_eq!(new, expected);
    }
}
