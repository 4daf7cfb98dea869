//! Part and serial numbers inside supply descriptions (trap T6): Xerox writes
//! `Black Toner, PN 006R01509;SN48178080E0000481`, HP `HP CF360A;SN:..`, Samsung
//! `Black Toner S/N:CRUM-17101402200` and, of what has none, `Fuser S/N:`.

/// Shortest serial number believed, in characters.
const SERIAL_CHARS_MIN: usize = 4;

/// A description taken apart.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Described {
    /// What is left for people.
    pub(crate) description: String,
    /// Part number.
    pub(crate) part_number: Option<String>,
    /// Serial number of the supply.
    pub(crate) serial: Option<String>,
}

/// Splits a tidied description. `part_prefixes` are what the vendor's part numbers begin with: one
/// that ends in a blank stands before the number, another one is its beginning.
pub(crate) fn split(text: &str, part_prefixes: &[String]) -> Described {
    let (text, serial) = without_serial(text);
    let mut described = Described {
        serial: serial.map(str::to_owned),
        ..Described::default()
    };
    let mut kept = Vec::new();
    for segment in text.split([';', ',']) {
        let segment_text = segment.trim();
        if let Some(number) = labelled(segment_text, &["PN", "P/N", "Part Number", "Part"]) {
            described.part_number = described.part_number.or(unless_unknown(number));
        } else if let Some(number) =
            labelled(segment_text, &["SN", "S/N", "Serial Number", "Serial"])
        {
            described.serial = described.serial.or(unless_unknown(number));
        } else {
            kept.push(segment);
        }
    }
    let whole = kept.len() == text.split([';', ',']).count();
    described.description = if whole {
        text.to_owned()
    } else {
        kept.join(",").trim().trim_end_matches(',').to_owned()
    };
    if described.part_number.is_none() {
        described.part_number = part_in(&described.description, part_prefixes);
    }
    described
}

/// The text before a serial number that ends it without a comma, and the number if one is there.
fn without_serial(text: &str) -> (&str, Option<&str>) {
    match text.split_once(" S/N:") {
        Some((rest, "")) => (rest, None),
        Some((rest, number)) if is_number(number) => (rest, Some(number)),
        _ => (text, None),
    }
}

/// Whether a word can be a part or serial number.
fn is_number(word: &str) -> bool {
    word.len() >= SERIAL_CHARS_MIN
        && word.bytes().any(|b| b.is_ascii_digit())
        && !word.contains([' ', ',', ';'])
}

/// The number after one of `labels`, when the segment is such a statement: a label, an optional
/// colon or blank, and one word that holds a digit or says "unknown".
fn labelled<'a>(segment: &'a str, labels: &[&str]) -> Option<&'a str> {
    let rest = labels.iter().find_map(|label| {
        let head = segment.get(..label.len())?;
        head.eq_ignore_ascii_case(label)
            .then(|| segment.get(label.len()..))?
    })?;
    let number = rest.trim_start_matches([':', ' ', '#', '.']);
    (is_number(number) || number.eq_ignore_ascii_case("unknown")).then_some(number)
}

fn unless_unknown(number: &str) -> Option<String> {
    (!number.eq_ignore_ascii_case("unknown")).then(|| number.to_owned())
}

fn part_in(description: &str, prefixes: &[String]) -> Option<String> {
    let is_part = |word: &&str| word.bytes().any(|b| b.is_ascii_digit());
    prefixes.iter().find_map(|prefix| {
        let start = description.find(prefix.as_str())?;
        let from = if prefix.ends_with(' ') {
            start + prefix.len()
        } else {
            start
        };
        let word = description.get(from..)?.split([' ', ',', ';', ')']).next();
        word.filter(is_part).map(str::to_owned)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Description, part number and serial number; "-" for what is not stated.
    fn parts(text: &str) -> [String; 3] {
        let prefixes = ["HP ".to_owned(), "TK-".to_owned()];
        let described = split(text, &prefixes);
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
        let kyocera = parts("TK-1162");
        assert_eq!(kyocera, ["TK-1162", "TK-1162", "-"]);
    }

    #[test]
    fn t6_ordinary_descriptions_stay_whole() {
        for text in [
            "Toner (Black)",
            "Photo Drum:Cyan",
            "Maintenance Box SJMB6000/6500",
            "Snap-on part, black",
            "Magenta Cartridge HP (long)",
        ] {
            assert_eq!(parts(text), [text, "-", "-"], "{text}");
        }
    }
}
