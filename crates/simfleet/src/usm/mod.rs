//! The User-based Security Model (RFC 3414, RFC 3826, RFC 7860), as a device implements it.

mod engine;
mod keys;

pub(crate) use engine::{Incoming, UsmEngine};

/// A user a device answers, and with which protocols. The pass phrases are of simulated devices
/// and protect nothing.
#[derive(Debug, Clone)]
pub struct UsmUser {
    /// `usmUserName`.
    pub name: String,
    /// How messages are authenticated, with the pass phrase; `None` is noAuthNoPriv.
    pub auth: Option<(AuthProtocol, String)>,
    /// How they are encrypted, with the pass phrase; `None` is authNoPriv at most.
    pub privacy: Option<(PrivacyProtocol, String)>,
}

/// `usmUserAuthProtocol`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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

/// `usmUserPrivProtocol`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PrivacyProtocol {
    /// CFB128-AES-128 (RFC 3826).
    Aes128,
    /// CFB128-AES-192, its key extended as in draft-blumenthal-aes-usm-04.
    Aes192,
    /// CFB128-AES-256, its key extended as in draft-blumenthal-aes-usm-04.
    Aes256,
}
