use super::*;
use proptest::prelude::*;

fn meters(values: &[(&str, u64)]) -> Vec<MeterValue> {
    let meter = |(key, value): &(&str, u64)| MeterValue {
        key: format!("{key}/impressions/any").parse().unwrap(),
        value: *value,
        source: "test".to_owned(),
    };
    values.iter().map(meter).collect()
}

fn derived(values: &[(&str, u64)], has_color: Option<bool>) -> [Option<u64>; 4] {
    let counts = LifeCounts::derive(&meters(values), has_color);
    let confidence = u64::from(counts.confidence());
    [counts.total, counts.mono, counts.color, Some(confidence)]
}

fn words(values: &[(&str, u64)]) -> &'static str {
    LifeCounts::derive(&meters(values), None).rule.words()
}

#[test]
fn the_published_grades() {
    let n = Some;
    assert_eq!(derived(&[], None), [None, None, None, n(0)]);
    let all = [("total/all", 10), ("total/mono", 7), ("total/color", 3)];
    assert_eq!(derived(&all, None), [n(10), n(7), n(3), n(1)]);
    assert_eq!(derived(&all[1..], None), [n(10), n(7), n(3), n(2)]);
    assert_eq!(derived(&all[1..2], None), [n(7), n(7), None, n(3)]);
    assert_eq!(derived(&all[..1], None), [n(10), None, None, n(4)]);
    assert_eq!(derived(&all[..1], Some(false)), [n(10), n(10), n(0), n(4)]);
    let splits = [
        ("total/all", 10),
        ("print/color", 2),
        ("copy/color", 1),
        ("copy/mono", 4),
    ];
    assert_eq!(derived(&splits, Some(true)), [n(10), n(7), n(3), n(5)]);
}

#[test]
fn a_rest_says_that_it_is_one() {
    let values = [("total/all", 10), ("total/mono", 7)];
    assert_eq!(derived(&values, None)[2], Some(3));
    assert_eq!(words(&values), "color = total - mono");
}

/// The counters of a colour copier: single-colour pages apart, the life count higher by what the
/// engine ran besides.
const COPIER: [(&str, u64); 9] = [
    ("total/all", 10_100),
    ("print/all", 7_050),
    ("print/mono", 6_000),
    ("print/color", 1_000),
    ("print/single-color", 50),
    ("copy/mono", 2_500),
    ("copy/color", 400),
    ("copy/single-color", 20),
    ("fax/all", 30),
];

#[test]
fn mono_is_read_where_functions_count_it() {
    let counts = LifeCounts::derive(&meters(&COPIER), Some(true));
    assert_eq!(counts.mono, Some(8_530));
    assert_eq!(counts.color, Some(1_400));
    assert_eq!(counts.single_color, Some(70));
    assert_eq!(counts.two_color, None);
    assert_eq!(
        counts.rule.words(),
        "mono and color = sums of function meters"
    );
    assert_eq!(counts.confidence(), 5);
}

#[test]
fn mono_is_the_rest_only_where_no_meter_has_it() {
    let with_color = [&COPIER[..], &[("total/color", 1_450)]].concat();
    assert_eq!(derived(&with_color, None)[1], Some(8_530));
    assert_eq!(
        words(&with_color),
        "mono = sum of function meters; color as reported"
    );
    let without_mono: Vec<_> = with_color
        .into_iter()
        .filter(|(key, _)| !key.ends_with("/mono") && *key != "print/all")
        .collect();
    // Single-color pages are not hidden in mono: 10,100 - 1,450 - 70.
    assert_eq!(derived(&without_mono, None)[1], Some(8_580));
    assert_eq!(words(&without_mono), "mono = total - color");
}

#[test]
fn what_the_engine_ran_besides_is_color_only_on_a_color_device() {
    let mono = [("total/all", 7_432), ("print/mono", 7_342)];
    let of = |has_color| derived(&mono, has_color);
    assert_eq!(of(None), [Some(7_432), Some(7_342), None, Some(5)]);
    assert_eq!(of(Some(true))[2], Some(90));
    assert_eq!(
        of(Some(false)),
        [Some(7_432), Some(7_432), Some(0), Some(4)]
    );
}

#[test]
fn two_and_single_color_pages_are_part_of_a_total_made_of_colors() {
    let sharp = [
        ("total/mono", 100),
        ("total/color", 20),
        ("total/two-color", 3),
        ("total/single-color", 4),
    ];
    assert_eq!(derived(&sharp, None)[0], Some(127));
}

#[test]
fn a_device_of_one_color_has_no_color_pages_whatever_its_counters_differ_by() {
    let near = [("total/all", 7_432), ("total/mono", 7_342)];
    let expected = [Some(7_432), Some(7_432), Some(0), Some(4)];
    assert_eq!(derived(&near, Some(false)), expected);
}

#[test]
fn a_function_without_a_color_count_leaves_color_unknown() {
    let unknown = [Some(10), None, None, Some(4)];
    let copies = [("total/all", 10), ("copy/color", 1)];
    assert_eq!(derived(&copies, Some(true)), unknown);
    let prints = [("total/all", 10), ("print/color", 1), ("copy/all", 5)];
    assert_eq!(derived(&prints, Some(true)), unknown);
}

#[test]
fn color_that_exceeds_the_total_is_not_believed() {
    let odd = [("total/all", 100), ("print/color", 200)];
    assert_eq!(derived(&odd, Some(true)), [Some(100), None, None, Some(4)]);
}

#[test]
fn reported_counts_that_cannot_be_are_graded_as_not_to_be_relied_on() {
    let odd = [("total/all", 100), ("total/mono", 150), ("total/color", 10)];
    assert_eq!(
        derived(&odd, None),
        [Some(100), Some(150), Some(10), Some(0)]
    );
}

proptest! {
    #[test]
    fn a_rest_adds_up_exactly(
        total: Option<u32>, mono: Option<u32>, color: Option<u32>, print_color: Option<u32>,
        single: Option<u16>,
    ) {
        let values: Vec<_> = [
            ("total/all", total),
            ("total/mono", mono),
            ("total/color", color),
            ("print/color", print_color),
            ("total/single-color", single.map(u32::from)),
        ]
        .into_iter()
        .filter_map(|(key, value)| value.map(|v| (key, u64::from(v))))
        .collect();
        let counts = LifeCounts::derive(&meters(&values), Some(true));
        let known = counts.total.zip(counts.mono).zip(counts.color);
        if let Some(((total, _), _)) = known
            && !matches!(
                counts.rule,
                LifeCountRule::AllReported | LifeCountRule::ColorFromFunctions
            )
        {
            prop_assert_eq!(Some(total), counts.in_colors());
        }
    }
}
