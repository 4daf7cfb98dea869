use std::fmt::Write as _;
use std::time::Duration;

use platen_app::AppError;
use platen_app::accounts::{AccountFilter, AccountSort, AccountsRefusal, Page, PageRequest};
use platen_app::operation::idempotency::{Answered, Attempt, Once};
use platen_domain::account_limits::{Limit, Period};
use platen_domain::accounts::{Account, AccountDetails, AccountState, DEPTH_MAX};
use platen_domain::ids::AccountId;
use platen_domain::points::Points;

use crate::place::Place;

/// A request that is answered with what `told` makes of its result.
pub(crate) fn once<T>(told: impl Fn(&T) -> String + Send + Sync + 'static) -> Once<T> {
    keyed(None, told)
}

/// The same for a request that may be sent twice.
pub(crate) fn keyed<T>(
    attempt: Option<Attempt>,
    told: impl Fn(&T) -> String + Send + Sync + 'static,
) -> Once<T> {
    Once::new(attempt, move |value| Answered {
        id: None,
        revision: None,
        document: told(value).into_bytes(),
        is_refused: false,
        replayed: false,
    })
}

pub(crate) fn text(answered: &Answered) -> String {
    String::from_utf8(answered.document.clone()).unwrap()
}

pub(crate) fn details(code: &str) -> AccountDetails {
    AccountDetails {
        code: code.to_owned(),
        name: format!("Account {code}"),
        ..AccountDetails::default()
    }
}

pub(crate) async fn created(
    place: &Place,
    details: AccountDetails,
) -> Result<Account, AccountsRefusal> {
    let told = once(|account: &Account| account.id.to_string());
    let answered = place
        .app
        .accounts()
        .create(&place.operator(), details, told)
        .await?;
    let id = text(&answered).parse().unwrap();
    place.app.accounts().get(&place.operator(), id).await
}

