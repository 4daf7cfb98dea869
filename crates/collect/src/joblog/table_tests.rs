//! Tables.

use std::io::Cursor;

use super::*;
use crate::joblog::{Kind, Options, read};
use platen_domain::print_jobs::{ColorMode, CountFlags, JobFunction, Sides};

fn berlin() -> Options {
    Options::new("office", TimeZone::get("Europe/Berlin").unwrap())
}

fn mapped(map: &str) -> Options {
    Options {
        column_map: Some(map.parse().unwrap()),
        ..berlin()
    }
}

fn entries(kind: Kind, options: &Options, log: impl AsRef<[u8]>) -> Vec<Entry> {
    let mut entries = Vec::new();
    read(kind, options, &mut Cursor::new(log), &mut |entry| {
        entries.push(entry);
    })
    .unwrap();
    entries
}

fn refusal(kind: Kind, options: &Options, log: &str) -> String {
    let mut none = |entry| panic!("{entry:?}");
    read(kind, options, &mut Cursor::new(log), &mut none)
        .unwrap_err()
        .to_string()
}

fn records(kind: Kind, options: &Options, log: impl AsRef<[u8]>) -> Vec<PrintRecord> {
    let entries = entries(kind, options, log).into_iter();
    entries
        .filter_map(|entry| match entry {
            Entry::Record(record) => Some(*record),
            _ => None,
        })
        .collect()
}

const PAPERCUT: &str = "PaperCut Print Logger - http://www.papercut.com/\r\n\
    Time,User,Pages,Copies,Printer,Document Name,Client,Paper Size,Language,Height,Width,Duplex,\
    Grayscale,Size\r\n";

#[test]
fn a_line_of_print_logger() {
    let line = b"2026-10-25 02:10:00,ACME\\m\xFCller,3,2,MFT,\"B\xFCro, \"\"A\"\"\",\\\\PC-1,A4,\
        PCL6,,,DUPLEX,GRAYSCALE,19kb,\r\n";
    let log = [PAPERCUT.as_bytes(), line, line].concat();
    let [first, second] = records(Kind::PaperCut, &berlin(), &log).try_into().unwrap();
    assert_eq!(first.key.source, "pcpl|office");
    assert!(first.key.id.starts_with("2026-10-25|") && first.key.id.ends_with("|1"));
    assert!(second.key.id.ends_with("|2"));
    assert_eq!(first.user.as_deref(), Some("ACME\\müller"));
    assert_eq!(first.document.as_deref(), Some("Büro, \"A\""));
    assert_eq!(first.client.as_deref(), Some("PC-1"));
    assert_eq!(first.time_quality, TimeQuality::Ambiguous);
    assert_eq!(first.counts.impressions, Some(6));
    assert_eq!(first.counts.sheets, Some(4));
    assert_eq!(first.sides, Some(Sides::TwoSided));
    assert_eq!(first.color_mode, Some(ColorMode::Monochrome));
    assert_eq!(first.bytes, Some(19 * 1_024));
    let again = records(Kind::PaperCut, &berlin(), &log);
    assert_eq!(again[0].key, first.key);
}

#[test]
fn a_bad_line_costs_itself_alone() {
    let rows = [
        "yesterday,a,1,1,MFT,x,PC,A4,PCL6,,,DUPLEX,GRAYSCALE,19kb",
        "2026-05-07 12:18:00,a,one,1,MFT,x,PC,A4,PCL6,,,DUPLEX,GRAYSCALE,19kb",
        "2026-05-07 12:18:00,a,1,1,MFT,x,PC,A4,PCL6,,,DUPLEX,GRAYSCALE,19kb,,more",
        "",
        "2026-05-07 12:18:00,a,1,1,MFT,\"open,PC,A4,PCL6,,,DUPLEX,GRAYSCALE,19kb",
        "2026-03-29 02:30:00,a,0,0,MFT,x,PC,A4,PCL6,,,sideways,GRAYSCALE,16",
    ];
    let log = format!("{PAPERCUT}{}\n", rows.join("\r\n"));
    let mut entries = entries(Kind::PaperCut, &berlin(), &log);
    let Some(Entry::Record(last)) = entries.pop() else {
        panic!("{entries:?}");
    };
    assert_eq!(last.time_quality, TimeQuality::Gap);
    assert_eq!(last.flags, CountFlags::PAGES_ZERO);
    assert_eq!((last.counts.impressions, last.sides), (None, None));
    assert_eq!(last.bytes, Some(16 * 1_024));
    assert!(matches!(entries.pop(), Some(Entry::Record(_))));
    let expected = [
        Entry::skipped(1, "before the header"),
        Entry::skipped(2, "header"),
        Entry::refused(3, "a time that is not understood"),
        Entry::refused(
            4,
            "field 'pages': expected a whole number from 0 to 4294967295",
        ),
        Entry::refused(5, "more fields than the header has"),
        Entry::skipped(6, "blank"),
    ];
    assert_eq!(entries, expected);
}

