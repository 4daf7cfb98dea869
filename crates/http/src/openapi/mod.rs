//! The description of the APIs for programs (OpenAPI 3.1), made from the routes themselves.
//!
//! Every route that speaks to programs says what it does where it is registered:
//!
//! ```text
//! Route::collector(Method::GET, "/ingest/v1/privacy", privacy::show)
//!     .documented(documentation::privacy),
//!
//! fn privacy(components: &mut Components<'_>) -> Operation {
//!     let policy = Media::new("application/json", components.answered::<Policy>());
//!     Operation::new(Tag::Ingest, "getPrivacyPolicy", "What to leave of people")
//!         .answer(Response::new(StatusCode::OK, "The policy.").content(policy))
//!         .problems(&[&problem_kinds::NOT_FOUND])
//! }
//! ```
//!
//! - A wire type derives `schemars::JsonSchema` beside `Serialize` or `Deserialize`; its doc
//!   comments become the descriptions. Bodies that come in are described by
//!   [`Components::sent`], those that go out by [`Components::answered`]; each is written down
//!   once and referred to.
//! - Method, path, security and the problems of the policy come from the route
//!   ([`security`]), those that every request can meet from [`general`]: an operation names its
//!   own and nothing else.
//! - A route for programs without an operation fails a test, and so does a document that differs
//!   from `docs/openapi.json` (`UPDATE_GOLDEN=1 cargo test -p platen-http --test openapi`).
//!
//! The server hands the document out with its own names of columns.

mod components;
mod document;
mod examples;
mod general;
mod json;
mod lines;
mod operation;
mod page;
mod refusals;
mod security;
mod serving;

pub(crate) use components::Components;
pub(crate) use document::Document;
pub(crate) use general::ETAG;
pub(crate) use json::{Json, object};
pub(crate) use lines::{NDJSON, OCTETS, lines};
pub(crate) use operation::{Header, Media, Operation, Parameter, Response, Tag};
pub(crate) use serving::{Published, routes};

use crate::report_api::layouts::Layouts;
use crate::routes::Registry;

/// Where the document is.
pub(crate) const DOCUMENT: &str = "/openapi.json";

/// Where people read it.
pub(crate) const PAGE: &str = "/openapi";

/// The document as JSON: what a server with `layouts` answers at `/openapi.json`.
pub fn document(layouts: &Layouts) -> String {
    Document::of(&Registry::new(), layouts).to_json()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::document::Documented;
    use super::operation::Place;
    use super::*;
    use crate::routes::Audience;

    fn documented() -> Vec<Documented> {
        Document::of(&Registry::new(), &Layouts::default()).operations
    }

    #[test]
    fn every_route_for_programs_is_described_and_no_page_is() {
        for route in Registry::new().routes() {
            let programs = route.audience() != Audience::People;
            let (method, path) = (route.method(), route.path());
            assert_eq!(route.is_documented(), programs, "{method} {path}");
        }
    }

    #[test]
    fn every_part_of_a_path_is_a_parameter() {
        for Documented {
            path, operation, ..
        } in documented()
        {
            let parts = path.split('/').filter_map(|part| part.strip_prefix('{'));
            let parts: Vec<_> = parts.filter_map(|part| part.strip_suffix('}')).collect();
            let parameters = operation.parameters.iter();
            let named: Vec<_> = parameters
                .filter(|parameter| parameter.place == Place::Path)
                .map(|parameter| parameter.name)
                .collect();
            assert_eq!(named, parts, "{path}");
        }
    }

    #[test]
    fn operations_have_names_of_their_own() {
        let operations = documented();
        let ids: BTreeSet<_> = operations.iter().map(|o| o.operation.id).collect();
        assert_eq!(ids.len(), operations.len());
    }
}
