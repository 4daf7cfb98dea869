//! Print jobs as the store hands them out: words by their numbers, so that a report over a
//! million rows spells each word once.

use crate::clock::Timestamp;
use crate::ids::DeviceId;
use crate::prices::Micros;
use crate::print_jobs::{ColorMode, CountFlags, Counts, JobFunction, JobState, Sides, TimeQuality};
use crate::source_job_ids::SourceJobId;

/// A word's number in the store; the text is asked of [`PrintNames`].
pub type WordNo = u32;

/// A printer's number in the store; its texts are asked of [`PrintNames`].
pub type PrinterNo = u32;

/// An account's number in the store; its code is asked of [`PrintNames`].
pub type AccountNo = u32;

/// One kept job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PrintRow<'a> {
    /// When it ended; rows come in the order of this, then of `job_no`.
    pub completed_at: Timestamp,
    /// Its number within the organization.
    pub job_no: u64,
    /// When it was sent.
    pub submitted_at: Option<Timestamp>,
    /// How far `completed_at` can be trusted.
    pub time_quality: TimeQuality,
    /// Whose it is.
    pub user: Option<WordNo>,
    /// The domain that was taken off the user's name.
    pub user_domain: Option<WordNo>,
    /// Account named by the job.
    pub account: Option<WordNo>,
    /// Computer that sent it.
    pub client: Option<WordNo>,
    /// Program that made it.
    pub application: Option<WordNo>,
    /// Media size.
    pub media: Option<WordNo>,
    /// Queue and device.
    pub printer: PrinterNo,
    /// Its id at its source, where that is shown.
    pub source_job: Option<SourceJobId<'a>>,
    /// The account that is charged for it now.
    pub charged_account: Option<AccountNo>,
    /// Title.
    pub document: Option<&'a str>,
    /// What made it.
    pub function: JobFunction,
    /// How it ended.
    pub state: JobState,
    /// Colour as asked for.
    pub color_mode: Option<ColorMode>,
    /// Sides as asked for.
    pub sides: Option<Sides>,
    /// What was counted.
    pub counts: Counts,
    /// Remarks.
    pub flags: CountFlags,
    /// Octets spooled.
    pub bytes: Option<u64>,
    /// What it costs, with the version of the price list.
    pub cost: Option<(Micros, u32)>,
    /// How often it was revised.
    pub revision: u32,
}

/// A printer's texts.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PrinterNames {
    /// Who numbered the jobs: `cups|3f0c9a52`.
    pub source: String,
    /// The queue.
    pub queue: Option<String>,
    /// The polled device behind it, where one is known.
    pub device: Option<DeviceId>,
    /// Its serial number: the device's own, or what the source states.
    pub serial: Option<String>,
    /// Its maker.
    pub manufacturer: Option<String>,
    /// Its model.
    pub model: Option<String>,
    /// Its name.
    pub name: Option<String>,
    /// Where it stands: as people say, else as it says itself.
    pub location: Option<String>,
}

/// What the numbers in rows stand for.
pub trait PrintNames {
    /// The word with this number; `None` where it is gone.
    fn word(&self, number: WordNo) -> Option<&str>;
    /// The printer with this number.
    fn printer(&self, number: PrinterNo) -> Option<&PrinterNames>;
    /// The code of the account with this number.
    fn account_code(&self, number: AccountNo) -> Option<&str>;
    /// The currency (ISO 4217) of this version of the price list.
    fn currency(&self, price_version: u32) -> Option<&str>;
}
