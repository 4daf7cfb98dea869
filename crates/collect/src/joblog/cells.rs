//! Cells of tables as values of fields: counts, sizes, and the words of devices.

use platen_domain::print_jobs::{ColorMode, JobFunction, JobState, Sides};

use super::fields::{Draft, Field, RecordError};
use super::{media, texts, words};

/// Octets of the units in which logs write sizes.
const UNITS: [(&str, u64); 5] = [
    ("kb", 1_024),
    ("mb", 1_024 * 1_024),
    ("k", 1_024),
    ("m", 1_024 * 1_024),
    ("b", 1),
];

/// Marks between groups of three digits.
const GROUP_MARKS: [char; 6] = [',', '.', '\'', ' ', '\u{A0}', '\u{202F}'];

/// What devices call what made a job. Words with other meanings belong into the column map.
const FUNCTIONS: [(JobFunction, &[&str]); 5] = [
    (
        JobFunction::Print,
        &[
            "print",
            "printer",
            "printing",
            "print job",
            "pc print",
            "host print",
            "network print",
            "direct print",
            "secure print",
            "private print",
            "locked print",
            "hold print",
            "sample print",
            "proof print",
            "stored print",
            "usb print",
            "mobile print",
        ],
    ),
    (
        JobFunction::Copy,
        &["copy", "copier", "copying", "copy job"],
    ),
    (
        JobFunction::Scan,
        &[
            "scan",
            "scanner",
            "scanning",
            "scan job",
            "send",
            "scan to e-mail",
            "scan to folder",
        ],
    ),
    (
        JobFunction::Fax,
        &[
            "fax",
            "fax job",
            "fax tx",
            "fax rx",
            "fax print",
            "i-fax",
            "internet fax",
        ],
    ),
    (
        JobFunction::Other,
        &[
            "other",
            "others",
            "report",
            "report print",
            "report/list print",
            "test print",
        ],
    ),
];

/// What devices call how a job ended.
const STATES: [(JobState, &[&str]); 6] = [
    (
        JobState::Completed,
        &[
            "completed",
            "complete",
            "ok",
            "success",
            "successful",
            "succeeded",
            "finished",
            "done",
            "printed",
            "normal end",
            "completed successfully",
        ],
    ),
    (
        JobState::Canceled,
        &[
            "canceled",
            "cancelled",
            "cancel",
            "deleted",
            "job canceled",
            "job cancelled",
            "canceled by user",
            "cancelled by user",
            "user canceled",
            "user cancelled",
        ],
    ),
    (
        JobState::Aborted,
        &[
            "aborted",
            "error",
            "failed",
            "failure",
            "ng",
            "abnormal end",
            "incomplete",
        ],
    ),
    (JobState::Denied, &["denied", "rejected", "not allowed"]),
    (JobState::Refunded, &["refunded"]),
    (JobState::Unknown, &["unknown"]),
];

/// Colour as devices call it beside what [`words`] knows. Pages in one colour that is not black,
/// or in two, are colour.
const COLORS: [(ColorMode, &[&str]); 3] = [
    (ColorMode::Auto, &["auto color", "auto colour", "automatic"]),
    (
        ColorMode::Color,
        &[
            "full color",
            "full colour",
            "full-color",
            "fullcolor",
            "single color",
            "single colour",
            "two color",
            "two colour",
            "twin color",
            "2 color",
            "2 colors",
            "color print",
        ],
    ),
    (
        ColorMode::Monochrome,
        &[
            "black",
            "black & white",
            "black and white",
            "black/white",
            "black&white",
            "b/w",
            "b & w",
            "b&w",
            "bw",
            "mono",
            "grayscale",
            "greyscale",
            "black only",
        ],
    ),
];

