//! Who numbers print jobs, and how far each of them was read.

use platen_domain::scope::Scope;

use crate::access::{Reader, Writer};
use crate::counters::Counter;
use crate::error::StoreError;
use crate::organization_no::OrganizationNo;
use crate::session::params;

impl Reader<'_> {
    /// A number that grows with every change a print report can show; 0 while there is none.
    pub fn print_version(&self, scope: &Scope) -> Result<u64, StoreError> {
        let sql = "SELECT print_version FROM counters WHERE organization_no = ?1";
        let version = self.one(sql, params![self.organization_no(scope)?], |row| {
            crate::columns::count(row, 0)
        })?;
        Ok(version.unwrap_or(0))
    }

    /// The number of a source that is known.
    pub(crate) fn source_no(&self, scope: &Scope, source: &str) -> Result<Option<i64>, StoreError> {
        let sql = "SELECT source_no FROM print_sources WHERE organization_no = ?1 AND source = ?2";
        let organization_no = self.organization_no(scope)?;
        self.one(sql, params![organization_no, source], |row| row.get(0))
    }

    /// How far a source was read, in the words of its collector.
    pub fn source_cursor(&self, scope: &Scope, source: &str) -> Result<Option<String>, StoreError> {
        let sql = "SELECT cursor FROM print_sources WHERE organization_no = ?1 AND source = ?2";
        let organization_no = self.organization_no(scope)?;
        let cursor = self.one(sql, params![organization_no, source], |row| row.get(0))?;
        Ok(cursor.flatten())
    }
}

impl Writer<'_> {
    /// The number of a source; a new one where it was never met.
    pub(crate) fn intern_source(
        &self,
        organization_no: OrganizationNo,
        source: &str,
    ) -> Result<i64, StoreError> {
        if let Some(number) = self.interned.source(organization_no, source) {
            return Ok(number);
        }
        let found = self.one(
            "SELECT source_no FROM print_sources WHERE organization_no = ?1 AND source = ?2",
            params![organization_no, source],
            |row| row.get(0),
        )?;
        let number = if let Some(number) = found {
            number
        } else {
            let number = self.next_no(organization_no, Counter::Source)?;
            let sql = "INSERT INTO print_sources (organization_no, source_no, source)
                       VALUES (?1, ?2, ?3)";
            self.execute(sql, params![organization_no, number, source])?;
            number
        };
        self.interned.add_source(organization_no, source, number);
        Ok(number)
    }

    /// Notes how far a source was read: in the closure that keeps what was read, so that the two
    /// cannot part.
    pub fn set_source_cursor(
        &self,
        scope: &Scope,
        source: &str,
        cursor: &str,
    ) -> Result<(), StoreError> {
        let organization_no = self.organization_no(scope)?;
        let source_no = self.intern_source(organization_no, source)?;
        let sql = "UPDATE print_sources SET cursor = ?3
                   WHERE organization_no = ?1 AND source_no = ?2";
        self.execute(sql, params![organization_no, source_no, cursor])?;
        Ok(())
    }
}
