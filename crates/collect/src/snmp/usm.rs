//! The User-based Security Model (RFC 3414, RFC 3826, RFC 7860).

/// Why an SNMPv3 conversation failed although the device answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UsmError {
    /// Not there yet.
    #[error("SNMPv3 is not supported yet")]
    Unsupported,
}
