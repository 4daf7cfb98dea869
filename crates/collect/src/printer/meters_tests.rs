//! Counters as the standard and the vendors keep them.

use platen_domain::life_counts::LifeCounts;

use platen_domain::duplex::DuplexCount;

use super::testing::answers;
use super::{Profiles, decode};

/// Every meter of a device, as `key = value`.
fn read(recording: &str) -> Vec<String> {
    let decoded = decode(&answers(recording), &Profiles::try_built_in().unwrap()).unwrap();
    let meters = decoded.changes.meters.iter();
    meters
        .map(|meter| format!("{} = {}", meter.key, meter.value))
        .collect()
}

fn life_counts(recording: &str) -> [Option<u64>; 3] {
    let decoded = decode(&answers(recording), &Profiles::try_built_in().unwrap()).unwrap();
    let counts = LifeCounts::derive(&decoded.changes.meters, decoded.changes.has_color);
    [counts.total, counts.mono, counts.color]
}

#[test]
fn t8_several_markers_are_not_added() {
    let meters = read(
        "1.3.6.1.2.1.43.10.2.1.3.1.1|2|7
         1.3.6.1.2.1.43.10.2.1.4.1.1|65|1000
         1.3.6.1.2.1.43.10.2.1.4.1.2|65|400",
    );
    assert_eq!(
        meters,
        [
            "total/all/impressions/any = 1000",
            "total/all/impressions/marker-2 = 400"
        ]
    );
}

#[test]
fn t8_the_maker_s_total_stands_beside_the_life_count_and_not_for_it() {
    // A Kyocera ECOSYS P2040dw: printed pages and life count differ by 90.
    let recording = "1.3.6.1.2.1.1.2.0|6|1.3.6.1.4.1.1347.41
        1.3.6.1.2.1.43.10.2.1.4.1.1|65|7432
        1.3.6.1.4.1.1347.43.10.1.1.12.1.1|2|7342";
    assert_eq!(
        read(recording),
        [
            "total/all/impressions/any = 7432",
            "total/all/impressions/maker = 7342"
        ]
    );
    assert_eq!(life_counts(recording)[0], Some(7432));
}

#[test]
fn t8_the_maker_s_total_stands_in_where_there_is_no_life_count() {
    let counts = life_counts(
        "1.3.6.1.2.1.1.2.0|6|1.3.6.1.4.1.2435.2.3.9.1
         1.3.6.1.4.1.2435.2.3.9.4.2.1.5.5.10.0|4x|0001040000134b02010400000c69010104000006e2ff",
    );
    assert_eq!(counts, [Some(4939), Some(1762), Some(3177)]);
}

#[test]
fn t7_the_unit_of_a_counter_is_kept_except_sheets_that_mean_sides() {
    let unit = |code: u32| {
        read(&format!(
            "1.3.6.1.2.1.43.10.2.1.3.1.1|2|{code}
             1.3.6.1.2.1.43.10.2.1.4.1.1|65|5"
        ))
    };
    assert_eq!(unit(7), ["total/all/impressions/any = 5"]);
    // Brother, Lexmark and Ricoh say sheets and count sides.
    assert_eq!(unit(8), ["total/all/impressions/any = 5"]);
    assert_eq!(unit(16), ["total/all/feet/any = 5"]);
    assert_eq!(unit(17), ["total/all/metres/any = 5"]);
}

#[test]
fn t9_counters_come_as_any_kind_of_number() {
    // CUPS #3610: an HP P1102w types its Counter32 as INTEGER; others send digits.
    for typed in ["2|2039", "65|2039", "66|2039", "70|2039", "4|2039"] {
        let meters = read(&format!("1.3.6.1.2.1.43.10.2.1.4.1.1|{typed}"));
        assert_eq!(meters, ["total/all/impressions/any = 2039"], "{typed}");
    }
}

#[test]
fn t1_a_sentinel_is_no_count() {
    for unknown in ["2|-2", "65|4294967294", "65|4294967295"] {
        let meters = read(&format!("1.3.6.1.2.1.43.10.2.1.4.1.1|{unknown}"));
        assert_eq!(meters, [""; 0], "{unknown}");
    }
}

