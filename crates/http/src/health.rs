//! Whether the server lives and whether it can work, for supervisors and load balancers.

use http::{Method, StatusCode};

use crate::answers::{self, Answer};
use crate::openapi::{Media, Operation, Response, Tag};
use crate::policy::PublicContext;
use crate::problem_kinds;
use crate::problems::Problem;
use crate::routes::{Audience, Route};

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::public(Method::GET, "/healthz", Audience::Programs, alive).documented(|_| {
            Operation::new(Tag::Server, "isAlive", "Whether the process answers")
                .answer(line("It does.", "ok\n"))
        }),
        Route::public(Method::GET, "/readyz", Audience::Programs, ready).documented(|_| {
            Operation::new(Tag::Server, "isReady", "Whether the store takes changes")
                .answer(line("It does.", "ready\n"))
                .problems(&[&problem_kinds::UNAVAILABLE])
        }),
    ]
}

fn line(description: &'static str, text: &str) -> Response {
    let media = Media::text("text/plain", "One word.", text);
    Response::new(StatusCode::OK, description).content(media)
}

/// The process answers. It says nothing else: not its version, not what it holds.
async fn alive(_context: PublicContext) -> Result<Answer, Problem> {
    Ok(answers::line(StatusCode::OK, "ok\n"))
}

/// The store takes changes. After a failed write it does not, and the process is about to end.
async fn ready(context: PublicContext) -> Result<Answer, Problem> {
    let health = context.app().store().health();
    if health.fenced.is_some() {
        return Err(Problem::unavailable(
            "The store takes no changes; the server is stopping.",
        ));
    }
    if health.writes_waiting >= health.write_queue {
        return Err(Problem::unavailable(
            "The store's queue of changes is full.",
        ));
    }
    Ok(answers::line(StatusCode::OK, "ready\n"))
}
