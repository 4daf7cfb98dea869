//! The newest print jobs of a period, for a page that people read.

use platen_domain::clock::Timestamp;
use platen_domain::prices::Micros;
use platen_domain::print_jobs::{ColorMode, JobState};
use platen_domain::print_rows::{PrintNames, PrintRow};
use platen_domain::roles::Capability;
use platen_domain::scope::Scope;
use platen_store::PrintPage;

use super::Printing;
use super::veil::Veil;
use crate::AppError;
use crate::access::authorization;

/// Jobs on the page: what a person looks through; the export has them all.
pub const TRANSACTIONS_MAX: u32 = 200;

/// A print job as a person reads it. Names are pseudonyms for who may not see them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transaction {
    /// When it ended.
    pub completed_at: Timestamp,
    /// Who sent it.
    pub user: Option<String>,
    /// From which computer.
    pub client: Option<String>,
    /// Title.
    pub document: Option<String>,
    /// Which queue took it.
    pub queue: Option<String>,
    /// Serial number of the printer.
    pub serial: Option<String>,
    /// Sides marked.
    pub impressions: Option<u32>,
    /// Sheets of media.
    pub sheets: Option<u32>,
    /// Colour as asked for.
    pub color_mode: Option<ColorMode>,
    /// Media size.
    pub media: Option<String>,
    /// Cost with its currency.
    pub cost: Option<(Micros, String)>,
    /// How it ended.
    pub state: JobState,
}

/// The newest jobs of a period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transactions {
    /// Newest first, [`TRANSACTIONS_MAX`] at most.
    pub jobs: Vec<Transaction>,
    /// Whether the period has more.
    pub more: bool,
}

impl Printing<'_> {
    /// The newest jobs that ended from `from` until before `until`.
    pub async fn transactions(
        self,
        scope: &Scope,
        from: Timestamp,
        until: Timestamp,
    ) -> Result<Transactions, AppError> {
        authorization::require(scope, Capability::ViewPrintJobs)?;
        let veil = self.veil(scope).await?;
        let scope = scope.clone();
        let read = self.app.store.read(move |reader| {
            let after = reader.newest_jobs(&scope, from, until, TRANSACTIONS_MAX)?;
            // The place behind an older job says that there is one; before a period there is none.
            let more = after.job_no > 0;
            let page = reader.print_page(&scope, after, until, TRANSACTIONS_MAX)?;
            Ok((page, more))
        });
        let (page, more) = read.await?;
        let mut jobs = match veil {
            Some(veil) => veiled(&page, &veil),
            None => page.rows().map(|row| job(&row, page.names())).collect(),
        };
        jobs.reverse();
        Ok(Transactions { jobs, more })
    }
}

fn veiled(page: &PrintPage, veil: &Veil) -> Vec<Transaction> {
    let names = veil.names(page);
    let hidden = |row: PrintRow<'_>| Transaction {
        document: veil.document(&row),
        ..job(&row, &names)
    };
    page.rows().map(hidden).collect()
}

fn job(row: &PrintRow<'_>, names: &dyn PrintNames) -> Transaction {
    let word = |number| names.word(number).map(str::to_owned);
    let printer = names.printer(row.printer);
    let cost = row.cost.and_then(|(amount, version)| {
        let currency = names.currency(version)?;
        Some((amount, currency.to_owned()))
    });
    Transaction {
        completed_at: row.completed_at,
        user: row.user.and_then(word),
        client: row.client.and_then(word),
        document: row.document.map(str::to_owned),
        queue: printer.and_then(|printer| printer.queue.clone()),
        serial: printer.and_then(|printer| printer.serial.clone()),
        impressions: row.counts.impressions,
        sheets: row.counts.sheets,
        color_mode: row.color_mode,
        media: row.media.and_then(word),
        cost,
        state: row.state,
    }
}
