//! What was counted of a print job, who counted, and what to know before trusting it.
//!
//! What a spooler was asked for and what a device counted are kept apart, and each count says
//! where it came from.

use crate::keywords::keywords;
use crate::print_jobs::Sides;

/// Who counted, in the order in which we believe it: a later variant outranks an earlier one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub enum Evidence {
    /// Nobody: the counts are unknown.
    #[default]
    None,
    /// What was asked for (pages of the document times copies).
    Requested,
    /// The spooler's count (CUPS, Windows, a print logger).
    Spooler,
    /// The device's own job log.
    Device,
    /// The difference of the device's meters.
    Meter,
}

keywords!(Evidence {
    None = "none",
    Requested = "requested",
    Spooler = "spooler",
    Device = "device",
    Meter = "meter",
});

/// How a number of sheets came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub enum SheetsQuality {
    /// Not known.
    #[default]
    Unknown,
    /// By the rule `copies x ceil(pages / 2)`, see [`derived_sheets`].
    Derived,
    /// Counted by the source.
    Measured,
}

keywords!(SheetsQuality {
    Unknown = "unknown",
    Derived = "derived",
    Measured = "measured",
});

macro_rules! count_flags {
    ($($(#[$doc:meta])* $name:ident = $bit:literal, $keyword:literal;)+) => {
        impl CountFlags {
            $($(#[$doc])* pub const $name: Self = Self(1 << $bit);)+

            /// Every flag with its keyword, in a stable order.
            pub const NAMED: &'static [(Self, &'static str)] = &[$((Self::$name, $keyword)),+];
        }
    };
}

/// Remarks on a record's counts, times and texts: what a person should know before trusting them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct CountFlags(u16);

count_flags! {
    /// Blank backs that the spooler added may be counted (CUPS on IPP Everywhere queues).
    BLANK_PADDING = 0, "blank-padding";
    /// A raw job: the spooler could not count.
    RAW_UNKNOWN = 1, "raw-unknown";
    /// The source states no copies, or an impossible number: one is assumed.
    COPIES_ASSUMED = 2, "copies-assumed";
    /// The source states no pages for a job that it calls done.
    PAGES_ZERO = 3, "pages-zero";
    /// The title held control characters or was too long.
    TITLE_CHANGED = 4, "title-changed";
    /// Paper, sides or colour are the queue's defaults, since the job asked for nothing.
    QUEUE_DEFAULTS = 5, "queue-defaults";
    /// The user name is a claim of the client, not verified.
    USER_CLAIMED = 6, "user-claimed";
    /// Completed after it was received: a clock is wrong.
    CLOCK_SKEW = 7, "clock-skew";
    /// Several lines of an old per-page log, joined by a gap rule.
    JOINED_LINES = 8, "joined-lines";
    /// Counts come from two events that were matched by job id and time.
    PAIRED_EVENTS = 9, "paired-events";
    /// The impressions are what the spooler calls its sheets (CUPS up to 2.0, which counts sides so).
    COUNTED_AS_SHEETS = 10, "counted-as-sheets";
}

impl CountFlags {
    /// No remark.
    pub const NONE: Self = Self(0);

    /// The bits the store keeps.
    pub const fn bits(self) -> u16 {
        self.0
    }

    /// The flags with these bits, as the store keeps them.
    pub const fn from_bits(bits: u16) -> Self {
        Self(bits)
    }

    /// These and those.
    #[must_use]
    pub const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether all of `other` are among these.
    pub const fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Their keywords.
    pub fn keywords(self) -> impl Iterator<Item = &'static str> {
        let named = Self::NAMED.iter();
        named
            .filter(move |(flag, _)| self.has(*flag))
            .map(|(_, keyword)| *keyword)
    }

    /// The flag with this keyword.
    pub fn from_keyword(keyword: &str) -> Option<Self> {
        let found = Self::NAMED.iter().find(|(_, known)| *known == keyword);
        found.map(|(flag, _)| *flag)
    }
}

/// What was counted. Every count is of the whole job, all copies together, unless it says
/// otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Counts {
    /// Pages of one copy.
    pub pages: Option<u32>,
    /// Copies.
    pub copies: Option<u32>,
    /// Sides marked.
    pub impressions: Option<u32>,
    /// Of them, those with colour, where somebody counted them.
    pub color_impressions: Option<u32>,
    /// Sheets of media.
    pub sheets: Option<u32>,
    /// How the sheets were found.
    pub sheets_quality: SheetsQuality,
    /// Who counted.
    pub evidence: Evidence,
}

impl Counts {
    /// Of the impressions, those in black, where both others are known.
    pub fn mono_impressions(&self) -> Option<u32> {
        self.impressions?.checked_sub(self.color_impressions?)
    }
}

/// The counts of `better`, with what it does not know taken from `other`.
pub(crate) fn merged_counts(other: &Counts, better: &Counts) -> Counts {
    // What somebody measured is known; what follows from other counts follows from them anew.
    let measured = |counts: &Counts| counts.sheets_quality == SheetsQuality::Measured;
    let sheets = if better.sheets.is_some() && (measured(better) || !measured(other)) {
        better
    } else {
        other
    };
    Counts {
        pages: better.pages.or(other.pages),
        copies: better.copies.or(other.copies),
        impressions: better.impressions.or(other.impressions),
        color_impressions: better.color_impressions.or(other.color_impressions),
        sheets: sheets.sheets,
        sheets_quality: sheets.sheets_quality,
        evidence: better.evidence.max(if better.impressions.is_none() {
            other.evidence
        } else {
            better.evidence
        }),
    }
}

/// Sheets by the rule: one-sided jobs take a sheet an impression; duplex jobs take
/// `copies x ceil(pages of a copy / 2)`, since a copy begins on a new sheet. Where the pages of a
/// copy are not known they are the impressions divided by the copies, if that comes out even.
/// `None` where sides or counts are unknown: Windows, for one, does not say.
pub fn derived_sheets(counts: &Counts, sides: Option<Sides>) -> Option<u32> {
    if !sides?.is_duplex() {
        return counts.impressions;
    }
    if counts.impressions == Some(0) {
        return Some(0);
    }
    let copies = counts.copies?;
    let pages = match (counts.pages, counts.impressions) {
        (Some(pages), _) => pages,
        (None, Some(impressions)) if copies > 0 && impressions % copies == 0 => {
            impressions / copies
        }
        (None, _) => return None,
    };
    copies.checked_mul(pages.div_ceil(2))
}
