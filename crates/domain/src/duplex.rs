//! Sheets marked on both sides, from whatever a device counts of them.
//!
//! Makers count two-sided output in sheets (HP, Xerox) or in sides (Kyocera, Brother); of some no
//! public document says which (Konica Minolta, Sharp, Pantum). A meter keeps the unit of its
//! counter; here it becomes sheets:
//!
//! - two sides are one sheet; an odd side stands alone on its sheet, which is then none marked on
//!   both sides;
//! - where the unit is not proven, the device's own arithmetic may settle it: of a page total,
//!   sheets of media and two-sided output, only one reading adds up; and a count that could not be
//!   sheets, since twice as many sides were never printed, is sides;
//! - more sides than pages were ever printed is no count at all.

use crate::life_counts::LifeCounts;
use crate::meters::{
    self, Function, MEDIA_MAKER, MeterColor, MeterUnit, MeterValue, counted_in, impressions,
    total_on,
};

/// Which rule gave the sheets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DuplexRule {
    /// Nothing of it was read.
    NothingRead,
    /// The device counts sheets.
    Sheets,
    /// The device counts sides.
    Sides,
    /// The maker does not say; read as sheets, the device's counters add up.
    SheetsByArithmetic,
    /// The maker does not say; only read as sides, the device's counters are possible.
    SidesByArithmetic,
    /// The maker does not say and the counters do not tell: taken as sheets.
    Unproven,
    /// Twice the sheets are more than all pages that were ever printed: nothing is reported.
    Impossible,
}

impl DuplexRule {
    /// The rule in words.
    pub const fn words(self) -> &'static str {
        match self {
            Self::NothingRead => "no two-sided count was read",
            Self::Sheets => "sheets as reported",
            Self::Sides => "sheets = sides / 2",
            Self::SheetsByArithmetic => "sheets as reported: total = sheets of media + these",
            Self::SidesByArithmetic => "sheets = sides / 2: as sheets they would exceed the total",
            Self::Unproven => "not proven: sheets, or sides and then half as many sheets",
            Self::Impossible => "not reported: more two-sided pages than pages",
        }
    }
}

/// The sheets a device marked on both sides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DuplexCount {
    /// How many; `None` where unknown.
    pub sheets: Option<u64>,
    /// How they were obtained.
    pub rule: DuplexRule,
}

impl DuplexCount {
    /// Derives the sheets from what a device reported, and its life counts from the same.
    pub fn derive(meters: &[MeterValue], life_counts: &LifeCounts) -> Self {
        let maker = total_on(meters, MeterColor::All, MEDIA_MAKER);
        // All pages that were ever printed: the higher of the two totals.
        let pages = life_counts.total.max(maker);
        let pages = pages.or_else(|| impressions(meters, Function::Print, MeterColor::All));
        let counted = |unit| counted_in(meters, unit);
        let (sheets, rule) = if let Some(sheets) = counted(MeterUnit::DuplexSheets) {
            (sheets, DuplexRule::Sheets)
        } else if let Some(sides) = counted(MeterUnit::DuplexSides) {
            (sides / 2, DuplexRule::Sides)
        } else if let Some(count) = counted(MeterUnit::DuplexUnproven) {
            match unit_by_arithmetic(count, pages, counted(MeterUnit::Sheets)) {
                rule @ DuplexRule::SidesByArithmetic => (count / 2, rule),
                rule => (count, rule),
            }
        } else {
            return Self {
                sheets: None,
                rule: DuplexRule::NothingRead,
            };
        };
        if pages.is_some_and(|pages| too_many(sheets, pages)) {
            return Self {
                sheets: None,
                rule: DuplexRule::Impossible,
            };
        }
        Self {
            sheets: Some(sheets),
            rule,
        }
    }
}

fn too_many(sheets: u64, pages: u64) -> bool {
    meters::exceeds(sheets.saturating_mul(2), pages)
}

