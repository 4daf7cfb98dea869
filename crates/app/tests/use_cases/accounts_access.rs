use platen_app::accounts::{
    Access, AccountsRefusal, MEMBERS_PER_REQUEST_MAX, Page, PageRequest, PrintUserFilter,
    SubjectLabel, SubjectRef,
};
use platen_domain::account_access::{ACCESS_ENTRIES_MAX, Verb, Verbs};
use platen_domain::ids::{GroupId, PrintUserId};
use platen_domain::print_users::{
    Group, GroupDetails, GroupRef, PrintUser, PrintUserDetails, PrintUserState, UserRef,
};
use platen_domain::privacy::{FieldMode, PrivacyPolicy};

use crate::accounts::{created, details, once, table, text};
use crate::place::Place;

const FIRST: PageRequest = PageRequest {
    after: None,
    items: 100,
};

fn named(name: &str) -> UserRef {
    UserRef::Name(name.to_owned())
}

fn user(name: &str) -> SubjectRef {
    SubjectRef::User(named(name))
}

fn group(name: &str) -> SubjectRef {
    SubjectRef::Group(GroupRef::Name(name.to_owned()))
}

fn verbs<const N: usize>(verbs: [Verb; N]) -> Verbs {
    verbs.into_iter().collect()
}

async fn created_group(place: &Place, name: &str) -> Result<GroupId, AccountsRefusal> {
    let details = GroupDetails {
        name: name.to_owned(),
        external_id: Some(format!("ext {}", name.to_lowercase())),
    };
    let told = once(|group: &Group| group.id.to_string());
    let operator = place.operator();
    let answered = place.app.groups().create(&operator, details, told);
    Ok(text(&answered.await?).parse().unwrap())
}

async fn created_user(
    place: &Place,
    details: PrintUserDetails,
) -> Result<PrintUserId, AccountsRefusal> {
    let told = once(|user: &PrintUser| user.id.to_string());
    let operator = place.operator();
    let answered = place.app.print_users().create(&operator, details, told);
    Ok(text(&answered.await?).parse().unwrap())
}

fn called(name: &str) -> PrintUserDetails {
    PrintUserDetails {
        name: name.to_owned(),
        ..PrintUserDetails::default()
    }
}

async fn user_names(place: &Place) -> Vec<String> {
    let all = PrintUserFilter::default();
    let users = place
        .app
        .print_users()
        .list(&place.operator(), all, FIRST)
        .await;
    let Page { items, next } = users.unwrap();
    assert_eq!(next, None);
    items.into_iter().map(|user| user.details.name).collect()
}

/// An access list in one line.
fn told(access: &Access) -> String {
    let entry = |(subject, verbs): &(SubjectLabel, Verbs)| {
        let subject = match subject {
            SubjectLabel::Everyone => "everyone".to_owned(),
            SubjectLabel::Group { name, .. } => format!("group {name}"),
            SubjectLabel::User(label) => format!("user {}", label.name),
        };
        let verbs: Vec<_> = verbs.iter().map(Verb::keyword).collect();
        format!("{subject} {}", verbs.join("+"))
    };
    let entries: Vec<_> = access.entries.iter().map(entry).collect();
    format!("{}: {}", access.revision, entries.join(", "))
}

