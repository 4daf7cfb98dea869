//! Events as JSON of every program, and that they are what their XML is.

use super::*;
use crate::joblog::windows_xml;
use crate::joblog::windows_xml::tests::{printed, rendered};
use platen_domain::print_jobs::PrintRecord;
use serde_json::{Value, json};

const CHANNEL: &str = "Microsoft-Windows-PrintService/Operational";
const PROVIDER: &str = "Microsoft-Windows-PrintService";

fn entries(json: &str) -> Vec<Entry> {
    let mut entries = Vec::new();
    let zone = TimeZone::get("Europe/Berlin").unwrap();
    let mut reader = io::BufReader::with_capacity(7, json.as_bytes());
    parse(&mut reader, &zone, &mut |entry| entries.push(entry)).unwrap();
    entries
}

fn of_xml(xml: &str) -> Vec<Entry> {
    let mut entries = Vec::new();
    windows_xml::parse(&mut xml.as_bytes(), &mut |entry| entries.push(entry)).unwrap();
    entries
}

fn records(entries: Vec<Entry>) -> Vec<PrintRecord> {
    let records = entries.into_iter().filter_map(|entry| match entry {
        Entry::Record(record) => Some(*record),
        _ => None,
    });
    records.collect()
}

/// The two events of one job: how they were rendered, and printed.
fn job_as_xml() -> String {
    rendered(1001, "10.1000000", 12, 3) + &printed(1002, "11.2345678", 12, "Budget 2026", 4)
}

/// The values of the two events, each with its name.
fn values(id: u16) -> Vec<(&'static str, &'static str)> {
    if id == 805 {
        return vec![
            ("JobId", "12"),
            ("GdiJobSize", "0"),
            ("ICMMethod", "0"),
            ("Color", "2"),
            ("XRes", "600"),
            ("YRes", "600"),
            ("Quality", "600"),
            ("Copies", "3"),
            ("TTOption", "0"),
        ];
    }
    vec![
        ("Param1", "12"),
        ("Param2", "Budget 2026"),
        ("Param3", "CORP\\alice"),
        ("Param4", "\\\\WS-017"),
        ("Param5", "FIN"),
        ("Param6", "IP_10.1.2.3"),
        ("Param7", "482113"),
        ("Param8", "4"),
    ]
}

fn members(id: u16) -> Value {
    let values = values(id).into_iter();
    Value::Object(
        values
            .map(|(name, value)| (name.to_owned(), value.into()))
            .collect(),
    )
}