#[test]
fn t10_a_value_is_handed_on_as_read_after_a_reset() {
    assert_eq!(
        read("1.3.6.1.2.1.43.10.2.1.4.1.1|65|3"),
        ["total/all/impressions/any = 3"]
    );
    assert_eq!(platen_domain::meters::increase(4_294_967_290, 3), None);
}

#[test]
fn ricoh_counters_are_found_by_type_as_their_names_stand_there_twice() {
    let meters = read(
        "1.3.6.1.2.1.1.2.0|6|1.3.6.1.4.1.367.1.1
         1.3.6.1.4.1.367.3.2.1.2.19.5.1.2.1|2|10
         1.3.6.1.4.1.367.3.2.1.2.19.5.1.2.2|2|10
         1.3.6.1.4.1.367.3.2.1.2.19.5.1.2.3|2|401
         1.3.6.1.4.1.367.3.2.1.2.19.5.1.2.4|2|402
         1.3.6.1.4.1.367.3.2.1.2.19.5.1.2.5|2|403
         1.3.6.1.4.1.367.3.2.1.2.19.5.1.5.1|4|Counter: Machine Total
         1.3.6.1.4.1.367.3.2.1.2.19.5.1.5.2|4|Counter: Machine Total
         1.3.6.1.4.1.367.3.2.1.2.19.5.1.9.1|2|271871
         1.3.6.1.4.1.367.3.2.1.2.19.5.1.9.2|2|271871
         1.3.6.1.4.1.367.3.2.1.2.19.5.1.9.3|2|100
         1.3.6.1.4.1.367.3.2.1.2.19.5.1.9.4|2|20
         1.3.6.1.4.1.367.3.2.1.2.19.5.1.9.5|2|3",
    );
    assert_eq!(
        meters,
        [
            "total/all/impressions/any = 271871",
            "total/all/impressions/maker = 271871",
            "print/mono/impressions/any = 100",
            "print/color/impressions/any = 3",
            "print/two-color/impressions/any = 20",
        ]
    );
}

#[test]
fn sharp_counters_are_found_by_name_as_positions_differ() {
    // On an MX-M266NV 8.4.50 is "Scan to E-mail/FTP"; it is asked for by no name.
    let meters = read(
        "1.3.6.1.2.1.1.2.0|6|1.3.6.1.4.1.2385.3.1.111.1.26
         1.3.6.1.2.1.43.10.2.1.4.1.1|65|90474
         1.3.6.1.4.1.2385.1.1.19.2.1.3.5.4.61|65|90474
         1.3.6.1.4.1.2385.1.1.19.2.1.3.5.4.63|65|0
         1.3.6.1.4.1.2385.1.1.19.2.1.3.8.4.50|65|23746
         1.3.6.1.4.1.2385.1.1.19.2.1.4.5.4.61|4|Black & White Total Count
         1.3.6.1.4.1.2385.1.1.19.2.1.4.5.4.63|4|Full Color Total Count
         1.3.6.1.4.1.2385.1.1.19.2.1.4.8.4.50|4|Scan to E-mail/FTP",
    );
    assert_eq!(
        meters,
        [
            "total/all/impressions/any = 90474",
            "total/mono/impressions/any = 90474",
            "total/color/impressions/any = 0",
        ]
    );
}

#[test]
fn konica_minolta_colours_are_sums_of_its_functions() {
    // bizhub C250i (librenms tests): 33,810 in all.
    let counts = life_counts(
        "1.3.6.1.2.1.1.2.0|6|1.3.6.1.4.1.18334.1.1.1.2.1.181.2.4
         1.3.6.1.2.1.43.10.2.1.4.1.1|65|33810
         1.3.6.1.4.1.18334.1.1.1.5.7.2.2.1.5.1.1|2|3672
         1.3.6.1.4.1.18334.1.1.1.5.7.2.2.1.5.1.2|2|22876
         1.3.6.1.4.1.18334.1.1.1.5.7.2.2.1.5.2.1|2|544
         1.3.6.1.4.1.18334.1.1.1.5.7.2.2.1.5.2.2|2|6711",
    );
    assert_eq!(counts, [Some(33_810), Some(26_548), Some(7_255)]);
}

