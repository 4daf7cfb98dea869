//! Charges by programs, quotes before them, and refunds after them.

use platen_domain::account_access::Verbs;
use platen_domain::accounts::{AccountLabel, AccountRef};
use platen_domain::charges::{Charge, ChargeOrigin, ChargeProblems, ChargeState, Claim, refuses};
use platen_domain::clock::Timestamp;
use platen_domain::ids::ChargeId;
use platen_domain::ledger::{EntryKind, Reference};
use platen_domain::points::{PointRules, Points};
use platen_domain::print_jobs::{ColorMode, JobFunction, PrintRecord, Sides, SourceKey};
use platen_domain::print_users::UserRef;
use platen_domain::scope::Scope;
use platen_store::{ChargeQuery, Reader, Standing, StoreError};

use super::checks::{self, invalid, reason, within_limits};
use super::ledger::post;
use super::paging::{Cursor, Part, foreign_cursor, paged};
use super::print_users::resolved;
use super::standing::{available, day_of, known_user, look_at, problems_of, take_up};
use super::work::{Look, Work};
use super::{AccountsRefusal, Page, PageRequest, print_users};
use crate::App;
use crate::charging::Charging;
use crate::once::{Answered, Once};

/// Names the list that a cursor is good for.
const LIST: &str = "charges";

/// A job that is about to be printed, or was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobTicket {
    /// What makes it.
    pub function: JobFunction,
    /// Sides to be marked, all copies together.
    pub impressions: u32,
    /// Of them in colour, where that is known.
    pub color_impressions: Option<u32>,
    /// Colour as asked for.
    pub color_mode: Option<ColorMode>,
    /// Sheets, where they are known; else derived from sides, pages and copies.
    pub sheets: Option<u32>,
    /// Sides as asked for.
    pub sides: Option<Sides>,
    /// Media name (PWG 5101.1).
    pub media: Option<String>,
}

/// What is to be charged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Due {
    /// So many points, 0 or more.
    Points(Points),
    /// What the point rules say of a job.
    Job(JobTicket),
}

/// Who is to pay what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChargeRequest {
    /// On which account.
    pub account: AccountRef,
    /// Of which user; one that is named for the first time is made known.
    pub user: UserRef,
    /// What.
    pub due: Due,
    /// The print job it is for: when its record comes, it is not charged again.
    pub job: Option<SourceKey>,
    /// Why, for the ledger.
    pub reason: Option<String>,
}

/// What a charge would come to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quote {
    /// Whether it would be taken.
    pub allowed: bool,
    /// The account.
    pub account: AccountLabel,
    /// What the user may do with it.
    pub verbs: Verbs,
    /// What it takes, where the rules can say.
    pub points: Option<Points>,
    /// What the balance has now.
    pub balance: Points,
    /// Of it, held.
    pub held: Points,
    /// What can be charged; `None` is any number.
    pub available: Option<Points>,
    /// Why it is refused, or what it passes under a soft limit.
    pub problems: ChargeProblems,
}

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

impl App {
    /// Whether a user may charge an account with this, and what it takes. Changes nothing.
    pub async fn quote(
        &self,
        scope: &Scope,
        request: ChargeRequest,
    ) -> Result<Quote, AccountsRefusal> {
        let looked = self.view_accounts(scope, move |at| {
            check_job(at.reader, at.scope, request.job.as_ref())?;
            check_form(&request)?;
            let (standing, _) = look_at(at, &request.account, &request.user)?;
            let (rules, _) = at.reader.point_rules(at.scope)?;
            let claim = claim(&request.due, &rules, at.now)?;
            Ok(quote(at, &standing, &claim))
        });
        looked.await
    }

    /// Charges an account, or refuses to ([`AccountsRefusal::Charge`]).
    pub async fn charge(
        &self,
        scope: &Scope,
        request: ChargeRequest,
        once: Once<Charge>,
    ) -> Result<Answered, AccountsRefusal> {
        let done = self.manage_accounts_once(scope, once, move |at| {
            check_job(at.writer, at.scope, request.job.as_ref())?;
            let reason = optional_reason(request.reason.as_deref())?;
            let mark = Mark::of(at, request.job.as_ref())?;
            // What is held for the job is for this charge.
            if let Some(job) = &request.job {
                at.writer.capture_holds_of_job(at.scope, job, mark.charge)?;
            }
            let mut standing = take_up(at, &request.account, &request.user)?;
            let admitted = admit(at, &standing, &request.due, None)?;
            take(at, &mut standing, mark, admitted, request.job, &reason)
        });
        done.await
    }

