//! Whole reports over a small fleet, as a program receives them.

#![expect(clippy::unwrap_used, reason = "a failed step fails the test")]

use std::sync::Arc;

use platen_domain::clock::Timestamp;
use platen_domain::devices::{Device, Identity, Lifecycle};
use platen_domain::ids::{DeviceId, OrganizationId};
use platen_domain::meters::MeterValue;
use platen_domain::print_jobs::JobFunction;
use platen_domain::print_months::MonthCounts;
use platen_domain::print_rows::PrinterNames;
use platen_domain::readings::ProfileRef;
use platen_domain::snapshots::{DeviceSnapshot, OpenAlert, StatusSnapshot};
use platen_domain::status::{Alert, DetectedErrors, DeviceState, Severity};
use platen_domain::supplies::{Level, Supply, SupplyClass, SupplyType};
use platen_report::catalogue::FleetReport;
use platen_report::column_map::{ColumnMap, Layout};
use platen_report::encode::{Encoder, Format};
use platen_report::instants::InstantWriter;
use platen_report::print_months::{PrintMonth, PrintMonths};

const NOON: Timestamp = Timestamp::from_millis(1_795_431_600_000); // 2026-11-23T11:00:00Z

fn device(number: u8, identity: Identity) -> DeviceSnapshot {
    DeviceSnapshot {
        findings: Vec::new(),
        device: Device {
            id: DeviceId::from_bytes([number; 16]),
            organization: OrganizationId::from_bytes([1; 16]),
            identity,
            address: std::net::Ipv4Addr::new(192, 0, 2, number).into(),
            asset_number: None,
            department: Vec::new(),
            location: Vec::new(),
            lifecycle: Lifecycle::InService,
            first_seen_at: NOON,
            last_seen_at: NOON,
        },
        meters: Vec::new(),
        meters_read_at: None,
        supplies: Vec::new(),
        replaced_at: Vec::new(),
        supplies_read_at: None,
        status: None,
        transport: None,
        profile: None,
    }
}

fn meter(key: &str, value: u64) -> MeterValue {
    MeterValue {
        key: key.parse().unwrap(),
        value,
        source: "1.3.6.1.2.1.43.10.2.1.4.1.1".to_owned(),
    }
}

fn supply(kind: SupplyType, class: SupplyClass, color: Option<&str>, level: Level) -> Supply {
    Supply {
        index: 1,
        class,
        kind,
        colorants: color.into_iter().map(str::to_owned).collect(),
        description: format!("{} cartridge", color.unwrap_or("waste")),
        part_number: Some("CF410X".to_owned()),
        serial: None,
        unit: Some("impressions".to_owned()),
        capacity: Some(6_500),
        level,
        raw_capacity: Some(6_500),
        raw_level: Some(-3),
        rule: "rfc3805".into(),
    }
}

fn alert(severity: Severity, text: &str, pseudo: bool) -> OpenAlert {
    OpenAlert {
        alert: Alert {
            severity,
            group: 8,
            group_index: 1,
            code: 808,
            text: text.to_owned(),
            pseudo,
        },
        opened_at: NOON,
    }
}

