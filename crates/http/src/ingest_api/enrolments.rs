//! `POST /ingest/v1/enrolments`: a one-time code for a credential that is shown once.

use std::time::Duration;

use http::StatusCode;
use platen_app::access::collectors::{COLLECTOR_NAME_CHARS_MAX, EnrolmentRefusal};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::answers::{self, Answer};
use crate::policy::EnrolmentContext;
use crate::problem_kinds;
use crate::problems::Problem;

/// After which a collector that was put off comes again.
pub(super) const RETRY_AFTER: Duration = Duration::from_secs(1);

/// Who asks to be let in.
#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "EnrolmentRequest")]
#[serde(deny_unknown_fields)]
pub(super) struct Application {
    /// The one-time code.
    code: String,
    /// What people shall call the collector: visible characters.
    #[schemars(length(min = 1, max = COLLECTOR_NAME_CHARS_MAX))]
    name: String,
}

/// A collector that was let in.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Enrolment")]
pub(super) struct Enrolled<'a> {
    /// Its identifier.
    collector: String,
    /// What it shows from now on. It is told this once.
    credential: &'a str,
}

/// Enrols a collector. Whoever has a good code may.
pub(super) async fn enrol(context: EnrolmentContext) -> Result<Answer, Problem> {
    let application: Application =
        serde_json::from_slice(&context.call().body).map_err(|error| {
            let detail = format!("Expected {{\"code\": \"…\", \"name\": \"…\"}}: {error}.");
            problem_kinds::BAD_ENROLMENT.because(detail)
        })?;
    let enrolled = context
        .app()
        .access()
        .enrol(&application.code, &application.name);
    let (record, credential) = enrolled.await?;
    let enrolled = Enrolled {
        collector: record.id.to_string(),
        credential: credential.expose(),
    };
    Ok(answers::private_json(StatusCode::CREATED, &enrolled))
}

impl From<EnrolmentRefusal> for Problem {
    fn from(refusal: EnrolmentRefusal) -> Self {
        match refusal {
            EnrolmentRefusal::Code => {
                problem_kinds::INVALID_ENROLMENT_CODE.because(format!("Sorry, {refusal}."))
            }
            EnrolmentRefusal::Name => problem_kinds::BAD_NAME.because(refusal.to_string()),
            EnrolmentRefusal::Unavailable(error) => error.into(),
        }
    }
}
