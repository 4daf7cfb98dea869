//! Holds: points reserved for a job to come.

use platen_domain::accounts::{AccountLabel, AccountRef};
use platen_domain::clock::Timestamp;
use platen_domain::holds::{Hold, HoldState};
use platen_domain::ids::{AccountId, ChargeId, HoldId, PrintUserId};
use platen_domain::points::Points;
use platen_domain::print_jobs::SourceKey;
use platen_domain::print_users::{UserLabel, UserRef};
use platen_domain::scope::Scope;

use crate::access::{Reader, Writer};
use crate::columns;
use crate::error::StoreError;
use crate::job_ids::{JobId, job_key};
use crate::session::{Row, params};
use crate::standings::{Seat, Standing};

/// Which holds are listed. What is `None` does not matter.
#[derive(Debug, Clone, Default)]
pub struct HoldQuery {
    /// In this account.
    pub account: Option<AccountRef>,
    /// For this user.
    pub user: Option<UserRef>,
    /// That stand so at the time of asking.
    pub state: Option<HoldState>,
    /// Before this one; `None` begins with the newest.
    pub before: Option<HoldId>,
}

/// A query of whole holds `h`, by what follows FROM. Its columns are those of [`from_row`].
macro_rules! select_holds {
    ($rest:literal) => {
        concat!(
            "SELECT h.hold_id, a.account_id, a.code, u.user_id, u.name, h.points, s.source,
                    h.job_id, h.state, h.created_at, h.expires_at, h.charge_id
             FROM holds h
             JOIN accounts a
                 ON a.organization_no = h.organization_no AND a.account_no = h.account_no
             JOIN print_users u
                 ON u.organization_no = h.organization_no AND u.user_no = h.user_no
             LEFT JOIN print_sources s
                 ON s.organization_no = h.organization_no AND s.source_no = h.source_no ",
            $rest
        )
    };
}

impl Reader<'_> {
    /// How many points of a balance are held at `now`.
    pub(crate) fn held(&self, seat: Seat, now: Timestamp) -> Result<Points, StoreError> {
        let sql = "SELECT coalesce(sum(points), 0) FROM holds
                   WHERE organization_no = ?1 AND account_no = ?2 AND user_no = ?3 AND state = 0
                     AND expires_at > ?4";
        let place = params![seat.organization, seat.account, seat.user, now.as_millis()];
        let held = self.one(sql, place, |row| row.get(0))?;
        Ok(held.map_or(Points::ZERO, Points::from_millionths))
    }

    /// How many holds reserve points of a balance at `now`.
    pub fn count_active_holds(
        &self,
        standing: &Standing,
        now: Timestamp,
    ) -> Result<u64, StoreError> {
        let sql = "SELECT count(*) FROM holds
                   WHERE organization_no = ?1 AND account_no = ?2 AND user_no = ?3 AND state = 0
                     AND expires_at > ?4";
        let seat = standing.seat;
        let place = params![seat.organization, seat.account, seat.user, now.as_millis()];
        let count = self.one(sql, place, |row| columns::count(row, 0))?;
        Ok(count.unwrap_or(0))
    }

    /// One hold.
    pub fn hold(&self, scope: &Scope, id: HoldId) -> Result<Option<Hold>, StoreError> {
        let organization_no = self.organization_no(scope)?;
        let sql = select_holds!("WHERE h.organization_no = ?1 AND h.hold_id = ?2");
        self.one(sql, params![organization_no, id.as_bytes()], from_row)
    }

    /// The hold for a print job that is neither captured nor released: of several the one that
    /// holds longest; it may have expired.
    pub fn hold_of_job(&self, scope: &Scope, job: &SourceKey) -> Result<Option<Hold>, StoreError> {
        let Some(source_no) = self.source_no(scope, &job.source)? else {
            return Ok(None);
        };
        let sql = select_holds!(
            "WHERE h.organization_no = ?1 AND h.source_no = ?2 AND h.job_id = ?3 AND h.state = 0
             ORDER BY h.expires_at DESC, h.hold_id DESC LIMIT 1"
        );
        let organization_no = self.organization_no(scope)?;
        let key = params![organization_no, source_no, JobId::of(job)];
        self.one(sql, key, from_row)
    }

    /// Whether any job is waited for by a hold.
    pub fn awaits_jobs(&self, scope: &Scope) -> Result<bool, StoreError> {
        let sql = "SELECT EXISTS (SELECT 1 FROM holds
                       WHERE organization_no = ?1 AND state = 0 AND source_no IS NOT NULL)";
        let awaits = self.one(sql, params![self.organization_no(scope)?], |row| row.get(0))?;
        Ok(awaits.unwrap_or(false))
    }

    /// Holds, the newest first. `None` where the account or user is not the organization's.
    pub fn holds(
        &self,
        scope: &Scope,
        query: &HoldQuery,
        most: u32,
        now: Timestamp,
    ) -> Result<Option<Vec<Hold>>, StoreError> {
        let chosen = self.chosen(scope, query.account.as_ref(), query.user.as_ref())?;
        let Some(chosen) = chosen else {
            return Ok(None);
        };
        let state = match query.state {
            None => "",
            Some(HoldState::Active) => "AND h.state = 0 AND h.expires_at > ?6",
            Some(HoldState::Expired) => "AND (h.state = 3 OR h.state = 0 AND h.expires_at <= ?6)",
            Some(HoldState::Captured) => "AND h.state = 1",
            Some(HoldState::Released) => "AND h.state = 2",
        };
        // Each has its index; one statement for all would use none.
        let one = match (chosen.account, chosen.user) {
            (_, Some(_)) => "h.user_no = ?3 AND (?2 IS NULL OR +h.account_no = ?2)",
            (Some(_), None) => "h.account_no = ?2 AND ?3 IS NULL",
            (None, None) => "?2 IS NULL AND ?3 IS NULL",
        };
        let sql = format!(
            "{} WHERE h.organization_no = ?1 AND {one} AND h.hold_id < ?4 AND ?6 IS NOT NULL
               {state}
             ORDER BY h.hold_id DESC LIMIT ?5",
            select_holds!("")
        );
        let before = query.before.map_or([u8::MAX; 16], |id| *id.as_bytes());
        let now = now.as_millis();
        let chosen = params![
            chosen.organization,
            chosen.account,
            chosen.user,
            before,
            most,
            now
        ];
        self.all(&sql, chosen, from_row).map(Some)
    }
}

