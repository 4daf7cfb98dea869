use super::*;
use proptest::prelude::*;

/// A time as read in an order: date, time of day and offset.
fn read(order: DateOrder, text: &str) -> Option<String> {
    let written = Written::read(text)?;
    let date = written.date.by(order)?;
    let time = written
        .time
        .map_or(String::new(), |time| format!(" {time}"));
    let offset = written.offset;
    let offset = offset.map_or(String::new(), |offset| format!(" {offset}"));
    Some(format!("{date}{time}{offset}"))
}

const AFTERNOON: &str = "2026-11-05 16:45:10";

#[test]
fn short_dates_and_long_times_of_many_cultures() {
    for text in [
        // en-AU, es-MX, el-GR, sq-AL, ar-EG, vi-VN, hi-IN, th-TH (2569 is 2026).
        "5/11/2026 4:45:10 PM",
        "5/11/2026 4:45:10\u{202F}PM",
        "05/11/2026 4:45:10\u{A0}p.\u{A0}m.",
        "5/11/2026 04:45:10 p. m.",
        "5/11/2026 4:45:10 μ.μ.",
        "5.11.2026 4:45:10 e pasdites",
        "05/11/2026 04:45:10 م",
        "\u{200F}5\u{200F}/11\u{200F}/2026 4:45:10 م",
        "05/11/2026 4:45:10 CH",
        "05-11-2026 16:45:10",
        "5/11/2569 16:45:10",
        // fi-FI, da-DK, cs-CZ, hr-HR, bg-BG, nl-NL, fr-CA, id-ID.
        "5.11.2026 16.45.10",
        "05-11-2026 16.45.10",
        "05. 11. 2026. 16:45:10",
        "5.11.2026 г. 16:45:10",
        "5-11-2026 16:45:10",
        "5/11/2026 16 h 45 min 10 s",
        "5/11/2026, 16:45:10",
        "5 11 2026 16:45:10",
        "05112026 164510",
        // The time of day first, as some devices have it.
        "16:45:10 05/11/2026",
        "4:45:10 PM 5.11.2026",
    ] {
        assert_eq!(
            read(DateOrder::DayMonthYear, text).as_deref(),
            Some(AFTERNOON),
            "{text:?}"
        );
    }
    for text in [
        "11/5/2026 4:45:10 PM",
        "11/05/2026 16:45:10",
        "11052026 164510",
    ] {
        assert_eq!(
            read(DateOrder::MonthDayYear, text).as_deref(),
            Some(AFTERNOON),
            "{text:?}"
        );
    }
}

#[test]
fn dates_that_need_no_order() {
    for text in [
        // ISO, ja-JP, zh-TW, zh-CN, ko-KR, hu-HU, sv-SE, lt-LT, and none at all.
        "2026-11-05 16:45:10",
        "2026-11-05T16:45:10",
        "2026/11/05 16:45:10",
        "2026/11/5 午後 4:45:10",
        "2026/11/5 下午 04:45:10",
        "2026/11/5 下午4:45:10",
        "2026年11月5日 下午4:45:10",
        "2026年11月5日 16时45分10秒",
        "2026-11-05 오후 4:45:10",
        "2026. 11. 5. 오후 4:45:10",
        "2026년 11월 5일 오후 4시 45분 10초",
        "2026. 11. 05. 16:45:10",
        "2026.11.05 16:45:10",
        "20261105 164510",
        "20261105164510",
        "20261105T164510",
        "２０２６/１１/０５ １６:４５:１０",
        // The month by its name.
        "5-Nov-2026 16:45:10",
        "05 NOV 2026 4:45:10 PM",
        "Nov 5 2026 4:45:10PM",
        "Thu Nov 05 16:45:10 2026",
        "Thursday, November 5, 2026 4:45:10 PM",
        "5. November 2026 16:45:10",
        "Do. 5. Nov. 2026 16:45:10",
        "jueves, 5 de noviembre de 2026 16:45:10",
        "5 novembre 2026 à 16:45:10",
        "05-Nov-26 16:45:10",
    ] {
        for order in DateOrder::ALL {
            assert_eq!(read(order, text).as_deref(), Some(AFTERNOON), "{text:?}");
        }
    }
}

