//! How a private object's value becomes text or a number.

use serde::Deserialize;

/// A reading rule named in a profile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Transform {
    /// As it stands.
    #[default]
    None,
    /// HP's Printer Management Language: two octets of type and symbol set before the text
    /// (trap T13).
    Pml,
    /// Text such as `1920 INCHES, 4876 CENTIMETERS` as ten-thousandths of an inch.
    Inches,
}

/// Most octets before the text of a PML string.
const PML_LEAD_OCTETS: usize = 2;

/// Ten-thousandths in an inch.
const TEN_THOUSANDTHS: u64 = 10_000;

impl Transform {
    /// The octets that are text.
    pub(crate) fn octets(self, octets: &[u8]) -> &[u8] {
        let is_lead = |octet: &&u8| **octet < b' ';
        match self {
            Self::Pml => {
                let lead = octets
                    .iter()
                    .take(PML_LEAD_OCTETS)
                    .take_while(is_lead)
                    .count();
                octets.get(lead..).unwrap_or(&[])
            }
            Self::None | Self::Inches => octets,
        }
    }

    /// The number in a text.
    pub(crate) fn number(self, octets: &[u8]) -> Option<u64> {
        let text = std::str::from_utf8(octets).ok()?.trim();
        match self {
            Self::None | Self::Pml => text.parse().ok(),
            Self::Inches => {
                let (number, unit) = text.split_once(' ')?;
                let inches: u64 = number.parse().ok()?;
                unit.starts_with("INCH")
                    .then(|| inches.checked_mul(TEN_THOUSANDTHS))
                    .flatten()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t13_pml_lead_octets_are_dropped_and_plain_text_stays() {
        let pml = |octets| Transform::Pml.octets(octets);
        assert_eq!(pml(b"\x01\x15VNCRC48198"), b"VNCRC48198");
        assert_eq!(pml(b"VNCRC48198"), b"VNCRC48198");
        assert_eq!(pml(b"\x01"), b"");
    }

    #[test]
    fn inches_are_read_from_zebra_odometers() {
        let inches = |text: &[u8]| Transform::Inches.number(text);
        assert_eq!(inches(b"1920 INCHES, 4876 CENTIMETERS"), Some(19_200_000));
        assert_eq!(inches(b"4876 CENTIMETERS"), None);
        assert_eq!(inches(b"99999999999999999999 INCHES"), None);
    }
}
