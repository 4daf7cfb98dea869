//! What a supply's description says beside its name (trap T6): Xerox writes
//! `Black Toner, PN 006R01509;SN48178080E0000481`, HP `HP CF360A;SN:..`, Samsung
//! `Black Toner S/N:CRUM-17101402200` and, of what has none, `Fuser S/N:`.
//!
//! A serial number belongs to one cartridge, the name to its place in the device: the number is
//! split off, so that the next cartridge in the same place has the same name.

use super::part_numbers;
use super::stated::{self, Stated};

/// A description taken apart.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Described {
    /// What is left for people; empty only where there was no text.
    pub(crate) description: String,
    /// Part number; several are joined by `/`.
    pub(crate) part_number: Option<String>,
    /// Serial number of the supply.
    pub(crate) serial: Option<String>,
}

/// Splits a tidied description.
pub(crate) fn split(text: &str) -> Described {
    let mut rest = text.to_owned();
    let mut serial = None;
    let mut label = None;
    let mut stated_part = None;
    while let Some((kind, found)) = next(&rest) {
        let value = found.value.filter(|value| !is_filler(value));
        match kind {
            Kind::Serial => serial = serial.or_else(|| value.map(str::to_owned)),
            Kind::Part => stated_part = stated_part.or_else(|| value.map(str::to_owned)),
        }
        label = label.or_else(|| Some(found.label.to_owned()));
        rest = joined(found.before, found.after);
    }
    let named = part_numbers::in_description(&rest);
    let part_number = match (stated_part, named) {
        (Some(stated), Some(named)) if !stated.split('/').any(|part| part == named) => {
            Some(format!("{stated}/{named}"))
        }
        (stated, named) => stated.or(named),
    };
    let description = if rest.chars().any(char::is_alphanumeric) {
        rest
    } else {
        // Nothing but numbers: what one orders by is the best name, else what the text called it.
        let part = part_number.clone().filter(|part| next(part).is_none());
        let name = part.or(label);
        name.unwrap_or_else(|| text.to_owned())
    };
    Described {
        description,
        part_number,
        serial,
    }
}

#[derive(Debug, Clone, Copy)]
enum Kind {
    Serial,
    Part,
}

fn next(text: &str) -> Option<(Kind, Stated<'_>)> {
    let serial = stated::serial(text).map(|found| (Kind::Serial, found));
    serial.or_else(|| stated::part(text).map(|found| (Kind::Part, found)))
}

/// `XXXXXX`, `000000` and the like, which stand where a number should.
fn is_filler(value: &str) -> bool {
    let mut letters = value.chars().filter(char::is_ascii_alphanumeric);
    let first = letters.next();
    value.len() > 1 && letters.all(|letter| Some(letter) == first)
}