impl Writer<'_> {
    /// Adds a hold in the balance where `standing` is.
    pub fn insert_hold(&self, standing: &Standing, hold: &Hold) -> Result<(), StoreError> {
        let seat = standing.seat;
        let source_no = match &hold.job {
            Some(job) => Some(self.intern_source(seat.organization, &job.source)?),
            None => None,
        };
        let sql = "INSERT INTO holds (organization_no, hold_id, account_no, user_no, points,
                       source_no, job_id, state, created_at, expires_at, charge_id)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)";
        self.execute(
            sql,
            params![
                seat.organization,
                hold.id.as_bytes(),
                seat.account,
                seat.user,
                hold.points.millionths(),
                source_no,
                hold.job.as_ref().map(JobId::of),
                hold.state.number(),
                hold.created_at.as_millis(),
                hold.expires_at.as_millis(),
                hold.charge.as_ref().map(ChargeId::as_bytes),
            ],
        )?;
        Ok(())
    }

    /// Ends a hold that is neither captured nor released. [`StoreError::NotFound`] where there is
    /// none.
    pub fn end_hold(
        &self,
        scope: &Scope,
        id: HoldId,
        state: HoldState,
        charge: Option<ChargeId>,
    ) -> Result<(), StoreError> {
        let sql = "UPDATE holds SET state = ?3, charge_id = ?4
                   WHERE state = 0 AND hold_id = ?2 AND organization_no = ?1";
        let ended = self.execute(
            sql,
            params![
                self.organization_no(scope)?,
                id.as_bytes(),
                state.number(),
                charge.as_ref().map(ChargeId::as_bytes),
            ],
        )?;
        match ended {
            0 => Err(StoreError::NotFound("hold")),
            _ => Ok(()),
        }
    }

    /// Ends every hold for a print job that is neither captured nor released, expired ones
    /// included: the job is charged.
    pub fn capture_holds_of_job(
        &self,
        scope: &Scope,
        job: &SourceKey,
        charge: ChargeId,
    ) -> Result<(), StoreError> {
        let Some(source_no) = self.source_no(scope, &job.source)? else {
            return Ok(());
        };
        let sql = "UPDATE holds SET state = 1, charge_id = ?3
                   WHERE organization_no = ?1 AND source_no = ?2 AND job_id = ?4 AND state = 0";
        let organization_no = self.organization_no(scope)?;
        let key = params![
            organization_no,
            source_no,
            charge.as_bytes(),
            JobId::of(job)
        ];
        self.execute(sql, key)?;
        Ok(())
    }

    /// Notes that holds which expired before `before` wait for no job any more, `most` at most,
    /// and says how many.
    pub fn expire_holds(
        &self,
        scope: &Scope,
        before: Timestamp,
        most: u32,
    ) -> Result<u64, StoreError> {
        let sql = "UPDATE holds SET state = 3 WHERE organization_no = ?1 AND hold_id IN (
                       SELECT hold_id FROM holds
                       WHERE organization_no = ?1 AND state = 0 AND expires_at < ?2
                       ORDER BY expires_at LIMIT ?3)";
        let over = params![self.organization_no(scope)?, before.as_millis(), most];
        self.execute(sql, over)
    }
}

fn from_row(row: &Row<'_>) -> Result<Hold, StoreError> {
    let charge: Option<[u8; 16]> = row.get(11)?;
    Ok(Hold {
        id: HoldId::from_bytes(row.get(0)?),
        account: AccountLabel {
            id: AccountId::from_bytes(row.get(1)?),
            code: row.get(2)?,
        },
        user: UserLabel {
            id: PrintUserId::from_bytes(row.get(3)?),
            name: row.get(4)?,
        },
        points: Points::from_millionths(row.get(5)?),
        job: job_key(row, 6)?,
        state: columns::numbered(row, 8, HoldState::from_number)?,
        created_at: columns::time(row, 9)?,
        expires_at: columns::time(row, 10)?,
        charge: charge.map(ChargeId::from_bytes),
    })
}