#[tokio::test]
async fn access_is_set_by_entry_and_as_a_whole() {
    let place = Place::bare().await;
    let (app, operator) = (&place.app, place.operator());
    let id = created(&place, details("BIO")).await.unwrap().id;
    created_group(&place, "Staff").await.unwrap();
    let set = |subject, verbs| {
        app.accounts()
            .set_access(&operator, id, subject, verbs, None)
    };
    let (charge, both) = (verbs([Verb::Charge]), verbs([Verb::Charge, Verb::Manage]));
    let mut steps = Vec::new();
    for (subject, verbs) in [
        (user("Zoe"), charge),
        (group("staff"), both),
        (group("staff"), both),
        (user("ada"), charge),
        (user("ZOE"), both),
        (user("nobody"), Verbs::NONE),
        (user("ada"), Verbs::NONE),
        (SubjectRef::Everyone, charge),
    ] {
        steps.push(told(&set(subject, verbs).await.unwrap()));
    }
    insta::assert_snapshot!(steps.join("\n"), @r"
    2: user Zoe charge
    3: group Staff charge+manage, user Zoe charge
    3: group Staff charge+manage, user Zoe charge
    4: group Staff charge+manage, user ada charge, user Zoe charge
    5: group Staff charge+manage, user ada charge, user Zoe charge+manage
    5: group Staff charge+manage, user ada charge, user Zoe charge+manage
    6: group Staff charge+manage, user Zoe charge+manage
    7: everyone charge, group Staff charge+manage, user Zoe charge+manage
    ");
    assert_eq!(user_names(&place).await, ["ada", "Zoe"]);

    let replace = |entries, expected| {
        app.accounts()
            .replace_access(&operator, id, entries, expected)
    };
    let whole = || vec![(user("bob"), charge), (group("STAFF"), charge)];
    let late = replace(whole(), Some(5)).await;
    assert!(matches!(late, Err(AccountsRefusal::Changed)));
    for _ in 0..2 {
        let replaced = replace(whole(), None).await.unwrap();
        insta::allow_duplicates! {
            insta::assert_snapshot!(told(&replaced), @"8: group Staff charge, user bob charge");
        }
    }
    let many = (0..=ACCESS_ENTRIES_MAX).map(|n| (user(&n.to_string()), charge));
    let refused = [
        ("many", replace(many.collect(), None).await),
        (
            "twice",
            replace(vec![(user("bob"), charge), (user("BOB"), both)], None).await,
        ),
        ("group", set(group("none"), charge).await),
        ("user", set(user(" x"), charge).await),
        (
            "identifier",
            set(
                SubjectRef::User(UserRef::Id(PrintUserId::from_bytes([1; 16]))),
                charge,
            )
            .await,
        ),
    ];
    insta::assert_snapshot!(table(refused), @r"
    many: entries: expected 1000 at most: name more by a group
    twice: entries: name each subject once
    group: there is no such group
    user: name: expected 1 to 255 characters, no control characters, no blanks at the ends and no two in a row
    identifier: there is no such user
    ");
    assert_eq!(
        user_names(&place).await,
        ["ada", "bob", "Zoe"],
        "a refusal makes nobody known"
    );
    let log = app.operation().audit(&operator, 100).await.unwrap();
    let details = log
        .iter()
        .map(|entry| format!("{} {}", entry.object, entry.detail));
    assert!(!details.collect::<String>().to_lowercase().contains("zoe"));
}

#[tokio::test]
async fn access_lists_have_an_end() {
    let place = Place::bare().await;
    let (app, operator) = (&place.app, place.operator());
    let id = created(&place, details("BIO")).await.unwrap().id;
    let charge = verbs([Verb::Charge]);
    let full = (0..ACCESS_ENTRIES_MAX).map(|n| (user(&n.to_string()), charge));
    let replaced = app
        .accounts()
        .replace_access(&operator, id, full.collect(), None);
    assert_eq!(replaced.await.unwrap().entries.len(), ACCESS_ENTRIES_MAX);
    let more = app
        .accounts()
        .set_access(&operator, id, user("x"), charge, None)
        .await;
    assert!(matches!(
        more,
        Err(AccountsRefusal::TooMany("access entries"))
    ));
    let view = verbs([Verb::View]);
    let other = app
        .accounts()
        .set_access(&operator, id, user("7"), view, None)
        .await;
    assert_eq!(other.unwrap().entries.len(), ACCESS_ENTRIES_MAX);
}

#[tokio::test]
async fn users_that_will_not_do_are_refused_by_field() {
    let place = Place::bare().await;
    let (app, operator) = (&place.app, place.operator());
    let mut ada = called("Ada");
    ada.external_id = Some("4711".to_owned());
    let id = created_user(&place, ada.clone()).await.unwrap();
    let mut refused = Vec::new();
    for (what, details) in [
        ("no name", called("")),
        ("name of another", called("ADA")),
        ("identifier", called(&id.to_string())),
        (
            "external id of another",
            PrintUserDetails {
                external_id: Some("4711".to_owned()),
                ..called("x")
            },
        ),
        (
            "e-mail",
            PrintUserDetails {
                email: Some("x".repeat(255)),
                ..called("x")
            },
        ),
        (
            "display name",
            PrintUserDetails {
                display_name: Some("a\nb".to_owned()),
                ..called("x")
            },
        ),
    ] {
        refused.push((what, created_user(&place, details).await));
    }
    insta::assert_snapshot!(table(refused), @r"
    no name: name: expected 1 to 255 characters, no control characters, no blanks at the ends and no two in a row
    name of another: name: another one has this value already
    identifier: name: a UUID would be taken for an identifier; expected another name
    external id of another: external_id: another one has this value already
    e-mail: email: expected 1 to 254 characters, no control characters, no blanks at the ends and no two in a row
    display name: display_name: expected 1 to 255 characters, no control characters, no blanks at the ends and no two in a row
    ");

    ada.state = PrintUserState::Suspended;
    for _ in 0..2 {
        let updated = app.print_users().update(&operator, id, ada.clone(), None);
        assert_eq!(updated.await.unwrap().revision, 2);
    }
    let late = app
        .print_users()
        .update(&operator, id, called("x"), Some(1))
        .await;
    assert!(matches!(late, Err(AccountsRefusal::Changed)));
    let read = app.print_users().get(&operator, id).await.unwrap();
    assert_eq!(read.details, ada);
    app.print_users()
        .delete(&operator, id, Some(2))
        .await
        .unwrap();
    let gone = app.print_users().get(&operator, id).await;
    assert!(matches!(gone, Err(AccountsRefusal::NotFound("user"))));
    let expected = [
        "print-user.created",
        "print-user.updated",
        "print-user.deleted",
    ];
    assert_eq!(place.actions().await[1..], expected);
}

#[tokio::test]
async fn groups_count_their_members_and_their_changes() {
    let place = Place::bare().await;
    let (groups, operator) = (place.app.groups(), place.operator());
    let id = created_group(&place, "Staff").await.unwrap();
    let members = |names: &[&str]| names.iter().map(|name| named(name)).collect::<Vec<_>>();
    let counted = |group: &Group| format!("{} members, revision {}", group.members, group.revision);
    let mut steps = Vec::new();
    for names in [["ada", "bob"], ["Ada", "carl"], ["ada", "bob"]] {
        let told = once(move |group: &Group| counted(group));
        let added = groups.add_members(&operator, id, members(&names), None, told);
        steps.push(text(&added.await.unwrap()));
    }
    for names in [&["dora"][..], &["DORA"], &["ada", "dora"]] {
        let replaced = groups.replace_members(&operator, id, members(names), None);
        steps.push(counted(&replaced.await.unwrap()));
    }
    insta::assert_snapshot!(steps.join("\n"), @r"
    2 members, revision 2
    3 members, revision 3
    3 members, revision 3
    1 members, revision 4
    1 members, revision 4
    2 members, revision 5
    ");
    let page = groups.members(&operator, id, FIRST).await.unwrap();
    let names: Vec<_> = page.items.iter().map(|label| label.name.as_str()).collect();
    assert_eq!(names, ["ada", "dora"]);
    let ada = page.items[0].id;
    groups
        .remove_member(&operator, id, ada, None)
        .await
        .unwrap();

    let renamed = GroupDetails {
        name: "All staff".to_owned(),
        external_id: None,
    };
    for _ in 0..2 {
        let updated = groups.update(&operator, id, renamed.clone(), None);
        assert_eq!(counted(&updated.await.unwrap()), "1 members, revision 7");
    }
    created_group(&place, "Choir").await.unwrap();
    let too_many = vec![named("x"); MEMBERS_PER_REQUEST_MAX + 1];
    let refused = [
        ("gone", groups.remove_member(&operator, id, ada, None).await),
        ("name", created_group(&place, "all STAFF").await.map(drop)),
        (
            "external id",
            created_group(&place, "CHOIR").await.map(drop),
        ),
        (
            "late",
            groups
                .update(&operator, id, GroupDetails::default(), Some(1))
                .await
                .map(drop),
        ),
        (
            "no name",
            groups
                .update(&operator, id, GroupDetails::default(), None)
                .await
                .map(drop),
        ),
        (
            "many",
            groups
                .replace_members(&operator, id, too_many, None)
                .await
                .map(drop),
        ),
        (
            "member",
            groups
                .replace_members(&operator, id, members(&["new", ""]), None)
                .await
                .map(drop),
        ),
        ("late", groups.delete(&operator, id, Some(1)).await),
    ];
    insta::assert_snapshot!(table(refused), @r"
    gone: there is no such user
    name: name: another one has this value already
    external id: name: another one has this value already
    late: it was changed in the meantime: read it again and repeat the change on what it is now
    no name: name: expected 1 to 255 characters, no control characters, no blanks at the ends and no two in a row
    many: members: expected 10000 at most in one request
    member: name: expected 1 to 255 characters, no control characters, no blanks at the ends and no two in a row
    late: it was changed in the meantime: read it again and repeat the change on what it is now
    ");
    groups.delete(&operator, id, Some(7)).await.unwrap();
    let listed = groups.list(&operator, None, FIRST).await.unwrap().items;
    assert_eq!(listed.len(), 1);
    assert_eq!(user_names(&place).await, ["ada", "bob", "carl", "dora"]);
}

#[tokio::test]
async fn where_names_are_hashed_users_are_found_by_what_jobs_carry() {
    let place = Place::bare().await;
    let (app, operator) = (&place.app, place.operator());
    let ada = created_user(&place, called("ada")).await.unwrap();
    let policy = |user| PrivacyPolicy {
        user,
        ..PrivacyPolicy::default()
    };
    app.people()
        .set_privacy(&operator, policy(FieldMode::Hash))
        .await
        .unwrap();
    let key = app.people().privacy(&operator).await.unwrap().key;
    let pseudonym = |name: &str| {
        let field = platen_collect::privacy::PersonalField::User;
        platen_collect::privacy::pseudonym(&key, field, name)
    };
    let bob = created_user(&place, called("Bob")).await.unwrap();
    let met = created_user(&place, called(&pseudonym("carl")))
        .await
        .unwrap();
    let by_job_name = |name: String| {
        let scope = operator.clone();
        let found = app
            .store()
            .read(move |r| r.print_user_by_job_name(&scope, &name));
        async move { found.await.unwrap().map(|user| user.id) }
    };
    for (name, id) in [("ada", ada), ("bob", bob), ("carl", met)] {
        assert_eq!(by_job_name(pseudonym(name)).await, Some(id), "{name}");
    }
    let taken = created_user(&place, called("carl")).await;
    assert!(matches!(taken, Err(AccountsRefusal::Taken("name"))));
    let account = created(&place, details("BIO")).await.unwrap().id;
    let charge = verbs([Verb::Charge]);
    let set = app
        .accounts()
        .set_access(&operator, account, user("carl"), charge, None);
    let access = set.await.unwrap();
    let (SubjectLabel::User(label), _) = &access.entries[0] else {
        panic!("{access:?}")
    };
    assert_eq!(label.id, met);

    app.people()
        .set_privacy(&operator, policy(FieldMode::Collect))
        .await
        .unwrap();
    for (name, id) in [("ada", ada), ("bob", bob)] {
        assert_eq!(by_job_name(name.to_owned()).await, Some(id), "{name}");
    }
}
