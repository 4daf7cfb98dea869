//! Jobs that came, changed or went after their stretch was sealed. They stand beside the block,
//! which stays: readers put them in its place among its rows, until it is worth making anew.

use platen_domain::clock::Timestamp;
use platen_domain::scope::Scope;

use crate::access::{Reader, Writer};
use crate::columns;
use crate::error::StoreError;
use crate::organization_no::OrganizationNo;
use crate::print_blocks::BlockRef;
use crate::print_rows::{JobPosition, PrintPage, job_columns};
use crate::session::params;

/// Changes beside a block at most: as many rows as a reader reads in one short transaction. With
/// more of them the stretch is read as rows until it is sealed anew.
pub const BLOCK_CHANGES_MAX: u64 = 1_024;

/// What stands beside a block.
#[derive(Debug)]
pub struct BlockChanges {
    /// How many changes there were: it grows with each of them.
    pub changes: u64,
    /// Which jobs, in their order.
    pub places: Vec<JobPosition>,
    /// Those of them that are still there, as they are now.
    pub jobs: PrintPage,
}

/// The sealed stretches that jobs may fall into, and how many fell into each.
#[derive(Debug, Default)]
pub(crate) struct Sealed(Vec<Stretch>);

#[derive(Debug)]
struct Stretch {
    from: Timestamp,
    until: Timestamp,
    changes: u64,
    new_changes: u64,
}

impl Sealed {
    fn around(&mut self, at: Timestamp) -> Option<&mut Stretch> {
        let next = self.0.partition_point(|stretch| stretch.from <= at);
        let stretch = self.0.get_mut(next.checked_sub(1)?)?;
        (at < stretch.until).then_some(stretch)
    }
}

impl Reader<'_> {
    /// What stands beside a block; `None` where its stretch is not sealed in it any more.
    pub fn block_changes(
        &self,
        scope: &Scope,
        block: &BlockRef,
    ) -> Result<Option<BlockChanges>, StoreError> {
        let organization_no = self.organization_no(scope)?;
        let sql = "SELECT changes FROM print_blocks
                   WHERE organization_no = ?1 AND from_at = ?2 AND name = ?3";
        let place = params![organization_no, block.from.as_millis(), block.name.octets()];
        let Some(changes) = self.one(sql, place, |row| columns::count(row, 0))? else {
            return Ok(None);
        };
        let sql = "SELECT completed_at, job_no FROM print_block_changes
                   WHERE organization_no = ?1 AND completed_at >= ?2 AND completed_at < ?3
                   ORDER BY completed_at, job_no";
        let bounds = params![
            organization_no,
            block.from.as_millis(),
            block.until.as_millis()
        ];
        let places = self.all(sql, bounds, |row| {
            Ok(JobPosition {
                completed_at: columns::time(row, 0)?,
                job_no: row.get(1)?,
            })
        })?;
        let sql = concat!(
            "SELECT ",
            job_columns!(),
            " FROM print_block_changes c
              JOIN print_jobs j ON j.organization_no = c.organization_no
                               AND j.completed_at = c.completed_at AND j.job_no = c.job_no
              WHERE c.organization_no = ?1 AND c.completed_at >= ?2 AND c.completed_at < ?3
              ORDER BY c.completed_at, c.job_no"
        );
        Ok(Some(BlockChanges {
            changes,
            places,
            jobs: self.page_of(scope, sql, bounds)?,
        }))
    }
}

