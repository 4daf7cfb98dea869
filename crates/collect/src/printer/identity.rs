//! Who the device says it is.

use platen_domain::devices::{Identity, normalize_serial};
use platen_domain::text::{tidy_foreign, tidy_foreign_opt};

use super::charset::Charset;
use super::mac::mac;
use super::mib;
use super::model;
use super::profile::{Brand, Profile, TextSource};
use super::profiles::{Evidence, Profiles};
use super::view::View;
use super::{stated, versions};
use crate::snmp::value::Value;

/// Names of the maker's field in an IEEE 1284 device id.
const DEVICE_ID_MAKER: &[&str] = &["MFG", "MANUFACTURER"];
/// Names of the model's field.
const DEVICE_ID_MODEL: &[&str] = &["MDL", "MODEL"];
/// Names of the serial number's field.
const DEVICE_ID_SERIAL: &[&str] = &["SN", "SER", "SERN", "SERIALNUMBER"];

/// What tells the vendor: `sysObjectID`, and the descriptions, most telling first.
pub(crate) fn evidence(view: &View<'_>, profiles: &Profiles) -> Evidence {
    let plain = Charset::default();
    let object_id = match view.get(&mib::SYS_OBJECT_ID) {
        Some(Value::ObjectIdentifier(id)) => Some(id.clone()),
        _ => None,
    };
    let device = view
        .of_device(&mib::HR_DEVICE_DESCR)
        .and_then(|value| plain.text(value));
    let private = profiles
        .iter()
        .flat_map(|profile| private_device_ids(view, profile));
    let ids: Vec<String> = standard_device_ids(view)
        .into_iter()
        .chain(private)
        .collect();
    let maker = |id: &String| model::device_id_field(id, DEVICE_ID_MAKER).map(str::to_owned);
    let makers: Vec<String> = ids.iter().filter_map(maker).collect();
    let system = view
        .get(&mib::SYS_DESCR)
        .and_then(|value| plain.text(value));
    Evidence {
        object_id,
        texts: device.into_iter().chain(makers).chain(system).collect(),
    }
}

/// Decodes everything the static set tells of the device itself.
pub(crate) fn identity(view: &View<'_>, profiles: &Profiles, profile: &Profile) -> Identity {
    let charset = Charset::of_descriptions(view, profile);
    let facts = Facts {
        view,
        profiles,
        profile,
        charset,
        device: view
            .of_device(&mib::HR_DEVICE_DESCR)
            .and_then(|value| charset.text(value)),
        system: view
            .get(&mib::SYS_DESCR)
            .and_then(|value| charset.text(value)),
        device_ids: device_ids(view, profile),
    };
    let serial = facts.serial();
    let text = |object| view.get(object).and_then(|value| charset.text(value));
    let printer_name = || {
        let name = view.of_device(&mib::PRT_GENERAL_PRINTER_NAME)?;
        charset.text(name)
    };
    Identity {
        manufacturer: facts.manufacturer(),
        model: facts.model(serial.as_deref()),
        firmware: facts.firmware(),
        serial,
        mac: mac(view),
        uuid: None,
        name: text(&mib::SYS_NAME).or_else(printer_name),
        location: text(&mib::SYS_LOCATION),
        contact: text(&mib::SYS_CONTACT),
        system_object_id: match view.get(&mib::SYS_OBJECT_ID) {
            Some(Value::ObjectIdentifier(id)) => Some(id.to_string()),
            _ => None,
        },
        description: facts.system,
        color: None,
    }
}

struct Facts<'a> {
    view: &'a View<'a>,
    profiles: &'a Profiles,
    profile: &'a Profile,
    charset: Charset,
    /// `hrDeviceDescr` of the printer.
    device: Option<String>,
    /// `sysDescr`.
    system: Option<String>,
    device_ids: Vec<String>,
}

