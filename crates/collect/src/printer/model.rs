//! The model's name, out of texts that also hold maker, serial number and firmware (trap T17).

use super::profile::{Brand, DescriptionRules};
use super::{stated, versions};

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

/// The model in a device description (`hrDeviceDescr`, a private model object, an IEEE 1284 `MDL`,
/// the head of `sysDescr`): without the maker's name, however often it stands there, without what
/// follows the name - serial number, firmware, dates, operating systems, other fields - and without
/// the word "series". `None` when nothing telling is left.
pub(crate) fn clean(
    text: &str,
    brands: &[&Brand],
    serial: Option<&str>,
    rules: &DescriptionRules,
) -> Option<String> {
    if is_card(text, rules) {
        return None;
    }
    let rest = unbranded(text.trim_matches([' ', '"', '\'']), brands);
    let marks = rules.model_until.iter();
    let end = marks
        .filter_map(|mark| find_ignoring_case(rest, mark))
        .min();
    let head = end.and_then(|end| rest.get(..end)).unwrap_or(rest);
    let mut model = name(without_serial(head, serial));
    loop {
        let before = model;
        for suffix in rules
            .model_suffixes
            .iter()
            .map(String::as_str)
            .chain([" series", " printer series"])
        {
            model = strip_suffix_ignoring_case(model, suffix)
                .unwrap_or(model)
                .trim_end_matches(AROUND);
        }
        if model == before {
            break;
        }
    }
    let known = NO_MODELS
        .iter()
        .any(|none| model.eq_ignore_ascii_case(none));
    (!known && model.chars().any(char::is_alphanumeric)).then(|| model.to_owned())
}

/// What stands around a model's name and is no part of it.
const AROUND: &[char] = &[' ', ',', ';', '-', ':'];

/// What begins another statement than the model's name.
const FIELDS: &[&str] = &[";", "|", ", ", " / ", " /", " -- ", " S/N", " P/N"];

/// The name a text begins with: up to the next field, a labelled serial number, and the first word
/// that announces or is a version, a date or an operating system.
fn name(text: &str) -> &str {
    let fields = FIELDS.iter().filter_map(|field| text.find(field));
    let commas = text.find(',').into_iter();
    let serial = stated::serial(text).map(|found| found.before.len());
    let end = fields
        .chain(commas)
        .chain(serial)
        .filter(|end| text.get(..*end).is_some_and(is_telling))
        .min();
    let head = end.and_then(|end| text.get(..end)).unwrap_or(text);
    let end = words(head).skip(1).find(|(start, word)| {
        let after = head.get(start + word.len()..).unwrap_or("");
        versions::ends_model(word, after.split_whitespace().next())
    });
    let head = end
        .and_then(|(start, _)| head.get(..start))
        .unwrap_or(head)
        .trim_end_matches(AROUND);
    // A parenthesis whose text was cut off.
    match head.rsplit_once('(') {
        Some((before, within)) if !within.contains(')') && is_telling(before) => {
            before.trim_end_matches(AROUND)
        }
        _ => head,
    }
}

fn is_telling(text: &str) -> bool {
    text.chars().any(char::is_alphanumeric)
}

/// The words of a text with where they begin.
fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut start = 0;
    text.split(' ').filter_map(move |word| {
        let begun = start;
        start += word.len() + 1;
        (!word.is_empty()).then_some((begun, word))
    })
}

/// The text without the makers' names it begins with.
pub(crate) fn unbranded<'a>(text: &'a str, brands: &[&Brand]) -> &'a str {
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
    clean(text, brands, serial, rules)
}

/// Whether a text describes the network card, by the vendor's habits.
pub(crate) fn is_card(text: &str, rules: &DescriptionRules) -> bool {
    let begins = |prefix: &String| starts_with_ignoring_case(text, prefix);
    rules.not_a_model.iter().any(begins)
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

/// Serial number and firmware of a description that reads "model serial firmware", as Lexmark and
/// the Dells it built write: `MX711 74636C66019PZ LW50.TU.P543`. The text is without its brand.
pub(crate) fn serial_and_firmware(text: &str) -> Option<(&str, &str)> {
    let words: Vec<&str> = words(text).map(|(_, word)| word).collect();
    let place = words.iter().position(|word| versions::is_version(word))?;
    let serial = words.get(place.checked_sub(1).filter(|place| *place > 0)?)?;
    let firmware = words.get(place)?;
    let plain = |b: u8| b.is_ascii_uppercase() || b.is_ascii_digit();
    let is_serial = serial.len() >= SERIAL_CHARS_MIN
        && serial.bytes().all(plain)
        && serial.bytes().any(|b| b.is_ascii_digit());
    is_serial.then_some((serial, firmware))
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

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn model(text: &str) -> Option<String> {
        clean(text, &[], None, &DescriptionRules::default())
    }

    #[test]
    fn t17_a_model_ends_before_what_is_said_of_it() {
        for text in [
            "Acme 100n",
            "Acme 100n 1.06s",
            "Acme 100n Ver 1.02",
            "Acme 100n Ver:08.01 01/14/2004",
            "Acme 100n version NS.NP.N212 kernel 2.6.6 All-N-1",
            "Acme 100n VxWorks 5.4",
            "Acme 100n Linux",
            "Acme 100n (Net 6.26, Controller 200408201123)",
            "Acme 100n v 2. 0. 6",
            "Acme 100n Rev.C2.00 : Copyright (c) 2008",
            "Acme 100n Dec  5 2000",
            "Acme 100n S/N AB123456",
            "Acme 100n;SN:AB123456,FN:1",
            "Acme 100n, System Software 1.2",
            "Acme 100n series",
            "Acme 100n Series; ; S/N XXXXXXXX",
        ] {
            assert_eq!(model(text).as_deref(), Some("Acme 100n"), "{text}");
        }
        for text in [
            "Acme 4525/4508",
            "Acme C1-Q2+",
            "Acme 70 (FAX)",
            "e-STUDIO 12 R2",
        ] {
            assert_eq!(model(text).as_deref(), Some(text));
        }
    }

    proptest! {
        #[test]
        fn a_model_never_ends_in_a_version_or_a_date(
            name in "[A-Z][a-z]{2,6} [A-Z]{1,2}[0-9]{3,4}[a-z]{0,2}",
            tail in prop_oneof![
                "v?[0-9]{1,2}\\.[0-9]{1,2}[a-z]?",
                "[0-3][0-9]-0[1-9]-20[0-9]{2}",
                "20[0-9]{2}0[1-9]1[0-9]",
                "(Linux|VxWorks|kernel) [0-9]\\.[0-9]",
                "(SN|S/N:|Serial No\\.) [A-Z]{2}[0-9]{6}",
            ],
        ) {
            // "Aaa SN0000" is a maker with a serial number, and no model's name.
            prop_assume!(stated::serial(&name).is_none());
            prop_assert_eq!(model(&format!("{name} {tail}")), Some(name));
        }

        #[test]
        fn no_text_makes_it_fail(text in "\\PC{0,80}") {
            let _model = model(&text);
            let _found = serial_and_firmware(&text);
        }
    }
}
