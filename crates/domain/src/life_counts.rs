//! Life Count Total, Mono and Color, and by which rule they were obtained.
//!
//! Each is read where a meter has it; else it is the sum of the function meters, where those hold
//! every page of that colour; else it is the rest of the total. Pages in two colours or in one
//! colour other than black, which Kyocera, Sharp, Ricoh and Konica Minolta count apart, stand
//! beside mono and color and are part of neither.

use crate::function_sums::{self, Sum};
use crate::meters::{Function, MeterColor, MeterValue, exceeds, impressions};

/// Which rule gave the life counts.
///
/// The published product grades meter reads from 0 to 5 (community.pharos.com, DOC-1878); several
/// rules can share a grade, and each says in its own words what was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum LifeCountRule {
    /// Neither a total nor a mono count was read.
    NothingRead,
    /// The device reports all three.
    AllReported,
    /// Mono and color are reported; the total is their sum.
    TotalFromSum,
    /// Only mono is reported; the total equals it.
    MonoOnly,
    /// Only the total is reported, by a device that marks in one color: all of it is mono.
    OneColor,
    /// Only the total is reported; how it splits is not known.
    TotalOnly,
    /// The total is reported; mono and color are sums of the function meters.
    SumsOfFunctions,
    /// The total and color are reported; mono is the sum of the function meters.
    MonoFromFunctions,
    /// The total and mono are reported; color is the sum of the function meters.
    ColorFromFunctions,
    /// The total is reported, by a device that marks in color; mono is the sum of the function
    /// meters, color the rest.
    MonoFromFunctionsColorFromRest,
    /// The total is reported; mono is the sum of the function meters. Whether the rest is color is
    /// not known: it may be what the engine ran besides.
    MonoFromFunctionsOnly,
    /// The total is reported; color is the sum of the function meters, mono the rest.
    ColorFromFunctionsMonoFromRest,
    /// The total and mono are reported; color is the rest.
    ColorFromRest,
    /// The total and color are reported; mono is the rest.
    MonoFromRest,
}

impl LifeCountRule {
    /// Meter Read Confidence, the published grade from 0 to 5.
    pub const fn confidence(self) -> u8 {
        match self {
            Self::NothingRead => 0,
            Self::AllReported => 1,
            Self::TotalFromSum => 2,
            Self::MonoOnly => 3,
            Self::OneColor | Self::TotalOnly => 4,
            Self::SumsOfFunctions
            | Self::MonoFromFunctions
            | Self::ColorFromFunctions
            | Self::MonoFromFunctionsColorFromRest
            | Self::MonoFromFunctionsOnly
            | Self::ColorFromFunctionsMonoFromRest
            | Self::ColorFromRest
            | Self::MonoFromRest => 5,
        }
    }

    /// The rule in words.
    pub const fn words(self) -> &'static str {
        match self {
            Self::NothingRead => "no life count was read",
            Self::AllReported => "total, mono and color as reported",
            Self::TotalFromSum => "total = mono + color",
            Self::MonoOnly => "total = mono",
            Self::OneColor => "mono = total: the device marks in one color",
            Self::TotalOnly => "total as reported; mono and color not known",
            Self::SumsOfFunctions => "mono and color = sums of function meters",
            Self::MonoFromFunctions => "mono = sum of function meters; color as reported",
            Self::ColorFromFunctions => "mono as reported; color = sum of function meters",
            Self::MonoFromFunctionsColorFromRest => {
                "mono = sum of function meters; color = total - mono"
            }
            Self::MonoFromFunctionsOnly => "mono = sum of function meters; color not known",
            Self::ColorFromFunctionsMonoFromRest => {
                "color = sum of function meters; mono = total - color"
            }
            Self::ColorFromRest => "color = total - mono",
            Self::MonoFromRest => "mono = total - color",
        }
    }
}

/// The life counts of a device in impressions. Unknown is `None`, never 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LifeCounts {
    /// Life Count Total.
    pub total: Option<u64>,
    /// Life Count Mono: black only.
    pub mono: Option<u64>,
    /// Life Count Color. What stands in `two_color` or `single_color` is not in it.
    pub color: Option<u64>,
    /// Pages in two colours, where they are counted apart.
    pub two_color: Option<u64>,
    /// Pages in one colour other than black, where they are counted apart.
    pub single_color: Option<u64>,
    /// How they were obtained.
    pub rule: LifeCountRule,
    /// Whether its colours, or its functions, are together more than the total.
    pub contradicted: bool,
}

