//! Statements that are written for this engine. Another engine has its own under the same names.

/// The devices of organization `?1` that claim serial number `?2`, whatever their maker, two at
/// most: by the index `device_claims_by_serial`.
pub(crate) const DEVICES_WITH_SERIAL: &str = "SELECT device_no FROM device_claims
    WHERE organization_no = ?1 AND kind = 'serial' AND substr(value, instr(value, '/') + 1) = ?2
    LIMIT 2";
