//! Records as JSON.

use super::*;
use crate::joblog::times::WRITABLE;
use platen_domain::print_jobs::{CountFlags, Counts, PrinterHint, SourceKey};
use proptest::option::of;
use proptest::prelude::*;

fn error(json: &str) -> String {
    decode(json.as_bytes()).unwrap_err().to_string()
}

const LEAST: &str =
    r#"{"source":"agent|a","id":"1","completed_at":"2026-11-23T17:02:11.123+01:00""#;

#[test]
fn three_fields_are_enough() {
    let record = decode(format!("{LEAST}}}").as_bytes()).unwrap();
    let key = SourceKey::new("agent|a", "1");
    let at = Timestamp::from_millis(1_795_449_731_123);
    assert_eq!(record, PrintRecord::new(key, at));
}

#[test]
fn what_is_left_out_is_filled_in() {
    let json = format!(
        r#"{LEAST},"user":null,"impressions":3,"copies":1,"sides":"two-sided","document":"a\nb"}}"#
    );
    let record = decode(json.as_bytes()).unwrap();
    assert_eq!(record.counts.evidence, Evidence::Spooler);
    assert_eq!(record.counts.sheets, Some(2));
    assert_eq!(record.counts.sheets_quality, SheetsQuality::Derived);
    assert_eq!(record.document.as_deref(), Some("a b"));
    assert_eq!(record.flags, CountFlags::TITLE_CHANGED);
    let measured = decode(format!(r#"{LEAST},"sheets":2}}"#).as_bytes()).unwrap();
    assert_eq!(measured.counts.sheets_quality, SheetsQuality::Measured);
}

#[test]
fn errors_name_the_field_and_the_form() {
    let with = |more: &str| error(&format!("{LEAST},{more}}}"));
    insta::assert_snapshot!(
        [
            with(r#""copies":"3""#),
            with(r#""copies":-1"#),
            with(r#""copies":4294967296"#),
            with(r#""bytes":1.5"#),
            with(r#""state":"done""#),
            with(r#""color_mode":true"#),
            with(r#""submitted_at":"yesterday""#),
            with(r#""printer_address":"printer7""#),
            with(r#""user":["a"]"#),
            with(r#""flags":["new"]"#),
            with(r#""colour":1"#),
            with(r#""id":"2""#),
            error(r#"{"source":"a","id":null,"completed_at":"2026-11-23T17:02:11Z"}"#),
            error(r#"{"source":"","id":"1","completed_at":"2026-11-23T17:02:11Z"}"#),
            error("[]"),
            error(&format!("{LEAST}}} {{}}")),
            error(LEAST),
        ]
        .join("\n"),
        @r#"
    field 'copies': expected a whole number from 0 to 4294967295
    field 'copies': expected a whole number from 0 to 4294967295
    field 'copies': expected a whole number from 0 to 4294967295
    field 'bytes': expected a whole number from 0 to 18446744073709551615
    field 'state': expected one of completed, canceled, aborted, denied, refunded, unknown
    field 'color_mode': expected one of auto, color, monochrome
    field 'submitted_at': expected an RFC 3339 time with offset such as 2026-11-23T17:02:11.123+01:00
    field 'printer_address': expected an IP address
    field 'user': expected a text
    field 'flags': expected a list of one of blank-padding, raw-unknown, copies-assumed, pages-zero, title-changed, queue-defaults, user-claimed, clock-skew, joined-lines, paired-events, counted-as-sheets
    unknown field 'colour'
    field 'id': given twice
    field 'id': missing
    field 'source': expected a text of 1 to 160 octets without control characters
    not one JSON object: invalid type: sequence, expected an object at line 1 column 0
    not one JSON object: trailing characters at line 1 column 78
    not one JSON object: EOF while parsing an object at line 1 column 75
    "#
    );
}

fn any_text() -> impl Strategy<Value = Option<String>> {
    of(any::<String>()).prop_map(|text| super::super::texts::tidy(&text?))
}

fn any_user() -> impl Strategy<Value = Option<String>> {
    of(any::<String>()).prop_map(|text| super::super::texts::user(&text?))
}

fn any_counts() -> impl Strategy<Value = Counts> {
    let count = || of(any::<u32>());
    let counts = (count(), count(), count(), count());
    (counts, count(), 1_u8..3, 0_u8..5).prop_map(|(counts, sheets, quality, evidence)| Counts {
        pages: counts.0,
        copies: counts.1,
        impressions: counts.2,
        color_impressions: counts.3,
        sheets,
        sheets_quality: match sheets {
            Some(_) => SheetsQuality::from_number(quality).unwrap(),
            None => SheetsQuality::Unknown,
        },
        evidence: Evidence::from_number(evidence).unwrap(),
    })
}

fn any_printer() -> impl Strategy<Value = PrinterHint> {
    (of(any::<std::net::IpAddr>()), any_text(), any_text()).prop_map(|(address, serial, uuid)| {
        PrinterHint {
            address,
            serial,
            uuid,
        }
    })
}

prop_compose! {
    fn any_record()(
        (source, id) in ("[a-z|]{1,160}", "[!-~]{1,255}"),
        (function, state, quality) in (0_u8..5, 0_u8..6, 0_u8..6),
        (at, submitted) in (WRITABLE.0..=WRITABLE.1, of(WRITABLE.0..=WRITABLE.1)),
        (user, account, client, document) in (any_user(), any_text(), any_text(), any_text()),
        (application, queue, media) in (any_text(), any_text(), any_text()),
        (printer, counts) in (any_printer(), any_counts()),
        (color_mode, sides) in (of(0_u8..3), of(0_u8..4)),
        (bytes, flags) in (of(any::<u64>()), 0_u16..1 << CountFlags::NAMED.len()),
    ) -> PrintRecord {
        let mut record = PrintRecord {
            key: SourceKey::new(source, id),
            function: JobFunction::from_number(function).unwrap(),
            state: JobState::from_number(state).unwrap(),
            completed_at: Timestamp::from_millis(at),
            time_quality: TimeQuality::from_number(quality).unwrap(),
            submitted_at: submitted.map(Timestamp::from_millis),
            user, account, client, document, application, queue, printer, counts,
            color_mode: color_mode.and_then(ColorMode::from_number),
            sides: sides.and_then(Sides::from_number),
            media, bytes,
            flags: CountFlags::from_bits(flags),
        };
        record.derive_sheets();
        record
    }
}

proptest! {
    #[test]
    fn what_is_written_reads_back(record in any_record()) {
        let mut json = Vec::new();
        encode(&record, &mut json);
        prop_assert_eq!(decode(&json), Ok(record));
    }

    #[test]
    fn any_octets_are_read_without_a_panic(json in any::<Vec<u8>>()) {
        drop(decode(&json));
    }
}
