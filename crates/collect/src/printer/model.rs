//! The model's name, out of texts that also hold maker, serial number and firmware (trap T17).

use super::profile::{Brand, DescriptionRules};

/// Shortest serial number recognised inside a description, in characters.
const SERIAL_CHARS_MIN: usize = 6;

/// Texts that name no model.
const NO_MODELS: &[&str] = &[
    "printer",
    "laser printer",
    "multifunction printer",
    "multifunction device",
    "mfp",
    "unknown",
    "network printer",
    "color",
    "n/a",
    "none",
];

/// What follows a brand's name at the beginning of `text`; `None` when it does not begin so.
pub(crate) fn strip_brand<'a>(text: &'a str, brand: &Brand) -> Option<&'a str> {
    brand
        .spellings
        .iter()
        .find_map(|spelling| strip_word(text, spelling))
}

fn strip_word<'a>(text: &'a str, word: &str) -> Option<&'a str> {
    let head = text.get(..word.len())?;
    let rest = text.get(word.len()..)?;
    let ends = !rest.starts_with(|c: char| c.is_alphanumeric());
    (head.eq_ignore_ascii_case(word) && ends).then(|| rest.trim_start_matches([' ', ',', ':', '_']))
}

/// The model in a device description (`hrDeviceDescr`, a private model object, or an IEEE 1284
/// `MDL`): without the maker's name, however often it stands there, without the serial number and
/// what follows it, without the word "series". `None` when nothing telling is left.
pub(crate) fn clean(
    text: &str,
    brands: &[&Brand],
    serial: Option<&str>,
    rules: &DescriptionRules,
) -> Option<String> {
    let begins = |prefix: &String| starts_with_ignoring_case(text, prefix);
    if rules.not_a_model.iter().any(begins) {
        return None;
    }
    let rest = unbranded(text.trim_matches([' ', '"', '\'']), brands);
    let kept = without_serial(rest, serial);
    let mut model = kept.trim_end_matches([' ', ',', ';', '-']);
    for suffix in rules
        .model_suffixes
        .iter()
        .map(String::as_str)
        .chain([" series"])
    {
        model = strip_suffix_ignoring_case(model, suffix)
            .unwrap_or(model)
            .trim_end();
    }
    let known = NO_MODELS
        .iter()
        .any(|none| model.eq_ignore_ascii_case(none));
    (!known && model.chars().any(char::is_alphanumeric)).then(|| model.to_owned())
}

/// The text without the makers' names it begins with.
fn unbranded<'a>(text: &'a str, brands: &[&Brand]) -> &'a str {
    let mut rest = text;
    while let Some(after) = brands.iter().find_map(|brand| strip_brand(rest, brand)) {
        if after.len() == rest.len() {
            break;
        }
        rest = after;
    }
    rest
}

/// The model in `sysDescr`, by the vendor's habits.
pub(crate) fn in_system_description(
    text: &str,
    brands: &[&Brand],
    serial: Option<&str>,
    rules: &DescriptionRules,
) -> Option<String> {
    if let Some(stated) = field_after(text, &rules.model_after) {
        return clean(stated, brands, serial, rules);
    }
    let begins = |prefix: &String| starts_with_ignoring_case(text, prefix);
    if rules.not_a_model.iter().any(begins) {
        return None;
    }
    let rest = unbranded(text, brands);
    let marks = rules.model_until.iter();
    let end = marks
        .filter_map(|mark| find_ignoring_case(rest, mark))
        .min();
    let head = end.and_then(|end| rest.get(..end)).unwrap_or(rest);
    clean(without_version(head), brands, serial, rules)
}

/// The serial number or firmware in `sysDescr`: what follows one of `marks`, up to the next blank,
/// comma or semicolon.
pub(crate) fn word_after(text: &str, marks: &[String]) -> Option<String> {
    let field = marks.iter().find_map(|mark| after(text, mark))?;
    let word = field.trim_start().split([' ', ',', ';', ')']).next()?;
    (!word.is_empty()).then(|| word.to_owned())
}

