//! Sealing: a day that is over becomes a block of columns, from which reports are read without
//! touching its rows. A job that arrives late stands beside its block, until the block is worth
//! making anew.

use std::collections::HashMap;
use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use platen_domain::clock::Timestamp;
use platen_domain::ids::OrganizationId;
use platen_domain::organizations::Organization;
use platen_domain::scope::Scope;
use platen_report::block::Block;
use platen_report::print_jobs::PrintLayout;
use platen_store::{BlockName, BlockRef, JobPosition, PrintPage, Reader, StretchSign};
use tokio::time::Instant;

use super::Printing;
use super::calendar::Calendar;
use super::print_reports::{COLUMNS, columns_of};
use super::renditions::Look;
use crate::AppError;
use crate::access::authorization::system_scope;

/// How often days are looked for that are over.
const INTERVAL: Duration = Duration::from_mins(1);

/// A round that late jobs are worth begins after so many times as long as the last one took: they
/// cost a tenth of a core at most, however many come.
const PAUSE_PER_ROUND: u32 = 9;

/// How long after its end a day is left open: most jobs that come late come within it.
const GRACE: Duration = Duration::from_hours(1);

/// Jobs of a block at most: what a reader holds in memory at a time. A busier day makes several.
const BLOCK_JOBS_MAX: u32 = 16_384;

/// Changes from which on a block is worth making anew: fewer cost a report less than that does.
const CHANGES_WORTH: u64 = 64;

/// Of how many jobs one must have changed before: making all of them anew costs each change the
/// work of so many jobs at most, however they drip in.
const JOBS_FOR_A_CHANGE: u64 = 16;

/// Blocks made anew in a round at most, of 100 ms each: some tenth of a core. What must not be kept
/// is out of the files of three years of days within 20 minutes.
const BLOCKS_ANEW_MAX: usize = 64;

/// Before every job.
const BEGINNING: Timestamp = Timestamp::from_millis(0);

/// How many devices each organization had when devices were looked for behind its printers.
pub(crate) type KnownFleets = HashMap<OrganizationId, u64>;

/// A stretch as it was read.
struct Stretch {
    from: Timestamp,
    until: Timestamp,
    sign: StretchSign,
    page: PrintPage,
}

