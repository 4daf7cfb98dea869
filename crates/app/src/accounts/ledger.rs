//! The ledger, and what people and programs write into it.

use std::ops::Range;

use platen_domain::accounts::AccountRef;
use platen_domain::balances::Movement;
use platen_domain::charges::{ChargeProblem, ChargeProblems};
use platen_domain::clock::Timestamp;
use platen_domain::ids::{AccountId, TransferId};
use platen_domain::ledger::{ClosedPeriod, EntryKind, LedgerEntry, Reference};
use platen_domain::points::Points;
use platen_domain::print_users::UserRef;
use platen_domain::scope::Scope;
use platen_store::{EntryNote, LedgerQuery, Standing, StoreError};

use super::Accounts;
use super::checks::{invalid, reason, within_limits};
use super::paging::{Cursor, Part, foreign_cursor, paged};
use super::print_users::resolved;
use super::standings::take_up;
use super::work::Work;
use super::{AccountsRefusal, Page, PageRequest};
use crate::operation::idempotency::{Answered, Once};

/// Names the list that a cursor is good for.
const LIST: &str = "ledger";

/// Closed periods that are shown at most: forty years of months.
const PERIODS_MAX: u32 = 500;

/// Which entries are listed, the newest first. What is `None` does not matter.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LedgerFilter {
    /// Of this account.
    pub account: Option<AccountRef>,
    /// Of this user.
    pub user: Option<UserRef>,
    /// Of this kind.
    pub kind: Option<EntryKind>,
    /// Made in this time.
    pub made: Option<Range<Timestamp>>,
}

/// Points given to a balance or taken from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Adjustment {
    /// In which account.
    pub account: AccountRef,
    /// Of which user; one that is named for the first time is made known.
    pub user: UserRef,
    /// How many, not 0; negative takes.
    pub points: Points,
    /// Whether to refuse what would leave less than nothing available.
    pub if_available: bool,
    /// Why.
    pub reason: String,
}

/// Points moved from one balance to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transfer {
    /// From which account and user.
    pub from: (AccountRef, UserRef),
    /// To which account and user.
    pub to: (AccountRef, UserRef),
    /// How many, more than 0; refused where the balance does not suffice.
    pub points: Points,
    /// Why.
    pub reason: String,
}

/// A transfer that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transferred {
    /// Its identifier.
    pub id: TransferId,
    /// The entry that took the points.
    pub out: LedgerEntry,
    /// The entry that gave them.
    pub into: LedgerEntry,
}

/// A period begun early for one user of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reset {
    /// In which account.
    pub account: AccountRef,
    /// Of which user.
    pub user: UserRef,
    /// Why.
    pub reason: String,
}

