//! Encryption of SNMPv3 messages: CBC-DES (RFC 3414, section 8) and CFB128-AES (RFC 3826;
//! 192 and 256 bits as in draft-blumenthal-aes-usm-04).

use aes::cipher::block_padding::NoPadding;
use aes::cipher::{BlockCipherEncrypt, BlockModeDecrypt, BlockModeEncrypt, KeyInit, KeyIvInit};
use aes::{Aes128, Aes192, Aes256};
use des::Des;

use crate::snmp::credential::{AuthProtocol, PrivacyProtocol};

/// Bytes of a block of DES.
const DES_BLOCK: usize = 8;

/// What encrypts and decrypts the messages of one engine.
#[derive(Clone)]
pub(super) struct PrivacyKey {
    protocol: PrivacyProtocol,
    key: Vec<u8>,
}

/// What makes the encryption of every message another: the engine's clock and a salt.
#[derive(Debug, Clone, Copy)]
pub(super) struct Moment {
    pub(super) boots: i32,
    pub(super) time: i32,
    pub(super) salt: [u8; 8],
}

impl PrivacyKey {
    /// The key for one engine, out of the localized key the authentication protocol makes.
    pub(super) fn new(protocol: PrivacyProtocol, auth: AuthProtocol, localized: Vec<u8>) -> Self {
        let length = match protocol {
            PrivacyProtocol::Des | PrivacyProtocol::Aes128 => 16,
            PrivacyProtocol::Aes192 => 24,
            PrivacyProtocol::Aes256 => 32,
        };
        let mut key = auth.extended_key(localized, length);
        key.truncate(length);
        Self { protocol, key }
    }

    /// The salt of the `count`th message: never the same twice under one key.
    pub(super) fn salt(&self, boots: i32, count: u64) -> [u8; 8] {
        let salt = match self.protocol {
            PrivacyProtocol::Des => u64::from(boots.cast_unsigned()) << 32 | count & 0xFFFF_FFFF,
            _ => count,
        };
        salt.to_be_bytes()
    }

    /// Encrypts a scoped PDU; `None` only for a key of impossible length.
    pub(super) fn encrypt(&self, mut data: Vec<u8>, moment: Moment) -> Option<Vec<u8>> {
        match self.protocol {
            PrivacyProtocol::Des => {
                let length = data.len().next_multiple_of(DES_BLOCK);
                data.resize(length, 0);
                let (key, iv) = self.des_key_and_iv(moment)?;
                let cipher = cbc::Encryptor::<Des>::new_from_slices(key, &iv).ok()?;
                cipher.encrypt_padded::<NoPadding>(&mut data, length).ok()?;
            }
            PrivacyProtocol::Aes128 => self.cfb_encrypt::<Aes128>(&mut data, moment)?,
            PrivacyProtocol::Aes192 => self.cfb_encrypt::<Aes192>(&mut data, moment)?,
            PrivacyProtocol::Aes256 => self.cfb_encrypt::<Aes256>(&mut data, moment)?,
        }
        Some(data)
    }

    /// Decrypts a scoped PDU, with whatever padding follows it. `None` for data that cannot
    /// have been encrypted so.
    pub(super) fn decrypt(&self, data: &[u8], moment: Moment) -> Option<Vec<u8>> {
        let mut data = data.to_vec();
        match self.protocol {
            PrivacyProtocol::Des => {
                let (key, iv) = self.des_key_and_iv(moment)?;
                let cipher = cbc::Decryptor::<Des>::new_from_slices(key, &iv).ok()?;
                cipher.decrypt_padded::<NoPadding>(&mut data).ok()?;
            }
            PrivacyProtocol::Aes128 => self.cfb_decrypt::<Aes128>(&mut data, moment)?,
            PrivacyProtocol::Aes192 => self.cfb_decrypt::<Aes192>(&mut data, moment)?,
            PrivacyProtocol::Aes256 => self.cfb_decrypt::<Aes256>(&mut data, moment)?,
        }
        Some(data)
    }

    /// RFC 3414, 8.1.1.1: the second half of the key, mixed with the salt, is the first block's
    /// initialization vector.
    fn des_key_and_iv(&self, moment: Moment) -> Option<(&[u8], [u8; DES_BLOCK])> {
        let (key, mask) = self.key.split_at_checked(DES_BLOCK)?;
        let mut iv = moment.salt;
        for (byte, mask) in iv.iter_mut().zip(mask) {
            *byte ^= mask;
        }
        Some((key, iv))
    }

    fn cfb_encrypt<C>(&self, data: &mut [u8], moment: Moment) -> Option<()>
    where
        C: BlockCipherEncrypt + KeyInit,
    {
        let cipher = cfb_mode::Encryptor::<C>::new_from_slices(&self.key, &moment.aes_iv());
        cipher.ok()?.encrypt(data);
        Some(())
    }

    fn cfb_decrypt<C>(&self, data: &mut [u8], moment: Moment) -> Option<()>
    where
        C: BlockCipherEncrypt + KeyInit,
    {
        let cipher = cfb_mode::Decryptor::<C>::new_from_slices(&self.key, &moment.aes_iv());
        cipher.ok()?.decrypt(data);
        Some(())
    }
}

impl Moment {
    /// RFC 3826, 3.1.2.1.
    fn aes_iv(self) -> [u8; 16] {
        let parts = [self.boots.to_be_bytes(), self.time.to_be_bytes()];
        let mut iv = [0; 16];
        let bytes = parts.as_flattened().iter().chain(&self.salt);
        iv.iter_mut()
            .zip(bytes)
            .for_each(|(slot, byte)| *slot = *byte);
        iv
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_was_encrypted_reads_back(data in prop::collection::vec(any::<u8>(), 0..200), salt: [u8; 8], boots: i32, time: i32) {
            let moment = Moment { boots, time, salt };
            for protocol in [PrivacyProtocol::Des, PrivacyProtocol::Aes128, PrivacyProtocol::Aes192, PrivacyProtocol::Aes256] {
                let key = PrivacyKey::new(protocol, AuthProtocol::Sha1, vec![7; 20]);
                let encrypted = key.encrypt(data.clone(), moment).unwrap();
                let decrypted = key.decrypt(&encrypted, moment).unwrap();
                prop_assert!(decrypted.starts_with(&data));
                prop_assert!(decrypted.len() - data.len() < DES_BLOCK);
            }
        }
    }

    #[test]
    fn half_a_block_cannot_have_been_encrypted_by_des() {
        let key = PrivacyKey::new(PrivacyProtocol::Des, AuthProtocol::Md5, vec![7; 16]);
        let moment = Moment {
            boots: 1,
            time: 2,
            salt: [3; 8],
        };
        assert_eq!(key.decrypt(&[0; 7], moment), None);
    }
}
