//! Charges by programs, and refunds after them.

use platen_domain::accounts::AccountRef;
use platen_domain::charges::{Charge, ChargeOrigin, ChargeProblems, ChargeState, Claim, refuses};
use platen_domain::ids::ChargeId;
use platen_domain::ledger::{EntryKind, Reference};
use platen_domain::points::Points;
use platen_domain::print_jobs::SourceKey;
use platen_domain::print_users::UserRef;
use platen_domain::scope::Scope;
use platen_store::{ChargeQuery, Reader, Standing, StoreError};

use super::Charges;
use super::charging::Charging;
use super::checks::{self, invalid, reason};
use super::claims::{ChargeRequest, Due, check_job, claim, optional_reason};
use super::ledger::post;
use super::paging::{Cursor, Part, foreign_cursor, paged};
use super::print_users::resolved;
use super::standings::{available, day_of, known_user, problems_of, take_up};
use super::work::Work;
use super::{AccountsRefusal, Page, PageRequest};
use crate::operation::idempotency::{Answered, Once};

/// Names the list that a cursor is good for.
const LIST: &str = "charges";

/// Which charges are listed, the newest first. What is `None` does not matter.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ChargeFilter {
    /// Of this account.
    pub account: Option<AccountRef>,
    /// Of this user.
    pub user: Option<UserRef>,
    /// That stand so.
    pub state: Option<ChargeState>,
}

impl Charges<'_> {
    /// Charges an account, or refuses to ([`AccountsRefusal::Charge`]).
    pub async fn charge(
        self,
        scope: &Scope,
        request: ChargeRequest,
        once: Once<Charge>,
    ) -> Result<Answered, AccountsRefusal> {
        let done = self.app.accounts().manage_once(scope, once, move |at| {
            check_job(at.writer, at.scope, request.job.as_ref())?;
            let reason = optional_reason(request.reason.as_deref())?;
            let mark = Mark::of(at, request.job.as_ref())?;
            // What is held for the job is for this charge.
            if let Some(job) = &request.job {
                at.writer.capture_holds_of_job(at.scope, job, mark.charge)?;
            }
            let mut standing = take_up(at, &request.account, &request.user)?;
            let admitted = admit(at, &standing, &request.due, None)?;
            take(
                at,
                &mut standing,
                mark,
                admitted,
                request.job.clone(),
                &reason,
            )
        });
        done.await
    }

    /// One charge.
    pub async fn get(self, scope: &Scope, id: ChargeId) -> Result<Charge, AccountsRefusal> {
        let looked = self
            .app
            .accounts()
            .view(scope, move |at| found(at.reader, at.scope, id));
        looked.await
    }

    /// Charges, the newest first, a page at a time; those of print jobs included.
    pub async fn list(
        self,
        scope: &Scope,
        filter: ChargeFilter,
        page: PageRequest,
    ) -> Result<Page<Charge>, AccountsRefusal> {
        let looked = self.app.accounts().view(scope, move |at| {
            let mut query = ChargeQuery {
                account: filter.account,
                user: filter.user.map(|user| resolved(at, user)).transpose()?,
                state: filter.state,
                before: None,
            };
            let read = |after: Option<Cursor>, most| {
                query.before = after.map(|cursor| before(&cursor)).transpose()?;
                let charges = at.reader.charges(at.scope, &query, most)?;
                charges.ok_or(AccountsRefusal::NotFound("account or user"))
            };
            let cursor = |charge: &Charge| Cursor(vec![Part::Text(charge.id.to_string())]);
            paged(LIST, &page, read, cursor)
        });
        looked.await
    }

    /// Gives a charge back, as a whole or `points` of it, where its revision is still `expected`.
    pub async fn refund(
        self,
        scope: &Scope,
        id: ChargeId,
        points: Option<Points>,
        reason_given: String,
        expected: Option<u64>,
        once: Once<Charge>,
    ) -> Result<Answered, AccountsRefusal> {
        let done = self.app.accounts().manage_once(scope, once, move |at| {
            let reason = reason(&reason_given)?;
            let mut charge = found(at.writer, at.scope, id)?;
            checks::revision(expected, charge.revision.into())?;
            let points = refundable(&charge, points)?;
            let mut standing = standing_of(at, &charge)?;
            let reference = Some(Reference::Charge(id));
            post(
                at,
                &mut standing,
                EntryKind::Refund,
                points,
                &reason,
                reference,
            )?;
            charge.refunded = charge.refunded.plus(points);
            if charge.net() == Points::ZERO {
                charge.state = ChargeState::Refunded;
            }
            renew(at, &mut charge)?;
            Ok(charge)
        });
        done.await
    }

    /// Charges a print job again that could not be charged: its account exists by now, or its
    /// user may use it, and its revision is still `expected`; else it is refused as before
    /// ([`AccountsRefusal::Charge`]). A job that is charged stays as it is
    /// ([`AccountsRefusal::State`]).
    pub async fn retry(
        self,
        scope: &Scope,
        id: ChargeId,
        expected: Option<u64>,
        once: Once<Charge>,
    ) -> Result<Answered, AccountsRefusal> {
        let done = self.app.accounts().manage_once(scope, once, move |at| {
            let charge = found(at.writer, at.scope, id)?;
            checks::revision(expected, charge.revision.into())?;
            if charge.state != ChargeState::Uncharged {
                return Err(AccountsRefusal::State("the job is charged already"));
            }
            let job = charge.job.as_ref();
            let job = job.ok_or(AccountsRefusal::State("no print job is behind this charge"))?;
            let record = at.writer.print_record(at.scope, job)?;
            let record = record.ok_or(AccountsRefusal::State("its print job is not kept"))?;
            Charging::begin(at)?.charge_job(at, &record)?;
            let charge = found(at.writer, at.scope, id)?;
            if charge.state == ChargeState::Uncharged {
                return Err(AccountsRefusal::Charge {
                    problems: charge.problems,
                    points: None,
                    available: None,
                });
            }
            Ok(charge)
        });
        done.await
    }
}

