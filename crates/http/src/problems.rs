//! What went wrong, for programs (RFC 9457 problem details) and, through the console's error
//! page, for people.

use std::borrow::Cow;
use std::time::Duration;

use http::header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderName, HeaderValue, StatusCode};
use platen_app::AppError;
use schemars::JsonSchema;
use serde::Serialize;

use crate::answers::{self, Answer};
use crate::problem_kinds;
use crate::problem_members::ProblemMembers;
use crate::request_ids::RequestId;

/// When the store is busy, it is free again after about this long.
const BUSY_RETRY_AFTER: Duration = Duration::from_secs(5);

/// A refusal or a failure that the client is told about.
#[derive(Debug)]
pub(crate) struct Problem {
    /// The status code.
    pub(crate) status: StatusCode,
    /// The kebab-case word that programs branch on.
    pub(crate) code: &'static str,
    /// What happened, the same for every occurrence.
    pub(crate) title: &'static str,
    /// What happened here, and what to do; safe for anybody to read.
    pub(crate) detail: Cow<'static, str>,
    members: Option<Box<ProblemMembers>>,
    headers: Vec<(HeaderName, HeaderValue)>,
}

/// What went wrong (RFC 9457).
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Problem")]
pub(crate) struct ProblemDocument<'a> {
    /// The code as a URN: `urn:platen:problem:<code>`.
    #[serde(rename = "type")]
    kind: String,
    /// What happened, the same for every occurrence.
    title: &'a str,
    /// The status code.
    #[schemars(range(min = 400, max = 599))]
    status: u16,
    /// What happened here, and what to do.
    detail: &'a str,
    /// The word that programs branch on; it never changes its meaning.
    code: &'a str,
    /// The request's name, which the server's log has too.
    #[serde(rename = "requestId")]
    request_id: String,
    #[serde(flatten)]
    members: Option<&'a ProblemMembers>,
}

impl Problem {
    /// A problem with its texts.
    pub(crate) fn new(
        status: StatusCode,
        code: &'static str,
        title: &'static str,
        detail: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self {
            status,
            code,
            title,
            detail: detail.into(),
            members: None,
            headers: Vec::new(),
        }
    }

    /// With one more header field in the answer.
    #[must_use]
    pub(crate) fn with_header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.push((name, value));
        self
    }

    /// With more members.
    #[must_use]
    pub(crate) fn with_members(mut self, members: ProblemMembers) -> Self {
        self.members = Some(Box::new(members));
        self
    }

    /// With the field or parameter that it is about.
    #[must_use]
    pub(crate) fn with_field(self, field: impl Into<String>) -> Self {
        self.with_members(ProblemMembers::of_field(field.into()))
    }

    /// With the advice to come back after `wait`, in full seconds and at least one.
    #[must_use]
    pub(crate) fn with_retry_after(self, wait: Duration) -> Self {
        let seconds = wait.as_millis().div_ceil(1_000).max(1);
        let seconds = u64::try_from(seconds).unwrap_or(u64::MAX);
        self.with_header(RETRY_AFTER, HeaderValue::from(seconds))
    }

    /// 403: who asks is known and may not.
    pub(crate) fn forbidden(code: &'static str, detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::FORBIDDEN, code, "This is not allowed", detail)
    }

    /// 404: there is nothing, or nothing that who asks may know of.
    pub(crate) fn not_found() -> Self {
        problem_kinds::NOT_FOUND.told()
    }

    /// 405, with the methods that the address answers to.
    pub(crate) fn method_not_allowed(allow: HeaderValue) -> Self {
        problem_kinds::METHOD_NOT_ALLOWED
            .told()
            .with_header(ALLOW, allow)
    }

    /// 500: a defect. The log says more, under the same request id.
    pub(crate) fn internal() -> Self {
        problem_kinds::INTERNAL.told()
    }

    /// 503: cannot be answered now.
    pub(crate) fn unavailable(detail: impl Into<Cow<'static, str>>) -> Self {
        problem_kinds::UNAVAILABLE
            .because(detail)
            .with_retry_after(BUSY_RETRY_AFTER)
    }

    /// For programs. No cache may keep it: a 404 may be gone the next moment, and details quote
    /// what only who asked may know.
    pub(crate) fn to_json(&self, request_id: RequestId) -> Answer {
        // What answers programs stands in the catalogue, and so in the documentation.
        debug_assert!(
            problem_kinds::ALL.iter().any(|kind| kind.covers(self)),
            "{} {} is missing in problem_kinds",
            self.status,
            self.code
        );
        let json = serde_json::to_vec(&self.document(request_id.to_string())).unwrap_or_default();
        let mut answer = answers::with_status(self.status, answers::body(json));
        let problem_json = HeaderValue::from_static("application/problem+json; charset=utf-8");
        let headers = answer.headers_mut();
        headers.insert(CONTENT_TYPE, problem_json);
        headers.insert(CACHE_CONTROL, answers::NO_STORE);
        self.dress(answer)
    }

    /// What programs read of it.
    pub(crate) fn document(&self, request_id: String) -> ProblemDocument<'_> {
        ProblemDocument {
            kind: format!("urn:platen:problem:{}", self.code),
            title: self.title,
            status: self.status.as_u16(),
            detail: &self.detail,
            code: self.code,
            request_id,
            members: self.members.as_deref(),
        }
    }

    /// For people: `page` is what the console made of this problem.
    pub(crate) fn to_html(&self, page: String) -> Answer {
        self.dress(answers::html(self.status, page))
    }

    /// With the header fields of this problem.
    pub(crate) fn dress(&self, mut answer: Answer) -> Answer {
        for (name, value) in &self.headers {
            answer.headers_mut().append(name, value.clone());
        }
        answer
    }
}

impl From<AppError> for Problem {
    fn from(error: AppError) -> Self {
        match error {
            AppError::Forbidden => problem_kinds::FORBIDDEN.told(),
            error => {
                tracing::error!(
                    error = &error as &dyn std::error::Error,
                    "a request could not be served"
                );
                Self::unavailable(problem_kinds::UNAVAILABLE.detail)
            }
        }
    }
}
