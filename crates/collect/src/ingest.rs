//! The server that print records are sent to, as a remote collector sees it: the Ingest API.
//!
//! An answer counts only where it can be told for which batch it is: what comes from in between
//! (a proxy's page, a cut answer, an answer to something else) is an error, and the batch is sent
//! again under the same name.

mod answers;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::header::{AUTHORIZATION, CONTENT_ENCODING, CONTENT_TYPE};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use jiff::tz::TimeZone;
use platen_domain::collectors::BatchId;
use platen_domain::person_names::NameRule;
use platen_domain::privacy::{PrivacyPolicy, PseudonymKey};
use platen_domain::secret::Secret;
use sha2::{Digest as _, Sha256};
use std::time::Duration;

use crate::http::{Answer, Client, Endpoint, HttpError, Limits, Request, bearer_authorization};

/// How long the server may take for a batch: it answers when all of it is on disk.
const LIMITS: Limits = Limits {
    deadline: Duration::from_mins(1),
    answer_max_octets: 4 * 1024 * 1024,
};

/// Zstandard's own default level: faster than any line, a tenth of the size.
const COMPRESSION_LEVEL: i32 = 3;

const EPOCH: HeaderName = HeaderName::from_static("platen-batch-epoch");
const SEQUENCE: HeaderName = HeaderName::from_static("platen-batch-sequence");
const CONTENT_DIGEST: HeaderName = HeaderName::from_static("content-digest");

/// What became of one record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// On disk: new, a revision, known before, or held until the server's clock has come so far.
    Taken,
    /// Refused, and why.
    Rejected(String),
}

/// What a collector must know of its organization before it reads anything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SitePolicy {
    /// What must be done to records before they leave.
    pub privacy: PrivacyPolicy,
    /// The key of pseudonyms, where one is needed.
    pub key: Option<PseudonymKey>,
    /// The rule of the names that pseudonyms are made of.
    pub names: NameRule,
    /// The organization's zone, that of times without offset; `None` of a server that does not
    /// tell it yet.
    pub time_zone: Option<TimeZone>,
}

/// What the server says to a batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pushed {
    /// All of it is on disk but what was rejected; each record in its order.
    Taken(Vec<Outcome>),
    /// The batch's name stands for other records: this spool is a copy.
    OtherRecords,
    /// It is too large.
    TooLarge,
    /// Not now; perhaps after that time.
    Later(Option<Duration>),
}

/// Why there is no answer that counts.
#[derive(Debug, thiserror::Error)]
pub enum IngestError {
    /// Nothing came back.
    #[error(transparent)]
    Http(#[from] HttpError),
    /// The credential opens nothing.
    #[error(
        "the server does not accept this collector's credential: it was revoked, or it is for \
         another server; enrol again with a new code"
    )]
    Unauthorized,
    /// The server says no.
    #[error("the server answers {status}: {detail}")]
    Refused {
        /// How.
        status: StatusCode,
        /// In its own words, tidied; may be empty.
        detail: String,
    },
    /// What came back is not an answer to what was asked.
    #[error("the answer is not one of Platen's Ingest API: {0}. Is this the server's address?")]
    Answer(String),
    /// A credential would go over a wire in the clear.
    #[error("{0}: records and credentials are sent over TLS, or within this machine; use https:")]
    InTheClear(String),
    /// The credential cannot be sent.
    #[error("the credential is damaged: it is not 64 hexadecimal digits")]
    Credential,
    /// The batch could not be compressed.
    #[error("the batch could not be compressed: {0}")]
    Compression(std::io::Error),
}

/// A server with an Ingest API.
#[derive(Clone)]
pub struct IngestServer {
    http: Client,
    endpoint: Endpoint,
}

impl IngestServer {
    /// The server at this address; a path in it stands before those of the API.
    pub fn new(http: Client, endpoint: Endpoint) -> Result<Self, IngestError> {
        if !endpoint.is_confidential() {
            return Err(IngestError::InTheClear(endpoint.to_string()));
        }
        Ok(Self { http, endpoint })
    }

    /// Where it is.
    pub const fn endpoint(&self) -> &Endpoint {
        &self.endpoint
    }

    /// Enrols a collector by a one-time code, which is used up by it. The credential is told
    /// this once.
    pub async fn enrol(&self, code: &str, name: &str) -> Result<Secret<String>, IngestError> {
        let body = serde_json::json!({ "code": code.trim(), "name": name }).to_string();
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        let path = "/ingest/v1/enrolments";
        let answer = self.ask(Method::POST, path, headers, body.into()).await?;
        match answer.status {
            StatusCode::CREATED => answers::credential(&answer.body),
            _ => Err(answers::refusal(&answer)),
        }
    }

