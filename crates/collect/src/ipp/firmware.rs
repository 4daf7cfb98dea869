//! The firmware of a printer: `printer-firmware-string-version`, a part each, in step with
//! `printer-firmware-name` (PWG 5110.1).
//!
//! Parts are whatever the maker lists: the system, the engine, the network card, and sometimes the
//! versions of the languages that are understood. The firmware of the device is the part that is
//! named as the system's. Where no name tells, nothing is chosen: all versions are told.

use platen_domain::text::tidy_foreign_opt;

use super::message::Group;
use super::value::Value;

/// Words that name the system, the most certain first.
const SYSTEM: [&str; 7] = [
    "system",
    "main",
    "controller",
    "firmware",
    "printer",
    "device",
    "product",
];

/// Words that name a part of the device.
const PARTS: [&str; 20] = [
    "boot",
    "bluetooth",
    "card",
    "color",
    "display",
    "engine",
    "fax",
    "feeder",
    "finisher",
    "font",
    "interface",
    "language",
    "network",
    "nic",
    "option",
    "panel",
    "scanner",
    "tray",
    "wifi",
    "wireless",
];

/// Words that name a protocol, or a language of documents.
const LANGUAGES: [&str; 14] = [
    "airprint",
    "apple",
    "escp",
    "http",
    "ipp",
    "jpeg",
    "mopria",
    "pcl",
    "pclm",
    "pdf",
    "postscript",
    "pwg",
    "urf",
    "xps",
];

/// A part of the firmware.
struct Part {
    /// The words of its name, in lower case; none where it has no name.
    name: Vec<String>,
    version: String,
}

/// The version of the device's firmware; of several parts of which none is named as the system's,
/// all versions.
pub(super) fn firmware(printer: &Group) -> Option<String> {
    let parts = parts(printer);
    let named = SYSTEM.iter().find_map(|word| {
        let mut named = parts.iter().filter(|part| part.has(&[word]));
        named.find(|part| !part.has(&PARTS) && !part.has(&LANGUAGES))
    });
    let mut others = parts.iter().filter(|part| !part.has(&LANGUAGES));
    let only = || others.next().filter(|_| others.next().is_none());
    if let Some(part) = named.or_else(only) {
        return Some(part.version.clone());
    }
    let versions: Vec<&str> = parts.iter().map(|part| part.version.as_str()).collect();
    (!versions.is_empty()).then(|| versions.join(", "))
}

fn parts(printer: &Group) -> Vec<Part> {
    let versions = printer.values("printer-firmware-string-version");
    let names = printer.values("printer-firmware-name");
    // Names that are not in step name nothing.
    let names = if names.len() == versions.len() {
        names
    } else {
        &[]
    };
    let part = |(number, version): (usize, &Value)| {
        let name = names.get(number).and_then(Value::as_text).unwrap_or("");
        Some(Part {
            name: words(name),
            version: tidy_foreign_opt(version.as_text()?)?,
        })
    };
    versions.iter().enumerate().filter_map(part).collect()
}

impl Part {
    fn has(&self, words: &[&str]) -> bool {
        self.name.iter().any(|word| words.contains(&word.as_str()))
    }
}

/// The words of a name, whether blanks, signs or capitals part them: `FirmwareVersion`.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut before = ' ';
    for letter in name.chars() {
        let begins = letter.is_uppercase() && before.is_lowercase();
        if begins || !letter.is_alphanumeric() {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut().filter(|_| letter.is_alphanumeric()) {
            word.extend(letter.to_lowercase());
        }
        before = letter;
    }
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ipp::Attribute;

    fn of(names: &[&str], versions: &[&str]) -> String {
        let attribute = |name: &str, texts: &[&str]| Attribute {
            name: name.to_owned(),
            values: texts.iter().map(|t| Value::Text((*t).to_owned())).collect(),
        };
        let printer = Group {
            tag: 4,
            attributes: vec![
                attribute("printer-firmware-name", names),
                attribute("printer-firmware-string-version", versions),
            ],
        };
        firmware(&printer).unwrap_or_default()
    }

    #[test]
    fn the_part_that_is_named_as_the_system_is_the_firmware_wherever_it_stands() {
        for names in [
            ["System", "Engine", "Panel"],
            ["FirmwareVersion", "IPP", "PDF"],
            ["Main Controller", "Network Controller", "Engine Controller"],
            ["Printer firmware", "Network firmware", "boot-firmware"],
            ["Kestrel 4", "PDF", "URF"],
            ["SYSTEM_FW", "Firmware", "Main"],
        ] {
            for turn in 0..3 {
                let mut versions = ["2.1", "1.0", "7.5"];
                let mut turned = names;
                turned.rotate_left(turn);
                versions.rotate_left(turn);
                assert_eq!(of(&turned, &versions), "2.1", "{turned:?}");
            }
        }
    }

    #[test]
    fn where_no_name_tells_all_versions_are_told() {
        assert_eq!(of(&[], &["1.72", "3.04"]), "1.72, 3.04");
        assert_eq!(of(&["Engine", "Panel"], &["1.72", "3.04"]), "1.72, 3.04");
        // Not in step: the names may belong to either.
        assert_eq!(of(&["System"], &["1.72", "3.04"]), "1.72, 3.04");
        assert_eq!(of(&["Lagopus"], &["20.44"]), "20.44");
        assert_eq!(of(&["IPP"], &["2.0"]), "2.0");
        assert_eq!(of(&["System", "Engine"], &["", "3.04"]), "3.04");
        assert_eq!(of(&[], &[]), "");
    }
}