const EVENTS: &str =
    "\"TimeCreated\",\"UserName\",\"ComputerName\",\"PrinterName\",\"PrintSize\",\"Pages\"";

fn event(time: &str) -> String {
    format!("\"{time}\",\"alice\",\"\\\\WS-017\",\"FIN\",\"482113\",\"4\"\r\n")
}

fn local_times(records: &[PrintRecord]) -> Vec<String> {
    let zone = TimeZone::get("Europe/Berlin").unwrap();
    let records = records.iter();
    records
        .map(|record| {
            let at = jiff::Timestamp::from_millisecond(record.completed_at.as_millis()).unwrap();
            zone.to_datetime(at).to_string()
        })
        .collect()
}

#[test]
fn an_export_of_events_by_its_culture() {
    let late_and_early = ["2026-11-24T09:12:03", "2026-11-05T16:45:10"];
    for times in [
        ["24/11/2026 9:12:03 AM", "5/11/2026 4:45:10 PM"],
        [
            "11/24/2026 9:12:03\u{202F}AM",
            "11/5/2026 4:45:10\u{202F}PM",
        ],
        ["24/11/2026 09:12:03 a. m.", "5/11/2026 04:45:10 p. m."],
        ["24.11.2026 9.12.03", "5.11.2026 16.45.10"],
        ["2026/11/24 9:12:03", "2026/11/05 16:45:10"],
        [
            "2026-11-24T09:12:03.0000000+01:00",
            "2026-11-05T16:45:10.0000000+01:00",
        ],
    ] {
        let log = format!("{EVENTS}\r\n{}{}", event(times[0]), event(times[1]));
        let records = records(Kind::WindowsCsv, &berlin(), &log);
        assert_eq!(local_times(&records), late_and_early, "{times:?}");
        for record in records {
            assert_eq!(record.counts.impressions, Some(4));
            assert_eq!(record.counts.copies, None);
            assert_eq!(record.flags, CountFlags::COPIES_ASSUMED);
            assert_eq!(record.bytes, Some(482_113));
            assert_eq!(record.client.as_deref(), Some("WS-017"));
        }
    }
}

#[test]
fn an_export_as_powershell_writes_it() {
    let rows = event("11/24/2026 9:12:03 AM") + &event("11/5/2026 4:45:10 PM");
    let log = format!("#TYPE Selected.EventLogRecord\r\n{EVENTS}\r\n{rows}");
    let semicolons = log.replace("\",\"", "\";\"");
    let tabs = log.replace("\",\"", "\"\t\"");
    let utf16 = |text: &str| {
        let units = text.encode_utf16().flat_map(u16::to_le_bytes);
        [vec![0xFF, 0xFE], units.collect()].concat()
    };
    let expected = records(Kind::WindowsCsv, &berlin(), &log);
    assert_eq!(expected.len(), 2);
    for other in [semicolons.into_bytes(), tabs.into_bytes(), utf16(&log)] {
        assert_eq!(Kind::detect("x.csv", &other), Some(Kind::WindowsCsv));
        let other = records(Kind::WindowsCsv, &berlin(), &other);
        assert_eq!(local_times(&other), local_times(&expected));
    }
    let header = &entries(Kind::WindowsCsv, &berlin(), &log)[1];
    let told = "header; dates have the month first, by line 3";
    assert_eq!(*header, Entry::skipped(2, told));
}

#[test]
fn nothing_of_a_log_with_open_dates_is_taken() {
    let log = format!("{EVENTS}\r\n{}", event("5/11/2026 4:45:10 PM"));
    let question = refusal(Kind::WindowsCsv, &berlin(), &log);
    assert!(question.starts_with("line 2: '5/11/2026 4:45:10 PM' is 5 November 2026 or 11 May"));
    let said = Options {
        date_order: Some(DateOrder::MonthDayYear),
        ..berlin()
    };
    let records = records(Kind::WindowsCsv, &said, &log);
    assert_eq!(local_times(&records), ["2026-05-11T16:45:10"]);
}

