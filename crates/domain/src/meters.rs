//! Page counters and the life counts derived from them.

use std::fmt;
use std::str::FromStr;

/// What produced the counted marks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Function {
    /// Everything the device ever did.
    Total,
    /// Printing.
    Print,
    /// Copying.
    Copy,
    /// Fax reception.
    Fax,
    /// Scanning.
    Scan,
    /// Reports, test pages and what the maker does not name.
    Other,
}

/// In which colour the marks were made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum MeterColor {
    /// Mono and colour together.
    All,
    /// Black only.
    Mono,
    /// Full colour.
    Color,
    /// Two colours (Sharp and others count it apart from full colour).
    TwoColor,
    /// One colour other than black.
    SingleColor,
}

/// What one count is. Printer-MIB `prtMarkerCounterUnit` (RFC 3805) where it has a name for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum MeterUnit {
    /// One side of a sheet marked once.
    Impressions,
    /// Sheets of media.
    Sheets,
    /// Sheets marked on both sides.
    DuplexSheets,
    /// Characters.
    Characters,
    /// Rows of dots.
    DotRows,
    /// Hours of operation.
    Hours,
    /// Feet of media.
    Feet,
    /// Metres of media.
    Metres,
    /// Ten-thousandths of an inch of media.
    TenThousandthsOfInches,
    /// Micrometres of media.
    Micrometres,
}

macro_rules! keywords {
    ($type:ident { $($variant:ident = $keyword:literal),+ $(,)? }) => {
        impl $type {
            /// The form kept in the store and in profiles.
            pub const fn keyword(self) -> &'static str {
                match self { $(Self::$variant => $keyword),+ }
            }

            /// Reads the form kept in the store and in profiles.
            pub fn from_keyword(text: &str) -> Option<Self> {
                match text { $($keyword => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}

keywords!(Function {
    Total = "total",
    Print = "print",
    Copy = "copy",
    Fax = "fax",
    Scan = "scan",
    Other = "other",
});
keywords!(MeterColor {
    All = "all",
    Mono = "mono",
    Color = "color",
    TwoColor = "two-color",
    SingleColor = "single-color",
});
keywords!(MeterUnit {
    Impressions = "impressions",
    Sheets = "sheets",
    DuplexSheets = "duplex-sheets",
    Characters = "characters",
    DotRows = "dot-rows",
    Hours = "hours",
    Feet = "feet",
    Metres = "metres",
    TenThousandthsOfInches = "ten-thousandths-of-inches",
    Micrometres = "micrometres",
});

/// Media not told apart.
pub const MEDIA_ANY: &str = "any";

/// Names a meter: function x colour x unit x media, written `print/color/impressions/a3`. Open
/// in its last part, so that a maker's own split needs no change of the store.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct MeterKey {
    /// What produced the marks.
    pub function: Function,
    /// In which colour.
    pub color: MeterColor,
    /// What one count is.
    pub unit: MeterUnit,
    /// On which media: [`MEDIA_ANY`], `a3`, `large`, …: lower-case letters, digits and `-`.
    pub media: String,
}

impl MeterKey {
    /// The key of impressions on any media.
    pub fn impressions(function: Function, color: MeterColor) -> Self {
        Self {
            function,
            color,
            unit: MeterUnit::Impressions,
            media: MEDIA_ANY.to_owned(),
        }
    }
}

impl fmt::Display for MeterKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            function,
            color,
            unit,
            media,
        } = self;
        write!(
            f,
            "{}/{}/{}/{media}",
            function.keyword(),
            color.keyword(),
            unit.keyword()
        )
    }
}

/// The text names no meter.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a meter: expected function/colour/unit/media such as print/color/impressions/any")]
pub struct ParseMeterKeyError;

impl FromStr for MeterKey {
    type Err = ParseMeterKeyError;

    fn from_str(text: &str) -> Result<Self, ParseMeterKeyError> {
        let mut parts = text.split('/');
        let mut part = || parts.next().ok_or(ParseMeterKeyError);
        let key = Self {
            function: Function::from_keyword(part()?).ok_or(ParseMeterKeyError)?,
            color: MeterColor::from_keyword(part()?).ok_or(ParseMeterKeyError)?,
            unit: MeterUnit::from_keyword(part()?).ok_or(ParseMeterKeyError)?,
            media: part()?.to_owned(),
        };
        let token = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        let media_ok = !key.media.is_empty() && key.media.bytes().all(token);
        (media_ok && parts.next().is_none())
            .then_some(key)
            .ok_or(ParseMeterKeyError)
    }
}

