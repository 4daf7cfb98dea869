//! Taking print jobs in, from whichever source.

use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use platen_collect::joblog::record_json;
use platen_domain::clock::Timestamp;
use platen_domain::ids::Ids;
use platen_domain::organizations::Organization;
use platen_domain::person_names;
use platen_domain::print_gaps::Gap;
use platen_domain::print_jobs::{CountFlags, PrintRecord};
use platen_domain::scope::{Actor, Scope};
use platen_domain::text::tidy_foreign_opt;
pub use platen_store::JobOutcome;
use platen_store::{HeldJob, PlacedRecord, StoreError, Writer};

use super::Printing;
use super::calendar::Calendar;
use super::sealing::closed_before;
use crate::AppError;
use crate::accounts::charging::Charging;
use crate::accounts::periods::ZoneCalendar;
use crate::accounts::work::Work;

/// Records taken in by one write: what one commit's worth of work should not exceed.
pub const RECORDS_PER_WRITE_MAX: usize = 2_000;

/// How far ahead of the server a source's clock may be before the record says so.
const CLOCK_SKEW: Duration = Duration::from_mins(10);

/// How far ahead makes a time nonsense: such a job would stand in reports of days to come. It may be
/// this server's clock that is wrong, so its record waits.
pub(crate) const FUTURE_MAX: Duration = Duration::from_hours(24);

/// Before the first laser printer no job was printed: an unset clock says 1970.
const EARLIEST: Timestamp = Timestamp::from_millis(157_766_400_000);

/// What became of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Kept, a revision of what is kept, or nothing new: on disk in any case.
    Taken(JobOutcome),
    /// It ends in the future of this server's clock. It is on disk, and taken in once the clock
    /// has come so far: whose clock is wrong is not known.
    Held,
    /// Not kept.
    Rejected(Rejection),
}

/// Why a record was not kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// Source or id is missing, too long, or holds control characters.
    #[error("the key is not well formed: source and id are needed, without control characters")]
    Key,
    /// It ended before printers existed.
    #[error("completed_at lies before 1975: the clock of the source is not set")]
    TooOld,
    /// It ends in the future.
    #[error("completed_at lies more than a day ahead of this server's clock")]
    Future,
    /// More colour than there is.
    #[error("color_impressions is more than impressions")]
    ColorBeyondTotal,
}

impl Verdict {
    /// The word for it in answers and summaries.
    pub const fn keyword(&self) -> &'static str {
        match self {
            Self::Taken(JobOutcome::Accepted) => "accepted",
            Self::Taken(JobOutcome::Revised) => "revised",
            Self::Taken(JobOutcome::Duplicate) => "duplicate",
            Self::Held => "held",
            Self::Rejected(_) => "rejected",
        }
    }
}

/// How far a source was read, to be noted with the records that were read from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceCursor {
    /// Which source.
    pub source: String,
    /// How far, in the words of its collector.
    pub cursor: String,
    /// What the source is known to have lost on the way there.
    pub gaps: Vec<Gap>,
}

