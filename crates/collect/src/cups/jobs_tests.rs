use super::*;
use crate::cups::queues::Queues;
use crate::ipp::{Attribute, Message, Value, group_tag};
use platen_domain::print_jobs::{ColorMode, SheetsQuality};

fn attribute(name: &str, value: Value) -> Attribute {
    Attribute {
        name: name.to_owned(),
        values: vec![value],
    }
}

fn text(name: &str, text: &str) -> Attribute {
    attribute(name, Value::Text(text.to_owned()))
}

fn number(name: &str, number: i32) -> Attribute {
    attribute(name, Value::Integer(number))
}

fn group(tag: u8, attributes: Vec<Attribute>) -> Group {
    Group { tag, attributes }
}

/// Two queues: `colour` behind an IPP printer and `raw` behind a port.
fn queues() -> Queues {
    let colour = vec![
        text("printer-name", "colour"),
        text("device-uri", "ipp://10.0.0.5/ipp/print"),
        text("sides-default", "one-sided"),
        text("media-default", "iso_a4_210x297mm"),
        text("print-color-mode-default", "auto"),
        number("copies-default", 1),
    ];
    let raw = vec![
        text("printer-name", "raw"),
        text("device-uri", "socket://10.0.0.6:9100"),
        text("printer-make-and-model", "Local Raw Printer"),
    ];
    let groups = [colour, raw].map(|attributes| group(group_tag::PRINTER, attributes));
    Queues::of(&Message {
        version: (2, 0),
        code: 0,
        request_id: 1,
        groups: groups.to_vec(),
    })
}

/// The record of a completed job with these attributes.
fn record(attributes: Vec<Attribute>) -> PrintRecord {
    let mut all = attributes;
    for attribute in [
        text("job-uuid", "urn:uuid:1"),
        number("job-state", 9),
        number("time-at-creation", 1_795_438_001),
        number("time-at-completed", 1_795_438_004),
    ] {
        if !all.iter().any(|there| there.name == attribute.name) {
            all.push(attribute);
        }
    }
    let (job, queues) = (group(group_tag::JOB, all), queues());
    let maker = Maker {
        source: "cups|lab",
        queues: &queues,
        users_verified: false,
        now: Timestamp::from_millis(5),
    };
    let stub = Stub::of(&job).unwrap();
    maker.record(&job, &stub).unwrap()
}

fn flags(record: &PrintRecord) -> Vec<&'static str> {
    record.flags.keywords().collect()
}

#[test]
fn an_ordinary_duplex_job() {
    let record = record(vec![
        text("job-printer-uri", "ipp://localhost:631/printers/colour"),
        text("job-originating-user-name", "CORP\\carol"),
        text("job-originating-host-name", "ws-17"),
        text("job-name", "Quarterly"),
        text("job-billing", "ACCT-42"),
        text("sides", "two-sided-long-edge"),
        text("media", "A4"),
        text("print-color-mode", "monochrome"),
        number("copies", 2),
        number("job-impressions-completed", 12),
        number("job-media-sheets-completed", 6),
        number("job-k-octets", 4),
    ]);
    assert_eq!(record.key.to_string(), "cups|lab|urn:uuid:1");
    assert_eq!(
        record.completed_at,
        Timestamp::from_millis(1_795_438_004_000)
    );
    assert_eq!(record.user.as_deref(), Some("CORP\\carol"));
    assert_eq!(record.account.as_deref(), Some("ACCT-42"));
    assert_eq!(record.queue.as_deref(), Some("colour"));
    assert_eq!(record.printer.address, "10.0.0.5".parse().ok());
    assert_eq!(record.media.as_deref(), Some("iso_a4_210x297mm"));
    assert_eq!(record.color_mode, Some(ColorMode::Monochrome));
    assert_eq!(record.bytes, Some(4_096));
    assert_eq!(record.counts.impressions, Some(12));
    assert_eq!(record.counts.sheets, Some(6));
    assert_eq!(record.counts.sheets_quality, SheetsQuality::Derived);
    assert_eq!(flags(&record), ["blank-padding", "user-claimed"]);
}

#[test]
fn three_duplex_pages_take_two_sheets_whatever_cups_says() {
    let record = record(vec![
        text("sides", "two-sided-short-edge"),
        number("copies", 1),
        number("job-impressions-completed", 3),
        number("job-media-sheets-completed", 1),
    ]);
    assert_eq!(record.counts.sheets, Some(2));
}

#[test]
fn what_a_job_does_not_ask_for_is_as_the_queue_has_it() {
    let record = record(vec![
        text("job-printer-uri", "ipp://localhost/classes/all"),
        text("job-printer-uri-actual", "ipp://localhost/printers/colour"),
        number("job-impressions-completed", 3),
    ]);
    assert_eq!(record.queue.as_deref(), Some("colour"));
    assert_eq!(record.sides, Some(Sides::OneSided));
    assert_eq!(record.color_mode, Some(ColorMode::Auto));
    assert_eq!(record.counts.copies, Some(1));
    assert_eq!(record.counts.sheets, Some(3));
    assert_eq!(flags(&record), ["queue-defaults"]);
}

