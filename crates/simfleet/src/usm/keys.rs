//! Keys, message authentication and encryption of the User-based Security Model.

use aes::{Aes128, Aes192, Aes256};
use cfb_mode::cipher::KeyIvInit;
use cfb_mode::{Decryptor, Encryptor};
use hmac::digest::Digest;
use hmac::digest::common::BlockSizeUser;
use hmac::{KeyInit, Mac, SimpleHmac};

use super::{AuthProtocol, PrivacyProtocol, UsmUser};

/// A pass phrase is repeated up to this many octets before it is digested (RFC 3414, A.2).
const EXPANDED: usize = 1 << 20;

/// A user with the keys that hold at one engine.
#[derive(Debug)]
pub(super) struct LocalizedUser {
    pub(super) name: String,
    pub(super) auth: Option<(AuthProtocol, Vec<u8>)>,
    pub(super) privacy: Option<(PrivacyProtocol, Vec<u8>)>,
}

impl LocalizedUser {
    /// Localizes the user's keys to the engine `engine_id`. Privacy without authentication does
    /// not exist and is dropped.
    pub(super) fn new(user: &UsmUser, engine_id: &[u8]) -> Self {
        let auth = user
            .auth
            .as_ref()
            .map(|(protocol, phrase)| (*protocol, protocol.localize(phrase.as_bytes(), engine_id)));
        let privacy =
            auth.as_ref()
                .zip(user.privacy.as_ref())
                .map(|((auth, _), (protocol, phrase))| {
                    let key = auth.localize(phrase.as_bytes(), engine_id);
                    (*protocol, auth.extend(key, protocol.key_length()))
                });
        Self {
            name: user.name.clone(),
            auth,
            privacy,
        }
    }
}

impl AuthProtocol {
    /// Octets of `msgAuthenticationParameters`.
    pub(super) const fn mac_length(self) -> usize {
        match self {
            Self::Md5 | Self::Sha1 => 12,
            Self::Sha224 => 16,
            Self::Sha256 => 24,
            Self::Sha384 => 32,
            Self::Sha512 => 48,
        }
    }

    /// The authentication code of `message`, truncated as the protocol says.
    pub(super) fn mac(self, key: &[u8], message: &[u8]) -> Vec<u8> {
        let mut code = match self {
            Self::Md5 => mac::<md5::Md5>(key, message),
            Self::Sha1 => mac::<sha1::Sha1>(key, message),
            Self::Sha224 => mac::<sha2::Sha224>(key, message),
            Self::Sha256 => mac::<sha2::Sha256>(key, message),
            Self::Sha384 => mac::<sha2::Sha384>(key, message),
            Self::Sha512 => mac::<sha2::Sha512>(key, message),
        };
        code.truncate(self.mac_length());
        code
    }

    fn localize(self, phrase: &[u8], engine_id: &[u8]) -> Vec<u8> {
        let mut expanded = phrase.repeat(EXPANDED / phrase.len().max(1) + 1);
        expanded.truncate(EXPANDED);
        let key = self.digest(&expanded);
        self.digest(&[&key, engine_id, &key].concat())
    }

    /// Appends digests of what is there until the key is long enough.
    fn extend(self, mut key: Vec<u8>, length: usize) -> Vec<u8> {
        while key.len() < length {
            let more = self.digest(&key);
            key.extend_from_slice(&more);
        }
        key.truncate(length);
        key
    }

    fn digest(self, bytes: &[u8]) -> Vec<u8> {
        match self {
            Self::Md5 => md5::Md5::digest(bytes).to_vec(),
            Self::Sha1 => sha1::Sha1::digest(bytes).to_vec(),
            Self::Sha224 => sha2::Sha224::digest(bytes).to_vec(),
            Self::Sha256 => sha2::Sha256::digest(bytes).to_vec(),
            Self::Sha384 => sha2::Sha384::digest(bytes).to_vec(),
            Self::Sha512 => sha2::Sha512::digest(bytes).to_vec(),
        }
    }
}

fn mac<D: Digest + BlockSizeUser>(key: &[u8], message: &[u8]) -> Vec<u8> {
    SimpleHmac::<D>::new_from_slice(key).map_or_else(
        |_never: hmac::digest::InvalidLength| Vec::new(),
        |hmac| hmac.chain_update(message).finalize().into_bytes().to_vec(),
    )
}

/// Boots and time of the engine, then the salt (RFC 3826, 3.1.2.1).
pub(super) fn initial_vector(boots: u32, time: u32, salt: [u8; 8]) -> [u8; 16] {
    (u128::from(boots) << 96 | u128::from(time) << 64 | u128::from(u64::from_be_bytes(salt)))
        .to_be_bytes()
}

impl PrivacyProtocol {
    const fn key_length(self) -> usize {
        match self {
            Self::Aes128 => 16,
            Self::Aes192 => 24,
            Self::Aes256 => 32,
        }
    }

    /// Encrypts `text` in place; `None` if the key has not the protocol's length.
    pub(super) fn encrypt(self, key: &[u8], vector: [u8; 16], text: &mut [u8]) -> Option<()> {
        match self {
            Self::Aes128 => Encryptor::<Aes128>::new_from_slices(key, &vector)
                .ok()?
                .encrypt(text),
            Self::Aes192 => Encryptor::<Aes192>::new_from_slices(key, &vector)
                .ok()?
                .encrypt(text),
            Self::Aes256 => Encryptor::<Aes256>::new_from_slices(key, &vector)
                .ok()?
                .encrypt(text),
        }
        Some(())
    }

    /// Decrypts `text` in place; `None` if the key has not the protocol's length.
    pub(super) fn decrypt(self, key: &[u8], vector: [u8; 16], text: &mut [u8]) -> Option<()> {
        match self {
            Self::Aes128 => Decryptor::<Aes128>::new_from_slices(key, &vector)
                .ok()?
                .decrypt(text),
            Self::Aes192 => Decryptor::<Aes192>::new_from_slices(key, &vector)
                .ok()?
                .decrypt(text),
            Self::Aes256 => Decryptor::<Aes256>::new_from_slices(key, &vector)
                .ok()?
                .decrypt(text),
        }
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 3414, A.3: the pass phrase and engine of its examples.
    #[test]
    fn keys_are_localized_as_in_the_standard() {
        let engine_id = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2];
        let md5 = AuthProtocol::Md5.localize(b"maplesyrup", &engine_id);
        let sha1 = AuthProtocol::Sha1.localize(b"maplesyrup", &engine_id);
        let expected_md5 = 0x526f_5eed_9fcc_e26f_8964_c293_0787_d82b_u128;
        assert_eq!(md5, expected_md5.to_be_bytes());
        let expected_sha1 = 0x6695_febc_9288_e362_8223_5fc7_151f_1284_u128;
        assert_eq!(sha1[..16], expected_sha1.to_be_bytes());
        assert_eq!(sha1[16..], 0x97b3_8f3f_u32.to_be_bytes());
    }
}
