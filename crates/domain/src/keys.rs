//! Authorization Keys: shown once, kept as a hash.

use std::fmt;

use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::clock::Timestamp;
use crate::ids::{Ids, KeyId, OrganizationId};
use crate::report_apis::ReportApi;
use crate::secret::Secret;

/// Random bytes in a key. With 256 bits a fast hash is enough at rest (OWASP ASVS 5.0, 6.5.2).
const KEY_BYTES: usize = 32;

/// Leading characters of a key that stay visible, to tell keys apart in lists and logs.
const PREFIX_CHARS: usize = 8;

/// An Authorization Key in clear: 64 lower-case hex digits, the published form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuthorizationKey(Secret<String>);

impl AuthorizationKey {
    /// A new key from 256 random bits.
    pub fn generate(ids: &dyn Ids) -> Self {
        let mut bytes = [0; KEY_BYTES];
        ids.fill(&mut bytes);
        Self(Secret::new(hex(&bytes)))
    }

    /// Reads what a caller sent. `None` when it cannot be a key, which spares a look-up and
    /// tells the caller nothing.
    pub fn parse(text: &str) -> Option<Self> {
        let well_formed = text.len() == KEY_BYTES * 2
            && text
                .bytes()
                .all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
        well_formed.then(|| Self(Secret::new(text.to_owned())))
    }

    /// The key's text, for the one page that shows it.
    pub fn expose(&self) -> &str {
        self.0.expose()
    }

    /// What is kept of it.
    pub fn hash(&self) -> SecretHash {
        SecretHash::of(self.expose())
    }

    /// Its first characters, enough to tell keys apart and too few to guess one.
    pub fn prefix(&self) -> String {
        self.expose().chars().take(PREFIX_CHARS).collect()
    }
}

/// SHA-256 of a 256-bit random secret: all that is kept of a key, session or one-time link.
#[derive(Clone, Copy, Eq)]
pub struct SecretHash([u8; 32]);

impl SecretHash {
    /// The hash of a secret's text.
    pub fn of(secret: &str) -> Self {
        Self(Sha256::digest(secret.as_bytes()).into())
    }

    /// The hash with these bytes, as the store keeps them.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The bytes the store keeps.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl PartialEq for SecretHash {
    fn eq(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl fmt::Debug for SecretHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretHash(…)")
    }
}

/// A random secret of 256 bits in hex, for sessions and one-time links.
pub fn random_secret(ids: &dyn Ids) -> Secret<String> {
    AuthorizationKey::generate(ids).0
}

/// Octets as lower-case hex digits.
pub fn hex(bytes: &[u8]) -> String {
    use fmt::Write as _;
    bytes
        .iter()
        .fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
            // Writing to a String cannot fail.
            write!(text, "{byte:02x}").ok();
            text
        })
}

/// What is kept of an Authorization Key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyRecord {
    /// Its identifier.
    pub id: KeyId,
    /// The organization whose data it opens.
    pub organization: OrganizationId,
    /// The one API it opens.
    pub api: ReportApi,
    /// SHA-256 of the key.
    pub hash: SecretHash,
    /// The key's first characters.
    pub prefix: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// Name of who made it.
    pub created_by: String,
    /// When it last opened its API, to the hour.
    pub last_used_at: Option<Timestamp>,
    /// Since when it is dead. A dead key never lives again.
    pub revoked_at: Option<Timestamp>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::SeededIds;

    #[test]
    fn a_key_is_64_lower_case_hex_digits_and_reads_back() {
        let key = AuthorizationKey::generate(&SeededIds::new(1));
        assert_eq!(key.expose().len(), 64);
        assert_eq!(AuthorizationKey::parse(key.expose()), Some(key.clone()));
        assert_eq!(key.prefix().len(), 8);
        assert_eq!(format!("{key:?}"), "AuthorizationKey(Secret(…))");
    }

    #[test]
    fn what_cannot_be_a_key_is_refused() {
        let upper = "873FE108995E37B81E0C64B44E895DE045C9DCC71408C03D1E70B4E8CA47649F";
        for text in ["", "873fe108", upper, &"g".repeat(64), &"é".repeat(32)] {
            assert_eq!(AuthorizationKey::parse(text), None, "{text}");
        }
    }

    #[test]
    fn the_published_example_is_well_formed() {
        let example = "873fe108995e37b81e0c64b44e895de045c9dcc71408c03d1e70b4e8ca47649f";
        assert!(AuthorizationKey::parse(example).is_some());
    }
}
