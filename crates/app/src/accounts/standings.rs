//! A user's standing with an account, settled into the current period.

use platen_domain::account_limits::{AccountCalendar as _, PeriodSpan};
use platen_domain::accounts::AccountRef;
use platen_domain::balances::{Balance, BalanceView};
use platen_domain::charges::{ChargeProblem, ChargeProblems, Circumstances, Claim, problems};
use platen_domain::clock::Timestamp;
use platen_domain::days::Day;
use platen_domain::points::Points;
use platen_domain::print_users::{PrintUserState, UserLabel, UserRef};
use platen_store::{EntryNote, Standing, StoreError};

use super::work::{Look, Work};
use super::{AccountsRefusal, print_users};

/// The standing as it is in the current period, whether or not that is on disk; with the period.
pub(super) fn look_at(
    at: &Look<'_>,
    account: &AccountRef,
    user: &UserRef,
) -> Result<(Standing, PeriodSpan), AccountsRefusal> {
    let user = print_users::resolved(at, user.clone())?;
    let standing = at.reader.standing(at.scope, account, &user, at.now)??;
    if standing.is_stranger() {
        // Nothing is allocated to who cannot be charged.
        let span = at.calendar.span(&standing.limit.period, at.now);
        return Ok((standing, span));
    }
    Ok(settled_in_mind(at, standing))
}

/// The same for a standing that is at hand.
pub(super) fn settled_in_mind(at: &Look<'_>, mut standing: Standing) -> (Standing, PeriodSpan) {
    let span = at.calendar.span(&standing.limit.period, at.now);
    let settled = Balance::settled(standing.balance, &standing.limit, span.from, at.now);
    if let Some((balance, _)) = settled {
        standing.balance = Some(balance);
    }
    (standing, span)
}

/// The standing of a user, who is remembered where nobody was met by that name, settled on disk.
/// Where only known users are charged, a name that nobody made known is refused.
pub(super) fn take_up(
    at: &Work<'_>,
    account: &AccountRef,
    user: &UserRef,
) -> Result<Standing, AccountsRefusal> {
    let known = print_users::known(at.writer, at.scope, user)?;
    if known.is_none() && at.writer.known_users_only(at.scope)? {
        return Err(AccountsRefusal::Charge {
            problems: ChargeProblems::NONE.with(ChargeProblem::UnknownUser),
            points: None,
            available: None,
        });
    }
    let id = known.map_or_else(|| print_users::meet(at, user), Ok)?.id;
    let mut standing = at
        .writer
        .standing(at.scope, account, &UserRef::Id(id), at.now)??;
    settle(at, &mut standing)?;
    Ok(standing)
}

/// Brings the balance into the current period, on disk.
pub(crate) fn settle(at: &Work<'_>, standing: &mut Standing) -> Result<(), StoreError> {
    let span = at.calendar.span(&standing.limit.period, at.now);
    let settled = Balance::settled(standing.balance, &standing.limit, span.from, at.now);
    let Some((balance, movements)) = settled else {
        return Ok(());
    };
    // Who is charged for something does not also allocate: the entries are the account's own.
    let note = EntryNote {
        at: at.now,
        actor: "limit",
        reason: None,
        reference: None,
    };
    for movement in movements {
        at.writer.move_points(standing, movement, &note)?;
    }
    at.writer.set_allocation(standing, &balance)
}

/// Every problem that a claim of `day` meets, with `more` points than the balance has.
pub(crate) fn problems_of(
    standing: &Standing,
    claim: &Claim,
    day: Option<Day>,
    more: Points,
) -> ChargeProblems {
    let available = available(standing).map(|points| points.plus(more));
    let user = standing.user.as_ref();
    let circumstances = Circumstances {
        account: &standing.account.details,
        limit: &standing.limit,
        day: day.unwrap_or(Day::FIRST),
        user: user.map_or(PrintUserState::Active, |user| user.details.state),
        is_stranger: standing.is_stranger(),
        verbs: standing.verbs,
        available,
    };
    problems(claim, &circumstances)
}

/// What can be charged or held now; `None` is any number.
pub(super) fn available(standing: &Standing) -> Option<Points> {
    let balance = standing.balance.unwrap_or_default();
    balance.available(&standing.limit, standing.held)
}

/// The day of `at` where the organization is.
pub(crate) fn day_of(work: &Work<'_>, at: Timestamp) -> Option<Day> {
    work.calendar.day_of(at)
}

/// The user of a standing in which the user is known.
pub(super) fn known_user(standing: &Standing) -> Result<UserLabel, AccountsRefusal> {
    let user = standing.user_label();
    user.ok_or(AccountsRefusal::NotFound("user"))
}

/// A standing as it is shown. A user whom nobody has met has no balance to show.
pub(super) fn view(
    standing: &Standing,
    period: PeriodSpan,
) -> Result<BalanceView, AccountsRefusal> {
    Ok(BalanceView {
        account: standing.account_label(),
        user: known_user(standing)?,
        balance: standing.balance.unwrap_or_default(),
        held: standing.held,
        available: available(standing),
        period,
    })
}
