//! Page counters.

use std::fmt;
use std::str::FromStr;

use crate::keywords::keywords;

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
    /// Pages of documents, before several are put on one side.
    Pages,
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
    /// Sides of sheets marked on both sides: such a sheet adds two.
    DuplexSides,
    /// Two-sided output, in sheets or in sides: no public document of the maker says which.
    DuplexUnproven,
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
    Pages = "pages",
    Characters = "characters",
    DotRows = "dot-rows",
    Hours = "hours",
    Feet = "feet",
    Metres = "metres",
    TenThousandthsOfInches = "ten-thousandths-of-inches",
    Micrometres = "micrometres",
    DuplexSides = "duplex-sides",
    DuplexUnproven = "duplex-unproven",
});

/// Media not told apart.
pub const MEDIA_ANY: &str = "any";

/// In the place of media: the maker's own total, as its status page shows it, which is often some
/// pages off the life count of the Printer-MIB.
pub const MEDIA_MAKER: &str = "maker";

/// How media begin that are none: the counts of a second and further marker.
pub const MEDIA_MARKER_PREFIX: &str = "marker-";

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

/// The count of impressions on any media for a function and colour, where reported.
pub fn impressions(meters: &[MeterValue], function: Function, color: MeterColor) -> Option<u64> {
    find(meters, function, color, MeterUnit::Impressions, MEDIA_ANY)
}

/// What the device counts of everything in a unit, else of printing: IPP tells of printing alone.
pub fn counted_in(meters: &[MeterValue], unit: MeterUnit) -> Option<u64> {
    [Function::Total, Function::Print]
        .into_iter()
        .find_map(|function| find(meters, function, MeterColor::All, unit, MEDIA_ANY))
}

/// Everything the device ever did on these media in impressions, where reported.
pub fn total_on(meters: &[MeterValue], color: MeterColor, media: &str) -> Option<u64> {
    find(
        meters,
        Function::Total,
        color,
        MeterUnit::Impressions,
        media,
    )
}

fn find(
    meters: &[MeterValue],
    function: Function,
    color: MeterColor,
    unit: MeterUnit,
    media: &str,
) -> Option<u64> {
    let wanted = |key: &MeterKey| {
        key.function == function && key.color == color && key.unit == unit && key.media == media
    };
    let found = meters.iter().find(|meter| wanted(&meter.key));
    found.map(|meter| meter.value)
}

/// By how much counts of the same pages may differ: two counters of a maker run from different
/// moments on. Both Kyocera devices of which both totals are known differ by 1.2 %.
const SLACK_PERCENT: u64 = 2;

/// Test pages of the factory, which only some counters have.
const SLACK_IMPRESSIONS: u64 = 20;

/// Whether a count of some pages is above the count of all pages by more than counters differ.
pub fn exceeds(part: u64, whole: u64) -> bool {
    part > whole.saturating_add(slack(whole))
}

/// Whether two counts may be of the same pages.
pub fn agree(a: u64, b: u64) -> bool {
    !exceeds(a, b) && !exceeds(b, a)
}

fn slack(whole: u64) -> u64 {
    (whole / 100)
        .saturating_mul(SLACK_PERCENT)
        .max(SLACK_IMPRESSIONS)
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

    #[test]
    fn counters_of_the_same_pages_may_differ_a_little() {
        // A Kyocera ECOSYS P2040dw and a UTAX 2500ci: life count and printed pages.
        assert!(agree(7_432, 7_342) && agree(283_100, 279_714));
        assert!(exceeds(1_468, 1_310) && !exceeds(1_310, 1_310));
        assert!(!exceeds(15, 0) && exceeds(21, 0));
        assert!(!exceeds(u64::MAX, u64::MAX));
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
