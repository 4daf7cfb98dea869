//! The two handles that closures get. Their methods stand in one file per noun.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::ops::Deref;

use platen_domain::ids::OrganizationId;
use rusqlite::{Connection, OptionalExtension as _, Params, Row};

use crate::error::StoreError;
use crate::interned::Interned;

/// What can be read. One closure sees one state of the store.
#[derive(Debug)]
pub struct Reader<'a> {
    connection: &'a Connection,
}

/// What can be changed, besides all that can be read. A closure that fails leaves nothing.
#[derive(Debug)]
pub struct Writer<'a> {
    reader: Reader<'a>,
    changed_fleets: &'a ChangedFleets,
    /// What print jobs repeat.
    pub(crate) interned: &'a Interned,
}

/// Organizations whose fleet version grows with the commit.
pub(crate) type ChangedFleets = RefCell<BTreeSet<OrganizationId>>;

impl<'a> Reader<'a> {
    pub(crate) const fn new(connection: &'a Connection) -> Self {
        Self { connection }
    }

    /// The first row, where there is one.
    pub(crate) fn one<T>(
        &self,
        sql: &str,
        params: impl Params,
        decode: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Option<T>, StoreError> {
        let mut statement = self.connection.prepare_cached(sql)?;
        Ok(statement.query_row(params, decode).optional()?)
    }

    /// Every row.
    pub(crate) fn all<T>(
        &self,
        sql: &str,
        params: impl Params,
        decode: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>, StoreError> {
        let mut statement = self.connection.prepare_cached(sql)?;
        let rows = statement.query_map(params, decode)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Hands every row to `visit`.
    pub(crate) fn each(
        &self,
        sql: &str,
        params: impl Params,
        mut visit: impl FnMut(&Row<'_>) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query(params)?;
        while let Some(row) = rows.next()? {
            visit(row)?;
        }
        Ok(())
    }
}

impl<'a> Writer<'a> {
    pub(crate) const fn new(
        connection: &'a Connection,
        changed_fleets: &'a ChangedFleets,
        interned: &'a Interned,
    ) -> Self {
        Self {
            reader: Reader::new(connection),
            changed_fleets,
            interned,
        }
    }

    /// Runs `work`, and undoes it alone where it ends with an error of its own kind.
    pub fn attempt<T, E: From<StoreError>>(
        &self,
        work: impl FnOnce(&Self) -> Result<T, E>,
    ) -> Result<T, E> {
        let step = |sql| -> Result<(), StoreError> {
            self.reader.connection.prepare_cached(sql)?.execute([])?;
            Ok(())
        };
        step("SAVEPOINT attempt")?;
        let done = work(self);
        if done.is_err() {
            self.interned.clear();
            // A full disk has ended the transaction, savepoint included: that is the error to tell.
            if self.reader.connection.is_autocommit() {
                return done;
            }
            step("ROLLBACK TO attempt")?;
        }
        step("RELEASE attempt")?;
        done
    }

    /// Runs one statement and returns how many rows it changed.
    pub(crate) fn execute(&self, sql: &str, params: impl Params) -> Result<u64, StoreError> {
        let mut statement = self.reader.connection.prepare_cached(sql)?;
        let rows = statement.execute(params)?;
        Ok(u64::try_from(rows).unwrap_or(u64::MAX))
    }

    /// Runs one INSERT and returns the row number it made.
    pub(crate) fn insert(&self, sql: &str, params: impl Params) -> Result<i64, StoreError> {
        let mut statement = self.reader.connection.prepare_cached(sql)?;
        Ok(statement.insert(params)?)
    }

    /// Marks that the reports of `organization` read differently after this commit.
    pub(crate) fn fleet_changed(&self, organization: OrganizationId) {
        self.changed_fleets.borrow_mut().insert(organization);
    }
}

impl<'a> Deref for Writer<'a> {
    type Target = Reader<'a>;

    fn deref(&self) -> &Self::Target {
        &self.reader
    }
}
