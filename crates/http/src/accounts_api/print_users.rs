//! `/accounts/v1/users`: users who print.

use http::StatusCode;
use platen_app::accounts::PrintUserFilter;
use platen_domain::ids::PrintUserId;
use platen_domain::print_users::PrintUser;

use super::idempotency::{self, once};
use super::json_body;
use super::paging;
use super::patching::{self, Patched};
use super::preconditions::{self, IfMatch};
use super::query::{self, Query};
use super::wire::print_users::{UserAnswer, UserInput};
use crate::answers::{self, Answer};
use crate::policy::{Call, TokenContext};
use crate::problems::Problem;

pub(super) const ALL: &str = "/accounts/v1/users";
pub(super) const ONE: &str = "/accounts/v1/users/{id}";

/// What the list is filtered by.
pub(super) const FILTERS: [&str; 6] = [
    "name",
    "external_id",
    "state",
    "group",
    paging::LIMIT,
    paging::CURSOR,
];

fn id(call: &Call) -> Result<PrintUserId, Problem> {
    query::id(call, "id", "user")
}

/// `GET /accounts/v1/users`
pub(super) async fn list(context: TokenContext) -> Result<Answer, Problem> {
    let query = Query::read(context.call(), &FILTERS)?;
    let text = |name| query.text(name).map(ToOwned::to_owned);
    let filter = PrintUserFilter {
        name: text("name"),
        external_id: text("external_id"),
        state: query.word("state")?,
        group: query.id("group")?,
    };
    let page = paging::request(&query)?;
    let users = context
        .app()
        .print_users()
        .list(context.scope(), filter, page);
    Ok(paging::answer::<_, UserAnswer>(ALL, &query, &users.await?))
}

/// `POST /accounts/v1/users`
pub(super) async fn create(context: TokenContext) -> Result<Answer, Problem> {
    let input: UserInput = json_body::read(context.call())?;
    let once = once(context.call(), ALL, |user: &PrintUser| {
        idempotency::record(
            Some(user.id.to_string()),
            Some(user.revision),
            &UserAnswer::from(user),
        )
    })?;
    let (app, scope) = (context.app(), context.scope());
    let created = app.print_users().create(scope, input.into(), once);
    Ok(idempotency::created(ALL, created.await?))
}

/// `GET /accounts/v1/users/{id}`
pub(super) async fn show(context: TokenContext) -> Result<Answer, Problem> {
    let call = context.call();
    let user = context
        .app()
        .print_users()
        .get(context.scope(), id(call)?)
        .await?;
    Ok(preconditions::tagged(
        &call.headers,
        user.revision,
        document(&user),
    ))
}

/// `PATCH /accounts/v1/users/{id}`
pub(super) async fn update(context: TokenContext) -> Result<Answer, Problem> {
    let (app, scope, call) = (context.app(), context.scope(), context.call());
    let id = id(call)?;
    let read = || async move {
        let user = app.print_users().to_change(scope, id).await?;
        Ok((UserInput::from(&user.details), user.revision))
    };
    let write = |input: UserInput, revision| {
        app.print_users()
            .update(scope, id, input.into(), Some(revision))
    };
    let user = patching::patch(call, read, write).await?;
    Ok(preconditions::with_etag(document(&user), user.revision))
}

impl Patched for UserInput {}

/// `DELETE /accounts/v1/users/{id}`
pub(super) async fn delete(context: TokenContext) -> Result<Answer, Problem> {
    let (app, scope, call) = (context.app(), context.scope(), context.call());
    let id = id(call)?;
    let condition = IfMatch::read(&call.headers)?;
    let current = async { Ok(app.print_users().to_change(scope, id).await?.revision) };
    let expected = condition.expected(current).await?;
    let deleted = app.print_users().delete(scope, id, expected).await;
    deleted.map_err(|refusal| condition.problem(refusal))?;
    Ok(answers::empty(StatusCode::NO_CONTENT))
}

fn document(user: &PrintUser) -> Answer {
    answers::private_json(StatusCode::OK, &UserAnswer::from(user))
}
