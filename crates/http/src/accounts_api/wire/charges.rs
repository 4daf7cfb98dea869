//! Quotes, charges and refunds.

use platen_app::accounts::{AccountsRefusal, ChargeRequest, Due, JobTicket, Quote};
use platen_domain::account_access::Verb;
use platen_domain::accounts::{AccountRef, CODE_CHARS_MAX};
use platen_domain::charges::{Charge, ChargeOrigin, ChargeProblem, ChargeProblems, ChargeState};
use platen_domain::ledger::REASON_CHARS_MAX;
use platen_domain::print_users::{USER_NAME_CHARS_MAX, UserRef};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::job_tickets::JobTicketInput;
use super::labels::{AccountLabelAnswer, LabelAnswer, PrintJobName};
use super::points::{PointsDue, PointsMoved, PointsNumber};
use super::texts::{Line, Reason};
use super::times::Instant;
use super::words::Word;
use super::{Sent, invalid};

/// Who is to pay what: `points`, or what the point rules say of a `job`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[schemars(transform = super::points::points_or_job)]
#[serde(deny_unknown_fields, expecting = "an object")]
pub(crate) struct ChargeInput {
    /// The account's identifier or code.
    #[schemars(with = "Line<CODE_CHARS_MAX>")]
    pub(super) account: String,
    /// The user's identifier or name. One that is named for the first time is made known.
    #[schemars(with = "Line<USER_NAME_CHARS_MAX>")]
    pub(super) user: String,
    /// So many points; or else state `job`.
    #[schemars(with = "Option<PointsDue>")]
    pub(super) points: Option<PointsNumber>,
    /// A job, for which the point rules say how many; or else state `points`.
    pub(super) job: Option<JobTicketInput>,
    /// The print job it is for, as its collector names it: when its record comes, it is not
    /// charged again.
    pub(super) print_job: Option<PrintJobName>,
    /// Why, for the ledger.
    #[schemars(with = "Option<Reason<REASON_CHARS_MAX>>")]
    pub(super) reason: Option<String>,
}

impl Sent for ChargeInput {
    const EXAMPLE: &'static str =
        r#"{"account":"BIO-101","user":"ada","job":{"pages":4,"color_mode":"monochrome"}}"#;
}

impl ChargeInput {
    /// The request.
    pub(crate) fn read(self) -> Result<ChargeRequest, AccountsRefusal> {
        let due = read_due(self.points, self.job)?;
        Ok(ChargeRequest {
            account: AccountRef::read(&self.account),
            user: UserRef::read(&self.user),
            due: due.ok_or_else(|| invalid("points", "state either points or a job"))?,
            job: self.print_job.map(Into::into),
            reason: self.reason,
        })
    }
}

/// What is due, where it is stated.
pub(super) fn read_due(
    points: Option<PointsNumber>,
    job: Option<JobTicketInput>,
) -> Result<Option<Due>, AccountsRefusal> {
    match (points, job) {
        (Some(_), Some(_)) => Err(invalid("points", "state either points or a job, not both")),
        (Some(points), None) => Ok(Some(Due::Points(points.0))),
        (None, Some(job)) => job.read().map(|ticket: JobTicket| Some(Due::Job(ticket))),
        (None, None) => Ok(None),
    }
}

/// What is given back of a charge.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, expecting = "an object")]
pub(crate) struct RefundInput {
    /// How many points; all that are left unless stated.
    #[schemars(with = "Option<PointsMoved>")]
    pub(crate) points: Option<PointsNumber>,
    /// Why.
    #[schemars(with = "Reason<REASON_CHARS_MAX>")]
    pub(crate) reason: String,
}

impl Sent for RefundInput {
    const EXAMPLE: &'static str = r#"{"points":2,"reason":"two pages were blank"}"#;
}

/// What a charge would come to.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Quote")]
pub(crate) struct QuoteAnswer {
    /// Whether it would be taken.
    allowed: bool,
    /// The account.
    account: AccountLabelAnswer,
    /// What the user may do with the account.
    verbs: Vec<Word<Verb>>,
    /// What it takes; `null` where the point rules cannot say.
    points: Option<PointsNumber>,
    /// What the balance has now.
    balance: PointsNumber,
    /// Of it, held.
    held: PointsNumber,
    /// What can be charged; `null` is any number.
    available: Option<PointsNumber>,
    /// Why it is refused; where it is allowed, what it passes under a soft limit.
    problems: Vec<Word<ChargeProblem>>,
}

