use platen_domain::account_limits::{CarryOver, Limit, Period};
use platen_domain::days::Day;
use platen_domain::points::{POINTS_MAX, PointRates, PointRules, Points};

use crate::accounts::{created, details, table};
use crate::place::Place;

#[tokio::test]
async fn limits_that_will_not_do_are_refused_by_field() {
    let place = Place::bare().await;
    let operator = place.operator();
    let id = created(&place, details("BIO")).await.unwrap().id;
    let owed = Points::from_millionths(-1);
    let more = POINTS_MAX.plus(Points::from_millionths(1));
    let none = Limit::default;
    let days: Vec<_> = (1..=101_u16)
        .map(|year| Day::new(year, 1, 1).unwrap())
        .collect();
    let mut refused = Vec::new();
    for (what, limit) in [
        (
            "owed",
            Limit {
                points_per_user: Some(owed),
                ..none()
            },
        ),
        (
            "too many",
            Limit {
                points_per_user: Some(more),
                ..none()
            },
        ),
        (
            "a job",
            Limit {
                job_points_max: Some(owed),
                ..none()
            },
        ),
        (
            "carried",
            Limit {
                carry_over: CarryOver::UpTo(owed),
                ..none()
            },
        ),
        (
            "overdraft",
            Limit {
                overdraft: owed,
                ..none()
            },
        ),
        (
            "no day",
            Limit {
                period: Period::Monthly(0),
                ..none()
            },
        ),
        (
            "day 32",
            Limit {
                period: Period::Monthly(32),
                ..none()
            },
        ),
        (
            "no term",
            Limit {
                period: Period::Term([].into()),
                ..none()
            },
        ),
        (
            "101 terms",
            Limit {
                period: Period::Term(days.into_iter().collect()),
                ..none()
            },
        ),
        (
            "nothing",
            Limit {
                functions: [].into(),
                ..none()
            },
        ),
    ] {
        let set = place.app.accounts().set_limit(&operator, id, limit, None);
        refused.push((what, set.await));
    }
    insta::assert_snapshot!(table(refused), @r"
    owed: points_per_user: expected 0 to 1000000000 points
    too many: points_per_user: expected 0 to 1000000000 points
    a job: job_points_max: expected 0 to 1000000000 points
    carried: carry_over: expected 0 to 1000000000 points
    overdraft: overdraft: expected 0 to 1000000000 points
    no day: month_day: expected 1 to 31
    day 32: month_day: expected 1 to 31
    no term: terms: expected 1 to 100 days
    101 terms: terms: expected 1 to 100 days
    nothing: functions: expected one at least
    ");
    let kept = place.app.accounts().limit(&operator, id).await;
    assert_eq!(kept.unwrap(), (Limit::default(), 1));
}

#[tokio::test]
async fn point_rules_are_set_as_a_whole() {
    let place = Place::bare().await;
    let (app, operator) = (&place.app, place.operator());
    let kept = app.accounts().point_rules(&operator).await.unwrap();
    assert_eq!(kept, (PointRules::default(), 0));
    let free = PointRates {
        mono_side: Points::ZERO,
        ..PointRates::default()
    };
    let owed = PointRates {
        sheet: Points::from_millionths(-1),
        ..PointRates::default()
    };
    let of = |media: &str, rates: PointRates| PointRules {
        any: free,
        by_media: [(media.to_owned(), rates)].into(),
    };
    let many = PointRules {
        any: free,
        by_media: (0..101).map(|n| (n.to_string(), free)).collect(),
    };
    let good = of("iso_a3_297x420mm", free);
    for _ in 0..2 {
        let set = app
            .accounts()
            .set_point_rules(&operator, good.clone(), None)
            .await;
        assert_eq!(set.unwrap(), (good.clone(), 1));
    }
    let refused = [
        (
            "owed",
            app.accounts()
                .set_point_rules(&operator, of("a", owed), None)
                .await,
        ),
        (
            "no media",
            app.accounts()
                .set_point_rules(&operator, of("", free), None)
                .await,
        ),
        (
            "long media",
            app.accounts()
                .set_point_rules(&operator, of(&"x".repeat(65), free), None)
                .await,
        ),
        (
            "many media",
            app.accounts().set_point_rules(&operator, many, None).await,
        ),
        (
            "late",
            app.accounts()
                .set_point_rules(&operator, of("a", free), Some(0))
                .await,
        ),
    ];
    insta::assert_snapshot!(table(refused), @r"
    owed: sheet: expected 0 to 1000000000 points
    no media: by_media: expected 1 to 64 characters, no control characters, no blanks at the ends and no two in a row
    long media: by_media: expected 1 to 64 characters, no control characters, no blanks at the ends and no two in a row
    many media: by_media: expected 100 at most
    late: it was changed in the meantime: read it again and repeat the change on what it is now
    ");
    assert_eq!(
        app.accounts().point_rules(&operator).await.unwrap(),
        (good, 1)
    );
    assert_eq!(
        place.actions().await,
        ["organization.created", "point-rules.set"]
    );
}
