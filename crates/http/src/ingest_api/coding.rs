//! Content codings of what is pushed, undone within limits.

use std::io::{self, Read};

use bytes::Bytes;
use http::HeaderName;
use http::header::{CONTENT_ENCODING, HeaderMap};
use platen_app::printing::ingest::{RECORD_OCTETS_MAX, RECORDS_PER_BATCH_MAX};

use crate::problem_kinds;
use crate::problems::Problem;

/// Octets of a batch's records at most. A full batch of ordinary records has some 3 MiB.
pub(super) const RECORDS_OCTETS_MAX: u64 = 16 * 1024 * 1024;

/// Largest window of a zstd frame, as a power of two: 8 MiB, what every decoder must support
/// (RFC 8878 3.1.1.1.2).
const ZSTD_WINDOW_LOG_MAX: u32 = 23;

/// Digests of the content (RFC 9530).
const CONTENT_DIGEST: HeaderName = HeaderName::from_static("content-digest");

/// A batch of longest records would not fit: the limit on octets is the one that counts.
const _: () = assert!(RECORDS_OCTETS_MAX < (RECORD_OCTETS_MAX * RECORDS_PER_BATCH_MAX) as u64);

/// The records as they were before coding.
pub(super) fn decoded(headers: &HeaderMap, body: Bytes) -> Result<Bytes, Problem> {
    check_digest(headers, &body)?;
    let coding = headers.get(CONTENT_ENCODING);
    let coding = coding.map(|coding| coding.to_str().unwrap_or("?").trim().to_ascii_lowercase());
    match coding.as_deref() {
        None | Some("" | "identity") => Ok(body),
        Some("gzip" | "x-gzip") => limited(flate2::bufread::MultiGzDecoder::new(&*body)),
        Some("zstd") => zstd_decoder(&body)
            .map_err(|_damaged| broken())
            .and_then(limited),
        Some(other) => Err(unsupported(other)),
    }
}

fn zstd_decoder(body: &[u8]) -> io::Result<zstd::stream::read::Decoder<'static, &[u8]>> {
    let mut decoder = zstd::stream::read::Decoder::with_buffer(body)?;
    decoder.window_log_max(ZSTD_WINDOW_LOG_MAX)?;
    Ok(decoder)
}

fn limited(decoder: impl Read) -> Result<Bytes, Problem> {
    let mut plain = Vec::new();
    let read = decoder.take(RECORDS_OCTETS_MAX + 1).read_to_end(&mut plain);
    match read {
        Ok(octets) if octets as u64 > RECORDS_OCTETS_MAX => Err(too_large()),
        Ok(_) => Ok(plain.into()),
        Err(_damaged) => Err(broken()),
    }
}

/// A digest that was sent must be right; SHA-256 is the one that counts.
fn check_digest(headers: &HeaderMap, body: &[u8]) -> Result<(), Problem> {
    use base64::Engine as _;
    use sha2::Digest as _;
    let Some(field) = headers.get(CONTENT_DIGEST) else {
        return Ok(());
    };
    let members = field.to_str().unwrap_or_default().split(',');
    let stated = members
        .filter_map(|member| member.trim().strip_prefix("sha-256=:"))
        .find_map(|value| value.strip_suffix(':'));
    let Some(stated) = stated else { return Ok(()) };
    let actual = base64::prelude::BASE64_STANDARD.encode(sha2::Sha256::digest(body));
    if stated == actual {
        return Ok(());
    }
    Err(problem_kinds::WRONG_DIGEST.told())
}

pub(super) fn too_large() -> Problem {
    let mebibytes = RECORDS_OCTETS_MAX / 1024 / 1024;
    let detail = format!(
        "A batch has {mebibytes} MiB of records at most, before compression. Send smaller batches."
    );
    problem_kinds::BATCH_TOO_LARGE.because(detail)
}

fn broken() -> Problem {
    problem_kinds::BROKEN_CODING.told()
}

fn unsupported(coding: &str) -> Problem {
    let detail = format!("Content-Encoding '{coding}' is not understood: send gzip, zstd or none.");
    problem_kinds::UNSUPPORTED_CODING.because(detail)
}
