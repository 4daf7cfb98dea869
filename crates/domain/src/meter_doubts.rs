//! What of a device's meters contradicts itself or is not proven.
//!
//! Counters of the same pages differ a little by right ([`crate::meters::agree`]); beyond that one
//! of them counts something else than its name says, or was reset without the others. Nothing here
//! guesses which: the row says what does not add up, and its confidence is lowered.

use std::fmt;

use crate::duplex::{DuplexCount, DuplexRule};
use crate::function_sums::{MARKING, all_functions};
use crate::life_counts::LifeCounts;
use crate::meters::{Function, MeterColor, MeterValue, exceeds, impressions};
use crate::paper_sizes::large;

/// One thing that does not add up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MeterDoubt {
    /// The life counts by colour are more than the total.
    ColorsAboveTotal {
        /// All colours together.
        colors: u64,
        /// Life Count Total.
        total: u64,
    },
    /// The life counts by colour are fewer than the total.
    ColorsBelowTotal {
        /// All colours together.
        colors: u64,
        /// Life Count Total.
        total: u64,
    },
    /// What was printed, copied, received and reported is more than the total.
    FunctionsAboveTotal {
        /// All functions together.
        functions: u64,
        /// Life Count Total.
        total: u64,
    },
    /// The colours of one function are more than its total.
    ColorsAboveFunction {
        /// Which function.
        function: Function,
        /// All its colours together.
        colors: u64,
        /// Its total.
        total: u64,
    },
    /// Large pages are more than all pages.
    LargeAboveTotal {
        /// Pages on A3, Ledger or larger.
        large: u64,
        /// Life Count Total.
        total: u64,
    },
    /// Two-sided pages are more than all pages.
    DuplexAboveTotal,
    /// Whether two-sided output is counted in sheets or in sides is not proven.
    DuplexUnit,
}

impl fmt::Display for MeterDoubt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ColorsAboveTotal { colors, total } => {
                write!(
                    f,
                    "mono and color together ({colors}) exceed the total ({total})"
                )
            }
            Self::ColorsBelowTotal { colors, total } => {
                let missing = total.saturating_sub(*colors);
                write!(f, "{missing} of {total} pages are counted in no color")
            }
            Self::FunctionsAboveTotal { functions, total } => {
                write!(
                    f,
                    "all functions together ({functions}) exceed the total ({total})"
                )
            }
            Self::ColorsAboveFunction {
                function,
                colors,
                total,
            } => write!(
                f,
                "{} mono and color together ({colors}) exceed its total ({total})",
                function.keyword()
            ),
            Self::LargeAboveTotal { large, total } => {
                write!(f, "large pages ({large}) exceed the total ({total})")
            }
            Self::DuplexAboveTotal => f.write_str("two-sided pages exceed the total"),
            Self::DuplexUnit => f.write_str("two-sided count: sheets or sides is not proven"),
        }
    }
}

/// Everything of `meters` that does not add up.
pub fn doubts(meters: &[MeterValue], life_counts: &LifeCounts) -> Vec<MeterDoubt> {
    let mut doubts = Vec::new();
    if let Some(total) = life_counts.total {
        doubts.extend(of_colors(life_counts, total));
        doubts.extend(of_functions(meters, total));
        let large = large(meters, MeterColor::All).filter(|large| exceeds(*large, total));
        doubts.extend(large.map(|large| MeterDoubt::LargeAboveTotal { large, total }));
    }
    doubts.extend(MARKING.into_iter().filter_map(|function| {
        let total = impressions(meters, function, MeterColor::All)?;
        let colors = colors_of(meters, function);
        exceeds(colors, total).then_some(MeterDoubt::ColorsAboveFunction {
            function,
            colors,
            total,
        })
    }));
    match DuplexCount::derive(meters, life_counts).rule {
        DuplexRule::Impossible => doubts.push(MeterDoubt::DuplexAboveTotal),
        DuplexRule::Unproven => doubts.push(MeterDoubt::DuplexUnit),
        _ => {}
    }
    doubts
}

fn of_colors(counts: &LifeCounts, total: u64) -> Option<MeterDoubt> {
    let colors = counts.in_colors().unwrap_or(u64::MAX);
    if exceeds(colors, total) {
        Some(MeterDoubt::ColorsAboveTotal { colors, total })
    } else if counts.mono.is_some() && counts.color.is_some() && exceeds(total, colors) {
        Some(MeterDoubt::ColorsBelowTotal { colors, total })
    } else {
        None
    }
}

