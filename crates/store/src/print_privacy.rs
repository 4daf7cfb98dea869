//! Taking people out of kept print jobs: titles that are too old, and one person's traces.
//!
//! Each write looks at a bounded stretch of jobs and clears it. Blocks in which titles grew too old
//! are unsealed; what changes of one person stands beside the blocks, which are made anew soon. A
//! name changes last: who erases a person keeps sealing away until then.

use std::collections::BTreeSet;

use platen_domain::clock::Timestamp;
use platen_domain::person_names::identity;
use platen_domain::print_rows::WordNo;
use platen_domain::scope::Scope;

use crate::access::{Reader, Writer};
use crate::columns;
use crate::error::StoreError;
use crate::job_ids::UUID_MARK;
use crate::organization_no::OrganizationNo;
use crate::print_rows::JobPosition;
use crate::session::params;

/// Jobs looked at by one write: some tens of milliseconds, which other writes can wait.
const JOBS_PER_WRITE: u32 = 5_000;

/// What one write cleared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cleared {
    /// Jobs of which something was removed.
    pub jobs: u64,
    /// Where the next write goes on; `None` when all is done.
    pub next: Option<Timestamp>,
}

/// What one write erased of people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Erased {
    /// Their jobs in the stretch.
    pub jobs: u64,
    /// Computers those were sent from.
    pub theirs: BTreeSet<WordNo>,
    /// Computers that others sent jobs from.
    pub of_others: BTreeSet<WordNo>,
    /// Where the next write goes on; `None` when all is done.
    pub next: Option<Timestamp>,
}

/// A job as far as erasing looks at it.
struct Trace {
    completed_at: Timestamp,
    job_no: i64,
    user: Option<WordNo>,
    client: Option<WordNo>,
}

impl Reader<'_> {
    /// Where a write ends that begins at `from` and looks at no more jobs than it may.
    pub(crate) fn end_of_stretch(
        &self,
        organization_no: OrganizationNo,
        from: Timestamp,
        until: Timestamp,
    ) -> Result<Timestamp, StoreError> {
        let sql = "SELECT completed_at FROM print_jobs
                   WHERE organization_no = ?1 AND completed_at >= ?2 AND completed_at < ?3
                   ORDER BY completed_at, job_no LIMIT 1 OFFSET ?4";
        let bounds = params![
            organization_no,
            from.as_millis(),
            until.as_millis(),
            JOBS_PER_WRITE
        ];
        let next = self.one(sql, bounds, |row| columns::time(row, 0))?;
        // So many jobs of one instant are one stretch all the same.
        let after = Timestamp::from_millis(from.as_millis().saturating_add(1));
        Ok(next.map_or(until, |next| next.max(after)))
    }

    fn traces(
        &self,
        organization_no: OrganizationNo,
        from: Timestamp,
        until: Timestamp,
    ) -> Result<Vec<Trace>, StoreError> {
        let sql = "SELECT completed_at, job_no, user_no, client_no FROM print_jobs
                   WHERE organization_no = ?1 AND completed_at >= ?2 AND completed_at < ?3";
        let bounds = params![organization_no, from.as_millis(), until.as_millis()];
        self.all(sql, bounds, |row| {
            Ok(Trace {
                completed_at: columns::time(row, 0)?,
                job_no: row.get(1)?,
                user: row.get(2)?,
                client: row.get(3)?,
            })
        })
    }
}