/// The text around a statement, without what parted it from the rest and without parentheses that
/// held nothing else.
fn joined(before: &str, after: &str) -> String {
    const GAPS: &[char] = &[' ', ',', ';', ':', '_', '-', '/', '|'];
    let (mut left, mut right) = (
        before.trim_end_matches(GAPS),
        after.trim_start_matches(GAPS),
    );
    for (open, close) in [('(', ')'), ('[', ']')] {
        if let (Some(outer), Some(rest)) = (left.strip_suffix(open), right.strip_prefix(close)) {
            (left, right) = (outer.trim_end_matches(GAPS), rest.trim_start_matches(GAPS));
        }
    }
    if left.is_empty() || right.is_empty() {
        return format!("{left}{right}");
    }
    let listed = before.len() > left.len() && before.trim_end().ends_with([',', ';']);
    let gap = if right.starts_with([')', ']']) {
        ""
    } else if listed {
        ", "
    } else {
        " "
    };
    format!("{left}{gap}{right}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Description, part number and serial number; "-" for what is not stated.
    fn parts(text: &str) -> [String; 3] {
        let described = split(text);
        let or_dash = |text: Option<String>| text.unwrap_or_else(|| "-".to_owned());
        [
            described.description,
            or_dash(described.part_number),
            or_dash(described.serial),
        ]
    }

    #[test]
    fn t6_part_and_serial_numbers_are_split_out_of_descriptions() {
        // Xerox AltaLink C8045 (librenms tests).
        let toner = parts("Black Toner, PN 006R01509;SN48178080E0000481");
        assert_eq!(toner, ["Black Toner", "006R01509", "48178080E0000481"]);
        let fuser = parts("Fuser, PN unknown;SNunknown");
        assert_eq!(fuser, ["Fuser", "-", "-"]);
        let hp = parts("Black Cartridge HP CF360A;SN:13254789");
        assert_eq!(hp, ["Black Cartridge HP CF360A", "CF360A", "13254789"]);
        let samsung = parts("Black Imaging Unit (OPC Unit) S/N:CRUM-13051473410");
        assert_eq!(
            samsung,
            ["Black Imaging Unit (OPC Unit)", "-", "CRUM-13051473410"]
        );
        assert_eq!(parts("Fuser S/N:"), ["Fuser", "-", "-"]);
        assert_eq!(parts("TK-1162"), ["TK-1162", "TK-1162", "-"]);
    }

    #[test]
    fn t6_every_spelling_leaves_the_same_name() {
        for text in [
            "Cyan Toner S/N:AB-123456",
            "Cyan Toner, SN AB-123456",
            "Cyan Toner;SN:AB-123456",
            "Cyan Toner_SN_AB-123456",
            "Cyan Toner (S/N: AB-123456)",
            "Cyan Toner Serial No. AB-123456",
            "Cyan TonerS/N:AB-123456",
            "SN AB-123456, Cyan Toner",
        ] {
            assert_eq!(parts(text), ["Cyan Toner", "-", "AB-123456"], "{text}");
        }
        assert_eq!(
            parts("Black Toner PN 50F2H00 SN CAB123456, High Yield"),
            ["Black Toner High Yield", "50F2H00", "CAB123456"]
        );
        assert_eq!(
            parts("Cyan_Toner_CRUM-05123412345"),
            ["Cyan_Toner", "-", "CRUM-05123412345"]
        );
        assert_eq!(
            parts("Toner S/N:CRUM-00000000000"),
            ["Toner", "-", "CRUM-00000000000"]
        );
        assert_eq!(parts("Toner S/N:XXXXXXXX"), ["Toner", "-", "-"]);
    }

    #[test]
    fn t6_a_text_of_numbers_alone_still_has_a_name() {
        assert_eq!(
            parts("PN 006R01509, SN 12345678"),
            ["006R01509", "006R01509", "12345678"]
        );
        assert_eq!(parts("SN: 12345678"), ["SN", "-", "12345678"]);
        assert_eq!(parts("CRUM-05123412345"), ["CRUM", "-", "CRUM-05123412345"]);
    }

    #[test]
    fn t6_ordinary_descriptions_stay_whole() {
        for text in [
            "Toner (Black)",
            "Photo Drum:Cyan",
            "Snap-on part, black",
            "Magenta Cartridge HP (long)",
            "HP 70",
            "Second Bias Transfer Roll",
            "Tray1 Pickup Roller life",
        ] {
            assert_eq!(parts(text), [text, "-", "-"], "{text}");
        }
    }

    /// A text such as makers write, or any other.
    fn description() -> impl Strategy<Value = String> {
        let piece = prop_oneof![
            "[A-Za-z]{1,8}",
            "(SN|S/N|PN|P/N|Serial|Part|CRUM-|No\\.|Number)",
            "[A-Z0-9-]{1,10}",
            "[ ,;:_()/#.-]{1,3}",
            "\\PC{0,3}",
        ];
        proptest::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn splitting_keeps_a_name_and_has_nothing_left_to_split(text in description()) {
            let once = split(&text);
            prop_assert_eq!(once.description.is_empty(), text.is_empty(), "{:?}", &once);
            let again = split(&once.description);
            prop_assert_eq!(&again.description, &once.description);
            prop_assert_eq!(again.serial, None);
        }

        #[test]
        fn another_serial_number_leaves_the_same_name(
            name in "(Black|Cyan) (Toner|Drum Unit|Cartridge HP CF360A)",
            label in "( S/N:| SN |;SN:|_SN_|, Serial No\\. | \\(S/N )",
            one in "[A-Z]{2}[0-9]{6}", other in "[A-Z]{2}[0-9]{6}",
        ) {
            let (one, other) = (split(&format!("{name}{label}{one}")), split(&format!("{name}{label}{other}")));
            prop_assert_eq!(one.description, other.description);
            prop_assert!(one.serial.is_some() && other.serial.is_some());
        }
    }
}
