//! Settings of the server that are data, not configuration.

use crate::access::{Reader, Writer};
use crate::error::StoreError;
use crate::session::params;

impl Reader<'_> {
    /// The value of a setting. Unscoped: settings count for the server.
    pub fn setting(&self, name: &str) -> Result<Option<String>, StoreError> {
        let sql = "SELECT value FROM settings WHERE name = ?1";
        self.one(sql, params![name], |row| row.get(0))
    }
}

impl Writer<'_> {
    /// Sets a setting.
    pub fn put_setting(&self, name: &str, value: &str) -> Result<(), StoreError> {
        let sql = "INSERT INTO settings (name, value) VALUES (?1, ?2)
                   ON CONFLICT (name) DO UPDATE SET value = excluded.value";
        self.execute(sql, params![name, value])?;
        Ok(())
    }
}
