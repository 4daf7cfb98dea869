//! Monthly print data: sums over a month's jobs of one user on one printer, by function.

use crate::keywords::keywords;
use crate::prices::{Cost, Micros};
use crate::print_jobs::{ColorMode, Counts, JobState, PrintRecord, Sides};

/// A calendar month as `year x 100 + month`, such as 202611, in the organization's time zone.
pub type MonthNo = u32;

/// What monthly sums can be asked by in the place of user and printer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Grouping {
    /// The account that is charged, else as jobs name it.
    Account,
    /// The department, given by people, of the device that printed.
    Department,
}

keywords!(Grouping {
    Account = "account",
    Department = "department",
});

/// Sums over jobs. A figure that a job does not know is left out of its sum, and the job is
/// counted among those that miss it, so that no sum passes for more than it is.
///
/// The impressions of a job are parted by colour in one of two ways, or not at all: as somebody
/// counted them, or as the job asked. So `impressions` is the sum of the four parts and of the
/// impressions of `jobs_without_color`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct MonthCounts {
    /// Jobs, denied ones left out.
    pub jobs: i64,
    /// Copies, where known.
    pub copies: i64,
    /// Sides marked.
    pub impressions: i64,
    /// Of them black, as somebody counted.
    pub mono_impressions: i64,
    /// Of them in colour, as somebody counted.
    pub color_impressions: i64,
    /// Of them those of jobs whose colour nobody counted and that asked for black.
    pub mono_requested: i64,
    /// Of them those of jobs whose colour nobody counted and that asked for colour, or for colour
    /// where the document has some.
    pub color_requested: i64,
    /// Sides marked by jobs that asked for both sides of the sheet.
    pub duplex_impressions: i64,
    /// Sheets.
    pub sheets: i64,
    /// Millionths of the currency; refunded jobs cost nothing.
    pub cost: i64,
    /// Jobs of which somebody counted how many impressions are in colour.
    pub jobs_color_counted: i64,
    /// Jobs of which the copies are not known.
    pub jobs_without_copies: i64,
    /// Jobs of which the impressions are not known.
    pub jobs_without_impressions: i64,
    /// Jobs of which the colour is neither counted nor asked for, or the impressions are not known.
    pub jobs_without_color: i64,
    /// Jobs of which the sides, or the impressions, are not known.
    pub jobs_without_sides: i64,
    /// Jobs of which the sheets are not known.
    pub jobs_without_sheets: i64,
    /// Jobs of which the cost is not known.
    pub jobs_without_cost: i64,
}

/// How many figures [`MonthCounts`] has.
pub const FIGURES: usize = 17;

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
        let known = counts.impressions.map(i64::from);
        let cost = match self.state {
            JobState::Refunded => Some(0),
            _ => self.cost.map(|cost| cost.0),
        };
        let mut sums = MonthCounts {
            jobs: 1,
            copies: counts.copies.map_or(0, i64::from),
            impressions: known.unwrap_or(0),
            sheets: counts.sheets.map_or(0, i64::from),
            cost: cost.unwrap_or(0),
            jobs_without_copies: i64::from(counts.copies.is_none()),
            jobs_without_impressions: i64::from(known.is_none()),
            jobs_without_sheets: i64::from(counts.sheets.is_none()),
            jobs_without_cost: i64::from(cost.is_none()),
            ..MonthCounts::default()
        };
        match (known, counts.color_impressions, self.color_mode) {
            (Some(all), Some(color), _) => {
                // A source that counts more in colour than in all is not believed beyond all.
                sums.color_impressions = i64::from(color).min(all);
                sums.mono_impressions = all - sums.color_impressions;
                sums.jobs_color_counted = 1;
            }
            (Some(all), None, Some(ColorMode::Monochrome)) => sums.mono_requested = all,
            (Some(all), None, Some(ColorMode::Color | ColorMode::Auto)) => {
                sums.color_requested = all;
            }
            (None, _, _) | (_, None, None) => sums.jobs_without_color = 1,
        }
        match (known, self.sides) {
            (Some(all), Some(sides)) if sides.is_duplex() => sums.duplex_impressions = all,
            (Some(_), Some(_)) => {}
            (None, _) | (_, None) => sums.jobs_without_sides = 1,
        }
        sums
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
    pub const fn to_array(self) -> [i64; FIGURES] {
        [
            self.jobs,
            self.copies,
            self.impressions,
            self.mono_impressions,
            self.color_impressions,
            self.mono_requested,
            self.color_requested,
            self.duplex_impressions,
            self.sheets,
            self.cost,
            self.jobs_color_counted,
            self.jobs_without_copies,
            self.jobs_without_impressions,
            self.jobs_without_color,
            self.jobs_without_sides,
            self.jobs_without_sheets,
            self.jobs_without_cost,
        ]
    }

    /// The sums of [`Self::to_array`].
    pub const fn from_array(sums: [i64; FIGURES]) -> Self {
        let [
            jobs,
            copies,
            impressions,
            mono_impressions,
            color_impressions,
            mono_requested,
            color_requested,
            duplex_impressions,
            sheets,
            cost,
            jobs_color_counted,
            jobs_without_copies,
            jobs_without_impressions,
            jobs_without_color,
            jobs_without_sides,
            jobs_without_sheets,
            jobs_without_cost,
        ] = sums;
        Self {
            jobs,
            copies,
            impressions,
            mono_impressions,
            color_impressions,
            mono_requested,
            color_requested,
            duplex_impressions,
            sheets,
            cost,
            jobs_color_counted,
            jobs_without_copies,
            jobs_without_impressions,
            jobs_without_color,
            jobs_without_sides,
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
            (
                sums.sheets,
                sums.jobs_without_sheets,
                sums.jobs_without_cost,
                sums.jobs_without_copies
            ),
            (0, 1, 1, 1)
        );
        assert_eq!((sums.duplex_impressions, sums.jobs_without_sides), (4, 0));
        let sums = MonthCounts::of(&job(), Some(COST));
        assert_eq!((sums.cost, sums.jobs_without_cost), (7, 0));
        let mut silent = job();
        (silent.sides, silent.color_mode) = (None, None);
        let sums = MonthCounts::of(&silent, None);
        assert_eq!((sums.jobs_without_sides, sums.jobs_without_color), (1, 1));
    }

    #[test]
    fn impressions_are_parted_by_colour_as_counted_or_as_asked_or_not_at_all() {
        let all = [None, Some(0), Some(4)];
        let counted = [None, Some(0), Some(1), Some(9)];
        let modes = ColorMode::ALL.iter().copied().map(Some).chain([None]);
        for mode in modes {
            for (impressions, color_impressions) in all
                .into_iter()
                .flat_map(|all| counted.map(|one| (all, one)))
            {
                let mut job = job();
                job.color_mode = mode;
                job.counts.impressions = impressions;
                job.counts.color_impressions = color_impressions;
                let sums = MonthCounts::of(&job, None);
                let parts = sums.mono_impressions
                    + sums.color_impressions
                    + sums.mono_requested
                    + sums.color_requested;
                let left_out = sums.jobs_without_color * sums.impressions;
                assert_eq!(parts + left_out, sums.impressions, "{job:?}");
                let requested = i64::from(sums.mono_requested + sums.color_requested > 0);
                assert!(sums.jobs_color_counted + sums.jobs_without_color + requested <= 1);
                assert!(color_impressions.is_some() || sums.jobs_color_counted == 0);
            }
        }
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
