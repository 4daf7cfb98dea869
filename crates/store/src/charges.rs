//! Charges: one for each print job at most.

use platen_domain::accounts::{AccountLabel, AccountRef};
use platen_domain::charges::{Charge, ChargeOrigin, ChargeProblems, ChargeState};
use platen_domain::clock::Timestamp;
use platen_domain::ids::{AccountId, ChargeId, PrintUserId};
use platen_domain::points::Points;
use platen_domain::print_jobs::SourceKey;
use platen_domain::print_users::{UserLabel, UserRef};
use platen_domain::scope::Scope;

use crate::access::{Reader, Writer};
use crate::block_changes::BLOCK_CHANGES_MAX;
use crate::columns;
use crate::error::StoreError;
use crate::job_ids::{JobId, job_key};
use crate::organization_no::OrganizationNo;
use crate::print_job_changes::JobChanges;
use crate::print_rows::JobPosition;
use crate::session::{Row, params};

/// Which charges are listed. What is `None` does not matter.
#[derive(Debug, Clone, Default)]
pub struct ChargeQuery {
    /// Of this account.
    pub account: Option<AccountRef>,
    /// Of this user.
    pub user: Option<UserRef>,
    /// That stand so.
    pub state: Option<ChargeState>,
    /// Before this one; `None` begins with the newest.
    pub before: Option<ChargeId>,
}

/// A query of whole charges `c`, by what follows FROM. Its columns are those of [`from_row`].
macro_rules! select_charges {
    ($rest:literal) => {
        concat!(
            "SELECT c.charge_id, c.origin, s.source, c.job_id, c.account_named, a.account_id,
                    a.code, u.user_id, u.name, c.claimed, c.refunded, c.state, c.problems, c.at,
                    c.updated_at, c.revision
             FROM charges c
             LEFT JOIN print_sources s
                 ON s.organization_no = c.organization_no AND s.source_no = c.source_no
             LEFT JOIN accounts a
                 ON a.organization_no = c.organization_no AND a.account_no = c.account_no
             LEFT JOIN print_users u
                 ON u.organization_no = c.organization_no AND u.user_no = c.user_no ",
            $rest
        )
    };
}

impl Reader<'_> {
    /// One charge.
    pub fn charge(&self, scope: &Scope, id: ChargeId) -> Result<Option<Charge>, StoreError> {
        let organization_no = self.organization_no(scope)?;
        let sql = select_charges!("WHERE c.organization_no = ?1 AND c.charge_id = ?2");
        self.one(sql, params![organization_no, id.as_bytes()], from_row)
    }

    /// The charge of a print job.
    pub fn charge_of_job(
        &self,
        scope: &Scope,
        job: &SourceKey,
    ) -> Result<Option<Charge>, StoreError> {
        let Some(source_no) = self.source_no(scope, &job.source)? else {
            return Ok(None);
        };
        let organization_no = self.organization_no(scope)?;
        let sql =
            select_charges!("WHERE c.organization_no = ?1 AND c.source_no = ?2 AND c.job_id = ?3");
        let key = params![organization_no, source_no, JobId::of(job)];
        self.one(sql, key, from_row)
    }

    /// Charges, the newest first. `None` where the account or user is not the organization's.
    pub fn charges(
        &self,
        scope: &Scope,
        query: &ChargeQuery,
        most: u32,
    ) -> Result<Option<Vec<Charge>>, StoreError> {
        let chosen = self.chosen(scope, query.account.as_ref(), query.user.as_ref())?;
        let Some(chosen) = chosen else {
            return Ok(None);
        };
        // Each has its index; one statement for all would use none. A plus keeps a condition
        // from choosing it.
        let state = query.state;
        let one = match (chosen.account, chosen.user, state) {
            (_, Some(_), _) => {
                "c.user_no = ?3 AND (?2 IS NULL OR +c.account_no = ?2)
                 AND (?4 IS NULL OR +c.state = ?4)"
            }
            (Some(_), None, _) => {
                "c.account_no = ?2 AND ?3 IS NULL AND (?4 IS NULL OR +c.state = ?4)"
            }
            (None, None, Some(_)) => "?2 IS NULL AND ?3 IS NULL AND c.state = ?4",
            (None, None, None) => "?2 IS NULL AND ?3 IS NULL AND ?4 IS NULL",
        };
        let sql = format!(
            "{} WHERE c.organization_no = ?1 AND {one} AND c.charge_id < ?5
             ORDER BY c.charge_id DESC LIMIT ?6",
            select_charges!("")
        );
        let before = query.before.map_or([u8::MAX; 16], |id| *id.as_bytes());
        let state = state.map(ChargeState::number);
        let chosen = params![
            chosen.organization,
            chosen.account,
            chosen.user,
            state,
            before,
            most
        ];
        self.all(&sql, chosen, from_row).map(Some)
    }
}

