//! The supplies of CUPS's `marker-*` attributes: `marker-names` and its sisters, which run in step.
//! Most printers speak them too.
//!
//! Levels are percent: of a supply what is left, of a waste box how full it is; -1 is "not
//! available" here, unlike in the Printer-MIB.

use platen_domain::supplies::{Supply, SupplyClass, SupplyType};

use super::message::Group;
use super::supplies::{SUPPLIES_MAX, class_of, kind};
use super::value::Value;
use crate::printer::levels::Amount;
use crate::printer::profile::{Receptacle, SupplyRules};
use crate::printer::supply_kinds::{self, Marking};

/// The rule by which levels of `marker-levels` are read: percent, and of waste how full it is.
pub(super) const MARKER_RULE: &str = "marker-levels";

/// Decodes the markers.
pub(super) fn markers(printer: &Group, marking: Marking) -> Vec<Supply> {
    let names = printer.values("marker-names");
    let types = printer.values("marker-types");
    let colors = printer.values("marker-colors");
    let levels = printer.values("marker-levels");
    let text = |values: &'_ [Value], number: usize| {
        let text = values.get(number).and_then(Value::as_text);
        text.unwrap_or("").to_owned()
    };
    let count = names.len().max(levels.len()).min(SUPPLIES_MAX);
    let marker = |number: usize| {
        let stated = camel_case(&text(types, number));
        let (kind, described) = kind(Some(&stated), &text(names, number), marking);
        let level = levels.get(number).and_then(Value::as_integer);
        let level = level.map(i64::from);
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
        if colorants.is_empty() && has_color(kind) {
            colorants = colors_of(&text(colors, number));
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
    (0..count).map(marker).collect()
}

/// Whether a colour says something of a supply: printers call a fuser black, or a waste box teal.
fn has_color(kind: SupplyType) -> bool {
    kind.is_colorant()
        || matches!(
            kind,
            SupplyType::Opc | SupplyType::Developer | SupplyType::Other | SupplyType::Unknown
        )
}

/// How far a channel may be off the colour meant, of 255: Canon writes cyan as `#00CFFF` and yellow
/// as `#FFDA00`.
const CHANNEL_SLACK: u8 = 72;

/// Colours that a cartridge is filled with, as `marker-colors` writes them. Names say more: a photo
/// black is `#000000` too.
const COLORS: [([u8; 3], &str); 7] = [
    ([0, 0, 0], "black"),
    ([0, 255, 255], "cyan"),
    ([255, 0, 255], "magenta"),
    ([255, 255, 0], "yellow"),
    ([255, 0, 0], "red"),
    ([0, 255, 0], "green"),
    ([0, 0, 255], "blue"),
];

/// The colours of a value of `marker-colors`: `#RRGGBB`, several in a row for a cartridge of
/// several inks, or a name.
fn colors_of(stated: &str) -> Vec<String> {
    if !stated.starts_with('#') {
        return supply_kinds::colorants(&stated.replace('-', " "));
    }
    let named = stated.split('#').skip(1).map(color_name);
    let mut colors: Vec<String> = Vec::new();
    for name in named.flatten() {
        if !colors.iter().any(|known| known == name) {
            colors.push(name.to_owned());
        }
    }
    colors
}

fn color_name(hex: &str) -> Option<&'static str> {
    let number = u32::from_str_radix(hex, 16)
        .ok()
        .filter(|_| hex.len() == 6)?;
    let [_, red, green, blue] = number.to_be_bytes();
    let near = |color: &[u8; 3]| {
        let channels = color.iter().zip([red, green, blue]);
        channels
            .map(|(meant, stated)| meant.abs_diff(stated))
            .all(|off| off <= CHANNEL_SLACK)
    };
    let found = COLORS.iter().find(|(color, _)| near(color));
    found.map(|(_, name)| *name)
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

/// The type that a value of `marker-types` states.
pub(super) fn type_of(word: &str) -> Option<SupplyType> {
    SupplyType::from_keyword(&camel_case(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_named_as_near_as_printers_write_them() {
        for (stated, expected) in [
            ("#000000", "black"),
            ("#00CFFF", "cyan"),
            ("#f200ff", "magenta"),
            ("#FFDA00", "yellow"),
            ("#00FFFF#FF00FF#FFFF00", "cyan+magenta+yellow"),
            ("#FFFF00#00ffff#00ffff", "yellow+cyan"),
            ("multi-color", "cyan+magenta+yellow"),
            ("photo-black", "photo black"),
            ("none", ""),
            ("#808080", ""),
            ("#00F", ""),
            ("#zzzzzz", ""),
            ("", ""),
        ] {
            assert_eq!(colors_of(stated).join("+"), expected, "{stated}");
        }
    }
}
