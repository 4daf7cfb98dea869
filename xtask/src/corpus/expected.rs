//! What others read from the recordings: `expected.json` (the answers of three programs) and
//! `manifest.csv` (what stands in the recording itself).
//!
//! Each program has its own words. Here they become one form, an [`Opinion`], and nothing is
//! judged yet.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context as _, Result};
use platen_domain::meters::{Function, MeterColor};
use platen_domain::supplies::SupplyType;
use serde::Deserialize;
use serde_json::Value;

use super::supplies::{Group, SupplyOpinion, TheirLevel, color_in};

/// What one source says about one recording.
#[derive(Debug, Default)]
pub(super) struct Opinion {
    pub program: &'static str,
    pub serial: Option<String>,
    pub model: Option<String>,
    /// The device's own name.
    pub name: Option<String>,
    pub firmware: Option<String>,
    /// Sheets printed on both sides, as the program hands them on.
    pub duplex: Option<u64>,
    /// Life count, in whatever unit the device counts.
    pub total: Option<u64>,
    /// Counters by function and colour.
    pub meters: Vec<(Function, MeterColor, u64)>,
    pub supplies: Vec<SupplyOpinion>,
    /// How many supply rows there are, where only their number is known.
    pub supply_rows: Option<usize>,
    /// `hrDeviceStatus`.
    pub device_status: Option<i32>,
    /// LibreNMS's number for `hrPrinterDetectedErrorState`: 0 for none, otherwise 1 + the bit.
    pub error_state: Option<u8>,
    /// Rows of `prtAlertTable`.
    pub alerts: Option<usize>,
}

/// All opinions, by the recording's name.
pub(super) type Opinions = BTreeMap<String, Vec<Opinion>>;

/// Reads both files; either may be missing.
pub(super) fn read(expected: &Path, manifest: &Path) -> Result<Opinions> {
    let mut opinions = Opinions::new();
    if expected.is_file() {
        let text = std::fs::read_to_string(expected)?;
        let programs: BTreeMap<String, Programs> = serde_json::from_str(&text)
            .with_context(|| format!("{} has another shape", expected.display()))?;
        for (recording, programs) in programs {
            opinions.insert(recording, programs.into_opinions());
        }
    }
    if manifest.is_file() {
        for (recording, opinion) in manifest_rows(&std::fs::read_to_string(manifest)?) {
            opinions.entry(recording).or_default().push(opinion);
        }
    }
    Ok(opinions)
}

#[derive(Deserialize)]
struct Programs {
    fusioninventory: Option<Inventory>,
    #[serde(rename = "glpi-agent")]
    glpi: Option<Inventory>,
    librenms: Option<LibreNms>,
}

impl Programs {
    fn into_opinions(self) -> Vec<Opinion> {
        let fusion = self.fusioninventory.map(|i| i.opinion("fusioninventory"));
        let glpi = self.glpi.map(|i| i.opinion("glpi-agent"));
        let librenms = self.librenms.map(LibreNms::opinion);
        fusion.into_iter().chain(glpi).chain(librenms).collect()
    }
}

/// The answer of `FusionInventory`'s and GLPI's network inventory.
#[derive(Deserialize)]
struct Inventory {
    model: Option<String>,
    serial: Option<String>,
    name: Option<String>,
    firmware: Option<String>,
    #[serde(default)]
    pages: BTreeMap<String, Value>,
    #[serde(default)]
    cartridges: BTreeMap<String, Value>,
}

impl Inventory {
    fn opinion(self, program: &'static str) -> Opinion {
        let supply = |(name, value): (&String, &Value)| inventory_supply(name, &text(value)?);
        Opinion {
            program,
            total: self.pages.get("TOTAL").and_then(number),
            meters: self.pages.iter().filter_map(inventory_meter).collect(),
            supplies: self.cartridges.iter().filter_map(supply).collect(),
            duplex: self.pages.get("RECTOVERSO").and_then(number),
            serial: self.serial,
            model: self.model,
            name: self.name.map(|name| unescaped(&name)),
            firmware: self.firmware,
            ..Opinion::default()
        }
    }
}