impl Printing<'_> {
    /// Takes records in, in writes of [`RECORDS_PER_WRITE_MAX`], and says for each what became
    /// of it, in their order. When this returns, all that was taken is on disk. An error leaves
    /// open which of the writes before it were kept; the same records may be sent again.
    pub async fn take_in_print_jobs(
        self,
        scope: &Scope,
        records: Vec<PrintRecord>,
        cursor: Option<SourceCursor>,
    ) -> Result<Vec<Verdict>, AppError> {
        self.take_in(scope, None, records, cursor).await
    }

    /// The same with records of an import, which can be taken back.
    pub(crate) async fn take_in(
        self,
        scope: &Scope,
        import: Option<u32>,
        records: Vec<PrintRecord>,
        cursor: Option<SourceCursor>,
    ) -> Result<Vec<Verdict>, AppError> {
        may_bring_records(scope)?;
        let organization = self.app.access().organization(scope).await?;
        let mut verdicts = Vec::with_capacity(records.len());
        let mut records = records.into_iter().peekable();
        let mut intake = Intake::new(&organization, self.app.now())?;
        loop {
            let part: Vec<_> = records.by_ref().take(RECORDS_PER_WRITE_MAX).collect();
            let last = records.peek().is_none();
            let cursor = cursor.clone().filter(|_| last);
            if part.is_empty() && cursor.is_none() {
                return Ok(verdicts);
            }
            let (placed, judged) = intake.place(part);
            let mut taking_in = self.taking_in(scope, &organization)?;
            taking_in.import = import;
            let kept = self.write_print_jobs(taking_in, placed, cursor).await?;
            self.app.printing.late_jobs.add(kept.late);
            verdicts.extend(merge(judged, kept));
            if last {
                return Ok(verdicts);
            }
        }
    }

    /// Judges records as [`Self::take_in_print_jobs`] does, and keeps nothing: each as it would be
    /// kept, in their order, with the reason for which it would not be.
    pub async fn judge_print_jobs(
        self,
        scope: &Scope,
        records: Vec<PrintRecord>,
    ) -> Result<Vec<(PrintRecord, Option<Rejection>)>, AppError> {
        may_bring_records(scope)?;
        let organization = self.app.access().organization(scope).await?;
        let mut intake = Intake::new(&organization, self.app.now())?;
        let judge = |mut record: PrintRecord| {
            tidy(&mut record);
            let rejection = intake.judge(&mut record).err();
            (record, rejection)
        };
        Ok(records.into_iter().map(judge).collect())
    }

    async fn write_print_jobs(
        self,
        taking_in: TakingIn,
        placed: Placed,
        cursor: Option<SourceCursor>,
    ) -> Result<Kept, AppError> {
        let units = self.app.store.of(&taking_in.scope).with_rows(placed.len());
        let written = units.write(move |writer| {
            let TakingIn { scope, now, .. } = &taking_in;
            let kept = taking_in.keep(writer, &placed)?;
            if let Some(read) = &cursor {
                writer.set_source_cursor(scope, &read.source, &read.cursor)?;
                writer.record_print_gaps(scope, &read.gaps, *now)?;
            }
            Ok(kept)
        });
        Ok(written.await?)
    }

    /// What the next write of records needs.
    pub(crate) fn taking_in(
        self,
        scope: &Scope,
        organization: &Organization,
    ) -> Result<TakingIn, AppError> {
        Ok(TakingIn {
            scope: scope.clone(),
            now: self.app.now(),
            ids: Arc::clone(&self.app.ids),
            calendar: ZoneCalendar::of(organization)?,
            import: None,
            closed: closed_before(&mut Calendar::of(organization)?, self.app.now()),
        })
    }

    /// What is known to be missing between two instants, the newest first.
    pub async fn print_gaps(
        self,
        scope: &Scope,
        period: Range<Timestamp>,
    ) -> Result<Vec<Gap>, AppError> {
        let scope = scope.clone();
        let read = self
            .app
            .store
            .read(move |reader| reader.print_gaps(&scope, period.start, period.end));
        Ok(read.await?)
    }

    /// How far a source was read.
    pub async fn source_cursor(
        self,
        scope: &Scope,
        source: &str,
    ) -> Result<Option<String>, AppError> {
        let (scope, source) = (scope.clone(), source.to_owned());
        let read = self
            .app
            .store
            .read(move |r| r.source_cursor(&scope, &source));
        Ok(read.await?)
    }
}

/// What one write of records needs besides them.
pub(crate) struct TakingIn {
    scope: Scope,
    pub(crate) now: Timestamp,
    ids: Arc<dyn Ids>,
    calendar: ZoneCalendar,
    /// The import that the records are of; `None` where they come by another way.
    import: Option<u32>,
    /// Jobs before it are of days that are over.
    closed: Option<Timestamp>,
}

impl TakingIn {
    /// Keeps records at their prices, and charges the jobs among them where there are accounts;
    /// lets those wait that this server's clock has not come to.
    pub(crate) fn keep(&self, writer: &Writer<'_>, placed: &Placed) -> Result<Kept, StoreError> {
        let (scope, now, records) = (&self.scope, self.now, &placed.records);
        let prices = writer.price_book(scope)?;
        let outcomes = match self.import {
            None => writer.record_print_jobs(scope, records, &prices, now)?,
            Some(import) => {
                writer.record_imported_print_jobs(scope, import, records, &prices, now)?
            }
        };
        if writer.has_accounts(scope)? {
            let work = Work::begin(writer, scope, now, &*self.ids, self.calendar.clone())?;
            Charging::charge_jobs(&work, records, &outcomes)?;
        }
        Ok(Kept {
            late: self.late(records, &outcomes),
            outcomes,
            held: writer.hold_jobs(scope, &placed.held, now)?,
        })
    }

    /// How many jobs of days that are over say something new.
    fn late(&self, records: &[PlacedRecord], outcomes: &[JobOutcome]) -> u64 {
        let is_late = |placed: &PlacedRecord| {
            let closed = self.closed;
            closed.is_some_and(|closed| placed.record.completed_at < closed)
        };
        let kept = records.iter().zip(outcomes);
        let late =
            kept.filter(|(placed, outcome)| **outcome != JobOutcome::Duplicate && is_late(placed));
        late.count() as u64
    }
}

/// Records that can be kept, and those that must wait.
#[derive(Default)]
pub(crate) struct Placed {
    pub(crate) records: Vec<PlacedRecord>,
    pub(crate) held: Vec<HeldJob>,
}

