//! Devices and what tells one from another.

use std::fmt;
use std::net::IpAddr;

use crate::clock::Timestamp;
use crate::ids::{DeviceId, OrganizationId};

/// Levels of a location or department hierarchy, as the published product has them.
pub const LOCATION_LEVELS_MAX: usize = 5;

/// What kind of identity a claim states, strongest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ClaimKind {
    /// Serial number, in the spelling of [`normalize_serial`], together with the maker.
    Serial,
    /// MAC address, `00:21:b7:1d:b2:2f`.
    Mac,
    /// UUID the device states of itself (IPP `printer-uuid`).
    Uuid,
    /// Network address: a locator, not an identity. It counts only where nothing better is known.
    Address,
}

impl ClaimKind {
    /// The form kept in the store.
    pub const fn keyword(self) -> &'static str {
        match self {
            Self::Serial => "serial",
            Self::Mac => "mac",
            Self::Uuid => "uuid",
            Self::Address => "address",
        }
    }

    /// Reads the form kept in the store.
    pub fn from_keyword(text: &str) -> Option<Self> {
        [Self::Serial, Self::Mac, Self::Uuid, Self::Address]
            .into_iter()
            .find(|k| k.keyword() == text)
    }
}

/// One statement a device made about who it is.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Claim {
    /// Of which kind.
    pub kind: ClaimKind,
    /// The value, normalised for its kind.
    pub value: String,
}

/// What a device states of itself, read seldom (the static set).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Identity {
    /// Maker, such as `Lexmark`.
    pub manufacturer: Option<String>,
    /// Model without the maker's name, such as `MX711`.
    pub model: Option<String>,
    /// Serial number as the device spells it, tidied.
    pub serial: Option<String>,
    /// MAC address, lower-case with colons.
    pub mac: Option<String>,
    /// UUID, lower-case without `urn:uuid:`; only IPP tells it. It is kept as a claim and for
    /// nothing else: an identity read back from the store has none.
    pub uuid: Option<String>,
    /// `sysName` or the printer's own name.
    pub name: Option<String>,
    /// `sysLocation` as set in the device.
    pub location: Option<String>,
    /// `sysContact` as set in the device.
    pub contact: Option<String>,
    /// Firmware version.
    pub firmware: Option<String>,
    /// `sysDescr`, tidied.
    pub description: Option<String>,
    /// `sysObjectID` in dotted form.
    pub system_object_id: Option<String>,
    /// Whether it has colour markers; `None` when its answers do not tell.
    pub color: Option<bool>,
}

impl Identity {
    /// The claims this identity makes, strongest first; the address only stands in when the
    /// device states neither a usable serial number nor a MAC address nor a UUID.
    pub fn claims(&self, address: IpAddr) -> Vec<Claim> {
        let mut claims = self.own_claims();
        if claims.is_empty() {
            claims.push(Claim {
                kind: ClaimKind::Address,
                value: address.to_string(),
            });
        }
        claims
    }

    /// What it states wherever it is: serial number, MAC address and UUID, as far as they are usable.
    pub fn own_claims(&self) -> Vec<Claim> {
        let maker = self.manufacturer.as_deref().unwrap_or("").to_lowercase();
        let serial = self.serial.as_deref().and_then(normalize_serial);
        serial
            .map(|serial| Claim {
                kind: ClaimKind::Serial,
                value: format!("{maker}/{serial}"),
            })
            .into_iter()
            .chain(
                self.mac
                    .clone()
                    .filter(|mac| !is_filler_mac(mac))
                    .map(|value| Claim {
                        kind: ClaimKind::Mac,
                        value,
                    }),
            )
            .chain(
                self.uuid
                    .clone()
                    .filter(|uuid| uuid != NIL_UUID)
                    .map(|value| Claim {
                        kind: ClaimKind::Uuid,
                        value,
                    }),
            )
            .collect()
    }

    /// Whether another answer states one of the same claims.
    pub fn shares_a_claim(&self, other: &Self) -> bool {
        let claims = self.own_claims();
        other
            .own_claims()
            .iter()
            .any(|claim| claims.contains(claim))
    }
}

