//! `/accounts/v1/groups`: groups of users who print.

use http::StatusCode;
use platen_app::accounts::AccountsRefusal;
use platen_app::operation::idempotency::Answered;
use platen_domain::ids::GroupId;
use platen_domain::print_users::Group;

use super::idempotency::{self, once};
use super::json_body;
use super::paging;
use super::patching::{self, Patched};
use super::preconditions::{self, IfMatch};
use super::query::{self, Query};
use super::wire::groups::{GroupAnswer, GroupInput, MembersInput};
use super::wire::labels::LabelAnswer;
use crate::answers::{self, Answer};
use crate::policy::{Call, TokenContext};
use crate::problems::Problem;

pub(super) const ALL: &str = "/accounts/v1/groups";
pub(super) const ONE: &str = "/accounts/v1/groups/{id}";
pub(super) const MEMBERS: &str = "/accounts/v1/groups/{id}/members";
pub(super) const MEMBER: &str = "/accounts/v1/groups/{id}/members/{user}";

/// Octets of a list of members: ten thousand of the longest names in UTF-8.
pub(super) const MEMBERS_OCTETS: usize = 12 * 1024 * 1024;

/// What the list is filtered by.
pub(super) const FILTERS: [&str; 3] = ["name", paging::LIMIT, paging::CURSOR];

fn id(call: &Call) -> Result<GroupId, Problem> {
    query::id(call, "id", "group")
}

/// `GET /accounts/v1/groups`
pub(super) async fn list(context: TokenContext) -> Result<Answer, Problem> {
    let query = Query::read(context.call(), &FILTERS)?;
    let name = query.text("name").map(ToOwned::to_owned);
    let page = paging::request(&query)?;
    let groups = context
        .app()
        .groups()
        .list(context.scope(), name, page)
        .await?;
    Ok(paging::answer::<_, GroupAnswer>(ALL, &query, &groups))
}

/// `POST /accounts/v1/groups`
pub(super) async fn create(context: TokenContext) -> Result<Answer, Problem> {
    let input: GroupInput = json_body::read(context.call())?;
    let once = once(context.call(), ALL, |group: &Group| {
        idempotency::record(
            Some(group.id.to_string()),
            Some(group.revision),
            &GroupAnswer::from(group),
        )
    })?;
    let created = context
        .app()
        .groups()
        .create(context.scope(), input.into(), once);
    Ok(idempotency::created(ALL, created.await?))
}

/// `GET /accounts/v1/groups/{id}`
pub(super) async fn show(context: TokenContext) -> Result<Answer, Problem> {
    let call = context.call();
    let group = context
        .app()
        .groups()
        .get(context.scope(), id(call)?)
        .await?;
    Ok(preconditions::tagged(
        &call.headers,
        group.revision,
        document(&group),
    ))
}

/// `PATCH /accounts/v1/groups/{id}`
pub(super) async fn update(context: TokenContext) -> Result<Answer, Problem> {
    let (app, scope, call) = (context.app(), context.scope(), context.call());
    let id = id(call)?;
    let read = || async move {
        let group = app.groups().to_change(scope, id).await?;
        Ok((GroupInput::from(&group.details), group.revision))
    };
    let write =
        |input: GroupInput, revision| app.groups().update(scope, id, input.into(), Some(revision));
    let group = patching::patch(call, read, write).await?;
    Ok(preconditions::with_etag(document(&group), group.revision))
}

impl Patched for GroupInput {}

/// `DELETE /accounts/v1/groups/{id}`
pub(super) async fn delete(context: TokenContext) -> Result<Answer, Problem> {
    let (app, scope, call) = (context.app(), context.scope(), context.call());
    let id = id(call)?;
    let condition = IfMatch::read(&call.headers)?;
    let expected = condition.expected(revision(&context, id)).await?;
    let deleted = app.groups().delete(scope, id, expected).await;
    deleted.map_err(|refusal| condition.problem(refusal))?;
    Ok(answers::empty(StatusCode::NO_CONTENT))
}

/// `GET /accounts/v1/groups/{id}/members`
pub(super) async fn list_members(context: TokenContext) -> Result<Answer, Problem> {
    let query = Query::read(context.call(), &[paging::LIMIT, paging::CURSOR])?;
    let (app, scope) = (context.app(), context.scope());
    let id = id(context.call())?;
    let page = paging::request(&query)?;
    let members = app.groups().members(scope, id, page).await?;
    let path = MEMBERS.replace("{id}", &id.to_string());
    Ok(paging::answer::<_, LabelAnswer>(&path, &query, &members))
}

/// `POST /accounts/v1/groups/{id}/members`
pub(super) async fn add_members(context: TokenContext) -> Result<Answer, Problem> {
    let (app, scope, call) = (context.app(), context.scope(), context.call());
    let id = id(call)?;
    let members = json_body::read::<MembersInput>(call)?.read();
    let once = once(call, MEMBERS, changed)?;
    let condition = IfMatch::read(&call.headers)?;
    let expected = condition.expected(revision(&context, id)).await?;
    let added = app.groups().add_members(scope, id, members, expected, once);
    let added = added.await.map_err(|refusal| condition.problem(refusal))?;
    Ok(idempotency::changed(added))
}

/// `PUT /accounts/v1/groups/{id}/members`
pub(super) async fn replace_members(context: TokenContext) -> Result<Answer, Problem> {
    let (app, scope, call) = (context.app(), context.scope(), context.call());
    let id = id(call)?;
    let members = json_body::read::<MembersInput>(call)?.read();
    let condition = IfMatch::read(&call.headers)?;
    let expected = condition.expected(revision(&context, id)).await?;
    let replaced = app.groups().replace_members(scope, id, members, expected);
    let group = replaced
        .await
        .map_err(|refusal| condition.problem(refusal))?;
    Ok(preconditions::with_etag(document(&group), group.revision))
}

/// `DELETE /accounts/v1/groups/{id}/members/{user}`
pub(super) async fn remove_member(context: TokenContext) -> Result<Answer, Problem> {
    let (app, scope, call) = (context.app(), context.scope(), context.call());
    let (group, user) = (id(call)?, query::id(call, "user", "user")?);
    let condition = IfMatch::read(&call.headers)?;
    let expected = condition.expected(revision(&context, group)).await?;
    let removed = app
        .groups()
        .remove_member(scope, group, user, expected)
        .await;
    removed.map_err(|refusal| condition.problem(refusal))?;
    Ok(answers::empty(StatusCode::NO_CONTENT))
}

async fn revision(context: &TokenContext, id: GroupId) -> Result<u64, AccountsRefusal> {
    let group = context.app().groups().to_change(context.scope(), id);
    Ok(group.await?.revision)
}

fn document(group: &Group) -> Answer {
    answers::private_json(StatusCode::OK, &GroupAnswer::from(group))
}

fn changed(group: &Group) -> Answered {
    idempotency::record(None, Some(group.revision), &GroupAnswer::from(group))
}
