//! The web console: pages rendered on the server, complete without scripts.
//!
//! A request's way: the route's policy yields who asks, a handler calls one use case, fills a
//! view structure of `pages`, and a template writes it. Scripts only spare presses of buttons;
//! the content security policy allows nothing but this server's own files.

pub mod addresses;
pub(crate) mod assets;
mod clients;
mod fleet;
mod forms;
mod grid_address;
mod icons;
mod instructions;
mod moments;
mod pages;
mod power_query;
mod report_apis;
mod sessions;
mod set_up;
mod states;
mod transactions;

use askama::Template;
use http::{Method, StatusCode};

use crate::answers::{self, Answer};
use crate::policy::{ConsoleContext, PublicContext};
use crate::problems::Problem;
use crate::request_ids::RequestId;
use crate::routes::{Audience, Route};
use pages::frame::{Frame, first_room};
use pages::message::{Message, WayOn};

/// Assets change their name with their content, so browsers may keep them for good.
const KEEP_FOR_GOOD: &str = "public, max-age=31536000, immutable";

/// Every route of the console.
pub(crate) fn routes() -> Vec<Route> {
    let own = vec![
        Route::console_any(Method::GET, addresses::HOME, home),
        Route::public(Method::GET, addresses::ASSET, Audience::People, asset),
    ];
    let rooms = [
        own,
        sessions::routes(),
        set_up::routes(),
        report_apis::routes(),
        clients::routes(),
        transactions::routes(),
        fleet::routes(),
    ];
    rooms.into_iter().flatten().collect()
}

/// A problem as a page.
pub(crate) fn error_page(problem: &Problem, request_id: RequestId) -> String {
    let way_on = if problem.status == StatusCode::UNAUTHORIZED {
        WayOn {
            label: "Sign in",
            href: addresses::SIGN_IN,
        }
    } else {
        WayOn {
            label: "Go to the start page",
            href: addresses::HOME,
        }
    };
    let message = Message {
        heading: problem.title,
        text: problem.detail.clone().into_owned(),
        request_id: Some(request_id.to_string()),
        way_on: Some(way_on),
    };
    message
        .render()
        .unwrap_or_else(|_| problem.title.to_owned())
}

async fn home(context: ConsoleContext) -> Result<Answer, Problem> {
    match first_room(&context.session().user) {
        Some(room) => Ok(answers::see_other(room)),
        None => Err(Problem::forbidden(
            "no-room",
            "Your role includes no page of the console.",
        )),
    }
}

async fn asset(context: PublicContext) -> Result<Answer, Problem> {
    let asset = assets::find(context.call().parameter("file")).ok_or_else(Problem::not_found)?;
    Ok(answers::file(
        asset.content_type,
        KEEP_FOR_GOOD,
        asset.bytes,
    ))
}

/// The frame around the room at `current`.
fn frame(context: &ConsoleContext, current: &str) -> Frame {
    let session = context.session();
    let form_token = forms::token(&session.session);
    Frame::new(&session.user, &session.organization, form_token, current)
}

fn page(status: StatusCode, template: &impl Template) -> Result<Answer, Problem> {
    match template.render() {
        Ok(html) => Ok(answers::html(status, html)),
        Err(error) => {
            tracing::error!(
                error = &error as &dyn std::error::Error,
                "a page could not be written"
            );
            Err(Problem::internal())
        }
    }
}

/// An error's text as a sentence of a page.
fn sentence(error: &impl std::fmt::Display) -> String {
    let text = error.to_string();
    let mut characters = text.chars();
    let first = characters.next().map(char::to_uppercase);
    let capitalized: String = first.into_iter().flatten().chain(characters).collect();
    if capitalized.ends_with('.') {
        capitalized
    } else {
        format!("{capitalized}.")
    }
}