impl Placed {
    /// How many there are.
    pub(crate) const fn len(&self) -> usize {
        self.records.len() + self.held.len()
    }
}

/// What the store made of them.
pub(crate) struct Kept {
    /// Jobs of days that are over.
    pub(crate) late: u64,
    outcomes: Vec<JobOutcome>,
    /// How many of those that must wait, from the first on, there was room for.
    held: usize,
}

/// Collectors and parts of Platen itself bring records; people and other programs do not.
const fn may_bring_records(scope: &Scope) -> Result<(), AppError> {
    match scope.actor() {
        Actor::Collector { .. } | Actor::System(_) => Ok(()),
        Actor::User { .. } | Actor::Key { .. } | Actor::Client { .. } => Err(AppError::Forbidden),
    }
}

/// Judges records before the store sees them.
pub(crate) struct Intake {
    calendar: Calendar,
    now: Timestamp,
}

impl Intake {
    pub(crate) fn new(organization: &Organization, now: Timestamp) -> Result<Self, AppError> {
        Ok(Self {
            calendar: Calendar::of(organization)?,
            now,
        })
    }

    /// The records that can be kept or must wait, and for every record why it cannot be kept now.
    pub(crate) fn place(&mut self, records: Vec<PrintRecord>) -> (Placed, Vec<Option<Rejection>>) {
        let mut placed = Placed::default();
        let judged = records.into_iter().map(|mut record| {
            tidy(&mut record);
            let month = self.judge(&mut record);
            match month {
                Ok(month) => {
                    placed.records.push(PlacedRecord { record, month });
                    None
                }
                Err(rejection) => {
                    if rejection == Rejection::Future {
                        placed.held.push(held(&record));
                    }
                    Some(rejection)
                }
            }
        });
        let judged = judged.collect();
        (placed, judged)
    }

    fn judge(&mut self, record: &mut PrintRecord) -> Result<u32, Rejection> {
        if !record.key.is_well_formed() {
            return Err(Rejection::Key);
        }
        if record.completed_at < EARLIEST {
            return Err(Rejection::TooOld);
        }
        let ahead = record.completed_at.since(self.now);
        if ahead > FUTURE_MAX {
            return Err(Rejection::Future);
        }
        if ahead > CLOCK_SKEW {
            record.flags = record.flags.with(CountFlags::CLOCK_SKEW);
        }
        let counts = &record.counts;
        if counts.impressions.is_some() && counts.color_impressions > counts.impressions {
            return Err(Rejection::ColorBeyondTotal);
        }
        let month = self.calendar.month_of(record.completed_at);
        month.map(|month| month.number).ok_or(Rejection::Future)
    }
}

/// Collectors tidy what they read; what others push is tidied here.
fn tidy(record: &mut PrintRecord) {
    if let Some(user) = &record.user
        && !person_names::is_plain(user)
    {
        record.user = person_names::shown(user);
    }
    let texts = [
        &mut record.account,
        &mut record.client,
        &mut record.document,
        &mut record.application,
        &mut record.queue,
        &mut record.media,
        &mut record.printer.serial,
        &mut record.printer.uuid,
    ];
    for text in texts {
        if text.as_deref().is_some_and(|text| !is_tidy(text)) {
            *text = text.as_deref().and_then(tidy_foreign_opt);
        }
    }
}

/// Whether [`tidy_foreign_opt`] would leave the text alone, told at a glance: plain ASCII without
/// a blank to collapse. Anything else is looked at closely.
fn is_tidy(text: &str) -> bool {
    let plain = |byte: &u8| byte.is_ascii_graphic();
    !text.is_empty()
        && text.len() <= platen_domain::text::FOREIGN_TEXT_MAX_CHARS
        && text.as_bytes().iter().all(plain)
}

fn held(record: &PrintRecord) -> HeldJob {
    let mut json = Vec::new();
    record_json::encode(record, &mut json);
    HeldJob {
        key: record.key.clone(),
        completed_at: record.completed_at,
        user: record.user.clone(),
        record: json,
    }
}

/// Puts what the store said back between what was rejected before.
pub(crate) fn merge(judged: Vec<Option<Rejection>>, kept: Kept) -> Vec<Verdict> {
    let mut outcomes = kept.outcomes.into_iter();
    let mut room = 0..kept.held;
    let verdict = |rejection: Option<Rejection>| match rejection {
        Some(Rejection::Future) if room.next().is_some() => Some(Verdict::Held),
        Some(rejection) => Some(Verdict::Rejected(rejection)),
        None => outcomes.next().map(Verdict::Taken),
    };
    judged.into_iter().filter_map(verdict).collect()
}
