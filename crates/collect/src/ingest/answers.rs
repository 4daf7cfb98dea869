//! What the Ingest API answers, read with doubt.

use std::time::Duration;

use http::header::RETRY_AFTER;
use http::{HeaderMap, StatusCode};
use jiff::tz::TimeZone;
use platen_domain::collectors::{BatchId, CollectorCredential};
use platen_domain::person_names::{self, DOMAINS_MAX, NameRule};
use platen_domain::privacy::{FieldMode, PrivacyPolicy};
use platen_domain::secret::Secret;
use platen_domain::text::tidy_foreign;
use serde::Deserialize;

use super::{IngestError, Outcome, SitePolicy};
use crate::http::Answer;

#[derive(Deserialize)]
struct Enrolled {
    credential: String,
}

#[derive(Deserialize)]
struct Policy {
    user: String,
    document: String,
    client: String,
    pseudonym_key: Option<String>,
    /// Servers of 0.1.0 do not tell it.
    time_zone: Option<String>,
    /// Absent where every `DOMAIN\` is taken off, and where the server is older than rules.
    user_domains: Option<Vec<String>>,
}

#[derive(Deserialize)]
struct Receipt {
    epoch: u64,
    sequence: u64,
    records: Vec<Record>,
}

#[derive(Deserialize)]
struct Record {
    outcome: String,
    reason: Option<String>,
}

/// Problem details (RFC 9457), as far as people want to read them.
#[derive(Deserialize, Default)]
struct Problem {
    #[serde(default)]
    detail: String,
}

fn read<'a, T: Deserialize<'a>>(body: &'a [u8]) -> Result<T, IngestError> {
    serde_json::from_slice(body).map_err(|error| IngestError::Answer(error.to_string()))
}

/// The credential of a collector that was enrolled.
pub(super) fn credential(body: &[u8]) -> Result<Secret<String>, IngestError> {
    let enrolled: Enrolled = read(body)?;
    match CollectorCredential::parse(&enrolled.credential) {
        Some(_) => Ok(Secret::new(enrolled.credential)),
        None => Err(IngestError::Credential),
    }
}

/// A policy that can be followed: a mode that we do not know is one that we could not follow.
pub(super) fn policy(body: &[u8]) -> Result<SitePolicy, IngestError> {
    let policy: Policy = read(body)?;
    let mode = |word: &str| {
        FieldMode::from_keyword(word).ok_or_else(|| {
            let word = tidy_foreign(word);
            IngestError::Answer(format!(
                "privacy mode '{word}' is unknown: update Platen here"
            ))
        })
    };
    let key = policy.pseudonym_key.as_deref().and_then(unhex);
    let read = PrivacyPolicy {
        user: mode(&policy.user)?,
        document: mode(&policy.document)?,
        client: mode(&policy.client)?,
        document_days: None,
    };
    if [read.user, read.document, read.client].contains(&FieldMode::Hash) && key.is_none() {
        let text = "a field is to be hashed, and there is no key".to_owned();
        return Err(IngestError::Answer(text));
    }
    let names = policy.user_domains.map_or(NameRule::EveryPrefix, |list| {
        let domains = list.iter().take(DOMAINS_MAX);
        NameRule::Listed(
            domains
                .filter_map(|text| person_names::domain(text))
                .collect(),
        )
    });
    let time_zone = policy.time_zone.map(|name| {
        TimeZone::get(&name).map_err(|_not_listed| {
            let name = tidy_foreign(&name);
            IngestError::Answer(format!("time zone '{name}' is unknown: update Platen here"))
        })
    });
    Ok(SitePolicy {
        privacy: read,
        key: key.map(Secret::new),
        names,
        time_zone: time_zone.transpose()?,
    })
}

