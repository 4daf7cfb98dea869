//! The User-based Security Model (RFC 3414, RFC 3826, RFC 7860), as a device implements it.

/// A user a device answers, and with which protocols.
#[derive(Debug, Clone)]
pub struct UsmUser {
    /// `usmUserName`.
    pub name: String,
}
