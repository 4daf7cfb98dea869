//! The number that leads every key of what belongs to an organization.

use crate::session::{FromValue, ToValue, Value};

/// The number of an organization.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct OrganizationNo(i64);

impl FromValue for OrganizationNo {
    fn from_value(value: &Value<'_>) -> Option<Self> {
        i64::from_value(value).map(Self)
    }
}

impl From<OrganizationNo> for i64 {
    fn from(number: OrganizationNo) -> Self {
        number.0
    }
}

impl From<OrganizationNo> for Value<'_> {
    fn from(number: OrganizationNo) -> Self {
        Self::Integer(number.0)
    }
}

impl ToValue for OrganizationNo {
    fn to_value(&self) -> Value<'_> {
        self.0.to_value()
    }
}