#[test]
fn up_to_cups_2_0_sheets_are_the_count_of_sides() {
    let record = |attributes: Vec<Attribute>| record(attributes);
    let old = record(vec![
        number("copies", 2),
        text("sides", "two-sided-long-edge"),
        number("job-media-sheets-completed", 6),
    ]);
    assert_eq!(old.counts.impressions, Some(6));
    assert_eq!(old.counts.evidence, Evidence::Spooler);
    assert_eq!(old.counts.sheets, Some(4));
    assert_eq!(flags(&old), ["blank-padding", "counted-as-sheets"]);
    // A printer that counts nothing but sheets, behind a new server.
    let sheets = [
        number("copies", 1),
        number("job-impressions-completed", 0),
        number("job-media-sheets-completed", 3),
    ];
    let one_sided = record(sheets.to_vec());
    assert_eq!(one_sided.counts.impressions, Some(3));
    let two_sided = [sheets.as_slice(), &[text("sides", "two-sided-long-edge")]].concat();
    assert_eq!(record(two_sided).counts.impressions, None);
}

#[test]
fn an_end_that_is_not_stated_is_the_nearest_moment_known() {
    let ended = |attributes: Vec<Attribute>| {
        let job = [attributes, vec![text("job-uuid", "urn:uuid:1")]].concat();
        let job = group(group_tag::JOB, job);
        let queues = Queues::default();
        let maker = Maker {
            source: "cups|lab",
            queues: &queues,
            users_verified: false,
            now: Timestamp::from_millis(5),
        };
        let record = maker.record(&job, &Stub::of(&job).unwrap()).unwrap();
        (record.completed_at.as_millis(), record.time_quality)
    };
    let created = number("time-at-creation", 40);
    let began = number("time-at-processing", 60);
    let no_value = Attribute {
        name: "time-at-completed".to_owned(),
        values: vec![],
    };
    let ends = [
        ended(vec![
            created.clone(),
            began.clone(),
            number("time-at-completed", 90),
        ]),
        ended(vec![created.clone(), began, no_value]),
        ended(vec![created, number("time-at-completed", 0)]),
        ended(vec![]),
    ];
    let observed = TimeQuality::Observed;
    let expected = [
        (90_000, TimeQuality::Exact),
        (60_000, observed),
        (40_000, observed),
        (5, observed),
    ];
    assert_eq!(ends, expected);
}

#[test]
fn a_raw_job_is_not_counted() {
    let on = |queue: &str, impressions, copies| {
        record(vec![
            text(
                "job-printer-uri",
                &format!("ipp://localhost/printers/{queue}"),
            ),
            text("document-format", "application/vnd.cups-raw"),
            number("copies", copies),
            number("job-impressions-completed", impressions),
        ])
    };
    for uncounted in [on("raw", 2, 2), on("raw", 0, 1), on("colour", 0, 1)] {
        assert_eq!(uncounted.counts.impressions, None);
        assert_eq!(uncounted.counts.sheets, None);
        assert_eq!(uncounted.counts.evidence, Evidence::None);
        assert!(uncounted.flags.has(CountFlags::RAW_UNKNOWN));
    }
    // An IPP printer tells what it printed.
    let told = on("colour", 2, 2);
    assert_eq!(told.counts.impressions, Some(2));
}

#[test]
fn a_canceled_job_printed_nothing_and_that_is_known() {
    let record = record(vec![
        number("job-state", 7),
        number("job-impressions-completed", 0),
        text("sides", "one-sided"),
        number("copies", 1),
    ]);
    assert_eq!(record.state, JobState::Canceled);
    assert_eq!(record.counts.impressions, Some(0));
    assert_eq!(record.counts.sheets, Some(0));
}

#[test]
fn nothing_stated_is_nothing_known() {
    let record = record(vec![]);
    assert_eq!(record.counts.impressions, None);
    assert_eq!(record.user, None);
    assert_eq!(record.document, None);
    assert_eq!(flags(&record), ["copies-assumed"]);
}

#[test]
fn hostile_titles_are_kept_readable() {
    let forged = record(vec![text("job-name", "evil\n9999 lab [..] total 500")]);
    assert_eq!(
        forged.document.as_deref(),
        Some("evil 9999 lab [..] total 500")
    );
    let long = record(vec![text("job-name", &"x".repeat(1_500))]);
    assert_eq!(long.document.unwrap().len(), FOREIGN_TEXT_MAX_CHARS);
    for record in [forged.flags, long.flags] {
        assert!(record.has(CountFlags::TITLE_CHANGED));
    }
}

#[test]
fn a_job_without_a_uuid_is_named_by_number_and_time() {
    let job = group(
        group_tag::JOB,
        vec![number("job-id", 7), number("time-at-creation", 99)],
    );
    assert_eq!(Stub::of(&job).unwrap().id, "job-7@99");
    assert_eq!(Stub::of(&group(group_tag::JOB, vec![])), None);
}
