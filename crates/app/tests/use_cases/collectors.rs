use std::time::Duration;

use platen_app::AppError;
use platen_app::access::collectors::{CredentialRefusal, ENROLMENT_CODE_VALID, EnrolmentRefusal};
use platen_domain::collectors::{BatchId, CollectorCredential};
use platen_domain::ids::{CollectorId, SeededIds};
use platen_domain::report_apis::ReportApi;
use platen_domain::scope::Actor;
use platen_store::{BatchSeen, StoreError};

use crate::place::Place;

#[tokio::test]
async fn a_code_enrols_one_collector_whose_credential_lives_until_revoked() {
    let place = Place::bare().await;
    let (app, operator) = (&place.app, place.operator());
    let code = app
        .access()
        .create_enrolment_code(&operator, "Bonn")
        .await
        .unwrap();
    let nameless = app.access().enrol(code.expose(), " \u{202E} ").await;
    assert!(matches!(nameless, Err(EnrolmentRefusal::Name)));

    let tries = [(); 5].map(|()| {
        let (app, code) = (app.clone(), code.clone());
        tokio::spawn(async move { app.access().enrol(code.expose(), " Site Bonn ").await })
    });
    let mut enrolled = Vec::new();
    for attempt in tries {
        match attempt.await.unwrap() {
            Ok(pair) => enrolled.push(pair),
            Err(refusal) => assert!(matches!(refusal, EnrolmentRefusal::Code)),
        }
    }
    let (record, credential) = enrolled.pop().unwrap();
    assert!(enrolled.is_empty(), "one code, one collector");
    assert_eq!(record.name, "Site Bonn");

    let scope = app
        .access()
        .authenticate_collector(credential.expose())
        .await;
    let scope = scope.unwrap();
    assert_eq!(scope.organization(), place.organization.id);
    assert_eq!(scope.actor(), &Actor::Collector { id: record.id });

    for _ in 0..2 {
        app.access()
            .revoke_collector(&operator, record.id)
            .await
            .unwrap();
    }
    let dead = app
        .access()
        .authenticate_collector(credential.expose())
        .await;
    assert!(matches!(dead, Err(CredentialRefusal::Unauthorized)));
    let expected = [
        "organization.created",
        "link.created",
        "collector.enrolled",
        "collector.revoked",
    ];
    assert_eq!(place.actions().await, expected);
}

#[tokio::test]
async fn codes_end_with_their_time_and_links_are_no_codes() {
    let place = Place::bare().await;
    let (app, operator) = (&place.app, place.operator());
    let ada = place.set_up().await;
    let purpose = platen_app::access::links::LinkPurpose::SignIn;
    let link = app.access().create_link(
        purpose,
        place.organization.id,
        Some(ada.user.id),
        ENROLMENT_CODE_VALID,
    );
    let link = link.await.unwrap();
    let refused = app.access().enrol(link.expose(), "Bonn").await;
    assert!(matches!(refused, Err(EnrolmentRefusal::Code)));
    assert!(app.access().sign_in_with_link(link.expose()).await.is_ok());

    let code = app
        .access()
        .create_enrolment_code(&operator, "")
        .await
        .unwrap();
    assert!(app.access().sign_in_with_link(code.expose()).await.is_err());
    assert!(
        app.access()
            .set_up_organization(code.expose())
            .await
            .is_err()
    );
    place.clock.advance(ENROLMENT_CODE_VALID);
    let refused = app.access().enrol(code.expose(), "Bonn").await;
    assert!(matches!(refused, Err(EnrolmentRefusal::Code)));
}

#[tokio::test]
async fn what_is_no_live_credential_lets_nobody_in() {
    let place = Place::licensed().await;
    let key = place
        .app
        .access()
        .enable_key(&place.operator(), ReportApi::Meters)
        .await;
    let unknown = CollectorCredential::generate(&SeededIds::new(9));
    for text in ["", "secret", key.unwrap().expose(), unknown.expose()] {
        let refused = place.app.access().authenticate_collector(text).await;
        assert!(matches!(refused, Err(CredentialRefusal::Unauthorized)));
    }
}

#[tokio::test]
async fn a_collector_has_no_capability_and_is_seen_to_the_hour() {
    let place = Place::licensed().await;
    let (app, operator) = (&place.app, place.operator());
    let code = app
        .access()
        .create_enrolment_code(&operator, "")
        .await
        .unwrap();
    let (record, credential) = app.access().enrol(code.expose(), "Bonn").await.unwrap();
    place.clock.advance(Duration::from_mins(90));
    let scope = app
        .access()
        .authenticate_collector(credential.expose())
        .await;
    let scope = scope.unwrap();
    let refused = app.access().create_enrolment_code(&scope, "").await;
    assert!(matches!(refused, Err(AppError::Forbidden)));
    let refused = app.access().revoke_collector(&scope, record.id).await;
    assert!(matches!(refused, Err(AppError::Forbidden)));
    assert!(
        app.access()
            .enable_key(&scope, ReportApi::Meters)
            .await
            .is_err()
    );

    let listed = app.access().collectors(&operator).await.unwrap();
    let seen = listed[0].last_seen_at.unwrap();
    assert_eq!(seen.since(record.enrolled_at), Duration::from_hours(1));

    let nobody = CollectorId::from_bytes([9; 16]);
    let refused = app.access().revoke_collector(&operator, nobody).await;
    assert!(matches!(
        refused,
        Err(AppError::Store(StoreError::NotFound(_)))
    ));
}

#[tokio::test]
async fn names_of_batches_are_forgotten_after_a_month_however_many_there_are() {
    let place = Place::bare().await;
    let (app, operator) = (&place.app, place.operator());
    let code = app
        .access()
        .create_enrolment_code(&operator, "")
        .await
        .unwrap();
    let (record, _) = app.access().enrol(code.expose(), "Bonn").await.unwrap();
    let note = |sequences: std::ops::Range<u64>| {
        let now = app.now();
        let scope = operator.clone();
        app.store().write(move |writer| {
            let batches = sequences
                .clone()
                .map(|sequence| BatchId { epoch: 1, sequence });
            let noted =
                batches.map(|batch| writer.note_batch(&scope, record.id, batch, &[0; 32], now));
            noted.collect::<Result<Vec<_>, _>>()
        })
    };
    // More than one write clears.
    let many = 2_001;
    note(0..many).await.unwrap();
    place.clock.advance(Duration::from_hours(24 * 30));
    note(many..many + 1).await.unwrap();
    // The code's time is over as well, but not by a batch's measure.
    assert_eq!(app.operation().clear_away().await.unwrap(), 1);
    place.clock.advance(Duration::from_millis(1));
    assert_eq!(app.operation().clear_away().await.unwrap(), many);
    let seen = note(many - 1..many + 1).await.unwrap();
    assert_eq!(seen, [BatchSeen::New, BatchSeen::Same]);
}