impl Writer<'_> {
    /// Keeps a charge, in the place of the one with its identifier. [`StoreError::Conflict`]
    /// where its job has another charge.
    pub fn put_charge(&self, scope: &Scope, charge: &Charge) -> Result<(), StoreError> {
        let organization_no = self.organization_no(scope)?;
        let source_no = match &charge.job {
            Some(job) => Some(self.intern_source(organization_no, &job.source)?),
            None => None,
        };
        let sql = "INSERT INTO charges (organization_no, charge_id, origin, source_no, job_id,
                       account_named, account_no, user_no, claimed, refunded, state, problems, at,
                       updated_at, revision)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6,
                       (SELECT account_no FROM accounts
                        WHERE organization_no = ?1 AND account_id = ?7),
                       (SELECT user_no FROM print_users
                        WHERE organization_no = ?1 AND user_id = ?8),
                       ?9, ?10, ?11, ?12, ?13, ?14, ?15)
                   ON CONFLICT (organization_no, charge_id) DO UPDATE SET
                       origin = excluded.origin, at = excluded.at,
                       account_named = excluded.account_named, account_no = excluded.account_no,
                       user_no = excluded.user_no, claimed = excluded.claimed,
                       refunded = excluded.refunded, state = excluded.state,
                       problems = excluded.problems, updated_at = excluded.updated_at,
                       revision = excluded.revision";
        let account = charge.account.as_ref().map(|account| account.id);
        let user = charge.user.as_ref().map(|user| user.id);
        let kept = self.execute(
            sql,
            params![
                organization_no,
                charge.id.as_bytes(),
                charge.origin.number(),
                source_no,
                charge.job.as_ref().map(JobId::of),
                charge.account_named,
                account.as_ref().map(AccountId::as_bytes),
                user.as_ref().map(PrintUserId::as_bytes),
                charge.claimed.millionths(),
                charge.refunded.millionths(),
                charge.state.number(),
                charge.problems.bits(),
                charge.at.as_millis(),
                charge.updated_at.as_millis(),
                charge.revision,
            ],
        );
        kept.map_err(|error| error.conflict("charge"))?;
        if let (Some(source_no), Some(job)) = (source_no, &charge.job) {
            self.charge_moved(organization_no, source_no, &JobId::of(job))?;
        }
        Ok(())
    }

    /// Has a job's row say which account is charged for it now, where that is another one than
    /// before. Whoever changes charges calls this in the same transaction. A job that is not kept
    /// yet gets it when it comes.
    pub(crate) fn charge_moved(
        &self,
        organization_no: OrganizationNo,
        source_no: i64,
        id: &JobId<'_>,
    ) -> Result<(), StoreError> {
        let sql = "SELECT j.completed_at, j.job_no, j.charged_account_no, c.account_no
                   FROM print_job_keys k
                   JOIN print_jobs j ON j.organization_no = ?1
                       AND j.completed_at = k.completed_at AND j.job_no = k.job_no
                   LEFT JOIN charges c ON c.organization_no = ?1
                       AND c.source_no = k.source_no AND c.job_id = k.job_id AND c.state = ?4
                   WHERE k.organization_no = ?1 AND k.source_no = ?2 AND k.job_id = ?3";
        let charged = ChargeState::Charged.number();
        let key = params![organization_no, source_no, id, charged];
        let found = self.one(sql, key, |row| {
            let job = JobPosition {
                completed_at: columns::time(row, 0)?,
                job_no: row.get(1)?,
            };
            let (before, now): (Option<i64>, Option<i64>) = (row.get(2)?, row.get(3)?);
            Ok((job, before, now))
        })?;
        let Some((job, before, now)) = found else {
            return Ok(());
        };
        if before == now {
            return Ok(());
        }
        let sql = "UPDATE print_jobs SET charged_account_no = ?4
                   WHERE organization_no = ?1 AND completed_at = ?2 AND job_no = ?3";
        let completed_at = job.completed_at.as_millis();
        self.execute(sql, params![organization_no, completed_at, job.job_no, now])?;
        let times = std::iter::once(job.completed_at);
        let mut changes = JobChanges::begin(self, organization_no, times)?;
        changes.charged(job)?;
        changes.finish()?;
        Ok(())
    }

    /// Marks that the jobs charged to an account read differently: its code is another one. Where
    /// they are many, every block of the organization is made anew.
    pub(crate) fn account_recoded(
        &self,
        organization_no: OrganizationNo,
        account_no: i64,
    ) -> Result<(), StoreError> {
        let sql = "SELECT k.completed_at, k.job_no FROM charges c
                   JOIN print_job_keys k ON k.organization_no = ?1 AND k.source_no = c.source_no
                       AND k.job_id = c.job_id
                   WHERE c.organization_no = ?1 AND c.account_no = ?2 AND c.state = ?3 LIMIT ?4";
        let charged = ChargeState::Charged.number();
        let most = columns::count_form(BLOCK_CHANGES_MAX);
        let found = params![organization_no, account_no, charged, most];
        let jobs = self.all(sql, found, |row| {
            Ok(JobPosition {
                completed_at: columns::time(row, 0)?,
                job_no: row.get(1)?,
            })
        })?;
        if jobs.is_empty() {
            return Ok(());
        }
        if u64::try_from(jobs.len()).is_ok_and(|count| count < BLOCK_CHANGES_MAX) {
            return self.print_jobs_changed(organization_no, &jobs);
        }
        let [from, until] = [i64::MIN, i64::MAX].map(Timestamp::from_millis);
        self.print_rewritten(organization_no, from, until)
    }
}

fn from_row(row: &Row<'_>) -> Result<Charge, StoreError> {
    let account: Option<[u8; 16]> = row.get(5)?;
    let user: Option<[u8; 16]> = row.get(7)?;
    Ok(Charge {
        id: ChargeId::from_bytes(row.get(0)?),
        origin: columns::numbered(row, 1, ChargeOrigin::from_number)?,
        job: job_key(row, 2)?,
        account_named: row.get(4)?,
        account: match account {
            Some(id) => Some(AccountLabel {
                id: AccountId::from_bytes(id),
                code: row.get(6)?,
            }),
            None => None,
        },
        user: match user {
            Some(id) => Some(UserLabel {
                id: PrintUserId::from_bytes(id),
                name: row.get(8)?,
            }),
            None => None,
        },
        claimed: Points::from_millionths(row.get(9)?),
        refunded: Points::from_millionths(row.get(10)?),
        state: columns::numbered(row, 11, ChargeState::from_number)?,
        problems: ChargeProblems::from_bits(row.get(12)?),
        at: columns::time(row, 13)?,
        updated_at: columns::time(row, 14)?,
        revision: row.get(15)?,
    })
}
