//! Issuers of licences: whoever holds an Ed25519 key that a server trusts.
//!
//! Platen is free software, so the operator is the usual issuer: `platen init` makes a key, and
//! the server trusts it. A reseller's key can be trusted beside it.

use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use platen_domain::ids::Ids;
use platen_domain::keys::hex;
use platen_domain::secret::Secret;
use platen_store::Issuer;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::Access;
use crate::AppError;

/// Bytes of the public key's SHA-256 that name a key. Eight tell keys apart; trust comes from
/// the signature, not from the name.
const KEY_ID_BYTES: usize = 8;

/// First line of an issuer key file.
const KEY_FILE_HEADING: &str = "\
# Issuer key of a Platen server: whoever has this file can issue licences to its organizations.
# Keep it readable by its owner only, and keep a copy apart from the server.
";

/// A key that signs licences.
#[derive(Clone)]
pub struct IssuerKey {
    name: String,
    key: SigningKey,
}

/// The text is not an issuer key file.
#[derive(Debug, thiserror::Error)]
pub enum IssuerKeyError {
    /// Not TOML, or a field is missing.
    #[error("not an issuer key: expected the fields name and secret_key in TOML")]
    Malformed(#[source] toml::de::Error),
    /// The key is not 64 hex digits.
    #[error("not an issuer key: secret_key must be 64 hex digits")]
    SecretKey,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeyFile {
    name: String,
    key_id: Option<String>,
    secret_key: String,
}

impl IssuerKey {
    /// A new key of the issuer called `name`.
    pub fn generate(name: &str, ids: &dyn Ids) -> Self {
        let mut seed = [0; 32];
        ids.fill(&mut seed);
        Self {
            name: name.to_owned(),
            key: SigningKey::from_bytes(&seed),
        }
    }

    /// Reads the text of a key file.
    pub fn from_text(text: &Secret<String>) -> Result<Self, IssuerKeyError> {
        let file: KeyFile = toml::from_str(text.expose()).map_err(IssuerKeyError::Malformed)?;
        let seed = from_hex(&file.secret_key).ok_or(IssuerKeyError::SecretKey)?;
        Ok(Self {
            name: file.name,
            key: SigningKey::from_bytes(&seed),
        })
    }

    /// The text of its key file.
    pub fn to_text(&self) -> Secret<String> {
        let file = KeyFile {
            name: self.name.clone(),
            key_id: Some(key_id(self.key.verifying_key().as_bytes())),
            secret_key: hex(self.key.as_bytes()),
        };
        // Three strings always have a TOML form.
        let fields = toml::to_string(&file).unwrap_or_default();
        Secret::new(format!("{KEY_FILE_HEADING}{fields}"))
    }

    /// What a server needs to trust it.
    pub fn issuer(&self) -> Issuer {
        Issuer {
            name: self.name.clone(),
            public_key: self.key.verifying_key().to_bytes(),
        }
    }

    pub(crate) fn sign(&self, message: &[u8]) -> String {
        hex(&self.key.sign(message).to_bytes())
    }
}

/// The name of a public key: the first 16 hex digits of its SHA-256.
pub fn key_id(public_key: &[u8; 32]) -> String {
    let digest: [u8; 32] = Sha256::digest(public_key).into();
    let (id, _rest) = digest.split_at(KEY_ID_BYTES);
    hex(id)
}

/// Whether `signature` (128 hex digits) over `message` is the issuer's. Strict: weak keys and
/// malleable signatures are refused.
pub(crate) fn is_signed_by(issuer: &Issuer, message: &[u8], signature: &str) -> bool {
    let key = VerifyingKey::from_bytes(&issuer.public_key).ok();
    let signature = from_hex(signature).map(|bytes| Signature::from_bytes(&bytes));
    key.zip(signature)
        .is_some_and(|(key, signature)| key.verify_strict(message, &signature).is_ok())
}

fn from_hex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let digits: Option<Vec<u8>> = text
        .chars()
        .map(|c| c.to_digit(16).and_then(|digit| u8::try_from(digit).ok()))
        .collect();
    let (pairs, rest) = digits.as_deref()?.as_chunks::<2>();
    let bytes: Vec<u8> = pairs.iter().map(|[high, low]| high << 4 | low).collect();
    rest.is_empty().then(|| bytes.try_into().ok()).flatten()
}

impl Access<'_> {
    /// Trusts `issuer` from now on: its licences can be installed. For the operator.
    pub async fn trust_issuer(self, issuer: Issuer) -> Result<(), AppError> {
        let now = self.app.now();
        let trusted = self.app.store.write(move |w| w.trust_issuer(&issuer, now));
        Ok(trusted.await?)
    }

    /// The issuers this server trusts.
    #[expect(
        clippy::redundant_closure_for_method_calls,
        reason = "the method's path is not general over the reader's lifetime"
    )]
    pub async fn trusted_issuers(self) -> Result<Vec<Issuer>, AppError> {
        Ok(self
            .app
            .store
            .read(|reader| reader.trusted_issuers())
            .await?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use platen_domain::ids::SeededIds;

    #[test]
    fn a_key_file_reads_back() {
        let key = IssuerKey::generate("Northwind IT", &SeededIds::new(1));
        let again = IssuerKey::from_text(&key.to_text()).unwrap();
        assert_eq!(again.issuer().public_key, key.issuer().public_key);
        assert_eq!(again.issuer().name, "Northwind IT");
    }

    #[test]
    fn hex_is_read_whole_or_not_at_all() {
        assert_eq!(from_hex::<2>("0aFf"), Some([0x0a, 0xff]));
        for text in ["", "0a", "0aff0", "0aff00", "0agg", "é0"] {
            assert_eq!(from_hex::<2>(text), None, "{text}");
        }
    }

    #[test]
    fn a_file_that_is_no_key_is_refused_by_name() {
        let read = |text: &str| IssuerKey::from_text(&Secret::new(text.to_owned())).err();
        assert!(matches!(read("hello"), Some(IssuerKeyError::Malformed(_))));
        let short = "name = \"a\"\nsecret_key = \"00\"\n";
        assert!(matches!(read(short), Some(IssuerKeyError::SecretKey)));
    }
}