/// Their answers are XML by origin.
fn unescaped(text: &str) -> String {
    let plain = text.replace("&lt;", "<").replace("&gt;", ">");
    plain.replace("&quot;", "\"").replace("&amp;", "&")
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn number(value: &Value) -> Option<u64> {
    text(value)?.trim().parse().ok()
}

fn inventory_meter((name, value): (&String, &Value)) -> Option<(Function, MeterColor, u64)> {
    use Function::{Copy, Fax, Print, Scan, Total};
    use MeterColor::{All, Color, Mono};
    let (function, color) = match name.as_str() {
        "BLACK" => (Total, Mono),
        "COLOR" => (Total, Color),
        "PRINTTOTAL" => (Print, All),
        "PRINTBLACK" => (Print, Mono),
        "PRINTCOLOR" => (Print, Color),
        "COPYTOTAL" => (Copy, All),
        "COPYBLACK" => (Copy, Mono),
        "COPYCOLOR" => (Copy, Color),
        "FAXTOTAL" => (Fax, All),
        "SCANNED" => (Scan, All),
        _ => return None,
    };
    Some((function, color, number(value)?))
}

/// `TONERBLACK = 68`, `DRUMBLACK = OK`: the type, the colour and a percentage or a word.
fn inventory_supply(name: &str, value: &str) -> Option<SupplyOpinion> {
    const PREFIXES: [(&str, Group); 9] = [
        ("TONER", Group::Toner),
        ("CARTRIDGE", Group::Ink),
        ("INK", Group::Ink),
        ("DRUM", Group::Drum),
        ("DEVELOPER", Group::Developer),
        ("WASTE", Group::Waste),
        ("FUSER", Group::Fuser),
        ("TRANSFER", Group::Transfer),
        ("MAINTENANCE", Group::Other),
    ];
    let (_, group) = PREFIXES
        .iter()
        .find(|(prefix, _)| name.starts_with(prefix))?;
    Some(SupplyOpinion {
        name: name.to_owned(),
        index: None,
        group: Some(*group),
        color: color_in(name),
        level: TheirLevel::from_inventory(value),
    })
}

/// LibreNMS's test data: the rows of its database after discovery.
#[derive(Deserialize)]
struct LibreNms {
    os: Option<Module<Os>>,
    sensors: Option<Module<Sensors>>,
    #[serde(rename = "printer-supplies")]
    supplies: Option<Module<PrinterSupplies>>,
}

#[derive(Deserialize)]
struct Module<T> {
    discovery: Option<T>,
}

#[derive(Deserialize)]
struct Os {
    #[serde(default)]
    devices: Vec<OsDevice>,
}

#[derive(Deserialize)]
struct OsDevice {
    hardware: Option<String>,
    serial: Option<String>,
    version: Option<String>,
    #[serde(rename = "sysName")]
    name: Option<String>,
}

#[derive(Deserialize)]
struct Sensors {
    #[serde(default)]
    sensors: Vec<Sensor>,
}

#[derive(Deserialize)]
struct Sensor {
    #[serde(rename = "sensor_index")]
    index: String,
    #[serde(rename = "sensor_type")]
    kind: String,
    #[serde(rename = "sensor_descr")]
    description: String,
    #[serde(rename = "sensor_current")]
    current: Option<Value>,
}

#[derive(Deserialize)]
struct PrinterSupplies {
    #[serde(default)]
    printer_supplies: Vec<SupplyRow>,
}

#[derive(Deserialize)]
struct SupplyRow {
    #[serde(rename = "supply_index")]
    index: Value,
    #[serde(rename = "supply_type")]
    kind: String,
    #[serde(rename = "supply_descr")]
    description: String,
    #[serde(rename = "supply_oid")]
    oid: String,
    #[serde(rename = "supply_current")]
    current: Option<Value>,
}

impl LibreNms {
    fn opinion(self) -> Opinion {
        let device = discovered(self.os).and_then(|os| os.devices.into_iter().next());
        let supplies = discovered(self.supplies).map_or_else(Vec::new, |s| s.printer_supplies);
        let mut opinion = Opinion {
            program: "librenms",
            supplies: supplies.iter().filter_map(SupplyRow::opinion).collect(),
            ..Opinion::default()
        };
        if let Some(device) = device {
            (opinion.serial, opinion.model) = (device.serial, device.hardware);
            (opinion.name, opinion.firmware) = (device.name, device.version);
        }
        for sensor in discovered(self.sensors).map_or_else(Vec::new, |s| s.sensors) {
            sensor.tell(&mut opinion);
        }
        opinion
    }
}

fn discovered<T>(module: Option<Module<T>>) -> Option<T> {
    module.and_then(|module| module.discovery)
}

impl Sensor {
    fn tell(&self, opinion: &mut Opinion) {
        let Some(current) = self.current.as_ref().and_then(number) else {
            return;
        };
        match (self.kind.as_str(), self.index.as_str()) {
            ("hrDeviceStatus", _) => opinion.device_status = i32::try_from(current).ok(),
            ("hrPrinterDetectedErrorState", _) => opinion.error_state = u8::try_from(current).ok(),
            (_, "prtMarkerLifeCount") => opinion.total = Some(current),
            _ if self.description.to_lowercase().contains("duplex") => {
                opinion.duplex = Some(current);
            }
            _ => {
                let meter = librenms_meter(&self.description.to_lowercase());
                opinion.meters.extend(meter.map(|(f, c)| (f, c, current)));
            }
        }
    }
}

/// The vendor counters LibreNMS names (Konica Minolta, Sharp, HP).
fn librenms_meter(description: &str) -> Option<(Function, MeterColor)> {
    use Function::{Copy, Print, Total};
    use MeterColor::{All, Color, Mono};
    match description {
        "total copy black" | "black & white copy count" => Some((Copy, Mono)),
        "total copy color" | "full color copy count" => Some((Copy, Color)),
        "total print black" | "black & white print count" => Some((Print, Mono)),
        "total print color" | "full color print count" => Some((Print, Color)),
        "black & white total count" => Some((Total, Mono)),
        "full color total count" => Some((Total, Color)),
        "copies" => Some((Copy, All)),
        "prints" => Some((Print, All)),
        _ => None,
    }
}

impl SupplyRow {
    fn opinion(&self) -> Option<SupplyOpinion> {
        // Trays stand in the same table of LibreNMS.
        if matches!(self.kind.as_str(), "input" | "output") {
            return None;
        }
        // `markerSupply` stands for a type the recording does not hold.
        let kind = SupplyType::from_keyword(&self.kind);
        let standard = self.oid.contains(".1.3.6.1.2.1.43.11.");
        let index = number(&self.index).and_then(|index| u32::try_from(index).ok());
        Some(SupplyOpinion {
            name: self.description.clone(),
            index: index.filter(|_| standard),
            group: kind
                .filter(|kind| *kind != SupplyType::Other)
                .map(Group::of_kind),
            color: color_in(&self.description),
            level: TheirLevel::from_librenms(self.current.as_ref().and_then(number)?),
        })
    }
}

/// The manifest's rows. Columns: recording, name, vendor, kind, oids, supplies, life count,
/// serial, alerts, licence; no field before the licence holds a comma.
fn manifest_rows(text: &str) -> impl Iterator<Item = (String, Opinion)> {
    text.lines().skip(1).filter_map(|line| {
        let mut fields = line.split(',').skip(1);
        let name = fields.next()?.to_owned();
        let mut fields = fields
            .skip(3)
            .map(|field| Some(field).filter(|f| !f.is_empty()));
        let supplies = fields.next()?.and_then(|rows| rows.parse().ok());
        // `1.1=7389`: the row of `prtMarkerTable` and its count.
        let total = fields
            .next()?
            .and_then(|life| life.split_once('=')?.1.parse().ok());
        let opinion = Opinion {
            program: "manifest",
            total,
            serial: fields.next()?.map(str::to_owned),
            supply_rows: supplies,
            alerts: fields.next()?.and_then(|rows| rows.parse().ok()),
            ..Opinion::default()
        };
        Some((name, opinion))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_programs_become_one_form() {
        let json = r#"{"glpi-agent": {"model": "X", "serial": null, "pages": {"TOTAL": "42",
            "PRINTCOLOR": "2"}, "cartridges": {"TONERBLACK": "68", "WASTETONER": "OK"}},
            "librenms": {"sensors": {"discovery": {"sensors": [{"sensor_index": "0",
            "sensor_type": "hrPrinterDetectedErrorState", "sensor_descr": "Printer Error Status",
            "sensor_current": 8}]}}}}"#;
        let programs: Programs = serde_json::from_str(json).unwrap();
        let opinions = programs.into_opinions();
        assert_eq!(opinions[0].total, Some(42));
        assert_eq!(
            opinions[0].meters,
            [(Function::Print, MeterColor::Color, 2)]
        );
        assert_eq!(opinions[0].supplies[1].level, TheirLevel::Some);
        assert_eq!(opinions[1].error_state, Some(8));
    }

    #[test]
    fn manifest_rows_are_read() {
        let text = "recording,name,vendor,kind,oids,supplies,life_count,serial,alerts,licence\n\
                    r/a.snmprec,a,V,full,9,5,1.1=75399,SN1,1,\"x, y\"\n";
        let (name, opinion) = manifest_rows(text).next().unwrap();
        assert_eq!((name.as_str(), opinion.total), ("a", Some(75_399)));
        assert_eq!((opinion.supply_rows, opinion.alerts), (Some(5), Some(1)));
    }
}
