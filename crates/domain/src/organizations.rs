//! Organizations: whose fleet it is. One server hosts many.

use crate::clock::Timestamp;
use crate::ids::OrganizationId;

/// An organization that owns devices, keys, users and a licence. Nothing crosses its border.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Organization {
    /// Its identifier.
    pub id: OrganizationId,
    /// What people call it; the name a licence is issued to.
    pub name: String,
    /// IANA time zone in which its days and months begin, such as `Europe/Berlin`.
    pub time_zone: String,
    /// When it was created.
    pub created_at: Timestamp,
}
