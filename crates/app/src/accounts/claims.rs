//! Claims: who is to pay what for which job, as charges, quotes and holds state it.

use platen_domain::accounts::AccountRef;
use platen_domain::charges::{ChargeState, Claim};
use platen_domain::clock::Timestamp;
use platen_domain::points::{PointRules, Points};
use platen_domain::print_jobs::{ColorMode, JobFunction, PrintRecord, Sides, SourceKey};
use platen_domain::print_users::UserRef;
use platen_domain::scope::Scope;
use platen_store::Reader;

use super::AccountsRefusal;
use super::checks::{invalid, reason, within_limits};

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

/// A job must be named so that it can be found.
pub(super) fn check_job_name(job: Option<&SourceKey>) -> Result<(), AccountsRefusal> {
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

/// The reason, empty where none is given.
pub(super) fn optional_reason(text: Option<&str>) -> Result<String, AccountsRefusal> {
    text.map_or_else(|| Ok(String::new()), reason)
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
