//! Quotes: what a charge would come to, by the point rules and without making it.

use platen_domain::account_access::Verbs;
use platen_domain::account_limits::AccountCalendar as _;
use platen_domain::accounts::AccountLabel;
use platen_domain::charges::{ChargeProblems, Claim, refuses};
use platen_domain::clock::Timestamp;
use platen_domain::points::{PointRules, Points};
use platen_domain::print_jobs::{ColorMode, JobFunction, PrintRecord, Sides, SourceKey};
use platen_domain::scope::Scope;
use platen_store::Standing;

use super::charges::{ChargeRequest, check_job, check_job_name, optional_reason};
use super::checks::{invalid, within_limits};
use super::standings::{available, look_at, problems_of};
use super::work::Look;
use super::{AccountsRefusal, print_users};
use crate::App;

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
}

fn quote(at: &Look<'_>, standing: &Standing, claim: &Claim) -> Quote {
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

/// What a charge would be refused for, whatever is there.
fn check_form(request: &ChargeRequest) -> Result<(), AccountsRefusal> {
    check_job_name(request.job.as_ref())?;
    optional_reason(request.reason.as_deref())?;
    print_users::check_name(&request.user)
}

/// What is due, as a claim.
pub(super) fn claim(
    due: &Due,
    rules: &PointRules,
    now: Timestamp,
) -> Result<Claim, AccountsRefusal> {
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
