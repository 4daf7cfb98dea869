//! Texts of print logs: users, computers, titles and ports, all of them hostile.

use std::borrow::Cow;
use std::net::IpAddr;

use encoding_rs::WINDOWS_1252;
use platen_domain::person_names;
use platen_domain::print_jobs::{CountFlags, PrintRecord};
use platen_domain::text::{FOREIGN_TEXT_MAX_CHARS, tidy_foreign_opt};

/// [`tidy_foreign_opt`], with a short way for what is tidy already.
pub(crate) fn tidy(text: &str) -> Option<String> {
    if is_tidy(text.as_bytes()) {
        return Some(text.to_owned());
    }
    tidy_foreign_opt(text)
}

/// Whether the text is short, of printable ASCII, and its blanks stand alone and within.
fn is_tidy(text: &[u8]) -> bool {
    let mut blank = true;
    let printable = text.iter().all(|c| {
        let twice = blank && *c == b' ';
        blank = *c == b' ';
        matches!(c, b' '..=b'~') && !twice
    });
    printable && !blank && text.len() <= FOREIGN_TEXT_MAX_CHARS
}

/// Sets the title, and flags it where more than blanks had to go.
pub(crate) fn set_title(record: &mut PrintRecord, title: &str) {
    record.document = tidy(title);
    let kept = record.document.as_deref().unwrap_or("");
    if kept != title && is_changed(title, kept) {
        record.flags = record.flags.with(CountFlags::TITLE_CHANGED);
    }
}

fn is_changed(title: &str, kept: &str) -> bool {
    let words = title.split_whitespace();
    title.contains(|c: char| c.is_control()) || !words.eq(kept.split_whitespace())
}

/// The user as the log spells the name. A domain stays with it: which ones are taken off is the
/// organization's to say, and this is told where the record is taken in.
pub(crate) fn user(text: &str) -> Option<String> {
    person_names::shown(text)
}

/// The computer without the backslashes of a UNC name: `\\WS-017` is `WS-017`.
pub(crate) fn client(text: &str) -> Option<String> {
    tidy(text.trim_start_matches('\\'))
}

/// The network address within the name of a Windows printer port or a URI: `IP_10.1.2.3`,
/// `10.1.2.3_1`, `http://10.1.2.3:631/ipp`. `None` where it names no address.
pub(crate) fn port_address(port: &str) -> Option<IpAddr> {
    let host = port.split_once("://").map_or(port, |(_scheme, rest)| rest);
    let host = host.strip_prefix("IP_").unwrap_or(host);
    if let Some(bracketed) = host.strip_prefix('[') {
        return bracketed.split(']').next()?.parse().ok();
    }
    let ends = |c: char| matches!(c, '/' | '_' | ':' | ',' | ' ');
    let whole = host.parse().ok();
    whole.or_else(|| host.split(ends).next()?.parse().ok())
}

/// The text of a line: UTF-8; where a fixed buffer cut a character in two, without that one; and
/// where it is no UTF-8 at all, windows-1252, in which nothing is invalid.
pub(crate) fn decode(line: &[u8]) -> Cow<'_, str> {
    let error = match std::str::from_utf8(line) {
        Ok(text) => return Cow::Borrowed(text),
        Err(error) => error,
    };
    let whole = line.get(..error.valid_up_to()).unwrap_or_default();
    match (error.error_len(), std::str::from_utf8(whole)) {
        (None, Ok(cut)) => Cow::Borrowed(cut),
        _ => WINDOWS_1252.decode_without_bom_handling(line).0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use platen_domain::clock::Timestamp;
    use platen_domain::print_jobs::SourceKey;
    use platen_domain::text::tidy_foreign_opt;
    use proptest::prelude::*;

    #[test]
    fn users_and_computers_as_they_can_be_seen() {
        assert_eq!(user(" CORP\\ca\u{200B}rol").as_deref(), Some("CORP\\carol"));
        assert_eq!(user(" \u{FEFF}"), None);
        assert_eq!(client("\\\\WS-017").as_deref(), Some("WS-017"));
    }

    #[test]
    fn addresses_within_ports() {
        let address = |port| port_address(port).map(|address| address.to_string());
        for port in [
            "IP_10.1.2.3",
            "10.1.2.3",
            "10.1.2.3_1",
            "ipp://10.1.2.3:631/x",
        ] {
            assert_eq!(address(port).as_deref(), Some("10.1.2.3"), "{port}");
        }
        assert_eq!(address("http://[fe80::1]/").as_deref(), Some("fe80::1"));
        assert_eq!(address("fe80::1").as_deref(), Some("fe80::1"));
        for port in [
            "WSD-1234",
            "PORTPROMPT:",
            "https://somewhere.on.example/",
            "",
        ] {
            assert_eq!(address(port), None, "{port}");
        }
    }

    #[test]
    fn a_title_is_flagged_for_more_than_blanks() {
        let flagged = |title: &str| {
            let key = SourceKey::new("cups|lab", "1");
            let mut record = PrintRecord::new(key, Timestamp::from_millis(0));
            set_title(&mut record, title);
            record.flags.has(CountFlags::TITLE_CHANGED)
        };
        assert!(!flagged("Quarterly  report "));
        assert!(!flagged("Договор №5.docx"));
        assert!(flagged("two\nlines"));
        assert!(flagged(&"x".repeat(256)));
        assert!(flagged("exe\u{202E}fdp"));
    }

    #[test]
    fn octets_of_three_kinds() {
        assert_eq!(decode("Договор".as_bytes()), "Договор");
        assert_eq!(decode(&"До".as_bytes()[..3]), "Д");
        assert_eq!(decode(b"B\xFCro \x80"), "Büro €");
    }

    proptest! {
        #[test]
        fn the_short_way_leads_to_the_same(text in any::<String>(), plain in "[ -~]{0,9}") {
            prop_assert_eq!(tidy(&text), tidy_foreign_opt(&text));
            prop_assert_eq!(tidy(&plain), tidy_foreign_opt(&plain));
        }
    }
}