/// One event, as each program writes it.
#[expect(clippy::too_many_lines, reason = "a table: one arm a program")]
fn event(program: &str, id: u16) -> Value {
    let (record, seconds) = if id == 805 {
        (1001, "10.1000000")
    } else {
        (1002, "11.2345678")
    };
    let at = format!("2026-03-02T08:15:{seconds}Z");
    let element = if id == 805 {
        "RenderJobDiag"
    } else {
        "DocumentPrinted"
    };
    let in_order = values(id).into_iter().map(|(_, value)| value);
    match program {
        "evtx_dump" => json!({"Event": {
            "#attributes": {"xmlns": "http://schemas.microsoft.com/win/2004/08/events/event"},
            "System": {
                "Provider": {"#attributes": {"Name": PROVIDER, "Guid": "{747EF6FD}"}},
                "EventID": {"#attributes": {"Qualifiers": 0}, "#text": id},
                "TimeCreated": {"#attributes": {"SystemTime": at}},
                "EventRecordID": record, "Channel": CHANNEL, "Computer": "PRINTSRV01",
                "Correlation": null,
            },
            "UserData": {element: members(id)},
        }}),
        "evtx_dump, separate attributes" => json!({"Event": {
            "System": {
                "Provider": null, "Provider_attributes": {"Name": PROVIDER},
                "EventID": id,
                "TimeCreated": null, "TimeCreated_attributes": {"SystemTime": at},
                "EventRecordID": record, "Channel": CHANNEL, "Computer": "PRINTSRV01",
            },
            "UserData": {element: members(id)},
        }}),
        "Winlogbeat" => {
            let mut data = members(id);
            data["xml_name"] = element.into();
            json!({
                "@timestamp": at.get(..23).unwrap().to_owned() + "Z",
                "event": {"code": id.to_string(), "provider": PROVIDER, "created": "2026-03-02T09:00:00Z"},
                "host": {"name": "PRINTSRV01"},
                "winlog": {
                    "provider_name": PROVIDER, "event_id": id.to_string(), "record_id": record,
                    "channel": CHANNEL, "computer_name": "PRINTSRV01", "user_data": data,
                },
            })
        }
        "Winlogbeat 6, by way of Elasticsearch" => json!({"_index": "winlogbeat", "_source": {
            "@timestamp": at, "source_name": PROVIDER, "event_id": id,
            "record_number": record.to_string(), "log_name": CHANNEL, "type": "wineventlog",
            "computer_name": "PRINTSRV01", "user_data": members(id),
        }}),
        "Winlogbeat, names with points" => json!({
            "@timestamp": [at], "winlog.provider_name": [PROVIDER], "winlog.event_id": [id],
            "winlog.record_id": [record], "winlog.channel": [CHANNEL],
            "winlog.computer_name": ["PRINTSRV01"], "winlog.user_data": members(id),
        }),
        "Wazuh" => {
            let data = values(id).into_iter().map(|(name, value)| {
                let (first, rest) = name.split_at(1);
                (first.to_lowercase() + rest, value.into())
            });
            let mut user_data = serde_json::Map::new();
            user_data.insert("documentPrinted".to_owned(), Value::Object(data.collect()));
            json!({
                "timestamp": "2026-03-02T12:00:00.000+0000", "id": "1715352199.2",
                "decoder": {"name": "windows_eventchannel"},
                "data": {"win": {
                    "system": {
                        "providerName": PROVIDER, "eventID": id.to_string(), "systemTime": at,
                        "eventRecordID": record.to_string(), "channel": CHANNEL,
                        "computer": "PRINTSRV01",
                    },
                    "userData": user_data,
                }},
            })
        }
        "NXLog" => {
            let mut event = members(id);
            let seconds = seconds.get(..6).unwrap();
            event["EventTime"] = format!("2026-03-02T09:15:{seconds}+01:00").into();
            event["EventReceivedTime"] = "2026-03-02T12:00:00.000000+01:00".into();
            event["Hostname"] = "PRINTSRV01".into();
            event["EventID"] = id.into();
            event["SourceName"] = PROVIDER.into();
            event["RecordNumber"] = record.into();
            event["Channel"] = CHANNEL.into();
            event["SourceModuleType"] = "im_msvistalog".into();
            event
        }
        "ConvertTo-Json" => {
            let values: Vec<_> = in_order.map(|value| json!({"Value": value})).collect();
            let millis = if id == 805 {
                1_772_439_310_100_i64
            } else {
                1_772_439_311_234
            };
            json!({
                "Id": id, "Version": 0, "RecordId": record, "ProviderName": PROVIDER,
                "LogName": CHANNEL, "MachineName": "PRINTSRV01", "UserId": {"Value": "S-1-5-18"},
                "TimeCreated": format!("/Date({millis})/"), "Properties": values,
                "Message": "…",
            })
        }
        "ConvertTo-Json of PowerShell 7" => json!({
            "Id": id, "RecordId": record, "ProviderName": PROVIDER, "LogName": CHANNEL,
            "MachineName": "PRINTSRV01", "TimeCreated": format!("2026-03-02T09:15:{seconds}+01:00"),
            "Properties": in_order.map(|value| json!({"Value": value})).collect::<Vec<_>>(),
        }),
        "Fluent Bit" => json!({
            "ProviderName": PROVIDER, "EventID": id, "EventRecordID": record, "Channel": CHANNEL,
            "Computer": "PRINTSRV01", "TimeCreated": format!("2026-03-02 09:15:{seconds} +0100"),
            "StringInserts": in_order.collect::<Vec<_>>(),
        }),
        "Alloy" => {
            let data = values(id).into_iter();
            let data = data.map(|(name, value)| format!("<{name}>{value}</{name}>"));
            let data = data.collect::<String>();
            json!({
                "source": PROVIDER, "channel": CHANNEL, "computer": "PRINTSRV01",
                "event_id": id, "timeCreated": at, "eventRecordID": record,
                "user_data": format!("<{element} xmlns='urn:x'>{data}</{element}>"),
            })
        }
        other => panic!("{other}"),
    }
}

