//! Taking an import back, a bounded piece a write: first the known jobs that it revised, then the
//! jobs that it brought. The place behind which it goes on is kept with each piece.

use platen_domain::charges::ChargeState;
use platen_domain::clock::Timestamp;
use platen_domain::ids::ChargeId;
use platen_domain::imports::Undone;
use platen_domain::points::Points;
use platen_domain::prices::PriceBook;
use platen_domain::print_jobs::SourceKey;
use platen_domain::scope::Scope;

use crate::access::{Reader, Writer};
use crate::columns;
use crate::error::StoreError;
use crate::import_marks::brought_by;
use crate::job_ids::{JobId, job_key};
use crate::organization_no::OrganizationNo;
use crate::print_job_changes::JobChanges;
use crate::print_job_rows::Place;
use crate::print_rows::JobPosition;
use crate::session::params;

/// Keys looked at by one query.
const KEYS_PER_QUERY: u32 = 1_000;

/// Keys looked at by one write, of which few may be the import's: some tens of milliseconds.
const KEYS_PER_WRITE: u32 = 50_000;

/// A job that an import brought.
#[derive(Debug)]
pub struct ImportedJob {
    /// Its key.
    pub key: SourceKey,
    /// Whether another source, or a later import that revised it, has said something of it since.
    pub is_shared: bool,
    place: Place,
    source_no: i64,
}

/// The next jobs that an import brought.
#[derive(Debug)]
pub struct ImportedJobs {
    /// The jobs.
    pub jobs: Vec<ImportedJob>,
    /// Whether these are the last ones.
    pub are_last: bool,
}

/// A known job that an import revised.
#[derive(Debug)]
pub struct ImportRevision {
    /// Its key.
    pub key: SourceKey,
    /// Whether anybody has revised it, or another source has said something of it, since.
    pub is_shared: bool,
    /// Its charge before the import; `None` where it had none.
    pub charge: Option<ChargeBefore>,
    place: Place,
    source_no: i64,
}

/// What a charge was before an import.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChargeBefore {
    /// What was claimed.
    pub claimed: Points,
    /// What of it was given back.
    pub refunded: Points,
    /// How it stood.
    pub state: ChargeState,
}

impl ChargeBefore {
    /// What it took from the balance, never below zero.
    pub fn net(&self) -> Points {
        self.claimed.minus(self.refunded).max(Points::ZERO)
    }
}

impl Reader<'_> {
    /// The next known jobs that an import revised.
    pub fn import_revisions(
        &self,
        scope: &Scope,
        import: u32,
        most: u32,
    ) -> Result<Vec<ImportRevision>, StoreError> {
        let organization_no = self.organization_no(scope)?;
        let sql = "SELECT s.source, r.job_id, r.source_no, r.completed_at, r.job_no, r.claimed,
                          r.refunded, r.charge_state,
                          j.revision <> r.made_revision OR EXISTS (
                              SELECT 1 FROM import_shared x
                              WHERE x.organization_no = r.organization_no AND x.job_no = r.job_no)
                   FROM import_revisions r
                   JOIN print_sources s ON s.organization_no = r.organization_no
                       AND s.source_no = r.source_no
                   JOIN print_jobs j ON j.organization_no = r.organization_no
                       AND j.completed_at = r.completed_at AND j.job_no = r.job_no
                   WHERE r.organization_no = ?1 AND r.import_no = ?2
                   ORDER BY r.job_no LIMIT ?3";
        let found = self.all(sql, params![organization_no, import, most], |row| {
            let claimed: Option<i64> = row.get(5)?;
            let charge = match claimed {
                Some(claimed) => Some(ChargeBefore {
                    claimed: Points::from_millionths(claimed),
                    refunded: columns::points(row, 6)?,
                    state: columns::numbered(row, 7, ChargeState::from_number)?,
                }),
                None => None,
            };
            let place = (organization_no, columns::time(row, 3)?, row.get(4)?);
            let (source_no, is_shared) = (row.get(2)?, row.get(8)?);
            Ok(job_key(row, 0)?.map(|key| ImportRevision {
                key,
                is_shared,
                charge,
                place,
                source_no,
            }))
        });
        Ok(found?.into_iter().flatten().collect())
    }

    /// Whether a charge was made of a hold.
    pub fn is_of_hold(&self, scope: &Scope, charge: ChargeId) -> Result<bool, StoreError> {
        let sql = "SELECT EXISTS (SELECT 1 FROM holds
                                  WHERE organization_no = ?1 AND charge_id = ?2)";
        let meant = params![self.organization_no(scope)?, charge.as_bytes()];
        let held = self.one(sql, meant, |row| row.get(0))?;
        Ok(held.unwrap_or(false))
    }
}