fn of_functions(meters: &[MeterValue], total: u64) -> Option<MeterDoubt> {
    let functions = all_functions(meters);
    exceeds(functions, total).then_some(MeterDoubt::FunctionsAboveTotal { functions, total })
}

fn colors_of(meters: &[MeterValue], function: Function) -> u64 {
    [
        MeterColor::Mono,
        MeterColor::Color,
        MeterColor::TwoColor,
        MeterColor::SingleColor,
    ]
    .into_iter()
    .filter_map(|color| impressions(meters, function, color))
    .fold(0_u64, u64::saturating_add)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn meters(values: &[(String, u64)]) -> Vec<MeterValue> {
        let meter = |(key, value): &(String, u64)| MeterValue {
            key: key.parse().unwrap(),
            value: *value,
            source: "test".to_owned(),
        };
        values.iter().map(meter).collect()
    }

    fn said(values: &[(&str, u64)]) -> String {
        let owned: Vec<_> = values
            .iter()
            .map(|(key, value)| ((*key).to_owned(), *value))
            .collect();
        let meters = meters(&owned);
        let counts = LifeCounts::derive(&meters, None);
        let doubts = doubts(&meters, &counts);
        let words: Vec<_> = doubts.iter().map(MeterDoubt::to_string).collect();
        format!("{}: {}", counts.confidence(), words.join("; "))
    }

    #[test]
    fn what_does_not_add_up_is_said_in_words() {
        let total = ("total/all/impressions/any", 1_310);
        let mono = |count| ("total/mono/impressions/any", count);
        let color = ("total/color/impressions/any", 1_031);
        assert_eq!(said(&[total, mono(279), color]), "1: ");
        assert_eq!(
            said(&[total, mono(900), color]),
            "0: mono and color together (1931) exceed the total (1310)"
        );
        assert_eq!(
            said(&[total, mono(100), color]),
            "1: 179 of 1310 pages are counted in no color"
        );
        assert_eq!(
            said(&[
                total,
                ("print/all/impressions/any", 1_000),
                ("copy/all/impressions/any", 400)
            ]),
            "0: all functions together (1400) exceed the total (1310)"
        );
        assert_eq!(
            said(&[total, ("total/all/duplex-sheets/any", 734)]),
            "4: two-sided pages exceed the total"
        );
        assert_eq!(
            said(&[total, ("total/all/duplex-unproven/any", 73)]),
            "4: two-sided count: sheets or sides is not proven"
        );
        assert_eq!(
            said(&[total, ("total/all/impressions/a3", 2_000)]),
            "4: large pages (2000) exceed the total (1310)"
        );
        let print = [
            ("print/all/impressions/any", 100),
            ("print/mono/impressions/any", 90),
            ("print/single-color/impressions/any", 40),
        ];
        assert_eq!(
            said(&print),
            "0: print mono and color together (130) exceed its total (100)"
        );
    }

    proptest! {
        /// Whatever a device reports: a row whose counts cannot be says so, and is not graded as
        /// one that can.
        #[test]
        fn no_impossible_row_is_reported_as_a_fact(
            values in prop::collection::btree_map(
                (
                    prop::sample::select(vec!["total", "print", "copy", "fax", "other"]),
                    prop::sample::select(vec!["all", "mono", "color", "two-color", "single-color"]),
                ),
                0..5_000_u64,
                0..12,
            ),
            duplex in prop::option::of(0..5_000_u64),
            has_color: Option<bool>,
        ) {
            let mut values: Vec<_> = values
                .into_iter()
                .map(|((function, color), value)| (format!("{function}/{color}/impressions/any"), value))
                .collect();
            values.extend(duplex.map(|sheets| ("total/all/duplex-sheets/any".to_owned(), sheets)));
            let meters = meters(&values);
            let counts = LifeCounts::derive(&meters, has_color);
            let doubts = doubts(&meters, &counts);
            if let Some(total) = counts.total {
                let colors = counts.in_colors().unwrap();
                if exceeds(colors, total) || exceeds(all_functions(&meters), total) {
                    prop_assert!(!doubts.is_empty());
                    prop_assert_eq!(counts.confidence(), 0);
                }
                let sheets = DuplexCount::derive(&meters, &counts).sheets;
                prop_assert!(sheets.is_none_or(|sheets| !exceeds(sheets * 2, total)));
            }
            prop_assert_eq!(counts.confidence() == 0,
                counts.rule == crate::life_counts::LifeCountRule::NothingRead
                    || doubts.iter().any(|doubt| matches!(
                        doubt,
                        MeterDoubt::ColorsAboveTotal { .. } | MeterDoubt::FunctionsAboveTotal { .. }
                    )));
        }
    }
}
