//! Many things at once.

use http::StatusCode;

use super::{REPLAYED, once, operation};
use crate::accounts_api::wire::bulk::{LineAnswer, LineInput, Summary};
use crate::openapi::{Components, Json, Operation, Parameter, Response, lines, object};
use crate::problem_kinds as kinds;

const LINES: &str = r#"{"account":{"code":"BIO","name":"Biology"}}
{"account":{"code":"BIO-101","name":"Biology 101","parent":"BIO"}}
{"limit":{"account":"BIO-101","points_per_user":200,"period":"monthly"}}
{"user":{"name":"ada","display_name":"Ada Lovelace"}}
{"member":{"group":"Staff","user":"ada"}}
{"access":{"account":"BIO-101","subject":{"group":"Staff"},"verbs":["charge"]}}
"#;

const ANSWERS: &str = r#"{"line":1,"outcome":"created","account":"019ab2c4-55d0-7e6f-8a91-b2c3d4e5f607","error":null}
{"line":2,"outcome":"failed","account":null,"error":{"code":"taken","detail":"external_id: another one has this value already."}}
{"applied":true,"dry_run":false,"created":1,"updated":0,"unchanged":0,"failed":1}
"#;

/// `POST /accounts/v1/bulk`
pub(in super::super) fn run(components: &mut Components<'_>) -> Operation {
    // Their forms stand among the schemas, where the texts below refer to.
    components.sent::<LineInput>();
    components.answered::<LineAnswer>();
    components.answered::<Summary>();
    let asked = text(
        "One JSON object a line, each as the schema `BulkLine` says; blank lines do not count.",
    );
    let asked = asked.with("pattern", r"[^ \t\n\r\f]");
    let answered = |status, description| {
        let form = text(
            "For each line one as the schema `BulkLineAnswer` says, and in the end one as \
             `BulkSummary` says.",
        );
        let response = Response::new(status, description).header(REPLAYED);
        let content = lines(form, ANSWERS).into_iter();
        content.fold(response, Response::content)
    };
    let flag = || object([("type", "boolean".into()), ("default", false.into())]);
    let dry_run = Parameter::query("dry_run", flag(), true);
    let all_or_nothing = Parameter::query("all_or_nothing", flag(), true);
    let operation = operation("runBulk", "Do many things at once")
        .describe(
            "In the order of the lines, 250 in a transaction; with `dry_run` or `all_or_nothing` in one. 10,000 \
             lines and 16 MiB at most. The answer has the media type of the request. Where `all_or_nothing` refuses, the status is 422 and the body has the lines of a 200.",
        )
        .parameter(dry_run.describe("Says what would happen and does nothing."))
        .parameter(all_or_nothing.describe("Does nothing unless every line can be done."))
        .request("The lines.", lines(asked, LINES))
        .answer(answered(
            StatusCode::OK,
            "Lines that did not fail are done, or would be.",
        ))
        .answer(answered(
            StatusCode::UNPROCESSABLE_ENTITY,
            "Nothing is done: with `all_or_nothing` one of the lines failed.",
        ))
        .problems(&[
            &kinds::BAD_JSON,
            &kinds::BAD_PARAMETER,
            &kinds::UNSUPPORTED_MEDIA_TYPE,
            &kinds::TOO_MANY_LINES,
        ]);
    once(operation)
}

fn text(description: &str) -> Json {
    object([
        ("type", "string".into()),
        ("description", description.into()),
    ])
}
