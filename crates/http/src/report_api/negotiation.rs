//! Which representation a client gets: its format and its content coding.

use http::header::{ACCEPT, ACCEPT_ENCODING, HeaderName};
use http::{HeaderMap, HeaderValue};
use platen_report::encode::Format;

use crate::fields::Fields;
use crate::problem_kinds;
use crate::problems::Problem;

/// How the octets of an answer are coded (RFC 9110 8.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Coding {
    /// As they are.
    Identity,
    /// RFC 1952.
    Gzip,
    /// RFC 8878.
    Zstd,
}

impl Coding {
    /// Every coding, the preferred first among equals.
    const ALL: [Self; 3] = [Self::Zstd, Self::Gzip, Self::Identity];

    /// Its registered name.
    pub(super) const fn keyword(self) -> &'static str {
        match self {
            Self::Identity => "identity",
            Self::Gzip => "gzip",
            Self::Zstd => "zstd",
        }
    }

    /// The value of `Content-Encoding`, where there is one to send.
    pub(super) const fn content_encoding(self) -> Option<HeaderValue> {
        match self {
            Self::Identity => None,
            Self::Gzip => Some(HeaderValue::from_static("gzip")),
            Self::Zstd => Some(HeaderValue::from_static("zstd")),
        }
    }
}

/// The parameter that chooses the format.
pub(super) const FORMAT: &str = "format";

/// `?format=` decides; without it `Accept` does; JSON answers whoever asks for nothing we have,
/// as RFC 9110 12.4.1 allows.
pub(super) fn format(query: &Fields, headers: &HeaderMap) -> Result<Format, Problem> {
    if let Some(word) = query.get(FORMAT) {
        return Format::from_keyword(&word.to_ascii_lowercase())
            .ok_or_else(|| problem_kinds::UNKNOWN_FORMAT.told());
    }
    let accepted = weighted(headers, &ACCEPT);
    let quality = |format: Format| {
        media_names(format)
            .into_iter()
            .map(|name| quality_of_media(&accepted, name))
            .max()
    };
    Ok(best(Format::ALL, |format| quality(format).unwrap_or(0)).unwrap_or(Format::Json))
}

/// The media types that stand for a format; the first is the one sent.
const fn media_names(format: Format) -> [&'static str; 2] {
    match format {
        Format::Json => ["application/json", "text/json"],
        Format::Ndjson => ["application/x-ndjson", "application/jsonl"],
        Format::Csv => ["text/csv", "application/csv"],
    }
}

/// The most specific range of `Accept` that covers `media` says its quality.
fn quality_of_media(accepted: &[(String, u16)], media: &str) -> u16 {
    let group = media.split('/').next().unwrap_or_default();
    let ranges = [media.to_owned(), format!("{group}/*"), "*/*".to_owned()];
    let found = ranges
        .iter()
        .find_map(|range| accepted.iter().find(|(accepted, _)| accepted == range));
    found.map_or(0, |(_, quality)| *quality)
}

/// The coding the client likes best, identity when it says nothing.
pub(super) fn coding(headers: &HeaderMap) -> Coding {
    coding_of(headers, Coding::ALL)
}

/// As [`coding`], for an answer whose parts lie ready as gzip: among equals that is preferred.
pub(super) fn coding_of_print_jobs(headers: &HeaderMap) -> Coding {
    coding_of(headers, [Coding::Gzip, Coding::Zstd, Coding::Identity])
}

/// `preference` decides among codings that the client likes alike.
fn coding_of(headers: &HeaderMap, preference: [Coding; 3]) -> Coding {
    let accepted = weighted(headers, &ACCEPT_ENCODING);
    let named = |name: &str| accepted.iter().find(|(n, _)| n == name).map(|(_, q)| *q);
    let quality = |coding: Coding| match coding {
        // Acceptable unless excluded, and only better than others when it is named so.
        Coding::Identity => named("identity").unwrap_or(1),
        _ => named(coding.keyword()).or_else(|| named("*")).unwrap_or(0),
    };
    best(preference, quality).unwrap_or(Coding::Identity)
}

/// The first of the candidates with the highest quality above 0.
fn best<T: Copy, const N: usize>(candidates: [T; N], quality: impl Fn(T) -> u16) -> Option<T> {
    let mut best = None;
    let mut highest = 0;
    for candidate in candidates {
        let quality = quality(candidate);
        if quality > highest {
            highest = quality;
            best = Some(candidate);
        }
    }
    best
}