impl LifeCounts {
    /// Derives the life counts from what a device reported. `has_color` is whether the device
    /// can mark in color, where known: a device that cannot has all its pages in mono.
    pub fn derive(meters: &[MeterValue], has_color: Option<bool>) -> Self {
        let reported = |color| impressions(meters, Function::Total, color);
        let apart = |color| reported(color).or_else(|| function_sums::apart(meters, color));
        let unsplit = Self {
            total: reported(MeterColor::All),
            mono: reported(MeterColor::Mono),
            color: reported(MeterColor::Color),
            two_color: apart(MeterColor::TwoColor),
            single_color: apart(MeterColor::SingleColor),
            rule: LifeCountRule::NothingRead,
            contradicted: false,
        };
        let counts = match unsplit.total {
            Some(total) => unsplit.split(meters, total, has_color),
            None => unsplit.without_total(has_color),
        };
        let more = |total| {
            let colors = counts.in_colors().unwrap_or(u64::MAX);
            exceeds(colors, total) || exceeds(function_sums::all_functions(meters), total)
        };
        Self {
            contradicted: counts.total.is_some_and(more),
            ..counts
        }
    }

    /// Meter Read Confidence: the rule's grade, or 0 where the counts contradict each other.
    pub const fn confidence(&self) -> u8 {
        if self.contradicted {
            0
        } else {
            self.rule.confidence()
        }
    }

    /// All pages of which the colour is known; `None` beyond all counting.
    pub fn in_colors(&self) -> Option<u64> {
        let known = [self.mono, self.color, self.two_color, self.single_color];
        known
            .into_iter()
            .flatten()
            .try_fold(0_u64, u64::checked_add)
    }

    /// The rest of `total` beside `known` and the colours counted apart.
    fn rest(&self, total: u64, known: u64) -> Option<u64> {
        [self.two_color, self.single_color]
            .into_iter()
            .flatten()
            .try_fold(total.checked_sub(known)?, u64::checked_sub)
    }

    fn without_total(self, has_color: Option<bool>) -> Self {
        use LifeCountRule as Rule;
        match (self.mono, self.color) {
            (Some(_), Some(_)) => Self {
                total: self.in_colors(),
                rule: Rule::TotalFromSum,
                ..self
            },
            (Some(mono), None) => Self {
                total: Some(mono),
                color: (has_color == Some(false)).then_some(0),
                rule: Rule::MonoOnly,
                ..self
            },
            (None, _) => self,
        }
    }

    fn split(self, meters: &[MeterValue], total: u64, has_color: Option<bool>) -> Self {
        use LifeCountRule as Rule;
        let one_color = has_color == Some(false);
        if let (Some(_), Some(_)) = (self.mono, self.color) {
            return Self {
                rule: Rule::AllReported,
                ..self
            };
        }
        // A second counter a few pages off is no color on a device that has none.
        if one_color && self.color.is_none() {
            return Self {
                mono: Some(total),
                color: Some(0),
                rule: Rule::OneColor,
                ..self
            };
        }
        let sum = |color| match function_sums::every(meters, color) {
            Sum::Of(pages) if !exceeds(pages, total) => Some(pages),
            _ => None,
        };
        let mono = self.mono.or_else(|| sum(MeterColor::Mono));
        let color = self.color.or_else(|| sum(MeterColor::Color));
        let (mono, color, rule) = match (mono, color) {
            (Some(m), Some(c)) => {
                let rule = match (self.mono, self.color) {
                    (None, None) => Rule::SumsOfFunctions,
                    (None, Some(_)) => Rule::MonoFromFunctions,
                    (Some(_), _) => Rule::ColorFromFunctions,
                };
                (Some(m), Some(c), rule)
            }
            (Some(m), None) if self.mono.is_some() => {
                (Some(m), self.rest(total, m), Rule::ColorFromRest)
            }
            (Some(m), None) if has_color == Some(true) => {
                let rest = self.rest(total, m);
                (Some(m), rest, Rule::MonoFromFunctionsColorFromRest)
            }
            (Some(m), None) => (Some(m), None, Rule::MonoFromFunctionsOnly),
            (None, Some(c)) => {
                let rule = match self.color {
                    Some(_) => Rule::MonoFromRest,
                    None => Rule::ColorFromFunctionsMonoFromRest,
                };
                (self.rest(total, c), Some(c), rule)
            }
            (None, None) => (None, None, Rule::TotalOnly),
        };
        Self {
            mono,
            color,
            rule,
            ..self
        }
    }
}

#[cfg(test)]
#[path = "life_counts_tests.rs"]
mod tests;
