//! What a word of a `page_log` line can be: by this its form is recognised.

use std::net::IpAddr;

use super::page_log_format::Values;
use super::{media, words};

/// Whether cupsd would take the name for a queue (its `validate_name`), and nobody would take it
/// for something else: `cupsd:` is no queue.
pub(super) fn is_queue(word: &str) -> bool {
    let refused = |c: char| c <= ' ' || matches!(c, '\u{7F}' | '/' | '?' | '\'' | '"' | '#' | '\\');
    let is_name = !word.is_empty() && word != "-" && !word.contains(refused);
    is_name && !word.contains('@') && !word.ends_with([':', '=', ']'])
}

/// Whether a word is the number of a job (RFC 8011 5.3.2).
pub(super) fn is_job(word: &str) -> bool {
    is_number(word) && word.parse::<i32>().is_ok_and(|id| id > 0)
}

pub(super) fn is_number(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|c| c.is_ascii_digit())
}

/// How much a word is a computer's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Computer {
    /// An address, or `localhost`.
    Sure,
    /// A word that can be a name.
    Possible,
    No,
}

pub(super) fn computer(word: &str) -> Computer {
    let address = word.trim_start_matches('[').trim_end_matches(']');
    let address = address.split('%').next().unwrap_or_default();
    if address.parse::<IpAddr>().is_ok() || word.eq_ignore_ascii_case("localhost") {
        return Computer::Sure;
    }
    let is_sign = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | '\\' | '$');
    if word.chars().all(is_sign) && !is_number(word) {
        Computer::Possible
    } else {
        Computer::No
    }
}

/// Whether a word is a size of media: one that is known, or in the form of PWG 5101.1.
pub(super) fn is_media(word: &str) -> bool {
    let is_size = |word: &str| {
        let size = word.rsplit('_').next().unwrap_or_default();
        let sides = size
            .trim_end_matches("mm")
            .trim_end_matches("in")
            .split_once('x');
        let is_length = |side: &str| side.parse::<f32>().is_ok();
        word.contains('_') && sides.is_some_and(|(w, h)| is_length(w) && is_length(h))
    };
    media::self_describing(word) != word || is_size(word) || word.starts_with("Custom.")
}

/// Whether the values that only certain words can be are such words.
pub(super) fn are_plausible(values: &Values<'_>) -> bool {
    let is_computer = |word: &str| computer(word) != Computer::No;
    values.queue.is_none_or(is_queue)
        // Where the account ends a line, it would take a title that is not expected there.
        && values.account.is_none_or(|account| !account.contains(' '))
        && values.client.is_none_or(is_computer)
        && values.sides.is_none_or(|word| words::sides(word).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_what_they_can_be() {
        for queue in ["hall", "4250", "Büro_2", "a-b.c"] {
            assert!(is_queue(queue), "{queue}");
        }
        for not in ["", "-", "\"hall", "cupsd[1]:", "a/b", "CORP\\rita", "a@b"] {
            assert!(!is_queue(not), "{not}");
        }
        assert!(is_job("2147483647") && !is_job("2147483648") && !is_job("0"));
        assert_eq!(computer("10.0.0.5"), Computer::Sure);
        assert_eq!(computer("[fe80::1%eth0]"), Computer::Sure);
        assert_eq!(computer("ws-17.example.org"), Computer::Possible);
        assert_eq!(computer("2"), Computer::No);
        assert!(is_media("A4") && is_media("iso_a7_74x105mm") && is_media("na_x_8.5x11in"));
        assert!(!is_media("report.txt") && !is_media("my_2x"));
    }
}
