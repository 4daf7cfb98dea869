//! The two handles that closures get. Their methods stand in one file per noun.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::ops::Deref;

use crate::error::StoreError;
use crate::interned::Interned;
use crate::organization_no::OrganizationNo;
use crate::session::{AttemptEnd, Row, Session, ToValue};

/// What can be read. One closure sees one state of the store.
pub struct Reader<'a> {
    session: &'a dyn Session,
}

/// What can be changed, besides all that can be read. A closure that fails leaves nothing.
pub struct Writer<'a> {
    reader: Reader<'a>,
    changed_fleets: &'a ChangedFleets,
    /// What print jobs repeat.
    pub(crate) interned: &'a Interned,
}

/// Organizations whose fleet version grows with the commit.
pub(crate) type ChangedFleets = RefCell<BTreeSet<OrganizationNo>>;

impl<'a> Reader<'a> {
    pub(crate) const fn new(session: &'a dyn Session) -> Self {
        Self { session }
    }

    /// The first row, where there is one.
    pub(crate) fn one<T>(
        &self,
        sql: &str,
        params: &[&dyn ToValue],
        decode: impl FnOnce(&Row<'_>) -> Result<T, StoreError>,
    ) -> Result<Option<T>, StoreError> {
        self.session.one(sql, params, decode)
    }

    /// Every row.
    pub(crate) fn all<T>(
        &self,
        sql: &str,
        params: &[&dyn ToValue],
        decode: impl FnMut(&Row<'_>) -> Result<T, StoreError>,
    ) -> Result<Vec<T>, StoreError> {
        self.session.all(sql, params, decode)
    }

    /// Hands every row to `visit`.
    pub(crate) fn each(
        &self,
        sql: &str,
        params: &[&dyn ToValue],
        visit: impl FnMut(&Row<'_>) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        self.session.each(sql, params, visit)
    }
}

impl<'a> Writer<'a> {
    pub(crate) const fn new(
        session: &'a dyn Session,
        changed_fleets: &'a ChangedFleets,
        interned: &'a Interned,
    ) -> Self {
        Self {
            reader: Reader::new(session),
            changed_fleets,
            interned,
        }
    }

    /// Runs `work`, and undoes it alone where it ends with an error of its own kind.
    pub fn attempt<T, E: From<StoreError>>(
        &self,
        work: impl FnOnce(&Self) -> Result<T, E>,
    ) -> Result<T, E> {
        let session = self.reader.session;
        session.begin_attempt()?;
        let done = work(self);
        if done.is_err() {
            self.interned.clear();
            session.end_attempt(AttemptEnd::Undo)?;
        } else {
            session.end_attempt(AttemptEnd::Keep)?;
        }
        done
    }

    /// Runs `work` and leaves nothing of it.
    pub(crate) fn rehearse<T>(
        &self,
        work: impl FnOnce(&Self) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let session = self.reader.session;
        let changed_fleets = self.changed_fleets.borrow().clone();
        session.begin_attempt()?;
        let done = work(self);
        self.changed_fleets.replace(changed_fleets);
        self.interned.clear();
        let ended = session.end_attempt(AttemptEnd::Undo);
        let value = done?;
        ended.map(|()| value)
    }

    /// Whether the transaction is still open.
    pub(crate) fn is_open(&self) -> bool {
        self.reader.session.is_open()
    }

    /// Runs one statement and returns how many rows it changed.
    pub(crate) fn execute(&self, sql: &str, params: &[&dyn ToValue]) -> Result<u64, StoreError> {
        self.reader.session.execute(sql, params)
    }

    /// Runs one INSERT and returns the row number it made.
    pub(crate) fn insert(&self, sql: &str, params: &[&dyn ToValue]) -> Result<i64, StoreError> {
        self.reader.session.insert(sql, params)
    }

    /// Marks that the reports of an organization read differently after this commit.
    pub(crate) fn fleet_changed(&self, organization_no: OrganizationNo) {
        self.changed_fleets.borrow_mut().insert(organization_no);
    }
}

impl<'a> Deref for Writer<'a> {
    type Target = Reader<'a>;

    fn deref(&self) -> &Self::Target {
        &self.reader
    }
}
