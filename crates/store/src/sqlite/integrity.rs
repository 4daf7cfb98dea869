//! The database's own check of itself.

use crate::access::Reader;
use crate::error::StoreError;
use crate::session::params;

impl Reader<'_> {
    /// What SQLite's integrity check finds wrong, in its words; empty when all is well. It reads
    /// the whole database: for tests and for an operator's doubt, not for every start.
    pub fn integrity_problems(&self) -> Result<Vec<String>, StoreError> {
        let found = self.all("PRAGMA integrity_check", params![], |row| {
            row.get::<String>(0)
        })?;
        Ok(found.into_iter().filter(|line| line != "ok").collect())
    }
}
