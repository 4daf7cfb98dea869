//! Periods, over changes of clocks, ends of months and leap days.

use super::*;

fn calendar(zone: &str) -> ZoneCalendar {
    ZoneCalendar(TimeZone::get(zone).unwrap())
}

fn at(text: &str) -> Timestamp {
    let at: jiff::Timestamp = text.parse().unwrap();
    Timestamp::from_millis(at.as_millisecond())
}

/// `from`, a blank, and `until` where there is one, in UTC.
fn shown(span: PeriodSpan) -> String {
    let text = |at: Timestamp| {
        let at = jiff::Timestamp::from_millisecond(at.as_millis()).unwrap();
        at.to_string()
    };
    let until = span.until.map(text).unwrap_or_default();
    format!("{} {until}", text(span.from)).trim_end().to_owned()
}

fn terms(days: &[&str]) -> Period {
    Period::Term(days.iter().map(|day| day.parse().unwrap()).collect())
}

/// Zone, period, an instant, and the period's first and last instant.
type Row = (&'static str, Period, &'static str, &'static str);

const BERLIN: &str = "Europe/Berlin";

fn days() -> Vec<Row> {
    use Period::Daily;
    vec![
        // Days of 23, 25 and 24 hours.
        (
            BERLIN,
            Daily,
            "2026-03-29T12:00:00Z",
            "2026-03-28T23:00:00Z 2026-03-29T22:00:00Z",
        ),
        (
            BERLIN,
            Daily,
            "2026-10-25T00:30:00Z",
            "2026-10-24T22:00:00Z 2026-10-25T23:00:00Z",
        ),
        (
            BERLIN,
            Daily,
            "2026-10-25T01:30:00Z",
            "2026-10-24T22:00:00Z 2026-10-25T23:00:00Z",
        ),
        (
            BERLIN,
            Daily,
            "2026-10-25T23:00:00Z",
            "2026-10-25T23:00:00Z 2026-10-26T23:00:00Z",
        ),
        // A zone that changes its clocks at midnight, so that the day begins at one.
        (
            "Africa/Cairo",
            Daily,
            "2026-04-24T10:00:00Z",
            "2026-04-23T22:00:00Z 2026-04-24T21:00:00Z",
        ),
        (
            "America/Santiago",
            Daily,
            "2026-09-06T12:00:00Z",
            "2026-09-06T04:00:00Z 2026-09-07T03:00:00Z",
        ),
        // A day that a zone skipped: Samoa went from 29 to 31 December 2011.
        (
            "Pacific/Apia",
            Daily,
            "2011-12-30T09:59:00Z",
            "2011-12-29T10:00:00Z 2011-12-30T10:00:00Z",
        ),
        (
            "Pacific/Apia",
            Daily,
            "2011-12-30T10:01:00Z",
            "2011-12-30T10:00:00Z 2011-12-31T10:00:00Z",
        ),
    ]
}

fn weeks() -> Vec<Row> {
    use Period::Weekly;
    vec![
        // Weeks with a change of clocks within, and weeks that begin on another day.
        (
            BERLIN,
            Weekly(Weekday::Monday),
            "2026-10-25T22:59:59Z",
            "2026-10-18T22:00:00Z 2026-10-25T23:00:00Z",
        ),
        (
            BERLIN,
            Weekly(Weekday::Sunday),
            "2026-03-29T00:59:59Z",
            "2026-03-28T23:00:00Z 2026-04-04T22:00:00Z",
        ),
        (
            "UTC",
            Weekly(Weekday::Wednesday),
            "2027-01-01T00:00:00Z",
            "2026-12-30T00:00:00Z 2027-01-06T00:00:00Z",
        ),
    ]
}

fn months() -> Vec<Row> {
    use Period::Monthly;
    vec![
        // Ends of months, short months, leap days.
        (
            BERLIN,
            Monthly(1),
            "2026-10-31T23:30:00Z",
            "2026-10-31T23:00:00Z 2026-11-30T23:00:00Z",
        ),
        (
            "UTC",
            Monthly(31),
            "2026-02-27T12:00:00Z",
            "2026-01-31T00:00:00Z 2026-02-28T00:00:00Z",
        ),
        (
            "UTC",
            Monthly(31),
            "2026-02-28T00:00:00Z",
            "2026-02-28T00:00:00Z 2026-03-31T00:00:00Z",
        ),
        (
            "UTC",
            Monthly(31),
            "2026-04-30T12:00:00Z",
            "2026-04-30T00:00:00Z 2026-05-31T00:00:00Z",
        ),
        (
            "UTC",
            Monthly(30),
            "2028-02-28T12:00:00Z",
            "2028-01-30T00:00:00Z 2028-02-29T00:00:00Z",
        ),
        (
            "UTC",
            Monthly(29),
            "2027-03-01T00:00:00Z",
            "2027-02-28T00:00:00Z 2027-03-29T00:00:00Z",
        ),
        (
            "UTC",
            Monthly(29),
            "2028-02-29T00:00:00Z",
            "2028-02-29T00:00:00Z 2028-03-29T00:00:00Z",
        ),
        (
            "UTC",
            Monthly(15),
            "2026-12-31T00:00:00Z",
            "2026-12-15T00:00:00Z 2027-01-15T00:00:00Z",
        ),
    ]
}

fn others() -> Vec<Row> {
    vec![
        // Terms: none before the first, and the last goes on.
        (
            "UTC",
            terms(&["2026-09-01", "2027-02-15"]),
            "2026-08-31T23:59:59Z",
            "1970-01-01T00:00:00Z",
        ),
        (
            BERLIN,
            terms(&["2026-09-01", "2027-02-15"]),
            "2026-08-31T22:00:00Z",
            "2026-08-31T22:00:00Z 2027-02-14T23:00:00Z",
        ),
        (
            "UTC",
            terms(&["2026-09-01", "2028-02-29"]),
            "2030-01-01T00:00:00Z",
            "2028-02-29T00:00:00Z",
        ),
        (
            "UTC",
            Period::None,
            "2026-09-01T00:00:00Z",
            "1970-01-01T00:00:00Z",
        ),
    ]
}

#[test]
fn periods_begin_with_days_of_their_zone() {
    for (zone, period, instant, expected) in [days(), weeks(), months(), others()].concat() {
        let span = calendar(zone).span(&period, at(instant));
        assert_eq!(shown(span), expected, "{zone} {period:?} {instant}");
    }
}

#[test]
fn periods_follow_each_other_without_gap_or_overlap() {
    let periods = [
        Period::Daily,
        Period::Weekly(Weekday::Sunday),
        Period::Monthly(31),
    ];
    for zone in [
        "Europe/Berlin",
        "Africa/Cairo",
        "Pacific/Apia",
        "America/Santiago",
    ] {
        let calendar = calendar(zone);
        for period in &periods {
            let mut span = calendar.span(period, at("2011-11-01T00:00:00Z"));
            for _ in 0..800 {
                let until = span.until.unwrap();
                let last = Timestamp::from_millis(until.as_millis() - 1);
                assert_eq!(calendar.span(period, last), span, "{zone} {period:?}");
                let next = calendar.span(period, until);
                assert_eq!(next.from, until, "{zone} {period:?}");
                span = next;
            }
        }
    }
}

#[test]
fn a_day_is_the_zone_s() {
    let day = |zone, text| calendar(zone).day_of(at(text)).unwrap().to_string();
    assert_eq!(day("Europe/Berlin", "2026-10-31T23:00:00Z"), "2026-11-01");
    assert_eq!(day("UTC", "2026-10-31T23:00:00Z"), "2026-10-31");
    let end = Timestamp::from_millis(i64::MAX);
    assert_eq!(calendar("UTC").day_of(end), None);
}
