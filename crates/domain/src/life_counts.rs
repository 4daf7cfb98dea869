//! Life Count Total, Mono and Color, and by which rule they were obtained.

use crate::meters::{Function, MeterColor, MeterValue, impressions};

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
    /// The total is reported; color is the sum of the function meters, mono the rest.
    ColorFromFunctions,
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
            Self::ColorFromFunctions | Self::ColorFromRest | Self::MonoFromRest => 5,
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
            Self::ColorFromFunctions => "color = sum of function meters; mono = total - color",
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
    /// Life Count Mono.
    pub mono: Option<u64>,
    /// Life Count Color.
    pub color: Option<u64>,
    /// How they were obtained.
    pub rule: LifeCountRule,
}

impl LifeCounts {
    /// Derives the life counts from what a device reported. `has_color` is whether the device
    /// can mark in color, where known: a device that cannot has all its pages in mono.
    pub fn derive(meters: &[MeterValue], has_color: Option<bool>) -> Self {
        use LifeCountRule as Rule;
        let reported = |color| impressions(meters, Function::Total, color);
        let total = reported(MeterColor::All);
        let mono = reported(MeterColor::Mono);
        let color = reported(MeterColor::Color);
        let counts = |total, mono, color, rule| Self {
            total,
            mono,
            color,
            rule,
        };
        match (total, mono, color) {
            (Some(_), Some(_), Some(_)) => counts(total, mono, color, Rule::AllReported),
            (None, Some(m), Some(c)) => counts(m.checked_add(c), mono, color, Rule::TotalFromSum),
            (None, Some(_), None) => {
                let none_in_color = (has_color == Some(false)).then_some(0);
                counts(mono, mono, none_in_color, Rule::MonoOnly)
            }
            // A second counter a few pages off is no color on a device that has none.
            (Some(_), Some(_), None) if has_color == Some(false) => {
                counts(total, total, Some(0), Rule::OneColor)
            }
            (Some(t), Some(m), None) => counts(total, mono, t.checked_sub(m), Rule::ColorFromRest),
            (Some(t), None, Some(c)) => counts(total, t.checked_sub(c), color, Rule::MonoFromRest),
            (Some(t), None, None) => Self::from_total(meters, t, has_color),
            (None, None, _) => counts(None, None, color, Rule::NothingRead),
        }
    }

    fn from_total(meters: &[MeterValue], total: u64, has_color: Option<bool>) -> Self {
        use LifeCountRule as Rule;
        let by_function = color_of_functions(meters).filter(|color| *color <= total);
        let (mono, color, rule) = match (by_function, has_color) {
            (Some(color), _) => (Some(total - color), Some(color), Rule::ColorFromFunctions),
            (None, Some(false)) => (Some(total), Some(0), Rule::OneColor),
            (None, _) => (None, None, Rule::TotalOnly),
        };
        Self {
            total: Some(total),
            mono,
            color,
            rule,
        }
    }
}

/// The color counts of all functions together; `None` where printing, or copying on a device that
/// counts copies, has none, since the sum would call their color pages mono.
fn color_of_functions(meters: &[MeterValue]) -> Option<u64> {
    let of = |function, color| impressions(meters, function, color);
    let print = of(Function::Print, MeterColor::Color)?;
    let copy = of(Function::Copy, MeterColor::Color);
    let counts_copies = [MeterColor::All, MeterColor::Mono]
        .into_iter()
        .any(|color| of(Function::Copy, color).is_some());
    if counts_copies && copy.is_none() {
        return None;
    }
    [Function::Fax, Function::Other]
        .into_iter()
        .filter_map(|function| of(function, MeterColor::Color))
        .chain(copy)
        .try_fold(print, u64::checked_add)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn meters(values: &[(&str, u64)]) -> Vec<MeterValue> {
        let meter = |(key, value): &(&str, u64)| MeterValue {
            key: format!("{key}/impressions/any").parse().unwrap(),
            value: *value,
            source: "test".to_owned(),
        };
        values.iter().map(meter).collect()
    }

    fn derived(values: &[(&str, u64)], has_color: Option<bool>) -> [Option<u64>; 4] {
        let counts = LifeCounts::derive(&meters(values), has_color);
        let confidence = u64::from(counts.rule.confidence());
        [counts.total, counts.mono, counts.color, Some(confidence)]
    }

    #[test]
    fn the_published_grades() {
        let n = Some;
        assert_eq!(derived(&[], None), [None, None, None, n(0)]);
        let all = [("total/all", 10), ("total/mono", 7), ("total/color", 3)];
        assert_eq!(derived(&all, None), [n(10), n(7), n(3), n(1)]);
        assert_eq!(derived(&all[1..], None), [n(10), n(7), n(3), n(2)]);
        assert_eq!(derived(&all[1..2], None), [n(7), n(7), None, n(3)]);
        assert_eq!(derived(&all[..1], None), [n(10), None, None, n(4)]);
        assert_eq!(derived(&all[..1], Some(false)), [n(10), n(10), n(0), n(4)]);
        let splits = [
            ("total/all", 10),
            ("print/color", 2),
            ("copy/color", 1),
            ("copy/mono", 4),
        ];
        assert_eq!(derived(&splits, Some(true)), [n(10), n(7), n(3), n(5)]);
    }

    #[test]
    fn a_rest_says_that_it_is_one() {
        let values = meters(&[("total/all", 10), ("total/mono", 7)]);
        let counts = LifeCounts::derive(&values, None);
        assert_eq!(
            (counts.color, counts.rule.words()),
            (Some(3), "color = total - mono")
        );
    }

    #[test]
    fn a_device_of_one_color_has_no_color_pages_whatever_its_counters_differ_by() {
        let near = [("total/all", 7_432), ("total/mono", 7_342)];
        let expected = [Some(7_432), Some(7_432), Some(0), Some(4)];
        assert_eq!(derived(&near, Some(false)), expected);
    }

    #[test]
    fn a_function_without_a_color_count_leaves_color_unknown() {
        let unknown = [Some(10), None, None, Some(4)];
        let copies = [("total/all", 10), ("copy/color", 1)];
        assert_eq!(derived(&copies, Some(true)), unknown);
        let prints = [("total/all", 10), ("print/color", 1), ("copy/all", 5)];
        assert_eq!(derived(&prints, Some(true)), unknown);
    }

    #[test]
    fn color_that_exceeds_the_total_is_not_believed() {
        let odd = [("total/all", 10), ("print/color", 20)];
        assert_eq!(derived(&odd, Some(true)), [Some(10), None, None, Some(4)]);
    }

    proptest! {
        #[test]
        fn known_life_counts_add_up(total: Option<u32>, mono: Option<u32>, print_color: Option<u32>) {
            let values: Vec<_> =
                [("total/all", total), ("total/mono", mono), ("print/color", print_color)]
                    .into_iter()
                    .filter_map(|(key, value)| value.map(|v| (key, u64::from(v))))
                    .collect();
            let counts = LifeCounts::derive(&meters(&values), Some(true));
            if let (Some(t), Some(m), Some(c)) = (counts.total, counts.mono, counts.color) {
                prop_assert_eq!(t, m + c);
            }
        }
    }
}
