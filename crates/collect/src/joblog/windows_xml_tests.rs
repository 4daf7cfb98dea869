//! Events as XML, and how they are joined.

use super::*;
use platen_domain::print_jobs::{ColorMode, PrintRecord};

/// An event of the second `at` of 2026-03-02T08:15, with this data.
pub(in crate::joblog) fn xml(id: u16, record: u32, at: &str, data: &str) -> String {
    format!(
        "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System>\
         <Provider Name='Microsoft-Windows-PrintService'/><EventID>{id}</EventID>\
         <TimeCreated SystemTime='2026-03-02T08:15:{at}Z'/><EventRecordID>{record}</EventRecordID>\
         <Correlation/><Channel>Microsoft-Windows-PrintService/Operational</Channel>\
         <Computer>PRINTSRV01</Computer></System><UserData>{data}</UserData>\
         <RenderingInfo><Channel>Print</Channel></RenderingInfo></Event>\n"
    )
}

pub(in crate::joblog) fn printed(
    record: u32,
    at: &str,
    job: u32,
    title: &str,
    pages: u32,
) -> String {
    let data = format!(
        "<DocumentPrinted xmlns='urn:x'><Param1>{job}</Param1><Param2>{title}</Param2>\
         <Param3>CORP\\alice</Param3><Param4>\\\\WS-017</Param4><Param5>FIN</Param5>\
         <Param6>IP_10.1.2.3</Param6><Param7>482113</Param7><Param8>{pages}</Param8>\
         </DocumentPrinted>"
    );
    xml(307, record, at, &data)
}

pub(in crate::joblog) fn rendered(record: u32, at: &str, job: u32, copies: u32) -> String {
    let data = format!(
        "<RenderJobDiag><JobId>{job}</JobId><Color>2</Color><Copies>{copies}</Copies>\
         </RenderJobDiag>"
    );
    xml(805, record, at, &data)
}

fn entries(xml: &str) -> Vec<Entry> {
    let mut entries = Vec::new();
    // A small buffer, so that events span several reads.
    let mut reader = io::BufReader::with_capacity(13, xml.as_bytes());
    parse(&mut reader, &mut |entry| entries.push(entry)).unwrap();
    entries
}

fn records(xml: &str) -> Vec<PrintRecord> {
    let entries = entries(xml).into_iter();
    entries
        .filter_map(|entry| match entry {
            Entry::Record(record) => Some(*record),
            _ => None,
        })
        .collect()
}

/// Copies, impressions and remarks of a record.
fn counted(record: &PrintRecord) -> (Option<u32>, Option<u32>, String) {
    let words: Vec<_> = record.flags.keywords().collect();
    (
        record.counts.copies,
        record.counts.impressions,
        words.join(" "),
    )
}

#[test]
fn a_document_with_its_rendering() {
    let log = [
        rendered(1001, "10.1000000", 12, 3),
        printed(1002, "11.2000000", 12, "Budget &lt;&amp;&#x3E; 2026", 4),
    ];
    // As an export without and as a viewer with blanks between elements.
    let log = log.concat().replace("><", ">\n  <");
    let log = format!("<?xml version='1.0'?><Events>{log}</Events>");
    let [record] = records(&log).try_into().unwrap();
    assert_eq!(
        record.key.to_string(),
        "win|printsrv01|Microsoft-Windows-PrintService/Operational|2026-03-02T08:15:11.200Z|1002"
    );
    assert_eq!(record.document.as_deref(), Some("Budget <&> 2026"));
    assert_eq!(record.user.as_deref(), Some("CORP\\alice"));
    assert_eq!(record.client.as_deref(), Some("WS-017"));
    assert_eq!(record.printer.address, Some([10, 1, 2, 3].into()));
    assert_eq!(record.color_mode, Some(ColorMode::Color));
    assert_eq!(record.bytes, Some(482_113));
    assert_eq!(
        counted(&record),
        (Some(3), Some(12), "paired-events".to_owned())
    );
    assert_eq!(record.counts.sheets, None);
}

#[test]
fn newest_first_is_joined_as_well() {
    let mut log = [
        rendered(1, "10.0", 12, 3),
        printed(2, "11.0", 12, "a", 4),
        rendered(3, "30.0", 12, 2),
        rendered(4, "30.2", 12, 2),
        printed(5, "31.0", 12, "b", 5),
        printed(6, "50.0", 13, "c", 1),
    ];
    let mut forward = records(&log.concat());
    log.reverse();
    let mut backward = records(&log.concat());
    forward.sort_by_key(|record| record.completed_at);
    backward.sort_by_key(|record| record.completed_at);
    assert_eq!(forward, backward);
    let impressions: Vec<_> = forward.iter().map(counted).collect();
    let paired = || "paired-events".to_owned();
    let expected = [
        (Some(3), Some(12), paired()),
        (Some(2), Some(10), paired()),
        (None, Some(1), "copies-assumed".to_owned()),
    ];
    assert_eq!(impressions, expected);
}

#[test]
fn an_805_of_another_time_or_job_is_not_its_own() {
    let log = [
        rendered(1, "10.0", 12, 3),
        rendered(2, "14.0", 13, 3),
        printed(3, "15.1", 12, "a", 4),
        rendered(4, "20.0", 14, 0),
        printed(5, "20.5", 14, "b", 2),
    ];
    let [first, second] = records(&log.concat()).try_into().unwrap();
    assert_eq!(
        counted(&first),
        (None, Some(4), "copies-assumed".to_owned())
    );
    let assumed = "copies-assumed paired-events".to_owned();
    assert_eq!(counted(&second), (Some(1), Some(2), assumed));
}

#[test]
fn a_bad_event_costs_itself_alone() {
    let padding = "x".repeat(EVENT_MAX_OCTETS);
    let log = [
        xml(316, 1, "01.0", "<DriverAdded/>"),
        printed(2, "02.0", 1, "a</wrong>", 1),
        printed(3, "03.0", 2, "&bomb;", 1),
        printed(4, "04.0", 3, "&#x1;", 1).replace("EventRecordID", "Other"),
        format!("<Event><![CDATA[{padding}"),
        printed(6, "06.0", 5, "fine\u{1}", 1),
        "<Event><System>".to_owned(),
        xml(300, 8, "08.0", ""),
        "<Event><System>".to_owned(),
    ];
    let mut entries = entries(&log.concat());
    let last = entries
        .iter()
        .position(|entry| matches!(entry, Entry::Record(_)));
    let Entry::Record(record) = entries.remove(last.unwrap()) else {
        panic!("{entries:?}");
    };
    assert_eq!(record.document.as_deref(), Some("fine"));
    let expected = [
        Entry::skipped(1, "event 316"),
        Entry::refused(2, "not well-formed"),
        Entry::refused(3, "an entity that XML does not define"),
        Entry::refused(4, "no EventRecordID"),
        Entry::refused(5, "longer than 256 KiB"),
        Entry::refused(7, "no end"),
        Entry::skipped(8, "event 300"),
        Entry::refused(9, "the file ends within it"),
    ];
    assert_eq!(entries, expected);
}
