//! Words of print jobs: each account, client, application or media once. (Those of users are in
//! `person_words`.)

use crate::access::{Reader, Writer};
use crate::counters::Counter;
use crate::error::StoreError;
use crate::organization_no::OrganizationNo;
use crate::session::params;

/// What a word names. The numbers are kept: they never change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum WordKind {
    User = 1,
    Account = 2,
    Client = 3,
    Application = 4,
    Media = 5,
    UserDomain = 6,
}

impl Reader<'_> {
    /// The number of a word that is known.
    pub(crate) fn word_no(
        &self,
        organization_no: OrganizationNo,
        kind: WordKind,
        text: &str,
    ) -> Result<Option<u32>, StoreError> {
        let sql = "SELECT word_no FROM words
                   WHERE organization_no = ?1 AND kind = ?2 AND text = ?3";
        self.one(sql, params![organization_no, kind as u8, text], |row| {
            row.get(0)
        })
    }

    /// The text of a word.
    pub(crate) fn word(
        &self,
        organization_no: OrganizationNo,
        word_no: u32,
    ) -> Result<Option<String>, StoreError> {
        let sql = "SELECT text FROM words WHERE organization_no = ?1 AND word_no = ?2";
        self.one(sql, params![organization_no, word_no], |row| row.get(0))
    }
}

impl Writer<'_> {
    /// The number of a word; a new one where it was never met. `None` has none.
    pub(crate) fn intern_word(
        &self,
        organization_no: OrganizationNo,
        kind: WordKind,
        text: Option<&str>,
    ) -> Result<Option<u32>, StoreError> {
        let Some(text) = text else { return Ok(None) };
        let key = (organization_no, kind as u8);
        if let Some(number) = self.interned.word(key, text) {
            return Ok(Some(number));
        }
        let number = match self.word_no(organization_no, kind, text)? {
            Some(number) => number,
            None => self.insert_word(organization_no, kind, text)?,
        };
        self.interned.add_word(key, text, number);
        Ok(Some(number))
    }

    fn insert_word(
        &self,
        organization_no: OrganizationNo,
        kind: WordKind,
        text: &str,
    ) -> Result<u32, StoreError> {
        let word_no = self.next_word_no(organization_no)?;
        let sql = "INSERT INTO words (organization_no, word_no, kind, text)
                   VALUES (?1, ?2, ?3, ?4)";
        self.execute(sql, params![organization_no, word_no, kind as u8, text])?;
        Ok(word_no)
    }

    pub(crate) fn next_word_no(&self, organization_no: OrganizationNo) -> Result<u32, StoreError> {
        let number = self.next_no(organization_no, Counter::Word)?;
        u32::try_from(number).map_err(|_full| StoreError::Full("words"))
    }
}