fn fleet() -> [DeviceSnapshot; 2] {
    let mut known = device(
        7,
        Identity {
            manufacturer: Some("Lexmark".to_owned()),
            model: Some("CX725".to_owned()),
            serial: Some("=7529\"30".to_owned()),
            color: Some(true),
            ..Identity::default()
        },
    );
    known.device.location = vec!["Berlin".to_owned(), "2nd floor".to_owned()];
    known.meters = vec![
        meter("total/all/impressions/any", 1_000),
        meter("print/color/impressions/any", 200),
        meter("copy/color/impressions/any", 50),
        meter("copy/mono/impressions/any", 30),
        meter("total/all/impressions/maker", 990),
        meter("total/all/impressions/a3", 12),
        meter("total/all/impressions/a4", 978),
        meter("total/all/duplex-unproven/any", 111),
        meter("total/mono/impressions/a3", 9),
    ];
    known.meters_read_at = Some(NOON);
    known.supplies = vec![
        supply(
            SupplyType::TonerCartridge,
            SupplyClass::Consumed,
            Some("cyan"),
            Level::Percent(0),
        ),
        supply(
            SupplyType::TonerCartridge,
            SupplyClass::Consumed,
            Some("black"),
            Level::SomeLeft,
        ),
        supply(
            SupplyType::WasteToner,
            SupplyClass::Receptacle,
            None,
            Level::Unknown,
        ),
        supply(
            SupplyType::Ink,
            SupplyClass::Consumed,
            Some("photo black"),
            Level::Units(12),
        ),
    ];
    known.supplies_read_at = Some(NOON);
    known.profile = Some(ProfileRef {
        name: "lexmark".to_owned(),
        version: 1,
    });
    known.status = Some(StatusSnapshot {
        state: DeviceState::Warning,
        since: NOON,
        read_at: NOON,
        errors: Some(DetectedErrors::from_octets(&[0xA0])),
        alerts: vec![
            alert(Severity::Other, "Sleep", true),
            alert(Severity::Warning, "Tray 2 low", false),
            alert(Severity::Critical, "Tray 1 empty", false),
        ],
        console: vec!["Ready".to_owned(), String::new(), "Tray 1".to_owned()],
    });
    [known, device(8, Identity::default())]
}

fn written(format: Format, layout: Layout, fleet: &[DeviceSnapshot]) -> String {
    let berlin = InstantWriter::new("Europe/Berlin").unwrap();
    let mut encoder = Encoder::new(format, Arc::new(layout), berlin);
    let mut out = Vec::new();
    encoder.start(&mut out);
    for snapshot in fleet {
        encoder.device(snapshot, &mut out);
    }
    encoder.finish(&mut out);
    String::from_utf8(out).unwrap()
}

fn json(report: FleetReport) -> String {
    written(Format::Json, Layout::unchanged(report), &fleet())
}

