//! Text that came from a printer, a print job or an import: treated as hostile.

/// Longest text kept from outside, in characters. The Printer-MIB's own strings end at 255
/// octets (RFC 3805); anything longer is noise or an attack.
pub const FOREIGN_TEXT_MAX_CHARS: usize = 255;

/// Makes foreign text safe to keep and to show: control characters become one space, runs of
/// white space collapse, ends are trimmed, invisible direction overrides vanish, and length is
/// capped at [`FOREIGN_TEXT_MAX_CHARS`]. What is left may be empty.
pub fn tidy_foreign(text: &str) -> String {
    let mut tidy = String::with_capacity(text.len().min(FOREIGN_TEXT_MAX_CHARS));
    let mut chars = 0;
    let mut gap = false;
    for c in text.chars().filter(|c| !is_direction_override(*c)) {
        if c.is_control() || c.is_whitespace() {
            gap = chars > 0;
            continue;
        }
        if chars + usize::from(gap) >= FOREIGN_TEXT_MAX_CHARS {
            break;
        }
        if gap {
            tidy.push(' ');
            chars += 1;
            gap = false;
        }
        tidy.push(c);
        chars += 1;
    }
    tidy
}

/// As [`tidy_foreign`], with nothing left as `None`.
pub fn tidy_foreign_opt(text: &str) -> Option<String> {
    Some(tidy_foreign(text)).filter(|tidy| !tidy.is_empty())
}

/// Whether the text holds nothing that [`tidy_foreign`] would take out or replace for its own
/// sake: no control characters and no direction overrides. White space may stand anywhere.
pub fn is_plain(text: &str) -> bool {
    !text
        .chars()
        .any(|c| c.is_control() || is_direction_override(c))
}

/// Unicode's bidirectional controls, which let a name pretend to be another.
fn is_direction_override(c: char) -> bool {
    matches!(c, '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn examples() {
        assert_eq!(tidy_foreign("Sleep Mode      "), "Sleep Mode");
        assert_eq!(tidy_foreign("black\0"), "black");
        assert_eq!(tidy_foreign("HP\r\n LaserJet"), "HP LaserJet");
        assert_eq!(tidy_foreign("a\u{202E}b"), "ab");
        assert_eq!(tidy_foreign_opt(" \0\r\n"), None);
    }

    proptest! {
        #[test]
        fn tidy_text_is_short_trimmed_and_stays_tidy(text in any::<String>()) {
            let tidy = tidy_foreign(&text);
            prop_assert!(tidy.chars().count() <= FOREIGN_TEXT_MAX_CHARS);
            prop_assert!(!tidy.chars().any(char::is_control));
            prop_assert_eq!(tidy.trim(), tidy.as_str());
            prop_assert_eq!(tidy_foreign(&tidy), tidy);
        }
    }
}