impl Writer<'_> {
    /// Removes the titles of the next jobs that ended before `before`. What was cleared once is
    /// not looked at again, unless a job arrives there.
    pub fn remove_titles(&self, scope: &Scope, before: Timestamp) -> Result<Cleared, StoreError> {
        let organization_no = self.organization_no(scope)?;
        let sql = "SELECT titled_from FROM counters WHERE organization_no = ?1";
        let from = self.one(sql, params![organization_no], |row| columns::time(row, 0))?;
        let from = from.ok_or(StoreError::NotFound("organization"))?;
        if from >= before {
            return Ok(Cleared {
                jobs: 0,
                next: None,
            });
        }
        let end = self.end_of_stretch(organization_no, from, before)?;
        let sql = "UPDATE print_jobs SET document = NULL
                   WHERE organization_no = ?1 AND completed_at >= ?2 AND completed_at < ?3
                     AND document IS NOT NULL";
        let bounds = params![organization_no, from.as_millis(), end.as_millis()];
        let jobs = self.execute(sql, bounds)?;
        if jobs > 0 {
            self.print_rewritten(organization_no, from, end)?;
        }
        // What an import would be taken back to has no title either.
        let sql = "UPDATE import_revisions SET document = NULL
                   WHERE organization_no = ?1 AND completed_at >= ?2 AND completed_at < ?3
                     AND document IS NOT NULL";
        self.execute(sql, bounds)?;
        let sql = "UPDATE counters SET titled_from = ?2 WHERE organization_no = ?1";
        self.execute(sql, params![organization_no, end.as_millis()])?;
        Ok(Cleared {
            jobs,
            next: (end < before).then_some(end),
        })
    }

    /// Removes titles and computers of the next jobs at or after `from` that these users sent.
    pub fn erase_traces(
        &self,
        scope: &Scope,
        users: &[WordNo],
        from: Timestamp,
    ) -> Result<Erased, StoreError> {
        let organization_no = self.organization_no(scope)?;
        let forever = Timestamp::from_millis(i64::MAX);
        let end = self.end_of_stretch(organization_no, from, forever)?;
        let mut erased = Erased {
            jobs: 0,
            theirs: BTreeSet::new(),
            of_others: BTreeSet::new(),
            next: (end < forever).then_some(end),
        };
        let mut changed = Vec::new();
        for trace in self.traces(organization_no, from, end)? {
            let is_theirs = trace.user.is_some_and(|user| users.contains(&user));
            if !is_theirs {
                erased.of_others.extend(trace.client);
                continue;
            }
            erased.theirs.extend(trace.client);
            erased.jobs += 1;
            changed.push(JobPosition {
                completed_at: trace.completed_at,
                job_no: trace.job_no,
            });
            self.execute(
                // An id that a program made may hold a name; one made of a line tells it by trial.
                "UPDATE print_jobs SET document = NULL, client_no = NULL, user_domain_no = NULL,
                     source_job_id = CASE substr(source_job_id, 1, 1) WHEN ?4 THEN source_job_id END
                 WHERE organization_no = ?1 AND completed_at = ?2 AND job_no = ?3",
                params![
                    organization_no,
                    trace.completed_at.as_millis(),
                    trace.job_no,
                    [UUID_MARK]
                ],
            )?;
            self.execute(
                "UPDATE import_revisions SET document = NULL, client_no = NULL
                 WHERE organization_no = ?1 AND job_no = ?2",
                params![organization_no, trace.job_no],
            )?;
        }
        if erased.jobs > 0 {
            self.print_jobs_changed(organization_no, &changed)?;
            self.outdate_blocks(organization_no, from, end)?;
        }
        Ok(erased)
    }

    /// Gives users other names, which must be new ones, and forgets computers that no job names
    /// any more.
    pub fn rename_print_users(
        &self,
        scope: &Scope,
        names: &[(WordNo, String)],
        forgotten: &BTreeSet<WordNo>,
    ) -> Result<(), StoreError> {
        let organization_no = self.organization_no(scope)?;
        for (user, name) in names {
            let sql = "UPDATE words SET text = ?3, identity = ?4, domain_no = NULL
                       WHERE organization_no = ?1 AND word_no = ?2";
            self.execute(sql, params![organization_no, user, name, identity(name)])?;
        }
        for client in forgotten {
            let sql = "DELETE FROM words WHERE organization_no = ?1 AND word_no = ?2";
            self.execute(sql, params![organization_no, client])?;
        }
        self.interned.clear();
        self.changes_reread(organization_no)?;
        self.print_changed(organization_no)
    }
}
