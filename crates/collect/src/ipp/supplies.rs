//! Supplies: `printer-supply` (PWG 5100.13), rows of the Printer-MIB as text. Where there are none,
//! the [`marker-*`](super::markers) attributes tell of them; where a row leaves something open, they
//! fill the gap: HP's rows have empty descriptions, and call a cartridge of three inks "multi-color".

use std::collections::HashMap;

use platen_domain::supplies::{Level, Supply, SupplyClass, SupplyType};
use platen_domain::text::tidy_foreign;

use super::markers;
use super::message::Group;
use super::value::Value;
use crate::printer::Profile;
use crate::printer::levels::{self, Amount};
use crate::printer::supplies::tell_apart;
use crate::printer::supply_kinds::{self, Marking};
use crate::printer::supply_text::{self, Described};

/// Most supplies of a device; the fullest table recorded has 40.
pub(super) const SUPPLIES_MAX: usize = 128;

/// What `printer-supply` says where a supply has no colour.
const NO_COLOR: [&str; 3] = ["unknown", "none", "other"];

/// Decodes the supplies.
pub(super) fn supplies(printer: &Group, profile: &Profile) -> Vec<Supply> {
    let marking = marking(printer);
    let markers = markers::markers(printer, marking);
    let mut supplies = rows(printer, profile, marking);
    if supplies.is_empty() {
        supplies = markers;
    } else {
        fill_gaps(&mut supplies, &markers);
    }
    tell_apart(&mut supplies);
    supplies
}

/// What the device marks with, by the types of its supplies.
fn marking(printer: &Group) -> Marking {
    let rows = printer.values("printer-supply").iter();
    let rows = rows.filter_map(|row| {
        let text = String::from_utf8_lossy(row.as_octets()?);
        SupplyType::from_keyword(fields(&text).get("type")?)
    });
    let markers = printer.texts("marker-types").filter_map(markers::type_of);
    let of = |kind| match kind {
        SupplyType::Toner | SupplyType::TonerCartridge => Some(Marking::Toner),
        SupplyType::Ink | SupplyType::InkCartridge | SupplyType::WasteInk => Some(Marking::Ink),
        SupplyType::InkRibbon => Some(Marking::Ribbon),
        _ => None,
    };
    rows.chain(markers).find_map(of).unwrap_or(Marking::Toner)
}

/// Puts what markers tell where rows tell nothing.
fn fill_gaps(rows: &mut [Supply], markers: &[Supply]) {
    let pairs = || rows.iter().zip(markers);
    let in_step = rows.len() == markers.len() && pairs().all(|(row, marker)| may_be(row, marker));
    let found: Vec<Option<&Supply>> = if in_step {
        markers.iter().map(Some).collect()
    } else {
        rows.iter().map(|row| only(row, rows, markers)).collect()
    };
    for (row, marker) in rows.iter_mut().zip(found) {
        if let Some(marker) = marker {
            fill(row, marker);
        }
    }
}

/// The one marker that is this row's and no other's.
fn only<'a>(row: &Supply, rows: &[Supply], markers: &'a [Supply]) -> Option<&'a Supply> {
    let one = |a: &Supply, b: &Supply| may_be(a, b) && a.colorants == b.colorants;
    let mut its = markers.iter().filter(|marker| one(row, marker));
    let marker = its.next().filter(|_| its.next().is_none())?;
    let owners = rows.iter().filter(|row| one(row, marker)).count();
    (owners == 1).then_some(marker)
}

/// Whether nothing that both state of kind and colour speaks against their being one.
fn may_be(row: &Supply, marker: &Supply) -> bool {
    let vague = |kind| matches!(kind, SupplyType::Other | SupplyType::Unknown);
    let alike = row.kind == marker.kind
        || vague(row.kind)
        || vague(marker.kind)
        || (row.kind.is_colorant() && marker.kind.is_colorant());
    // Where one says black, the other may say photo black.
    let same = |(a, b): (&String, &String)| a.ends_with(b.as_str()) || b.ends_with(a.as_str());
    let (ours, theirs) = (&row.colorants, &marker.colorants);
    let unstated = ours.is_empty() || theirs.is_empty();
    let colors = ours.len() == theirs.len() && ours.iter().zip(theirs).all(same);
    row.class == marker.class && alike && (unstated || colors)
}