impl Printing<'_> {
    /// Seals what is over, now and every minute, until `stop` resolves; sooner where many jobs of
    /// days that are over came.
    pub async fn keep_sealing(
        self,
        layout: Arc<PrintLayout>,
        stop: impl Future<Output = ()> + Send,
    ) {
        let mut stop = pin!(stop);
        loop {
            let begun = Instant::now();
            self.app.printing.late_jobs.begin_round();
            let round = async {
                if let Err(error) = self.app.operation().note_clock(false).await {
                    let error = &error as &dyn std::error::Error;
                    tracing::warn!(error, "the clock could not be noted");
                }
                if let Err(error) = self.take_in_held_jobs().await {
                    let error = &error as &dyn std::error::Error;
                    tracing::warn!(error, "records that waited could not be taken in yet");
                }
                let sealed = self.seal_closed_days().await;
                let sealed = match sealed {
                    Ok(_) => self.render_sealed(&layout).await,
                    Err(error) => Err(error),
                };
                if let Err(error) = sealed {
                    let error = &error as &dyn std::error::Error;
                    tracing::warn!(error, "days that are over could not be sealed yet");
                }
            };
            tokio::select! {
                () = &mut stop => return,
                () = round => {}
            }
            let pause = begun.elapsed() * PAUSE_PER_ROUND;
            let late_jobs = async {
                tokio::time::sleep(pause).await;
                self.app.printing.late_jobs.settle().await;
            };
            tokio::select! {
                () = &mut stop => return,
                () = tokio::time::sleep(INTERVAL) => {}
                () = late_jobs => {}
            }
        }
    }

    /// Removes the files of stretches that are not sealed any more, seals every stretch of every
    /// organization that is over, and says how many blocks it made.
    pub async fn seal_closed_days(self) -> Result<u64, AppError> {
        let mut known = self.app.printing.sealing.lock().await;
        self.sweep_block_files(None).await?;
        let mut made = 0;
        for organization in self.app.access().organizations().await? {
            self.find_devices(&organization, &mut known).await?;
            made += self.seal_organization(&organization).await?;
        }
        Ok(made)
    }

    /// Printers whose devices were polled only after their jobs were read get them now: once a
    /// day is sealed, its jobs show the device they show then.
    async fn find_devices(
        self,
        organization: &Organization,
        known: &mut KnownFleets,
    ) -> Result<(), AppError> {
        let scope = system_scope(organization.id, "sealing");
        let devices = self.app.fleet().device_count(&scope).await?;
        if known.insert(organization.id, devices) == Some(devices) {
            return Ok(());
        }
        let units = self.app.store.of(&scope);
        let linked = units.write(move |writer| writer.link_printers(&scope));
        linked.await?;
        Ok(())
    }

    async fn seal_organization(self, organization: &Organization) -> Result<u64, AppError> {
        let scope = system_scope(organization.id, "sealing");
        let mut calendar = Calendar::of(organization)?;
        let Some(closed) = closed_before(&mut calendar, self.app.now()) else {
            return Ok(0);
        };
        let within = scope.clone();
        let sealed = self
            .app
            .store
            .read(move |reader| reader.print_blocks(&within, BEGINNING, closed))
            .await?;
        let due = sealed.iter().filter(|block| is_worth_making_anew(block));
        let mut made = 0;
        for block in due.take(BLOCKS_ANEW_MAX) {
            made += u64::from(self.seal_anew(&scope, block).await?);
        }
        // A day that grew past what one block holds has a gap behind the first one now.
        let within = scope.clone();
        let sealed = if made == 0 {
            sealed
        } else {
            let read = move |reader: &Reader<'_>| reader.print_blocks(&within, BEGINNING, closed);
            self.app.store.read(read).await?
        };
        let mut position = BEGINNING;
        let gaps = sealed.iter().map(|block| (block.from, block.until));
        for (end, next) in gaps.chain([(closed, closed)]) {
            made += self.seal_gap(&scope, &mut calendar, position, end).await?;
            position = next;
        }
        Ok(made)
    }

    /// Makes a block anew of what it holds now, and says whether it did.
    async fn seal_anew(self, scope: &Scope, block: &BlockRef) -> Result<bool, AppError> {
        let stretch = self.read_stretch(scope, block.from, block.until).await?;
        if !stretch.page.is_empty() {
            return self.seal_stretch(scope, stretch).await;
        }
        let (scope, block) = (scope.clone(), *block);
        let units = self.app.store.of(&scope);
        units.write(move |w| w.unseal(&scope, &block)).await?;
        Ok(false)
    }

    /// Seals the days between two blocks.
    async fn seal_gap(
        self,
        scope: &Scope,
        calendar: &mut Calendar,
        mut position: Timestamp,
        end: Timestamp,
    ) -> Result<u64, AppError> {
        let mut made = 0;
        while position < end {
            let within = scope.clone();
            let first = self
                .app
                .store
                .read(move |reader| reader.first_job_at(&within, position, end));
            let Some(day) = first.await?.and_then(|at| calendar.day_of(at)) else {
                break;
            };
            let (from, until) = (day.from.max(position), day.until.min(end));
            let stretch = self.read_stretch(scope, from, until).await?;
            position = stretch.until;
            if !stretch.page.is_empty() {
                made += u64::from(self.seal_stretch(scope, stretch).await?);
            }
        }
        Ok(made)
    }

    /// Reads the jobs of a stretch; one that holds too many ends earlier, before the instant of
    /// the first job that is one too many. Where all of them ended in one instant it stays open.
    async fn read_stretch(
        self,
        scope: &Scope,
        from: Timestamp,
        until: Timestamp,
    ) -> Result<Stretch, AppError> {
        let scope = scope.clone();
        let read = self.app.store.read(move |reader| {
            let after = JobPosition::before(from);
            let mut until = until;
            let mut page = reader.print_page(&scope, after, until, BLOCK_JOBS_MAX + 1)?;
            if page.len() > BLOCK_JOBS_MAX as usize {
                until = page.end().map_or(until, |last| last.completed_at);
                page = reader.print_page(&scope, after, until, BLOCK_JOBS_MAX)?;
                if page.is_empty() {
                    until = until.plus(Duration::from_millis(1));
                }
            }
            Ok(Stretch {
                from,
                until,
                sign: reader.stretch_sign(&scope, from, until)?,
                page,
            })
        });
        Ok(read.await?)
    }

    /// Writes the block of a stretch and seals it, unless a job arrived meanwhile.
    async fn seal_stretch(self, scope: &Scope, stretch: Stretch) -> Result<bool, AppError> {
        let name = BlockName::new(&*self.app.ids);
        let Stretch {
            from,
            until,
            sign,
            page,
        } = stretch;
        let files = self.app.store.blocks().clone();
        let written = tokio::task::spawn_blocking(move || {
            let octets = columns_of(&page);
            files.write(name, COLUMNS, &octets)?;
            Block::parse(octets).map_err(std::io::Error::other)
        });
        let columns = written
            .await
            .map_err(std::io::Error::other)
            .flatten()
            .map_err(|error| AppError::Interrupted(Box::new(error)))?;
        let block = BlockRef {
            from,
            until,
            name,
            checksum: columns.checksum(),
            jobs: sign.jobs(),
            changes: 0,
            outdated: false,
        };
        let scope = scope.clone();
        let sealed = self
            .app
            .store
            .of(&scope)
            .write(move |writer| writer.seal_block(&scope, &block, &sign));
        Ok(sealed.await?)
    }

    /// Compresses the blocks that were not compressed yet in the look they have now, one after
    /// the other, and says how many. What changed in the others is made ready.
    pub async fn render_sealed(self, layout: &Arc<PrintLayout>) -> Result<u64, AppError> {
        let _alone = self.app.printing.sealing.lock().await;
        let (mut rendered, mut kinds) = (0, vec![COLUMNS.to_owned()]);
        for organization in self.app.access().organizations().await? {
            let look = Look::new(Arc::clone(layout), &organization);
            kinds.push(look.kind());
            let scope = system_scope(organization.id, "sealing");
            let end = Timestamp::from_millis(i64::MAX);
            let within = scope.clone();
            let sealed = self
                .app
                .store
                .read(move |reader| reader.print_blocks(&within, BEGINNING, end))
                .await?;
            for block in sealed {
                let (files, with) = (self.app.store.blocks().clone(), look.clone());
                let written =
                    tokio::task::spawn_blocking(move || with.write_missing(&files, &block));
                let written = written.await;
                rendered += u64::from(written.map_err(|e| AppError::Interrupted(Box::new(e)))??);
                self.make_ready(&scope, &look, &block).await;
            }
        }
        self.sweep_block_files(Some(kinds)).await?;
        Ok(rendered)
    }

    /// Removes the files that belong to no sealed stretch, and those of other `kinds`. A report
    /// that was about to open one reads rows instead.
    #[expect(
        clippy::redundant_closure_for_method_calls,
        reason = "the method's path is not general over the reader's lifetime"
    )]
    async fn sweep_block_files(self, kinds: Option<Vec<String>>) -> Result<(), AppError> {
        let in_use = self.app.store.read(|reader| reader.blocks_in_use()).await?;
        let files = self.app.store.blocks().clone();
        let swept = tokio::task::spawn_blocking(move || {
            files.sweep(&in_use.into_iter().collect(), kinds.as_deref())
        });
        swept
            .await
            .map_err(std::io::Error::other)
            .flatten()
            .map_err(|error| AppError::Interrupted(Box::new(error)))?;
        Ok(())
    }
}

/// The first instant of the days that are not over yet; `None` outside the years that calendars
/// know.
pub(crate) fn closed_before(calendar: &mut Calendar, now: Timestamp) -> Option<Timestamp> {
    Some(calendar.day_of(now.minus(GRACE))?.from)
}

/// Whether so much of a block changed that making it anew costs less than carrying it along.
fn is_worth_making_anew(block: &BlockRef) -> bool {
    block.outdated || block.changes >= CHANGES_WORTH.max(block.jobs / JOBS_FOR_A_CHANGE)
}