    /// What must be known before anything is read.
    pub async fn policy(&self, credential: &Secret<String>) -> Result<SitePolicy, IngestError> {
        let headers = authorized(credential)?;
        let path = "/ingest/v1/privacy";
        let answer = self.ask(Method::GET, path, headers, Bytes::new()).await?;
        match answer.status {
            StatusCode::OK => answers::policy(&answer.body),
            _ => Err(answers::refusal(&answer)),
        }
    }

    /// Sends records, each one JSON object without a line end, under a name.
    pub async fn push(
        &self,
        credential: &Secret<String>,
        id: BatchId,
        records: &[Vec<u8>],
    ) -> Result<Pushed, IngestError> {
        let (headers, body) = batch(credential, id, records)?;
        let path = "/ingest/v1/batches";
        let answer = self.ask(Method::POST, path, headers, body).await?;
        match answer.status {
            StatusCode::OK => answers::receipt(&answer.body, id, records.len()).map(Pushed::Taken),
            StatusCode::CONFLICT => Ok(Pushed::OtherRecords),
            StatusCode::PAYLOAD_TOO_LARGE => Ok(Pushed::TooLarge),
            StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE => {
                Ok(Pushed::Later(answers::retry_after(&answer.headers)))
            }
            _ => Err(answers::refusal(&answer)),
        }
    }

    async fn ask(
        &self,
        method: Method,
        path: &str,
        headers: HeaderMap,
        body: Bytes,
    ) -> Result<Answer, IngestError> {
        let request = Request {
            method,
            path: format!("{}{path}", self.endpoint.path().trim_end_matches('/')),
            headers,
            body,
        };
        Ok(self.http.send(&self.endpoint, request, LIMITS).await?)
    }
}

fn authorized(credential: &Secret<String>) -> Result<HeaderMap, IngestError> {
    let value = bearer_authorization(credential).ok_or(IngestError::Credential)?;
    Ok(HeaderMap::from_iter([(AUTHORIZATION, value)]))
}

/// Header and body of a batch: NDJSON, compressed, with the digest of what goes over the wire
/// (RFC 9530 2).
fn batch(
    credential: &Secret<String>,
    id: BatchId,
    records: &[Vec<u8>],
) -> Result<(HeaderMap, Bytes), IngestError> {
    let mut lines = Vec::with_capacity(records.iter().map(|record| record.len() + 1).sum());
    for record in records {
        lines.extend_from_slice(record);
        lines.push(b'\n');
    }
    let body = zstd::bulk::compress(&lines, COMPRESSION_LEVEL).map_err(IngestError::Compression)?;
    let digest = format!("sha-256=:{}:", STANDARD.encode(Sha256::digest(&body)));
    let mut headers = authorized(credential)?;
    let ndjson = HeaderValue::from_static("application/x-ndjson");
    headers.insert(CONTENT_TYPE, ndjson);
    headers.insert(CONTENT_ENCODING, HeaderValue::from_static("zstd"));
    if let Ok(digest) = HeaderValue::try_from(digest) {
        headers.insert(CONTENT_DIGEST, digest);
    }
    headers.insert(EPOCH, HeaderValue::from(id.epoch));
    headers.insert(SEQUENCE, HeaderValue::from(id.sequence));
    Ok((headers, body.into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_batch_carries_its_name_and_the_digest_of_what_is_sent() {
        let id = BatchId {
            epoch: 7,
            sequence: 2,
        };
        let credential = Secret::new("5".repeat(64));
        let records = [b"{\"a\":1}".to_vec(), b"{}".to_vec()];
        let (headers, body) = batch(&credential, id, &records).unwrap();
        assert_eq!(headers[EPOCH], "7");
        assert_eq!(headers[SEQUENCE], "2");
        let digest = STANDARD.encode(Sha256::digest(&body));
        assert_eq!(headers[CONTENT_DIGEST], format!("sha-256=:{digest}:"));
        let lines = zstd::bulk::decompress(&body, 1_000).unwrap();
        assert_eq!(lines, b"{\"a\":1}\n{}\n");
        let (_, again) = batch(&credential, id, &records).unwrap();
        assert_eq!(body, again);
    }

    #[test]
    fn a_credential_is_never_sent_in_the_clear() {
        let at = |url: &str| IngestServer::new(Client::plain(), url.parse().unwrap());
        assert!(matches!(
            at("http://print.example"),
            Err(IngestError::InTheClear(_))
        ));
        assert!(at("http://127.0.0.1:8631").is_ok());
        assert!(at("https://print.example").is_ok());
    }
}