fn fill(row: &mut Supply, marker: &Supply) {
    if row.description.is_empty() {
        row.description.clone_from(&marker.description);
    }
    if row.colorants.is_empty() {
        row.colorants.clone_from(&marker.colorants);
    }
    if matches!(row.kind, SupplyType::Other | SupplyType::Unknown) {
        row.kind = marker.kind;
    }
    let vague = matches!(row.level, Level::Unknown | Level::SomeLeft);
    // Of a waste box it is not certain which of the two ways either counts.
    if vague && marker.level.percent().is_some() && row.class == SupplyClass::Consumed {
        row.level = marker.level;
        row.rule.clone_from(&marker.rule);
    }
    let number = |ours: &mut Option<String>, theirs: &Option<String>| {
        if ours.is_none() {
            ours.clone_from(theirs);
        }
    };
    number(&mut row.part_number, &marker.part_number);
    number(&mut row.serial, &marker.serial);
}

fn rows(printer: &Group, profile: &Profile, marking: Marking) -> Vec<Supply> {
    let rows = printer.values("printer-supply").iter();
    let rows = rows.filter_map(Value::as_octets).take(SUPPLIES_MAX);
    let descriptions: Vec<&str> = printer.texts("printer-supply-description").collect();
    let row = |(number, octets): (usize, &[u8])| {
        let text = String::from_utf8_lossy(octets);
        let description = descriptions.get(number).copied().unwrap_or("");
        row(&text, number, description, profile, marking)
    };
    rows.enumerate().filter_map(row).collect()
}

/// One row such as `index=2;class=supplyThatIsConsumed;type=toner;unit=percent;maxcapacity=100;
/// level=75;colorantname=black;`.
fn row(
    text: &str,
    number: usize,
    description: &str,
    profile: &Profile,
    marking: Marking,
) -> Option<Supply> {
    let fields = fields(text);
    if fields.is_empty() {
        return None;
    }
    let integer = |name: &str| fields.get(name)?.parse::<i64>().ok();
    let stated = fields.get("type").copied();
    let color = fields.get("colorantname").copied().unwrap_or("");
    let unit = fields.get("unit").copied().filter(|unit| is_word(unit));
    let (kind, described) = kind(stated, description, marking);
    let class = fields.get("class").copied();
    let class = class.and_then(SupplyClass::from_keyword);
    let class = class.unwrap_or_else(|| class_of(kind));
    let amount = Amount {
        level: integer("level").map(levels::signed),
        capacity: integer("maxcapacity").map(levels::signed),
        percent: unit == Some("percent"),
        receptacle: class == SupplyClass::Receptacle,
    };
    let (level, rule) = amount.level(&profile.supplies);
    let index = integer("index").and_then(|index| u32::try_from(index).ok());
    let place = u32::try_from(number + 1).unwrap_or(u32::MAX);
    Some(Supply {
        index: index.unwrap_or(place),
        class,
        kind,
        colorants: colorants(color, &described.description),
        description: described.description,
        part_number: described.part_number,
        serial: described.serial,
        unit: unit.map(str::to_owned),
        capacity: amount.capacity.and_then(|most| u64::try_from(most).ok()),
        level,
        raw_capacity: amount.capacity,
        raw_level: amount.level,
        rule: rule.into(),
    })
}

fn fields(row: &str) -> HashMap<&str, &str> {
    let fields = row.split(';').filter_map(|field| field.split_once('='));
    let trimmed = fields.map(|(name, value)| (name.trim(), value.trim()));
    trimmed.collect()
}

/// What a supply is, and its description taken apart.
pub(super) fn kind(
    stated: Option<&str>,
    description: &str,
    marking: Marking,
) -> (SupplyType, Described) {
    let described = supply_text::split(&tidy_foreign(description));
    let code = stated
        .and_then(SupplyType::from_keyword)
        .map(SupplyType::code);
    let kind = supply_kinds::kind(code, &described.description, marking);
    (kind, described)
}

/// Waste is filled, the rest is consumed.
pub(super) fn class_of(kind: SupplyType) -> SupplyClass {
    if kind.is_waste() {
        SupplyClass::Receptacle
    } else {
        SupplyClass::Consumed
    }
}

/// The colours a name states, else those of the description.
fn colorants(name: &str, description: &str) -> Vec<String> {
    let known = !name.is_empty() && !NO_COLOR.contains(&name);
    let named = if known {
        // `photo-black`, `photoBlack`.
        supply_kinds::colorants(&words(name))
    } else {
        Vec::new()
    };
    if named.is_empty() {
        supply_kinds::colorants(description)
    } else {
        named
    }
}

fn is_word(text: &str) -> bool {
    (1..=40).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphabetic())
}

/// The words of a name that hyphens or capitals part.
fn words(name: &str) -> String {
    let mut words = String::new();
    for letter in name.chars() {
        if letter.is_uppercase() && words.ends_with(char::is_lowercase) {
            words.push(' ');
        }
        words.push(if letter == '-' { ' ' } else { letter });
    }
    words
}
