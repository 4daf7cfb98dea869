//! Users in print jobs: one word a person, whatever a job calls them.

use std::collections::BTreeSet;

use platen_domain::person_names::{NameRule, identity, is_plain};
use platen_domain::print_rows::WordNo;
use platen_domain::scope::Scope;

use crate::access::{Reader, Writer};
use crate::error::StoreError;
use crate::interned::PersonWord;
use crate::organization_no::OrganizationNo;
use crate::session::params;
use crate::words::WordKind;

/// Between the domains of a list, as it is kept.
const SEPARATOR: &str = "\n";

/// What an organization's names wait for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PeoplePending {
    /// Whether they are to be read anew.
    pub names: bool,
    /// Whether jobs may carry words that were merged.
    pub jobs: bool,
}

/// A rule as a column holds it.
pub(crate) fn kept_form(rule: &NameRule) -> Option<String> {
    match rule {
        NameRule::EveryPrefix => None,
        NameRule::Listed(domains) => {
            let domains: Vec<&str> = domains.iter().map(String::as_str).collect();
            Some(domains.join(SEPARATOR))
        }
    }
}

/// The rule that a column holds.
pub(crate) fn from_kept(list: Option<String>) -> NameRule {
    list.map_or(NameRule::EveryPrefix, |list| {
        let domains = list.split(SEPARATOR).filter(|domain| !domain.is_empty());
        NameRule::Listed(domains.map(str::to_owned).collect())
    })
}

impl Reader<'_> {
    /// Which domains the organization takes off the names of its people.
    pub fn name_rule(&self, scope: &Scope) -> Result<NameRule, StoreError> {
        self.name_rule_of(self.organization_no(scope)?)
    }

    pub(crate) fn name_rule_of(
        &self,
        organization_no: OrganizationNo,
    ) -> Result<NameRule, StoreError> {
        let sql = "SELECT user_domains FROM organizations WHERE organization_no = ?1";
        let kept: Option<Option<String>> =
            self.one(sql, params![organization_no], |row| row.get(0))?;
        Ok(from_kept(kept.flatten()))
    }

    /// By what the user with this name is found; `None` for a text that is no name.
    pub(crate) fn identity_of(
        &self,
        organization_no: OrganizationNo,
        text: &str,
    ) -> Result<Option<String>, StoreError> {
        if is_plain(text) {
            return Ok(Some(identity(text)));
        }
        let rule = self.name_rule_of(organization_no)?;
        Ok(rule.read(text).map(|read| identity(&read.name)))
    }

    /// What the organization's names wait for.
    pub fn people_pending(&self, scope: &Scope) -> Result<PeoplePending, StoreError> {
        let sql = "SELECT names_pending, people_from IS NOT NULL FROM counters
                   WHERE organization_no = ?1";
        let found = self.one(sql, params![self.organization_no(scope)?], |row| {
            Ok(PeoplePending {
                names: row.get(0)?,
                jobs: row.get(1)?,
            })
        })?;
        Ok(found.unwrap_or(PeoplePending {
            names: false,
            jobs: false,
        }))
    }

    /// The words of the users whose name or pseudonym `is_meant`, with every spelling and former
    /// name of theirs.
    pub fn print_users(
        &self,
        scope: &Scope,
        is_meant: impl Fn(&str) -> bool,
    ) -> Result<Vec<WordNo>, StoreError> {
        let organization_no = self.organization_no(scope)?;
        let sql = "SELECT word_no, coalesce(merged_into, word_no), text FROM words
                   WHERE organization_no = ?1 AND kind = ?2";
        let kind = WordKind::User as u8;
        let mut words: Vec<(WordNo, WordNo)> = Vec::new();
        let mut meant = BTreeSet::new();
        self.each(sql, params![organization_no, kind], |row| {
            let (word, person) = (row.get(0)?, row.get(1)?);
            if is_meant(&row.text(2)?) {
                meant.insert(person);
            }
            words.push((word, person));
            Ok(())
        })?;
        let theirs = words
            .into_iter()
            .filter(|(_, person)| meant.contains(person));
        Ok(theirs.map(|(word, _)| word).collect())
    }

    /// Hands out the name of everybody whom jobs or accounts know.
    pub fn each_print_user_name(
        &self,
        scope: &Scope,
        mut named: impl FnMut(&str),
    ) -> Result<(), StoreError> {
        let organization_no = self.organization_no(scope)?;
        let sql = "SELECT text FROM words
                   WHERE organization_no = ?1 AND kind = ?2 AND merged_into IS NULL
                   UNION ALL
                   SELECT name FROM print_users
                   WHERE organization_no = ?1 AND merged_into IS NULL";
        let kind = WordKind::User as u8;
        self.each(sql, params![organization_no, kind], |row| {
            named(&row.text(0)?);
            Ok(())
        })
    }

    /// Every domain that was taken off a name.
    pub fn domains_met(&self, scope: &Scope) -> Result<Vec<String>, StoreError> {
        let organization_no = self.organization_no(scope)?;
        let sql = "SELECT text FROM words WHERE organization_no = ?1 AND kind = ?2 ORDER BY text";
        let kind = WordKind::UserDomain as u8;
        self.all(sql, params![organization_no, kind], |row| row.get(0))
    }
}

