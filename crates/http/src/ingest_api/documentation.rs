//! What the Ingest API says of itself.

use http::StatusCode;

use super::batches::Receipt;
use super::enrolments::{Application, Enrolled};
use super::privacy::Policy;
use crate::openapi::{Components, Json, Media, Operation, Parameter, Response, Tag, lines, object};
use crate::problem_kinds as kinds;

/// Two records, one of them with what is needed and nothing more.
const RECORDS: &str = r#"{"source":"agent|by-hand","id":"1","completed_at":"2026-01-05T09:30:00+01:00","user":"ada","document":"minutes.pdf","queue":"hall","impressions":4,"sides":"two-sided-long-edge"}
{"source":"agent|by-hand","id":"2","completed_at":"2026-01-05T09:31:00+01:00"}
"#;

/// `POST /ingest/v1/batches`
pub(super) fn push(components: &mut Components<'_>) -> Operation {
    let receipt = serde_json::json!({
        "epoch": 1, "sequence": 1, "accepted": 2, "revised": 0, "duplicate": 0, "held": 0, "rejected": 0,
        "records": [{"outcome": "accepted"}, {"outcome": "accepted"}],
    });
    let receipt = Media::new("application/json", components.answered::<Receipt<'_>>())
        .example(Json::from(receipt));
    let records = object([
        ("type", "string".into()),
        (
            "description",
            "One record a line: an object with `source`, `id`, `completed_at` and what else is known \
             of the job. docs/collecting.md has the fields; another field is refused."
                .into(),
        ),
    ]);
    let number = || {
        object([
            ("type", "integer".into()),
            ("minimum", 0.into()),
            ("maximum", u64::MAX.into()),
        ])
    };
    let codings = object([
        ("type", "string".into()),
        ("enum", Json::array(["gzip", "zstd", "identity"])),
    ]);
    let digest = object([
        ("type", "string".into()),
        ("pattern", "^sha-256=:[A-Za-z0-9+/]{43}=:$".into()),
    ]);
    Operation::new(Tag::Ingest, "pushBatch", "Push a batch of print records")
        .describe(
            "Sent again under its name, a batch changes nothing and is answered anew: after an \
             answer that did not come, send the same batch again. At most 5,000 records and 16 MiB \
             before compression.",
        )
        .parameter(
            Parameter::header("Platen-Batch-Epoch", number(), 1)
                .required()
                .describe("First half of the batch's name: drawn at random once per spool."),
        )
        .parameter(
            Parameter::header("Platen-Batch-Sequence", number(), 1)
                .required()
                .describe("Second half: counts up within the epoch."),
        )
        .parameter(
            Parameter::header("Content-Encoding", codings, "identity")
                .describe("How the body is compressed."),
        )
        .parameter(
            Parameter::header(
                "Content-Digest",
                digest,
                "sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:",
            )
            .describe("Digest of the body as sent (RFC 9530); checked where it is there."),
        )
        .request("The records.", lines(records, RECORDS))
        .answer(
            Response::new(
                StatusCode::OK,
                "Everything that was not rejected is on disk.",
            )
            .content(receipt),
        )
        .problems(&[
            &kinds::BAD_BATCH_ID,
            &kinds::WRONG_DIGEST,
            &kinds::BROKEN_CODING,
            &kinds::FORBIDDEN,
            &kinds::DIFFERENT_BATCH,
            &kinds::TOO_MANY_RECORDS,
            &kinds::BATCH_TOO_LARGE,
            &kinds::UNSUPPORTED_CODING,
        ])
}

/// `GET /ingest/v1/privacy`
pub(super) fn privacy(components: &mut Components<'_>) -> Operation {
    let example = serde_json::json!({
        "user": "collect", "document": "extension", "client": "drop", "time_zone": "Europe/Berlin",
    });
    let policy = Media::new("application/json", components.answered::<Policy>())
        .example(Json::from(example));
    Operation::new(Tag::Ingest, "getPrivacyPolicy", "What to leave of people")
        .describe(
            "What a collector must do to records before they leave it, and the time zone in which \
             it reads times without offset.",
        )
        .answer(Response::new(StatusCode::OK, "The organization's policy.").content(policy))
}

/// `POST /ingest/v1/enrolments`
pub(super) fn enrol(components: &mut Components<'_>) -> Operation {
    let code = "0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0";
    let example = serde_json::json!({"code": code, "name": "site 1"});
    let application = Media::new("application/json", components.sent::<Application>())
        .example(Json::from(example));
    let example = serde_json::json!({
        "collector": "019ab2c4-55d0-7e6f-8a91-b2c3d4e5f607",
        "credential": "8d7c6b5a49382716051423324150697887a6b5c4d3e2f1000f1e2d3c4b5a6978",
    });
    let enrolled = Media::new("application/json", components.answered::<Enrolled<'_>>())
        .example(Json::from(example));
    Operation::new(
        Tag::Ingest,
        "enrolCollector",
        "Trade an enrolment code for a credential",
    )
    .describe("`platen collector enrol-code` makes a code, which lets one collector in.")
    .request("Code and name.", [application])
    .answer(
        Response::new(
            StatusCode::CREATED,
            "The credential, which is told this once.",
        )
        .content(enrolled),
    )
    .problems(&[
        &kinds::BAD_ENROLMENT,
        &kinds::BAD_NAME,
        &kinds::INVALID_ENROLMENT_CODE,
    ])
}
