//! Supplies: `printer-supply` (PWG 5100.13), rows of the Printer-MIB as text, or, where there are
//! none, the `marker-*` attributes of CUPS.

use std::collections::HashMap;

use platen_domain::supplies::{Supply, SupplyClass, SupplyType};
use platen_domain::text::tidy_foreign;

use super::message::Group;
use super::value::Value;
use crate::printer::Profile;
use crate::printer::levels::{self, Amount};
use crate::printer::profile::{Receptacle, SupplyRules};
use crate::printer::supplies::tell_apart;
use crate::printer::supply_kinds::{self, Marking};
use crate::printer::supply_text::{self, Described};

/// Most supplies of a device; the fullest table recorded has 40.
const SUPPLIES_MAX: usize = 128;

/// The rule by which levels of `marker-levels` are read: percent, and of waste how full it is.
const MARKER_RULE: &str = "marker-levels";

/// What `printer-supply` says where a supply has no colour.
const NO_COLOR: [&str; 3] = ["unknown", "none", "other"];

/// Decodes the supplies.
pub(super) fn supplies(printer: &Group, profile: &Profile) -> Vec<Supply> {
    let mut supplies = rows(printer, profile);
    if supplies.is_empty() {
        supplies = markers(printer, profile);
    }
    tell_apart(&mut supplies);
    supplies
}

fn rows(printer: &Group, profile: &Profile) -> Vec<Supply> {
    let rows = printer.values("printer-supply").iter();
    let rows = rows.filter_map(Value::as_octets).take(SUPPLIES_MAX);
    let descriptions: Vec<&str> = printer.texts("printer-supply-description").collect();
    let row = |(number, octets): (usize, &[u8])| {
        let text = String::from_utf8_lossy(octets);
        let description = descriptions.get(number).copied().unwrap_or("");
        row(&text, number, description, profile)
    };
    rows.enumerate().filter_map(row).collect()
}

/// One row such as `index=2;class=supplyThatIsConsumed;type=toner;unit=percent;maxcapacity=100;
/// level=75;colorantname=black;`.
fn row(text: &str, number: usize, description: &str, profile: &Profile) -> Option<Supply> {
    let fields: HashMap<&str, &str> = text
        .split(';')
        .filter_map(|field| field.split_once('='))
        .map(|(name, value)| (name.trim(), value.trim()))
        .collect();
    if fields.is_empty() {
        return None;
    }
    let integer = |name: &str| fields.get(name)?.parse::<i64>().ok();
    let stated = fields.get("type").copied();
    let color = fields.get("colorantname").copied().unwrap_or("");
    let unit = fields.get("unit").copied().filter(|unit| is_word(unit));
    let (kind, described) = kind(stated, description, profile);
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

/// The supplies of `marker-names` and its sisters, which run in step. Levels are percent; -1 is
/// "not available" here, unlike in the Printer-MIB.
fn markers(printer: &Group, profile: &Profile) -> Vec<Supply> {
    let names = printer.texts("marker-names").take(SUPPLIES_MAX);
    let types: Vec<&str> = printer.texts("marker-types").collect();
    let colors: Vec<&str> = printer.texts("marker-colors").collect();
    let levels = printer.values("marker-levels");
    let marker = |(number, name): (usize, &str)| {
        let stated = types.get(number).map(|word| camel_case(word));
        let (kind, described) = kind(stated.as_deref(), name, profile);
        let level = levels
            .get(number)
            .and_then(Value::as_integer)
            .map(i64::from);
        let class = class_of(kind);
        let amount = Amount {
            level: level.filter(|level| *level != -1),
            capacity: Some(100),
            percent: true,
            receptacle: class == SupplyClass::Receptacle,
        };
        let (remaining, _rule) = amount.level(&SupplyRules {
            receptacle: Receptacle::Filled,
            ..SupplyRules::default()
        });
        let mut colorants = supply_kinds::colorants(&described.description);
        if colorants.is_empty() && class == SupplyClass::Consumed {
            let hex = colors.get(number).copied().unwrap_or("");
            colorants = supply_kinds::colorants(color_name(hex));
        }
        Supply {
            index: u32::try_from(number + 1).unwrap_or(u32::MAX),
            class,
            kind,
            colorants,
            description: described.description,
            part_number: described.part_number,
            serial: described.serial,
            unit: Some("percent".to_owned()),
            capacity: None,
            level: remaining,
            raw_capacity: None,
            raw_level: level,
            rule: MARKER_RULE.into(),
        }
    };
    names.enumerate().map(marker).collect()
}

fn kind(stated: Option<&str>, description: &str, profile: &Profile) -> (SupplyType, Described) {
    let prefixes = &profile.supplies.part_prefixes;
    let described = supply_text::split(&tidy_foreign(description), prefixes);
    let code = stated
        .and_then(SupplyType::from_keyword)
        .map(SupplyType::code);
    let kind = supply_kinds::kind(code, &described.description, Marking::Toner);
    (kind, described)
}

/// Waste is filled, the rest is consumed.
fn class_of(kind: SupplyType) -> SupplyClass {
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
        supply_kinds::colorants(name)
    } else {
        Vec::new()
    };
    if named.is_empty() {
        supply_kinds::colorants(description)
    } else {
        named
    }
}

/// The name of a colour that `marker-colors` writes as `#RRGGBB`. Names say more: a photo black is
/// `#000000` too.
fn color_name(hex: &str) -> &'static str {
    match hex.to_ascii_uppercase().as_str() {
        "#000000" => "black",
        "#00FFFF" => "cyan",
        "#FF00FF" => "magenta",
        "#FFFF00" => "yellow",
        "#00FFFF#FF00FF#FFFF00" => "tri-color",
        _ => "",
    }
}

/// `waste-toner`, as `marker-types` has it, in the MIB's spelling `wasteToner`.
fn camel_case(word: &str) -> String {
    let mut parts = word.split('-');
    let first = parts.next().unwrap_or("").to_owned();
    parts.fold(first, |mut camel, part| {
        let mut letters = part.chars();
        camel.extend(letters.next().map(|first| first.to_ascii_uppercase()));
        camel.extend(letters);
        camel
    })
}

fn is_word(text: &str) -> bool {
    (1..=40).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphabetic())
}