impl Accounts<'_> {
    /// Entries of the ledger, the newest first, a page at a time.
    pub async fn ledger(
        self,
        scope: &Scope,
        filter: LedgerFilter,
        page: PageRequest,
    ) -> Result<Page<LedgerEntry>, AccountsRefusal> {
        let looked = self.view(scope, move |at| {
            let mut query = LedgerQuery {
                account: filter.account,
                user: filter.user.map(|user| resolved(at, user)).transpose()?,
                kind: filter.kind,
                made: filter.made,
                before: None,
            };
            let read = |after: Option<Cursor>, most| {
                query.before = after.map(|cursor| before(&cursor)).transpose()?;
                let entries = at.reader.ledger(at.scope, &query, most)?;
                entries.ok_or(AccountsRefusal::NotFound("account or user"))
            };
            paged(LIST, &page, read, cursor)
        });
        looked.await
    }

    /// Gives points to a balance, or takes some.
    pub async fn adjust(
        self,
        scope: &Scope,
        adjustment: Adjustment,
        once: Once<LedgerEntry>,
    ) -> Result<Answered, AccountsRefusal> {
        let done = self.manage_once(scope, once, move |at| {
            let Adjustment { account, user, .. } = &adjustment;
            let points = within_limits(adjustment.points)?;
            if points == Points::ZERO {
                return Err(invalid("points", "an adjustment moves some, not 0"));
            }
            let reason = reason(&adjustment.reason)?;
            let mut standing = take_up(at, account, user)?;
            if adjustment.if_available && points < Points::ZERO {
                suffices(&standing, points.negated())?;
            }
            post(
                at,
                &mut standing,
                EntryKind::Adjustment,
                points,
                &reason,
                None,
            )
        });
        done.await
    }

    /// Moves points from one balance to another.
    pub async fn transfer(
        self,
        scope: &Scope,
        transfer: Transfer,
        once: Once<Transferred>,
    ) -> Result<Answered, AccountsRefusal> {
        let done = self.manage_once(scope, once, move |at| {
            let points = within_limits(transfer.points)?;
            if points <= Points::ZERO {
                return Err(invalid("points", "a transfer moves more than 0"));
            }
            let reason = reason(&transfer.reason)?;
            let (account, user) = &transfer.from;
            let mut from = take_up(at, account, user)?;
            suffices(&from, points)?;
            let (account, user) = &transfer.to;
            let mut into = take_up(at, account, user)?;
            if from.account.id == into.account.id && from.user_label() == into.user_label() {
                return Err(invalid("to", "it is the balance that the points come from"));
            }
            let id = TransferId::new(at.now, at.ids);
            let reference = Some(Reference::Transfer(id));
            let kind = EntryKind::Transfer;
            let taken = points.negated();
            Ok(Transferred {
                id,
                out: post(at, &mut from, kind, taken, &reason, reference)?,
                into: post(at, &mut into, kind, points, &reason, reference)?,
            })
        });
        done.await
    }

    /// Sets a balance to what its account allocates, whatever it was.
    pub async fn reset_balance(
        self,
        scope: &Scope,
        reset: Reset,
        once: Once<LedgerEntry>,
    ) -> Result<Answered, AccountsRefusal> {
        let done = self.manage_once(scope, once, move |at| {
            let reason = reason(&reset.reason)?;
            let mut standing = take_up(at, &reset.account, &reset.user)?;
            let balance = standing.balance.unwrap_or_default();
            let (after, moved) = balance.reset(&standing.limit);
            let entry = post(at, &mut standing, moved.kind, moved.points, &reason, None)?;
            at.writer.set_allocation(&mut standing, &after)?;
            Ok(entry)
        });
        done.await
    }

    /// The closed periods of an account, the newest first, 500 at most.
    pub async fn periods(
        self,
        scope: &Scope,
        id: AccountId,
    ) -> Result<Vec<ClosedPeriod>, AccountsRefusal> {
        let looked = self.view(scope, move |at| {
            let known = at.reader.account(at.scope, &AccountRef::Id(id))?;
            known.ok_or(AccountsRefusal::NotFound("account"))?;
            Ok(at.reader.account_periods(at.scope, id, PERIODS_MAX)?)
        });
        looked.await
    }
}

/// Moves points for a reason.
pub(super) fn post(
    at: &Work<'_>,
    standing: &mut Standing,
    kind: EntryKind,
    points: Points,
    reason: &str,
    reference: Option<Reference>,
) -> Result<LedgerEntry, AccountsRefusal> {
    let note = EntryNote {
        at: at.now,
        actor: &at.actor,
        reason: Some(reason).filter(|reason| !reason.is_empty()),
        reference,
    };
    let movement = Movement { kind, points };
    let moved = at.writer.move_points(standing, movement, &note);
    moved.map_err(|error| match error {
        StoreError::Full(_) => AccountsRefusal::State("the balance has as many points as it can"),
        other => other.into(),
    })
}

/// Whether the balance itself has so many that nobody holds, whatever may be overdrawn: points
/// that are moved must be there.
fn suffices(standing: &Standing, points: Points) -> Result<(), AccountsRefusal> {
    let balance = standing.balance.unwrap_or_default().points;
    let free = balance.minus(standing.held);
    if points <= free {
        return Ok(());
    }
    Err(AccountsRefusal::Charge {
        problems: ChargeProblems::NONE.with(ChargeProblem::NotEnoughPoints),
        points: Some(points),
        available: Some(free),
    })
}

fn before(cursor: &Cursor) -> Result<u64, AccountsRefusal> {
    match cursor.0[..] {
        [Part::Number(number)] => u64::try_from(number).map_err(|_negative| foreign_cursor()),
        _ => Err(foreign_cursor()),
    }
}

fn cursor(entry: &LedgerEntry) -> Cursor {
    let number = i64::try_from(entry.number).unwrap_or(i64::MAX);
    Cursor(vec![Part::Number(number)])
}