#[test]
fn an_export_that_says_nothing_of_jobs_is_refused() {
    let log = "\"TimeCreated\",\"Id\",\"Message\"\r\n\"2026-11-24 9:12:03\",\"307\",\"x\"\r\n";
    assert!(refusal(Kind::WindowsCsv, &berlin(), log).contains("no export of printed documents"));
}

#[test]
fn times_without_a_zone_are_refused_and_those_with_an_offset_are_not() {
    let nowhere = Options::new("office", None);
    let log = format!("{EVENTS}\r\n{}", event("2026-11-24 9:12:03"));
    assert!(refusal(Kind::WindowsCsv, &nowhere, &log).contains("no time zone is known"));
    let log = format!("{EVENTS}\r\n{}", event("2026-11-24 9:12:03 +01:00"));
    assert_eq!(records(Kind::WindowsCsv, &nowhere, &log).len(), 1);
}

#[test]
fn a_table_by_a_map_of_ones_own() {
    let map = "
        time_format = '%d.%m.%y %H:%M %z'
        [columns]
        completed_at = 'Ende'
        id = 'Nr'
        impressions = 'Seiten'
        color_impressions = 'Farbe'
        [constants]
        queue = 'lobby'
        evidence = 'device'
    ";
    let log = "Nr;Ende;Seiten;Farbe\n7;02.03.26 09:15 +0100;4;1\n";
    let [record] = records(Kind::Table, &mapped(map), log).try_into().unwrap();
    assert_eq!(record.key.to_string(), "table|office|7");
    assert_eq!(record.completed_at.as_millis(), 1_772_439_300_000);
    assert_eq!(record.time_quality, TimeQuality::Exact);
    assert_eq!(record.counts.mono_impressions(), Some(3));
    assert_eq!(record.counts.evidence.keyword(), "device");
    assert_eq!(record.queue.as_deref(), Some("lobby"));
}

#[test]
fn a_map_whose_columns_the_table_lacks_is_refused_by_name() {
    let map = mapped("[columns]\ncompleted_at = 'Ende'\nimpressions = ['Seiten', 'Farbe']\n");
    let log = "Export of 2026\n\nNr;Ende;Seiten\n7;2026-03-02 09:15:00;4\n";
    insta::assert_snapshot!(refusal(Kind::Table, &map, log), @"the table has no column 'Farbe': looked for column 'Ende', column 'Seiten', column 'Farbe' in its first 20 lines; the nearest is line 3 with 'Nr', 'Ende', 'Seiten'. Correct [columns] in the column map, or the table");
    let map = mapped("[columns]\ncompleted_at = 9\n");
    insta::assert_snapshot!(refusal(Kind::Table, &map, log), @"the table has no column 9: looked for column 9 in its first 20 lines; the nearest is line 1 with 'Nr', 'Ende', 'Seiten'. Correct [columns] in the column map, or the table");
    assert_eq!(
        entries(Kind::Table, &map, "\n"),
        [Entry::skipped(1, "blank")]
    );
}

#[test]
fn date_and_time_in_two_columns() {
    let log = "No;Print Date;Print Time;Login\n\
        1;24/11/2026;9:12:03;ada\n\
        2;5/11/2026;16:45:10;kim\n\
        3;5/11/2026;;lea\n";
    let expected = [
        "2026-11-24T09:12:03",
        "2026-11-05T16:45:10",
        "2026-11-05T12:00:00",
    ];
    for map in [
        "[columns]\ncompleted_at = ['Print Date', 'Print Time']\nuser = 'Login'\n",
        // By its header it is the time of day of that date.
        "[columns]\ncompleted_at = 'Print Date'\nuser = 'Login'\n",
    ] {
        let records = records(Kind::Table, &mapped(map), log);
        assert_eq!(local_times(&records), expected);
        let quality: Vec<_> = records.iter().map(|record| record.time_quality).collect();
        let zone = TimeQuality::AssumedZone;
        assert_eq!(quality, [zone, zone, TimeQuality::Day]);
    }
}

#[test]
fn a_bare_date_is_a_day_and_no_midnight() {
    let map = mapped("[columns]\ncompleted_at = 'Date'\n");
    let log = "Date;Duration\n2026-03-29;00:02:31\n";
    let [record] = records(Kind::Table, &map, log).try_into().unwrap();
    assert_eq!(record.time_quality, TimeQuality::Day);
    assert_eq!(local_times(&[record]), ["2026-03-29T12:00:00"]);
}

