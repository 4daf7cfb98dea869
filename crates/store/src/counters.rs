//! Numbers that count up within an organization.

use crate::access::Writer;
use crate::error::StoreError;
use crate::organization_no::OrganizationNo;
use crate::session::params;

/// A column of `counters` from which new rows take their numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Counter {
    Account,
    Alert,
    Audit,
    Change,
    Device,
    Entry,
    Finding,
    Gap,
    Group,
    Printer,
    Reading,
    Source,
    User,
    Word,
}

/// The statement that takes the next number of a column.
macro_rules! take {
    ($column:literal) => {
        concat!(
            "UPDATE counters SET ",
            $column,
            " = ",
            $column,
            " + 1 WHERE organization_no = ?1 RETURNING ",
            $column,
            " - 1"
        )
    };
}

impl Counter {
    const fn take(self) -> &'static str {
        match self {
            Self::Account => take!("next_account_no"),
            Self::Alert => take!("next_alert_no"),
            Self::Audit => take!("next_audit_no"),
            Self::Change => take!("next_change_no"),
            Self::Device => take!("next_device_no"),
            Self::Entry => take!("next_entry_no"),
            Self::Finding => take!("next_finding_no"),
            Self::Gap => take!("next_gap_no"),
            Self::Group => take!("next_group_no"),
            Self::Printer => take!("next_printer_no"),
            Self::Reading => take!("next_reading_no"),
            Self::Source => take!("next_source_no"),
            Self::User => take!("next_user_no"),
            Self::Word => take!("next_word_no"),
        }
    }
}

impl Writer<'_> {
    /// The next number; no two rows of an organization ever get the same one.
    pub(crate) fn next_no(
        &self,
        organization_no: OrganizationNo,
        counter: Counter,
    ) -> Result<i64, StoreError> {
        let number = self.one(counter.take(), params![organization_no], |row| row.get(0))?;
        number.ok_or(StoreError::NotFound("organization"))
    }
}
