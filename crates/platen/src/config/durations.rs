//! Intervals as people write them: `10s`, `90m`, `2h`, `1d`, `1w`.

use std::time::Duration;

use platen_app::fleet::schedule::{INTERVAL_MAX, INTERVAL_MIN};

/// Units with their seconds, greatest first.
const UNITS: [(&str, u64); 5] = [
    ("w", 7 * 24 * 60 * 60),
    ("d", 24 * 60 * 60),
    ("h", 60 * 60),
    ("m", 60),
    ("s", 1),
];

/// Why a text is no interval.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum DurationError {
    #[error("expected an interval such as \"30s\", \"90m\", \"2h\", \"1d\" or \"1w\", found {0:?}")]
    Malformed(String),
    #[error(
        "expected an interval from {least} to {most}, found {found:?}",
        least = show(INTERVAL_MIN),
        most = show(INTERVAL_MAX)
    )]
    OutOfRange { found: String },
}

pub(super) fn parse(text: &str) -> Result<Duration, DurationError> {
    let malformed = || DurationError::Malformed(text.to_owned());
    let trimmed = text.trim();
    let (number, seconds) = UNITS
        .into_iter()
        .find_map(|(unit, seconds)| Some((trimmed.strip_suffix(unit)?, seconds)))
        .ok_or_else(malformed)?;
    let number: u64 = number
        .trim_end()
        .parse()
        .map_err(|_unspecific| malformed())?;
    let interval = Duration::from_secs(number.saturating_mul(seconds));
    if (INTERVAL_MIN..=INTERVAL_MAX).contains(&interval) {
        Ok(interval)
    } else {
        Err(DurationError::OutOfRange {
            found: text.to_owned(),
        })
    }
}

/// The interval in the greatest unit that divides it.
pub(crate) fn show(interval: Duration) -> String {
    let total = interval.as_secs();
    let fits = |(_, seconds): &(&str, u64)| total > 0 && total.is_multiple_of(*seconds);
    let (unit, seconds) = UNITS.into_iter().find(fits).unwrap_or(("s", 1));
    format!("{}{unit}", total / seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals_read_back() {
        for text in ["1s", "10s", "90m", "2h", "1d", "1w", "25h"] {
            assert_eq!(parse(text).map(show), Ok(text.to_owned()));
        }
        assert_eq!(parse("120m").map(show), Ok("2h".to_owned()));
    }

    #[test]
    fn what_is_no_interval_is_refused_in_words() {
        let refusal = |text| parse(text).unwrap_err().to_string();
        insta::assert_snapshot!(refusal("2 hours"), @r#"expected an interval such as "30s", "90m", "2h", "1d" or "1w", found "2 hours""#);
        insta::assert_snapshot!(refusal("0s"), @r#"expected an interval from 1s to 366d, found "0s""#);
        insta::assert_snapshot!(refusal("99999999999999999999w"), @r#"expected an interval such as "30s", "90m", "2h", "1d" or "1w", found "99999999999999999999w""#);
    }
}
