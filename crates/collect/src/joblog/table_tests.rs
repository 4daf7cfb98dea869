//! Tables.

use super::*;
use crate::joblog::{lines, papercut, windows_csv};
use platen_domain::print_jobs::{ColorMode, CountFlags, Sides};

fn entries(table: &mut Table, log: &[u8]) -> Vec<Entry> {
    let mut entries = Vec::new();
    lines::parse(&mut &*log, table, &mut |entry| entries.push(entry)).unwrap();
    entries
}

fn records(table: &mut Table, log: &[u8]) -> Vec<PrintRecord> {
    let entries = entries(table, log).into_iter();
    entries
        .filter_map(|entry| match entry {
            Entry::Record(record) => Some(*record),
            _ => None,
        })
        .collect()
}

fn berlin() -> TimeZone {
    TimeZone::get("Europe/Berlin").unwrap()
}

const PAPERCUT: &str = "PaperCut Print Logger - http://www.papercut.com/\r\n\
    Time,User,Pages,Copies,Printer,Document Name,Client,Paper Size,Language,Height,Width,Duplex,\
    Grayscale,Size\r\n";

#[test]
fn a_line_of_print_logger() {
    let line = b"2026-10-25 02:10:00,ACME\\m\xFCller,3,2,MFT,\"B\xFCro, \"\"A\"\"\",\\\\PC-1,A4,\
        PCL6,,,DUPLEX,GRAYSCALE,19kb,\r\n";
    let log = [PAPERCUT.as_bytes(), line, line].concat();
    let mut table = papercut::print_logger("office", &berlin(), None);
    let [first, second] = records(&mut table, &log).try_into().unwrap();
    assert_eq!(first.key.source, "pcpl|office");
    assert!(first.key.id.starts_with("2026-10-25|") && first.key.id.ends_with("|1"));
    assert!(second.key.id.ends_with("|2"));
    assert_eq!(first.user.as_deref(), Some("müller"));
    assert_eq!(first.document.as_deref(), Some("Büro, \"A\""));
    assert_eq!(first.client.as_deref(), Some("PC-1"));
    assert_eq!(first.time_quality, TimeQuality::Ambiguous);
    assert_eq!(first.counts.impressions, Some(6));
    assert_eq!(first.counts.sheets, Some(4));
    assert_eq!(first.sides, Some(Sides::TwoSided));
    assert_eq!(first.color_mode, Some(ColorMode::Monochrome));
    assert_eq!(first.bytes, Some(19 * 1_024));
    let again = records(&mut papercut::print_logger("office", &berlin(), None), &log);
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
    let mut table = papercut::print_logger("office", &berlin(), None);
    let mut entries = entries(&mut table, log.as_bytes());
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
        Entry::refused(3, "a time that is not read by the time format"),
        Entry::refused(
            4,
            "field 'pages': expected a whole number from 0 to 4294967295",
        ),
        Entry::refused(5, "more fields than the header has"),
        Entry::skipped(6, "blank"),
    ];
    assert_eq!(entries, expected);
}

#[test]
fn an_export_of_events_by_its_culture() {
    let times = [
        "3/2/2026 9:15:11 AM",
        "02/03/2026 09:15:11",
        "02.03.2026 09:15:11",
    ];
    let rows =
        times.map(|time| format!("\"{time}\",\"alice\",\"\\\\WS-017\",\"FIN\",\"482113\",\"4\""));
    let header =
        "\"TimeCreated\",\"UserName\",\"ComputerName\",\"PrinterName\",\"PrintSize\",\"Pages\"";
    let log = format!("{header}\n{}\n", rows.join("\n"));
    let mut table = windows_csv::get_win_event("fin", &berlin(), None);
    let records = records(&mut table, log.as_bytes());
    assert_eq!(records.len(), 3);
    for record in records {
        assert_eq!(record.completed_at.as_millis(), 1_772_439_311_000);
        assert_eq!(record.counts.impressions, Some(4));
        assert_eq!(record.counts.copies, None);
        assert_eq!(record.flags, CountFlags::COPIES_ASSUMED);
        assert_eq!(record.bytes, Some(482_113));
        assert_eq!(record.client.as_deref(), Some("WS-017"));
    }
}

#[test]
fn a_table_by_a_map_of_ones_own() {
    let map = "
        delimiter = ';'
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
    let map: ColumnMap = map.parse().unwrap();
    let log = "Nr;Ende;Seiten;Farbe\n7;02.03.26 09:15 +0100;4;1\n";
    let mut table = Table::new("mfp", map.clone(), &TimeZone::UTC, None);
    let [record] = records(&mut table, log.as_bytes()).try_into().unwrap();
    assert_eq!(record.key.to_string(), "table|mfp|7");
    assert_eq!(record.completed_at.as_millis(), 1_772_439_300_000);
    assert_eq!(record.time_quality, TimeQuality::Exact);
    assert_eq!(record.counts.mono_impressions(), Some(3));
    assert_eq!(record.counts.evidence.keyword(), "device");
    assert_eq!(record.queue.as_deref(), Some("lobby"));
    let mut table = Table::new("mfp", map, &TimeZone::UTC, None);
    let short = entries(&mut table, b"Nr;Ende\n");
    assert_eq!(
        short,
        [Entry::refused(1, "the header has no column 'Farbe'")]
    );
}

#[test]
fn sizes_in_several_units() {
    assert_eq!(size("19kb", 1), Some(19_456));
    assert_eq!(size("1.5 MB", 1), Some(1_572_864));
    assert_eq!(size("16", 1_024), Some(16_384));
    for not in ["", "kb", "-1", "1.x", "99999999999999999999"] {
        assert_eq!(size(not, 1), None, "{not}");
    }
}
