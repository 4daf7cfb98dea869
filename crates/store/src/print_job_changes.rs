//! What a write changes in an organization's print jobs. Whatever adds, changes or removes the row of
//! a job says so here: monthly sums, sealed stretches and the version of the reports follow.

use platen_domain::clock::Timestamp;
use platen_domain::print_months::MonthCounts;

use crate::access::Writer;
use crate::block_changes::Sealed;
use crate::error::StoreError;
use crate::organization_no::OrganizationNo;
use crate::print_months::{MonthChanges, MonthKey};
use crate::print_rows::JobPosition;

/// A job's part in the monthly sums.
pub(crate) type Share = (MonthKey, MonthCounts);

/// The changes of one write.
pub(crate) struct JobChanges<'w, 'a> {
    writer: &'w Writer<'a>,
    organization_no: OrganizationNo,
    months: MonthChanges,
    sealed: Sealed,
    /// When the earliest job that changed ended; `None` where nothing changed.
    changed_from: Option<Timestamp>,
}

impl<'w, 'a> JobChanges<'w, 'a> {
    /// Begins changes of jobs that end at `times`, no others.
    pub(crate) fn begin(
        writer: &'w Writer<'a>,
        organization_no: OrganizationNo,
        times: impl Iterator<Item = Timestamp> + Clone,
    ) -> Result<Self, StoreError> {
        Ok(Self {
            writer,
            organization_no,
            months: MonthChanges::default(),
            sealed: writer.sealed_around(organization_no, times)?,
            changed_from: None,
        })
    }

    /// A row is new.
    pub(crate) fn added(
        &mut self,
        job: JobPosition,
        (key, counts): Share,
    ) -> Result<(), StoreError> {
        self.months.add(key, counts);
        self.changed(job)
    }

    /// A row reads differently, and its revision says so.
    pub(crate) fn revised(
        &mut self,
        job: JobPosition,
        (key, counts): Share,
        (new_key, new_counts): Share,
    ) -> Result<(), StoreError> {
        self.months.take_away(key, counts);
        self.months.add(new_key, new_counts);
        self.changed(job)
    }

    /// A row is gone.
    pub(crate) fn removed(
        &mut self,
        job: JobPosition,
        (key, counts): Share,
    ) -> Result<(), StoreError> {
        self.months.take_away(key, counts);
        self.changed(job)
    }

    /// Another account is charged for a job than before, or none: no sum changes.
    pub(crate) fn charged(&mut self, job: JobPosition) -> Result<(), StoreError> {
        self.changed(job)
    }

    fn changed(&mut self, job: JobPosition) -> Result<(), StoreError> {
        let at = job.completed_at;
        self.changed_from = Some(self.changed_from.map_or(at, |from| from.min(at)));
        self.writer
            .note_change(self.organization_no, &mut self.sealed, job)
    }

    /// Writes what is summed up, and says when the earliest job that changed ended.
    pub(crate) fn finish(self) -> Result<Option<Timestamp>, StoreError> {
        if self.changed_from.is_some() {
            self.writer
                .change_months(self.organization_no, self.months)?;
            self.writer
                .keep_changes(self.organization_no, &self.sealed)?;
            self.writer.print_changed(self.organization_no)?;
        }
        Ok(self.changed_from)
    }
}