#[test]
fn a_table_without_header_by_numbers() {
    let map = mapped(
        "[columns]\ncompleted_at = [1, 2]\nuser = 3\nimpressions = [4, 5]\ncolor_impressions = 5\n",
    );
    for log in [
        "24.11.2026|09:12:03|ada|4|1\n5.11.2026|16:45:10|kim||\n",
        "Printed by the device\nDay|Time|Who|BW|Colour\n24.11.2026|09:12:03|ada|4|1\n\
         5.11.2026|16:45:10|kim||\n",
    ] {
        let [first, second] = records(Kind::Table, &map, log).try_into().unwrap();
        assert_eq!(first.user.as_deref(), Some("ada"));
        assert_eq!(first.counts.impressions, Some(5));
        assert_eq!(first.counts.color_impressions, Some(1));
        assert_eq!(second.counts.impressions, None);
        assert_eq!(
            local_times(&[first, second]),
            ["2026-11-24T09:12:03", "2026-11-05T16:45:10"]
        );
    }
}

#[test]
fn words_of_a_device_by_themselves_and_by_the_map() {
    let log = "When,Job,Ink,Sides,Pages\n\
        2026-11-24 09:12:03,2 Print Job,4 B/W,Twin,4\n\
        2026-11-24 09:13:03,Mailbox,Sepia,-,1\n\
        2026-11-24 09:14:03,Hologram,2 Color,-,1\n";
    let map = mapped(
        "[columns]\ncompleted_at = 'When'\nfunction = 'Job'\ncolor_mode = 'Ink'\nsides = 'Sides'\n\
         impressions = 'Pages'\n[words.function]\nmailbox = 'print'\n\
         [words.color_mode]\n'Sepia' = 'color'\n[words.sides]\n'Twin' = 'two-sided'\n",
    );
    let mut entries = entries(Kind::Table, &map, log);
    let Some(Entry::Refused { line: 4, reason }) = entries.pop() else {
        panic!("{entries:?}");
    };
    insta::assert_snapshot!(reason, @"field 'function': expected one of print, copy, scan, fax, other, found 'Hologram'; say what it means in the column map: [words.function]");
    let mut next = || match entries.pop() {
        Some(Entry::Record(record)) => record,
        other => panic!("{other:?}"),
    };
    let (second, first) = (next(), next());
    assert_eq!(first.function, JobFunction::Print);
    assert_eq!(first.color_mode, Some(ColorMode::Monochrome));
    assert_eq!(first.sides, Some(Sides::TwoSided));
    assert_eq!(second.function, JobFunction::Print);
    assert_eq!(second.color_mode, Some(ColorMode::Color));
}

#[test]
fn a_job_is_sent_before_its_end_in_the_repeated_hour_too() {
    let map = mapped("[columns]\ncompleted_at = 'End'\nsubmitted_at = 'Sent'\n");
    let log = "Sent,End\n2026-10-25 02:29:00,2026-10-25 02:30:00\n\
               2026-10-25 02:04:00,2026-10-25 02:05:00\n";
    for record in records(Kind::Table, &map, log) {
        let sent = record.submitted_at.unwrap();
        assert_eq!(record.completed_at.since(sent).as_secs(), 60);
    }
}

proptest::proptest! {
    #[test]
    fn a_table_backwards_or_rotated_has_the_same_jobs(
        minutes in proptest::collection::vec(0_i64..3 * 24 * 60, 1..12),
        turn in 0_usize..12,
    ) {
        let mut minutes = minutes;
        minutes.sort_unstable();
        let start: DateTime = "2026-03-03T00:00:00".parse().unwrap();
        let line = |minute: &i64| {
            let at = start.checked_add(jiff::Span::new().minutes(*minute)).unwrap();
            format!("{},ada\n", at.strftime("%-d/%-m/%Y %H:%M"))
        };
        let mut lines: Vec<String> = minutes.iter().map(line).collect();
        // Some line tells the order of all.
        lines.push("31/12/2025 09:00,kim\n".to_owned());
        let map = mapped("[columns]\ncompleted_at = 'At'\nuser = 'Who'\n");
        let read = |lines: &[String]| {
            let log = format!("At,Who\n{}", lines.concat());
            let records = records(Kind::Table, &map, log).into_iter();
            let mut keys: Vec<_> = records
                .map(|record| (record.key.id, record.completed_at))
                .collect();
            keys.sort();
            keys
        };
        let expected = read(&lines);
        lines.reverse();
        proptest::prop_assert_eq!(&read(&lines), &expected);
        let turn = turn % lines.len();
        lines.rotate_left(turn);
        proptest::prop_assert_eq!(&read(&lines), &expected);
    }
}