/// What a program may charge, with its claim looked at.
#[derive(Debug, Clone, Copy)]
pub(super) struct Admitted {
    points: Points,
    problems: ChargeProblems,
}

/// Lets a program charge what is due, or refuses. Of `reserved` points it was decided before.
pub(super) fn admit(
    at: &Work<'_>,
    standing: &Standing,
    due: &Due,
    reserved: Option<Points>,
) -> Result<Admitted, AccountsRefusal> {
    let (rules, _) = at.writer.point_rules(at.scope)?;
    let claim = claim(due, &rules, at.now)?;
    if let Some(points) = claim.points
        && reserved.is_some_and(|reserved| points <= reserved)
    {
        let problems = ChargeProblems::NONE;
        return Ok(Admitted { points, problems });
    }
    let problems = problems_of(standing, &claim, day_of(at, at.now), Points::ZERO);
    let Some(points) = claim.points.filter(|_| !refuses(problems, &standing.limit)) else {
        return Err(refused(standing, &claim, problems));
    };
    Ok(Admitted { points, problems })
}

impl Admitted {
    /// How many points.
    pub(super) const fn points(self) -> Points {
        self.points
    }
}

/// Takes what was admitted, for a program.
pub(super) fn take(
    at: &Work<'_>,
    standing: &mut Standing,
    mark: Mark,
    admitted: Admitted,
    job: Option<SourceKey>,
    reason: &str,
) -> Result<Charge, AccountsRefusal> {
    let charge = Charge {
        id: mark.charge,
        origin: ChargeOrigin::Program,
        job,
        account_named: None,
        account: Some(standing.account_label()),
        user: Some(known_user(standing)?),
        claimed: admitted.points,
        refunded: Points::ZERO,
        state: ChargeState::Charged,
        problems: admitted.problems,
        at: at.now,
        updated_at: at.now,
        revision: mark.revision,
    };
    at.writer.put_charge(at.scope, &charge)?;
    if admitted.points != Points::ZERO {
        let reference = Some(Reference::Charge(charge.id));
        let taken = admitted.points.negated();
        post(at, standing, EntryKind::Charge, taken, reason, reference)?;
    }
    Ok(charge)
}

/// What a charge to be made is called: as the mark of a job that could not be charged before,
/// where it has one.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mark {
    pub(super) charge: ChargeId,
    revision: u32,
}

impl Mark {
    pub(super) fn of(at: &Work<'_>, job: Option<&SourceKey>) -> Result<Self, AccountsRefusal> {
        let known = match job {
            Some(job) => at.writer.charge_of_job(at.scope, job)?,
            None => None,
        };
        let fresh = || Self {
            charge: ChargeId::new(at.now, at.ids),
            revision: 0,
        };
        Ok(known.map_or_else(fresh, |known| Self {
            charge: known.id,
            revision: known.revision.saturating_add(1),
        }))
    }
}

fn refused(standing: &Standing, claim: &Claim, problems: ChargeProblems) -> AccountsRefusal {
    AccountsRefusal::Charge {
        problems,
        points: claim.points,
        available: available(standing),
    }
}

pub(super) fn found(
    reader: &Reader<'_>,
    scope: &Scope,
    id: ChargeId,
) -> Result<Charge, AccountsRefusal> {
    let charge = reader.charge(scope, id)?;
    charge.ok_or(AccountsRefusal::NotFound("charge"))
}

fn standing_of(at: &Work<'_>, charge: &Charge) -> Result<Standing, AccountsRefusal> {
    let places = charge.account.as_ref().zip(charge.user.as_ref());
    let (account, user) = places.ok_or(AccountsRefusal::State("nothing was charged"))?;
    take_up(at, &AccountRef::Id(account.id), &UserRef::Id(user.id))
}

fn refundable(charge: &Charge, points: Option<Points>) -> Result<Points, AccountsRefusal> {
    let left = charge.net();
    let points = points.unwrap_or(left);
    if left == Points::ZERO || charge.state == ChargeState::Uncharged {
        return Err(AccountsRefusal::State("there is nothing left to give back"));
    }
    if points <= Points::ZERO || points > left {
        let reason =
            format!("more than 0 and at most {left}, which is what the charge still takes");
        return Err(invalid("points", reason));
    }
    Ok(points)
}

fn renew(at: &Work<'_>, charge: &mut Charge) -> Result<(), StoreError> {
    charge.revision += 1;
    charge.updated_at = at.now;
    at.writer.put_charge(at.scope, charge)
}

fn before(cursor: &Cursor) -> Result<ChargeId, AccountsRefusal> {
    match cursor.0.as_slice() {
        [Part::Text(id)] => id.parse().map_err(|_other| foreign_cursor()),
        _ => Err(foreign_cursor()),
    }
}