#[test]
fn canon_counters_by_number_and_by_name_mean_the_same() {
    let by_number = read(
        "1.3.6.1.2.1.1.2.0|6|1.3.6.1.4.1.1602.4.7
         1.3.6.1.4.1.1602.1.11.1.3.1.4.101|65|500
         1.3.6.1.4.1.1602.1.11.1.3.1.4.102|65|510
         1.3.6.1.4.1.1602.1.11.1.3.1.4.113|65|300
         1.3.6.1.4.1.1602.1.11.1.3.1.4.112|65|10",
    );
    let by_name = read(
        "1.3.6.1.2.1.1.2.0|6|1.3.6.1.4.1.1602.4.2
         1.3.6.1.4.1.1602.1.11.2.1.1.2.1|4|Total 1
         1.3.6.1.4.1.1602.1.11.2.1.1.2.2|4|Total (Black/Large)
         1.3.6.1.4.1.1602.1.11.2.1.1.2.3|4|Total (Black/Small)
         1.3.6.1.4.1.1602.1.11.2.1.1.3.1|65|500
         1.3.6.1.4.1.1602.1.11.2.1.1.3.2|65|10
         1.3.6.1.4.1.1602.1.11.2.1.1.3.3|65|300",
    );
    assert!(by_name.iter().all(|meter| by_number.contains(meter)));
    assert!(by_name.contains(&"total/mono/impressions/any = 310".to_owned()));
}

#[test]
fn a_sum_with_a_missing_part_is_no_sum() {
    let meters = read(
        "1.3.6.1.2.1.1.2.0|6|1.3.6.1.4.1.1602.4.7
         1.3.6.1.2.1.43.10.2.1.4.1.1|65|500
         1.3.6.1.4.1.1602.1.11.1.3.1.4.113|65|300",
    );
    assert_eq!(meters, ["total/all/impressions/any = 500"]);
}

#[test]
fn label_printers_count_length() {
    let zebra = read(
        "1.3.6.1.2.1.1.2.0|6|1.3.6.1.4.1.683.6.0
         1.3.6.1.4.1.10642.200.17.3.0|4|1920 INCHES, 4876 CENTIMETERS",
    );
    assert_eq!(
        zebra,
        ["total/all/ten-thousandths-of-inches/any = 19200000"]
    );
}

/// The sheets marked on both sides, and by which rule.
fn duplex(recording: &str) -> (Option<u64>, &'static str) {
    let decoded = decode(&answers(recording), &Profiles::try_built_in().unwrap()).unwrap();
    let meters = &decoded.changes.meters;
    let counts = LifeCounts::derive(meters, decoded.changes.has_color);
    let duplex = DuplexCount::derive(meters, &counts);
    (duplex.sheets, duplex.rule.words())
}

const KYOCERA: &str = "1.3.6.1.2.1.1.2.0|6|1.3.6.1.4.1.1347.41";