const PROGRAMS: [&str; 11] = [
    "evtx_dump",
    "evtx_dump, separate attributes",
    "Winlogbeat",
    "Winlogbeat 6, by way of Elasticsearch",
    "Winlogbeat, names with points",
    "Wazuh",
    "NXLog",
    "ConvertTo-Json",
    "ConvertTo-Json of PowerShell 7",
    "Fluent Bit",
    "Alloy",
];

#[test]
fn the_json_of_every_program_is_what_the_xml_is() {
    let expected = of_xml(&job_as_xml());
    assert_eq!(records(expected.clone()).len(), 1);
    for program in PROGRAMS {
        let events = [event(program, 805), event(program, 307)];
        let lines = format!("{}\r\n{}\r\n", events[0], events[1]);
        let array = Value::Array(events.to_vec()).to_string();
        let pretty = format!("\u{FEFF}{:#}", Value::Array(events.to_vec()));
        let separate = format!("Record 1\n{:#}\nRecord 2\n{:#}\n", events[0], events[1]);
        for text in [lines, array, pretty, separate] {
            assert!(is_in(text.trim_start_matches('\u{FEFF}')), "{program}");
            assert_eq!(entries(&text), expected, "{program}: {text}");
        }
    }
}

#[test]
fn an_event_that_carries_its_xml_is_that() {
    let xml = printed(1002, "11.2345678", 12, "Budget 2026", 4);
    let mut event = event("Winlogbeat", 307);
    event["winlog"]["user_data"] = json!({"Param1": "77"});
    event["event"]["original"] = xml.as_str().into();
    assert_eq!(entries(&event.to_string()), of_xml(&xml));
}

#[test]
fn a_title_is_no_event() {
    let mut event = event("NXLog", 307);
    event["Param2"] = printed(9, "11.0", 99, "forged", 900).into();
    let [record] = records(entries(&event.to_string())).try_into().unwrap();
    assert_eq!(record.counts.impressions, Some(4));
}

#[test]
fn properties_without_values_say_what_to_type() {
    let mut event = event("ConvertTo-Json", 307);
    event["Properties"] = vec!["System.Diagnostics.Eventing.Reader.EventProperty"; 8].into();
    let refused = "its Properties hold no values: write the file anew with ConvertTo-Json -Depth 4";
    assert_eq!(entries(&event.to_string()), [Entry::refused(1, refused)]);
    // Unless the message still says them, in English.
    event["Message"] =
        "Document 12, Budget 2026 owned by CORP\\alice on \\\\WS-017 was printed on FIN \
        through port IP_10.1.2.3.  Size in bytes: 482113. Pages printed: 4. No user action is \
        required."
            .into();
    let xml = printed(1002, "11.2345678", 12, "Budget 2026", 4);
    assert_eq!(entries(&event.to_string()), of_xml(&xml));
}

#[test]
fn a_broken_object_costs_itself_alone() {
    let whole = event("evtx_dump", 307).to_string();
    let long = format!("{{\"x\":\"{}\"}}", "y".repeat(EVENT_MAX_OCTETS));
    let cut = whole.get(..whole.len() / 2).unwrap();
    let other = whole.replace("307", "316");
    let file = [
        cut,
        &whole,
        "{\"a\":{}\n",
        &other,
        "{\"a\" 1}",
        &long,
        "{\"a\":1}",
        "{\"b\":",
    ];
    let mut told = Vec::new();
    for entry in entries(&file.join("\n")) {
        told.push(match entry {
            Entry::Record(_) => "a record".to_owned(),
            Entry::Skipped { line, reason } | Entry::Refused { line, reason } => {
                format!("{line} {reason}")
            }
        });
    }
    insta::assert_snapshot!(told.join("\n"), @r"
    1 no end
    3 no end
    4 event 316
    5 not well-formed JSON
    6 longer than 256 KiB
    7 not a Windows event as Winlogbeat (winlog), evtx_dump (Event.System), Wazuh (data.win.system), NXLog or Get-WinEvent | ConvertTo-Json (EventID, ProviderName, Channel, …) write it
    8 the file ends within it
    a record
    ");
}

#[test]
fn bare_local_time_is_of_the_zone() {
    let mut event = event("NXLog", 307);
    event["EventTime"] = "2026-03-02 09:15:11".into();
    let [record] = records(entries(&event.to_string())).try_into().unwrap();
    assert_eq!(record.completed_at.as_millis(), 1_772_439_311_000);
    assert_eq!(record.time_quality.keyword(), "assumed-zone");
}
