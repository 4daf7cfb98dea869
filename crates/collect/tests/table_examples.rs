//! The worked examples of `docs/tables.md` do what they say.

#![allow(clippy::unwrap_used, reason = "helpers of tests are tests")]

use std::io::Cursor;
use std::path::Path;

use jiff::tz::TimeZone;
use platen_collect::joblog::{Entry, Kind, Options, read, record_json};
use serde_json::{Map, Value};

/// The blocks of the page in this language, in their order.
fn blocks<'a>(page: &'a str, language: &str) -> Vec<&'a str> {
    let fence = format!("```{language}\n");
    let behind = page.split(fence.as_str()).skip(1);
    behind
        .map(|rest| rest.split_once("```").unwrap().0)
        .collect()
}

#[test]
fn the_examples_are_read_as_they_say() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/tables.md");
    let page = std::fs::read_to_string(page).unwrap();
    let tables = blocks(&page, "csv");
    let maps = blocks(&page, "toml");
    let maps: Vec<_> = maps
        .iter()
        .filter(|map| map.contains("[columns]"))
        .collect();
    let expected = blocks(&page, "json");
    assert_eq!((tables.len(), maps.len(), expected.len()), (3, 3, 3));
    for ((table, map), expected) in tables.iter().zip(maps).zip(expected) {
        let options = Options {
            column_map: Some(map.parse().unwrap()),
            ..Options::new("example", TimeZone::get("Europe/Berlin").unwrap())
        };
        let mut records = Vec::new();
        read(
            Kind::Table,
            &options,
            &mut Cursor::new(table),
            &mut |entry| match entry {
                Entry::Record(record) => {
                    let mut json = Vec::new();
                    record_json::encode(&record, &mut json);
                    records.push(serde_json::from_slice::<Map<String, Value>>(&json).unwrap());
                }
                Entry::Skipped { .. } => {}
                other @ Entry::Refused { .. } => panic!("{other:?}"),
            },
        )
        .unwrap();
        let expected: Vec<Map<String, Value>> = expected
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        assert_eq!(records.len(), expected.len());
        for (record, expected) in records.iter().zip(expected) {
            for (field, value) in expected {
                assert_eq!(record.get(&field), Some(&value), "{field} of {record:?}");
            }
        }
    }
}