/// One counter as read.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct MeterValue {
    /// Which meter.
    pub key: MeterKey,
    /// The count.
    pub value: u64,
    /// Where it came from: an OID, or the profile's rule over several.
    pub source: String,
}

/// How far the life counts can be trusted, as the published product grades it
/// (facts/pharos.md 2.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum MeterReadConfidence {
    /// 0: nothing was read.
    None,
    /// 1: the device reports all three life counts.
    AllReported,
    /// 2: mono and colour are reported; the total is their sum.
    TotalComputed,
    /// 3: only mono is reported; the total equals it.
    MonoOnly,
    /// 4: only the total is reported; mono and colour must be derived from it.
    TotalOnly,
    /// 5: the total is reported; colour comes from the function meters, mono is the rest.
    ColorFromFunctions,
}

impl MeterReadConfidence {
    /// The published grade, 0 to 5.
    pub const fn grade(self) -> u8 {
        match self {
            Self::None => 0,
            Self::AllReported => 1,
            Self::TotalComputed => 2,
            Self::MonoOnly => 3,
            Self::TotalOnly => 4,
            Self::ColorFromFunctions => 5,
        }
    }

    /// The rule that gave the grade, in words.
    pub const fn rule(self) -> &'static str {
        match self {
            Self::None => "no life count was read",
            Self::AllReported => "total, mono and color as reported",
            Self::TotalComputed => "total = mono + color",
            Self::MonoOnly => "total = mono",
            Self::TotalOnly => {
                "total as reported; mono and color derived where the device has one color"
            }
            Self::ColorFromFunctions => "color = sum of function meters; mono = total - color",
        }
    }
}

/// Life Count Total, Mono and Color of a device, with the grade and so the rule that gave them.
/// Unknown is `None`, never 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LifeCounts {
    /// Life Count Total in impressions.
    pub total: Option<u64>,
    /// Life Count Mono in impressions.
    pub mono: Option<u64>,
    /// Life Count Color in impressions.
    pub color: Option<u64>,
    /// How they were obtained.
    pub confidence: MeterReadConfidence,
}

impl LifeCounts {
    /// Derives the life counts from what a device reported. `has_color` is whether the device
    /// can mark in colour, where known: a device that cannot has all its pages in mono.
    pub fn derive(meters: &[MeterValue], has_color: Option<bool>) -> Self {
        use MeterReadConfidence as Confidence;
        let reported = |function, color| impressions(meters, function, color);
        let total = reported(Function::Total, MeterColor::All);
        let mono = reported(Function::Total, MeterColor::Mono);
        let color = reported(Function::Total, MeterColor::Color);
        let counts = |total, mono, color, confidence| Self {
            total,
            mono,
            color,
            confidence,
        };
        match (total, mono, color) {
            (Some(_), Some(_), Some(_)) => counts(total, mono, color, Confidence::AllReported),
            (None, Some(m), Some(c)) => {
                counts(m.checked_add(c), mono, color, Confidence::TotalComputed)
            }
            (None, Some(_), None) => {
                let none_in_color = (has_color == Some(false)).then_some(0);
                counts(mono, mono, none_in_color, Confidence::MonoOnly)
            }
            (Some(t), Some(m), None) => counts(
                total,
                mono,
                t.checked_sub(m),
                Confidence::ColorFromFunctions,
            ),
            (Some(t), None, Some(c)) => counts(
                total,
                t.checked_sub(c),
                color,
                Confidence::ColorFromFunctions,
            ),
            (Some(t), None, None) => Self::from_total(meters, t, has_color),
            (None, None, _) => counts(None, None, color, Confidence::None),
        }
    }