impl Facts<'_> {
    /// The brand the device's own description begins with, whoever built it; else one of the
    /// profile's brands in a weaker text; else the profile's maker; else what the device id says.
    fn manufacturer(&self) -> Option<String> {
        let own = &self.profile.matching.brands;
        let of_profile = |text: &str| {
            own.iter()
                .find(|brand| model::strip_brand(text, brand).is_some())
        };
        let maker = self
            .device_ids
            .iter()
            .find_map(|id| model::device_id_field(id, DEVICE_ID_MAKER));
        let brand = self
            .device
            .as_deref()
            .and_then(|text| self.profiles.brand_of(text))
            .or_else(|| self.system.as_deref().and_then(of_profile))
            .or_else(|| maker.and_then(|maker| self.profiles.brand_of(maker)))
            .or_else(|| own.first());
        brand
            .map(|brand| brand.name.clone())
            .or_else(|| maker.and_then(tidy_foreign_opt))
    }

    /// `prtGeneralSerialNumber`, then the vendor's own objects, then the IEEE 1284 device id, then
    /// what the descriptions state behind a label. What devices state when they have none is passed over (trap T19).
    fn serial(&self) -> Option<String> {
        let standard = self.view.of_device(&mib::PRT_GENERAL_SERIAL_NUMBER);
        let private = self.profile.identity.serial.iter();
        let ids = self.device_ids.iter();
        standard
            .and_then(|value| self.charset.text(value))
            .into_iter()
            .chain(private.filter_map(|source| self.private(source)))
            .chain(
                ids.filter_map(|id| model::device_id_field(id, DEVICE_ID_SERIAL).map(tidy_foreign)),
            )
            .chain(self.described().map(|(serial, _)| serial.to_owned()))
            .chain(
                [&self.device, &self.system]
                    .into_iter()
                    .flatten()
                    .filter_map(|text| stated::serial(text)?.value)
                    .map(str::to_owned),
            )
            .find(|serial| normalize_serial(serial).is_some())
    }

    /// `hrDeviceDescr`, then the vendor's own objects, then the IEEE 1284 model, then `sysDescr`.
    /// Never the `sysObjectID`: families share it (trap T17).
    fn model(&self, serial: Option<&str>) -> Option<String> {
        let brands = self.brands();
        let rules = &self.profile.description;
        let clean = |text: &str| model::clean(text, &brands, serial, rules);
        let device = self.device.as_deref().map(|text| match self.described() {
            Some((serial, _)) if self.profile.identity.serial_in_description => {
                model::clean(text, &brands, Some(serial), rules)
            }
            _ => clean(text),
        });
        let private = self.profile.identity.model.iter();
        let ids = self.device_ids.iter();
        device
            .flatten()
            .or_else(|| {
                private
                    .filter_map(|source| self.private(source))
                    .find_map(|text| clean(&text))
            })
            .or_else(|| {
                ids.filter_map(|id| model::device_id_field(id, DEVICE_ID_MODEL))
                    .find_map(|text| clean(&tidy_foreign(text)))
            })
            .or_else(|| {
                let text = self.system.as_deref()?;
                model::in_system_description(text, &brands, serial, rules)
            })
    }

    fn firmware(&self) -> Option<String> {
        let mut private = self.profile.identity.firmware.iter();
        let rules = &self.profile.description.firmware_after;
        let named = |text: &str| {
            let card = model::is_card(text, &self.profile.description);
            let firmware = versions::firmware(text).filter(|_| !card)?;
            Some(firmware.to_owned())
        };
        private
            .find_map(|source| self.private(source))
            .or_else(|| self.described().map(|(_, firmware)| firmware.to_owned()))
            .or_else(|| named(self.device.as_deref()?))
            .or_else(|| {
                let text = self.system.as_deref()?;
                model::word_after(text, rules)
            })
            .or_else(|| named(self.system.as_deref()?))
    }

    fn described(&self) -> Option<(&str, &str)> {
        let rules = &self.profile.identity;
        let text = self
            .device
            .as_deref()
            .filter(|_| rules.serial_in_description)?;
        model::serial_and_firmware(model::unbranded(text, &self.brands()))
    }

    /// Brands to leave out of a model's name: the profile's, and the one the device begins with.
    fn brands(&self) -> Vec<&Brand> {
        let own = self.profile.matching.brands.iter();
        let begun = self
            .device
            .as_deref()
            .and_then(|text| self.profiles.brand_of(text));
        own.chain(begun).collect()
    }

    fn private(&self, source: &TextSource) -> Option<String> {
        private_text(self.view, source, self.charset)
    }
}

/// The text of a private object; of its first instance where the profile names a column.
fn private_text(view: &View<'_>, source: &TextSource, charset: Charset) -> Option<String> {
    let (_, value) = view.answers.below(&source.oid).next()?;
    let text = match value {
        Value::Integer(number) => number.to_string(),
        other => charset.decode(source.transform.octets(other.as_octets()?)),
    };
    (!text.is_empty()).then_some(text)
}

fn standard_device_ids(view: &View<'_>) -> Vec<String> {
    let ppm = view
        .answers
        .below(&mib::PPM_PRINTER_IEEE1284_DEVICE_ID)
        .next();
    let values = ppm
        .map(|(_, value)| value)
        .into_iter()
        .chain(view.get(&mib::HP_GD_STATUS_ID));
    values
        .filter_map(|value| Some(String::from_utf8_lossy(value.as_octets()?).into_owned()))
        .collect()
}

