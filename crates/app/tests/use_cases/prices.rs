use platen_app::AppError;
use platen_app::prices::{PRICES_BYTES_MAX, PricesError};
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
        let set = app.set_prices(&operator, &text).await.unwrap();
        assert_eq!(usize::try_from(set.version).unwrap(), version + 1);
    }
    let book = app.price_book(&operator).await.unwrap();
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
    let entries = app.audit(&operator, 1).await.unwrap();
    assert_eq!(entries[0].action, "prices.set");
    assert_eq!(entries[0].object, "version 2");
    assert_eq!(entries[0].detail, "EUR, 1 tariff, valid from 2026-01-01");
}

#[tokio::test]
async fn what_is_refused_leaves_no_version() {
    let place = Place::bare().await;
    let (app, operator) = (&place.app, place.operator());
    let good = file("EUR", "2025-01-01", "0.01");
    app.set_prices(&operator, &good).await.unwrap();

    let long = format!("{good}{}", " ".repeat(PRICES_BYTES_MAX));
    let refused = app.set_prices(&operator, &long).await;
    assert!(matches!(refused, Err(PricesError::TooLong)));
    let refused = app.set_prices(&operator, "currency = 7").await;
    assert!(matches!(refused, Err(PricesError::File(_))));
    let dollars = file("USD", "2025-06-01", "0.01");
    let refused = app.set_prices(&operator, &dollars).await;
    assert!(matches!(refused, Err(PricesError::Currency { .. })));

    let code = app.create_enrolment_code(&operator, "").await.unwrap();
    let (_, credential) = app.enrol(code.expose(), "Bonn").await.unwrap();
    let scope = app.authenticate_collector(credential.expose()).await;
    let refused = app.set_prices(&scope.unwrap(), &good).await;
    assert!(matches!(
        refused,
        Err(PricesError::Unavailable(AppError::Forbidden))
    ));
    let book = app.price_book(&operator).await.unwrap();
    assert_eq!(book.lists().len(), 1);
}
