use std::time::Duration;

use platen_app::access::licences::LicenceError;
use platen_domain::licences::LicenceRefusal;

use crate::place::Place;

#[tokio::test]
async fn a_licence_of_another_organization_is_refused_and_the_old_one_stays() {
    let place = Place::licensed().await;
    let other = place.licence_for("Southwind");
    let refused = place
        .app
        .access()
        .install_licence(&place.operator(), &other)
        .await
        .unwrap_err();
    let text = "the licence was issued to \"Southwind\", and this organization is \"Northwind\"";
    assert_eq!(refused.to_string(), text);
    assert!(
        place
            .app
            .access()
            .licence(&place.operator())
            .await
            .unwrap()
            .is_some()
    );
}

#[tokio::test]
async fn a_tampered_licence_is_refused() {
    let place = Place::bare().await;
    let document = place
        .licence_for("Southwind")
        .replace("Southwind", "Northwind");
    let refused = place
        .app
        .access()
        .install_licence(&place.operator(), &document)
        .await;
    assert!(matches!(refused, Err(LicenceError::Tampered)));
    assert_eq!(
        place.app.access().licence(&place.operator()).await.unwrap(),
        None
    );
}

#[tokio::test]
async fn an_expired_licence_installs_with_a_warning() {
    let place = Place::bare().await;
    let document = place.licence_for("Northwind");
    place.clock.advance(Duration::from_hours(24 * 365));
    let installed = place
        .app
        .access()
        .install_licence(&place.operator(), &document)
        .await
        .unwrap();
    assert_eq!(installed.warning, Some(LicenceRefusal::Expired));
}
