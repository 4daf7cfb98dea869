//! Who a printer says it is.

use platen_domain::devices::{Identity, normalize_serial};
use platen_domain::text::{tidy_foreign, tidy_foreign_opt};

use super::firmware;
use super::message::Group;
use crate::printer::model::{self, device_id_field};
use crate::printer::profile::Brand;
use crate::printer::profiles::Evidence;
use crate::printer::{Profile, Profiles};

/// Names of the maker's field in an IEEE 1284 device id.
const DEVICE_ID_MAKER: &[&str] = &["MFG", "MANUFACTURER"];
/// Names of the model's field.
const DEVICE_ID_MODEL: &[&str] = &["MDL", "MODEL"];
/// Names of the serial number's field.
const DEVICE_ID_SERIAL: &[&str] = &["SN", "SER", "SERN", "SERIALNUMBER"];

/// What some printers write where they have no value (a Xerox B235 in `printer-organization`).
const NO_VALUE: &str = "no-value";

/// The vendor's profile, by the maker the device names.
pub(super) fn profile<'a>(printer: &Group, profiles: &'a Profiles) -> &'a Profile {
    let maker = device_id(printer, DEVICE_ID_MAKER);
    let model = text(printer, "printer-make-and-model");
    let evidence = Evidence {
        object_id: None,
        texts: maker.into_iter().chain(model).collect(),
    };
    profiles.select(&evidence).0
}

/// Decodes the identity, with the names that the other ways of asking come to.
pub(super) fn identity(printer: &Group, profiles: &Profiles, profile: &Profile) -> Identity {
    let description = text(printer, "printer-make-and-model");
    let maker = device_id(printer, DEVICE_ID_MAKER);
    let brand = [&description, &maker]
        .into_iter()
        .flatten()
        .find_map(|text| profiles.brand_of(text));
    let serial = device_id(printer, DEVICE_ID_SERIAL);
    let serial = serial.filter(|serial| normalize_serial(serial).is_some());
    let own: Vec<&Brand> = profile.matching.brands.iter().chain(brand).collect();
    let models = [device_id(printer, DEVICE_ID_MODEL), description.clone()];
    let model = models
        .into_iter()
        .flatten()
        .find_map(|text| model::clean(&text, &own, serial.as_deref(), &profile.description));
    Identity {
        manufacturer: brand.map(|brand| brand.name.clone()).or(maker),
        model,
        serial,
        uuid: uuid(printer),
        name: text(printer, "printer-name"),
        location: text(printer, "printer-location"),
        firmware: firmware::firmware(printer),
        description,
        ..Identity::default()
    }
}

/// `printer-uuid` without its prefix, in lower case.
pub(super) fn uuid(printer: &Group) -> Option<String> {
    let uri = printer.text("printer-uuid")?;
    let uuid = uri.strip_prefix("urn:uuid:").unwrap_or(uri);
    let fits = |c: char| c.is_ascii_hexdigit() || c == '-';
    (uuid.len() == 36 && uuid.chars().all(fits)).then(|| uuid.to_ascii_lowercase())
}

fn device_id(printer: &Group, names: &[&str]) -> Option<String> {
    let id = printer.text("printer-device-id")?;
    device_id_field(id, names).map(tidy_foreign)
}

fn text(printer: &Group, name: &str) -> Option<String> {
    let text = printer.text(name).and_then(tidy_foreign_opt);
    text.filter(|text| text != NO_VALUE)
}
