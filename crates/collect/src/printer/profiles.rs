//! Choosing the profile of a device.

use std::sync::LazyLock;

use super::model::strip_brand;
use super::profile::{self, Brand, Profile, ProfileError};
use crate::snmp::oid::Oid;

static GENERIC: LazyLock<Profile> = LazyLock::new(Profile::default);

/// All vendor profiles.
#[derive(Debug, Clone)]
pub struct Profiles(Vec<Profile>);

/// What a device says that tells its vendor.
#[derive(Debug, Clone, Default)]
pub(crate) struct Evidence {
    /// `sysObjectID`.
    pub(crate) object_id: Option<Oid>,
    /// Descriptions, most telling first: `hrDeviceDescr`, IEEE 1284 maker, `sysDescr`.
    pub(crate) texts: Vec<String>,
}

/// Why a profile was chosen, weakest last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ground {
    /// `sysObjectID` lies in a subtree only this vendor's printers use.
    ObjectId,
    /// A description begins with the vendor's name.
    Text,
    /// Nothing: the profile for everybody else.
    Nothing,
}

impl Profiles {
    /// The profiles that come with the program.
    ///
    /// # Errors
    /// A file that breaks the schema; the tests of this crate make sure that none does.
    pub fn try_built_in() -> Result<Self, ProfileError> {
        profile::parse_all().map(Self)
    }

    /// The profiles that come with the program. Their validity is tested; should a file be broken
    /// nevertheless, devices are read by the standard alone, and the log says why.
    pub fn built_in() -> Self {
        Self::try_built_in().unwrap_or_else(|error| {
            tracing::error!(%error, "vendor profiles are left out");
            Self(Vec::new())
        })
    }

    /// Every profile.
    pub fn iter(&self) -> impl Iterator<Item = &Profile> {
        self.0.iter()
    }

    /// The profile with this name, or the generic one.
    pub(crate) fn named(&self, name: &str) -> &Profile {
        let found = |wanted: &str| self.0.iter().find(|profile| profile.name == wanted);
        found(name).or_else(|| found("generic")).unwrap_or(&GENERIC)
    }

    /// The profile for a device: by the longest matching `sysObjectID`, else by the name its
    /// descriptions begin with, else the generic one. Whether HP's objects answer says nothing:
    /// Brother, OKI, Zebra and others answer them too (trap T13).
    pub(crate) fn select(&self, evidence: &Evidence) -> (&Profile, Ground) {
        let by_id = evidence
            .object_id
            .as_ref()
            .and_then(|id| self.by_object_id(id));
        let by_text = || evidence.texts.iter().find_map(|text| self.by_text(text));
        if let Some(profile) = by_id {
            (profile, Ground::ObjectId)
        } else if let Some(profile) = by_text() {
            (profile, Ground::Text)
        } else {
            (self.named("generic"), Ground::Nothing)
        }
    }

    fn by_object_id(&self, id: &Oid) -> Option<&Profile> {
        let length = |profile: &Profile| {
            let prefixes = profile.matching.object_ids.iter();
            prefixes
                .filter(|prefix| id.suffix(prefix).is_some())
                .map(|prefix| prefix.arcs().len())
                .max()
        };
        self.0
            .iter()
            .filter_map(|profile| Some((length(profile)?, profile)))
            .max_by_key(|(length, _)| *length)
            .map(|(_, profile)| profile)
    }

    fn by_text(&self, text: &str) -> Option<&Profile> {
        let begins = |brand: &Brand| strip_brand(text, brand).is_some();
        self.0
            .iter()
            .find(|profile| profile.matching.brands.iter().any(begins))
    }

    /// The brand a description begins with, whoever built the device: a Toshiba that Lexmark
    /// makes is a Toshiba.
    pub(crate) fn brand_of(&self, text: &str) -> Option<&Brand> {
        let brands = self.0.iter().flat_map(|profile| &profile.matching.brands);
        brands
            .into_iter()
            .find(|brand| strip_brand(text, brand).is_some())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_built_in_profile_is_valid_and_has_its_own_name() {
        let profiles = Profiles::try_built_in().unwrap();
        let names: std::collections::HashSet<_> = profiles.iter().map(Profile::name).collect();
        assert_eq!(names.len(), profiles.iter().count());
        assert!(names.contains("generic"));
    }

    #[test]
    fn a_misspelt_key_is_an_error_that_names_it() {
        let error = profile::parse(
            "acme",
            "name = \"acme\"\nversion = 1\nsource = \"its manual\"\n[supplies]\nreceptical = \"filled\"\n",
        )
        .unwrap_err()
        .to_string();
        assert!(
            error.contains("profile acme") && error.contains("receptical"),
            "{error}"
        );
    }

    #[test]
    fn an_object_without_a_source_is_refused() {
        let text = "name = \"acme\"\nversion = 1\nsource = \"its manual\"\n[[meters]]\nkey = \"total/all/impressions/any\"\noids = [\"1.3.6.1.4.1.9.1\"]\n";
        let error = profile::parse("acme", text).unwrap_err().to_string();
        assert!(error.contains("source"), "{error}");
    }

    #[test]
    fn every_vendor_is_recognised_by_its_object_id() {
        let profiles = Profiles::try_built_in().unwrap();
        for (id, name) in [
            ("1.3.6.1.4.1.2435.2.3.9.1", "brother"),
            ("1.3.6.1.4.1.1602.4.7", "canon"),
            ("1.3.6.1.4.1.674.10898.10.52.1094473223", "dell"),
            ("1.3.6.1.4.1.1248.1.1.2.1.3.5.69.69.80.83.50", "epson"),
            ("1.3.6.1.4.1.297.1.11.93.1.35.34.7.1", "fujifilm"),
            ("1.3.6.1.4.1.11.2.3.9.1", "hp"),
            ("1.3.6.1.4.1.18334.1.1.1.2.1.181.2.4", "konica-minolta"),
            ("1.3.6.1.4.1.1347.41", "kyocera"),
            ("1.3.6.1.4.1.641.2.71107114", "lexmark"),
            ("1.3.6.1.4.1.2001.1.1.1.297.93.1.14.20.1.1", "oki"),
            ("1.3.6.1.4.1.40093.1.1", "pantum"),
            ("1.3.6.1.4.1.367.1.1", "ricoh"),
            ("1.3.6.1.4.1.236.11.5.1", "samsung"),
            ("1.3.6.1.4.1.2385.3.1.111.1.26", "sharp"),
            ("1.3.6.1.4.1.1129.2.3.45.1", "toshiba"),
            ("1.3.6.1.4.1.253.8.62.1.35.2.3.1.1", "xerox"),
            ("1.3.6.1.4.1.10642.1", "zebra"),
            ("1.3.6.1.4.1.8072.3.2.10", "generic"),
            // An HP switch is no printer's subtree.
            ("1.3.6.1.4.1.11.2.3.7.11.182", "generic"),
            // Nor is a Dell server's.
            ("1.3.6.1.4.1.674.10892.5", "generic"),
        ] {
            let evidence = Evidence {
                object_id: id.parse().ok(),
                texts: Vec::new(),
            };
            assert_eq!(profiles.select(&evidence).0.name(), name, "{id}");
        }
    }
}