/// Sides as devices call them beside what [`words`] knows.
const SIDES: [(Sides, &[&str]); 4] = [
    (
        Sides::OneSided,
        &[
            "1 sided",
            "1-sided",
            "one sided",
            "single-sided",
            "single sided",
            "single",
            "1 side",
        ],
    ),
    (
        Sides::TwoSidedLongEdge,
        &[
            "long edge",
            "2-sided long edge",
            "2 sided long edge",
            "duplex long edge",
        ],
    ),
    (
        Sides::TwoSidedShortEdge,
        &[
            "short edge",
            "2-sided short edge",
            "2 sided short edge",
            "duplex short edge",
        ],
    ),
    (
        Sides::TwoSided,
        &[
            "2 sided",
            "2-sided",
            "two sided",
            "double-sided",
            "double sided",
            "2 sides",
            "both sides",
        ],
    ),
];

/// Whether a field is a count of pages, copies or sheets.
pub(super) const fn is_count(field: Field) -> bool {
    matches!(
        field,
        Field::Pages | Field::Copies | Field::Impressions | Field::ColorImpressions | Field::Sheets
    )
}

/// Sets a field from a cell.
pub(super) fn set(draft: &mut Draft, field: Field, text: &str) -> Result<(), RecordError> {
    match field {
        Field::User => draft.record().user = texts::user(text),
        Field::Client => draft.record().client = texts::client(text),
        Field::Media => draft.record().media = texts::tidy(paper(text)),
        // What is asked for in unknown words is unknown; the job is none the worse.
        Field::ColorMode => {
            draft.record().color_mode = meant(text, |word| {
                words::color_mode(word).or_else(|| find(&COLORS, word))
            });
        }
        Field::Sides => {
            draft.record().sides = meant(text, |word| {
                words::sides(word).or_else(|| find(&SIDES, word))
            });
        }
        Field::Bytes => draft.record().bytes = size(text, 1),
        Field::Function => {
            let known = meant(text, |word| find(&FUNCTIONS, word));
            return draft.text(field, known.map_or(text, |known| known.keyword()));
        }
        Field::State => {
            let known = meant(text, |word| find(&STATES, word));
            return draft.text(field, known.map_or(text, |known| known.keyword()));
        }
        Field::TimeQuality | Field::Evidence => {
            return draft.text(field, &text.to_ascii_lowercase());
        }
        _ if is_count(field) => {
            let number = count(text).ok_or_else(|| RecordError::expected(field))?;
            return draft.number(field, number);
        }
        _ => return draft.text(field, text),
    }
    Ok(())
}

/// The same of a text that somebody wrote for Platen: a word that says nothing is refused.
pub(super) fn set_known(draft: &mut Draft, field: Field, text: &str) -> Result<(), RecordError> {
    set(draft, field, text)?;
    let record = draft.record();
    let is_known = match field {
        Field::ColorMode => record.color_mode.is_some(),
        Field::Sides => record.sides.is_some(),
        Field::Bytes => record.bytes.is_some(),
        _ => true,
    };
    is_known
        .then_some(())
        .ok_or_else(|| RecordError::expected(field))
}

/// The meaning of a word, or of what stands behind its number: `4 B/W`, `2: Print`.
fn meant<T>(text: &str, known: impl Fn(&str) -> Option<T>) -> Option<T> {
    known(text).or_else(|| known(behind_number(text)?))
}

/// The word behind a number in a list of a device's own.
fn behind_number(text: &str) -> Option<&str> {
    let rest = text.trim_start_matches(|c: char| c.is_ascii_digit());
    let word = rest.trim_start_matches([' ', ':', '.', ')', '-', '_', '\u{A0}']);
    let is_apart = rest.len() < text.len() && word.len() < rest.len();
    (is_apart && word.starts_with(char::is_alphabetic)).then_some(word)
}

/// The paper by its PWG name where it is known, with or without a device's number before it.
fn paper(text: &str) -> &str {
    let name = media::self_describing(text);
    let bare = behind_number(text).filter(|_| name == text);
    bare.map_or(name, |bare| match media::self_describing(bare) {
        unknown if unknown == bare => text,
        known => known,
    })
}

fn find<T: Copy>(known: &[(T, &[&str])], word: &str) -> Option<T> {
    let is = |spelling: &&str| spelling.eq_ignore_ascii_case(word);
    let found = known.iter().find(|(_, spellings)| spellings.iter().any(is));
    found.map(|(meaning, _)| *meaning)
}

