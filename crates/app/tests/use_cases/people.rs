use std::time::Duration;

use platen_app::AppError;
use platen_app::access::links::LinkPurpose;
use platen_app::accounts::{BulkLine, BulkMode, ImportLine, PageRequest, PrintUserFilter};
use platen_app::operation::idempotency::Attempt;
use platen_app::printing::people::PersonError;
use platen_collect::joblog::record_json;
use platen_domain::person_names::NameRule;
use platen_domain::print_users::{PrintUser, PrintUserDetails, UserRef};
use platen_domain::privacy::{FieldMode, PrivacyPolicy};
use platen_domain::roles::Role;

use crate::accounts::keyed;
use crate::place::Place;

fn job(id: &str, user: &str, document: &str) -> platen_domain::print_jobs::PrintRecord {
    let line = format!(
        r#"{{"source":"t","id":"{id}","completed_at":"2023-01-02T03:04:05Z","user":"{user}","client":"{user}-pc","document":"{document}","impressions":2}}"#
    );
    record_json::decode(line.as_bytes()).unwrap()
}

async fn exported(place: &Place, name: &str) -> String {
    let mut export = place
        .app
        .people()
        .export_person(&place.operator(), name)
        .await
        .unwrap();
    let mut lines = Vec::new();
    while let Some(more) = export.next().await.unwrap() {
        lines.extend(more);
    }
    String::from_utf8(lines).unwrap()
}

#[tokio::test]
async fn a_person_is_exported_and_erased() {
    let place = Place::bare().await;
    let (app, operator) = (&place.app, place.operator());
    let jobs = vec![
        job("1", "Ada", "One"),
        job("2", "bob", "Two"),
        job("3", "ada", "Three"),
    ];
    app.printing()
        .take_in_print_jobs(&operator, jobs, None)
        .await
        .unwrap();
    app.printing().seal_closed_days().await.unwrap();
    let lines = exported(&place, " ADA ").await;
    assert_eq!(lines.lines().count(), 2);
    assert!(lines.contains("One") && lines.contains("Three") && !lines.contains("bob"));

    assert_eq!(
        app.people().erase_person(&operator, "ada").await.unwrap(),
        2
    );
    let again = app.people().erase_person(&operator, "ada").await;
    assert!(matches!(again, Err(PersonError::Unknown)));
    assert_eq!(exported(&place, "bob").await.lines().count(), 1);
    let actions = place.actions().await;
    let person: Vec<_> = actions
        .iter()
        .filter(|a| a.starts_with("person."))
        .collect();
    assert_eq!(
        person,
        ["person.exported", "person.erased", "person.exported"]
    );
    let log = app.operation().audit(&operator, 10).await.unwrap();
    assert!(
        log.iter()
            .all(|entry| !format!("{entry:?}").contains("ada"))
    );
}

