//! Points: what accounts hold and print jobs take. Points are no money; how many of them a side
//! or a sheet takes is the organization's rule.

use std::fmt;
use std::str::FromStr;

use crate::prices::{Micros, Prices, job_cost};
use crate::print_jobs::{JobFunction, JobState, PrintRecord};

/// Millionths in a point.
const MILLIONTHS: i64 = 1_000_000;

/// Digits behind the decimal point that are told apart.
const DECIMALS: usize = 6;

/// The most points that one entry, limit or request may name: a JSON number of this size is exact
/// to the millionth in every program.
pub const POINTS_MAX: Points = Points(1_000_000_000 * MILLIONTHS);

/// The most points that one balance may have or owe. Nothing that adds up balances, holds and an
/// entry leaves the range of the number behind it.
pub const BALANCE_MAX: Points = Points(1_000_000_000_000 * MILLIONTHS);

/// A number of points in millionths, negative where they are owed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Points(i64);

impl Points {
    /// None.
    pub const ZERO: Self = Self(0);

    /// So many millionths.
    pub const fn from_millionths(millionths: i64) -> Self {
        Self(millionths)
    }

    /// So many whole points; saturates far beyond [`POINTS_MAX`].
    pub const fn whole(points: i64) -> Self {
        Self(points.saturating_mul(MILLIONTHS))
    }

    /// The number in millionths.
    pub const fn millionths(self) -> i64 {
        self.0
    }

    /// The sum; saturates, which [`POINTS_MAX`] keeps out of reach.
    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }

    /// The difference; saturates, which [`POINTS_MAX`] keeps out of reach.
    #[must_use]
    pub const fn minus(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }

    /// The opposite: what is taken where this is given.
    #[must_use]
    pub const fn negated(self) -> Self {
        Self(self.0.saturating_neg())
    }

    /// Whether a balance may be so many, in either direction.
    pub const fn fits_a_balance(self) -> bool {
        self.0 >= -BALANCE_MAX.0 && self.0 <= BALANCE_MAX.0
    }

    /// Whether one entry may move so many, in either direction.
    pub const fn is_within_limits(self) -> bool {
        self.0 >= -POINTS_MAX.0 && self.0 <= POINTS_MAX.0
    }
}

impl fmt::Display for Points {
    /// A decimal number with as many digits behind the point as it needs, six at most.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let magnitude = self.0.unsigned_abs();
        let (whole, part) = (
            magnitude / MILLIONTHS.unsigned_abs(),
            magnitude % MILLIONTHS.unsigned_abs(),
        );
        if part == 0 {
            return write!(f, "{sign}{whole}");
        }
        let decimals = format!("{part:06}");
        write!(f, "{sign}{whole}.{}", decimals.trim_end_matches('0'))
    }
}

/// The text is no number of points.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("expected a number of points such as 12 or 0.25, six decimals and {POINTS_MAX} at most")]
pub struct ParsePointsError;

impl FromStr for Points {
    type Err = ParsePointsError;

    fn from_str(text: &str) -> Result<Self, ParsePointsError> {
        let (negative, digits) = match text.strip_prefix('-') {
            Some(digits) => (true, digits),
            None => (false, text),
        };
        let (whole, decimals) = digits.split_once('.').unwrap_or((digits, "0"));
        let is_number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        if !is_number(whole) || !is_number(decimals) || decimals.len() > DECIMALS {
            return Err(ParsePointsError);
        }
        let part: i64 = format!("{decimals:0<DECIMALS$}")
            .parse()
            .map_err(|_long| ParsePointsError)?;
        let whole: i64 = whole.parse().map_err(|_long| ParsePointsError)?;
        let millionths = whole
            .checked_mul(MILLIONTHS)
            .and_then(|whole| whole.checked_add(part))
            .ok_or(ParsePointsError)?;
        let points = Self(if negative { -millionths } else { millionths });
        points
            .is_within_limits()
            .then_some(points)
            .ok_or(ParsePointsError)
    }
}

/// The points that one kind of paper takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct PointRates {
    /// A side in black.
    pub mono_side: Points,
    /// A side in colour.
    pub color_side: Points,
    /// A sheet.
    pub sheet: Points,
}

