//! Analysis > API: generating and revoking the Client Application, with its secret shown once.

use http::Method;
use platen_app::access::clients::ClientChangeError;
use platen_domain::roles::Capability;

use super::pages::clients::MadeClient;
use super::report_apis::{Fresh, screen};
use super::{addresses, forms, sentence};
use crate::answers::{self, Answer};
use crate::policy::ConsoleContext;
use crate::problems::Problem;
use crate::routes::Route;

pub(super) fn routes() -> Vec<Route> {
    let needs = Capability::AnalysisApi;
    vec![
        Route::console(Method::POST, addresses::CLIENT_GENERATE, needs, generate),
        Route::console(Method::POST, addresses::CLIENT_REVOKE, needs, revoke),
    ]
}

/// Makes the client and answers with the one page that shows its secret. When there is one, as
/// when the form is sent twice, that one stays.
async fn generate(context: ConsoleContext) -> Result<Answer, Problem> {
    forms::read(&context)?;
    let generated = context
        .app()
        .access()
        .generate_client(&context.session().scope);
    match generated.await {
        Ok((record, secret)) => {
            let made = MadeClient::new(&context.server().public_url, &record, &secret);
            screen(&context, Some(Fresh::Client(made))).await
        }
        Err(ClientChangeError::AlreadyLive) => Ok(answers::see_other(addresses::REPORT_APIS)),
        Err(ClientChangeError::Licence(refusal)) => {
            let detail = format!(
                "{} Install one that covers accounts, then generate the Client Application.",
                sentence(&refusal)
            );
            Err(Problem::forbidden("licence-required", detail))
        }
        Err(ClientChangeError::Unavailable(error)) => Err(error.into()),
    }
}

/// Revokes the client that the page showed, and no other.
async fn revoke(context: ConsoleContext) -> Result<Answer, Problem> {
    let form = forms::read(&context)?;
    if let Ok(shown) = form.get("client").unwrap_or("").parse() {
        let scope = &context.session().scope;
        context.app().access().revoke_client(scope, shown).await?;
    }
    Ok(answers::see_other(addresses::REPORT_APIS))
}
