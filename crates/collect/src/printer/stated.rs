//! Numbers that a text states behind a label: `S/N JQF9FG1`, `;SN48178080E0000481`, `_SN_123456`,
//! `Serial No.: 123456`, `PN 006R01509` (traps T6, T17).
//!
//! Makers write serial and part numbers of supplies into their descriptions, and those of devices
//! into `hrDeviceDescr` and `sysDescr`, each with a spelling of its own. The rule is one for all:
//! a label that stands alone, then what parts it from the number, then one word that can be a
//! number. The less parts the two, the more the word must look like a number.

/// Shortest number behind a label and a blank, in characters.
const NUMBER_CHARS_MIN: usize = 4;

/// Shortest number glued to its label, in characters: `SNMP` holds none.
const GLUED_CHARS_MIN: usize = 6;

/// Fewest digits of a number glued to its label.
const GLUED_DIGITS_MIN: usize = 3;

/// Words for a serial number, the longer before those they begin with. Upper and lower case of
/// ASCII are one. `ser` and `matricola` are words of their own, so a mark must follow them.
const SERIAL: &[Label] = &[
    Label::word("serial"),
    Label::word("seriennummer"),
    Label::word("seriennr"),
    Label::word("serien-nr"),
    Label::word("numéro de série"),
    Label::word("número de serie"),
    Label::word("número de série"),
    Label::word("numero di serie"),
    Label::word("серийный номер"),
    Label::word("シリアル番号"),
    Label::word("序列号"),
    Label::marked("matricola"),
    Label::marked("ser"),
    Label::short("s/n"),
    Label::short("sn"),
];

/// Words for a part number, as [`SERIAL`].
const PART: &[Label] = &[
    Label::word("teilenummer"),
    Label::word("artikelnummer"),
    Label::word("part"),
    Label::marked("order"),
    Label::short("p/n"),
    Label::short("pn"),
];

/// What may stand between a label and its mark.
const NUMBER_WORDS: &[&str] = &["number", "num", "nbr", "no", "nr", "n°", "nº"];

/// What devices state where they know no number.
const NO_NUMBERS: &[&str] = &[
    "unknown",
    "unkn",
    "undefined",
    "none",
    "null",
    "n/a",
    "na",
    "invalid",
];

/// Words that follow a label without being a number.
const OTHER_WORDS: &[&str] = &["index", "series", "label", "number", "port", "interface"];

/// One spelling of a label.
#[derive(Debug, Clone, Copy)]
struct Label {
    text: &'static str,
    /// Two letters that nothing but a number follows: glued to one, and often without one.
    short: bool,
    /// A word with other meanings: a colon or its like must follow.
    marked: bool,
}

impl Label {
    const fn word(text: &'static str) -> Self {
        Self {
            text,
            short: false,
            marked: false,
        }
    }

    const fn marked(text: &'static str) -> Self {
        Self {
            text,
            short: false,
            marked: true,
        }
    }

    const fn short(text: &'static str) -> Self {
        Self {
            text,
            short: true,
            marked: false,
        }
    }
}

/// A statement found in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stated<'a> {
    /// What stands before the label.
    pub(crate) before: &'a str,
    /// The label as written, without what parts it from the number.
    pub(crate) label: &'a str,
    /// The number; `None` where the text says that there is none.
    pub(crate) value: Option<&'a str>,
    /// What stands behind the number.
    pub(crate) after: &'a str,
}

/// The first serial number a text states; of Samsung's `CRUM-..` also without a label.
pub(crate) fn serial(text: &str) -> Option<Stated<'_>> {
    let labelled = find(text, SERIAL);
    let chip = labelled.is_none().then(|| chip(text)).flatten();
    labelled.or(chip)
}

/// The first part number a text states.
pub(crate) fn part(text: &str) -> Option<Stated<'_>> {
    find(text, PART)
}

fn find<'a>(text: &'a str, labels: &[Label]) -> Option<Stated<'a>> {
    starts(text).find_map(|start| {
        let (before, rest) = text.split_at_checked(start)?;
        labels
            .iter()
            .find_map(|label| statement(before, rest, *label))
    })
}

/// Where a word begins: behind anything that is no letter or digit, and where a capital follows a
/// small letter (`Black TonerSN12345678`).
fn starts(text: &str) -> impl Iterator<Item = usize> {
    let mut before = None;
    text.char_indices().filter_map(move |(start, letter)| {
        let begins = match before {
            Some(before) if char::is_alphanumeric(before) => {
                char::is_lowercase(before) && letter.is_ascii_uppercase()
            }
            None | Some(_) => true,
        };
        before = Some(letter);
        (begins && letter.is_alphanumeric()).then_some(start)
    })
}

fn statement<'a>(before: &'a str, text: &'a str, label: Label) -> Option<Stated<'a>> {
    let head = text.get(..label.text.len())?;
    let rest = text.get(label.text.len()..)?;
    if !head.eq_ignore_ascii_case(label.text) {
        return None;
    }
    let rest = without_number_word(rest);
    let label_text = text.get(..text.len() - rest.len())?;
    let value = rest.trim_start_matches(is_gap);
    let gap = rest.get(..rest.len() - value.len())?;
    let (value, after) = value.split_at(value.find(is_end).unwrap_or(value.len()));
    let number = value.trim_end_matches(['.', ':', '-', '/']);
    let mark = gap.contains([':', '#', '=']);
    let judged = if label.marked && !mark {
        None
    } else if number.is_empty() {
        // "Fuser S/N:" states that there is a number and gives none.
        let says_so = mark || (label.short && label.text.contains('/'));
        says_so.then_some(None)
    } else if NO_NUMBERS
        .iter()
        .any(|none| number.eq_ignore_ascii_case(none))
    {
        (!gap.is_empty() || label.short).then_some(None)
    } else if gap.is_empty() {
        let glued = label.short && !head.contains(char::is_lowercase) && is_glued(number);
        glued.then_some(Some(number))
    } else {
        is_number(number, mark).then_some(Some(number))
    };
    judged.map(|value| Stated {
        before,
        label: label_text.trim_end_matches(is_gap),
        value,
        after,
    })
}