/// The members of a list field with their quality in thousandths (RFC 9110 12.4.2), names in
/// lower case, other parameters left out.
fn weighted(headers: &HeaderMap, name: &HeaderName) -> Vec<(String, u16)> {
    headers
        .get_all(name)
        .iter()
        .filter_map(|field| field.to_str().ok())
        .flat_map(|field| field.split(','))
        .filter_map(|member| {
            let mut parts = member.split(';').map(str::trim);
            let name = parts.next().filter(|name| !name.is_empty())?;
            let quality = parts.find_map(|part| {
                let (key, value) = part.split_once('=')?;
                key.trim()
                    .eq_ignore_ascii_case("q")
                    .then(|| thousandths(value.trim()))
            });
            Some((name.to_ascii_lowercase(), quality.unwrap_or(1_000)))
        })
        .collect()
}

/// `0.75` is 750. What is no quality is 0, so that it selects nothing.
fn thousandths(text: &str) -> u16 {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits_only = fraction.len() <= 3 && fraction.bytes().all(|byte| byte.is_ascii_digit());
    match whole {
        "1" => 1_000,
        "0" if digits_only => format!("{fraction:0<3}").parse().unwrap_or(0),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(name: &HeaderName, value: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(name.clone(), HeaderValue::from_static(value))])
    }

    fn format_for(query: &str, accept: &'static str) -> Option<Format> {
        let query = Fields::parse(query.as_bytes()).unwrap();
        format(&query, &headers(&ACCEPT, accept)).ok()
    }

    #[test]
    fn the_query_decides_then_accept_then_json() {
        use Format::{Csv, Json, Ndjson};
        assert_eq!(format_for("format=CSV", "application/json"), Some(Csv));
        assert_eq!(format_for("format=xml", "*/*"), None);
        assert_eq!(format_for("", "*/*"), Some(Json));
        assert_eq!(format_for("", "text/csv"), Some(Csv));
        assert_eq!(
            format_for("", "text/csv;q=0.5, application/x-ndjson"),
            Some(Ndjson)
        );
        assert_eq!(format_for("", "text/*, application/json;q=0.1"), Some(Json));
        assert_eq!(format_for("", "text/csv, */*;q=0.1"), Some(Csv));
        assert_eq!(format_for("", "application/json;q=0, */*"), Some(Json));
        assert_eq!(format_for("", "image/png"), Some(Json));
        let browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
        assert_eq!(format_for("", browser), Some(Json));
    }

    fn coding_for(accept: &'static str) -> Coding {
        coding(&headers(&ACCEPT_ENCODING, accept))
    }

    #[test]
    fn print_jobs_come_as_gzip_to_who_takes_both() {
        let coding_for = |accept| coding_of_print_jobs(&headers(&ACCEPT_ENCODING, accept));
        assert_eq!(coding_for("gzip, deflate, br, zstd"), Coding::Gzip);
        assert_eq!(coding_for("zstd"), Coding::Zstd);
        assert_eq!(coding_for("gzip;q=0.5, zstd"), Coding::Zstd);
        assert_eq!(coding_for(""), Coding::Identity);
    }

    #[test]
    fn the_coding_follows_the_clients_weights() {
        assert_eq!(coding(&HeaderMap::new()), Coding::Identity);
        assert_eq!(coding_for(""), Coding::Identity);
        assert_eq!(coding_for("gzip, deflate, br"), Coding::Gzip);
        assert_eq!(coding_for("gzip, zstd"), Coding::Zstd);
        assert_eq!(coding_for("gzip;q=1.0, zstd;q=0.5"), Coding::Gzip);
        assert_eq!(coding_for("gzip;q=0"), Coding::Identity);
        assert_eq!(coding_for("*"), Coding::Zstd);
        assert_eq!(coding_for("*, zstd;q=0"), Coding::Gzip);
        assert_eq!(coding_for("identity, gzip;q=0.5"), Coding::Identity);
        assert_eq!(coding_for("GZIP ; Q=0.3"), Coding::Gzip);
        assert_eq!(coding_for("identity;q=0, *;q=0"), Coding::Identity);
        assert_eq!(coding_for("gzip;q=nonsense"), Coding::Identity);
    }
}
