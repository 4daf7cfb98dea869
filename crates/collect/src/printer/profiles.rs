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
