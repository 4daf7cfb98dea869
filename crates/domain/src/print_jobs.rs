//! Print transactions: one record a job, named by a key from its source.
//!
//! Unknown is `None`, never 0. What was counted, and by whom, is in [`crate::print_counts`].

use std::fmt;
use std::net::IpAddr;

use crate::clock::Timestamp;
use crate::keywords::keywords;
use crate::print_counts::merged_counts;
pub use crate::print_counts::{CountFlags, Counts, Evidence, SheetsQuality, derived_sheets};

/// Longest [`SourceKey::source`] in octets: a kind, an instance and separators.
pub const SOURCE_MAX_OCTETS: usize = 160;

/// Longest [`SourceKey::id`] in octets: a UUID, a digest or an event's coordinates fit easily.
pub const SOURCE_ID_MAX_OCTETS: usize = 255;

/// Names a job for ever: the same job read twice, or from two logs of one spooler, has one key.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SourceKey {
    /// Who numbered the job: kind and instance, such as `cups|3f0c9a52` or `win|printsrv1`.
    pub source: String,
    /// Its name there, such as `urn:uuid:…` or a record number with its time. Sources that count
    /// upwards should keep their order in it, which keeps neighbours together on disk.
    pub id: String,
}

impl SourceKey {
    /// The key with these parts.
    pub fn new(source: impl Into<String>, id: impl Into<String>) -> Self {
        Self {
            source: source.into(),
            id: id.into(),
        }
    }

    /// Whether both parts are there and within their limits.
    pub fn is_well_formed(&self) -> bool {
        let within = |text: &str, max| {
            (1..=max).contains(&text.len()) && !text.chars().any(char::is_control)
        };
        within(&self.source, SOURCE_MAX_OCTETS) && within(&self.id, SOURCE_ID_MAX_OCTETS)
    }
}

impl fmt::Display for SourceKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}|{}", self.source, self.id)
    }
}

/// What made the job.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub enum JobFunction {
    /// Printed from a computer.
    #[default]
    Print,
    /// Copied at the device.
    Copy,
    /// Scanned; nothing was marked.
    Scan,
    /// Sent or received as a fax.
    Fax,
    /// Reports, test pages and what the source does not name.
    Other,
}

keywords!(JobFunction {
    Print = "print",
    Copy = "copy",
    Scan = "scan",
    Fax = "fax",
    Other = "other",
});

/// How the job ended. The first three are IPP's `job-state` (RFC 8011 5.3.7).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub enum JobState {
    /// Done, as far as the source knows.
    #[default]
    Completed,
    /// Stopped by a person.
    Canceled,
    /// Stopped by the system.
    Aborted,
    /// Not allowed to print.
    Denied,
    /// Charged and given back.
    Refunded,
    /// The source does not say.
    Unknown,
}

keywords!(JobState {
    Completed = "completed",
    Canceled = "canceled",
    Aborted = "aborted",
    Denied = "denied",
    Refunded = "refunded",
    Unknown = "unknown",
});

impl JobState {
    /// This state after news of another one, which counted `better` or not. What was decided
    /// afterwards stays, and what is known never becomes unknown: so the same news in another
    /// order, or once more, changes nothing.
    const fn revised_by(self, news: Self, better: bool) -> Self {
        match (self, news) {
            (Self::Refunded, _) | (_, Self::Refunded) => Self::Refunded,
            (Self::Denied, _) | (_, Self::Denied) => Self::Denied,
            (known, Self::Unknown) => known,
            (Self::Unknown, news) => news,
            (_, news) if better => news,
            (known, _) => known,
        }
    }
}

/// How far [`PrintRecord::completed_at`] can be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub enum TimeQuality {
    /// The source states UTC, or local time with its offset.
    #[default]
    Exact,
    /// Bare local time, read in the zone that the source was said to be in.
    AssumedZone,
    /// Bare local time in the hour that autumn repeats: the first or the second pass, guessed.
    Ambiguous,
    /// Bare local time in the hour that spring skips: moved behind the gap.
    Gap,
    /// The clock of a device, which nobody sets.
    DeviceClock,
    /// Not stated: the nearest moment known, such as when printing began or when the collector saw
    /// the job.
    Observed,
    /// A bare date: noon of that day stands for it, and the hour is not known.
    Day,
}

keywords!(TimeQuality {
    Exact = "exact",
    AssumedZone = "assumed-zone",
    Ambiguous = "ambiguous",
    Gap = "gap",
    DeviceClock = "device-clock",
    Observed = "observed",
    Day = "day",
});

/// Colour as asked for (IPP `print-color-mode`, PWG 5100.13). A wish, not a count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ColorMode {
    /// Colour where the document has some.
    Auto,
    /// Colour.
    Color,
    /// Black only.
    Monochrome,
}

keywords!(ColorMode {
    Auto = "auto",
    Color = "color",
    Monochrome = "monochrome",
});

/// Which sides were asked for (IPP `sides`, RFC 8011 5.2.8).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Sides {
    /// One.
    OneSided,
    /// Both, bound at the long edge.
    TwoSidedLongEdge,
    /// Both, bound at the short edge.
    TwoSidedShortEdge,
    /// Both; the source does not say at which edge.
    TwoSided,
}

keywords!(Sides {
    OneSided = "one-sided",
    TwoSidedLongEdge = "two-sided-long-edge",
    TwoSidedShortEdge = "two-sided-short-edge",
    TwoSided = "two-sided",
});

