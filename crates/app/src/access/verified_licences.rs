//! Licences that were verified already: every request to an API asks for one, and reading a
//! signature costs more than all that is read from the store for it.
//!
//! Whether a document is signed depends on the document and on who is trusted, and on nothing
//! else. Both are compared as a whole, so that what changed is verified anew.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use platen_domain::licences::Licence;
use platen_store::Issuer;

/// Documents remembered: one for each organization of a large server. Each has a few hundred
/// octets.
const DOCUMENTS_MAX: usize = 256;

/// What was verified.
struct Verified {
    document: String,
    trusted: Vec<Issuer>,
    licence: Licence,
}

/// The documents that were verified last.
pub(crate) struct VerifiedLicences(Mutex<VecDeque<Verified>>);

impl VerifiedLicences {
    pub(crate) const fn new() -> Self {
        Self(Mutex::new(VecDeque::new()))
    }

    /// The licence in `document`, read by `verify` unless it was verified by the same `trusted`
    /// before. What does not verify is not remembered.
    pub(crate) fn get<E>(
        &self,
        document: &str,
        trusted: &[Issuer],
        verify: impl FnOnce(&str, &[Issuer]) -> Result<Licence, E>,
    ) -> Result<Licence, E> {
        let known = |verified: &&Verified| {
            verified.document == document && verified.trusted.as_slice() == trusted
        };
        let found = self.with(|all| all.iter().find(known).map(|v| v.licence.clone()));
        if let Some(licence) = found {
            return Ok(licence);
        }
        let licence = verify(document, trusted)?;
        let verified = Verified {
            document: document.to_owned(),
            trusted: trusted.to_vec(),
            licence: licence.clone(),
        };
        self.with(|all| {
            all.truncate(DOCUMENTS_MAX - 1);
            all.push_front(verified);
        });
        Ok(licence)
    }

    fn with<T>(&self, work: impl FnOnce(&mut VecDeque<Verified>) -> T) -> T {
        work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use platen_domain::clock::Timestamp;

    fn licence(organization: &str) -> Licence {
        Licence {
            features: [].into(),
            organization: organization.to_owned(),
            device_limit: None,
            valid_from: Timestamp::from_millis(0),
            valid_until: None,
            evaluation: false,
        }
    }

    fn issuer(key: u8) -> Issuer {
        Issuer {
            name: "Northwind".to_owned(),
            public_key: [key; 32],
        }
    }

    #[test]
    fn only_what_is_the_same_is_not_verified_again() {
        let known = VerifiedLicences::new();
        let verify = |document: &str, _: &[Issuer]| Ok::<_, ()>(licence(document));
        let unasked = |_: &str, _: &[Issuer]| Err(());
        assert_eq!(known.get("a", &[issuer(1)], verify), Ok(licence("a")));
        assert_eq!(known.get("a", &[issuer(1)], unasked), Ok(licence("a")));
        assert_eq!(known.get("b", &[issuer(1)], unasked), Err(()));
        assert_eq!(known.get("a", &[issuer(2)], unasked), Err(()));
        assert_eq!(known.get("a", &[], unasked), Err(()));
        // What failed is asked for again.
        assert_eq!(known.get("b", &[issuer(1)], verify), Ok(licence("b")));
    }

    #[test]
    fn the_oldest_are_forgotten() {
        let known = VerifiedLicences::new();
        let verify = |document: &str, _: &[Issuer]| Ok::<_, ()>(licence(document));
        let unasked = |_: &str, _: &[Issuer]| Err(());
        for number in 0..=DOCUMENTS_MAX {
            known.get(&number.to_string(), &[], verify).unwrap();
        }
        assert_eq!(known.get("0", &[], unasked), Err(()));
        assert_eq!(known.get("1", &[], unasked), Ok(licence("1")));
    }
}
