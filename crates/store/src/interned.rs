//! Numbers of texts that print jobs repeat, remembered by the writer so that a batch of jobs
//! asks the database for each of them once and not once a job.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;

use platen_domain::ids::{DeviceId, OrganizationId};
use platen_domain::print_rows::{PrinterNo, WordNo};

use crate::organization_no::OrganizationNo;

/// What the writer needs of a printer for each of its jobs.
#[derive(Debug)]
pub(crate) struct Printer {
    pub(crate) number: PrinterNo,
    /// Under which printer monthly figures stand.
    pub(crate) sums_under: PrinterNo,
    pub(crate) device: Option<DeviceId>,
    pub(crate) model: Option<String>,
}

/// Who a job says its user is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct PersonWord {
    /// The user.
    pub(crate) user: Option<WordNo>,
    /// The domain that was taken off the name.
    pub(crate) domain: Option<WordNo>,
}

/// Entries remembered at most: some tens of megabytes. Then the memory starts anew.
const ENTRIES_MAX: usize = 200_000;

/// What the writer remembers. Everything in it is in the database; a closure that is undone may
/// have added to both, so the memory is [cleared](Self::clear) with it.
#[derive(Debug, Default)]
pub(crate) struct Interned(RefCell<Tables>);

#[derive(Debug, Default)]
struct Tables {
    entries: usize,
    organizations: HashMap<OrganizationId, OrganizationNo>,
    sources: HashMap<OrganizationNo, HashMap<String, i64>>,
    /// By organization and kind.
    words: HashMap<(OrganizationNo, u8), HashMap<String, u32>>,
    /// Every spelling of a user's name.
    people: HashMap<OrganizationNo, HashMap<String, PersonWord>>,
    /// By source, then by what the source says of the printer.
    printers: HashMap<(OrganizationNo, i64), HashMap<String, Arc<Printer>>>,
}

impl Interned {
    /// Forgets everything.
    pub(crate) fn clear(&self) {
        self.0.replace(Tables::default());
    }

    pub(crate) fn organization(&self, id: OrganizationId) -> Option<OrganizationNo> {
        self.0.borrow().organizations.get(&id).copied()
    }

    pub(crate) fn add_organization(&self, id: OrganizationId, number: OrganizationNo) {
        self.room().organizations.insert(id, number);
    }

    pub(crate) fn source(&self, organization_no: OrganizationNo, source: &str) -> Option<i64> {
        let tables = self.0.borrow();
        let sources = tables.sources.get(&organization_no)?;
        sources.get(source).copied()
    }

    pub(crate) fn add_source(&self, organization_no: OrganizationNo, source: &str, number: i64) {
        let mut tables = self.room();
        let sources = tables.sources.entry(organization_no).or_default();
        sources.insert(source.to_owned(), number);
    }

    pub(crate) fn word(&self, kind: (OrganizationNo, u8), text: &str) -> Option<u32> {
        self.0.borrow().words.get(&kind)?.get(text).copied()
    }

    pub(crate) fn add_word(&self, kind: (OrganizationNo, u8), text: &str, number: u32) {
        let mut tables = self.room();
        let words = tables.words.entry(kind).or_default();
        words.insert(text.to_owned(), number);
    }

    pub(crate) fn person(&self, organization_no: OrganizationNo, text: &str) -> Option<PersonWord> {
        let tables = self.0.borrow();
        tables.people.get(&organization_no)?.get(text).copied()
    }

    pub(crate) fn add_person(&self, organization_no: OrganizationNo, text: &str, word: PersonWord) {
        let mut tables = self.room();
        let people = tables.people.entry(organization_no).or_default();
        people.insert(text.to_owned(), word);
    }

    pub(crate) fn printer(&self, source: (OrganizationNo, i64), key: &str) -> Option<Arc<Printer>> {
        let tables = self.0.borrow();
        tables.printers.get(&source)?.get(key).cloned()
    }

    pub(crate) fn add_printer(
        &self,
        source: (OrganizationNo, i64),
        key: &str,
        printer: Arc<Printer>,
    ) {
        let mut tables = self.room();
        let printers = tables.printers.entry(source).or_default();
        printers.insert(key.to_owned(), printer);
    }

    /// The tables with room for one entry more.
    fn room(&self) -> std::cell::RefMut<'_, Tables> {
        let mut tables = self.0.borrow_mut();
        if tables.entries >= ENTRIES_MAX {
            *tables = Tables::default();
        }
        tables.entries += 1;
        tables
    }
}