/// What people are told of every refusal.
pub(crate) fn table<T>(
    refused: impl IntoIterator<Item = (&'static str, Result<T, AccountsRefusal>)>,
) -> String {
    let mut table = String::new();
    for (what, refused) in refused {
        let told = refused
            .err()
            .map_or_else(|| "done".to_owned(), |e| e.to_string());
        writeln!(table, "{what}: {told}").unwrap();
    }
    table
}

fn first(items: u32) -> PageRequest {
    PageRequest { after: None, items }
}

#[tokio::test]
async fn details_that_will_not_do_are_refused_by_field() {
    let place = Place::bare().await;
    let operator = place.operator();
    let mut first = details("BIO");
    first.external_id = Some("ext".to_owned());
    created(&place, first).await.unwrap();
    let with = |change: fn(&mut AccountDetails)| {
        let mut details = details("new");
        change(&mut details);
        details
    };
    let mut refused = Vec::new();
    for (what, details) in [
        ("no code", with(|d| d.code = String::new())),
        ("long code", with(|d| d.code = "x".repeat(65))),
        ("blank end", with(|d| d.code = "x ".to_owned())),
        ("control character", with(|d| d.code = "a\u{7}".to_owned())),
        (
            "identifier",
            with(|d| d.code = AccountId::from_bytes([1; 16]).to_string()),
        ),
        ("code of another", with(|d| d.code = "bio".to_owned())),
        ("long name", with(|d| d.name = "x".repeat(256))),
        (
            "override",
            with(|d| d.description = Some("a\u{202E}b".to_owned())),
        ),
        (
            "external id of another",
            with(|d| d.external_id = Some("ext".to_owned())),
        ),
        (
            "many tags",
            with(|d| d.tags = (0..21).map(|n| n.to_string()).collect()),
        ),
        ("empty tag", with(|d| d.tags = [String::new()].into())),
        (
            "days",
            with(|d| {
                d.valid_from = "2026-09-02".parse().ok();
                d.valid_until = "2026-09-01".parse().ok();
            }),
        ),
        (
            "parent",
            with(|d| d.parent = Some(AccountId::from_bytes([1; 16]))),
        ),
    ] {
        refused.push((what, created(&place, details).await));
    }
    insta::assert_snapshot!(table(refused), @r"
    no code: code: expected 1 to 64 characters, no control characters, no blanks at the ends and no two in a row
    long code: code: expected 1 to 64 characters, no control characters, no blanks at the ends and no two in a row
    blank end: code: expected 1 to 64 characters, no control characters, no blanks at the ends and no two in a row
    control character: code: expected 1 to 64 characters, no control characters, no blanks at the ends and no two in a row
    identifier: code: a UUID would be taken for an identifier; expected another name
    code of another: code: another one has this value already
    long name: name: expected 1 to 255 characters, no control characters, no blanks at the ends and no two in a row
    override: description: expected 1 to 1000 characters, no control characters
    external id of another: external_id: another one has this value already
    many tags: tags: expected 20 at most
    empty tag: tags: expected 1 to 64 characters, no control characters, no blanks at the ends and no two in a row
    days: valid_until: lies before valid_from
    parent: parent: there is no such account
    ");
    let listed = place.app.accounts().list(
        &operator,
        AccountFilter::default(),
        AccountSort::Code,
        self::first(9),
    );
    assert_eq!(
        listed.await.unwrap().items.len(),
        1,
        "nothing is half applied"
    );
}

#[tokio::test]
async fn accounts_stand_below_each_other_without_a_circle() {
    let place = Place::bare().await;
    let (app, operator) = (&place.app, place.operator());
    let mut line: Vec<Account> = Vec::new();
    let below = |code: &str, parent: Option<&Account>| AccountDetails {
        parent: parent.map(|parent| parent.id),
        ..details(code)
    };
    for number in 1..=DEPTH_MAX {
        let next = below(&format!("level {number}"), line.last());
        line.push(created(&place, next).await.unwrap());
    }
    let update =
        |account: &Account, details| app.accounts().update(&operator, account.id, details, None);
    let other = created(&place, details("other")).await.unwrap();
    let under = created(&place, below("under", Some(&other))).await.unwrap();
    let archived = AccountDetails {
        state: AccountState::Archived,
        ..details("old")
    };
    let archived = created(&place, archived).await.unwrap();
    let refused = [
        (
            "too deep",
            created(&place, below("too deep", line.last())).await,
        ),
        (
            "with what is below",
            update(&other, below("other", Some(&line[DEPTH_MAX - 2]))).await,
        ),
        (
            "circle",
            update(&line[0], below("level 1", line.last())).await,
        ),
        ("itself", update(&other, below("other", Some(&other))).await),
        (
            "archived",
            created(&place, below("new", Some(&archived))).await,
        ),
    ];
    insta::assert_snapshot!(table(refused), @r"
    too deep: parent: accounts stand in 8 levels at most
    with what is below: parent: accounts stand in 8 levels at most
    circle: parent: stands below this account itself
    itself: parent: stands below this account itself
    archived: parent: is archived: nothing new stands below it
    ");
    update(&under, below("under", Some(&line[DEPTH_MAX - 2])))
        .await
        .unwrap();

    let destroyed = app.accounts().delete(&operator, line[0].id, None).await;
    insta::assert_snapshot!(destroyed.unwrap_err(), @"accounts stand below this one: move or delete them first");
    app.accounts()
        .delete(&operator, under.id, None)
        .await
        .unwrap();
    let gone = app.accounts().get(&operator, under.id).await;
    assert!(matches!(gone, Err(AccountsRefusal::NotFound("account"))));
}

#[tokio::test]
async fn revisions_count_what_changed_and_nothing_else() {
    let place = Place::bare().await;
    let (app, operator) = (&place.app, place.operator());
    let account = created(&place, details("BIO")).await.unwrap();
    let limit = Limit {
        points_per_user: Some(Points::whole(100)),
        period: Period::Monthly(1),
        ..Limit::default()
    };
    place.clock.advance(Duration::from_secs(1));
    let same = app
        .accounts()
        .update(&operator, account.id, account.details.clone(), None);
    assert_eq!(same.await.unwrap(), account);
    for _ in 0..2 {
        let set = app
            .accounts()
            .set_limit(&operator, account.id, limit.clone(), None);
        assert_eq!(set.await.unwrap(), (limit.clone(), 2));
    }
    let other = details("bio");
    let late = app
        .accounts()
        .update(&operator, account.id, other.clone(), Some(1));
    assert!(matches!(late.await, Err(AccountsRefusal::Changed)));
    let late = app
        .accounts()
        .set_limit(&operator, account.id, Limit::default(), Some(1));
    assert!(matches!(late.await, Err(AccountsRefusal::Changed)));
    let late = app.accounts().delete(&operator, account.id, Some(1));
    assert!(matches!(late.await, Err(AccountsRefusal::Changed)));
    let updated = app
        .accounts()
        .update(&operator, account.id, other.clone(), Some(2));
    let updated = updated.await.unwrap();
    assert_eq!((updated.revision, &updated.details), (3, &other));
    assert_eq!(
        updated.updated_at.since(account.created_at),
        Duration::from_secs(1)
    );
    app.accounts()
        .delete(&operator, account.id, Some(3))
        .await
        .unwrap();
    let expected = [
        "organization.created",
        "account.created",
        "limit.set",
        "account.updated",
        "account.deleted",
    ];
    assert_eq!(place.actions().await, expected);
    let log = app.operation().audit(&operator, 3).await.unwrap();
    assert_eq!(log[2].object, "BIO");
    assert_eq!(log[2].detail, "100 points a user, monthly");
}

#[tokio::test]
async fn a_retry_creates_nothing_more() {
    let place = Place::bare().await;
    let operator = place.operator();
    let attempt = Attempt {
        key: "k".to_owned(),
        request: [1; 32],
    };
    let mut seen = Vec::new();
    for _ in 0..2 {
        let told = keyed(Some(attempt.clone()), |a: &Account| a.id.to_string());
        let answered = place.app.accounts().create(&operator, details("BIO"), told);
        seen.push(answered.await.unwrap());
    }
    assert_eq!(seen[0].document, seen[1].document);
    assert_eq!([seen[0].replayed, seen[1].replayed], [false, true]);
}

#[tokio::test]
async fn a_list_shows_every_account_once_while_others_arrive() {
    let place = Place::bare().await;
    let (app, operator) = (&place.app, place.operator());
    for code in ["d", "b", "f"] {
        created(&place, details(code)).await.unwrap();
    }
    let mut arrivals = ["c", "a", "e", "g"].into_iter();
    let (mut seen, mut page) = (Vec::new(), first(1));
    loop {
        let all = AccountFilter::default();
        let Page { items, next } = app
            .accounts()
            .list(&operator, all, AccountSort::Code, page)
            .await
            .unwrap();
        seen.extend(items.into_iter().map(|account| account.details.code));
        if let Some(code) = arrivals.next() {
            created(&place, details(code)).await.unwrap();
        }
        let Some(after) = next else { break };
        page = PageRequest {
            after: Some(after),
            items: 1,
        };
    }
    assert_eq!(seen, ["b", "c", "d", "e", "f", "g"]);
    let listed = app.accounts().list(
        &operator,
        AccountFilter::default(),
        AccountSort::Code,
        first(1),
    );
    let after = listed.await.unwrap().next;
    let elsewhere = PageRequest { after, items: 1 };
    let refused = [
        (
            "other order",
            app.accounts()
                .list(
                    &operator,
                    AccountFilter::default(),
                    AccountSort::Name,
                    elsewhere.clone(),
                )
                .await
                .map(drop),
        ),
        (
            "other list",
            app.groups()
                .list(&operator, None, elsewhere)
                .await
                .map(drop),
        ),
        (
            "nothing",
            app.groups().list(&operator, None, first(0)).await.map(drop),
        ),
    ];
    insta::assert_snapshot!(table(refused), @r"
    other order: cursor: expected the cursor of a page of this list, in this order
    other list: cursor: expected the cursor of a page of this list, in this order
    nothing: limit: expected 1 to 1000 items a page
    ");
}

#[tokio::test]
async fn accounts_stay_within_their_organization() {
    let place = Place::bare().await;
    let app = &place.app;
    let account = created(&place, details("BIO")).await.unwrap();
    let stranger = app
        .access()
        .add_organization("Contoso", "Europe/Berlin")
        .await;
    let stranger = app.access().operator(stranger.unwrap().id);
    let refused = [
        (
            "read",
            app.accounts().get(&stranger, account.id).await.map(drop),
        ),
        (
            "update",
            app.accounts()
                .update(&stranger, account.id, details("x"), None)
                .await
                .map(drop),
        ),
        (
            "delete",
            app.accounts().delete(&stranger, account.id, None).await,
        ),
        (
            "limit",
            app.accounts()
                .set_limit(&stranger, account.id, Limit::default(), None)
                .await
                .map(drop),
        ),
        (
            "access",
            app.accounts().access(&stranger, account.id).await.map(drop),
        ),
    ];
    insta::assert_snapshot!(table(refused), @r"
    read: there is no such account
    update: there is no such account
    delete: there is no such account
    limit: there is no such account
    access: there is no such account
    ");
    let told = once(|account: &Account| account.id.to_string());
    let collector = app
        .access()
        .create_enrolment_code(&place.operator(), "")
        .await
        .unwrap();
    let (_, credential) = app
        .access()
        .enrol(collector.expose(), "site")
        .await
        .unwrap();
    let collector = app
        .access()
        .authenticate_collector(credential.expose())
        .await
        .unwrap();
    let refused = app.accounts().create(&collector, details("x"), told).await;
    assert!(matches!(
        refused,
        Err(AccountsRefusal::Unavailable(AppError::Forbidden))
    ));
    let refused = app.accounts().get(&collector, account.id).await;
    assert!(matches!(
        refused,
        Err(AccountsRefusal::Unavailable(AppError::Forbidden))
    ));
}
