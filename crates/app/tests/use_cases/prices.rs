use platen_app::AppError;
use platen_app::printing::prices::{PRICES_BYTES_MAX, PricesError};
use platen_domain::print_jobs::{ColorMode, PrintRecord, SourceKey};

use crate::place::{Place, START};

/// A side in black at `mono`.
fn file(currency: &str, from: &str, mono: &str) -> String {
    format!("currency = '{currency}'\nvalid_from = {from}\n[default]\nmono_side = '{mono}'\n")
}

#[tokio::test]
async fn each_file_is_a_version_and_old_jobs_keep_their_price() {
    let place = Place::bare().await;
    let (app, operator) = (&place.app, place.operator());
    for (version, (from, mono)) in [("2025-01-01", "0.01"), ("2026-01-01", "0.02")]
        .into_iter()
        .enumerate()
    {
        let text = file("EUR", from, mono);
        let set = app.printing().set_prices(&operator, &text).await.unwrap();
        assert_eq!(usize::try_from(set.version).unwrap(), version + 1);
    }
    let book = app.printing().price_book(&operator).await.unwrap();
    // The organization's 2026 began an hour before that of UTC.
    let hour = std::time::Duration::from_hours(1);
    for (at, micros, version) in [
        (START.minus(hour), 20_000, 2),
        (START.minus(2 * hour), 10_000, 1),
    ] {
        let mut job = PrintRecord::new(SourceKey::new("test", "1"), at);
        job.color_mode = Some(ColorMode::Monochrome);
        job.counts.impressions = Some(1);
        let cost = book.cost(&job, None, None).unwrap();
        assert_eq!((cost.amount.0, cost.version), (micros, version));
    }
    let entries = app.operation().audit(&operator, 1).await.unwrap();
    assert_eq!(entries[0].action, "prices.set");
    assert_eq!(entries[0].object, "version 2");
    assert_eq!(entries[0].detail, "EUR, 1 tariff, valid from 2026-01-01");
}

#[tokio::test]
async fn what_is_refused_leaves_no_version() {
    let place = Place::bare().await;
    let (app, operator) = (&place.app, place.operator());
    let good = file("EUR", "2025-01-01", "0.01");
    app.printing().set_prices(&operator, &good).await.unwrap();

    let long = format!("{good}{}", " ".repeat(PRICES_BYTES_MAX));
    let refused = app.printing().set_prices(&operator, &long).await;
    assert!(matches!(refused, Err(PricesError::TooLong)));
    let refused = app.printing().set_prices(&operator, "currency = 7").await;
    assert!(matches!(refused, Err(PricesError::File(_))));
    let dollars = file("USD", "2025-06-01", "0.01");
    let refused = app.printing().set_prices(&operator, &dollars).await;
    assert!(matches!(refused, Err(PricesError::Currency { .. })));

    let code = app
        .access()
        .create_enrolment_code(&operator, "")
        .await
        .unwrap();
    let (_, credential) = app.access().enrol(code.expose(), "Bonn").await.unwrap();
    let scope = app
        .access()
        .authenticate_collector(credential.expose())
        .await;
    let refused = app.printing().set_prices(&scope.unwrap(), &good).await;
    assert!(matches!(
        refused,
        Err(PricesError::Unavailable(AppError::Forbidden))
    ));
    let book = app.printing().price_book(&operator).await.unwrap();
    assert_eq!(book.lists().len(), 1);
}

/// A job of four sides in black on the `day`-th day of 2026, charged to an account.
fn job(day: u64) -> PrintRecord {
    let at = START.plus(std::time::Duration::from_hours(24 * day));
    let mut job = PrintRecord::new(SourceKey::new("test", day.to_string()), at);
    job.color_mode = Some(ColorMode::Monochrome);
    job.counts.impressions = Some(4);
    job
}

/// Cost and currency of every job, the oldest first.
async fn costs(place: &Place) -> Vec<Option<(i64, String)>> {
    let end = START.plus(std::time::Duration::from_hours(24 * 40));
    let operator = place.operator();
    let listed = place.app.printing().transactions(&operator, START, end);
    let listed = listed.await.unwrap();
    let cost = |cost: Option<(platen_domain::prices::Micros, String)>| {
        cost.map(|(amount, currency)| (amount.0, currency))
    };
    let mut costs: Vec<_> = listed.jobs.into_iter().map(|job| cost(job.cost)).collect();
    costs.reverse();
    costs
}

