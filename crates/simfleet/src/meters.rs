//! What a printer has counted in its life: printed, copied, received and scanned.

use crate::models::{METRES, Model, Shares};
use crate::pages::{Pages, share};

/// For every hundred pages of print jobs, those that are printed without one: from a memory stick
/// at the panel, status and test pages. Nobody published a figure; an office that looks for what
/// its jobs leave unexplained should find a little everywhere.
pub const WALK_UP_PERCENT: u32 = 3;

/// Millimetres of the roll that a page takes: the long edge of A4.
const MILLIMETRES_OF_ROLL: u64 = 297;

/// A printer's meters; each pair is mono, color. Impressions where nothing else is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Meters {
    /// `prtMarkerLifeCount`, in the unit of the model's counter.
    pub(crate) count: u64,
    /// How much of it is in color.
    pub(crate) color_count: u64,
    pub(crate) total: u64,
    pub(crate) print: [u64; 2],
    pub(crate) copy: [u64; 2],
    pub(crate) fax: u64,
    /// Scanned images.
    pub(crate) scan: u64,
    /// Impressions on sheets that are marked on both sides.
    pub(crate) double_sided: u64,
}

impl Meters {
    /// The meters of a printer whose life is divided evenly. Shares are taken of the count up to
    /// here each time, so that no meter ever runs backwards.
    pub(crate) fn even(shares: Shares, count: u64) -> Self {
        let of = |percent: u8| share(count, percent.into(), 100);
        let color = |of: u64| share(of, shares.color.into(), 100);
        let (copy, fax) = (of(shares.copy), of(shares.fax));
        let print = of(shares.print());
        Self {
            count,
            color_count: color(count),
            total: count,
            print: [print - color(print), color(print)],
            copy: [copy - color(copy), color(copy)],
            fax,
            scan: of(shares.scan),
            double_sided: of(45),
        }
    }

    /// The meters of a printer that counted `before` when its print jobs began, and has marked
    /// `jobs` for them since, and for every hundred of those pages what [`WALK_UP_PERCENT`] and
    /// the model's [`Shares`] say.
    pub(crate) fn of_jobs(model: &Model, before: u64, jobs: Pages) -> Self {
        let mut meters = Self::even(model.shares, before);
        let shares = model.shares;
        let of_prints = |count, percent: u8| share(count, percent.into(), shares.print().into());
        let printed = jobs + jobs.share(WALK_UP_PERCENT, 100);
        let copied = jobs.share(shares.copy.into(), shares.print().into());
        let received = of_prints(jobs.impressions(), shares.fax);
        let all = printed + copied + Pages::single_mono(received);
        // Whoever states sheets counts sides all the same, as Brother, Lexmark and Ricoh do.
        let in_unit = |impressions| match model.counter_unit {
            METRES => impressions * MILLIMETRES_OF_ROLL / 1_000,
            _ => impressions,
        };
        meters.count += in_unit(all.impressions());
        meters.color_count += in_unit(all.in_color());
        meters.total += all.impressions();
        add(&mut meters.print, printed);
        add(&mut meters.copy, copied);
        meters.fax += received;
        meters.scan += of_prints(jobs.impressions(), shares.scan);
        meters.double_sided += 2 * all.double_sheets();
        meters
    }

    pub(crate) fn mono(&self) -> u64 {
        let [print, _] = self.print;
        let [copy, _] = self.copy;
        print + copy + self.fax
    }

    pub(crate) fn color(&self) -> u64 {
        let [_, print] = self.print;
        let [_, copy] = self.copy;
        print + copy
    }
}

fn add(pair: &mut [u64; 2], pages: Pages) {
    let [mono, color] = pair;
    *mono += pages.in_mono();
    *color += pages.in_color();
}