#[tokio::test]
async fn what_accounts_know_of_a_person_is_exported_and_erased() {
    let place = Place::bare().await;
    let (app, operator) = (&place.app, place.operator());
    let ada = PrintUserDetails {
        name: "Ada".to_owned(),
        display_name: Some("Ada \"L\"".to_owned()),
        email: Some("ada@example.org".to_owned()),
        external_id: Some("4711".to_owned()),
        ..PrintUserDetails::default()
    };
    let member = BulkLine::Member {
        group: "Staff".to_owned(),
        user: UserRef::Name("ada".to_owned()),
    };
    let lines = [BulkLine::User(ada), member].map(ImportLine::Bulk);
    let known = app
        .accounts()
        .import(&operator, lines.into(), BulkMode::default(), drop);
    assert!(known.await.unwrap().applied);
    let profile = exported(&place, "ada").await;
    let (_, profile) = profile.split_once("\"name\"").unwrap();
    insta::assert_snapshot!(profile.trim(), @r#":"Ada","display_name":"Ada \"L\"","email":"ada@example.org","external_id":"4711","state":"active","groups":["Staff"]}}"#);

    // No job is needed: accounts know the person all the same.
    assert_eq!(
        app.people().erase_person(&operator, "ADA").await.unwrap(),
        0
    );
    let again = app.people().erase_person(&operator, "ada").await;
    assert!(matches!(again, Err(PersonError::Unknown)));
    let page = PageRequest {
        after: None,
        items: 10,
    };
    let all = PrintUserFilter::default();
    let users = app
        .print_users()
        .list(&operator, all, page.clone())
        .await
        .unwrap();
    let left = &users.items[0];
    let nobody = PrintUserDetails {
        name: left.details.name.clone(),
        ..PrintUserDetails::default()
    };
    assert!(left.details.name.starts_with("u-"));
    assert_eq!((&left.details, left.revision), (&nobody, 2));
    let groups = app.groups().list(&operator, None, page).await.unwrap();
    assert_eq!(groups.items[0].members, 0);
    let log = app.operation().audit(&operator, 10).await.unwrap();
    let log = format!("{log:?}").to_lowercase();
    assert!(!log.contains("ada") && !log.contains("4711"), "{log}");
}

#[tokio::test]
async fn no_answer_that_is_kept_names_an_erased_person() {
    let place = Place::bare().await;
    let (app, operator) = (&place.app, place.operator());
    let create = || {
        let attempt = Attempt {
            key: "k".to_owned(),
            request: [7; 32],
        };
        let ada = PrintUserDetails {
            name: "ada".to_owned(),
            email: Some("ada@example.org".to_owned()),
            ..PrintUserDetails::default()
        };
        let told = |user: &PrintUser| format!("{:?}", user.details);
        app.print_users()
            .create(&operator, ada, keyed(Some(attempt), told))
    };
    create().await.unwrap();
    assert!(create().await.unwrap().replayed);
    app.people().erase_person(&operator, "ada").await.unwrap();
    let made = create().await.unwrap();
    assert!(!made.replayed, "another Ada is made, who is new");
}

#[tokio::test]
async fn jobs_and_account_of_an_erased_person_share_a_name() {
    let place = Place::bare().await;
    let (app, operator) = (&place.app, place.operator());
    let jobs = vec![job("1", "ada", "One")];
    app.printing()
        .take_in_print_jobs(&operator, jobs, None)
        .await
        .unwrap();
    let ada = PrintUserDetails {
        name: "ada".to_owned(),
        ..PrintUserDetails::default()
    };
    let lines = vec![ImportLine::Bulk(BulkLine::User(ada))];
    let known = app
        .accounts()
        .import(&operator, lines, BulkMode::default(), drop);
    known.await.unwrap();
    assert_eq!(exported(&place, "ada").await.lines().count(), 2);
    assert_eq!(
        app.people().erase_person(&operator, "ada").await.unwrap(),
        1
    );
    let page = PageRequest {
        after: None,
        items: 10,
    };
    let users = app
        .print_users()
        .list(&operator, PrintUserFilter::default(), page);
    let name = users.await.unwrap().items.remove(0).details.name;
    let lines = exported(&place, &name).await;
    assert_eq!(lines.matches(&name).count(), 2, "{lines}");
}

#[tokio::test]
async fn a_person_is_found_by_the_pseudonym() {
    let place = Place::bare().await;
    let (app, operator) = (&place.app, place.operator());
    let key = app.people().privacy(&operator).await.unwrap().key;
    let mut record = job("1", "ada", "One");
    let policy = PrivacyPolicy {
        user: FieldMode::Hash,
        ..PrivacyPolicy::default()
    };
    platen_collect::privacy::apply(&policy, &key, &NameRule::default(), &mut record);
    app.printing()
        .take_in_print_jobs(&operator, vec![record], None)
        .await
        .unwrap();
    assert_eq!(exported(&place, "Ada").await.lines().count(), 1);
    assert_eq!(
        app.people().erase_person(&operator, "Ada").await.unwrap(),
        1
    );
}

#[tokio::test]
async fn only_who_manages_privacy_may() {
    let place = Place::bare().await;
    let operator = place.operator();
    let grace = place
        .app
        .access()
        .create_user(&operator, "grace", Role::ItAdministrator);
    let grace = grace.await.unwrap();
    let (purpose, hour) = (LinkPurpose::SignIn, Duration::from_hours(1));
    let organization = place.organization.id;
    let link = place
        .app
        .access()
        .create_link(purpose, organization, Some(grace.id), hour);
    let session = place
        .app
        .access()
        .sign_in_with_link(link.await.unwrap().expose())
        .await;
    let scope = place.context(&session.unwrap()).await.unwrap().scope;
    let refused = place.app.people().export_person(&scope, "ada").await.err();
    assert!(matches!(
        refused,
        Some(PersonError::Unavailable(AppError::Forbidden))
    ));
    let refused = place.app.people().erase_person(&scope, "ada").await;
    assert!(matches!(
        refused,
        Err(PersonError::Unavailable(AppError::Forbidden))
    ));
}

#[tokio::test]
async fn titles_go_after_their_days() {
    let place = Place::bare().await;
    let (app, operator) = (&place.app, place.operator());
    let jobs = vec![job("1", "ada", "One")];
    app.printing()
        .take_in_print_jobs(&operator, jobs, None)
        .await
        .unwrap();
    assert_eq!(app.operation().clear_away().await.unwrap(), 0);
    let policy = PrivacyPolicy {
        document_days: Some(1),
        ..PrivacyPolicy::default()
    };
    app.people().set_privacy(&operator, policy).await.unwrap();
    assert_eq!(app.operation().clear_away().await.unwrap(), 1);
    assert!(exported(&place, "ada").await.contains(r#""Document":null"#));
    assert_eq!(app.operation().clear_away().await.unwrap(), 0);
}