#[tokio::test]
async fn prices_that_are_set_late_price_the_jobs_of_their_time() {
    let place = Place::bare().await;
    place
        .clock
        .advance(std::time::Duration::from_hours(24 * 40));
    let (app, operator) = (&place.app, place.operator());
    let jobs = (1..=3).map(job).collect();
    app.printing()
        .take_in_print_jobs(&operator, jobs, None)
        .await
        .unwrap();
    let euros = |micros| Some((micros, "EUR".to_owned()));

    // The first list begins after the first job.
    let text = file("EUR", "2026-01-03", "0.01");
    app.printing().set_prices(&operator, &text).await.unwrap();
    let priced = app.printing().finish_repricings(&operator).await.unwrap();
    assert_eq!(priced.len(), 1);
    assert_eq!((priced[0].counts.jobs, priced[0].counts.changed), (2, 2));
    assert_eq!(costs(&place).await, [None, euros(40_000), euros(40_000)]);

    // Another one does not touch what has a cost, and ends where that list began.
    let text = file("EUR", "2026-01-01", "0.02");
    app.printing().set_prices(&operator, &text).await.unwrap();
    app.printing().finish_repricings(&operator).await.unwrap();
    assert_eq!(
        costs(&place).await,
        [euros(80_000), euros(40_000), euros(40_000)]
    );

    // On purpose everything is priced by the list that holds at its time.
    let text = file("EUR", "2026-01-04", "0.05");
    app.printing().set_prices(&operator, &text).await.unwrap();
    app.printing().finish_repricings(&operator).await.unwrap();
    let applied = app
        .printing()
        .apply_prices(&operator, "2026-01-02")
        .await
        .unwrap();
    let counts = applied[0].counts;
    assert_eq!((counts.jobs, counts.changed), (3, 1));
    assert_eq!((counts.before.0, counts.after.0), (160_000, 320_000));
    assert_eq!(
        costs(&place).await,
        [euros(80_000), euros(40_000), euros(200_000)]
    );
    let again = app
        .printing()
        .apply_prices(&operator, "2026-01-02")
        .await
        .unwrap();
    assert_eq!(again[0].counts.changed, 0);
    assert_eq!(
        app.operation().audit(&operator, 1).await.unwrap()[0].action,
        "prices.applied"
    );
}

#[tokio::test]
async fn what_cannot_be_applied_is_refused_in_words() {
    let place = Place::bare().await;
    let (app, operator) = (&place.app, place.operator());
    let refused = app.printing().apply_prices(&operator, "2026-01-01").await;
    assert!(matches!(refused, Err(PricesError::NoPrices)));
    let refused = app.printing().apply_prices(&operator, "January").await;
    let text = refused.unwrap_err().to_string();
    assert!(
        text.starts_with("--from January: expected a day such as"),
        "{text}"
    );
}

#[tokio::test]
async fn an_interrupted_repricing_goes_on_where_it_was() {
    let place = Place::bare().await;
    place
        .clock
        .advance(std::time::Duration::from_hours(24 * 40));
    let operator = place.operator();
    let jobs = (1..=3).map(job).collect();
    place
        .app
        .printing()
        .take_in_print_jobs(&operator, jobs, None)
        .await
        .unwrap();
    let text = file("EUR", "2026-01-01", "0.01");
    place
        .app
        .printing()
        .set_prices(&operator, &text)
        .await
        .unwrap();
    let (scope, now) = (operator.clone(), place.app.now());
    let one = place.app.store().write(move |w| {
        let book = w.price_book(&scope)?;
        w.reprice_next(&scope, 1, &book, now, 1)
    });
    assert_eq!(one.await.unwrap().ended_at, None);
    let place = place.restarted().await;
    // Whatever comes next goes on first, and tells it.
    let applied = place
        .app
        .printing()
        .apply_prices(&operator, "2026-01-02")
        .await
        .unwrap();
    let counts = applied
        .iter()
        .map(|ended| (ended.counts.jobs, ended.counts.changed));
    assert_eq!(counts.collect::<Vec<_>>(), [(3, 3), (3, 0)]);
    let cent = Some((40_000, "EUR".to_owned()));
    assert_eq!(costs(&place).await, [cent.clone(), cent.clone(), cent]);
}
