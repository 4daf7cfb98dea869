//! The ledger, and what is written into it by hand.

use platen_app::accounts::{Adjustment, Reset, Transfer, Transferred};
use platen_domain::accounts::{AccountRef, CODE_CHARS_MAX};
use platen_domain::ledger::{ClosedPeriod, EntryKind, LedgerEntry, REASON_CHARS_MAX, Reference};
use platen_domain::print_users::{USER_NAME_CHARS_MAX, UserRef};
use schemars::{JsonSchema, Schema};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::Sent;
use super::labels::{AccountLabelAnswer, LabelAnswer};
use super::points::{PointsAdjusted, PointsMoved, PointsNumber};
use super::texts::{Line, Reason};
use super::times::Instant;
use super::words::Word;

/// Points given to a balance or taken from it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, expecting = "an object")]
pub(crate) struct AdjustmentInput {
    /// The account's identifier or code.
    #[schemars(with = "Line<CODE_CHARS_MAX>")]
    account: String,
    /// The user's identifier or name. One that is named for the first time is made known.
    #[schemars(with = "Line<USER_NAME_CHARS_MAX>")]
    user: String,
    /// How many, not 0; a negative number takes.
    #[schemars(with = "PointsAdjusted", transform = not_zero)]
    points: PointsNumber,
    /// Whether to refuse what would leave less than nothing available; `false` unless stated.
    if_available: Option<bool>,
    /// Why.
    #[schemars(with = "Reason<REASON_CHARS_MAX>")]
    reason: String,
}

/// An adjustment of nothing is a mistake.
fn not_zero(schema: &mut Schema) {
    schema.insert("not".to_owned(), json!({"const": 0}));
}

impl Sent for AdjustmentInput {
    const EXAMPLE: &'static str =
        r#"{"account":"BIO-101","user":"ada","points":-12.5,"reason":"poster printed by hand"}"#;
}

impl From<AdjustmentInput> for Adjustment {
    fn from(input: AdjustmentInput) -> Self {
        Self {
            account: AccountRef::read(&input.account),
            user: UserRef::read(&input.user),
            points: input.points.0,
            if_available: input.if_available.unwrap_or_default(),
            reason: input.reason,
        }
    }
}

/// A balance: an account and one of its users.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, expecting = "an object")]
struct BalanceName {
    /// The account's identifier or code.
    #[schemars(with = "Line<CODE_CHARS_MAX>")]
    account: String,
    /// The user's identifier or name.
    #[schemars(with = "Line<USER_NAME_CHARS_MAX>")]
    user: String,
}

impl BalanceName {
    fn read(&self) -> (AccountRef, UserRef) {
        (AccountRef::read(&self.account), UserRef::read(&self.user))
    }
}

/// Points moved from one balance to another.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, expecting = "an object")]
pub(crate) struct TransferInput {
    /// From which balance.
    from: BalanceName,
    /// To which balance.
    to: BalanceName,
    /// How many, more than 0; refused where the balance does not suffice.
    #[schemars(with = "PointsMoved")]
    points: PointsNumber,
    /// Why.
    #[schemars(with = "Reason<REASON_CHARS_MAX>")]
    reason: String,
}

impl Sent for TransferInput {
    const EXAMPLE: &'static str = r#"{"from":{"account":"BIO-101","user":"ada"},"to":{"account":"BIO-101","user":"grace"},"points":20,"reason":"shared project"}"#;
}

impl From<TransferInput> for Transfer {
    fn from(input: TransferInput) -> Self {
        Self {
            from: input.from.read(),
            to: input.to.read(),
            points: input.points.0,
            reason: input.reason,
        }
    }
}

/// A balance set to what its account allocates.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, expecting = "an object")]
pub(crate) struct ResetInput {
    /// The account's identifier or code.
    #[schemars(with = "Line<CODE_CHARS_MAX>")]
    account: String,
    /// The user's identifier or name.
    #[schemars(with = "Line<USER_NAME_CHARS_MAX>")]
    user: String,
    /// Why.
    #[schemars(with = "Reason<REASON_CHARS_MAX>")]
    reason: String,
}