#[test]
fn t21_two_sided_output_is_counted_in_sides_or_in_sheets() {
    let halved = "sheets = sides / 2";
    // Kyocera: 51 sides beside 449 simplex pages are all 500 that were printed.
    let kyocera = format!(
        "{KYOCERA}
         1.3.6.1.2.1.43.10.2.1.4.1.1|65|505
         1.3.6.1.4.1.1347.42.2.5.1.1.1.1|2|449
         1.3.6.1.4.1.1347.42.2.5.1.1.2.1|2|51"
    );
    assert_eq!(duplex(&kyocera), (Some(25), halved));
    // Brother: record 06 of 90 beside 100 pages cannot be sheets.
    let brother = "1.3.6.1.2.1.1.2.0|6|1.3.6.1.4.1.2435.2.3.9.1
         1.3.6.1.2.1.43.10.2.1.4.1.1|65|100
         1.3.6.1.4.1.2435.2.3.9.4.2.1.5.5.10.0|4x|000104000000640601040000005aff";
    assert_eq!(duplex(brother), (Some(45), halved));
    let hp = "1.3.6.1.2.1.1.2.0|6|1.3.6.1.4.1.11.2.3.9.1
         1.3.6.1.2.1.43.10.2.1.4.1.1|65|1000
         1.3.6.1.4.1.11.2.3.9.4.2.1.4.1.2.22.0|2|300";
    assert_eq!(duplex(hp), (Some(300), "sheets as reported"));
    let xerox = "1.3.6.1.2.1.1.2.0|6|1.3.6.1.4.1.253.8.62.1.35.2.3.1.1
         1.3.6.1.2.1.43.10.2.1.4.1.1|65|1000
         1.3.6.1.4.1.253.8.53.13.2.1.6.1.20.39|2|600";
    let impossible = "not reported: more two-sided pages than pages";
    assert_eq!(duplex(xerox), (None, impossible));
}

#[test]
fn t21_a_count_of_which_the_maker_does_not_say_it_is_proven_by_the_paper_counter() {
    let bizhub = |paper: &str| {
        duplex(&format!(
            "1.3.6.1.2.1.1.2.0|6|1.3.6.1.4.1.18334.1.1.1.2.1.181.2.4
             1.3.6.1.2.1.43.10.2.1.4.1.1|65|10000
             1.3.6.1.4.1.18334.1.1.1.5.7.2.1.3.0|2|2000
             {paper}"
        ))
    };
    let paper = "1.3.6.1.4.1.18334.1.1.1.5.7.2.1.9.0|2";
    assert!(bizhub("").1.starts_with("not proven"));
    assert_eq!(bizhub(&format!("{paper}|8000")).0, Some(2_000));
    assert_eq!(bizhub(&format!("{paper}|9000")).0, Some(1_000));
}

#[test]
fn kyocera_counts_three_kinds_of_colour_and_the_page_sizes() {
    let copier = format!(
        "{KYOCERA}
         1.3.6.1.2.1.43.10.2.1.4.1.1|65|10100
         1.3.6.1.4.1.1347.42.3.1.1.1.1.1|2|7050
         1.3.6.1.4.1.1347.42.3.1.1.1.1.2|2|2920
         1.3.6.1.4.1.1347.42.3.1.1.1.1.4|2|30
         1.3.6.1.4.1.1347.42.3.1.2.1.1.1.1|2|6000
         1.3.6.1.4.1.1347.42.3.1.2.1.1.1.2|2|50
         1.3.6.1.4.1.1347.42.3.1.2.1.1.1.3|2|1000
         1.3.6.1.4.1.1347.42.3.1.2.1.1.2.1|2|2500
         1.3.6.1.4.1.1347.42.3.1.2.1.1.2.2|2|20
         1.3.6.1.4.1.1347.42.3.1.2.1.1.2.3|2|400
         1.3.6.1.4.1.1347.42.3.1.2.1.1.4.1|2|30
         1.3.6.1.4.1.1347.43.10.1.1.12.1.1|2|10000
         1.3.6.1.4.1.1347.42.2.1.1.1.2.1.1|4|A3
         1.3.6.1.4.1.1347.42.2.1.1.1.2.1.2|4|A4
         1.3.6.1.4.1.1347.42.2.1.1.1.2.1.3|4|Letter
         1.3.6.1.4.1.1347.42.2.1.1.1.6.1.1|2|1200
         1.3.6.1.4.1.1347.42.2.1.1.1.6.1.2|2|8800
         1.3.6.1.4.1.1347.42.2.1.1.1.6.1.3|2|0
         1.3.6.1.4.1.1347.42.2.1.1.1.7.1.1|2|900"
    );
    let answers = answers(&copier);
    let decoded = decode(&answers, &Profiles::try_built_in().unwrap()).unwrap();
    let counts = LifeCounts::derive(&decoded.changes.meters, Some(true));
    assert_eq!(
        [counts.mono, counts.color, counts.single_color],
        [Some(8_530), Some(1_400), Some(70)]
    );
    let sizes: Vec<String> = read(&copier)
        .into_iter()
        .filter(|meter| meter.contains("/a3") || meter.contains("/a4"))
        .collect();
    assert_eq!(
        sizes,
        [
            "total/all/impressions/a3 = 1200",
            "total/all/impressions/a4 = 8800",
            "total/mono/impressions/a3 = 900"
        ]
    );
    // An ECOSYS that does not part them has all its colour in row 2.
    let plain = read(&format!(
        "{KYOCERA}
         1.3.6.1.4.1.1347.42.3.1.2.1.1.1.1|2|10
         1.3.6.1.4.1.1347.42.3.1.2.1.1.1.2|2|90"
    ));
    assert_eq!(
        plain,
        [
            "print/mono/impressions/any = 10",
            "print/color/impressions/any = 90"
        ]
    );
}