/// IEEE 1284 device ids at the places a vendor keeps them.
fn private_device_ids(view: &View<'_>, profile: &Profile) -> Vec<String> {
    let sources = profile.identity.device_id.iter();
    let ids = sources.filter_map(|source| {
        let (_, value) = view.answers.below(&source.oid).next()?;
        let octets = source.transform.octets(value.as_octets()?);
        Some(String::from_utf8_lossy(octets).into_owned())
    });
    ids.collect()
}

/// IEEE 1284 device ids, the vendor's own first. Longer than a tidied text may be: they are cut
/// into fields before they are tidied.
fn device_ids(view: &View<'_>, profile: &Profile) -> Vec<String> {
    let own = private_device_ids(view, profile);
    own.into_iter().chain(standard_device_ids(view)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::printer::testing::answers;

    /// Maker, model and serial number; "-" for what is not known.
    fn read(recording: &str) -> [String; 3] {
        let answers = answers(recording);
        let view = View::new(&answers);
        let profiles = Profiles::built_in();
        let (profile, _) = profiles.select(&evidence(&view, &profiles));
        let identity = identity(&view, &profiles, profile);
        [identity.manufacturer, identity.model, identity.serial]
            .map(|text| text.unwrap_or_else(|| "-".to_owned()))
    }

    #[test]
    fn t17_the_model_comes_from_the_description_not_from_a_shared_object_id() {
        // 641.2.71107114 is shared by MX711 and MX710.
        let lexmark = read(
            "1.3.6.1.2.1.1.1.0|4|Lexmark MX711 version NH5.TU.N543 kernel 3.0.0 All-N-1
             1.3.6.1.2.1.1.2.0|6|1.3.6.1.4.1.641.2.71107114
             1.3.6.1.2.1.25.3.2.1.2.1|6|1.3.6.1.2.1.25.3.1.5
             1.3.6.1.2.1.25.3.2.1.3.1|4|Lexmark MX711 74636C66019PZ LW50.TU.P543
             1.3.6.1.2.1.43.5.1.1.17.1|4|74636C66019PZ-130-0",
        );
        assert_eq!(lexmark, ["Lexmark", "MX711", "74636C66019PZ-130-0"]);
    }

    #[test]
    fn t17_serial_and_firmware_inside_the_description_are_split_off() {
        let dell = read(
            "1.3.6.1.2.1.1.2.0|6|1.3.6.1.4.1.674.10898.2.100.100.51.1094474004
             1.3.6.1.2.1.25.3.2.1.2.1|6|1.3.6.1.2.1.25.3.1.5
             1.3.6.1.2.1.25.3.2.1.3.1|4|Dell S5830dn 7XQ1R92 LW62.DN4.P636",
        );
        assert_eq!(dell, ["Dell", "S5830dn", "7XQ1R92"]);
    }

    #[test]
    fn t17_serial_and_firmware_are_found_wherever_they_stand() {
        let firmware = |description: &str| {
            let answers = answers(&format!(
                "1.3.6.1.2.1.25.3.2.1.2.1|6|1.3.6.1.2.1.25.3.1.5
                 1.3.6.1.2.1.25.3.2.1.3.1|4|{description}"
            ));
            let view = View::new(&answers);
            let profiles = Profiles::built_in();
            let (profile, _) = profiles.select(&evidence(&view, &profiles));
            let read = identity(&view, &profiles, profile);
            [read.model, read.serial, read.firmware]
                .map(|text| text.unwrap_or_else(|| "-".to_owned()))
        };
        for (description, expected) in [
            (
                "Lexmark X77n 12AB345 131.D02 -- Part Number --",
                ["X77n", "12AB345", "131.D02"],
            ),
            ("Lexmark MX999 LW50.XX.P543", ["MX999", "-", "LW50.XX.P543"]),
            (
                "RICOH MP C9003 1.14 / RICOH Network Printer C model",
                ["MP C9003", "-", "1.14"],
            ),
            (
                "Dell 9335dn MFP; 2.70.03.02;Engine 1.10.65;NIC V4.01.30(9335dn MFP) 02-05-2010;S/N AB1CD2E",
                ["9335dn MFP", "AB1CD2E", "2.70.03.02"],
            ),
            (
                "Xerox WorkCentre 9835 v1 Multifunction System; System Software 072.1.2.3, ESS 073.1, IOT 41.1.0",
                ["WorkCentre 9835", "-", "072.1.2.3"],
            ),
            (
                "HP LaserJet 999 color M975dn;PID:HP LaserJet 999,SN:CNB0000001,FN:AB12CDE",
                ["LaserJet 999 color M975dn", "CNB0000001", "-"],
            ),
            (
                "TOSHIBA e-STUDIO9999AC Linux 2.6.18 2013-05-20",
                ["e-STUDIO9999AC", "-", "-"],
            ),
            ("SHARP MX-9999N", ["MX-9999N", "-", "-"]),
            (
                "EPSON AL-C9999N; Net 98.48,ESS 202003111031,IOT 02.17.00",
                ["AL-C9999N", "-", "202003111031"],
            ),
            (
                "Zebra Technologies ZTC ZX999-300dpi ZPL label index 12345678",
                ["ZTC ZX999-300dpi ZPL label index 12345678", "-", "-"],
            ),
        ] {
            assert_eq!(firmware(description), expected, "{description}");
        }
    }

    #[test]
    fn t17_the_device_id_names_the_model_where_no_description_does() {
        let brother = read(
            "1.3.6.1.4.1.11.2.3.9.1.1.7.0|4|MFG:Brother;CMD:PJL;MDL:HL-2270DW series;CLS:PRINTER;",
        );
        assert_eq!(brother, ["Brother", "HL-2270DW", "-"]);
    }

    #[test]
    fn t17_the_network_card_is_not_the_model() {
        let kyocera = read(
            "1.3.6.1.2.1.1.1.0|4|KYOCERA Document Solutions Printing System
             1.3.6.1.2.1.1.2.0|6|1.3.6.1.4.1.1347.41
             1.3.6.1.4.1.1347.43.5.1.1.1.1|4|FS-1028MFP
             1.3.6.1.4.1.1347.43.5.1.1.28.1|4|QUV9600664",
        );
        assert_eq!(kyocera, ["Kyocera", "FS-1028MFP", "QUV9600664"]);
        let epson = read(
            "1.3.6.1.2.1.1.1.0|4|EPSON Built-in 10Base-T/100Base-TX Print Server
             1.3.6.1.2.1.1.2.0|6|1.3.6.1.4.1.1248.1.1.2",
        );
        assert_eq!(epson, ["Epson", "-", "-"]);
    }

    #[test]
    fn t13_the_vendor_is_who_the_object_id_says_whatever_else_answers() {
        // A Kyocera that calls its card a JetDirect (librenms tests, jetdirect_1).
        let kyocera = read(
            "1.3.6.1.2.1.1.1.0|4|HP ETHERNET MULTI-ENVIRONMENT,ROM J.sp.00,JETDIRECT EX,JD28 EEPROM 5.58
             1.3.6.1.2.1.1.2.0|6|1.3.6.1.4.1.1347.41",
        );
        assert_eq!(kyocera[0], "Kyocera");
        // A Brother that answers HP's tree (PrintMaster, HL-L8260CDW).
        let brother = read(
            "1.3.6.1.2.1.1.2.0|6|1.3.6.1.4.1.2435.2.3.9.1
             1.3.6.1.4.1.11.2.3.9.4.2.1.1.3.3.0|4x|0115564e4352433438313938
             1.3.6.1.2.1.43.5.1.1.17.1|4|U64641E7J134163",
        );
        assert_eq!(brother, ["Brother", "-", "U64641E7J134163"]);
    }

    #[test]
    fn t13_pml_serials_lose_their_lead_octets() {
        let hp = read(
            "1.3.6.1.2.1.1.2.0|6|1.3.6.1.4.1.11.2.3.9.1
             1.3.6.1.4.1.11.2.3.9.4.2.1.1.3.3.0|4x|0115564e4352433438313938",
        );
        assert_eq!(hp[2], "VNCRC48198");
    }

    #[test]
    fn t19_fillers_are_no_serial_numbers() {
        let hp = read(
            "1.3.6.1.2.1.1.1.0|4|HP ETHERNET MULTI-ENVIRONMENT,SN:VNB3J99999,FN:1F31B6C,SVCID:99999,PID:HP Color LaserJet Pro M252dw
             1.3.6.1.2.1.1.2.0|6|1.3.6.1.4.1.11.2.3.9.1
             1.3.6.1.2.1.43.5.1.1.17.1|4|XXXXXXXXXX",
        );
        assert_eq!(hp, ["HP", "Color LaserJet Pro M252dw", "VNB3J99999"]);
        let nameless = read(
            "1.3.6.1.2.1.1.1.0|4|SHARP MX-2614N
             1.3.6.1.2.1.43.5.1.1.17.1|4|0",
        );
        assert_eq!(nameless, ["Sharp", "MX-2614N", "-"]);
    }
}
