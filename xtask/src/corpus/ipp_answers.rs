//! What an IPP reader that nobody here wrote (the crate `ipp`) reads from the recorded answers of
//! printers, as the opinion `ipp`.

use std::io::Cursor;

use ipp::attribute::IppAttributeGroup;
use ipp::model::DelimiterTag;
use ipp::parser::IppParser;
use ipp::reader::IppReader;
use ipp::value::IppValue;
use platen_domain::supplies::SupplyType;

use super::expected::Opinion;
use super::supplies::{Group, SupplyOpinion, TheirLevel, color_in};

/// Names of the serial number in an IEEE 1284 device id.
const SERIAL_FIELDS: [&str; 5] = ["SN", "SER", "SERN", "SERIALNUMBER", "SERIAL"];

/// The opinion on one answer; `None` where the reader cannot read it.
pub(super) fn opinion(octets: &[u8]) -> Option<Opinion> {
    let octets = octets.to_vec();
    // The reader's own limits are no limits of ours: what it cannot take says nothing.
    let read = std::thread::spawn(move || {
        let parser = IppParser::new(IppReader::new(Cursor::new(octets)));
        parser.parse().ok()
    });
    let answer = read.join().ok()??;
    let printer = answer
        .attributes()
        .first_of(DelimiterTag::PrinterAttributes)?;
    Some(of(printer))
}

fn of(printer: &IppAttributeGroup) -> Opinion {
    let first = |name: &str| texts(printer, name).into_iter().next();
    let firmware = texts(printer, "printer-firmware-string-version");
    let named = texts(printer, "printer-firmware-name");
    let id = first("printer-device-id").unwrap_or_default();
    let serial = id.split(';').filter_map(|field| field.split_once(':'));
    let mut serial = serial.filter(|(name, _)| SERIAL_FIELDS.contains(&name.trim()));
    Opinion {
        program: "ipp",
        model: first("printer-make-and-model"),
        name: first("printer-name"),
        serial: serial.next().map(|(_, number)| number.trim().to_owned()),
        // Of several parts this reader does not know which is meant, but for those named so.
        firmware: match firmware.as_slice() {
            [one] => Some(one.clone()),
            many => {
                let mut parts = named.iter().zip(many);
                let system = parts.find(|(name, _)| name.to_lowercase().contains("firmware"));
                system.map(|(_, version)| version.clone())
            }
        },
        supplies: markers(printer),
        supply_rows: Some(texts(printer, "printer-supply").len()).filter(|rows| *rows > 0),
        ..Opinion::default()
    }
}

/// `marker-*`, which printers state that have no `printer-supply`, and most that have.
fn markers(printer: &IppAttributeGroup) -> Vec<SupplyOpinion> {
    let types = texts(printer, "marker-types");
    let levels = texts(printer, "marker-levels");
    let names = texts(printer, "marker-names");
    let parts = names.into_iter().zip(&types).zip(&levels);
    let marker = |((name, kind), level): ((String, &String), &String)| {
        let camel: String = kind
            .split('-')
            .enumerate()
            .map(|(place, part)| {
                if place == 0 {
                    part.to_owned()
                } else {
                    capital(part)
                }
            })
            .collect();
        let kind = SupplyType::from_keyword(&camel);
        let percent = level.parse::<u8>().ok().filter(|percent| *percent <= 100);
        let waste = kind.is_some_and(SupplyType::is_waste);
        let left = percent.map(|percent| if waste { 100 - percent } else { percent });
        SupplyOpinion {
            color: color_in(&name),
            name,
            index: None,
            group: kind.map(Group::of_kind),
            level: left.map_or(TheirLevel::Unknown, TheirLevel::Percent),
        }
    };
    parts.map(marker).collect()
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    let first = letters.next().map(|letter| letter.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}

/// Every value of an attribute as text, without the language of a text that has one.
fn texts(printer: &IppAttributeGroup, name: &str) -> Vec<String> {
    let Some(attribute) = printer.get(name) else {
        return Vec::new();
    };
    let text = |value: &IppValue| match value {
        IppValue::TextWithLanguage { text, .. } => text.to_string(),
        IppValue::NameWithLanguage { name, .. } => name.to_string(),
        other => other.to_string(),
    };
    match attribute.value() {
        IppValue::Array(values) => values.iter().map(text).collect(),
        one => vec![text(one)],
    }
}
