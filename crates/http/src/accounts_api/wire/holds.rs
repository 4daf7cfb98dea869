//! Holds.

use std::time::Duration;

use platen_app::accounts::{AccountsRefusal, ChargeRequest, Due};
use platen_domain::accounts::CODE_CHARS_MAX;
use platen_domain::clock::Timestamp;
use platen_domain::holds::{HOLD_DEFAULT, HOLD_MAX, Hold, HoldState};
use platen_domain::print_users::USER_NAME_CHARS_MAX;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::charges::{ChargeInput, read_due};
use super::job_tickets::JobTicketInput;
use super::labels::{AccountLabelAnswer, LabelAnswer, PrintJobName};
use super::points::{PointsDue, PointsNumber};
use super::texts::Line;
use super::times::Instant;
use super::words::Word;
use super::{Sent, invalid};

/// Whose points are to be held, how many and for how long.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[schemars(transform = super::points::points_or_job)]
#[serde(deny_unknown_fields, expecting = "an object")]
pub(crate) struct HoldInput {
    /// The account's identifier or code.
    #[schemars(with = "Line<CODE_CHARS_MAX>")]
    account: String,
    /// The user's identifier or name. One that is named for the first time is made known.
    #[schemars(with = "Line<USER_NAME_CHARS_MAX>")]
    user: String,
    /// So many points; or else state `job`.
    #[schemars(with = "Option<PointsDue>")]
    points: Option<PointsNumber>,
    /// A job, for which the point rules say how many; or else state `points`.
    job: Option<JobTicketInput>,
    /// The print job it is for, as its collector names it: when its record comes, it captures the
    /// hold.
    print_job: Option<PrintJobName>,
    /// For how many seconds; 900 unless stated.
    #[schemars(range(min = 1, max = 86_400))]
    expires_in: Option<u32>,
}

impl Sent for HoldInput {
    const EXAMPLE: &'static str =
        r#"{"account":"BIO-101","user":"ada","job":{"pages":4},"expires_in":600}"#;
}

impl HoldInput {
    /// The request, and for how long.
    pub(crate) fn read(self) -> Result<(ChargeRequest, Duration), AccountsRefusal> {
        let stated = self.expires_in.map(u64::from).map(Duration::from_secs);
        let time = stated.unwrap_or(HOLD_DEFAULT);
        if time.is_zero() || time > HOLD_MAX {
            let reason = format!("expected 1 to {} seconds", HOLD_MAX.as_secs());
            return Err(invalid("expires_in", reason));
        }
        let charge = ChargeInput {
            account: self.account,
            user: self.user,
            points: self.points,
            job: self.job,
            print_job: self.print_job,
            // What a hold becomes is told by its charge.
            reason: None,
        };
        Ok((charge.read()?, time))
    }
}

/// What is charged of a hold: what it holds, unless it turned out otherwise.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[schemars(transform = super::points::not_points_and_job)]
#[serde(deny_unknown_fields, expecting = "an object")]
pub(crate) struct CaptureInput {
    /// So many points.
    #[schemars(with = "Option<PointsDue>")]
    points: Option<PointsNumber>,
    /// A job, for which the point rules say how many.
    job: Option<JobTicketInput>,
}

impl Sent for CaptureInput {
    const EXAMPLE: &'static str = r#"{"job":{"pages":3}}"#;
}

impl CaptureInput {
    /// What is due, where it is stated.
    pub(crate) fn read(self) -> Result<Option<Due>, AccountsRefusal> {
        read_due(self.points, self.job)
    }
}

/// Points reserved for a job.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Hold")]
pub(crate) struct HoldAnswer {
    /// Its identifier.
    id: String,
    /// How it stands now.
    state: Word<HoldState>,
    /// In which account.
    account: AccountLabelAnswer,
    /// For which user.
    user: LabelAnswer,
    /// How many points.
    points: PointsNumber,
    /// The print job it is for.
    print_job: Option<PrintJobName>,
    /// When it was made.
    created_at: Instant,
    /// From when on it holds nothing.
    expires_at: Instant,
    /// The identifier of the charge it became.
    charge: Option<String>,
}

impl HoldAnswer {
    /// The hold as it stands at `now`.
    pub(crate) fn at(hold: &Hold, now: Timestamp) -> Self {
        Self {
            id: hold.id.to_string(),
            state: Word(hold.state_at(now)),
            account: (&hold.account).into(),
            user: (&hold.user).into(),
            points: hold.points.into(),
            print_job: hold.job.as_ref().map(Into::into),
            created_at: Instant(hold.created_at),
            expires_at: Instant(hold.expires_at),
            charge: hold.charge.map(|id| id.to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Result<(ChargeRequest, Duration), String> {
        let input: HoldInput = serde_json::from_str(json).map_err(|error| error.to_string())?;
        input.read().map_err(|refusal| refusal.to_string())
    }

    #[test]
    fn holds_end_within_a_day() {
        let (_, time) = read(HoldInput::EXAMPLE).unwrap();
        assert_eq!(time, Duration::from_mins(10));
        let (_, time) = read(r#"{"account":"a","user":"u","points":1}"#).unwrap();
        assert_eq!(time, HOLD_DEFAULT);
        let refused = read(r#"{"account":"a","user":"u","points":1,"expires_in":86401}"#);
        insta::assert_snapshot!(refused.unwrap_err(), @"expires_in: expected 1 to 86400 seconds");
    }

    #[test]
    fn a_hold_takes_no_reason() {
        let refused = read(r#"{"account":"a","user":"u","points":1,"reason":"exam"}"#).unwrap_err();
        assert!(refused.starts_with("unknown field `reason`"), "{refused}");
    }

    #[test]
    fn a_hold_is_captured_as_it_is_unless_something_else_is_due() {
        let read = |json: &str| {
            let input: CaptureInput = serde_json::from_str(json).unwrap();
            input.read().unwrap()
        };
        assert_eq!(read("{}"), None);
        assert!(matches!(read(CaptureInput::EXAMPLE), Some(Due::Job(_))));
    }
}