fn unhex(text: &str) -> Option<[u8; 32]> {
    let digits = text.as_bytes();
    if digits.len() != 64 || !digits.is_ascii() {
        return None;
    }
    let mut octets = [0; 32];
    for (octet, pair) in octets.iter_mut().zip(digits.chunks_exact(2)) {
        *octet = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    Some(octets)
}

/// What became of each record, where the answer is for this batch.
pub(super) fn receipt(body: &[u8], id: BatchId, count: usize) -> Result<Vec<Outcome>, IngestError> {
    let receipt: Receipt = read(body)?;
    let answered = (receipt.epoch, receipt.sequence, receipt.records.len());
    if answered != (id.epoch, id.sequence, count) {
        let text = "it is the answer to another batch".to_owned();
        return Err(IngestError::Answer(text));
    }
    let outcome = |record: Record| match record.outcome.as_str() {
        "accepted" | "revised" | "duplicate" | "held" => Ok(Outcome::Taken),
        "rejected" => {
            let reason = record.reason.as_deref().unwrap_or("no reason was given");
            Ok(Outcome::Rejected(tidy_foreign(reason)))
        }
        other => {
            let text = format!("outcome '{}' is unknown", tidy_foreign(other));
            Err(IngestError::Answer(text))
        }
    };
    receipt.records.into_iter().map(outcome).collect()
}

/// The wait that is asked for, where it is told in seconds (RFC 9110 10.2.3).
pub(super) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let seconds = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    seconds.parse().ok().map(Duration::from_secs)
}

/// What any other answer means.
pub(super) fn refusal(answer: &Answer) -> IngestError {
    if answer.status == StatusCode::UNAUTHORIZED {
        return IngestError::Unauthorized;
    }
    let problem: Problem = serde_json::from_slice(&answer.body).unwrap_or_default();
    IngestError::Refused {
        status: answer.status,
        detail: tidy_foreign(&problem.detail),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: BatchId = BatchId {
        epoch: 5,
        sequence: 9,
    };

    #[test]
    fn a_receipt_counts_for_its_own_batch_only() {
        let body = br#"{"epoch":5,"sequence":9,"accepted":1,"rejected":1,"records":[
            {"outcome":"accepted"},{"outcome":"rejected","reason":"id is missing"}]}"#;
        let outcomes = receipt(body, ID, 2).unwrap();
        let rejected = Outcome::Rejected("id is missing".to_owned());
        assert_eq!(outcomes, [Outcome::Taken, rejected]);
        let other = BatchId { sequence: 10, ..ID };
        assert!(receipt(body, other, 2).is_err());
        assert!(receipt(body, ID, 3).is_err(), "a record without an answer");
        assert!(receipt(b"<html>proxy</html>", ID, 2).is_err());
        assert!(receipt(&body[..40], ID, 2).is_err());
        let odd = br#"{"epoch":5,"sequence":9,"records":[{"outcome":"lost"}]}"#;
        assert!(receipt(odd, ID, 1).is_err());
    }

    #[test]
    fn a_policy_that_cannot_be_followed_is_none() {
        let read = |user: &str, key: &str| {
            let body = format!(r#"{{"user":"{user}","document":"drop","client":"collect"{key}}}"#);
            policy(body.as_bytes())
        };
        let told = read("collect", "").unwrap();
        assert_eq!((told.privacy.document, told.key), (FieldMode::Drop, None));
        assert_eq!(told.time_zone, None, "of a server that does not tell it");
        let hex = format!(r#","pseudonym_key":"{}""#, "0a".repeat(32));
        let told = read("hash", &hex).unwrap();
        assert_eq!(told.key.map(|key| *key.expose()), Some([10; 32]));
        let zone = |name| read("collect", &format!(r#","time_zone":"{name}""#));
        let tokyo = TimeZone::get("Asia/Tokyo").unwrap();
        assert_eq!(zone("Asia/Tokyo").unwrap().time_zone, Some(tokyo));
        assert!(zone("Mars/Base").is_err());
        assert_eq!(read("collect", "").unwrap().names, NameRule::EveryPrefix);
        let listed = read("collect", r#","user_domains":["uni"]"#).unwrap().names;
        assert_eq!(listed, NameRule::Listed(["uni".to_owned()].into()));
        assert!(read("hash", "").is_err());
        assert!(read("blur", "").is_err());
    }

    #[test]
    fn waits_are_read_in_seconds() {
        let mut headers = HeaderMap::new();
        assert_eq!(retry_after(&headers), None);
        headers.insert(RETRY_AFTER, "7".parse().unwrap());
        assert_eq!(retry_after(&headers), Some(Duration::from_secs(7)));
        headers.insert(RETRY_AFTER, "soon".parse().unwrap());
        assert_eq!(retry_after(&headers), None);
    }
}
