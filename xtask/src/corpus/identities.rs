//! Judges who the device is: serial number, model, name and firmware, each exactly.

use platen_domain::devices::{Identity, normalize_serial};

use super::compare::{Field, Finding, scalar, stated};
use super::differences::Differences;
use super::expected::Opinion;

/// Makers' names as programs put them before a model.
const MAKERS: [&str; 16] = [
    "hewlettpackard",
    "konicaminolta",
    "fujixerox",
    "brother",
    "kyocera",
    "lexmark",
    "toshiba",
    "canon",
    "epson",
    "ricoh",
    "sharp",
    "xerox",
    "zebra",
    "dell",
    "ztc",
    "hp",
];

/// What programs write where a device has no name.
const NO_NAME: [&str; 2] = ["", "<private>"];

/// One finding for each of the four that somebody states.
pub(super) fn judge(
    identity: Option<&Identity>,
    opinions: &[Opinion],
    differences: &Differences,
) -> Vec<Finding> {
    let ours = |of: fn(&Identity) -> Option<&String>| identity.and_then(of);
    let findings = [
        serial(ours(|i| i.serial.as_ref()), opinions),
        scalar(
            Field::Model,
            "model",
            ours(|i| i.model.as_ref()),
            stated(opinions, |opinion| opinion.model.clone()),
            |a, b| same_model(a, b) || differences.are_alike("model", a, b),
        ),
        scalar(
            Field::Name,
            "name",
            ours(|i| i.name.as_ref()),
            stated(opinions, |opinion| {
                let name = opinion.name.clone();
                name.filter(|name| !NO_NAME.contains(&name.as_str()))
            }),
            // LibreNMS keeps names in lower case.
            |a, b| a.eq_ignore_ascii_case(b),
        ),
        scalar(
            Field::Firmware,
            "firmware",
            ours(|i| i.firmware.as_ref()),
            stated(opinions, |opinion| opinion.firmware.clone()),
            |a, b| a == b || differences.are_alike("firmware", a, b),
        ),
    ];
    findings.into_iter().flatten().collect()
}

fn serial(ours: Option<&String>, opinions: &[Opinion]) -> Option<Finding> {
    let usable = |serial: &String| normalize_serial(serial).is_some();
    let theirs = stated(opinions, |opinion| opinion.serial.clone().filter(usable));
    let same = |a: &String, b: &String| normalize_serial(a) == normalize_serial(b);
    scalar(Field::Serial, "serial", ours, theirs, same)
}

/// A model without its maker, its spaces and its case.
fn model_core(model: &str) -> String {
    let plain: String = model
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_lowercase())
        .collect();
    let maker = MAKERS.iter().find_map(|maker| plain.strip_prefix(maker));
    maker.map_or_else(|| plain.clone(), str::to_owned)
}

/// Whether two spell one model, with its maker's name or without. What is longer is another model:
/// a serial number or a firmware at its end is a mistake, on whichever side.
fn same_model(ours: &str, theirs: &str) -> bool {
    model_core(ours) == model_core(theirs)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn models_are_compared_whole() {
        assert!(same_model("bizhub 25e", "Konica Minolta bizhub 25e"));
        assert!(!same_model("MX711", "MX710"));
        assert!(!same_model("S5830dn", "Dell S5830dn 7XQ1R92 LW62.DN4.P636"));
        assert!(!same_model("E332n 380AB12 141.C09", "E332n"));
        assert!(!same_model("Aficio MP C3002", "RICOH Aficio MP"));
    }
}