impl Sent for ResetInput {
    const EXAMPLE: &'static str =
        r#"{"account":"BIO-101","user":"ada","reason":"changed course in the first week"}"#;
}

impl From<ResetInput> for Reset {
    fn from(input: ResetInput) -> Self {
        Self {
            account: AccountRef::read(&input.account),
            user: UserRef::read(&input.user),
            reason: input.reason,
        }
    }
}

/// One movement of points.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "LedgerEntry")]
pub(crate) struct LedgerEntryAnswer {
    /// Counts up from 1 within the organization, without a gap.
    number: u64,
    /// When it was made.
    at: Instant,
    /// In which account.
    account: AccountLabelAnswer,
    /// Of which user.
    user: LabelAnswer,
    /// Why.
    kind: Word<EntryKind>,
    /// How many points; negative where the balance falls.
    points: PointsNumber,
    /// The balance after it.
    balance: PointsNumber,
    /// Who made it.
    actor: String,
    /// Why, in words.
    reason: Option<String>,
    /// The identifier of the charge it belongs to.
    charge: Option<String>,
    /// The identifier of the transfer it belongs to.
    transfer: Option<String>,
}

impl From<&LedgerEntry> for LedgerEntryAnswer {
    fn from(entry: &LedgerEntry) -> Self {
        let (charge, transfer) = match entry.reference {
            Some(Reference::Charge(id)) => (Some(id.to_string()), None),
            Some(Reference::Transfer(id)) => (None, Some(id.to_string())),
            None => (None, None),
        };
        Self {
            number: entry.number,
            at: Instant(entry.at),
            account: (&entry.account).into(),
            user: (&entry.user).into(),
            kind: Word(entry.kind),
            points: entry.points.into(),
            balance: entry.balance.into(),
            actor: entry.actor.clone(),
            reason: entry.reason.clone(),
            charge,
            transfer,
        }
    }
}

/// A transfer that was made.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Transfer")]
pub(crate) struct TransferAnswer {
    /// Its identifier, which both entries carry.
    id: String,
    /// The entry that took the points.
    out: LedgerEntryAnswer,
    /// The entry that gave them.
    into: LedgerEntryAnswer,
}

impl From<&Transferred> for TransferAnswer {
    fn from(transferred: &Transferred) -> Self {
        Self {
            id: transferred.id.to_string(),
            out: (&transferred.out).into(),
            into: (&transferred.into).into(),
        }
    }
}

/// What a period of an account came to, over all its users.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "ClosedPeriod")]
pub(crate) struct ClosedPeriodAnswer {
    /// Its first instant.
    from: Instant,
    /// The first instant after it.
    until: Instant,
    /// When it was closed.
    closed_at: Instant,
    /// The sum of all balances when it began.
    opening: PointsNumber,
    /// First allocations, and differences after the limit was changed.
    allocated: PointsNumber,
    /// Allocations at the beginning of the period, and early ones.
    reset: PointsNumber,
    /// Charges; negative.
    charged: PointsNumber,
    /// Refunds.
    refunded: PointsNumber,
    /// Adjustments.
    adjusted: PointsNumber,
    /// Transfers.
    transferred: PointsNumber,
    /// The sum of all balances when it ended.
    closing: PointsNumber,
    /// How many entries of the ledger it has.
    entries: u64,
}

impl From<&ClosedPeriod> for ClosedPeriodAnswer {
    fn from(period: &ClosedPeriod) -> Self {
        Self {
            from: Instant(period.from),
            until: Instant(period.until),
            closed_at: Instant(period.closed_at),
            opening: period.opening.into(),
            allocated: period.allocated.into(),
            reset: period.reset.into(),
            charged: period.charged.into(),
            refunded: period.refunded.into(),
            adjusted: period.adjusted.into(),
            transferred: period.transferred.into(),
            closing: period.closing.into(),
            entries: period.entries,
        }
    }
}
