use super::*;
use crate::ipp::{Attribute, Value};
use platen_domain::print_jobs::{Evidence, SheetsQuality, TimeQuality};
use platen_domain::status::DeviceState;
use platen_domain::supplies::Supply;

const NOW: Timestamp = Timestamp::from_millis(1_795_500_000_000);

fn attribute(name: &str, values: &[Value]) -> Attribute {
    Attribute {
        name: name.to_owned(),
        values: values.to_vec(),
    }
}

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

fn message(tag: u8, groups: &[Vec<Attribute>]) -> Message {
    let group = |attributes: &Vec<Attribute>| Group {
        tag,
        attributes: attributes.clone(),
    };
    Message {
        version: (2, 0),
        code: 0,
        request_id: 1,
        groups: groups.iter().map(group).collect(),
    }
}

fn read(attributes: Vec<Attribute>) -> IppReading {
    let answer = message(group_tag::PRINTER, &[attributes]);
    let address = "10.0.0.5".parse().unwrap();
    reading(&answer, Vec::new(), address, &Profiles::built_in(), NOW)
}

fn line(supply: &Supply) -> String {
    format!(
        "{} {} [{}] {:?} {:?} by {}",
        supply.class.keyword(),
        supply.kind.keyword(),
        supply.colorants.join("+"),
        supply.description,
        supply.level,
        supply.rule
    )
}

