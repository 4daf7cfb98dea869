//! Pages that a printer marked, told apart as counters tell them apart.

use std::ops::Add;

/// Pages by colour and by whether they share a sheet. Every counter of a printer is a sum of
/// these four, so that none runs backwards while these do not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Pages {
    /// Impressions in black that are alone on their sheet.
    pub mono_single: u32,
    /// Sheets in black with an impression on both sides.
    pub mono_double: u32,
    /// Impressions in colour that are alone on their sheet.
    pub color_single: u32,
    /// Sheets in colour with an impression on both sides.
    pub color_double: u32,
}

impl Pages {
    /// A document of `pages` pages, `copies` times. The last of an odd number of pages is alone on
    /// its sheet, also where both sides were asked for.
    pub fn of_document(pages: u32, copies: u32, color: bool, two_sided: bool) -> Self {
        let double = if two_sided { pages / 2 } else { 0 };
        let single = pages.saturating_sub(double.saturating_mul(2));
        let [single, double] = [single, double].map(|count| count.saturating_mul(copies));
        if color {
            Self {
                color_single: single,
                color_double: double,
                ..Self::default()
            }
        } else {
            Self::mono(single, double)
        }
    }

    /// Impressions in black that are alone on their sheet.
    pub(crate) fn single_mono(impressions: u64) -> Self {
        Self::mono(u32::try_from(impressions).unwrap_or(u32::MAX), 0)
    }

    fn mono(mono_single: u32, mono_double: u32) -> Self {
        Self {
            mono_single,
            mono_double,
            ..Self::default()
        }
    }

    /// Sides that were marked.
    pub fn impressions(self) -> u64 {
        self.in_mono() + self.in_color()
    }

    /// Sides that were marked in black.
    pub fn in_mono(self) -> u64 {
        u64::from(self.mono_single) + 2 * u64::from(self.mono_double)
    }

    /// Sides that were marked in colour.
    pub fn in_color(self) -> u64 {
        u64::from(self.color_single) + 2 * u64::from(self.color_double)
    }

    /// Sheets of paper.
    pub fn sheets(self) -> u64 {
        let single = u64::from(self.mono_single) + u64::from(self.color_single);
        single + self.double_sheets()
    }

    /// Sheets that were marked on both sides.
    pub fn double_sheets(self) -> u64 {
        u64::from(self.mono_double) + u64::from(self.color_double)
    }

    /// `part` of every `whole` pages, each kind rounded down.
    #[must_use]
    pub(crate) fn share(self, part: u32, whole: u32) -> Self {
        let share = |count| share(u64::from(count), part, whole);
        let share = |count| u32::try_from(share(count)).unwrap_or(u32::MAX);
        Self {
            mono_single: share(self.mono_single),
            mono_double: share(self.mono_double),
            color_single: share(self.color_single),
            color_double: share(self.color_double),
        }
    }
}

/// `part` of every `whole`, rounded down.
pub(crate) fn share(count: u64, part: u32, whole: u32) -> u64 {
    count * u64::from(part) / u64::from(whole.max(1))
}

impl Add for Pages {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            mono_single: self.mono_single.saturating_add(other.mono_single),
            mono_double: self.mono_double.saturating_add(other.mono_double),
            color_single: self.color_single.saturating_add(other.color_single),
            color_double: self.color_double.saturating_add(other.color_double),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_takes_its_sheets() {
        let five = Pages::of_document(5, 3, true, true);
        assert_eq!((five.in_color(), five.in_mono()), (15, 0));
        assert_eq!((five.sheets(), five.double_sheets()), (9, 6));
        let one = Pages::of_document(1, 2, false, true);
        assert_eq!(
            (one.impressions(), one.sheets(), one.double_sheets()),
            (2, 2, 0)
        );
        assert_eq!((one + five).impressions(), 17);
        assert_eq!(five.share(1, 2).sheets(), 1 + 3);
    }
}
