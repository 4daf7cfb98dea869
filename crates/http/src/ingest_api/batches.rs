//! `POST /ingest/v1/batches`: records, one a line, under a name that makes retries harmless.

use http::{HeaderMap, HeaderName, StatusCode};
use platen_app::printing::ingest::{BatchRefusal, RecordAnswer};
use platen_domain::collectors::BatchId;
use schemars::JsonSchema;
use serde::Serialize;

use super::coding;
use crate::answers::{self, Answer};
use crate::policy::CollectorContext;
use crate::problem_kinds;
use crate::problems::Problem;

pub(super) const EPOCH: HeaderName = HeaderName::from_static("platen-batch-epoch");
pub(super) const SEQUENCE: HeaderName = HeaderName::from_static("platen-batch-sequence");

/// What became of a batch: counts first, then each record in the order sent.
#[derive(Serialize, JsonSchema)]
pub(super) struct Receipt<'a> {
    /// As the header said.
    epoch: u64,
    /// As the header said.
    sequence: u64,
    /// Records of jobs that were not known.
    accepted: usize,
    /// Records that say more of a known job.
    revised: usize,
    /// Records that say nothing new.
    duplicate: usize,
    /// Records that end in the future of the server's clock: kept, and counted once it has come
    /// so far.
    held: usize,
    /// Records that were not taken.
    rejected: usize,
    /// Each record.
    records: Vec<Outcome<'a>>,
}

/// What became of one record.
#[derive(Serialize, JsonSchema)]
struct Outcome<'a> {
    /// The same as the count of its kind.
    #[schemars(extend("enum" = ["accepted", "revised", "duplicate", "held", "rejected"]))]
    outcome: &'static str,
    /// Why it was rejected or is held: the field and what was expected.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
}

/// Takes a batch in. 200 says that every record that was not rejected is on disk.
pub(super) async fn push(context: CollectorContext) -> Result<Answer, Problem> {
    let (server, call, scope) = context.into_parts();
    let batch = BatchId {
        epoch: number(&call.headers, &EPOCH)?,
        sequence: number(&call.headers, &SEQUENCE)?,
    };
    let (headers, body, _place) = (call.headers, call.body, call.place);
    let decoded = tokio::task::spawn_blocking(move || coding::decoded(&headers, body));
    let records = decoded.await.map_err(|_panic| Problem::internal())??;
    let answers = server
        .app
        .printing()
        .ingest(&scope, batch, &records)
        .await?;
    Ok(receipt(batch, &answers))
}

fn number(headers: &HeaderMap, name: &HeaderName) -> Result<u64, Problem> {
    let field = headers.get(name).and_then(|field| field.to_str().ok());
    field.and_then(|text| text.parse().ok()).ok_or_else(|| {
        let detail = format!(
            "The header {name} names the batch and is missing or not a whole number: an epoch is \
             drawn once per spool, a sequence counts up within it."
        );
        problem_kinds::BAD_BATCH_ID.because(detail)
    })
}

fn receipt(batch: BatchId, answers: &[RecordAnswer]) -> Answer {
    let count = |outcome| answers.iter().filter(|a| a.outcome == outcome).count();
    let receipt = Receipt {
        epoch: batch.epoch,
        sequence: batch.sequence,
        accepted: count("accepted"),
        revised: count("revised"),
        duplicate: count("duplicate"),
        held: count("held"),
        rejected: count("rejected"),
        records: answers
            .iter()
            .map(|answer| Outcome {
                outcome: answer.outcome,
                reason: answer.reason.as_deref(),
            })
            .collect(),
    };
    answers::json(StatusCode::OK, &receipt)
}

/// So many batches are being written that another would only wait.
fn busy() -> Problem {
    problem_kinds::BUSY_WRITING
        .told()
        .with_retry_after(super::enrolments::RETRY_AFTER)
}

impl From<BatchRefusal> for Problem {
    fn from(refusal: BatchRefusal) -> Self {
        match refusal {
            BatchRefusal::Different => problem_kinds::DIFFERENT_BATCH.because(refusal.to_string()),
            BatchRefusal::TooMany => problem_kinds::TOO_MANY_RECORDS.because(refusal.to_string()),
            BatchRefusal::Busy => busy(),
            BatchRefusal::NoCollector => problem_kinds::FORBIDDEN.because(refusal.to_string()),
            BatchRefusal::Unavailable(error) => error.into(),
        }
    }
}
