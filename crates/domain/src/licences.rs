//! Licences: what an organization may use, until when, for how many devices.
//!
//! A licence is a signed document; signing and verifying is the application's work, the meaning
//! is here. An expired or missing licence stops the APIs and nothing else: collecting, storing,
//! the console's grids, backup and export go on.

use std::fmt;
use std::str::FromStr;

use crate::clock::Timestamp;

/// A part of Platen that is licensed on its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Feature {
    /// Device Meter, Status and Toner Data.
    Fleet,
    /// Print Transactions and Monthly Print Data.
    Print,
    /// The Accounts API.
    Accounts,
}

impl Feature {
    /// Every feature.
    pub const ALL: [Self; 3] = [Self::Fleet, Self::Print, Self::Accounts];

    /// The form used in the signed document and on the command line.
    pub const fn keyword(self) -> &'static str {
        match self {
            Self::Fleet => "fleet",
            Self::Print => "print",
            Self::Accounts => "accounts",
        }
    }
}

impl fmt::Display for Feature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.keyword())
    }
}

/// The text names no feature.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown licence feature: expected fleet, print or accounts")]
pub struct ParseFeatureError;

impl FromStr for Feature {
    type Err = ParseFeatureError;

    fn from_str(text: &str) -> Result<Self, ParseFeatureError> {
        Self::ALL
            .into_iter()
            .find(|feature| feature.keyword() == text)
            .ok_or(ParseFeatureError)
    }
}

/// What a verified licence says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Licence {
    /// Name of the organization it was issued to.
    pub organization: String,
    /// What it opens.
    pub features: Vec<Feature>,
    /// How many devices in service it covers; `None` is any number.
    pub device_limit: Option<u32>,
    /// First instant of validity.
    pub valid_from: Timestamp,
    /// First instant after validity; `None` is perpetual.
    pub valid_until: Option<Timestamp>,
    /// Issued to try Platen out.
    pub evaluation: bool,
}

/// Why a licence does not open a feature now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LicenceRefusal {
    /// None is installed.
    #[error("no licence is installed")]
    Missing,
    /// Its validity has not begun.
    #[error("the licence is not valid yet")]
    NotYetValid,
    /// Its validity has ended.
    #[error("the licence has expired")]
    Expired,
    /// It does not cover this feature.
    #[error("the licence does not cover this API")]
    FeatureNotCovered,
}

/// Whether `licence` opens `feature` at `now`.
pub fn check(
    licence: Option<&Licence>,
    feature: Feature,
    now: Timestamp,
) -> Result<(), LicenceRefusal> {
    let licence = licence.ok_or(LicenceRefusal::Missing)?;
    if now < licence.valid_from {
        return Err(LicenceRefusal::NotYetValid);
    }
    if licence.valid_until.is_some_and(|until| now >= until) {
        return Err(LicenceRefusal::Expired);
    }
    if !licence.features.contains(&feature) {
        return Err(LicenceRefusal::FeatureNotCovered);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn validity_is_half_open_and_per_feature() {
        let at = Timestamp::from_millis;
        let licence = Licence {
            organization: "Northwind".to_owned(),
            features: vec![Feature::Fleet],
            device_limit: None,
            valid_from: at(100),
            valid_until: Some(at(200)),
            evaluation: false,
        };
        let fleet = |now| check(Some(&licence), Feature::Fleet, at(now));
        assert_eq!(fleet(99), Err(LicenceRefusal::NotYetValid));
        assert_eq!(fleet(100), Ok(()));
        assert_eq!(fleet(199), Ok(()));
        assert_eq!(fleet(200), Err(LicenceRefusal::Expired));
        let print = check(Some(&licence), Feature::Print, at(150));
        assert_eq!(print, Err(LicenceRefusal::FeatureNotCovered));
        assert_eq!(
            check(None, Feature::Fleet, at(150)),
            Err(LicenceRefusal::Missing)
        );
    }
}
