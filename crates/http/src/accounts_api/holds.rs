//! `/accounts/v1/holds`: points reserved before a job is printed.

use http::StatusCode;
use platen_app::accounts::HoldFilter;
use platen_domain::accounts::AccountRef;
use platen_domain::holds::Hold;
use platen_domain::ids::HoldId;
use platen_domain::print_users::UserRef;

use super::charges;
use super::idempotency::{self, once};
use super::json_body;
use super::paging;
use super::query::{self, Query};
use super::wire::holds::{CaptureInput, HoldAnswer, HoldInput};
use crate::answers::{self, Answer};
use crate::policy::{Call, TokenContext};
use crate::problems::Problem;

pub(super) const ALL: &str = "/accounts/v1/holds";
pub(super) const ONE: &str = "/accounts/v1/holds/{id}";
pub(super) const CAPTURE: &str = "/accounts/v1/holds/{id}/capture";
pub(super) const RELEASE: &str = "/accounts/v1/holds/{id}/release";

/// What the list is filtered by.
pub(super) const FILTERS: [&str; 5] = ["account", "user", "state", paging::LIMIT, paging::CURSOR];

fn id(call: &Call) -> Result<HoldId, Problem> {
    query::id(call, "id", "hold")
}

/// `GET /accounts/v1/holds`
pub(super) async fn list(context: TokenContext) -> Result<Answer, Problem> {
    let query = Query::read(context.call(), &FILTERS)?;
    let filter = HoldFilter {
        account: query.text("account").map(AccountRef::read),
        user: query.text("user").map(UserRef::read),
        state: query.word("state")?,
    };
    let page = paging::request(&query)?;
    let holds = context
        .app()
        .charges()
        .holds(context.scope(), filter, page)
        .await?;
    let now = context.app().now();
    let write = |hold: &Hold| HoldAnswer::at(hold, now);
    Ok(paging::answer_with(ALL, &query, &holds, write))
}

/// `POST /accounts/v1/holds`
pub(super) async fn hold(context: TokenContext) -> Result<Answer, Problem> {
    let (request, time) = json_body::read::<HoldInput>(context.call())?.read()?;
    let now = context.app().now();
    let once = once(context.call(), ALL, move |hold: &Hold| {
        let id = Some(hold.id.to_string());
        idempotency::record(id, None, &HoldAnswer::at(hold, now))
    })?;
    let held = context
        .app()
        .charges()
        .hold(context.scope(), request, time, once);
    Ok(idempotency::created(ALL, held.await?))
}

/// `GET /accounts/v1/holds/{id}`
pub(super) async fn show(context: TokenContext) -> Result<Answer, Problem> {
    let (app, scope, call) = (context.app(), context.scope(), context.call());
    let hold = app.charges().hold_by_id(scope, id(call)?).await?;
    let document = HoldAnswer::at(&hold, app.now());
    Ok(answers::private_json(StatusCode::OK, &document))
}

/// `POST /accounts/v1/holds/{id}/capture`
pub(super) async fn capture(context: TokenContext) -> Result<Answer, Problem> {
    let (app, scope, call) = (context.app(), context.scope(), context.call());
    let id = id(call)?;
    let due = json_body::read_or_default::<CaptureInput>(call)?.read()?;
    let once = once(call, CAPTURE, charges::created)?;
    Ok(idempotency::created(
        charges::ALL,
        app.charges().capture(scope, id, due, once).await?,
    ))
}

/// `POST /accounts/v1/holds/{id}/release`
pub(super) async fn release(context: TokenContext) -> Result<Answer, Problem> {
    let (app, scope, call) = (context.app(), context.scope(), context.call());
    let id = id(call)?;
    json_body::read_nothing(call)?;
    let now = app.now();
    let once = once(call, RELEASE, move |hold: &Hold| {
        idempotency::record(None, None, &HoldAnswer::at(hold, now))
    })?;
    Ok(idempotency::changed(
        app.charges().release(scope, id, once).await?,
    ))
}
