//! What opens a device: a community, or a user of the User-based Security Model.

use platen_domain::secret::Secret;

pub use super::message::Version;

/// What a device is asked with.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Credential {
    /// SNMPv1 and SNMPv2c: a word everyone on the wire can read.
    Community {
        /// The version to speak. A device that turns out to speak only SNMPv1 is asked in it
        /// although this says [`Version::V2c`].
        version: Version,
        /// The word.
        community: Secret<String>,
    },
    /// SNMPv3.
    Usm(UsmUser),
}

/// A user of the User-based Security Model (RFC 3414). Privacy without authentication does not
/// exist there.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct UsmUser {
    /// The user's name, 1 to 32 bytes.
    pub name: String,
    /// How messages are authenticated, and the password, at least 8 bytes.
    pub auth: Option<(AuthProtocol, Secret<String>)>,
    /// How messages are encrypted, and the password, at least 8 bytes.
    pub privacy: Option<(PrivacyProtocol, Secret<String>)>,
    /// The context the objects are in; empty is the default one. Some `JetDirect` cards keep the
    /// Printer MIB in the context "Jetdirect".
    pub context: String,
}

/// Authentication of SNMPv3 messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AuthProtocol {
    /// HMAC-MD5-96 (RFC 3414).
    Md5,
    /// HMAC-SHA-96 (RFC 3414).
    Sha1,
    /// HMAC-128-SHA-224 (RFC 7860).
    Sha224,
    /// HMAC-192-SHA-256 (RFC 7860).
    Sha256,
    /// HMAC-256-SHA-384 (RFC 7860).
    Sha384,
    /// HMAC-384-SHA-512 (RFC 7860).
    Sha512,
}

/// Encryption of SNMPv3 messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PrivacyProtocol {
    /// CBC-DES (RFC 3414).
    Des,
    /// CFB128-AES-128 (RFC 3826).
    Aes128,
    /// CFB128-AES-192 (draft-blumenthal-aes-usm-04).
    Aes192,
    /// CFB128-AES-256 (draft-blumenthal-aes-usm-04).
    Aes256,
}
