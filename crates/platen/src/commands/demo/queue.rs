//! The demo's print queue: before it prints a job that names an account, it asks. Whoever may not
//! print on the account prints the same without one, so that printers count what the traffic says
//! whatever became of accounts.

use platen_app::accounts::{AccountsRefusal, ChargeRequest, Due, JobTicket};
use platen_app::operation::idempotency::{Answered, Once};
use platen_app::{App, AppError};
use platen_domain::accounts::AccountRef;
use platen_domain::holds::HOLD_DEFAULT;
use platen_domain::print_jobs::{JobState, PrintRecord};
use platen_domain::print_users::UserRef;
use platen_domain::scope::Scope;

use super::accounts;

/// What becomes of a job: it is printed, and points wait for its record, which captures them; or
/// it is denied, and printed without its account.
pub(super) async fn release(
    app: &App,
    scope: &Scope,
    job: PrintRecord,
) -> Result<Vec<PrintRecord>, AppError> {
    let Some(request) = request(&job) else {
        return Ok(vec![job]);
    };
    let once = Once::new(None, |_hold| nobody_reads());
    match app.charges().hold(scope, request, HOLD_DEFAULT, once).await {
        Ok(_held) => Ok(vec![job]),
        Err(AccountsRefusal::Unavailable(error)) => Err(error),
        // Whatever else keeps the points from being held keeps the job from being printed on the
        // account.
        Err(_refused) => Ok(denied(job).into()),
    }
}

/// Who is to pay what for the job, where it names an account.
fn request(job: &PrintRecord) -> Option<ChargeRequest> {
    let (account, user) = (job.account.as_ref()?, job.user.as_ref()?);
    let ticket = JobTicket {
        function: job.function,
        // What was asked for: a job that is canceled later has marked less.
        impressions: job.counts.pages?.saturating_mul(job.counts.copies?),
        color_impressions: None,
        color_mode: job.color_mode,
        sheets: None,
        sides: job.sides,
        media: job.media.clone(),
    };
    Some(ChargeRequest {
        account: AccountRef::Code(accounts::code(account).to_owned()),
        user: UserRef::Name(user.clone()),
        due: Due::Job(ticket),
        job: Some(job.key.clone()),
        reason: None,
    })
}

/// What ends the id of a job that was denied; the job that was printed in its place keeps the id,
/// so that traffic that is taken in again finds it.
const DENIED: &str = "-denied";

/// The job as its queue tells of it when it was not allowed to print, and the same job as it was
/// printed afterwards.
fn denied(job: PrintRecord) -> [PrintRecord; 2] {
    let mut denied = job.clone();
    denied.key.id.push_str(DENIED);
    denied.state = JobState::Denied;
    denied.counts.impressions = Some(0);
    denied.counts.sheets = Some(0);
    let printed = PrintRecord {
        account: None,
        ..job
    };
    [denied, printed]
}

/// The queue is on this side of HTTP: nothing is written for it.
const fn nobody_reads() -> Answered {
    Answered {
        id: None,
        revision: None,
        document: Vec::new(),
        is_refused: false,
        replayed: false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use platen_domain::clock::Timestamp;
    use platen_domain::print_jobs::SourceKey;

    fn job(account: Option<&str>) -> PrintRecord {
        let key = SourceKey::new("cups|demo", "urn:uuid:1");
        let mut job = PrintRecord::new(key, Timestamp::from_millis(0));
        job.user = Some("ada".to_owned());
        job.account = account.map(str::to_owned);
        job.counts.pages = Some(4);
        job.counts.copies = Some(2);
        job.counts.impressions = Some(0);
        job
    }

    #[test]
    fn the_account_is_asked_for_what_the_user_asked_for() {
        assert_eq!(request(&job(None)), None);
        let canceled = job(Some("1000 Administration"));
        let asked = request(&canceled).unwrap();
        assert_eq!(asked.account, AccountRef::Code("1000".to_owned()));
        assert_eq!(asked.job, Some(canceled.key));
        assert!(matches!(asked.due, Due::Job(ticket) if ticket.impressions == 8));
    }

    #[test]
    fn a_denied_job_marked_nothing_and_is_printed_without_its_account() {
        let mut job = job(Some("1000 Administration"));
        job.counts.impressions = Some(8);
        job.derive_sheets();
        let [denied, printed] = denied(job.clone());
        assert_ne!(denied.key, job.key);
        assert_eq!(denied.state, JobState::Denied);
        assert_eq!(denied.counts.impressions, Some(0));
        assert_eq!(denied.counts.sheets, Some(0));
        assert_eq!(printed.account, None);
        job.account = None;
        assert_eq!(printed, job);
    }
}
