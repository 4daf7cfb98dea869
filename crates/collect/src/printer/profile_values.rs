//! The values profile files are written in, read strictly.

use std::ops::Deref;

use platen_domain::meters::{MeterKey, MeterUnit};
use platen_domain::supplies::SupplyType;
use serde::{Deserialize, Deserializer, de::Error as _};

use crate::snmp::oid::Oid;

/// An object identifier in dotted form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Object(pub(crate) Oid);

impl Deref for Object {
    type Target = Oid;

    fn deref(&self) -> &Oid {
        &self.0
    }
}

impl<'de> Deserialize<'de> for Object {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map(Self).map_err(D::Error::custom)
    }
}

/// A meter key such as `print/color/impressions/any`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Key(pub(crate) MeterKey);

impl<'de> Deserialize<'de> for Key {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map(Self).map_err(D::Error::custom)
    }
}

/// A unit as in meter keys, such as `sheets`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Unit(pub(crate) MeterUnit);

impl<'de> Deserialize<'de> for Unit {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let known = MeterUnit::from_keyword(&text).map(Self);
        known.ok_or_else(|| D::Error::custom(format!("{text:?} is no unit of meters")))
    }
}

/// A supply type by its registered name, such as `toner`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Kind(pub(crate) SupplyType);

impl<'de> Deserialize<'de> for Kind {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        SupplyType::from_keyword(&text).map(Self).ok_or_else(|| {
            D::Error::custom(format!(
                "{text:?} is no supply type of the IANA-PRINTER-MIB"
            ))
        })
    }
}