    fn from_total(meters: &[MeterValue], total: u64, has_color: Option<bool>) -> Self {
        use MeterReadConfidence as Confidence;
        let by_function = [
            Function::Print,
            Function::Copy,
            Function::Fax,
            Function::Other,
        ]
        .into_iter()
        .filter_map(|function| impressions(meters, function, MeterColor::Color))
        .reduce(u64::saturating_add)
        .filter(|color| *color <= total);
        let (mono, color, confidence) = match (by_function, has_color) {
            (Some(color), _) => (
                Some(total - color),
                Some(color),
                Confidence::ColorFromFunctions,
            ),
            (None, Some(false)) => (Some(total), Some(0), Confidence::TotalOnly),
            (None, _) => (None, None, Confidence::TotalOnly),
        };
        Self {
            total: Some(total),
            mono,
            color,
            confidence,
        }
    }
}

/// The count of impressions on any media for a function and colour, where reported.
pub fn impressions(meters: &[MeterValue], function: Function, color: MeterColor) -> Option<u64> {
    let wanted = |key: &MeterKey| {
        key.function == function
            && key.color == color
            && key.unit == MeterUnit::Impressions
            && key.media == MEDIA_ANY
    };
    meters
        .iter()
        .find(|meter| wanted(&meter.key))
        .map(|meter| meter.value)
}

/// What a counter gained between two readings; `None` when it went down. A page counter never
/// gets near its wrap, so going down means that the device was reset or its board swapped: a new
/// count begins, and nothing can be said of the time between (trap T10).
pub const fn increase(earlier: u64, later: u64) -> Option<u64> {
    later.checked_sub(earlier)
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
        [
            counts.total,
            counts.mono,
            counts.color,
            Some(u64::from(counts.confidence.grade())),
        ]
    }

    #[test]
    fn the_published_grades() {
        let n = Some;
        assert_eq!(derived(&[], None), [None, None, None, n(0)]);
        let all = [("total/all", 10), ("total/mono", 7), ("total/color", 3)];
        assert_eq!(derived(&all, None), [n(10), n(7), n(3), n(1)]);
        assert_eq!(derived(&all[1..], None), [n(10), n(7), n(3), n(2)]);
        assert_eq!(
            derived(&[("total/mono", 7)], None),
            [n(7), n(7), None, n(3)]
        );
        assert_eq!(
            derived(&[("total/all", 10)], None),
            [n(10), None, None, n(4)]
        );
        assert_eq!(
            derived(&[("total/all", 10)], Some(false)),
            [n(10), n(10), n(0), n(4)]
        );
        let splits = [
            ("total/all", 10),
            ("print/color", 2),
            ("copy/color", 1),
            ("copy/mono", 4),
        ];
        assert_eq!(derived(&splits, Some(true)), [n(10), n(7), n(3), n(5)]);
    }

    #[test]
    fn a_counter_that_went_down_gained_nothing_known() {
        assert_eq!(increase(76_064, 76_498), Some(434));
        assert_eq!(increase(76_498, 12), None);
    }

    #[test]
    fn color_that_exceeds_the_total_is_not_believed() {
        let odd = [("total/all", 10), ("print/color", 20)];
        assert_eq!(derived(&odd, Some(true)), [Some(10), None, None, Some(4)]);
    }

    proptest! {
        #[test]
        fn known_life_counts_add_up(total: Option<u32>, mono: Option<u32>, print_color: Option<u32>) {
            let values: Vec<_> = [("total/all", total), ("total/mono", mono), ("print/color", print_color)]
                .into_iter()
                .filter_map(|(key, value)| value.map(|v| (key, u64::from(v))))
                .collect();
            let counts = LifeCounts::derive(&meters(&values), Some(true));
            if let (Some(t), Some(m), Some(c)) = (counts.total, counts.mono, counts.color) {
                prop_assert_eq!(t, m + c);
            }
        }
    }

    #[test]
    fn keys_read_back() {
        let key: MeterKey = "copy/color/impressions/a3".parse().unwrap();
        assert_eq!(key.to_string().parse(), Ok(key));
        for bad in [
            "",
            "copy",
            "copy/color/impressions/",
            "copy/color/impressions/any/x",
            "x/all/sheets/any",
        ] {
            assert_eq!(bad.parse::<MeterKey>(), Err(ParseMeterKeyError), "{bad}");
        }
    }
}
