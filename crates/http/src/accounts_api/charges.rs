//! `/accounts/v1/charges`: what print jobs and programs take from balances; quotes before them
//! and refunds after them.

use http::StatusCode;
use platen_app::accounts::{AccountsRefusal, ChargeFilter};
use platen_app::operation::idempotency::Answered;
use platen_domain::accounts::AccountRef;
use platen_domain::charges::Charge;
use platen_domain::ids::ChargeId;
use platen_domain::print_users::UserRef;

use super::idempotency::{self, once};
use super::json_body;
use super::paging;
use super::preconditions::{self, IfMatch};
use super::query::{self, Query};
use super::wire::charges::{ChargeAnswer, ChargeInput, QuoteAnswer, RefundInput};
use crate::answers::{self, Answer};
use crate::policy::{Call, TokenContext};
use crate::problems::Problem;

pub(super) const QUOTES: &str = "/accounts/v1/quotes";
pub(super) const ALL: &str = "/accounts/v1/charges";
pub(super) const ONE: &str = "/accounts/v1/charges/{id}";
pub(super) const REFUNDS: &str = "/accounts/v1/charges/{id}/refunds";
pub(super) const RETRIES: &str = "/accounts/v1/charges/{id}/retries";

/// What the list is filtered by.
pub(super) const FILTERS: [&str; 5] = ["account", "user", "state", paging::LIMIT, paging::CURSOR];

fn id(call: &Call) -> Result<ChargeId, Problem> {
    query::id(call, "id", "charge")
}

/// `POST /accounts/v1/quotes`
pub(super) async fn quote(context: TokenContext) -> Result<Answer, Problem> {
    let request = json_body::read::<ChargeInput>(context.call())?.read()?;
    let quote = context
        .app()
        .charges()
        .quote(context.scope(), request)
        .await?;
    Ok(answers::private_json(
        StatusCode::OK,
        &QuoteAnswer::from(&quote),
    ))
}

/// `GET /accounts/v1/charges`
pub(super) async fn list(context: TokenContext) -> Result<Answer, Problem> {
    let query = Query::read(context.call(), &FILTERS)?;
    let filter = ChargeFilter {
        account: query.text("account").map(AccountRef::read),
        user: query.text("user").map(UserRef::read),
        state: query.word("state")?,
    };
    let page = paging::request(&query)?;
    let charges = context
        .app()
        .charges()
        .list(context.scope(), filter, page)
        .await?;
    Ok(paging::answer::<_, ChargeAnswer>(ALL, &query, &charges))
}

/// `POST /accounts/v1/charges`
pub(super) async fn charge(context: TokenContext) -> Result<Answer, Problem> {
    let request = json_body::read::<ChargeInput>(context.call())?.read()?;
    let once = once(context.call(), ALL, created)?;
    let charged = context
        .app()
        .charges()
        .charge(context.scope(), request, once);
    Ok(idempotency::created(ALL, charged.await?))
}

/// `GET /accounts/v1/charges/{id}`
pub(super) async fn show(context: TokenContext) -> Result<Answer, Problem> {
    let call = context.call();
    let charge = context.app().charges().get(context.scope(), id(call)?);
    let charge = charge.await?;
    let document = answers::private_json(StatusCode::OK, &ChargeAnswer::from(&charge));
    Ok(preconditions::tagged(
        &call.headers,
        charge.revision.into(),
        document,
    ))
}

/// `POST /accounts/v1/charges/{id}/refunds`
pub(super) async fn refund(context: TokenContext) -> Result<Answer, Problem> {
    let (app, scope, call) = (context.app(), context.scope(), context.call());
    let id = id(call)?;
    let input: RefundInput = json_body::read(call)?;
    let once = once(call, REFUNDS, changed)?;
    let points = input.points.map(|number| number.0);
    let condition = IfMatch::read(&call.headers)?;
    let expected = condition.expected(revision(&context, id)).await?;
    let refunded = app
        .charges()
        .refund(scope, id, points, input.reason, expected, once);
    let refunded = refunded
        .await
        .map_err(|refusal| condition.problem(refusal))?;
    Ok(idempotency::changed(refunded))
}

/// `POST /accounts/v1/charges/{id}/retries`
pub(super) async fn retry(context: TokenContext) -> Result<Answer, Problem> {
    let (app, scope, call) = (context.app(), context.scope(), context.call());
    let id = id(call)?;
    json_body::read_nothing(call)?;
    let once = once(call, RETRIES, changed)?;
    let condition = IfMatch::read(&call.headers)?;
    let expected = condition.expected(revision(&context, id)).await?;
    let retried = app.charges().retry(scope, id, expected, once).await;
    let retried = retried.map_err(|refusal| condition.problem(refusal))?;
    Ok(idempotency::changed(retried))
}

async fn revision(context: &TokenContext, id: ChargeId) -> Result<u64, AccountsRefusal> {
    let charge = context.app().charges().to_change(context.scope(), id);
    Ok(charge.await?.revision.into())
}

/// A charge that was made.
pub(super) fn created(charge: &Charge) -> Answered {
    let id = Some(charge.id.to_string());
    let document = ChargeAnswer::from(charge);
    idempotency::record(id, Some(charge.revision.into()), &document)
}

fn changed(charge: &Charge) -> Answered {
    idempotency::record(
        None,
        Some(charge.revision.into()),
        &ChargeAnswer::from(charge),
    )
}
