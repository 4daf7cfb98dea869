use std::time::Duration;

use platen_app::AppError;
use platen_app::access::authorization::KeyRefusal;
use platen_app::access::keys::KeyChangeError;
use platen_domain::licences::LicenceRefusal;
use platen_domain::report_apis::ReportApi::{Meters, PrintJobs, Status};
use platen_domain::roles::Role;

use crate::place::Place;

#[tokio::test]
async fn a_key_opens_its_own_api_until_it_is_disabled_and_never_again() {
    let place = Place::licensed().await;
    let (app, operator) = (&place.app, place.operator());
    let first = app.access().enable_key(&operator, Meters).await.unwrap();
    let scope = app
        .access()
        .authenticate_key(first.expose(), Meters)
        .await
        .unwrap();
    assert_eq!(scope.organization(), place.organization.id);
    let wrong = app.access().authenticate_key(first.expose(), Status).await;
    assert!(matches!(wrong, Err(KeyRefusal::WrongApi)));

    app.access().disable_key(&operator, Meters).await.unwrap();
    let second = app.access().enable_key(&operator, Meters).await.unwrap();
    assert_ne!(first.expose(), second.expose());
    let dead = app.access().authenticate_key(first.expose(), Meters).await;
    assert!(matches!(dead, Err(KeyRefusal::Unauthorized)));
    assert!(
        app.access()
            .authenticate_key(second.expose(), Meters)
            .await
            .is_ok()
    );
    let expected = [
        "organization.created",
        "licence.installed",
        "key.enabled",
        "key.disabled",
        "key.enabled",
    ];
    assert_eq!(place.actions().await, expected);
}

#[tokio::test]
async fn rotating_replaces_the_key_at_once_and_once() {
    let place = Place::licensed().await;
    let (app, operator) = (&place.app, place.operator());
    let first = app.access().enable_key(&operator, Meters).await.unwrap();
    let old = place.live_key(Meters).await;
    assert!(matches!(
        app.access().enable_key(&operator, Meters).await,
        Err(KeyChangeError::AlreadyEnabled)
    ));
    let (one, other) = tokio::join!(
        app.access().rotate_key(&operator, Meters, old),
        app.access().rotate_key(&operator, Meters, old)
    );
    assert!(matches!(other, Err(KeyChangeError::NotLive)));
    let second = one.unwrap();
    let dead = app.access().authenticate_key(first.expose(), Meters).await;
    assert!(matches!(dead, Err(KeyRefusal::Unauthorized)));
    assert!(
        app.access()
            .authenticate_key(second.expose(), Meters)
            .await
            .is_ok()
    );

    let newer = place.live_key(Meters).await;
    app.access().disable_key(&operator, Meters).await.unwrap();
    let disabled = app.access().rotate_key(&operator, Meters, newer).await;
    assert!(matches!(disabled, Err(KeyChangeError::NotLive)));
}

#[tokio::test]
async fn without_a_licence_nothing_opens_and_an_expired_one_closes_what_was_open() {
    let bare = Place::bare().await;
    let refused = bare.app.access().enable_key(&bare.operator(), Meters).await;
    assert!(matches!(
        refused,
        Err(KeyChangeError::Licence(LicenceRefusal::Missing))
    ));

    let place = Place::licensed().await;
    let uncovered = place
        .app
        .access()
        .enable_key(&place.operator(), PrintJobs)
        .await;
    assert!(matches!(
        uncovered,
        Err(KeyChangeError::Licence(LicenceRefusal::FeatureNotCovered))
    ));
    let key = place
        .app
        .access()
        .enable_key(&place.operator(), Meters)
        .await
        .unwrap();
    place.clock.advance(Duration::from_hours(24 * 100));
    let expired = place
        .app
        .access()
        .authenticate_key(key.expose(), Meters)
        .await;
    assert!(matches!(
        expired,
        Err(KeyRefusal::Licence(LicenceRefusal::Expired))
    ));
    place
        .app
        .access()
        .disable_key(&place.operator(), Meters)
        .await
        .unwrap();
}

#[tokio::test]
async fn a_use_is_kept_to_the_hour() {
    let place = Place::licensed().await;
    let key = place
        .app
        .access()
        .enable_key(&place.operator(), Meters)
        .await
        .unwrap();
    place.clock.advance(Duration::from_mins(90));
    place
        .app
        .access()
        .authenticate_key(key.expose(), Meters)
        .await
        .unwrap();
    let states = place
        .app
        .access()
        .report_apis(&place.operator())
        .await
        .unwrap();
    let record = states[0].key.clone().unwrap();
    let used = record.last_used_at.unwrap();
    assert_eq!(used.since(record.created_at), Duration::from_hours(1));
}

#[tokio::test]
async fn no_key_was_used_before_it_was_made() {
    let place = Place::licensed().await;
    place.clock.advance(Duration::from_mins(20));
    let key = place
        .app
        .access()
        .enable_key(&place.operator(), Meters)
        .await
        .unwrap();
    let used = place
        .app
        .access()
        .authenticate_key(key.expose(), Meters)
        .await;
    used.unwrap();
    let states = place
        .app
        .access()
        .report_apis(&place.operator())
        .await
        .unwrap();
    let record = states[0].key.clone().unwrap();
    assert_eq!(record.last_used_at, Some(record.created_at));
}

#[tokio::test]
async fn who_lacks_the_capability_changes_nothing() {
    let place = Place::licensed().await;
    let analyst = place
        .app
        .access()
        .create_user(&place.operator(), "Ben", Role::PrintAnalyst)
        .await
        .unwrap();
    let link = platen_app::access::links::LinkPurpose::SignIn;
    let hour = Duration::from_hours(1);
    let link = place
        .app
        .access()
        .create_link(link, place.organization.id, Some(analyst.id), hour);
    let session = place
        .app
        .access()
        .sign_in_with_link(link.await.unwrap().expose())
        .await
        .unwrap();
    let context = place.context(&session).await.unwrap();
    let refused = place.app.access().enable_key(&context.scope, Meters).await;
    assert!(matches!(
        refused,
        Err(KeyChangeError::Unavailable(AppError::Forbidden))
    ));
    let states = place
        .app
        .access()
        .report_apis(&place.operator())
        .await
        .unwrap();
    assert!(states.iter().all(|state| state.key.is_none()));
}
