//! Monthly print data: sums over a month's jobs of one user on one printer, by function.

use crate::prices::{Cost, Micros};
use crate::print_jobs::{ColorMode, Counts, JobState, PrintRecord, Sides};

/// A calendar month as `year x 100 + month`, such as 202611, in the organization's time zone.
pub type MonthNo = u32;

/// Sums over jobs. A figure that a job does not know is left out of its sum, and the job is
/// counted among those that miss it, so that no sum passes for more than it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct MonthCounts {
    /// Jobs, denied ones left out.
    pub jobs: i64,
    /// Copies, where known.
    pub copies: i64,
    /// Sides marked.
    pub impressions: i64,
    /// Of them black: counted where somebody counted, otherwise as asked for.
    pub mono_impressions: i64,
    /// Of them in colour: counted where somebody counted, otherwise as asked for.
    pub color_impressions: i64,
    /// Of those in colour, the counted ones.
    pub counted_color: i64,
    /// Sides marked by jobs that asked for both sides of the sheet.
    pub duplex_impressions: i64,
    /// Sheets.
    pub sheets: i64,
    /// Millionths of the currency; refunded jobs cost nothing.
    pub cost: i64,
    /// Jobs of which the impressions are not known.
    pub jobs_without_impressions: i64,
    /// Jobs of which the sheets are not known.
    pub jobs_without_sheets: i64,
    /// Jobs of which the cost is not known.
    pub jobs_without_cost: i64,
}

/// What of a job counts in monthly sums.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Contribution {
    /// How it ended.
    pub state: JobState,
    /// Colour as asked for.
    pub color_mode: Option<ColorMode>,
    /// Sides as asked for.
    pub sides: Option<Sides>,
    /// What was counted.
    pub counts: Counts,
    /// What it costs.
    pub cost: Option<Micros>,
}

impl Contribution {
    /// The job's own sums.
    pub fn sums(&self) -> MonthCounts {
        if self.state == JobState::Denied {
            return MonthCounts::default();
        }
        let counts = &self.counts;
        let impressions = counts.impressions.map_or(0, i64::from);
        let counted = counts.color_impressions.map(i64::from);
        let (mono, color) = match (counted, self.color_mode) {
            (Some(color), _) => (impressions.saturating_sub(color).max(0), color),
            (None, Some(ColorMode::Monochrome)) => (impressions, 0),
            (None, Some(ColorMode::Color | ColorMode::Auto)) => (0, impressions),
            (None, None) => (0, 0),
        };
        let duplex = self.sides.is_some_and(Sides::is_duplex);
        let cost = match self.state {
            JobState::Refunded => Some(0),
            _ => self.cost.map(|cost| cost.0),
        };
        MonthCounts {
            jobs: 1,
            copies: counts.copies.map_or(0, i64::from),
            impressions,
            mono_impressions: mono,
            color_impressions: color,
            counted_color: counted.unwrap_or(0),
            duplex_impressions: if duplex { impressions } else { 0 },
            sheets: counts.sheets.map_or(0, i64::from),
            cost: cost.unwrap_or(0),
            jobs_without_impressions: i64::from(counts.impressions.is_none()),
            jobs_without_sheets: i64::from(counts.sheets.is_none()),
            jobs_without_cost: i64::from(cost.is_none()),
        }
    }
}

impl MonthCounts {
    /// What one job contributes.
    pub fn of(record: &PrintRecord, cost: Option<Cost>) -> Self {
        let contribution = Contribution {
            state: record.state,
            color_mode: record.color_mode,
            sides: record.sides,
            counts: record.counts,
            cost: cost.map(|cost| cost.amount),
        };
        contribution.sums()
    }

    /// The sums as a list, in the order of the fields.
    pub const fn to_array(self) -> [i64; 12] {
        [
            self.jobs,
            self.copies,
            self.impressions,
            self.mono_impressions,
            self.color_impressions,
            self.counted_color,
            self.duplex_impressions,
            self.sheets,
            self.cost,
            self.jobs_without_impressions,
            self.jobs_without_sheets,
            self.jobs_without_cost,
        ]
    }

    /// The sums of [`Self::to_array`].
    pub const fn from_array(sums: [i64; 12]) -> Self {
        let [
            jobs,
            copies,
            impressions,
            mono_impressions,
            color_impressions,
            counted_color,
            duplex_impressions,
            sheets,
            cost,
            jobs_without_impressions,
            jobs_without_sheets,
            jobs_without_cost,
        ] = sums;
        Self {
            jobs,
            copies,
            impressions,
            mono_impressions,
            color_impressions,
            counted_color,
            duplex_impressions,
            sheets,
            cost,
            jobs_without_impressions,
            jobs_without_sheets,
            jobs_without_cost,
        }
    }

    /// These sums with those added.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        let (mut sums, others) = (self.to_array(), other.to_array());
        for (sum, other) in sums.iter_mut().zip(others) {
            *sum = sum.saturating_add(other);
        }
        Self::from_array(sums)
    }

    /// These sums with those taken away.
    #[must_use]
    pub fn minus(self, other: Self) -> Self {
        Self::from_array(other.to_array().map(i64::saturating_neg)).plus(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Timestamp;
    use crate::print_jobs::SourceKey;

    fn job() -> PrintRecord {
        let mut job = PrintRecord::new(SourceKey::new("test", "1"), Timestamp::from_millis(1));
        job.counts.impressions = Some(4);
        job.sides = Some(Sides::TwoSidedLongEdge);
        job.color_mode = Some(ColorMode::Auto);
        job
    }

    const COST: Cost = Cost {
        amount: Micros(7),
        version: 1,
    };

    #[test]
    fn what_is_unknown_is_left_out_and_counted() {
        let sums = MonthCounts::of(&job(), None);
        assert_eq!(
            (sums.impressions, sums.color_impressions, sums.counted_color),
            (4, 4, 0)
        );
        assert_eq!(
            (
                sums.sheets,
                sums.jobs_without_sheets,
                sums.jobs_without_cost
            ),
            (0, 1, 1)
        );
        assert_eq!(sums.duplex_impressions, 4);
        let mut counted = job();
        counted.counts.color_impressions = Some(1);
        let sums = MonthCounts::of(&counted, Some(COST));
        assert_eq!(
            (
                sums.mono_impressions,
                sums.color_impressions,
                sums.counted_color
            ),
            (3, 1, 1)
        );
        assert_eq!((sums.cost, sums.jobs_without_cost), (7, 0));
    }

    #[test]
    fn a_refund_costs_nothing_and_a_denied_job_did_not_happen() {
        let mut refunded = job();
        refunded.state = JobState::Refunded;
        let sums = MonthCounts::of(&refunded, Some(COST));
        assert_eq!(
            (sums.impressions, sums.cost, sums.jobs_without_cost),
            (4, 0, 0)
        );
        refunded.state = JobState::Denied;
        assert_eq!(
            MonthCounts::of(&refunded, Some(COST)),
            MonthCounts::default()
        );
    }

    #[test]
    fn taking_away_undoes_adding() {
        let (a, b) = (
            MonthCounts::of(&job(), Some(COST)),
            MonthCounts::of(&job(), None),
        );
        assert_eq!(a.plus(b).minus(b), a);
    }
}