#[test]
fn years_of_two_digits_have_three_orders() {
    let all = |text| DateOrder::ALL.map(|order| read(order, text));
    let [day, month, year] = all("24/11/26 9:12");
    assert_eq!(day.as_deref(), Some("2026-11-24 09:12:00"));
    assert_eq!(month, None);
    assert_eq!(year.as_deref(), Some("2024-11-26 09:12:00"));
    assert_eq!(all("261124").map(|it| it.is_some()), [true, false, true]);
    assert_eq!(all("1/2/69")[0].as_deref(), Some("1969-02-01"));
}

#[test]
fn offsets() {
    for (text, offset) in [
        (
            "2026-11-05T16:45:10.1234567+01:00",
            "2026-11-05 16:45:10.1234567 +01",
        ),
        ("2026-11-05T16:45:10Z", "2026-11-05 16:45:10 +00"),
        ("5/11/2026 16:45:10 -05:00", "2026-11-05 16:45:10 -05"),
        ("5/11/2026 4:45:10 PM +0530", "2026-11-05 16:45:10 +05:30"),
        ("Thu, 05 Nov 2026 16:45:10 GMT", "2026-11-05 16:45:10 +00"),
        ("2026-11-05 16:45:10 UTC", "2026-11-05 16:45:10 +00"),
        ("2026-11-05 16:45:10 GMT+1", "2026-11-05 16:45:10 +01"),
        // CIM_DATETIME has minutes.
        ("20261105164510.500000+060", "2026-11-05 16:45:10.5 +01"),
        ("20261105164510.000000-300", "2026-11-05 16:45:10 -05"),
    ] {
        assert_eq!(
            read(DateOrder::DayMonthYear, text).as_deref(),
            Some(offset),
            "{text}"
        );
    }
}

#[test]
fn the_twelve_hours() {
    let time = |text: &str| time_of_day(text).map(|time| time.to_string());
    for (text, expected) in [
        ("12:00 AM", "00:00:00"),
        ("12:00 PM", "12:00:00"),
        ("0:30 午後", "12:30:00"),
        ("午前 0:12", "00:12:00"),
        ("9 PM", "21:00:00"),
        ("9:12p", "21:12:00"),
        ("16:45 PM", "16:45:00"),
        ("08:12:31", "08:12:31"),
        ("8.12.31", "08:12:31"),
        ("081231", "08:12:31"),
        ("08:12:31.25", "08:12:31.25"),
        ("23:59:60", "23:59:59"),
    ] {
        assert_eq!(time(text).as_deref(), Some(expected), "{text}");
    }
    for not in [
        "13:00 AM",
        "24:00",
        "9:60",
        "9",
        "",
        "2026-11-05",
        "9:12 klingon",
        "5/11/2026 9:12",
    ] {
        assert_eq!(time(not), None, "{not}");
    }
}

#[test]
fn a_bare_date_has_no_time_of_day() {
    for text in ["2026-01-15", "15/01/2026", "15. Januar 2026", "20260115"] {
        let written = Written::read(text).unwrap();
        assert_eq!(written.time, None, "{text}");
        assert_eq!(
            read(DateOrder::DayMonthYear, text).as_deref(),
            Some("2026-01-15")
        );
    }
}

#[test]
fn what_is_no_time() {
    for not in [
        "",
        "yesterday",
        "24/11 09:12",
        "32/13/2026",
        "2026-02-30",
        "5/11/2026 klingon 4:45",
        "5/11/2026 4:45:10 CET",
        // The Hijri year 1448 and the Persian year 1405.
        "15/05/1448 04:45:10 م",
        "1405/08/14 16:45:10",
        "1/2/3/4",
        "5/11/2026 16:45:10 7",
    ] {
        let written = Written::read(not);
        let dates = written.map(|it| DateOrder::ALL.map(|order| it.date.by(order)));
        assert!(
            dates.is_none_or(|dates| dates == [None; 3]),
            "{not}: {written:?}"
        );
    }
}

proptest! {
    #[test]
    fn nothing_panics(text in "[0-9/:. T,+年月午前後apm-]{0,40}") {
        let _no_panic = (Written::read(&text), time_of_day(&text));
    }

    #[test]
    fn what_is_written_is_read(
        day in 1_i8..=28, month in 1_i8..=12, hour in 0_i8..24, minute in 0_i8..60,
        separator in "[/.-]", clock in "[:.]",
    ) {
        let text = format!("{day}{separator}{month}{separator}2026 {hour}{clock}{minute:02}{clock}09");
        let expected = format!("2026-{month:02}-{day:02} {hour:02}:{minute:02}:09");
        prop_assert_eq!(read(DateOrder::DayMonthYear, &text), Some(expected));
    }
}