/// The rest behind "number", "No." and their like, with what stands before them.
fn without_number_word(rest: &str) -> &str {
    let words = rest.trim_start_matches([' ', '_', '-', '.']);
    let found = NUMBER_WORDS.iter().find_map(|word| {
        let head = words.get(..word.len())?;
        let after = words.get(word.len()..)?;
        let ends = !after.starts_with(char::is_alphanumeric);
        (head.eq_ignore_ascii_case(word) && ends).then_some(after)
    });
    found.unwrap_or(rest)
}

const fn is_gap(c: char) -> bool {
    matches!(c, ' ' | ':' | '#' | '=' | '.' | '_' | '-')
}

const fn is_end(c: char) -> bool {
    matches!(
        c,
        ' ' | ',' | ';' | '(' | ')' | '[' | ']' | '_' | '|' | '"' | '\''
    )
}

/// Whether a word behind a label can be a number.
fn is_number(word: &str, marked: bool) -> bool {
    let letters = word.trim_end_matches(|c: char| c.is_ascii_digit());
    let other = OTHER_WORDS
        .iter()
        .any(|other| letters.eq_ignore_ascii_case(other));
    let plain = word
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '/' | '.' | '+'));
    let digits = word.bytes().any(|b| b.is_ascii_digit());
    let capitals = marked && !word.bytes().any(|b| b.is_ascii_lowercase());
    plain && !other && (digits || capitals) && (marked || word.len() >= NUMBER_CHARS_MIN)
}

fn is_glued(word: &str) -> bool {
    let digits = word.bytes().filter(u8::is_ascii_digit).count();
    word.len() >= GLUED_CHARS_MIN
        && digits >= GLUED_DIGITS_MIN
        && word.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
}

/// The number of a Samsung cartridge's chip ("consumable replaceable unit monitor"), which stands
/// in descriptions with and without a label.
fn chip(text: &str) -> Option<Stated<'_>> {
    const CHIP: &str = "CRUM";
    starts(text).find_map(|start| {
        let (before, rest) = text.split_at_checked(start)?;
        let behind = rest.strip_prefix(CHIP)?;
        let (value, after) = rest.split_at(rest.find(is_end).unwrap_or(rest.len()));
        let number = behind.trim_start_matches('-').starts_with(is_digit_or_x);
        number.then_some(Stated {
            before,
            label: CHIP,
            value: Some(value),
            after,
        })
    })
}

const fn is_digit_or_x(c: char) -> bool {
    c.is_ascii_digit() || matches!(c, 'X' | 'x')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn number(text: &str) -> Option<&str> {
        serial(text).and_then(|stated| stated.value)
    }

    #[test]
    fn t6_every_spelling_of_a_serial_number_is_one() {
        for text in [
            "Toner S/N:AB-123456",
            "Toner S/N AB-123456",
            "Toner s/n: AB-123456",
            "Toner SN AB-123456",
            "Toner;SN:AB-123456",
            "Toner_SN_AB-123456",
            "Toner, Serial Number AB-123456",
            "Toner, Serial No.: AB-123456 (new)",
            "Toner Serial#AB-123456",
            "Toner (SER: AB-123456)",
            "Toner Seriennummer AB-123456",
            "TonerS/N:AB-123456",
            "TonerSNAB-123456",
            "Toner, SNAB-123456;x",
        ] {
            assert_eq!(number(text), Some("AB-123456"), "{text}");
        }
        assert_eq!(number("Drum CRUM-05123412345"), Some("CRUM-05123412345"));
        assert_eq!(
            number("Drum S/N:CRUM-05123412345"),
            Some("CRUM-05123412345")
        );
    }

    #[test]
    fn a_label_without_a_number_states_none() {
        for text in ["Fuser S/N:", "Fuser;SNunknown", "Fuser, Serial: n/a"] {
            assert_eq!(
                serial(text).map(|stated| stated.value),
                Some(None),
                "{text}"
            );
        }
    }

    #[test]
    fn words_that_look_like_labels_are_none() {
        for text in [
            "SNMP agent 123456",
            "Snapdragon 865000",
            "LaserJet Series 123456",
            "Serial Index 1234",
            "Serial Label 123456x",
            "Serial interface",
            "SN:index1",
            "Serial: Series2",
            "Serial ATA",
            "Part time",
            "Toner",
        ] {
            assert_eq!(serial(text), None, "{text}");
        }
        assert_eq!(part("Snap-on part, black"), None);
    }

    proptest! {
        #[test]
        fn a_statement_is_a_stretch_of_the_text(text in "[ -~é]{0,40}") {
            for stated in [serial(&text), part(&text)].into_iter().flatten() {
                prop_assert!(text.starts_with(stated.before));
                prop_assert!(text.ends_with(stated.after));
                prop_assert!(stated.before.len() + stated.after.len() < text.len());
            }
        }
    }
}
