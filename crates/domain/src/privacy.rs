//! What is kept of the people behind print jobs, per organization and field.

use crate::keywords::keywords;
use crate::secret::Secret;

/// An organization's key of pseudonyms: 256 random bits, made once and kept. Whoever has it can
/// tell by trial whose pseudonym one is.
pub type PseudonymKey = Secret<[u8; 32]>;

/// What becomes of one field. Applied by the collector, before anything leaves it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub enum FieldMode {
    /// Kept as it is.
    #[default]
    Collect,
    /// Not kept.
    Drop,
    /// HMAC-SHA-256 under the organization's key: the same person is the same pseudonym, and no
    /// dictionary turns it back without the key.
    Hash,
    /// Of a document's title only its file extension.
    Extension,
}

keywords!(FieldMode {
    Collect = "collect",
    Drop = "drop",
    Hash = "hash",
    Extension = "extension",
});

/// The fields that tell of people, and what becomes of each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct PrivacyPolicy {
    /// The user's name.
    pub user: FieldMode,
    /// The document's title.
    pub document: FieldMode,
    /// The computer's name.
    pub client: FieldMode,
    /// Titles are removed this many days after the job; `None` keeps them.
    pub document_days: Option<u16>,
}

impl PrivacyPolicy {
    /// Whether anything of people is not kept as it comes, or not for ever.
    pub fn hides_people(&self) -> bool {
        let modes = [self.user, self.document, self.client];
        modes != [FieldMode::Collect; 3] || self.document_days.is_some()
    }
}