/// The UUID that means none (RFC 9562 5.9). It identifies nobody.
const NIL_UUID: &str = "00000000-0000-0000-0000-000000000000";

/// Whether a MAC address is one that devices and their owners put where none belongs: all zeros,
/// all ones, or the alphabet's first letters. It identifies nobody (trap T19).
fn is_filler_mac(mac: &str) -> bool {
    matches!(
        mac,
        "00:00:00:00:00:00" | "ff:ff:ff:ff:ff:ff" | "aa:bb:cc:dd:ee:ff"
    )
}

/// One spelling per serial number: upper case, letters and digits only. `None` for what devices
/// state when they have none: empty, one repeated character, or a known filler.
pub fn normalize_serial(serial: &str) -> Option<String> {
    let plain: String = serial
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_uppercase())
        .collect();
    let first = plain.chars().next()?;
    let filler = plain.chars().all(|c| c == first)
        || matches!(
            plain.as_str(),
            "NONE" | "UNKNOWN" | "NULL" | "NA" | "SERIALNUMBER" | "DEFAULT"
        );
    (!filler).then_some(plain)
}

/// Whether a device counts as part of the fleet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Lifecycle {
    /// Polled and reported.
    InService,
    /// Kept for its history; neither polled nor reported.
    OutOfService,
}

impl Lifecycle {
    /// The form kept in the store and shown in reports.
    pub const fn keyword(self) -> &'static str {
        match self {
            Self::InService => "in-service",
            Self::OutOfService => "out-of-service",
        }
    }
}

impl fmt::Display for Lifecycle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::InService => "In Service",
            Self::OutOfService => "Out of Service",
        })
    }
}

/// A printer that belongs to an organization.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Device {
    /// Its identifier.
    pub id: DeviceId,
    /// Whose it is.
    pub organization: OrganizationId,
    /// What it last stated of itself.
    pub identity: Identity,
    /// Where it last answered.
    pub address: IpAddr,
    /// Asset number given by people.
    pub asset_number: Option<String>,
    /// Department given by people, outermost level first.
    pub department: Vec<String>,
    /// Location given by people, outermost level first, at most [`LOCATION_LEVELS_MAX`].
    pub location: Vec<String>,
    /// Whether it counts.
    pub lifecycle: Lifecycle,
    /// When it first answered.
    pub first_seen_at: Timestamp,
    /// When it last answered.
    pub last_seen_at: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn serial_spellings_meet() {
        assert_eq!(
            normalize_serial(" vd2-1457943 "),
            normalize_serial("VD21457943")
        );
        for filler in ["", "0", "0000000", "XXXXXXXX", "  - ", "none", "N/A"] {
            assert_eq!(normalize_serial(filler), None, "{filler:?}");
        }
    }

    #[test]
    fn the_address_identifies_only_as_a_last_resort() {
        let address = "192.0.2.7".parse().unwrap();
        let unnamed = Identity {
            serial: Some("0".to_owned()),
            ..Identity::default()
        };
        let kinds = |i: &Identity| {
            i.claims(address)
                .into_iter()
                .map(|c| c.kind)
                .collect::<Vec<_>>()
        };
        assert_eq!(kinds(&unnamed), [ClaimKind::Address]);
        let placeholder = Identity {
            mac: Some("aa:bb:cc:dd:ee:ff".to_owned()),
            ..Identity::default()
        };
        assert_eq!(kinds(&placeholder), [ClaimKind::Address]);
        let known = Identity {
            serial: Some("VD21457943".to_owned()),
            mac: Some("00:17:c8:00:00:01".to_owned()),
            ..Identity::default()
        };
        assert_eq!(kinds(&known), [ClaimKind::Serial, ClaimKind::Mac]);
        let by_uuid = |uuid: &str| Identity {
            uuid: Some(uuid.to_owned()),
            ..Identity::default()
        };
        let stated = by_uuid("67bbb526-3a17-474f-a567-2ca5f6156613");
        assert_eq!(kinds(&stated), [ClaimKind::Uuid]);
        assert_eq!(kinds(&by_uuid(NIL_UUID)), [ClaimKind::Address]);
    }
}
