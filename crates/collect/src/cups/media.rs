//! Media of CUPS jobs: `media` as typed, or the size within `media-col`.

use crate::ipp::{Attribute, Group, Value, values};

/// Sizes with PPD word, PWG 5101.1 name, and width and height in hundredths of a millimetre.
const KNOWN: [(&str, &str, i32, i32); 8] = [
    ("A3", "iso_a3_297x420mm", 29_700, 42_000),
    ("A4", "iso_a4_210x297mm", 21_000, 29_700),
    ("A5", "iso_a5_148x210mm", 14_800, 21_000),
    ("A6", "iso_a6_105x148mm", 10_500, 14_800),
    ("Letter", "na_letter_8.5x11in", 21_590, 27_940),
    ("Legal", "na_legal_8.5x14in", 21_590, 35_560),
    ("Tabloid", "na_ledger_11x17in", 27_940, 43_180),
    ("Executive", "na_executive_7.25x10.5in", 18_415, 26_670),
];

/// How far a size may be off, in hundredths of a millimetre: drivers round to points.
const TOLERANCE: i32 = 40;

/// The media a job or a queue names, by its PWG name where that is known. `suffix` is `-default`
/// for queues.
pub(crate) fn media(group: &Group, suffix: &str) -> Option<String> {
    let word = group.text(&format!("media{suffix}"));
    let by_word = word.map(named);
    by_word.or_else(|| {
        let collection = group.values(&format!("media-col{suffix}")).first()?;
        by_size(collection.as_collection()?)
    })
}

/// The PWG name of a PPD's word; the word itself where none is known.
fn named(word: &str) -> String {
    // Variants such as `A4.Fullbleed` and trays such as `A4,Tray1` are of the same size.
    let plain = word.split(['.', ',']).next().unwrap_or(word);
    let known = KNOWN
        .iter()
        .find(|(ppd, ..)| ppd.eq_ignore_ascii_case(plain));
    known.map_or(word, |(_, name, ..)| name).to_owned()
}

/// The name of the size that a `media-col` states.
fn by_size(collection: &[Attribute]) -> Option<String> {
    let size = values(collection, "media-size").first()?.as_collection()?;
    let dimension = |name| values(size, name).first().and_then(Value::as_integer);
    let (x, y) = (dimension("x-dimension")?, dimension("y-dimension")?);
    let near = |a: i32, b: i32| a.abs_diff(b) <= TOLERANCE.unsigned_abs();
    let known = KNOWN
        .iter()
        .find(|(_, _, width, height)| near(x, *width) && near(y, *height));
    Some(match known {
        Some((_, name, ..)) => (*name).to_owned(),
        None => format!("custom_{0}x{1}mm_{0}x{1}mm", millimetres(x), millimetres(y)),
    })
}

/// Hundredths of a millimetre as PWG names write them: `210`, `215.9`.
fn millimetres(hundredths: i32) -> String {
    let text = format!(
        "{}.{:02}",
        hundredths / 100,
        hundredths.unsigned_abs() % 100
    );
    let short = text.trim_end_matches('0').trim_end_matches('.');
    short.to_owned()
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

    fn sized(x: i32, y: i32) -> Group {
        let size = vec![
            attribute("x-dimension", Value::Integer(x)),
            attribute("y-dimension", Value::Integer(y)),
        ];
        let collection = vec![attribute("media-size", Value::Collection(size))];
        Group {
            tag: 2,
            attributes: vec![attribute("media-col", Value::Collection(collection))],
        }
    }

    #[test]
    fn words_and_sizes_have_one_name() {
        for (word, name) in [
            ("A4", "iso_a4_210x297mm"),
            ("A4.Fullbleed", "iso_a4_210x297mm"),
            ("iso_a4_210x297mm", "iso_a4_210x297mm"),
            ("Custom.100x200", "Custom.100x200"),
        ] {
            assert_eq!(named(word), name);
        }
        let of = |x, y| media(&sized(x, y), "").unwrap();
        assert_eq!(of(21_000, 29_700), "iso_a4_210x297mm");
        assert_eq!(of(21_573, 27_940), "na_letter_8.5x11in");
        assert_eq!(of(10_050, 20_000), "custom_100.5x200mm_100.5x200mm");
        assert_eq!(media(&Group::default(), ""), None);
    }
}
