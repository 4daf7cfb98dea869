use platen_app::printing::privacy::{Privacy, PrivacyError};
use platen_domain::person_names::NameRule;
use platen_domain::privacy::{FieldMode, PrivacyPolicy};

use crate::place::Place;

#[tokio::test]
async fn the_key_is_there_from_the_first_question_on_and_stays() {
    let place = Place::bare().await;
    let (app, operator) = (&place.app, place.operator());
    let (first, second) = tokio::join!(
        app.people().privacy(&operator),
        app.people().privacy(&operator)
    );
    let first = first.unwrap();
    assert_eq!(first.policy, PrivacyPolicy::default());
    assert_eq!(first, second.unwrap());

    let policy = PrivacyPolicy {
        user: FieldMode::Hash,
        document: FieldMode::Extension,
        client: FieldMode::Drop,
        document_days: Some(30),
    };
    app.people().set_privacy(&operator, policy).await.unwrap();
    let key = first.key.clone();
    let set = app.people().privacy(&operator).await.unwrap();
    let names = NameRule::default();
    assert_eq!(set, Privacy { policy, key, names });
    let entries = app.operation().audit(&operator, 1).await.unwrap();
    assert_eq!(entries[0].action, "privacy.set");
    assert_eq!(
        entries[0].detail,
        "user hash, document extension for 30 days, client drop"
    );
}

#[tokio::test]
async fn what_cannot_be_followed_is_refused_in_words() {
    let place = Place::bare().await;
    let refused = async |policy: PrivacyPolicy| -> PrivacyError {
        let operator = place.operator();
        let set = place.app.people().set_privacy(&operator, policy).await;
        set.unwrap_err()
    };
    let user = PrivacyPolicy {
        user: FieldMode::Extension,
        ..PrivacyPolicy::default()
    };
    insta::assert_snapshot!(refused(user).await, @"user: extension is for documents; choose collect, drop or hash");
    let days = PrivacyPolicy {
        document_days: Some(0),
        ..PrivacyPolicy::default()
    };
    insta::assert_snapshot!(refused(days).await, @"document days: 0 keeps no title at all; drop them instead");
}