/// The unit of a count of which the maker does not say it. `paper` is the sheets of media.
fn unit_by_arithmetic(count: u64, pages: Option<u64>, paper: Option<u64>) -> DuplexRule {
    let Some(pages) = pages else {
        return DuplexRule::Unproven;
    };
    if too_many(count, pages) {
        return DuplexRule::SidesByArithmetic;
    }
    // Every sheet marked on both sides is one page more than sheets of media.
    let adds_up = |paper: u64, sheets: u64| meters::agree(paper.saturating_add(sheets), pages);
    match paper.map(|paper| (adds_up(paper, count), adds_up(paper, count / 2))) {
        Some((true, false)) => DuplexRule::SheetsByArithmetic,
        Some((false, true)) => DuplexRule::SidesByArithmetic,
        _ => DuplexRule::Unproven,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn meters(values: &[(&str, u64)]) -> Vec<MeterValue> {
        let meter = |(key, value): &(&str, u64)| MeterValue {
            key: format!("total/all/{key}").parse().unwrap(),
            value: *value,
            source: "test".to_owned(),
        };
        values.iter().map(meter).collect()
    }

    fn derived(values: &[(&str, u64)]) -> (Option<u64>, &'static str) {
        let meters = meters(values);
        let count = DuplexCount::derive(&meters, &LifeCounts::derive(&meters, None));
        (count.sheets, count.rule.words())
    }

    #[test]
    fn sheets_are_sheets_and_two_sides_are_one() {
        let pages = ("impressions/any", 10_000);
        assert_eq!(derived(&[pages]), (None, "no two-sided count was read"));
        let sheets = [pages, ("duplex-sheets/any", 900)];
        assert_eq!(derived(&sheets), (Some(900), "sheets as reported"));
        let sides = [pages, ("duplex-sides/any", 900)];
        assert_eq!(derived(&sides), (Some(450), "sheets = sides / 2"));
        // A job of five pages: the fifth stands alone on its sheet.
        let odd = [pages, ("duplex-sides/any", 5)];
        assert_eq!(derived(&odd).0, Some(2));
    }

    #[test]
    fn more_two_sided_pages_than_pages_are_not_reported() {
        let wrong = [("impressions/any", 1_310), ("duplex-sheets/any", 734)];
        let expected = (None, "not reported: more two-sided pages than pages");
        assert_eq!(derived(&wrong), expected);
        // The maker's own total may be the higher one.
        let maker = [wrong[0], wrong[1], ("impressions/maker", 1_500)];
        assert_eq!(derived(&maker).0, Some(734));
    }

    #[test]
    fn a_unit_that_is_not_documented_is_proven_by_arithmetic_or_said_to_be_unproven() {
        let count = ("duplex-unproven/any", 3_000);
        let words = |others: &[(&str, u64)]| derived(&[others, &[count]].concat());
        let unproven = "not proven: sheets, or sides and then half as many sheets";
        assert_eq!(words(&[]), (Some(3_000), unproven));
        assert_eq!(
            words(&[("impressions/any", 10_000)]),
            (Some(3_000), unproven)
        );
        let few = [("impressions/any", 4_000)];
        assert_eq!(
            words(&few),
            (
                Some(1_500),
                "sheets = sides / 2: as sheets they would exceed the total"
            )
        );
        let with_paper = |sheets| [("impressions/any", 10_000), ("sheets/any", sheets)];
        let by_sheets = "sheets as reported: total = sheets of media + these";
        assert_eq!(words(&with_paper(7_000)), (Some(3_000), by_sheets));
        assert_eq!(words(&with_paper(8_500)).0, Some(1_500));
        assert_eq!(words(&with_paper(5_000)), (Some(3_000), unproven));
        assert_eq!(words(&[("impressions/any", 100)]).0, None);
    }

    proptest! {
        #[test]
        fn what_is_reported_is_possible(
            pages in 0..100_000_u64, paper: Option<u16>, count in 0..200_000_u64,
            unit in prop::sample::select(vec!["duplex-sheets", "duplex-sides", "duplex-unproven"]),
        ) {
            let unit = format!("{unit}/any");
            let mut values = vec![("impressions/any", pages), (unit.as_str(), count)];
            values.extend(paper.map(|paper| ("sheets/any", u64::from(paper))));
            let meters = meters(&values);
            let derived = DuplexCount::derive(&meters, &LifeCounts::derive(&meters, None));
            if let Some(sheets) = derived.sheets {
                prop_assert!(!crate::meters::exceeds(sheets * 2, pages));
                prop_assert!(sheets == count || sheets == count / 2);
            } else {
                prop_assert_eq!(derived.rule, DuplexRule::Impossible);
            }
        }
    }
}
