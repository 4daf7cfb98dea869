//! `/accounts/v1/ledger`: every movement of points, and those made by hand.

use std::ops::Range;

use http::StatusCode;
use platen_app::accounts::{AccountsRefusal, LedgerFilter, Transferred};
use platen_app::operation::idempotency::Answered;
use platen_domain::accounts::AccountRef;
use platen_domain::clock::Timestamp;
use platen_domain::ledger::LedgerEntry;
use platen_domain::print_users::UserRef;

use super::idempotency::{self, once};
use super::json_body;
use super::paging::{self, PageAnswer};
use super::query::Query;
use super::wire::ledger::{
    AdjustmentInput, ClosedPeriodAnswer, LedgerEntryAnswer, ResetInput, TransferAnswer,
    TransferInput,
};
use crate::answers::{self, Answer};
use crate::policy::TokenContext;
use crate::problems::Problem;

pub(super) const ALL: &str = "/accounts/v1/ledger";
pub(super) const OF_ACCOUNT: &str = "/accounts/v1/accounts/{id}/ledger";
pub(super) const PERIODS: &str = "/accounts/v1/accounts/{id}/periods";
pub(super) const ADJUSTMENTS: &str = "/accounts/v1/adjustments";
pub(super) const TRANSFERS: &str = "/accounts/v1/transfers";
pub(super) const RESETS: &str = "/accounts/v1/resets";

/// What the list is filtered by.
pub(super) const FILTERS: [&str; 7] = [
    "account",
    "user",
    "kind",
    "from",
    "until",
    paging::LIMIT,
    paging::CURSOR,
];

/// `GET /accounts/v1/ledger`
pub(super) async fn list(context: TokenContext) -> Result<Answer, Problem> {
    let query = Query::read(context.call(), &FILTERS)?;
    let account = query.text("account").map(AccountRef::read);
    answer(&context, ALL, &query, account).await
}

/// `GET /accounts/v1/accounts/{id}/ledger`
pub(super) async fn list_of_account(context: TokenContext) -> Result<Answer, Problem> {
    let [_account, known @ ..] = FILTERS;
    let query = Query::read(context.call(), &known)?;
    let id = super::accounts::existing(&context).await?;
    let path = OF_ACCOUNT.replace("{id}", &id.to_string());
    answer(&context, &path, &query, Some(id.into())).await
}

async fn answer(
    context: &TokenContext,
    path: &str,
    query: &Query,
    account: Option<AccountRef>,
) -> Result<Answer, Problem> {
    let filter = LedgerFilter {
        account,
        user: query.text("user").map(UserRef::read),
        kind: query.word("kind")?,
        made: made(query)?,
    };
    let page = paging::request(query)?;
    let entries = context
        .app()
        .accounts()
        .ledger(context.scope(), filter, page)
        .await?;
    Ok(paging::answer::<_, LedgerEntryAnswer>(
        path, query, &entries,
    ))
}

/// The time asked for; an end that is left out is open.
fn made(query: &Query) -> Result<Option<Range<Timestamp>>, Problem> {
    const FIRST: Timestamp = Timestamp::from_millis(0);
    const LAST: Timestamp = Timestamp::from_millis(i64::MAX);
    Ok(match (query.instant("from")?, query.instant("until")?) {
        (None, None) => None,
        (from, until) => Some(from.unwrap_or(FIRST)..until.unwrap_or(LAST)),
    })
}

/// `GET /accounts/v1/accounts/{id}/periods`
pub(super) async fn list_periods(context: TokenContext) -> Result<Answer, Problem> {
    let id = super::accounts::id(context.call())?;
    let periods = context
        .app()
        .accounts()
        .periods(context.scope(), id)
        .await?;
    let page = PageAnswer {
        items: periods.iter().map(ClosedPeriodAnswer::from).collect(),
        next: None,
    };
    Ok(answers::private_json(StatusCode::OK, &page))
}

/// `POST /accounts/v1/adjustments`
pub(super) async fn adjust(context: TokenContext) -> Result<Answer, Problem> {
    let input: AdjustmentInput = json_body::read(context.call())?;
    let once = once(context.call(), ADJUSTMENTS, entry)?;
    let adjusted = context
        .app()
        .accounts()
        .adjust(context.scope(), input.into(), once);
    made_by_hand(adjusted.await)
}

/// `POST /accounts/v1/transfers`
pub(super) async fn transfer(context: TokenContext) -> Result<Answer, Problem> {
    let input: TransferInput = json_body::read(context.call())?;
    let once = once(context.call(), TRANSFERS, |transferred: &Transferred| {
        idempotency::record(None, None, &TransferAnswer::from(transferred))
    })?;
    let transferred = context
        .app()
        .accounts()
        .transfer(context.scope(), input.into(), once);
    made_by_hand(transferred.await)
}

/// `POST /accounts/v1/resets`
pub(super) async fn reset(context: TokenContext) -> Result<Answer, Problem> {
    let input: ResetInput = json_body::read(context.call())?;
    let once = once(context.call(), RESETS, entry)?;
    let reset = context
        .app()
        .accounts()
        .reset_balance(context.scope(), input.into(), once);
    made_by_hand(reset.await)
}

fn entry(entry: &LedgerEntry) -> Answered {
    idempotency::record(None, None, &LedgerEntryAnswer::from(entry))
}

fn made_by_hand(answered: Result<Answered, AccountsRefusal>) -> Result<Answer, Problem> {
    Ok(idempotency::created(ALL, answered?))
}