#[test]
fn meters_as_json() {
    insta::assert_snapshot!(json(FleetReport::Meters), @r#"
    [{"SerialNumber":"=7529\"30","Manufacturer":"Lexmark","Model":"CX725","DeviceName":null,"IpAddress":"192.0.2.7","MacAddress":null,"AssetNumber":null,"Location":"Berlin / 2nd floor","Location1":"Berlin","Location2":"2nd floor","Location3":null,"Location4":null,"Location5":null,"Department":null,"LifeCountTotal":1000,"LifeCountMono":750,"LifeCountColor":250,"LifeCountTwoColor":null,"LifeCountSingleColor":null,"ColorDevice":true,"PrintCountTotal":null,"PrintCountMono":null,"PrintCountColor":200,"CopyCountTotal":80,"CopyCountMono":30,"CopyCountColor":50,"FaxCountTotal":null,"FaxCountMono":null,"FaxCountColor":null,"ScanCount":null,"ScanCountMono":null,"ScanCountColor":null,"OtherCountTotal":null,"DuplexSheets":111,"Sheets":null,"LargeCountTotal":12,"LargeCountMono":9,"LargeCountColor":null,"LifeUsage":null,"LifeUsageUnit":null,"MeterReadConfidence":5,"MeterReadRule":"color = sum of function meters; mono = total - color","MeterReadAt":"2026-11-23T12:00:00.000+01:00","MeterProfile":"lexmark","LifeCountMaker":990,"DuplexRule":"not proven: sheets, or sides and then half as many sheets","CountsBySize":"a3 12; a4 978","MeterDoubts":"two-sided count: sheets or sides is not proven","FirstSeenAt":"2026-11-23T12:00:00.000+01:00","LastSeenAt":"2026-11-23T12:00:00.000+01:00","DeviceId":"07070707-0707-0707-0707-070707070707"},
    {"SerialNumber":null,"Manufacturer":null,"Model":null,"DeviceName":null,"IpAddress":"192.0.2.8","MacAddress":null,"AssetNumber":null,"Location":null,"Location1":null,"Location2":null,"Location3":null,"Location4":null,"Location5":null,"Department":null,"LifeCountTotal":null,"LifeCountMono":null,"LifeCountColor":null,"LifeCountTwoColor":null,"LifeCountSingleColor":null,"ColorDevice":null,"PrintCountTotal":null,"PrintCountMono":null,"PrintCountColor":null,"CopyCountTotal":null,"CopyCountMono":null,"CopyCountColor":null,"FaxCountTotal":null,"FaxCountMono":null,"FaxCountColor":null,"ScanCount":null,"ScanCountMono":null,"ScanCountColor":null,"OtherCountTotal":null,"DuplexSheets":null,"Sheets":null,"LargeCountTotal":null,"LargeCountMono":null,"LargeCountColor":null,"LifeUsage":null,"LifeUsageUnit":null,"MeterReadConfidence":0,"MeterReadRule":"no life count was read","MeterReadAt":null,"MeterProfile":null,"LifeCountMaker":null,"DuplexRule":"no two-sided count was read","CountsBySize":null,"MeterDoubts":null,"FirstSeenAt":"2026-11-23T12:00:00.000+01:00","LastSeenAt":"2026-11-23T12:00:00.000+01:00","DeviceId":"08080808-0808-0808-0808-080808080808"}]
    "#);
}

#[test]
fn status_as_json() {
    insta::assert_snapshot!(json(FleetReport::Status), @r#"
    [{"SerialNumber":"=7529\"30","Manufacturer":"Lexmark","Model":"CX725","DeviceName":null,"IpAddress":"192.0.2.7","MacAddress":null,"AssetNumber":null,"Location":"Berlin / 2nd floor","Location1":"Berlin","Location2":"2nd floor","Location3":null,"Location4":null,"Location5":null,"Department":null,"DeviceState":"warning","StateSince":"2026-11-23T12:00:00.000+01:00","DetectedErrors":"lowPaper; lowToner","AlertCount":2,"WorstSeverity":"critical","Alerts":"Tray 1 empty; Tray 2 low","OldestAlertAt":"2026-11-23T12:00:00.000+01:00","ConsoleText":"Ready; Tray 1","StatusReadAt":"2026-11-23T12:00:00.000+01:00","Firmware":null,"Findings":"","FirstSeenAt":"2026-11-23T12:00:00.000+01:00","LastSeenAt":"2026-11-23T12:00:00.000+01:00","DeviceId":"07070707-0707-0707-0707-070707070707"},
    {"SerialNumber":null,"Manufacturer":null,"Model":null,"DeviceName":null,"IpAddress":"192.0.2.8","MacAddress":null,"AssetNumber":null,"Location":null,"Location1":null,"Location2":null,"Location3":null,"Location4":null,"Location5":null,"Department":null,"DeviceState":null,"StateSince":null,"DetectedErrors":null,"AlertCount":null,"WorstSeverity":null,"Alerts":null,"OldestAlertAt":null,"ConsoleText":null,"StatusReadAt":null,"Firmware":null,"Findings":"","FirstSeenAt":"2026-11-23T12:00:00.000+01:00","LastSeenAt":"2026-11-23T12:00:00.000+01:00","DeviceId":"08080808-0808-0808-0808-080808080808"}]
    "#);
}

#[test]
fn toner_as_csv_with_the_operators_columns() {
    let only = [
        "SerialNumber",
        "SupplyType",
        "SupplyClass",
        "Colorant",
        "LevelPercent",
    ];
    let only = [
        &only[..],
        &["LevelState", "LevelUnits", "Capacity", "SupplyReadAt"],
    ]
    .concat();
    let own = |name: &&str| (*name).to_owned();
    let others = FleetReport::Toner
        .columns()
        .iter()
        .map(|column| column.name);
    let map = ColumnMap {
        order: only.iter().map(own).collect(),
        hide: others
            .filter(|name| !only.contains(name))
            .map(|name| own(&name))
            .collect(),
        rename: vec![("SerialNumber".to_owned(), "Serial".to_owned())],
    };
    let layout = Layout::new(FleetReport::Toner, &map).unwrap();
    insta::assert_snapshot!(written(Format::Csv, layout, &fleet()), @r#"
    Serial,SupplyType,SupplyClass,Colorant,LevelPercent,LevelState,LevelUnits,Capacity,SupplyReadAt
    "'=7529""30",tonerCartridge,supplyThatIsConsumed,cyan,0,percent,,6500,2026-11-23T12:00:00.000+01:00
    "'=7529""30",tonerCartridge,supplyThatIsConsumed,black,,some-left,,6500,2026-11-23T12:00:00.000+01:00
    "'=7529""30",wasteToner,receptacleThatIsFilled,,,unknown,,6500,2026-11-23T12:00:00.000+01:00
    "'=7529""30",ink,supplyThatIsConsumed,photo black,,units,12,6500,2026-11-23T12:00:00.000+01:00
    "#);
}

#[test]
fn every_format_holds_the_same_rows() {
    for report in FleetReport::ALL {
        let array: Vec<serde_json::Value> = serde_json::from_str(&json(report)).unwrap();
        let ndjson = written(Format::Ndjson, Layout::unchanged(report), &fleet());
        let lines: Vec<serde_json::Value> = ndjson
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        assert_eq!(array, lines);
        let csv = written(Format::Csv, Layout::unchanged(report), &fleet());
        assert_eq!(csv.matches("\r\n").count(), array.len() + 1);
    }
}

#[test]
fn an_empty_fleet_keeps_the_shape() {
    for report in FleetReport::ALL {
        let empty = |format| written(format, Layout::unchanged(report), &[]);
        assert_eq!(empty(Format::Json), "[]");
        assert_eq!(empty(Format::Ndjson), "");
        assert!(empty(Format::Csv).starts_with("SerialNumber,Manufacturer,"));
        assert!(empty(Format::Csv).ends_with("DeviceId\r\n"));
    }
}

#[test]
fn a_month_in_every_format() {
    let printer = PrinterNames {
        queue: Some("lobby".to_owned()),
        serial: Some("7529930".to_owned()),
        device: Some(DeviceId::from_bytes([7; 16])),
        ..PrinterNames::default()
    };
    let row = PrintMonth {
        month: 202_611,
        user: Some("anna \"a\" berg"),
        printer: &printer,
        account: None,
        department: &[],
        function: JobFunction::Print,
        counts: MonthCounts {
            jobs: 3,
            impressions: 12,
            mono_impressions: 10,
            color_impressions: 2,
            jobs_color_counted: 1,
            cost: 345_000,
            jobs_without_sheets: 3,
            ..MonthCounts::default()
        },
        currency: Some("EUR"),
    };
    let written = |format| {
        let layout = Arc::new(Layout::unchanged(PrintMonths));
        let mut encoder = Encoder::new(format, layout, InstantWriter::new("UTC").unwrap());
        let mut out = Vec::new();
        encoder.start(&mut out);
        encoder.month(&row, &mut out);
        encoder.finish(&mut out);
        String::from_utf8(out).unwrap()
    };
    insta::assert_snapshot!(written(Format::Json), @r#"[{"Month":"2026-11","UserName":"anna \"a\" berg","QueueName":"lobby","SerialNumber":"7529930","Manufacturer":null,"Model":null,"Location":null,"DeviceId":"07070707-0707-0707-0707-070707070707","Account":null,"Department":null,"JobType":"print","Jobs":3,"Copies":0,"Impressions":12,"ImpressionsMono":10,"ImpressionsColor":2,"ImpressionsMonoRequested":0,"ImpressionsColorRequested":0,"ImpressionsDuplex":0,"Sheets":null,"Cost":0.345,"Currency":"EUR","JobsWithoutCopies":0,"JobsWithoutImpressions":0,"JobsWithoutColor":0,"JobsWithoutSides":0,"JobsWithoutSheets":3,"JobsWithoutCost":0}]"#);
    insta::assert_snapshot!(written(Format::Csv), @r#"
    Month,UserName,QueueName,SerialNumber,Manufacturer,Model,Location,DeviceId,Account,Department,JobType,Jobs,Copies,Impressions,ImpressionsMono,ImpressionsColor,ImpressionsMonoRequested,ImpressionsColorRequested,ImpressionsDuplex,Sheets,Cost,Currency,JobsWithoutCopies,JobsWithoutImpressions,JobsWithoutColor,JobsWithoutSides,JobsWithoutSheets,JobsWithoutCost
    2026-11,"anna ""a"" berg",lobby,7529930,,,,07070707-0707-0707-0707-070707070707,,,print,3,0,12,10,2,0,0,0,,0.345,EUR,0,0,0,0,3,0
    "#);
}