#[test]
fn lexmark_states_whether_it_counts_sides_or_sheets() {
    let meters = |unit: u32, more: &str| {
        read(&format!(
            "1.3.6.1.2.1.1.2.0|6|1.3.6.1.4.1.641.2.71107114
             1.3.6.1.4.1.641.6.4.2.1.1.2.1.1|2|16
             1.3.6.1.4.1.641.6.4.2.1.1.3.1.1|2|{unit}
             1.3.6.1.4.1.641.6.4.2.1.1.4.1.1|65|700
             {more}"
        ))
    };
    assert_eq!(meters(4, ""), ["print/all/impressions/any = 700"]);
    assert_eq!(meters(5, ""), ["print/all/sheets/any = 700"]);
    let both = "1.3.6.1.4.1.641.6.4.2.1.1.2.1.2|2|16
         1.3.6.1.4.1.641.6.4.2.1.1.3.1.2|2|4
         1.3.6.1.4.1.641.6.4.2.1.1.4.1.2|65|1200";
    assert_eq!(meters(5, both), ["print/all/impressions/any = 1200"]);
}

#[test]
fn toshiba_counts_by_function_and_colour() {
    let counts = life_counts(
        "1.3.6.1.2.1.1.2.0|6|1.3.6.1.4.1.1129.2.3.45.1
         1.3.6.1.2.1.43.10.2.1.4.1.1|65|1000
         1.3.6.1.4.1.1129.2.3.50.1.3.21.6.1.2.1.1|2|300
         1.3.6.1.4.1.1129.2.3.50.1.3.21.6.1.2.1.2|2|5
         1.3.6.1.4.1.1129.2.3.50.1.3.21.6.1.2.1.3|2|695
         1.3.6.1.4.1.1129.2.3.50.1.3.21.6.1.3.1.1|2|250",
    );
    assert_eq!(counts, [Some(1_000), Some(695), Some(300)]);
}

#[test]
fn a_pantum_s_state_is_no_count_of_copies() {
    let pantum = |state: u32| {
        read(&format!(
            "1.3.6.1.2.1.1.2.0|6|1.3.6.1.4.1.40093.1.1
             1.3.6.1.4.1.40093.1.1.3.1|2|1
             1.3.6.1.4.1.40093.1.1.3.9|2|{state}"
        ))
    };
    assert_eq!(pantum(3), [""; 0]);
    assert_eq!(pantum(120), ["copy/all/impressions/any = 120"]);
}

#[test]
fn sharp_single_and_two_colour_pages_stand_beside_mono_and_colour() {
    let counts = life_counts(
        "1.3.6.1.2.1.1.2.0|6|1.3.6.1.4.1.2385.3.1.111.1.26
         1.3.6.1.2.1.43.10.2.1.4.1.1|65|1000
         1.3.6.1.4.1.2385.1.1.19.2.1.3.5.4.63|65|300
         1.3.6.1.4.1.2385.1.1.19.2.1.3.5.4.64|65|20
         1.3.6.1.4.1.2385.1.1.19.2.1.3.5.4.80|65|30",
    );
    assert_eq!(counts, [Some(1_000), Some(650), Some(300)]);
}