impl Writer<'_> {
    /// Marks that these jobs of an organization read differently from now on, or are gone: every
    /// report shows it from this commit on. Whoever changes or deletes rows of `print_jobs` calls
    /// this in the same transaction; taking jobs in does so by itself.
    pub(crate) fn print_jobs_changed(
        &self,
        organization_no: OrganizationNo,
        jobs: &[JobPosition],
    ) -> Result<(), StoreError> {
        let times = jobs.iter().map(|job| job.completed_at);
        let mut sealed = self.sealed_around(organization_no, times)?;
        for job in jobs {
            self.note_change(organization_no, &mut sealed, *job)?;
        }
        self.keep_changes(organization_no, &sealed)?;
        self.blocks_void(organization_no)
    }

    /// The sealed stretches from the first to the last of these times.
    pub(crate) fn sealed_around(
        &self,
        organization_no: OrganizationNo,
        times: impl Iterator<Item = Timestamp> + Clone,
    ) -> Result<Sealed, StoreError> {
        let (Some(first), Some(last)) = (times.clone().min(), times.max()) else {
            return Ok(Sealed::default());
        };
        let sql = "SELECT from_at, until_at, changes FROM print_blocks
                   WHERE organization_no = ?1 AND until_at > ?2 AND from_at <= ?3
                   ORDER BY from_at";
        let bounds = params![organization_no, first.as_millis(), last.as_millis()];
        let stretches = self.all(sql, bounds, |row| {
            Ok(Stretch {
                from: columns::time(row, 0)?,
                until: columns::time(row, 1)?,
                changes: columns::count(row, 2)?,
                new_changes: 0,
            })
        })?;
        Ok(Sealed(stretches))
    }

    /// Puts a job beside the block it falls into, where there is one.
    pub(crate) fn note_change(
        &self,
        organization_no: OrganizationNo,
        sealed: &mut Sealed,
        job: JobPosition,
    ) -> Result<(), StoreError> {
        let Some(stretch) = sealed.around(job.completed_at) else {
            return Ok(());
        };
        stretch.new_changes += 1;
        if stretch.is_overfull() {
            return Ok(());
        }
        let sql = "INSERT INTO print_block_changes (organization_no, completed_at, job_no)
                   VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING";
        let place = params![organization_no, job.completed_at.as_millis(), job.job_no];
        self.execute(sql, place)?;
        Ok(())
    }

    /// Counts what was noted; a block with too many changes is unsealed.
    pub(crate) fn keep_changes(
        &self,
        organization_no: OrganizationNo,
        sealed: &Sealed,
    ) -> Result<(), StoreError> {
        let touched = sealed.0.iter().filter(|stretch| stretch.new_changes > 0);
        for stretch in touched {
            if stretch.is_overfull() {
                self.unseal_block(organization_no, stretch.from)?;
                continue;
            }
            let sql = "UPDATE print_blocks SET changes = changes + ?3
                       WHERE organization_no = ?1 AND from_at = ?2";
            let more = columns::count_form(stretch.new_changes);
            self.execute(
                sql,
                params![organization_no, stretch.from.as_millis(), more],
            )?;
        }
        Ok(())
    }

    /// Marks the blocks of these jobs as holding what must not be kept: they are made anew soon,
    /// however few of their jobs changed.
    pub(crate) fn outdate_blocks(
        &self,
        organization_no: OrganizationNo,
        from: Timestamp,
        until: Timestamp,
    ) -> Result<(), StoreError> {
        let sql = "UPDATE print_blocks SET outdated = 1
                   WHERE organization_no = ?1 AND changes > 0
                     AND until_at > ?2 AND from_at < ?3";
        let bounds = params![organization_no, from.as_millis(), until.as_millis()];
        self.execute(sql, bounds)?;
        Ok(())
    }

    /// Marks that jobs beside blocks read differently though no row of theirs changed, such as
    /// after a user got another name: what was made of them before is not used any more.
    pub(crate) fn changes_reread(&self, organization_no: OrganizationNo) -> Result<(), StoreError> {
        let sql = "UPDATE print_blocks SET changes = changes + 1
                   WHERE organization_no = ?1 AND changes > 0";
        self.execute(sql, params![organization_no])?;
        Ok(())
    }

    /// Forgets what stood beside blocks of a stretch that is sealed now.
    pub(crate) fn forget_changes(
        &self,
        organization_no: OrganizationNo,
        from: Timestamp,
        until: Timestamp,
    ) -> Result<(), StoreError> {
        let sql = "DELETE FROM print_block_changes
                   WHERE organization_no = ?1 AND completed_at >= ?2 AND completed_at < ?3";
        let bounds = params![organization_no, from.as_millis(), until.as_millis()];
        self.execute(sql, bounds)?;
        Ok(())
    }
}

impl Stretch {
    const fn is_overfull(&self) -> bool {
        self.changes + self.new_changes > BLOCK_CHANGES_MAX
    }
}
