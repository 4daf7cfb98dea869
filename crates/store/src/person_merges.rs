//! Two words that turned out to be one person's: jobs and sums move to one of them.
//!
//! The word that goes leads to the one that stays from the first moment on, so that no new job gets
//! it. Jobs that carry it follow in bounded writes, each with its share of the monthly sums: whatever
//! happens in between, sums equal what their jobs come to.

use platen_domain::clock::Timestamp;
use platen_domain::person_names::{NameRule, identity};
use platen_domain::print_jobs::SourceKey;
use platen_domain::print_rows::WordNo;
use platen_domain::scope::Scope;

use crate::access::{Reader, Writer};
use crate::columns;
use crate::error::StoreError;
use crate::organization_no::OrganizationNo;
use crate::print_months::MonthChanges;
use crate::print_privacy::Cleared;
use crate::print_rows::JobPosition;
use crate::session::params;
use crate::words::WordKind;

/// A user's word as it is read anew.
struct Spelling {
    word: WordNo,
    text: String,
    identity: Option<String>,
}

/// A job that carries a word which was merged.
struct Stray {
    completed_at: Timestamp,
    job_no: i64,
    user: WordNo,
    domain: Option<WordNo>,
}

impl Reader<'_> {
    /// Whether the word is a spelling or former name of another one.
    fn merged_into(
        &self,
        organization_no: OrganizationNo,
        word: WordNo,
    ) -> Result<Option<WordNo>, StoreError> {
        let sql = "SELECT merged_into FROM words WHERE organization_no = ?1 AND word_no = ?2";
        let into = self.one(sql, params![organization_no, word], |row| row.get(0))?;
        Ok(into.flatten())
    }

    fn spellings(
        &self,
        organization_no: OrganizationNo,
        after: WordNo,
        most: u32,
    ) -> Result<Vec<Spelling>, StoreError> {
        let sql = "SELECT word_no, text, identity FROM words
                   WHERE organization_no = ?1 AND kind = ?2 AND word_no > ?3
                     AND merged_into IS NULL
                   ORDER BY word_no LIMIT ?4";
        let kind = WordKind::User as u8;
        self.all(sql, params![organization_no, kind, after, most], |row| {
            Ok(Spelling {
                word: row.get(0)?,
                text: row.get(1)?,
                identity: row.get(2)?,
            })
        })
    }

    fn strays(
        &self,
        organization_no: OrganizationNo,
        from: Timestamp,
        until: Timestamp,
    ) -> Result<Vec<Stray>, StoreError> {
        let sql = "SELECT j.completed_at, j.job_no, w.merged_into, w.domain_no
                   FROM print_jobs j CROSS JOIN words w
                   WHERE j.organization_no = ?1 AND j.completed_at >= ?2 AND j.completed_at < ?3
                     AND w.organization_no = ?1 AND w.word_no = j.user_no
                     AND w.merged_into IS NOT NULL";
        let bounds = params![organization_no, from.as_millis(), until.as_millis()];
        self.all(sql, bounds, |row| {
            Ok(Stray {
                completed_at: columns::time(row, 0)?,
                job_no: row.get(1)?,
                user: row.get(2)?,
                domain: row.get(3)?,
            })
        })
    }
}