/// A count; `1,204` and `1 204` have marks between their thousands.
pub(super) fn count(text: &str) -> Option<u64> {
    if !text.contains(GROUP_MARKS) {
        return text.parse().ok();
    }
    let mut groups = text.split(GROUP_MARKS);
    let first = groups.next()?;
    let are_digits = |group: &str| group.bytes().all(|c| c.is_ascii_digit());
    let is_grouped = (1..=3).contains(&first.len())
        && are_digits(first)
        && groups.all(|group| group.len() == 3 && are_digits(group));
    is_grouped
        .then(|| text.split(GROUP_MARKS).collect::<String>().parse().ok())
        .flatten()
}

/// Octets of `19kb`, `1.5 MB` or a bare number; `None` for anything else.
pub(super) fn size(text: &str, unit: u64) -> Option<u64> {
    let lower = text.to_ascii_lowercase();
    let named = UNITS.iter().find_map(|(name, octets)| {
        let number = lower.strip_suffix(name)?;
        Some((number.trim_end(), *octets))
    });
    let (number, octets) = named.unwrap_or((&lower, unit));
    let (whole, tenths) = match number.split_once('.') {
        Some((whole, fraction)) => (whole, fraction.get(..1)?.parse::<u64>().ok()?),
        None => (number, 0),
    };
    let whole: u64 = whole.parse().ok()?;
    whole.checked_mul(octets)?.checked_add(octets * tenths / 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_in_several_units() {
        assert_eq!(size("19kb", 1), Some(19_456));
        assert_eq!(size("1.5 MB", 1), Some(1_572_864));
        assert_eq!(size("16", 1_024), Some(16_384));
        for not in ["", "kb", "-1", "1.x", "99999999999999999999"] {
            assert_eq!(size(not, 1), None, "{not}");
        }
    }

    #[test]
    fn counts_with_marks_between_thousands() {
        assert_eq!(count("12"), Some(12));
        assert_eq!(count("1,204"), Some(1_204));
        assert_eq!(count("1.204.000"), Some(1_204_000));
        assert_eq!(count("1\u{202F}204"), Some(1_204));
        for not in ["", "1,2", "1.5", "12,04", ",204", "1,,204", "many", "-1"] {
            assert_eq!(count(not), None, "{not}");
        }
    }

    #[test]
    fn words_of_devices_with_and_without_their_numbers() {
        let set = |field, text| {
            let mut draft = Draft::new();
            set(&mut draft, field, text).map(|()| draft.record().clone())
        };
        let color = |text| set(Field::ColorMode, text).unwrap().color_mode;
        for word in ["4 B/W", "b/w", "Black and White", "1: Mono", "GRAYSCALE"] {
            assert_eq!(color(word), Some(ColorMode::Monochrome), "{word}");
        }
        for word in ["2 Color", "Full Color", "02_Full Colour", "Single Color"] {
            assert_eq!(color(word), Some(ColorMode::Color), "{word}");
        }
        assert_eq!(color("Sepia"), None);
        let function = |text| set(Field::Function, text).map(|record| record.function);
        assert_eq!(function("2 Print Job"), Ok(JobFunction::Print));
        assert_eq!(function("Copier"), Ok(JobFunction::Copy));
        assert_eq!(function("FAX"), Ok(JobFunction::Fax));
        assert!(function("Document Server").is_err());
        let state = |text| set(Field::State, text).map(|record| record.state);
        assert_eq!(state("Cancelled"), Ok(JobState::Canceled));
        assert!(state("Spoiled").is_err());
        let sides = |text| set(Field::Sides, text).unwrap().sides;
        assert_eq!(sides("2-sided"), Some(Sides::TwoSided));
        assert_eq!(sides("1 Sided"), Some(Sides::OneSided));
        let paper = |text| set(Field::Media, text).unwrap().media;
        assert_eq!(paper("39 Letter").as_deref(), Some("na_letter_8.5x11in"));
        assert_eq!(paper("39 Banner").as_deref(), Some("39 Banner"));
    }
}
