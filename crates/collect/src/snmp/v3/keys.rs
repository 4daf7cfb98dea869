//! From passwords to keys (RFC 3414, section 2.6 and A.2), and the message digests made with
//! them (RFC 3414, sections 6 and 7, and RFC 7860).
//!
//! A password becomes a master key by hashing a megabyte of it, which depends on no device; the
//! key for one engine is then two short hashes away. So the megabyte is hashed once per
//! password and not once per device.

use hmac::digest::common::BlockSizeUser;
use hmac::{KeyInit, Mac, SimpleHmac};
use md5::Md5;
use sha1::Sha1;
use sha2::{Digest, Sha224, Sha256, Sha384, Sha512};

use crate::snmp::credential::AuthProtocol;

/// How much of the repeated password is hashed, in bytes (RFC 3414, A.2).
const STRETCHED_PASSWORD: usize = 1_048_576;

/// A message in pieces, as it is when its digest counts as zeros.
pub(super) type Pieces<'a> = [&'a [u8]; 3];

/// Runs `$body` with `$hash` standing for the hash of a protocol.
macro_rules! with_hash {
    ($protocol:expr, $hash:ident => $body:expr) => {
        match $protocol {
            AuthProtocol::Md5 => {
                type $hash = Md5;
                $body
            }
            AuthProtocol::Sha1 => {
                type $hash = Sha1;
                $body
            }
            AuthProtocol::Sha224 => {
                type $hash = Sha224;
                $body
            }
            AuthProtocol::Sha256 => {
                type $hash = Sha256;
                $body
            }
            AuthProtocol::Sha384 => {
                type $hash = Sha384;
                $body
            }
            AuthProtocol::Sha512 => {
                type $hash = Sha512;
                $body
            }
        }
    };
}

impl AuthProtocol {
    /// Bytes of a digest in a message.
    pub(super) const fn digest_length(self) -> usize {
        match self {
            Self::Md5 | Self::Sha1 => 12,
            Self::Sha224 => 16,
            Self::Sha256 => 24,
            Self::Sha384 => 32,
            Self::Sha512 => 48,
        }
    }

    /// The key a password stands for on every engine. Takes milliseconds.
    pub(super) fn master_key(self, password: &[u8]) -> Vec<u8> {
        with_hash!(self, Hash => stretch::<Hash>(password))
    }

    /// The key for one engine.
    pub(super) fn localized_key(self, master: &[u8], engine_id: &[u8]) -> Vec<u8> {
        with_hash!(self, Hash => hash::<Hash>(&[master, engine_id, master]))
    }

    /// The digest of a message, before it is shortened.
    pub(super) fn digest(self, key: &[u8], message: Pieces<'_>) -> Vec<u8> {
        with_hash!(self, Hash => {
            keyed::<Hash>(key, message).map_or(Vec::new(), |mac| mac.finalize().into_bytes().to_vec())
        })
    }

    /// Whether `digest` is that of the message; takes the same time wherever they differ.
    pub(super) fn verify(self, key: &[u8], message: Pieces<'_>, digest: &[u8]) -> bool {
        digest.len() == self.digest_length()
            && with_hash!(self, Hash => {
                keyed::<Hash>(key, message)
                    .is_some_and(|mac| mac.verify_truncated_left(digest).is_ok())
            })
    }

    /// `key` made at least `length` bytes long (draft-blumenthal-aes-usm-04, 3.1.2.1), as
    /// net-snmp does for AES-192 and AES-256.
    pub(super) fn extended_key(self, mut key: Vec<u8>, length: usize) -> Vec<u8> {
        while key.len() < length {
            let more = with_hash!(self, Hash => hash::<Hash>(&[&key]));
            key.extend(more);
        }
        key
    }
}

fn stretch<H: Digest>(password: &[u8]) -> Vec<u8> {
    let mut hash = H::new();
    let repeated = password.repeat(STRETCHED_PASSWORD / 256 / password.len().max(1) + 1);
    let mut left = if repeated.is_empty() {
        0
    } else {
        STRETCHED_PASSWORD
    };
    while left > 0 {
        let piece = repeated.get(..left).unwrap_or(&repeated);
        hash.update(piece);
        left -= piece.len();
    }
    hash.finalize().to_vec()
}

fn hash<H: Digest>(pieces: &[&[u8]]) -> Vec<u8> {
    let mut hash = H::new();
    for piece in pieces {
        hash.update(piece);
    }
    hash.finalize().to_vec()
}

/// The digest of a message in the making. HMAC takes keys of any length, so there always is one.
fn keyed<H: Digest + BlockSizeUser>(key: &[u8], message: Pieces<'_>) -> Option<SimpleHmac<H>> {
    let mut mac = <SimpleHmac<H> as KeyInit>::new_from_slice(key).ok()?;
    for piece in message {
        mac.update(piece);
    }
    Some(mac)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The examples of RFC 3414, A.3.
    #[test]
    fn passwords_become_the_keys_of_the_standard() {
        let engine_id = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2];
        let keys = |protocol: AuthProtocol| {
            let master = protocol.master_key(b"maplesyrup");
            let localized = protocol.localized_key(&master, &engine_id);
            [master, localized].map(|key| format!("{key:02x?}").replace(", ", ""))
        };
        assert_eq!(
            keys(AuthProtocol::Md5),
            [
                "[9faf3283884e92834ebc9847d8edd963]",
                "[526f5eed9fcce26f8964c2930787d82b]"
            ]
        );
        assert_eq!(
            keys(AuthProtocol::Sha1),
            [
                "[9fb5cc0381497b3793528939ff788d5d79145211]",
                "[6695febc9288e36282235fc7151f128497b38f3f]"
            ]
        );
    }

    #[test]
    fn a_digest_of_another_length_is_refused_even_if_it_begins_alike() {
        let message = [&b"head"[..], &[0; 12], b"tail"];
        let digest = AuthProtocol::Sha1.digest(b"key", message);
        assert!(AuthProtocol::Sha1.verify(b"key", message, &digest[..12]));
        for wrong in [&digest[..0], &digest[..11], &digest[..13], &digest[..]] {
            assert!(!AuthProtocol::Sha1.verify(b"key", message, wrong));
        }
    }
}