impl Writer<'_> {
    /// Reads the names of users in jobs by the rule: of the next `most` words behind `after`.
    /// Answers with the last one's number, or `None` when there are no more.
    pub fn read_words_anew(
        &self,
        scope: &Scope,
        rule: &NameRule,
        after: WordNo,
        most: u32,
    ) -> Result<Option<WordNo>, StoreError> {
        let organization_no = self.organization_no(scope)?;
        let spellings = self.spellings(organization_no, after, most)?;
        let last = spellings.last().map(|spelling| spelling.word);
        for spelling in spellings {
            // One before it may have been merged with it meanwhile.
            if self.merged_into(organization_no, spelling.word)?.is_some() {
                continue;
            }
            let Some(read) = rule.read(&spelling.text) else {
                continue;
            };
            let is_known = spelling.identity.as_deref() == Some(&*identity(&read.name));
            if is_known && read.name == spelling.text {
                continue;
            }
            let person = self.person_word(organization_no, &read.name)?;
            let domain = read.domain.as_deref();
            let domain = self.intern_word(organization_no, WordKind::UserDomain, domain)?;
            self.merge_words(scope, spelling.word, person, domain)?;
        }
        Ok(last)
    }

    /// Notes that every name of users is read by the rule that holds.
    pub fn names_are_read(&self, scope: &Scope) -> Result<(), StoreError> {
        let organization_no = self.organization_no(scope)?;
        let sql = "UPDATE counters SET names_pending = 0 WHERE organization_no = ?1";
        self.execute(sql, params![organization_no])?;
        Ok(())
    }

    /// The word of who is called `name`, which is in its normal form; shown so from now on where
    /// nobody is called so yet.
    pub fn word_of_person(&self, scope: &Scope, name: &str) -> Result<WordNo, StoreError> {
        let organization_no = self.organization_no(scope)?;
        self.person_word(organization_no, name)
    }

    /// Makes `word`, and what leads to it, lead to `person`. Jobs follow by
    /// [`Self::move_merged_jobs`].
    pub fn merge_words(
        &self,
        scope: &Scope,
        word: WordNo,
        person: WordNo,
        domain: Option<WordNo>,
    ) -> Result<(), StoreError> {
        if word == person {
            return Ok(());
        }
        let organization_no = self.organization_no(scope)?;
        let sql = "UPDATE words SET merged_into = ?3
                   WHERE organization_no = ?1 AND (word_no = ?2 OR merged_into = ?2)";
        self.execute(sql, params![organization_no, word, person])?;
        let sql = "UPDATE words SET identity = coalesce(identity, ?3), domain_no = ?4
                   WHERE organization_no = ?1 AND word_no = ?2";
        let text = self.word(organization_no, word)?.unwrap_or_default();
        let own = identity(&text);
        let free = "SELECT 1 FROM words WHERE organization_no = ?1 AND identity = ?2";
        let taken = self.one(free, params![organization_no, own], |_| Ok(()))?;
        let own = taken.is_none().then_some(own);
        self.execute(sql, params![organization_no, word, own, domain])?;
        self.await_moves(scope)?;
        self.interned.clear();
        Ok(())
    }

    /// Notes that something of people who were merged may be with the names that they had.
    pub fn await_moves(&self, scope: &Scope) -> Result<(), StoreError> {
        let organization_no = self.organization_no(scope)?;
        let sql = "UPDATE counters SET people_from = 0 WHERE organization_no = ?1";
        self.execute(sql, params![organization_no])?;
        Ok(())
    }

    /// Gives the next jobs that carry words which were merged to the person, with their sums.
    pub fn move_merged_jobs(&self, scope: &Scope) -> Result<Cleared, StoreError> {
        let organization_no = self.organization_no(scope)?;
        let sql = "SELECT people_from FROM counters
                   WHERE organization_no = ?1 AND people_from IS NOT NULL";
        let from = self.one(sql, params![organization_no], |row| columns::time(row, 0))?;
        let Some(from) = from else {
            let (jobs, next) = (0, None);
            return Ok(Cleared { jobs, next });
        };
        let forever = Timestamp::from_millis(i64::MAX);
        let end = self.end_of_stretch(organization_no, from, forever)?;
        let strays = self.strays(organization_no, from, end)?;
        let mut months = MonthChanges::default();
        for stray in &strays {
            self.move_job(organization_no, stray, &mut months)?;
        }
        if !strays.is_empty() {
            self.change_months(organization_no, months)?;
            let moved = strays.iter().map(|stray| JobPosition {
                completed_at: stray.completed_at,
                job_no: stray.job_no,
            });
            self.print_jobs_changed(organization_no, &moved.collect::<Vec<_>>())?;
        }
        let next = (end < forever).then_some(end);
        let sql = "UPDATE counters SET people_from = ?2 WHERE organization_no = ?1";
        self.execute(
            sql,
            params![organization_no, next.map(Timestamp::as_millis)],
        )?;
        Ok(Cleared {
            jobs: strays.len().try_into().unwrap_or(u64::MAX),
            next,
        })
    }

    fn move_job(
        &self,
        organization_no: OrganizationNo,
        stray: &Stray,
        months: &mut MonthChanges,
    ) -> Result<(), StoreError> {
        let place = (organization_no, stray.completed_at, stray.job_no);
        // What key the job has does not matter to its sums.
        let kept = self.kept_job(place, SourceKey::new("", ""))?;
        let kept = kept.ok_or(StoreError::NotFound("print job"))?;
        let (key, counts) = kept.share();
        months.take_away(key, counts);
        let user = Some(stray.user);
        months.add(crate::print_months::MonthKey { user, ..key }, counts);
        let sql = "UPDATE print_jobs
                   SET user_no = ?4, user_domain_no = coalesce(user_domain_no, ?5)
                   WHERE organization_no = ?1 AND completed_at = ?2 AND job_no = ?3";
        let (completed_at, job_no) = (stray.completed_at.as_millis(), stray.job_no);
        let moved = params![
            organization_no,
            completed_at,
            job_no,
            stray.user,
            stray.domain
        ];
        self.execute(sql, moved)?;
        Ok(())
    }
}
