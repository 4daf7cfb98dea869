//! Sources of print jobs: spoolers, logs and directories of files, read again and again.
//!
//! A [`Source`] reads what is new and gives it to a [`Sink`], piece by piece, each with how far
//! the source is read with it. The sink keeps both in one transaction: the store where the
//! collector runs within the server ([`InProcess`]), a spool where it runs at another site
//! ([`crate::printing::remote`]). A sink that is full is no loss: the source is the first buffer.

mod cups;
mod drop_directory;
mod drop_file;
mod in_process;
mod page_log;

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use jiff::tz::TimeZone;
use platen_collect::ipp::AskError;
use platen_collect::joblog::ReadError;
use platen_domain::clock::{Clock, Timestamp};
use platen_domain::print_gaps::Gap;
use platen_domain::print_jobs::PrintRecord;

pub use cups::CupsServer;
pub use drop_directory::DropDirectory;
pub use in_process::{InProcess, PlannedSource};
pub use page_log::PageLogFile;

/// How often sources are looked at unless told otherwise: a job stands in reports within a
/// minute, and nobody notices the question.
pub const LOOK_EVERY: Duration = Duration::from_secs(15);

/// Longest pause after failures in a row: a source that comes back is read within five minutes.
const PAUSE_MAX: Duration = Duration::from_mins(5);

/// Records given to the sink at once.
const PIECE_RECORDS: usize = 1_000;

/// Lines that cannot be taken in and are named in the log, of one look; the others are counted.
const NAMED_MAX: u64 = 5;

/// Records of a source, and how far it is read with them.
#[derive(Debug, Clone)]
pub struct Piece {
    /// Which source.
    pub source: String,
    /// The records; may be none.
    pub records: Vec<PrintRecord>,
    /// How far, in the source's own words.
    pub cursor: String,
    /// Holes that were noticed.
    pub gaps: Vec<Gap>,
}

/// Where records go.
pub trait Sink: Clone + Send + Sync + 'static {
    /// How far a source was read; [`SinkError::Full`] where it need not be read now.
    fn cursor(
        &self,
        source: &str,
    ) -> impl Future<Output = Result<Option<String>, SinkError>> + Send;

    /// The organization's time zone, that of times without offset; `None` where it is not told
    /// yet.
    fn time_zone(&self) -> impl Future<Output = Result<Option<TimeZone>, SinkError>> + Send;

    /// Keeps all of a piece or nothing. When this returns, it is on disk.
    fn take(&self, piece: Piece) -> impl Future<Output = Result<(), SinkError>> + Send;
}

/// Why a sink took nothing.
#[derive(Debug, thiserror::Error)]
pub enum SinkError {
    /// No room now.
    #[error("{0}")]
    Full(String),
    /// It cannot, and will not by waiting.
    #[error("what was read could not be kept: {0}")]
    Failed(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// Why a source was not read.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// Where the records go.
    #[error(transparent)]
    Sink(#[from] SinkError),
    /// The spooler.
    #[error(transparent)]
    Spooler(#[from] AskError),
    /// A file or directory.
    #[error("cannot read {path}: {source}")]
    File {
        /// Which.
        path: String,
        /// Why.
        source: std::io::Error,
    },
    /// A file of a format that is not read.
    #[error("{path}: {source}")]
    Format {
        /// Which.
        path: String,
        /// Why.
        source: ReadError,
    },
    /// A file of no format that is known.
    #[error(
        "{0}: neither its name nor its content tells its format: name it with kind, or move the \
         file away"
    )]
    Unknown(String),
    /// The reading itself came to an end it should not have.
    #[error("reading was interrupted")]
    Interrupted,
}

/// What one look at a source brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Look {
    /// Records that the sink has taken.
    pub records: u64,
    /// Lines and jobs that cannot be taken in.
    pub refused: u64,
    /// Whether something is still being written, so that another look is needed.
    pub unsettled: bool,
}

impl Look {
    const fn add(&mut self, other: Self) {
        self.records = self.records.saturating_add(other.records);
        self.refused = self.refused.saturating_add(other.refused);
        self.unsettled |= other.unsettled;
    }
}

/// A source of print jobs.
pub enum Source {
    /// A CUPS server, by IPP.
    Cups(CupsServer),
    /// A `page_log`.
    PageLog(PageLogFile),
    /// A directory into which files are put.
    Drop(DropDirectory),
}

impl Source {
    /// Its name for people and cursors, such as `cups|printsrv1`.
    pub fn name(&self) -> String {
        match self {
            Self::Cups(cups) => cups.name(),
            Self::PageLog(log) => log.name(),
            Self::Drop(directory) => directory.name(),
        }
    }

    /// Reads what is new into the sink.
    pub async fn look<S: Sink>(&mut self, sink: &S, now: Timestamp) -> Result<Look, SourceError> {
        match self {
            Self::Cups(cups) => cups.look(sink, now).await,
            Self::PageLog(log) => log.look(sink, now).await,
            Self::Drop(directory) => directory.look(sink, now).await,
        }
    }

    /// Looks at it every `every`, for ever. What goes wrong is logged and tried again, after
    /// pauses that grow.
    pub async fn follow<S: Sink>(mut self, sink: S, clock: Arc<dyn Clock>, every: Duration) {
        let mut pause = every;
        loop {
            let looked = self.look(&sink, clock.now()).await;
            pause = match &looked {
                Ok(_) => every,
                Err(_) => (pause * 2).min(PAUSE_MAX.max(every)),
            };
            report(&self.name(), &looked);
            tokio::time::sleep(pause).await;
        }
    }
}

/// Says in the log what a look brought.
pub(crate) fn report(source: &str, looked: &Result<Look, SourceError>) {
    match looked {
        Ok(look) if look.records > 0 || look.refused > 0 => {
            let Look {
                records, refused, ..
            } = look;
            tracing::info!(source, records, refused, "read");
        }
        Ok(_) => {}
        Err(error) => {
            let error = error as &dyn std::error::Error;
            tracing::warn!(source, error, "not read; it will be tried again");
        }
    }
}

/// Counts what cannot be taken in, and names the first of it.
#[derive(Default)]
struct Refusals {
    count: u64,
}

impl Refusals {
    fn note(&mut self, place: &str, line: u64, reason: &str) {
        self.count += 1;
        if self.count <= NAMED_MAX {
            tracing::warn!(place, line, reason, "a line cannot be taken in");
        }
    }
}
