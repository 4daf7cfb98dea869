use super::*;
use proptest::prelude::*;

/// The survey of lines with these times, from line 2 on.
fn survey(times: &[&str]) -> DateSurvey {
    let mut survey = DateSurvey::new();
    for (line, text) in (2..).zip(times) {
        let written = Written::read(text).unwrap();
        survey.see(line, text, &written, &TimeZone::UTC);
    }
    survey
}

fn settled(times: &[&str]) -> Result<Option<(DateOrder, Because)>, OrderError> {
    let limit = "2026-11-30T12:00:00".parse().unwrap();
    let settled = survey(times).settle(None, &[limit], LOG_COURSE_LINES_MIN, None);
    settled.map(|settled| settled.order)
}

const DAY: DateOrder = DateOrder::DayMonthYear;
const MONTH: DateOrder = DateOrder::MonthDayYear;

#[test]
fn one_line_tells_for_all() {
    let times = ["5/11/2026 4:45:10 PM", "24/11/2026 9:12:03 AM"];
    assert_eq!(settled(&times), Ok(Some((DAY, Because::Line(3)))));
    let times = ["11/24/2026 9:12:03 AM", "11/5/2026 4:45:10 PM"];
    assert_eq!(settled(&times), Ok(Some((MONTH, Because::Line(2)))));
}

#[test]
fn a_log_is_not_of_the_future() {
    let times = ["11/12/2025 9:00", "11/5/2026 4:45 PM", "2/12/2026 9:00"];
    // 2 December 2026 has not come: 12 February has.
    assert_eq!(settled(&times), Ok(Some((MONTH, Because::Future))));
    // A clock that makes all of it future tells nothing.
    let limit = "1980-01-01T00:00:00".parse().unwrap();
    let settled = survey(&["5/11/2026 9:00"]).settle(None, &[limit], 3, None);
    assert!(matches!(settled, Err(OrderError::Open(_))));
}

#[test]
fn a_log_runs_in_time() {
    // 12 October, 1 November, 2 November; or 10 December, 11 January, 11 February.
    let mut times = ["12/10/2025 9:00", "1/11/2025 9:00", "2/11/2025 9:00"];
    assert_eq!(settled(&times), Ok(Some((DAY, Because::Course))));
    times.reverse();
    assert_eq!(settled(&times), Ok(Some((DAY, Because::Course))));
    // Two lines run in any order.
    assert!(settled(&times[..2]).is_err());
}

#[test]
fn cultures_that_write_the_day_first_everywhere() {
    let by_culture = Ok(Some((DAY, Because::Culture)));
    assert_eq!(settled(&["5.11.2026 16.45.10"]), by_culture);
    assert_eq!(settled(&["5/11/2026 4:45:10 μ.μ."]), by_culture);
    // Points tell nothing where a line needs the month first.
    let times = ["5.11.2026", "11.24.2026"];
    assert_eq!(settled(&times), Ok(Some((MONTH, Because::Line(3)))));
}

#[test]
fn what_stays_open_is_asked_for() {
    let Err(OrderError::Open(question)) = settled(&["5/11/2026 4:45:10 PM"]) else {
        panic!("a guess");
    };
    insta::assert_snapshot!(question, @r#"line 2: '5/11/2026 4:45:10 PM' is 5 November 2026 or 11 May 2026, and nothing in the log tells which; nothing of it was taken in. Say --date-order dmy (the day first) or --date-order mdy (the month first); in a [[drop]] section or a column map date_order = "dmy" or "mdy""#);
    assert!(settled(&["01/02/03"]).is_err());
    let neighbours = survey(&["5/11/2026 9:00"]).settle(None, &[], 3, Some(MONTH));
    assert_eq!(
        neighbours.unwrap().order,
        Some((MONTH, Because::Neighbours))
    );
    let said = survey(&["5/11/2026 9:00"]).settle(Some(DAY), &[], 3, Some(MONTH));
    assert_eq!(said.unwrap().order, Some((DAY, Because::Said)));
}

#[test]
fn dates_that_mean_the_same_in_every_order_need_none() {
    assert_eq!(settled(&["5/5/2026 9:00", "2026-11-24 9:00"]), Ok(None));
}

#[test]
fn two_orders_in_one_log() {
    let Err(OrderError::Conflict(conflict)) = settled(&["24/11/2026", "5/11/2026", "11/25/2026"])
    else {
        panic!("a guess");
    };
    insta::assert_snapshot!(conflict, @"line 2: '24/11/2026' has the day first, and line 4: '11/25/2026' has the month first: dates of two orders stand in one log; nothing of it was taken in. Part it in two, or say --date-order dmy or --date-order mdy, by which lines of the other order are refused");
}

proptest! {
    #[test]
    fn the_order_of_the_lines_does_not_tell_where_a_line_does(
        days in proptest::collection::vec((1_i8..=12, 1_i8..=12), 1..8),
        at in 0_usize..8,
    ) {
        let mut times: Vec<String> =
            days.iter().map(|(day, month)| format!("{day}/{month}/2026 9:00")).collect();
        times.insert(at.min(times.len()), "24/11/2026 9:00".to_owned());
        let order = |times: &[String]| {
            let times: Vec<&str> = times.iter().map(String::as_str).collect();
            settled(&times).unwrap().unwrap().0
        };
        prop_assert_eq!(order(&times), DAY);
        times.reverse();
        prop_assert_eq!(order(&times), DAY);
        times.rotate_left(1);
        prop_assert_eq!(order(&times), DAY);
    }
}
