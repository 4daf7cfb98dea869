//! Holds: points reserved before a job is printed.

use std::time::Duration;

use platen_domain::accounts::AccountRef;
use platen_domain::charges::Charge;
use platen_domain::holds::{ACTIVE_HOLDS_MAX, HOLD_MAX, Hold, HoldState};
use platen_domain::ids::HoldId;
use platen_domain::print_jobs::SourceKey;
use platen_domain::print_users::UserRef;
use platen_domain::scope::Scope;
use platen_store::HoldQuery;

use super::Charges;
use super::charges::{Mark, admit, take};
use super::checks::invalid;
use super::claims::check_job;
use super::paging::{Cursor, Part, foreign_cursor, paged};
use super::print_users::resolved;
use super::standings::{known_user, take_up};
use super::work::Work;
use super::{AccountsRefusal, ChargeRequest, Due, Page, PageRequest};
use crate::operation::idempotency::{Answered, Once};

/// Names the list that a cursor is good for.
const LIST: &str = "holds";

/// Which holds are listed, the newest first. What is `None` does not matter.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct HoldFilter {
    /// In this account.
    pub account: Option<AccountRef>,
    /// For this user.
    pub user: Option<UserRef>,
    /// That stand so now.
    pub state: Option<HoldState>,
}

impl Charges<'_> {
    /// Reserves what a charge would take, for `time` (at most [`HOLD_MAX`]), or refuses to.
    pub async fn hold(
        self,
        scope: &Scope,
        request: ChargeRequest,
        time: Duration,
        once: Once<Hold>,
    ) -> Result<Answered, AccountsRefusal> {
        let done = self.app.accounts().manage_once(scope, once, move |at| {
            if time.is_zero() || time > HOLD_MAX {
                return Err(invalid("expires_in", "expected 1 to 86400 seconds"));
            }
            check_job(at.writer, at.scope, request.job.as_ref())?;
            check_unheld(at, request.job.as_ref())?;
            let standing = take_up(at, &request.account, &request.user)?;
            if at.writer.count_active_holds(&standing, at.now)? >= ACTIVE_HOLDS_MAX {
                return Err(AccountsRefusal::TooMany("holds of this balance"));
            }
            let points = admit(at, &standing, &request.due, None)?.points();
            let hold = Hold {
                id: HoldId::new(at.now, at.ids),
                account: standing.account_label(),
                user: known_user(&standing)?,
                points,
                job: request.job.clone(),
                state: HoldState::Active,
                created_at: at.now,
                expires_at: at.now.plus(time),
                charge: None,
            };
            at.writer.insert_hold(&standing, &hold)?;
            Ok(hold)
        });
        done.await
    }

    /// One hold, as it stands now.
    pub async fn hold_by_id(self, scope: &Scope, id: HoldId) -> Result<Hold, AccountsRefusal> {
        let looked = self.app.accounts().view(scope, move |at| {
            let hold = at.reader.hold(at.scope, id)?;
            let mut hold = hold.ok_or(AccountsRefusal::NotFound("hold"))?;
            hold.state = hold.state_at(at.now);
            Ok(hold)
        });
        looked.await
    }

    /// Holds as they stand now, the newest first, a page at a time.
    pub async fn holds(
        self,
        scope: &Scope,
        filter: HoldFilter,
        page: PageRequest,
    ) -> Result<Page<Hold>, AccountsRefusal> {
        let looked = self.app.accounts().view(scope, move |at| {
            let mut query = HoldQuery {
                account: filter.account,
                user: filter.user.map(|user| resolved(at, user)).transpose()?,
                state: filter.state,
                before: None,
            };
            let read = |after: Option<Cursor>, most| {
                query.before = after.map(|cursor| before(&cursor)).transpose()?;
                let holds = at.reader.holds(at.scope, &query, most, at.now)?;
                holds.ok_or(AccountsRefusal::NotFound("account or user"))
            };
            let cursor = |hold: &Hold| Cursor(vec![Part::Text(hold.id.to_string())]);
            let page = paged(LIST, &page, read, cursor)?;
            page.try_map(|mut hold| {
                hold.state = hold.state_at(at.now);
                Ok(hold)
            })
        });
        looked.await
    }

    /// Charges what is held, or `due` where it turned out otherwise. Captured twice, it is
    /// refused; so is one that was released. One that expired is charged if the balance allows.
    pub async fn capture(
        self,
        scope: &Scope,
        id: HoldId,
        due: Option<Due>,
        once: Once<Charge>,
    ) -> Result<Answered, AccountsRefusal> {
        let done = self.app.accounts().manage_once(scope, once, move |at| {
            let hold = hold_of(at, id)?;
            if hold.state != HoldState::Active {
                return Err(AccountsRefusal::State(
                    "the hold is captured or released already",
                ));
            }
            check_job(at.writer, at.scope, hold.job.as_ref())?;
            let mark = Mark::of(at, hold.job.as_ref())?;
            // Its own points are free again before the charge is looked at.
            let captured = HoldState::Captured;
            at.writer
                .end_hold(at.scope, id, captured, Some(mark.charge))?;
            if let Some(job) = &hold.job {
                at.writer.capture_holds_of_job(at.scope, job, mark.charge)?;
            }
            let (account, user) = (hold.account.id.into(), UserRef::Id(hold.user.id));
            let mut standing = take_up(at, &account, &user)?;
            let due = due.clone().unwrap_or(Due::Points(hold.points));
            let is_active = hold.state_at(at.now) == HoldState::Active;
            let reserved = is_active.then_some(hold.points);
            let admitted = admit(at, &standing, &due, reserved)?;
            take(at, &mut standing, mark, admitted, hold.job, "")
        });
        done.await
    }

    /// Frees what is held. Releasing what is released or expired does nothing.
    pub async fn release(
        self,
        scope: &Scope,
        id: HoldId,
        once: Once<Hold>,
    ) -> Result<Answered, AccountsRefusal> {
        let done = self.app.accounts().manage_once(scope, once, move |at| {
            let mut hold = hold_of(at, id)?;
            match hold.state {
                HoldState::Captured => {
                    return Err(AccountsRefusal::State("the hold is captured already"));
                }
                HoldState::Active => {
                    hold.state = HoldState::Released;
                    at.writer.end_hold(at.scope, id, hold.state, None)?;
                }
                HoldState::Released | HoldState::Expired => {}
            }
            Ok(hold)
        });
        done.await
    }
}

/// A job has one hold at a time: a second one would keep points from who holds them.
fn check_unheld(at: &Work<'_>, job: Option<&SourceKey>) -> Result<(), AccountsRefusal> {
    let Some(job) = job else { return Ok(()) };
    let held = at.writer.hold_of_job(at.scope, job)?;
    if held.is_some_and(|held| held.state_at(at.now) == HoldState::Active) {
        return Err(AccountsRefusal::State(
            "points are held for this print job already",
        ));
    }
    Ok(())
}

fn hold_of(at: &Work<'_>, id: HoldId) -> Result<Hold, AccountsRefusal> {
    let hold = at.writer.hold(at.scope, id)?;
    hold.ok_or(AccountsRefusal::NotFound("hold"))
}

fn before(cursor: &Cursor) -> Result<HoldId, AccountsRefusal> {
    match cursor.0.as_slice() {
        [Part::Text(id)] => id.parse().map_err(|_other| foreign_cursor()),
        _ => Err(foreign_cursor()),
    }
}
