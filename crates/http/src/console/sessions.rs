//! Signing in by password or by one-time link, and signing out.

use http::header::RETRY_AFTER;
use http::{HeaderValue, Method, StatusCode};
use platen_app::access::links::LinkRefusal;
use platen_app::access::sessions::NewSession;
use platen_app::access::sign_in::SignInRefusal;
use platen_domain::secret::Secret;

use super::pages::sessions::{SignInLinkPage, SignInPage};
use super::{addresses, forms, page, sentence};
use crate::answers::{self, Answer};
use crate::cookies::SessionCookie;
use crate::policy::{self, ConsoleContext, PublicContext};
use crate::problems::Problem;
use crate::routes::{Audience, Route};

pub(super) fn routes() -> Vec<Route> {
    use Audience::People;
    vec![
        Route::public(Method::GET, addresses::SIGN_IN, People, show),
        Route::public(Method::POST, addresses::SIGN_IN, People, sign_in),
        Route::public(Method::GET, addresses::SIGN_IN_LINK, People, show_link),
        Route::public(
            Method::POST,
            addresses::SIGN_IN_LINK,
            People,
            sign_in_with_link,
        ),
        Route::console_any(Method::POST, addresses::SIGN_OUT, sign_out),
    ]
}

async fn show(_context: PublicContext) -> Result<Answer, Problem> {
    page(StatusCode::OK, &SignInPage::default())
}

async fn sign_in(context: PublicContext) -> Result<Answer, Problem> {
    let call = context.call();
    let form = call.form()?;
    let name = form.get("name").unwrap_or("");
    let password = Secret::new(form.get("password").unwrap_or("").to_owned());
    let refusal = match context
        .app()
        .access()
        .sign_in(name, &password, call.peer)
        .await
    {
        Ok(session) => return Ok(begin(context.server().session_cookie, &session)),
        Err(SignInRefusal::Unavailable(error)) => return Err(error.into()),
        Err(refusal) => refusal,
    };
    let again = SignInPage {
        name: name.to_owned(),
        refusal: Some(sentence(&refusal)),
    };
    match refusal {
        SignInRefusal::Throttled { retry_after } => {
            let mut answer = page(StatusCode::TOO_MANY_REQUESTS, &again)?;
            let seconds = HeaderValue::from(retry_after.as_secs().max(1));
            answer.headers_mut().insert(RETRY_AFTER, seconds);
            Ok(answer)
        }
        SignInRefusal::Wrong | SignInRefusal::Unavailable(_) => page(StatusCode::FORBIDDEN, &again),
    }
}

/// Programs that look at a link for a preview get this page, and the link stays good.
async fn show_link(context: PublicContext) -> Result<Answer, Problem> {
    let token = context.call().parameter("token");
    let action = addresses::SIGN_IN_LINK.replace("{token}", token);
    page(StatusCode::OK, &SignInLinkPage { action })
}

async fn sign_in_with_link(context: PublicContext) -> Result<Answer, Problem> {
    let token = context.call().parameter("token");
    match context.app().access().sign_in_with_link(token).await {
        Ok(session) => Ok(begin(context.server().session_cookie, &session)),
        Err(LinkRefusal::Unavailable(error)) => Err(error.into()),
        Err(refusal) => Err(policy::link_problem(&refusal)),
    }
}

async fn sign_out(context: ConsoleContext) -> Result<Answer, Problem> {
    forms::read(&context)?;
    context.app().access().sign_out(context.session()).await?;
    let mut answer = answers::see_other(addresses::SIGN_IN);
    let (name, value) = context.server().session_cookie.end();
    answer.headers_mut().insert(name, value);
    Ok(answer)
}

/// Hands the browser its session and sends it to the start page.
pub(super) fn begin(cookie: SessionCookie, session: &NewSession) -> Answer {
    let mut answer = answers::see_other(addresses::HOME);
    let (name, value) = cookie.begin(session);
    answer.headers_mut().insert(name, value);
    answer
}