impl From<&Quote> for QuoteAnswer {
    fn from(quote: &Quote) -> Self {
        Self {
            allowed: quote.allowed,
            account: (&quote.account).into(),
            verbs: quote.verbs.iter().map(Word).collect(),
            points: quote.points.map(Into::into),
            balance: quote.balance.into(),
            held: quote.held.into(),
            available: quote.available.map(Into::into),
            problems: words(quote.problems),
        }
    }
}

/// A charge, of a print job or by a program.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Charge")]
pub(crate) struct ChargeAnswer {
    /// Its identifier.
    id: String,
    /// Who made it.
    origin: Word<ChargeOrigin>,
    /// How it stands.
    state: Word<ChargeState>,
    /// The account; `null` while none is known by the name that the job gives.
    account: Option<AccountLabelAnswer>,
    /// The account as the job names it; `null` where no job did.
    account_named: Option<String>,
    /// The user; `null` while the job names none.
    user: Option<LabelAnswer>,
    /// How many points are claimed; 0 while nothing is charged.
    claimed: PointsNumber,
    /// How many of them were given back.
    refunded: PointsNumber,
    /// What it takes from the balance now.
    net: PointsNumber,
    /// What is wrong with it.
    problems: Vec<Word<ChargeProblem>>,
    /// The print job it is for.
    print_job: Option<PrintJobName>,
    /// When the job ended or the program asked.
    at: Instant,
    /// When it changed last.
    updated_at: Instant,
    /// Counts its changes, from 0.
    revision: u32,
}

impl From<&Charge> for ChargeAnswer {
    fn from(charge: &Charge) -> Self {
        Self {
            id: charge.id.to_string(),
            origin: Word(charge.origin),
            state: Word(charge.state),
            account: charge.account.as_ref().map(Into::into),
            account_named: charge.account_named.clone(),
            user: charge.user.as_ref().map(Into::into),
            claimed: charge.claimed.into(),
            refunded: charge.refunded.into(),
            net: charge.net().into(),
            problems: words(charge.problems),
            print_job: charge.job.as_ref().map(Into::into),
            at: Instant(charge.at),
            updated_at: Instant(charge.updated_at),
            revision: charge.revision,
        }
    }
}

fn words(problems: ChargeProblems) -> Vec<Word<ChargeProblem>> {
    problems.iter().map(Word).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use platen_domain::accounts::AccountLabel;
    use platen_domain::clock::Timestamp;
    use platen_domain::ids::{AccountId, ChargeId};
    use platen_domain::points::Points;

    fn read(json: &str) -> Result<ChargeRequest, String> {
        let input: ChargeInput = serde_json::from_str(json).map_err(|error| error.to_string())?;
        input.read().map_err(|refusal| refusal.to_string())
    }

    #[test]
    fn points_or_a_job_are_due() {
        let points = read(r#"{"account":"a","user":"ada","points":0.5}"#).unwrap();
        assert_eq!(points.due, Due::Points(Points::from_millionths(500_000)));
        assert!(matches!(
            read(ChargeInput::EXAMPLE).unwrap().due,
            Due::Job(_)
        ));
        insta::assert_snapshot!(read(r#"{"account":"a","user":"ada"}"#).unwrap_err(), @"points: state either points or a job");
        insta::assert_snapshot!(read(r#"{"account":"a","user":"ada","points":1,"job":{}}"#).unwrap_err(), @"points: state either points or a job, not both");
    }

    #[test]
    fn a_charge_tells_all_of_itself() {
        let charge = Charge {
            id: ChargeId::from_bytes([1; 16]),
            origin: ChargeOrigin::Program,
            job: None,
            account_named: None,
            account: Some(AccountLabel {
                id: AccountId::from_bytes([2; 16]),
                code: "BIO-101".to_owned(),
            }),
            user: None,
            claimed: Points::whole(5),
            refunded: Points::from_millionths(500_000),
            state: ChargeState::Charged,
            problems: ChargeProblems::NONE.with(ChargeProblem::NotEnoughPoints),
            at: Timestamp::from_millis(1_795_431_600_000),
            updated_at: Timestamp::from_millis(1_795_431_600_000),
            revision: 1,
        };
        insta::assert_snapshot!(serde_json::to_string_pretty(&ChargeAnswer::from(&charge)).unwrap(), @r#"
        {
          "id": "01010101-0101-0101-0101-010101010101",
          "origin": "program",
          "state": "charged",
          "account": {
            "id": "02020202-0202-0202-0202-020202020202",
            "code": "BIO-101"
          },
          "account_named": null,
          "user": null,
          "claimed": 5,
          "refunded": 0.5,
          "net": 4.5,
          "problems": [
            "not-enough-points"
          ],
          "print_job": null,
          "at": "2026-11-23T11:00:00Z",
          "updated_at": "2026-11-23T11:00:00Z",
          "revision": 1
        }
        "#);
    }
}