impl Default for PointRates {
    /// One point a side, whatever is on it, so that every job whose sides were counted has a
    /// price from the first day.
    fn default() -> Self {
        Self {
            mono_side: Points::whole(1),
            color_side: Points::whole(1),
            sheet: Points::ZERO,
        }
    }
}

/// How many points print jobs take: for any paper, and for papers that differ.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PointRules {
    /// For any paper that is not named.
    pub any: PointRates,
    /// By media name (PWG 5101.1), [`MEDIA_RATES_MAX`] at most.
    pub by_media: std::collections::BTreeMap<String, PointRates>,
}

/// Papers with rates of their own at most: far more than an office stocks.
pub const MEDIA_RATES_MAX: usize = 100;

impl PointRules {
    /// The points the job takes; `None` where a count that it takes is not known, or its colour
    /// where that makes a difference. What was denied, refunded or only scanned takes none.
    pub fn points(&self, record: &PrintRecord) -> Option<Points> {
        let is_free = matches!(record.state, JobState::Denied | JobState::Refunded);
        if is_free || record.function == JobFunction::Scan {
            return Some(Points::ZERO);
        }
        let rates = record.media.as_ref().and_then(|m| self.by_media.get(m));
        let rates = rates.unwrap_or(&self.any);
        let price = |points: Points| Some(Micros(points.millionths()));
        let prices = Prices {
            mono_side: price(rates.mono_side),
            color_side: price(rates.color_side),
            sheet: price(rates.sheet),
        };
        let Micros(millionths) = job_cost(record, prices)?;
        Some(Points(millionths).min(POINTS_MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Timestamp;
    use crate::print_jobs::{ColorMode, SourceKey};
    use proptest::prelude::*;

    #[test]
    fn points_read_as_people_write_them() {
        for (text, millionths) in [
            ("0", 0),
            ("12", 12_000_000),
            ("0.25", 250_000),
            ("-1.000001", -1_000_001),
            ("1000000000", 1_000_000_000_000_000),
        ] {
            assert_eq!(text.parse(), Ok(Points(millionths)), "{text}");
            assert_eq!(Points(millionths).to_string(), text);
        }
        for text in [
            "",
            "-",
            ".5",
            "1.",
            "1e3",
            "1.0000001",
            "1000000000.1",
            "+1",
            "1,5",
        ] {
            assert_eq!(text.parse::<Points>(), Err(ParsePointsError), "{text}");
        }
    }

    proptest! {
        #[test]
        fn points_read_back(millionths in -POINTS_MAX.0..=POINTS_MAX.0) {
            let points = Points(millionths);
            prop_assert_eq!(points.to_string().parse(), Ok(points));
        }
    }

    fn job(color: Option<ColorMode>, impressions: Option<u32>) -> PrintRecord {
        let key = SourceKey::new("test", "1");
        let mut job = PrintRecord::new(key, Timestamp::from_millis(0));
        job.color_mode = color;
        job.counts.impressions = impressions;
        job
    }

    #[test]
    fn the_default_rule_needs_no_colour() {
        let rules = PointRules::default();
        assert_eq!(rules.points(&job(None, Some(3))), Some(Points::whole(3)));
        assert_eq!(rules.points(&job(None, None)), None);
    }

    #[test]
    fn papers_and_colours_have_rates_of_their_own() {
        let mut rules = PointRules::default();
        rules.any.color_side = Points::whole(5);
        let wide = PointRates {
            mono_side: Points::whole(2),
            ..rules.any
        };
        rules.by_media.insert("iso_a3_297x420mm".to_owned(), wide);
        let mut job = job(Some(ColorMode::Monochrome), Some(2));
        assert_eq!(rules.points(&job), Some(Points::whole(2)));
        job.media = Some("iso_a3_297x420mm".to_owned());
        assert_eq!(rules.points(&job), Some(Points::whole(4)));
        job.color_mode = None;
        assert_eq!(rules.points(&job), None, "colour makes a difference");
        job.state = JobState::Refunded;
        assert_eq!(rules.points(&job), Some(Points::ZERO));
    }
}
