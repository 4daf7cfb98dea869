//! `/accounts/v1/accounts/{id}/access`: who may do what with an account.

use http::StatusCode;
use platen_app::accounts::{Access, AccountsRefusal};

use super::accounts::{id, revision};
use super::json_body;
use super::preconditions::{self, IfMatch};
use super::wire::access::{AccessAnswer, AccessEntryInput, AccessInput};
use crate::answers::{self, Answer};
use crate::policy::TokenContext;
use crate::problems::Problem;

pub(super) const ONE: &str = "/accounts/v1/accounts/{id}/access";
pub(super) const ENTRIES: &str = "/accounts/v1/accounts/{id}/access/entries";

/// Octets of an access list: a thousand entries with the longest names in UTF-8.
pub(super) const ACCESS_OCTETS: usize = 2 * 1024 * 1024;

/// `GET /accounts/v1/accounts/{id}/access`
pub(super) async fn show(context: TokenContext) -> Result<Answer, Problem> {
    let call = context.call();
    let access = context.app().accounts().access(context.scope(), id(call)?);
    let access = access.await?;
    Ok(preconditions::tagged(
        &call.headers,
        access.revision,
        document(&access),
    ))
}

/// `PUT /accounts/v1/accounts/{id}/access`
pub(super) async fn replace(context: TokenContext) -> Result<Answer, Problem> {
    let (app, scope, call) = (context.app(), context.scope(), context.call());
    let id = id(call)?;
    let entries = json_body::read::<AccessInput>(call)?.read();
    let condition = IfMatch::read(&call.headers)?;
    let expected = condition.expected(revision(&context, id)).await?;
    let replaced = app.accounts().replace_access(scope, id, entries, expected);
    told(&condition, replaced.await)
}

/// `POST /accounts/v1/accounts/{id}/access/entries`. Doing it twice does nothing more, so that no
/// key is needed to repeat it.
pub(super) async fn set_entry(context: TokenContext) -> Result<Answer, Problem> {
    let (app, scope, call) = (context.app(), context.scope(), context.call());
    let id = id(call)?;
    let (subject, verbs) = json_body::read::<AccessEntryInput>(call)?.read();
    let condition = IfMatch::read(&call.headers)?;
    let expected = condition.expected(revision(&context, id)).await?;
    let set = app
        .accounts()
        .set_access(scope, id, subject, verbs, expected);
    told(&condition, set.await)
}

fn told(condition: &IfMatch, access: Result<Access, AccountsRefusal>) -> Result<Answer, Problem> {
    let access = access.map_err(|refusal| condition.problem(refusal))?;
    Ok(preconditions::with_etag(document(&access), access.revision))
}

fn document(access: &Access) -> Answer {
    answers::private_json(StatusCode::OK, &AccessAnswer::from(access))
}
