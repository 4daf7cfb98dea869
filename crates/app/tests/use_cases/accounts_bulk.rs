use std::fmt::Write as _;
use std::time::Instant;

use platen_app::accounts::{
    AccountFilter, AccountSort, BULK_LINES_MAX, BulkLine, BulkMode, BulkResult, ImportLine,
    PageRequest, SubjectRef,
};
use platen_app::operation::idempotency::{Answered, Attempt, Once};
use platen_domain::account_access::{Verb, Verbs};
use platen_domain::account_limits::Limit;
use platen_domain::accounts::AccountRef;
use platen_domain::points::Points;
use platen_domain::print_users::{GroupRef, PrintUserDetails, UserRef};

use crate::accounts::{details, once, text};
use crate::place::Place;

fn code(code: &str) -> AccountRef {
    AccountRef::Code(code.to_owned())
}

fn account(own: &str, parent: Option<&str>) -> BulkLine {
    BulkLine::Account {
        details: details(own),
        parent: parent.map(code),
    }
}

fn limit(of: &str, points: i64) -> BulkLine {
    BulkLine::Limit {
        account: code(of),
        limit: Limit {
            points_per_user: Some(Points::whole(points)),
            ..Limit::default()
        },
    }
}

fn access(of: &str, subject: SubjectRef) -> BulkLine {
    BulkLine::Access {
        account: code(of),
        subject,
        verbs: Verbs::NONE.with(Verb::Charge),
    }
}

fn member(group: &str, user: &str) -> BulkLine {
    BulkLine::Member {
        group: group.to_owned(),
        user: UserRef::Name(user.to_owned()),
    }
}

fn lines() -> Vec<BulkLine> {
    let named = |name: &str| UserRef::Name(name.to_owned());
    let staff = || SubjectRef::Group(GroupRef::Name("staff".to_owned()));
    let ada = PrintUserDetails {
        name: "ada".to_owned(),
        email: Some("ada@example.org".to_owned()),
        ..PrintUserDetails::default()
    };
    vec![
        account("child", Some("TOP")),
        account("top", None),
        account("child", Some("TOP")),
        account("child", Some("top")),
        limit("child", 10),
        limit("child", -1),
        limit("none", 1),
        access("child", staff()),
        member("staff", "bob"),
        member("Staff", "Bob"),
        member("staff", "\n"),
        access("child", staff()),
        access("child", SubjectRef::User(named("ADA"))),
        BulkLine::User(ada.clone()),
        BulkLine::User(ada),
        BulkLine::Unreadable("expected an object".to_owned()),
    ]
}

fn told(result: &BulkResult) -> String {
    let mut told = String::new();
    for answer in &result.answers {
        let about = if answer.account.is_some() {
            "account"
        } else {
            "-"
        };
        match &answer.outcome {
            Ok(word) => writeln!(told, "{about} {word}").unwrap(),
            Err(refusal) => writeln!(told, "{about} failed: {refusal}").unwrap(),
        }
    }
    writeln!(told, "applied: {}", result.applied).unwrap();
    told
}

async fn codes(place: &Place) -> Vec<String> {
    let (all, sort) = (AccountFilter::default(), AccountSort::Code);
    let page = PageRequest {
        after: None,
        items: 100,
    };
    let listed = place
        .app
        .accounts()
        .list(&place.operator(), all, sort, page)
        .await;
    let accounts = listed.unwrap().items.into_iter();
    accounts.map(|account| account.details.code).collect()
}

#[tokio::test]
async fn each_line_is_done_or_refused_by_itself() {
    let place = Place::bare().await;
    let (app, operator) = (&place.app, place.operator());
    let all_or_nothing = BulkMode {
        all_or_nothing: true,
        ..BulkMode::default()
    };
    let dry_run = BulkMode {
        dry_run: true,
        ..BulkMode::default()
    };
    let mut answers = Vec::new();
    for mode in [all_or_nothing, dry_run] {
        let undone = app
            .accounts()
            .bulk(&operator, lines(), mode, once(told))
            .await
            .unwrap();
        assert!(codes(&place).await.is_empty(), "{mode:?}");
        answers.push(text(&undone));
    }
    assert_eq!(answers[0], answers[1]);
    assert_eq!(place.actions().await, ["organization.created"]);
    let done = app
        .accounts()
        .bulk(&operator, lines(), BulkMode::default(), once(told))
        .await;
    insta::assert_snapshot!(text(&done.unwrap()), @r"
    - failed: parent: there is no such account
    account created
    account created
    account unchanged
    account updated
    account failed: points_per_user: expected 0 to 1000000000 points
    - failed: there is no such account
    account failed: there is no such group
    - created
    - unchanged
    - failed: name: expected 1 to 255 characters, no control characters, no blanks at the ends and no two in a row
    account updated
    account updated
    - updated
    - unchanged
    - failed: line: expected an object
    applied: true
    ");
    assert!(!answers[0].contains("account created"));
    assert!(answers[0].ends_with("applied: false\n"));
    assert_eq!(codes(&place).await, ["child", "top"]);
    // Said again, it changes nothing more.
    let again = lines().into_iter().map(ImportLine::Bulk).collect();
    let again = app
        .accounts()
        .import(&operator, again, BulkMode::default(), drop);
    let again = again.await.unwrap();
    let changed = again
        .answers
        .iter()
        .filter(|a| matches!(a.outcome, Ok("created" | "updated")));
    assert_eq!(changed.count(), 0, "{}", told(&again));
}

#[tokio::test]
async fn a_retry_of_what_was_undone_is_told_the_same() {
    let place = Place::bare().await;
    let operator = place.operator();
    let mode = BulkMode {
        dry_run: true,
        ..BulkMode::default()
    };
    let mut seen = Vec::new();
    for _ in 0..2 {
        let attempt = Attempt {
            key: "k".to_owned(),
            request: [1; 32],
        };
        let answer = |result: &BulkResult| Answered {
            id: None,
            revision: None,
            document: told(result).into_bytes(),
            is_refused: false,
            replayed: false,
        };
        let asked =
            place
                .app
                .accounts()
                .bulk(&operator, lines(), mode, Once::new(Some(attempt), answer));
        seen.push(asked.await.unwrap());
    }
    assert_eq!(seen[0].document, seen[1].document);
    assert!(seen[1].replayed);
}

#[tokio::test]
async fn ten_thousand_lines_are_one_request() {
    let place = Place::bare().await;
    let operator = place.operator();
    let line = |number: usize| match number % 4 {
        0 => account(&format!("A-{number}"), None),
        1 => limit(&format!("A-{}", number - 1), 100),
        2 => access(&format!("A-{}", number - 2), SubjectRef::Everyone),
        _ => member("everybody", &format!("user {number}")),
    };
    let lines: Vec<_> = (0..BULK_LINES_MAX).map(line).collect();
    let begun = Instant::now();
    let counted = once(|result: &BulkResult| {
        let done = result
            .answers
            .iter()
            .filter(|answer| answer.outcome.is_ok());
        done.count().to_string()
    });
    let done = place
        .app
        .accounts()
        .bulk(&operator, lines, BulkMode::default(), counted);
    assert_eq!(text(&done.await.unwrap()), BULK_LINES_MAX.to_string());
    println!("{BULK_LINES_MAX} lines took {:?}", begun.elapsed());
    let more = vec![account("x", None); BULK_LINES_MAX + 1];
    let refused = place
        .app
        .accounts()
        .bulk(&operator, more, BulkMode::default(), once(told));
    insta::assert_snapshot!(refused.await.unwrap_err(), @"lines: expected 10000 at most in one request");
}