impl Writer<'_> {
    /// The next jobs that an import brought, somewhat more than `most` at most, and notes that they
    /// were looked at. Where the import's jobs are few among many, there may be none although
    /// these are not the last.
    pub fn next_imported_jobs(
        &self,
        scope: &Scope,
        import: u32,
        most: u32,
    ) -> Result<ImportedJobs, StoreError> {
        let organization_no = self.organization_no(scope)?;
        let ranges = self.import_ranges(organization_no, Some(import))?;
        let sql = "SELECT undo_source_no, undo_job_id FROM imports
                   WHERE organization_no = ?1 AND import_no = ?2";
        let place = params![organization_no, import];
        let place = self.one(sql, place, |row| Ok((row.get(0)?, row.get(1)?)))?;
        let (mut source_no, mut behind): (i64, Vec<u8>) =
            place.ok_or(StoreError::NotFound("import"))?;
        let mut next = ImportedJobs {
            jobs: Vec::new(),
            are_last: ranges.is_empty(),
        };
        let mut looked_at = 0;
        while !next.are_last && next.jobs.len() < most as usize && looked_at < KEYS_PER_WRITE {
            let keys = self.keys_behind(organization_no, source_no, &behind)?;
            looked_at += KEYS_PER_QUERY;
            let is_end = keys.len() < KEYS_PER_QUERY as usize;
            for key in keys {
                let Key { spelt, id, place } = key;
                let (completed_at, job_no) = place;
                if brought_by(&ranges, job_no).is_some() {
                    let is_shared = self.is_shared(organization_no, job_no)?;
                    let place = (organization_no, completed_at, job_no);
                    next.jobs.push(ImportedJob {
                        key: spelt,
                        is_shared,
                        place,
                        source_no,
                    });
                }
                behind = id;
            }
            if is_end {
                let following = self.source_behind(organization_no, source_no)?;
                next.are_last = following.is_none();
                source_no = following.unwrap_or(source_no);
                behind = Vec::new();
            }
        }
        let sql = "UPDATE imports SET undo_source_no = ?3, undo_job_id = ?4
                   WHERE organization_no = ?1 AND import_no = ?2";
        self.execute(sql, params![organization_no, import, source_no, behind])?;
        Ok(next)
    }

    /// Removes jobs that an import brought: rows, keys and revisions. Printers, users and other
    /// names stay.
    pub fn remove_imported_jobs(
        &self,
        scope: &Scope,
        jobs: &[ImportedJob],
    ) -> Result<(), StoreError> {
        let organization_no = self.organization_no(scope)?;
        let times = jobs.iter().map(|job| job.place.1);
        let mut changes = JobChanges::begin(self, organization_no, times)?;
        for job in jobs {
            let (_, completed_at, job_no) = job.place;
            let kept = self.kept_job(job.place, job.key.clone())?;
            let kept = kept.ok_or(StoreError::NotFound("print job"))?;
            let sql = "DELETE FROM print_jobs
                       WHERE organization_no = ?1 AND completed_at = ?2 AND job_no = ?3";
            let place = params![organization_no, completed_at.as_millis(), job_no];
            self.execute(sql, place)?;
            let sql = "DELETE FROM print_job_keys
                       WHERE organization_no = ?1 AND source_no = ?2 AND job_id = ?3";
            let id = JobId::of(&job.key);
            self.execute(sql, params![organization_no, job.source_no, id])?;
            let sql = "DELETE FROM print_revisions WHERE organization_no = ?1 AND job_no = ?2";
            self.execute(sql, params![organization_no, job_no])?;
            let gone = JobPosition {
                completed_at,
                job_no,
            };
            changes.removed(gone, kept.share())?;
        }
        changes.finish()?;
        Ok(())
    }

    /// Makes jobs again what they were before an import revised them, each as a revision; those that
    /// are shared stay. The import knows them no more.
    pub fn revert_import_revisions(
        &self,
        scope: &Scope,
        import: u32,
        revisions: &[ImportRevision],
        prices: &PriceBook,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let organization_no = self.organization_no(scope)?;
        let times = revisions.iter().map(|revision| revision.place.1);
        let mut changes = JobChanges::begin(self, organization_no, times)?;
        for revision in revisions {
            if !revision.is_shared {
                self.revert(&mut changes, import, revision, prices, now)?;
            }
            let job_no = revision.place.2;
            let sql = "DELETE FROM import_revisions
                       WHERE organization_no = ?1 AND import_no = ?2 AND job_no = ?3";
            self.execute(sql, params![organization_no, import, job_no])?;
        }
        if let Some(from) = changes.finish()? {
            // Titles that are too old may have come back.
            let sql = "UPDATE counters SET titled_from =
                           CASE WHEN titled_from > ?2 THEN ?2 ELSE titled_from END
                       WHERE organization_no = ?1";
            self.execute(sql, params![organization_no, from.as_millis()])?;
        }
        Ok(())
    }

    fn revert(
        &self,
        changes: &mut JobChanges<'_, '_>,
        import: u32,
        revision: &ImportRevision,
        prices: &PriceBook,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let place = revision.place;
        let (organization_no, completed_at, job_no) = place;
        let kept = || {
            let kept = self.kept_job(place, revision.key.clone())?;
            kept.ok_or(StoreError::NotFound("print job"))
        };
        let before = kept()?;
        let next_revision = before.revision + 1;
        self.keep_revision(place, &before, now)?;
        let sql = "UPDATE print_jobs SET
                       (printer_no, user_no, account_no, client_no, application_no, media_no,
                        document, submitted_at, state, color_mode, sides, pages, copies,
                        impressions, color_impressions, sheets, sheets_quality, evidence, flags,
                        bytes, cost, price_version)
                     = (SELECT printer_no,
                               coalesce((SELECT w.merged_into FROM words w
                                         WHERE w.organization_no = ?1 AND w.word_no = r.user_no),
                                        r.user_no),
                               account_no, client_no, application_no, media_no, document,
                               submitted_at, state, color_mode, sides, pages, copies, impressions, color_impressions, sheets, sheets_quality,
                               evidence, flags, bytes, cost, price_version
                        FROM import_revisions r
                        WHERE r.organization_no = ?1 AND r.import_no = ?4 AND r.job_no = ?3),
                       revision = ?5
                   WHERE organization_no = ?1 AND completed_at = ?2 AND job_no = ?3";
        let at = completed_at.as_millis();
        self.execute(
            sql,
            params![organization_no, at, job_no, import, next_revision],
        )?;
        let sql = "UPDATE print_job_keys SET content =
                       (SELECT content FROM import_revisions
                        WHERE organization_no = ?1 AND import_no = ?2 AND job_no = ?3)
                   WHERE organization_no = ?1 AND source_no = ?4 AND job_id = ?5";
        let id = JobId::of(&revision.key);
        self.execute(
            sql,
            params![organization_no, import, job_no, revision.source_no, id],
        )?;
        // What an earlier import made of it is what it is now.
        let sql = "UPDATE import_revisions SET made_revision = ?4
                   WHERE organization_no = ?1 AND job_no = ?3 AND import_no <> ?2
                     AND made_revision =
                         (SELECT revision FROM import_revisions
                          WHERE organization_no = ?1 AND import_no = ?2 AND job_no = ?3)";
        self.execute(sql, params![organization_no, import, job_no, next_revision])?;
        let mut after = kept()?;
        if after.cost.is_none() {
            let printer = self.printer(organization_no, after.printer_no)?;
            let cost = prices.cost(&after.record, printer.device, printer.model.as_deref());
            self.reprice_job_row(place, cost, next_revision)?;
            after.cost = cost.map(|cost| (cost.amount, cost.version));
        }
        let job = JobPosition {
            completed_at,
            job_no,
        };
        changes.revised(job, before.share(), after.share())
    }

    /// Makes a charge again what it was before an import; its points were moved already.
    pub fn restore_charge(
        &self,
        import: u32,
        revision: &ImportRevision,
        charge: ChargeId,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let (organization_no, _, job_no) = revision.place;
        let sql = "UPDATE charges SET
                       (account_named, account_no, user_no, claimed, refunded, state, problems)
                     = (SELECT account_named, charge_account_no,
                               coalesce((SELECT u.merged_into FROM print_users u
                                         WHERE u.organization_no = ?1
                                           AND u.user_no = charge_user_no), charge_user_no),
                               claimed, refunded, charge_state, problems
                        FROM import_revisions
                        WHERE organization_no = ?1 AND import_no = ?2 AND job_no = ?3),
                       updated_at = ?5, revision = revision + 1
                   WHERE organization_no = ?1 AND charge_id = ?4";
        let at = now.as_millis();
        self.execute(
            sql,
            params![organization_no, import, job_no, charge.as_bytes(), at],
        )?;
        let id = JobId::of(&revision.key);
        self.charge_moved(organization_no, revision.source_no, &id)
    }

    /// Ends a charge whose job is gone. Where points were moved, it stays for the ledger's entries
    /// that speak of it, given back and without a job; else it goes.
    pub fn end_charge(
        &self,
        scope: &Scope,
        charge: ChargeId,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let organization_no = self.organization_no(scope)?;
        let job = self.charge(scope, charge)?.and_then(|charge| charge.job);
        self.end_charge_itself(organization_no, charge, now)?;
        let Some(job) = job else { return Ok(()) };
        let Some(source_no) = self.source_no(scope, &job.source)? else {
            return Ok(());
        };
        // A job that an import only revised is still there.
        self.charge_moved(organization_no, source_no, &JobId::of(&job))
    }

    fn end_charge_itself(
        &self,
        organization_no: OrganizationNo,
        charge: ChargeId,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let sql = "DELETE FROM charges
                   WHERE organization_no = ?1 AND charge_id = ?2 AND claimed = 0 AND refunded = 0";
        let gone = self.execute(sql, params![organization_no, charge.as_bytes()])?;
        if gone > 0 {
            return Ok(());
        }
        let sql = "UPDATE charges SET source_no = NULL, job_id = NULL, refunded = claimed,
                       state = ?3, updated_at = ?4, revision = revision + 1
                   WHERE organization_no = ?1 AND charge_id = ?2";
        let refunded = ChargeState::Refunded.number();
        let at = now.as_millis();
        self.execute(
            sql,
            params![organization_no, charge.as_bytes(), refunded, at],
        )?;
        Ok(())
    }

    /// Adds to what taking an import back came to.
    pub fn add_undone(&self, scope: &Scope, import: u32, more: Undone) -> Result<(), StoreError> {
        let organization_no = self.organization_no(scope)?;
        let sql = "UPDATE imports SET jobs_removed = jobs_removed + ?3,
                       jobs_reverted = jobs_reverted + ?4, jobs_kept = jobs_kept + ?5
                   WHERE organization_no = ?1 AND import_no = ?2";
        let [removed, reverted, kept] =
            [more.removed, more.reverted, more.kept].map(columns::count_form);
        self.execute(
            sql,
            params![organization_no, import, removed, reverted, kept],
        )?;
        Ok(())
    }

    /// Forgets which jobs an import brought: those that are left are like any other.
    pub fn forget_import_ranges(&self, scope: &Scope, import: u32) -> Result<(), StoreError> {
        let organization_no = self.organization_no(scope)?;
        let sql = "DELETE FROM import_ranges WHERE organization_no = ?1 AND import_no = ?2";
        self.execute(sql, params![organization_no, import])?;
        Ok(())
    }

    fn is_shared(&self, organization_no: OrganizationNo, job_no: i64) -> Result<bool, StoreError> {
        let sql = "SELECT EXISTS (SELECT 1 FROM import_shared
                                  WHERE organization_no = ?1 AND job_no = ?2)
                       OR EXISTS (SELECT 1 FROM import_revisions
                                  WHERE organization_no = ?1 AND job_no = ?2)";
        let shared = self.one(sql, params![organization_no, job_no], |row| row.get(0))?;
        Ok(shared.unwrap_or(false))
    }

    fn keys_behind(
        &self,
        organization_no: OrganizationNo,
        source_no: i64,
        behind: &[u8],
    ) -> Result<Vec<Key>, StoreError> {
        let sql = "SELECT s.source, k.job_id, k.job_id, k.completed_at, k.job_no
                   FROM print_job_keys k
                   JOIN print_sources s ON s.organization_no = ?1 AND s.source_no = ?2
                   WHERE k.organization_no = ?1 AND k.source_no = ?2 AND k.job_id > ?3
                   ORDER BY k.job_id LIMIT ?4";
        let behind = params![organization_no, source_no, behind, KEYS_PER_QUERY];
        self.all(sql, behind, |row| {
            let (id, place) = (row.get(2)?, (columns::time(row, 3)?, row.get(4)?));
            let spelt = job_key(row, 0)?.unwrap_or_else(|| SourceKey::new("", ""));
            Ok(Key { spelt, id, place })
        })
    }

    /// The organization's next source by number.
    fn source_behind(
        &self,
        organization_no: OrganizationNo,
        source_no: i64,
    ) -> Result<Option<i64>, StoreError> {
        let sql = "SELECT min(source_no) FROM print_sources
                   WHERE organization_no = ?1 AND source_no > ?2";
        let next = self.one(sql, params![organization_no, source_no], |row| row.get(0))?;
        Ok(next.flatten())
    }
}

/// A key, its id as it is kept, and where its job stands.
struct Key {
    spelt: SourceKey,
    id: Vec<u8>,
    place: (Timestamp, i64),
}
