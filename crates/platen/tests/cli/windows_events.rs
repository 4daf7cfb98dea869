//! Windows events as an administrator takes them in: as XML, and as JSON by other programs.

use std::fs;

use crate::init::installation;
use crate::program::said;

const CHANNEL: &str = "Microsoft-Windows-PrintService/Operational";

fn xml() -> String {
    format!(
        "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System>\
         <Provider Name='Microsoft-Windows-PrintService'/><EventID>307</EventID>\
         <TimeCreated SystemTime='2026-03-02T08:15:11.2345678Z'/><EventRecordID>71</EventRecordID>\
         <Channel>{CHANNEL}</Channel><Computer>PRINT7</Computer></System><UserData>\
         <DocumentPrinted><Param1>5</Param1><Param2>Minutes</Param2><Param3>nora</Param3>\
         <Param4>\\\\WS-7</Param4><Param5>HALL</Param5><Param6>10.7.7.7</Param6>\
         <Param7>2048</Param7><Param8>4</Param8></DocumentPrinted></UserData></Event>\n"
    )
}

/// The same as `Get-WinEvent … | ConvertTo-Json -Depth 4 > events.json` of Windows `PowerShell`
/// leaves it: an array over several lines, times as numbers, UTF-16.
fn powershell() -> Vec<u8> {
    let values = [
        "5",
        "Minutes",
        "nora",
        "\\\\\\\\WS-7",
        "HALL",
        "10.7.7.7",
        "2048",
        "4",
    ];
    let values = values.map(|value| format!("{{\"Value\": \"{value}\"}}"));
    let json = format!(
        "\u{FEFF}[\r\n  {{\r\n    \"Id\": 307,\r\n    \"RecordId\": 71,\r\n    \
         \"ProviderName\": \"Microsoft-Windows-PrintService\",\r\n    \"LogName\": \"{CHANNEL}\",\r\n    \
         \"MachineName\": \"PRINT7\",\r\n    \"TimeCreated\": \"\\/Date(1772439311234)\\/\",\r\n    \
         \"Properties\": [{}]\r\n  }}\r\n]\r\n",
        values.join(",\r\n")
    );
    json.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

#[test]
fn an_event_is_one_job_as_xml_and_as_json() {
    let directory = tempfile::tempdir().unwrap();
    let (config, _) = installation(directory.path());
    let import = |name: &str, content: &[u8]| {
        let file = directory.path().join(name);
        fs::write(&file, content).unwrap();
        let (file, config) = (file.to_str().unwrap(), config.to_str().unwrap());
        said(&["import", file, "--config", config])
    };
    let told = import("events.json", &powershell());
    assert!(
        told.contains("events.json (windows-json): 1 job: 1 new"),
        "{told}"
    );
    let told = import("events.xml", xml().as_bytes());
    let known = "events.xml (windows-xml): 1 job: 0 new, 0 revised, 1 known already";
    assert!(told.contains(known), "{told}");
}
