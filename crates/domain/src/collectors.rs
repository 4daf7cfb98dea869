//! Collectors: programs that push print records, each with a credential of its own.

use crate::clock::Timestamp;
use crate::ids::{CollectorId, Ids, OrganizationId};
use crate::keys::{AuthorizationKey, SecretHash};

/// A collector's credential in clear, shown once: 64 lower-case hex digits like an Authorization
/// Key, and of its own type, so that neither is taken for the other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CollectorCredential(AuthorizationKey);

impl CollectorCredential {
    /// A new credential from 256 random bits.
    pub fn generate(ids: &dyn Ids) -> Self {
        Self(AuthorizationKey::generate(ids))
    }

    /// Reads what a collector sent; `None` when it cannot be a credential.
    pub fn parse(text: &str) -> Option<Self> {
        AuthorizationKey::parse(text).map(Self)
    }

    /// The credential's text, for the one answer that shows it.
    pub fn expose(&self) -> &str {
        self.0.expose()
    }

    /// What is kept of it.
    pub fn hash(&self) -> SecretHash {
        self.0.hash()
    }
}

/// What is kept of a collector.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CollectorRecord {
    /// Its identifier.
    pub id: CollectorId,
    /// Whose records it brings.
    pub organization: OrganizationId,
    /// What people call it: a site or a host.
    pub name: String,
    /// SHA-256 of its credential.
    pub hash: SecretHash,
    /// When it was enrolled.
    pub enrolled_at: Timestamp,
    /// When its last batch came, to the hour.
    pub last_seen_at: Option<Timestamp>,
    /// Since when its credential is dead.
    pub revoked_at: Option<Timestamp>,
}

/// Names a batch: what a collector sends twice under one name must be the same twice.
///
/// The epoch is chosen at random when a collector's spool is made, so that one which lost its
/// disk cannot be taken for its former self; the sequence counts up within it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct BatchId {
    /// Which life of the collector.
    pub epoch: u64,
    /// Which batch of that life.
    pub sequence: u64,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::SeededIds;

    #[test]
    fn a_credential_reads_back_and_does_not_print() {
        let credential = CollectorCredential::generate(&SeededIds::new(1));
        let again = CollectorCredential::parse(credential.expose());
        assert_eq!(again.as_ref(), Some(&credential));
        assert_eq!(CollectorCredential::parse("secret"), None);
        let shown = format!("{credential:?}");
        assert!(!shown.contains(credential.expose()), "{shown}");
    }
}
