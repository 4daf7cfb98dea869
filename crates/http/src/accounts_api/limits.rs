//! `/accounts/v1/accounts/{id}/limit`: how many points each user of an account gets.

use http::StatusCode;
use platen_domain::account_limits::Limit;

use super::accounts::{id, revision};
use super::json_body;
use super::patching;
use super::preconditions::{self, IfMatch};
use super::wire::limits::LimitForm;
use crate::answers::{self, Answer};
use crate::policy::TokenContext;
use crate::problems::Problem;

pub(super) const ONE: &str = "/accounts/v1/accounts/{id}/limit";

/// `GET /accounts/v1/accounts/{id}/limit`
pub(super) async fn show(context: TokenContext) -> Result<Answer, Problem> {
    let call = context.call();
    let limit = context.app().accounts().limit(context.scope(), id(call)?);
    let (limit, revision) = limit.await?;
    Ok(preconditions::tagged(
        &call.headers,
        revision,
        document(&limit),
    ))
}

/// `PUT /accounts/v1/accounts/{id}/limit`
pub(super) async fn replace(context: TokenContext) -> Result<Answer, Problem> {
    let (app, scope, call) = (context.app(), context.scope(), context.call());
    let id = id(call)?;
    let limit = json_body::read::<LimitForm>(call)?.read()?;
    let condition = IfMatch::read(&call.headers)?;
    let expected = condition.expected(revision(&context, id)).await?;
    let set = app.accounts().set_limit(scope, id, limit, expected).await;
    let (limit, revision) = set.map_err(|refusal| condition.problem(refusal))?;
    Ok(preconditions::with_etag(document(&limit), revision))
}

/// `PATCH /accounts/v1/accounts/{id}/limit`
pub(super) async fn update(context: TokenContext) -> Result<Answer, Problem> {
    let (app, scope, call) = (context.app(), context.scope(), context.call());
    let id = id(call)?;
    let read = || async move {
        let (account, limit) = app.accounts().to_change(scope, id).await?;
        Ok((LimitForm::from(&limit), account.revision))
    };
    let write = |form: LimitForm, revision| async move {
        let limit = form.read()?;
        app.accounts()
            .set_limit(scope, id, limit, Some(revision))
            .await
    };
    let (limit, revision) = patching::patch(call, read, write).await?;
    Ok(preconditions::with_etag(document(&limit), revision))
}

fn document(limit: &Limit) -> Answer {
    answers::private_json(StatusCode::OK, &LimitForm::from(limit))
}