fn field_after<'a>(text: &'a str, marks: &[String]) -> Option<&'a str> {
    let field = marks.iter().find_map(|mark| after(text, mark))?;
    let end = field.find([',', ';']).unwrap_or(field.len());
    let field = field.get(..end)?;
    // "Attached to C5650 Rev.M1.02 : Copyright ..." ends the model at the revision.
    let end = find_ignoring_case(field, " rev.").unwrap_or(field.len());
    field
        .get(..end)
        .map(str::trim)
        .filter(|field| !field.is_empty())
}

fn after<'a>(text: &'a str, mark: &str) -> Option<&'a str> {
    let start = find_ignoring_case(text, mark)?;
    text.get(start + mark.len()..)
}

/// Byte position of `mark` in `text` without regard to ASCII case.
fn find_ignoring_case(text: &str, mark: &str) -> Option<usize> {
    let (haystack, needle) = (text.as_bytes(), mark.as_bytes());
    haystack
        .windows(needle.len().max(1))
        .position(|window| window.eq_ignore_ascii_case(needle))
        .filter(|position| text.is_char_boundary(*position))
}

fn starts_with_ignoring_case(text: &str, prefix: &str) -> bool {
    text.get(..prefix.len())
        .is_some_and(|head| head.eq_ignore_ascii_case(prefix))
}

fn strip_suffix_ignoring_case<'a>(text: &'a str, suffix: &str) -> Option<&'a str> {
    let start = text.len().checked_sub(suffix.len())?;
    let tail = text.get(start..)?;
    tail.eq_ignore_ascii_case(suffix)
        .then(|| text.get(..start))?
}

/// What stands before the serial number: a word that equals it, or the longer of the two begins
/// with the other (Lexmark states `74636C66019PZ-130-0` and writes `74636C66019PZ`).
fn without_serial<'a>(text: &'a str, serial: Option<&str>) -> &'a str {
    let Some(serial) = serial.filter(|serial| serial.len() >= SERIAL_CHARS_MIN) else {
        return text;
    };
    let is_serial = |word: &str| {
        word.len() >= SERIAL_CHARS_MIN && (word.starts_with(serial) || serial.starts_with(word))
    };
    let mut position = 0;
    for word in text.split(' ') {
        if position > 0 && is_serial(word) {
            return text.get(..position).unwrap_or(text);
        }
        position += word.len() + 1;
    }
    text
}

/// Without a version as last word: `MP C3002 2.20`, `SP C312DN V1.03`, `Aficio 2045 1.06s`.
fn without_version(text: &str) -> &str {
    let text = text.trim_end();
    let Some((before, last)) = text.rsplit_once(' ') else {
        return text;
    };
    let number = last.trim_start_matches(['v', 'V', '.']);
    let part = |part: &str| {
        part.starts_with(|c: char| c.is_ascii_digit()) && part.chars().all(char::is_alphanumeric)
    };
    if !(number.contains('.') && number.split('.').all(part)) {
        return text;
    }
    let before = before.trim_end();
    strip_suffix_ignoring_case(before, " ver").unwrap_or(before)
}

/// Serial number and firmware of a description that reads "model serial firmware", as Lexmark and
/// the Dells it built write: `MX711 74636C66019PZ LW50.TU.P543`.
pub(crate) fn serial_and_firmware(text: &str) -> Option<(&str, &str)> {
    let mut words = text.rsplit(' ');
    let (firmware, serial) = (words.next()?, words.next()?);
    let has_digit = |text: &str| text.bytes().any(|b| b.is_ascii_digit());
    let is_firmware = firmware.matches('.').count() >= 2 && has_digit(firmware);
    let is_serial = serial.len() >= SERIAL_CHARS_MIN
        && serial.bytes().all(|b| b.is_ascii_alphanumeric())
        && has_digit(serial);
    (is_firmware && is_serial).then_some((serial, firmware))
}

/// A field of an IEEE 1284 device id, by any of its names.
pub(crate) fn device_id_field<'a>(id: &'a str, names: &[&str]) -> Option<&'a str> {
    id.split(';')
        .filter_map(|field| field.split_once(':'))
        .find(|(name, _)| {
            names
                .iter()
                .any(|wanted| name.trim().eq_ignore_ascii_case(wanted))
        })
        .map(|(_, value)| value.trim())
        .filter(|value| !value.is_empty())
}
