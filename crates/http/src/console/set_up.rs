//! The first System Administrator, created by who holds the one-time set-up link.

use http::{Method, StatusCode};
use platen_app::access::links::LinkRefusal;
use platen_app::access::set_up::SetUpRefusal;
use platen_app::access::users::PASSWORD_CHARS_MIN;
use platen_domain::secret::Secret;

use super::pages::sessions::SetUpPage;
use super::{addresses, page, sentence, sessions};
use crate::answers::Answer;
use crate::policy::{self, SetUpContext};
use crate::problems::Problem;
use crate::routes::Route;

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::set_up(Method::GET, addresses::SET_UP, show),
        Route::set_up(Method::POST, addresses::SET_UP, set_up),
    ]
}

async fn show(context: SetUpContext) -> Result<Answer, Problem> {
    page(StatusCode::OK, &form(&context, "", None))
}

async fn set_up(context: SetUpContext) -> Result<Answer, Problem> {
    let fields = context.call().form()?;
    let field = |name| fields.get(name).unwrap_or("");
    let (name, password) = (field("name"), field("password"));
    if password != field("confirmation") {
        let differ = "The two passwords differ.".to_owned();
        return page(
            StatusCode::UNPROCESSABLE_ENTITY,
            &form(&context, name, Some(differ)),
        );
    }
    let token = context.token().expose();
    let created = context
        .app()
        .access()
        .set_up(token, name, Secret::new(password.to_owned()))
        .await;
    match created {
        Ok(session) => Ok(sessions::begin(context.server().session_cookie, &session)),
        Err(SetUpRefusal::Credentials(problem)) => {
            let again = form(&context, name, Some(sentence(&problem)));
            page(StatusCode::UNPROCESSABLE_ENTITY, &again)
        }
        Err(SetUpRefusal::Busy) => Err(Problem::unavailable(sentence(&SetUpRefusal::Busy))),
        Err(SetUpRefusal::Link(LinkRefusal::Unavailable(error))) => Err(error.into()),
        Err(SetUpRefusal::Link(refusal)) => Err(policy::link_problem(&refusal)),
    }
}

fn form(context: &SetUpContext, name: &str, problem: Option<String>) -> SetUpPage {
    SetUpPage {
        organization: context.organization().name.clone(),
        action: addresses::SET_UP.replace("{token}", context.token().expose()),
        name: name.to_owned(),
        password_min: PASSWORD_CHARS_MIN,
        problem,
    }
}