    /// One charge.
    pub async fn charge_by_id(
        &self,
        scope: &Scope,
        id: ChargeId,
    ) -> Result<Charge, AccountsRefusal> {
        let looked = self.view_accounts(scope, move |at| found(at.reader, at.scope, id));
        looked.await
    }

    /// Charges, the newest first, a page at a time; those of print jobs included.
    pub async fn charges(
        &self,
        scope: &Scope,
        filter: ChargeFilter,
        page: PageRequest,
    ) -> Result<Page<Charge>, AccountsRefusal> {
        let looked = self.view_accounts(scope, move |at| {
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
        &self,
        scope: &Scope,
        id: ChargeId,
        points: Option<Points>,
        reason_given: String,
        expected: Option<u64>,
        once: Once<Charge>,
    ) -> Result<Answered, AccountsRefusal> {
        let done = self.manage_accounts_once(scope, once, move |at| {
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
    pub async fn retry_charge(
        &self,
        scope: &Scope,
        id: ChargeId,
        expected: Option<u64>,
        once: Once<Charge>,
    ) -> Result<Answered, AccountsRefusal> {
        let done = self.manage_accounts_once(scope, once, move |at| {
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

fn quote(at: &Look<'_>, standing: &Standing, claim: &Claim) -> Quote {
    use platen_domain::account_limits::AccountCalendar as _;
    let problems = problems_of(standing, claim, at.calendar.day_of(at.now), Points::ZERO);
    Quote {
        allowed: !refuses(problems, &standing.limit),
        account: standing.account_label(),
        verbs: standing.verbs,
        points: claim.points,
        balance: standing.balance.unwrap_or_default().points,
        held: standing.held,
        available: available(standing),
        problems,
    }
}

/// What is due, as a claim.
fn claim(due: &Due, rules: &PointRules, now: Timestamp) -> Result<Claim, AccountsRefusal> {
    match due {
        Due::Points(points) if *points < Points::ZERO => {
            Err(invalid("points", "a charge takes 0 or more"))
        }
        Due::Points(points) => Ok(Claim {
            points: Some(within_limits(*points)?),
            function: None,
            in_color: false,
        }),
        Due::Job(ticket) => {
            let record = ticket.record(now)?;
            Ok(Claim::of(&record, rules.points(&record)))
        }
    }
}

impl JobTicket {
    /// The record that a job with this ticket would have.
    fn record(&self, now: Timestamp) -> Result<PrintRecord, AccountsRefusal> {
        if self.color_impressions > Some(self.impressions) {
            let reason = "it is more than impressions";
            return Err(invalid("job.color_impressions", reason));
        }
        let mut record = PrintRecord::new(SourceKey::new("quote", "1"), now);
        record.function = self.function;
        record.color_mode = self.color_mode;
        record.sides = self.sides;
        record.media.clone_from(&self.media);
        record.counts.impressions = Some(self.impressions);
        record.counts.color_impressions = self.color_impressions;
        record.counts.sheets = self.sheets;
        record.derive_sheets();
        Ok(record)
    }
}

/// What a charge would be refused for, whatever is there.
fn check_form(request: &ChargeRequest) -> Result<(), AccountsRefusal> {
    check_job_name(request.job.as_ref())?;
    optional_reason(request.reason.as_deref())?;
    print_users::check_name(&request.user)
}

fn check_job_name(job: Option<&SourceKey>) -> Result<(), AccountsRefusal> {
    if job.is_none_or(SourceKey::is_well_formed) {
        return Ok(());
    }
    let reason = "source and id are needed, without control characters";
    Err(invalid("print_job", reason))
}

/// A job that a program charges for must not be charged already.
pub(super) fn check_job(
    reader: &Reader<'_>,
    scope: &Scope,
    job: Option<&SourceKey>,
) -> Result<(), AccountsRefusal> {
    check_job_name(job)?;
    let Some(job) = job else { return Ok(()) };
    let known = reader.charge_of_job(scope, job)?;
    if known.is_some_and(|known| known.state != ChargeState::Uncharged) {
        return Err(AccountsRefusal::State("this print job is charged already"));
    }
    Ok(())
}

pub(super) fn optional_reason(text: Option<&str>) -> Result<String, AccountsRefusal> {
    text.map_or_else(|| Ok(String::new()), reason)
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
