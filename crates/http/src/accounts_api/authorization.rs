//! The door of the Accounts API: an access token in the `Authorization` header (RFC 6750).

use http::HeaderValue;
use http::header::WWW_AUTHENTICATE;
use platen_app::access::access_tokens::TokenRefusal;
use platen_domain::clients::OauthScope;
use platen_domain::scope::{Actor, Scope};

use crate::bearer;
use crate::policy::Call;
use crate::problem_kinds;
use crate::problems::Problem;
use crate::server::Server;

/// The field of a query in which RFC 6750 2.3 would let a token stand.
const TOKEN_FIELD: &str = "access_token";

/// Finds the token and asks whether it opens `wanted`.
pub(crate) async fn authorize(
    server: &Server,
    wanted: OauthScope,
    call: &Call,
) -> Result<Scope, Problem> {
    refuse_token_in_query(call)?;
    let token = bearer::token(&call.headers).ok_or_else(missing)?;
    let admitted = server
        .app
        .access()
        .authenticate_token(token.expose(), wanted)
        .await;
    let scope = admitted.map_err(refused)?;
    count(server, &scope)?;
    Ok(scope)
}

/// Counts one request of the token's client.
fn count(server: &Server, scope: &Scope) -> Result<(), Problem> {
    let Actor::Client { id, .. } = scope.actor() else {
        return Ok(());
    };
    let counted = server.client_requests.admit(*id, server.app.now());
    counted.map_err(|wait| {
        let most = server.client_requests.most();
        let detail = format!("A Client Application may send at most {most} requests a minute.");
        problem_kinds::TOO_MANY_CLIENT_REQUESTS
            .because(detail)
            .with_retry_after(wait)
    })
}

fn refused(refusal: TokenRefusal) -> Problem {
    match refusal {
        TokenRefusal::Unauthorized => over(),
        TokenRefusal::InsufficientScope(wanted) => insufficient_scope(wanted),
        TokenRefusal::Licence(refusal) => {
            let detail = format!("The API is closed: {refusal}.");
            problem_kinds::LICENCE_REQUIRED.because(detail)
        }
        TokenRefusal::Unavailable(error) => error.into(),
    }
}

/// One answer for a malformed, unknown, expired or revoked token, and for one whose client was
/// revoked.
pub(super) fn over() -> Problem {
    challenged(
        problem_kinds::UNAUTHORIZED_TOKEN.told(),
        "Bearer realm=\"Platen\", error=\"invalid_token\"",
    )
}

/// Without an error code: nothing was shown that could be wrong (RFC 6750 3.1).
fn missing() -> Problem {
    let problem = problem_kinds::UNAUTHORIZED_TOKEN.because(
        "Send an access token as 'Authorization: Bearer <token>'. The Client Application gets one \
         at /oauth/token.",
    );
    challenged(problem, "Bearer realm=\"Platen\"")
}

fn challenged(problem: Problem, challenge: &'static str) -> Problem {
    problem.with_header(WWW_AUTHENTICATE, HeaderValue::from_static(challenge))
}

fn insufficient_scope(wanted: OauthScope) -> Problem {
    let challenge = match wanted {
        OauthScope::AccountsRead => {
            "Bearer realm=\"Platen\", error=\"insufficient_scope\", scope=\"accounts.read\""
        }
        OauthScope::AccountsWrite => {
            "Bearer realm=\"Platen\", error=\"insufficient_scope\", scope=\"accounts.write\""
        }
    };
    let detail = format!("This access token was not issued for the scope {wanted}.");
    challenged(problem_kinds::INSUFFICIENT_SCOPE.because(detail), challenge)
}

/// Addresses end in histories, proxies' logs and referrers: a token does not belong there, and
/// one that was sent so must not seem to work.
fn refuse_token_in_query(call: &Call) -> Result<(), Problem> {
    let query = call.query()?;
    let in_query = query
        .iter()
        .any(|(name, _)| name.eq_ignore_ascii_case(TOKEN_FIELD));
    if !in_query {
        return Ok(());
    }
    let challenge = "Bearer realm=\"Platen\", error=\"invalid_request\"";
    let problem = problem_kinds::TOKEN_IN_QUERY.told();
    Err(challenged(problem, challenge))
}