impl Sides {
    /// Whether sheets carry two sides.
    pub const fn is_duplex(self) -> bool {
        !matches!(self, Self::OneSided)
    }
}

/// What a source says of the printer behind a queue: enough to find the device among those that
/// were polled, where it is one of them.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct PrinterHint {
    /// Network address from the queue's URI or port.
    pub address: Option<IpAddr>,
    /// Serial number as stated.
    pub serial: Option<String>,
    /// `printer-uuid` as stated, without `urn:uuid:`.
    pub uuid: Option<String>,
}

/// One job as a source reports it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct PrintRecord {
    /// Its name.
    pub key: SourceKey,
    /// What made it.
    pub function: JobFunction,
    /// How it ended.
    pub state: JobState,
    /// When it ended: the instant by which reports select.
    pub completed_at: Timestamp,
    /// How far that can be trusted.
    pub time_quality: TimeQuality,
    /// When it was sent.
    pub submitted_at: Option<Timestamp>,
    /// Whose it is, in any spelling; a record that is kept has the normal form
    /// ([`crate::person_names`]).
    pub user: Option<String>,
    /// Account or budget centre named by the job (CUPS `job-billing`, `job-account-id`).
    pub account: Option<String>,
    /// Computer that sent it.
    pub client: Option<String>,
    /// Title of the document.
    pub document: Option<String>,
    /// Program that made it.
    pub application: Option<String>,
    /// Queue that took it.
    pub queue: Option<String>,
    /// The printer behind the queue.
    pub printer: PrinterHint,
    /// What was counted.
    pub counts: Counts,
    /// Colour as asked for.
    pub color_mode: Option<ColorMode>,
    /// Sides as asked for.
    pub sides: Option<Sides>,
    /// Media size: a PWG 5101.1 self-describing name such as `iso_a4_210x297mm` where the source's
    /// word is known, otherwise the source's word.
    pub media: Option<String>,
    /// Octets spooled.
    pub bytes: Option<u64>,
    /// Remarks.
    pub flags: CountFlags,
}

impl PrintRecord {
    /// A completed print job of which nothing is known but its name and its time.
    pub fn new(key: SourceKey, completed_at: Timestamp) -> Self {
        Self {
            key,
            function: JobFunction::default(),
            state: JobState::default(),
            completed_at,
            time_quality: TimeQuality::default(),
            submitted_at: None,
            user: None,
            account: None,
            client: None,
            document: None,
            application: None,
            queue: None,
            printer: PrinterHint::default(),
            counts: Counts::default(),
            color_mode: None,
            sides: None,
            media: None,
            bytes: None,
            flags: CountFlags::NONE,
        }
    }

    /// Fills in the sheets by the rule where the source counted none.
    pub fn derive_sheets(&mut self) {
        if self.counts.sheets.is_some() {
            return;
        }
        self.counts.sheets = derived_sheets(&self.counts, self.sides);
        if self.counts.sheets.is_some() {
            self.counts.sheets_quality = SheetsQuality::Derived;
        }
    }

    /// This record after `news` of the same job, and whether anything changed.
    ///
    /// What was unknown becomes known. Counts change together, when the news has better evidence
    /// or, at equal evidence, more impressions (a reprint reports its cumulative total). A state
    /// changes with the counts, or to one that only comes afterwards (refunded, denied). The time
    /// of completion stays, so that a job never leaves the day and month it was reported in.
    #[must_use]
    pub fn revised_by(&self, news: &Self) -> Option<Self> {
        let mut revised = self.clone();
        let (old, new) = (&self.counts, &news.counts);
        let more = new.evidence == old.evidence && new.impressions > old.impressions;
        if (new.evidence > old.evidence && new.impressions.is_some()) || more {
            revised.counts = merged_counts(old, new);
            revised.state = self.state.revised_by(news.state, true);
        } else {
            revised.counts = merged_counts(new, old);
            revised.state = self.state.revised_by(news.state, false);
        }
        fill(&mut revised.submitted_at, news.submitted_at.as_ref());
        fill(&mut revised.user, news.user.as_ref());
        fill(&mut revised.account, news.account.as_ref());
        fill(&mut revised.client, news.client.as_ref());
        fill(&mut revised.document, news.document.as_ref());
        fill(&mut revised.application, news.application.as_ref());
        fill(&mut revised.queue, news.queue.as_ref());
        fill(&mut revised.printer.address, news.printer.address.as_ref());
        fill(&mut revised.printer.serial, news.printer.serial.as_ref());
        fill(&mut revised.printer.uuid, news.printer.uuid.as_ref());
        fill(&mut revised.color_mode, news.color_mode.as_ref());
        fill(&mut revised.sides, news.sides.as_ref());
        fill(&mut revised.media, news.media.as_ref());
        fill(&mut revised.bytes, news.bytes.as_ref());
        revised.flags = self.flags.with(news.flags);
        if revised.counts.sheets_quality == SheetsQuality::Derived {
            revised.counts.sheets = None;
            revised.counts.sheets_quality = SheetsQuality::Unknown;
        }
        revised.derive_sheets();
        (revised != *self).then_some(revised)
    }
}

fn fill<T: Clone>(known: &mut Option<T>, news: Option<&T>) {
    if known.is_none() {
        *known = news.cloned();
    }
}

#[cfg(test)]
#[path = "print_jobs_tests.rs"]
mod tests;
