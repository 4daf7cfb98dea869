//! `/accounts/v1/point-rules`: how many points print jobs take.

use http::StatusCode;
use platen_domain::points::PointRules;

use super::json_body;
use super::preconditions::{self, IfMatch};
use super::wire::point_rules::PointRulesForm;
use crate::answers::{self, Answer};
use crate::policy::TokenContext;
use crate::problems::Problem;

pub(super) const ONE: &str = "/accounts/v1/point-rules";

/// `GET /accounts/v1/point-rules`
pub(super) async fn show(context: TokenContext) -> Result<Answer, Problem> {
    let (rules, revision) = context
        .app()
        .accounts()
        .point_rules(context.scope())
        .await?;
    let headers = &context.call().headers;
    Ok(preconditions::tagged(headers, revision, document(&rules)))
}

/// `PUT /accounts/v1/point-rules`
pub(super) async fn replace(context: TokenContext) -> Result<Answer, Problem> {
    let (app, scope, call) = (context.app(), context.scope(), context.call());
    let form: PointRulesForm = json_body::read(call)?;
    let condition = IfMatch::read(&call.headers)?;
    let current = async { Ok(app.accounts().point_rules_to_change(scope).await?.1) };
    let expected = condition.expected(current).await?;
    let set = app
        .accounts()
        .set_point_rules(scope, form.into(), expected)
        .await;
    let (rules, revision) = set.map_err(|refusal| condition.problem(refusal))?;
    Ok(preconditions::with_etag(document(&rules), revision))
}

fn document(rules: &PointRules) -> Answer {
    answers::private_json(StatusCode::OK, &PointRulesForm::from(rules))
}
