//! Quotes: what a charge would come to, by the point rules and without making it.

use platen_domain::account_access::Verbs;
use platen_domain::account_limits::AccountCalendar as _;
use platen_domain::accounts::AccountLabel;
use platen_domain::charges::{ChargeProblems, Claim, refuses};
use platen_domain::points::Points;
use platen_domain::scope::Scope;
use platen_store::Standing;

use super::Charges;
use super::claims::{ChargeRequest, check_job, check_job_name, claim, optional_reason};
use super::standings::{available, look_at, problems_of};
use super::work::Look;
use super::{AccountsRefusal, print_users};

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

impl Charges<'_> {
    /// Whether a user may charge an account with this, and what it takes. Changes nothing.
    pub async fn quote(
        self,
        scope: &Scope,
        request: ChargeRequest,
    ) -> Result<Quote, AccountsRefusal> {
        let looked = self.app.accounts().view(scope, move |at| {
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