impl Writer<'_> {
    /// Sets which domains are taken off names from now on, and notes that those known are to be
    /// read anew.
    pub fn set_name_rule(&self, scope: &Scope, rule: &NameRule) -> Result<(), StoreError> {
        let organization_no = self.organization_no(scope)?;
        let sql = "UPDATE organizations SET user_domains = ?2 WHERE organization_no = ?1";
        self.execute(sql, params![organization_no, kept_form(rule)])?;
        let sql = "UPDATE counters SET names_pending = 1 WHERE organization_no = ?1";
        self.execute(sql, params![organization_no])?;
        self.interned.clear();
        Ok(())
    }

    /// The user whom a job calls `text`; one who was never met gets a word.
    pub(crate) fn intern_person(
        &self,
        organization_no: OrganizationNo,
        text: Option<&str>,
    ) -> Result<PersonWord, StoreError> {
        let Some(text) = text else {
            return Ok(PersonWord::default());
        };
        if let Some(known) = self.interned.person(organization_no, text) {
            return Ok(known);
        }
        let rule = self.name_rule_of(organization_no)?;
        let mut word = PersonWord::default();
        if let Some(read) = rule.read(text) {
            let domain = read.domain.as_deref();
            word.user = Some(self.person_word(organization_no, &read.name)?);
            word.domain = self.intern_word(organization_no, WordKind::UserDomain, domain)?;
        }
        self.interned.add_person(organization_no, text, word);
        Ok(word)
    }

    /// The word of the person with this name, which is in its normal form.
    pub(crate) fn person_word(
        &self,
        organization_no: OrganizationNo,
        name: &str,
    ) -> Result<WordNo, StoreError> {
        let identity = identity(name);
        let sql = "SELECT coalesce(merged_into, word_no) FROM words
                   WHERE organization_no = ?1 AND identity = ?2";
        let known = self.one(sql, params![organization_no, identity], |row| row.get(0))?;
        if let Some(known) = known {
            return Ok(known);
        }
        // The same spelling may be a former name of somebody who was renamed since.
        if let Some(known) = self.word_no(organization_no, WordKind::User, name)? {
            let sql = "UPDATE words SET identity = ?3
                       WHERE organization_no = ?1 AND word_no = ?2";
            self.execute(sql, params![organization_no, known, identity])?;
            return Ok(known);
        }
        // An upsert that returns the number costs SQLite more than these two statements do.
        let word_no = self.next_word_no(organization_no)?;
        let sql = "INSERT INTO words (organization_no, word_no, kind, text, identity)
                   VALUES (?1, ?2, ?3, ?4, ?5)";
        let kind = WordKind::User as u8;
        let word = params![organization_no, word_no, kind, name, identity];
        self.execute(sql, word)?;
        Ok(word_no)
    }
}