#[test]
fn a_printer_with_supply_rows() {
    let read = read(vec![
        attribute("printer-state", &[Value::Integer(3)]),
        attribute("printer-state-reasons", &[text("toner-low-warning")]),
        attribute("printer-make-and-model", &[text("Xerox(R) B235 MFP")]),
        attribute(
            "printer-device-id",
            &[text("MANUFACTURER:Xerox;MODEL:B235 MFP;SN:ABC123456;")],
        ),
        attribute("printer-location", &[text("no-value")]),
        attribute("printer-up-time", &[Value::Integer(535_484)]),
        attribute(
            "printer-uuid",
            &[text("urn:uuid:67BBB526-3A17-474F-A567-2CA5F6156613")],
        ),
        attribute("color-supported", &[Value::Boolean(false)]),
        attribute("printer-impressions-completed", &[Value::Integer(4_711)]),
        attribute(
            "printer-supply",
            &[
                Value::Octets(b"type=toner;maxcapacity=100;level=7;colorantname=black;".to_vec()),
                Value::Octets(
                    b"index=9;class=receptacleThatIsFilled;type=wasteToner;unit=percent;\
                      maxcapacity=100;level=-3;colorantname=unknown"
                        .to_vec(),
                ),
            ],
        ),
        attribute(
            "printer-supply-description",
            &[text("Black Toner Cartridge S/N:CAK2424861A0")],
        ),
    ]);
    let IppReading { observation, uuid } = read;
    assert_eq!(
        uuid.as_deref(),
        Some("67bbb526-3a17-474f-a567-2ca5f6156613")
    );
    let identity = observation.identity.unwrap();
    assert_eq!(identity.manufacturer.as_deref(), Some("Xerox"));
    assert_eq!(identity.model.as_deref(), Some("B235 MFP"));
    assert_eq!(identity.serial.as_deref(), Some("ABC123456"));
    assert_eq!(identity.location, None);
    assert_eq!(identity.color, Some(false));
    assert_eq!(observation.transport.keyword(), "ipp");
    assert_eq!(observation.device_uptime_ticks, Some(53_548_400));
    assert_eq!(observation.meters[0].value, 4_711);
    assert_eq!(observation.status.unwrap().state, DeviceState::Warning);
    let supplies = observation.supplies.unwrap();
    assert_eq!(supplies[0].serial.as_deref(), Some("CAK2424861A0"));
    let lines: Vec<String> = supplies.iter().map(line).collect();
    insta::assert_snapshot!(lines.join("\n"), @r#"
    supplyThatIsConsumed toner [black] "Black Toner Cartridge" Percent(7) by rfc3805
    receptacleThatIsFilled wasteToner [] "" SomeLeft by rfc3805
    "#);
}

#[test]
fn a_printer_with_markers_only() {
    let read = read(vec![
        attribute(
            "marker-names",
            &texts(&["Black TK-1170", "Waste Toner Box", "Cyan"]),
        ),
        attribute(
            "marker-types",
            &texts(&["toner", "waste-toner", "ink-cartridge"]),
        ),
        attribute("marker-colors", &texts(&["#000000", "none", "#00FFFF"])),
        attribute("marker-levels", &numbers(&[84, 10, -1])),
    ]);
    let supplies = read.observation.supplies.unwrap();
    let lines: Vec<String> = supplies.iter().map(line).collect();
    insta::assert_snapshot!(lines.join("\n"), @r#"
    supplyThatIsConsumed toner [black] "Black TK-1170" Percent(84) by marker-levels
    receptacleThatIsFilled wasteToner [] "Waste Toner Box" Percent(90) by marker-levels
    supplyThatIsConsumed inkCartridge [cyan] "Cyan" Unknown by marker-levels
    "#);
}

fn texts(texts: &[&str]) -> Vec<Value> {
    texts.iter().map(|word| text(word)).collect()
}

fn numbers(numbers: &[i32]) -> Vec<Value> {
    numbers
        .iter()
        .map(|number| Value::Integer(*number))
        .collect()
}

fn rows(rows: &[&str]) -> Vec<Value> {
    let row = |row: &&str| Value::Octets(row.as_bytes().to_vec());
    rows.iter().map(row).collect()
}

fn supplies_of(attributes: Vec<Attribute>) -> String {
    let supplies = read(attributes).observation.supplies.unwrap();
    supplies.iter().map(line).collect::<Vec<_>>().join("\n")
}

#[test]
fn markers_fill_what_rows_leave_open() {
    let read = supplies_of(vec![
        attribute(
            "printer-supply",
            &rows(&[
                "type=inkCartridge;level=33;maxcapacity=100;colorantname=multi-color;",
                "type=inkCartridge;level=-3;maxcapacity=100;colorantname=unknown;",
                "class=receptacleThatIsFilled;type=other;level=-3;maxcapacity=-2;",
            ]),
        ),
        attribute("printer-supply-description", &texts(&["", "", ""])),
        attribute(
            "marker-names",
            &texts(&["three-colour ink", "PG-46", "service station"]),
        ),
        attribute(
            "marker-types",
            &texts(&["ink-cartridge", "ink-cartridge", "waste-ink"]),
        ),
        attribute(
            "marker-colors",
            &texts(&["#00FFFF#FF00FF#FFFF00", "#000000", "#008080"]),
        ),
        attribute("marker-levels", &numbers(&[33, 61, 20])),
    ]);
    insta::assert_snapshot!(read, @r#"
    supplyThatIsConsumed inkCartridge [cyan+magenta+yellow] "three-colour ink" Percent(33) by rfc3805
    supplyThatIsConsumed inkCartridge [black] "PG-46" Percent(61) by marker-levels
    receptacleThatIsFilled wasteInk [] "service station" SomeLeft by rfc3805
    "#);
}

#[test]
fn markers_in_another_order_or_number_fill_only_what_is_certainly_theirs() {
    let read = supplies_of(vec![
        attribute(
            "printer-supply",
            &rows(&[
                "type=toner;level=40;maxcapacity=100;colorantname=cyan;",
                "type=toner;level=50;maxcapacity=100;colorantname=photo-black;",
                "type=opc;level=60;maxcapacity=100;",
                "type=opc;level=70;maxcapacity=100;",
            ]),
        ),
        attribute("printer-supply-description", &texts(&["", "", "", ""])),
        attribute(
            "marker-names",
            &texts(&["Black photo CRG-9", "CRG-9 cyan", "Drum A"]),
        ),
        attribute("marker-types", &texts(&["toner", "toner", "opc"])),
        attribute("marker-colors", &texts(&["#000000", "#00FFFF", "none"])),
        attribute("marker-levels", &numbers(&[50, 40, 60])),
    ]);
    insta::assert_snapshot!(read, @r#"
    supplyThatIsConsumed toner [cyan] "CRG-9 cyan" Percent(40) by rfc3805
    supplyThatIsConsumed toner [photo black] "" Percent(50) by rfc3805
    supplyThatIsConsumed opc [] "" Percent(60) by rfc3805
    supplyThatIsConsumed opc [] "(2)" Percent(70) by rfc3805
    "#);
}

#[test]
fn a_cartridge_whose_type_is_not_stated_is_what_the_others_are() {
    let read = supplies_of(vec![
        attribute("marker-names", &texts(&["Black Cartridge", "Cyan Ink"])),
        attribute("marker-types", &texts(&["unknown", "ink"])),
        attribute("marker-levels", &numbers(&[70, 80])),
    ]);
    insta::assert_snapshot!(read, @r#"
    supplyThatIsConsumed ink [black] "Black Cartridge" Percent(70) by marker-levels
    supplyThatIsConsumed ink [cyan] "Cyan Ink" Percent(80) by marker-levels
    "#);
}

#[test]
fn a_printer_that_says_nothing_is_unknown() {
    let observation = read(Vec::new()).observation;
    assert_eq!(observation.supplies, Some(Vec::new()));
    assert_eq!(observation.meters, []);
    assert_eq!(observation.has_color, None);
    assert_eq!(observation.status.unwrap().state, DeviceState::Unknown);
}

#[test]
fn a_printer_counts_its_jobs_by_its_own_clock() {
    let printer = Group {
        tag: group_tag::PRINTER,
        attributes: vec![
            attribute("printer-name", &[text("Lab")]),
            attribute("printer-up-time", &[Value::Integer(1_000)]),
        ],
    };
    let job = |number: i32, completed: i32| {
        let color = vec![
            attribute("full-color", &[Value::Integer(2)]),
            attribute("monochrome", &[Value::Integer(4)]),
        ];
        vec![
            attribute("job-id", &[Value::Integer(number)]),
            attribute("job-name", &[text("report")]),
            attribute("job-state", &[Value::Integer(9)]),
            attribute("job-originating-user-name", &[text("alice")]),
            attribute("job-impressions-completed", &[Value::Integer(6)]),
            attribute("job-media-sheets-completed", &[Value::Integer(3)]),
            attribute("job-impressions-completed-col", &[Value::Collection(color)]),
            attribute("time-at-creation", &[Value::Integer(900)]),
            attribute("time-at-completed", &[Value::Integer(completed)]),
        ]
    };
    let nameless = vec![attribute("job-name", &[text("who")])];
    let answer = message(
        group_tag::JOB,
        &[job(2, 1_795_000_000), job(1, 940), nameless],
    );
    let address = "10.0.0.5".parse().unwrap();
    let jobs = print_jobs::jobs(&printer, &answer, address, NOW);
    assert_eq!((jobs.records.len(), jobs.refused), (2, 1));
    let first = &jobs.records[0];
    assert_eq!(first.key.to_string(), "ippdev|10.0.0.5|job-1@900");
    assert_eq!(
        first.completed_at,
        Timestamp::from_millis(1_795_499_940_000)
    );
    assert_eq!(first.time_quality, TimeQuality::DeviceClock);
    assert_eq!(first.counts.evidence, Evidence::Device);
    assert_eq!(first.counts.color_impressions, Some(2));
    assert_eq!(first.counts.sheets, Some(3));
    assert_eq!(first.counts.sheets_quality, SheetsQuality::Measured);
    let odd = &jobs.records[1];
    assert_eq!(odd.time_quality, TimeQuality::Observed);
    assert_eq!(odd.completed_at, NOW);
}
