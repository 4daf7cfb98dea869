//! The rules of print records.

use super::*;
use proptest::prelude::*;

fn counts(pages: Option<u32>, copies: Option<u32>, impressions: Option<u32>) -> Counts {
    Counts {
        pages,
        copies,
        impressions,
        evidence: Evidence::Spooler,
        ..Counts::default()
    }
}

fn record(impressions: Option<u32>) -> PrintRecord {
    let key = SourceKey::new("cups|lab", "urn:uuid:1");
    let mut record = PrintRecord::new(key, Timestamp::from_millis(1_000));
    record.counts = counts(None, Some(1), impressions);
    record
}

#[test]
fn sheets_by_the_rule() {
    let one = Some(Sides::OneSided);
    let two = Some(Sides::TwoSidedLongEdge);
    let sheets = |pages, copies, impressions, sides| {
        derived_sheets(&counts(pages, copies, impressions), sides)
    };
    assert_eq!(sheets(Some(3), Some(1), Some(3), two), Some(2));
    assert_eq!(sheets(Some(5), Some(2), Some(10), two), Some(6));
    // CUPS pads copies on IPP Everywhere queues: 12 impressions of 5 pages twice.
    assert_eq!(sheets(None, Some(2), Some(12), two), Some(6));
    assert_eq!(sheets(None, Some(2), Some(5), two), None);
    assert_eq!(sheets(Some(3), Some(3), Some(9), one), Some(9));
    assert_eq!(sheets(Some(3), None, Some(3), two), None);
    assert_eq!(sheets(Some(3), Some(1), Some(3), None), None);
    assert_eq!(sheets(None, None, Some(0), two), Some(0));
    assert_eq!(sheets(Some(u32::MAX), Some(u32::MAX), None, two), None);
}

#[test]
fn a_reprint_raises_and_never_adds() {
    let first = record(Some(3));
    let reprinted = first.revised_by(&record(Some(6))).unwrap();
    assert_eq!(reprinted.counts.impressions, Some(6));
    // The older line, seen again, changes nothing.
    assert_eq!(reprinted.revised_by(&first), None);
}

#[test]
fn better_evidence_overrules_a_higher_count() {
    let mut device = record(Some(4));
    device.counts.evidence = Evidence::Device;
    let revised = record(Some(6)).revised_by(&device).unwrap();
    assert_eq!(revised.counts, device.counts);
    assert_eq!(revised.revised_by(&record(Some(6))), None);
}

#[test]
fn a_refund_outlasts_better_evidence() {
    let mut refunded = record(Some(4));
    refunded.state = JobState::Refunded;
    let mut device = record(Some(6));
    device.counts.evidence = Evidence::Device;
    let one = refunded.revised_by(&device).unwrap();
    let other = device.revised_by(&refunded).unwrap();
    assert_eq!(
        (one.state, other.state),
        (JobState::Refunded, JobState::Refunded)
    );
    assert_eq!((one.counts, other.counts), (device.counts, device.counts));
}

#[test]
fn measured_sheets_outlast_derived_ones_in_every_order() {
    let mut measured = record(None);
    measured.counts.sheets = Some(10);
    measured.counts.sheets_quality = SheetsQuality::Measured;
    let mut derived = record(Some(4));
    derived.sides = Some(Sides::OneSided);
    derived.derive_sheets();
    assert_eq!(derived.counts.sheets, Some(4));
    for (first, then) in [(&measured, &derived), (&derived, &measured)] {
        let revised = first.revised_by(then).unwrap();
        assert_eq!(revised.counts.sheets, Some(10));
        assert_eq!(revised.counts.impressions, Some(4));
    }
}

#[test]
fn the_unknown_becomes_known_and_the_time_stays() {
    let mut late = record(None);
    late.completed_at = Timestamp::from_millis(9_000);
    late.user = Some("alice".to_owned());
    let revised = record(Some(3)).revised_by(&late).unwrap();
    assert_eq!(revised.user.as_deref(), Some("alice"));
    assert_eq!(revised.counts.impressions, Some(3));
    assert_eq!(revised.completed_at, Timestamp::from_millis(1_000));
}

#[test]
fn words_and_numbers_read_back() {
    for (number, sides) in (0..).zip(Sides::ALL) {
        assert_eq!(Sides::from_keyword(sides.keyword()), Some(*sides));
        assert_eq!(Sides::from_number(number), Some(*sides));
    }
    let flags = CountFlags::RAW_UNKNOWN.with(CountFlags::CLOCK_SKEW);
    assert_eq!(
        flags.keywords().collect::<Vec<_>>(),
        ["raw-unknown", "clock-skew"]
    );
    assert_eq!(
        CountFlags::from_keyword("clock-skew"),
        Some(CountFlags::CLOCK_SKEW)
    );
}

fn any_record() -> impl Strategy<Value = PrintRecord> {
    let count = || proptest::option::of(0_u32..20);
    let texts = (proptest::option::of("[ab]"), proptest::option::of("[cd]"));
    let words = (0_u8..6, 0_u8..5, proptest::option::of(0_u8..4));
    (count(), count(), count(), count(), texts, words, 0_i64..9).prop_map(
        |(pages, copies, impressions, sheets, (user, document), (state, evidence, sides), at)| {
            let mut record = record(impressions);
            record.completed_at = Timestamp::from_millis(at);
            record.counts.pages = pages;
            record.counts.copies = copies;
            record.counts.sheets = sheets;
            if sheets.is_some() {
                record.counts.sheets_quality = SheetsQuality::Measured;
            }
            record.counts.evidence = Evidence::from_number(evidence).unwrap();
            record.state = JobState::from_number(state).unwrap();
            record.sides = sides.and_then(Sides::from_number);
            (record.user, record.document) = (user, document);
            record.derive_sheets();
            record
        },
    )
}

proptest! {
    /// What was taken in once changes nothing when it comes again: every retry is harmless.
    #[test]
    fn news_counts_once(old in any_record(), news in any_record()) {
        let revised = old.revised_by(&news).unwrap_or(old);
        prop_assert_eq!(revised.revised_by(&news), None);
    }

    /// Files that are imported again, in another order and between what collectors bring.
    #[test]
    fn all_that_was_taken_in_changes_nothing_when_it_comes_again_in_another_order(
        (first, again) in proptest::collection::vec(any_record(), 1..6)
            .prop_flat_map(|records| (Just(records.clone()), Just(records).prop_shuffle())),
    ) {
        let known = first.iter().skip(1).fold(first[0].clone(), |known, news| {
            known.revised_by(news).unwrap_or(known)
        });
        for news in again {
            prop_assert_eq!(known.revised_by(&news), None, "{:?}", news);
        }
    }

    #[test]
    fn nothing_known_is_forgotten(old in any_record(), news in any_record()) {
        let revised = old.revised_by(&news).unwrap_or_else(|| old.clone());
        prop_assert!(revised.user.is_some() >= old.user.is_some());
        prop_assert!(revised.counts.impressions.is_some() >= old.counts.impressions.is_some());
        prop_assert_eq!(revised.completed_at, old.completed_at);
    }
}
