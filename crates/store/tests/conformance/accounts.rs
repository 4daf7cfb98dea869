//! Accounts.

use std::collections::BTreeSet;

use platen_domain::account_limits::Limit;
use platen_domain::accounts::{
    Account, AccountFilter, AccountRef, AccountSort, AccountState, DEPTH_MAX,
};
use platen_domain::ids::AccountId;
use platen_domain::scope::Scope;
use platen_store::{Place, Store, StoreError};

use crate::samples::{account, add_account, at, founded};

crate::conformance!(
    accounts_read_back_under_each_of_their_names,
    codes_and_external_ids_are_unique_within_an_organization,
    lines_of_parents_are_followed_to_their_ends,
    every_order_pages_through_every_account_once,
    filters_add_up,
    a_deleted_account_leaves_nothing,
);

async fn by_ref(store: &Store, scope: &Scope, named: impl Into<AccountRef>) -> Option<Account> {
    let (scope, named) = (scope.clone(), named.into());
    let read = store.read(move |r| r.account(&scope, &named));
    read.await.unwrap().map(|(account, _)| account)
}

fn full(number: u8, code: &str) -> Account {
    let mut full = account(number, code, "Biology 101");
    let details = &mut full.details;
    details.description = Some("First year".to_owned());
    details.external_id = Some(format!("ext-{number}"));
    details.valid_from = "2026-09-01".parse().ok();
    details.valid_until = "9999-12-31".parse().ok();
    details.state = AccountState::Suspended;
    details.tags = ["b", "a c"].map(str::to_owned).into();
    full
}

async fn accounts_read_back_under_each_of_their_names(store: &Store) {
    let scope = founded(store, 1).await;
    assert_eq!(by_ref(store, &scope, account(1, "", "").id).await, None);
    let top = account(1, "BIO", "Biology");
    let mut child = full(2, "Straße-1");
    child.details.parent = Some(top.id);
    for account in [&top, &child] {
        add_account(store, &scope, account).await;
    }
    assert_eq!(by_ref(store, &scope, top.id).await, Some(top.clone()));
    let code = AccountRef::Code("STRAßE-1".to_owned());
    assert_eq!(by_ref(store, &scope, code).await, Some(child.clone()));
    let within = scope.clone();
    let called = store.read(move |r| r.account_called(&within, "ext-2"));
    assert_eq!(called.await.unwrap(), Some(child.id));

    child.details = account(2, "other", "Other").details;
    child.revision = 2;
    child.updated_at = at(60);
    let (within, changed) = (scope.clone(), child.clone());
    let updated = store.write(move |w| w.update_account(&within, &changed));
    updated.await.unwrap();
    assert_eq!(by_ref(store, &scope, child.id).await, Some(child.clone()));
    let (within, id) = (scope.clone(), child.id);
    let touched = store.write(move |w| w.touch_account(&within, id, at(70)));
    assert_eq!(touched.await.unwrap(), 3);

    let other = founded(store, 2).await;
    assert_eq!(by_ref(store, &other, child.id).await, None);
    let refused = store.write(move |w| w.update_account(&other, &child)).await;
    assert!(matches!(refused, Err(StoreError::NotFound("account"))));
}

async fn codes_and_external_ids_are_unique_within_an_organization(store: &Store) {
    let (one, two) = (founded(store, 1).await, founded(store, 2).await);
    add_account(store, &one, &full(1, "A")).await;
    let mut same_external = account(3, "c", "");
    same_external.details.external_id = full(1, "").details.external_id;
    for second in [account(2, "a", ""), same_external] {
        let scope = one.clone();
        let refused = store.write(move |w| w.insert_account(&scope, &second, &Limit::default()));
        assert!(matches!(
            refused.await,
            Err(StoreError::Conflict("account"))
        ));
    }
    let mut theirs = full(1, "a");
    theirs.id = AccountId::from_bytes([9; 16]);
    add_account(store, &two, &theirs).await;
    let counted = store.read(move |r| Ok([r.count_accounts(&one)?, r.count_accounts(&two)?]));
    assert_eq!(counted.await.unwrap(), [1, 1]);
}

async fn lines_of_parents_are_followed_to_their_ends(store: &Store) {
    let scope = founded(store, 1).await;
    let mut above = Vec::new();
    for number in 1..=6 {
        let mut next = account(number, &number.to_string(), "");
        next.details.parent = above.last().copied();
        add_account(store, &scope, &next).await;
        above.push(next.id);
    }
    let lowest = above.pop().unwrap();
    let top = above.first().copied().unwrap();
    let seen = store.read(move |r| {
        let lines = [lowest, top].map(|id| r.accounts_above(&scope, id).unwrap());
        let levels = [lowest, top].map(|id| r.levels_below(&scope, id).unwrap());
        Ok((lines, levels))
    });
    let (lines, levels) = seen.await.unwrap();
    above.reverse();
    assert_eq!(lines, [above, Vec::new()]);
    assert_eq!(levels, [0, 5]);
    assert!(levels[1] < DEPTH_MAX);
}

/// The codes of a list that is read by pages of `items`.
async fn paged(
    store: &Store,
    scope: &Scope,
    filter: &AccountFilter,
    sort: AccountSort,
    items: u32,
) -> Vec<String> {
    let (mut codes, mut after) = (Vec::new(), None::<Place>);
    loop {
        let (scope, filter, place) = (scope.clone(), filter.clone(), after.clone());
        let page = store.read(move |r| r.accounts(&scope, &filter, sort, place.as_ref(), items));
        let page = page.await.unwrap();
        let Some(last) = page.last() else {
            return codes;
        };
        after = Some(last.place.clone());
        codes.extend(page.iter().map(|listed| listed.item.0.details.code.clone()));
    }
}

async fn every_order_pages_through_every_account_once(store: &Store) {
    let scope = founded(store, 1).await;
    add_account(store, &founded(store, 2).await, &account(9, "theirs", "")).await;
    for (number, code, name) in [
        (1, "b", "Same"),
        (2, "C", "same"),
        (3, "a", "Älter"),
        (4, "D", ""),
    ] {
        add_account(store, &scope, &account(number, code, name)).await;
    }
    let all = AccountFilter::default();
    for (sort, forwards, backwards) in [
        (
            ["a", "b", "C", "D"],
            AccountSort::Code,
            AccountSort::CodeDescending,
        ),
        (
            ["D", "b", "C", "a"],
            AccountSort::Name,
            AccountSort::NameDescending,
        ),
        (
            ["b", "C", "a", "D"],
            AccountSort::Created,
            AccountSort::CreatedDescending,
        ),
    ] {
        for items in [1, 3] {
            assert_eq!(paged(store, &scope, &all, forwards, items).await, sort);
            let mut reversed = paged(store, &scope, &all, backwards, items).await;
            reversed.reverse();
            assert_eq!(reversed, sort);
        }
    }
}

async fn filters_add_up(store: &Store) {
    let scope = founded(store, 1).await;
    let top = full(1, "TOP");
    let mut below = account(2, "b%1", "Übung");
    below.details.parent = Some(top.id);
    below.details.tags = BTreeSet::from(["b".to_owned()]);
    for account in [&top, &below, &account(3, "b_1", "Last")] {
        add_account(store, &scope, account).await;
    }
    let none = AccountFilter::default;
    let text = |text: &str| Some(text.to_owned());
    for (filter, expected) in [
        (
            AccountFilter {
                code: text("top"),
                ..none()
            },
            vec!["TOP"],
        ),
        (
            AccountFilter {
                external_id: text("ext-1"),
                ..none()
            },
            vec!["TOP"],
        ),
        (
            AccountFilter {
                state: Some(AccountState::Active),
                ..none()
            },
            vec!["b%1", "b_1"],
        ),
        (
            AccountFilter {
                tag: text("b"),
                ..none()
            },
            vec!["b%1", "TOP"],
        ),
        (
            AccountFilter {
                tag: text("b"),
                parent: Some(top.id),
                ..none()
            },
            vec!["b%1"],
        ),
        (
            AccountFilter {
                search: text("ÜBU"),
                ..none()
            },
            vec!["b%1"],
        ),
        (
            AccountFilter {
                search: text("%"),
                ..none()
            },
            vec!["b%1"],
        ),
        (
            AccountFilter {
                search: text("_"),
                tag: text("b"),
                ..none()
            },
            vec![],
        ),
    ] {
        let listed = paged(store, &scope, &filter, AccountSort::Code, 10).await;
        assert_eq!(listed, expected, "{filter:?}");
    }
}

async fn a_deleted_account_leaves_nothing(store: &Store) {
    let scope = founded(store, 1).await;
    let made = full(1, "A");
    add_account(store, &scope, &made).await;
    let (within, id) = (scope.clone(), made.id);
    let used = store.read(move |r| r.is_account_used(&within, id));
    assert!(!used.await.unwrap());
    let within = scope.clone();
    let deleted = store.write(move |w| w.delete_account(&within, id));
    deleted.await.unwrap();
    assert_eq!(by_ref(store, &scope, id).await, None);
    add_account(store, &scope, &made).await;
    let counted = store.read(move |r| r.count_accounts(&scope));
    assert_eq!(counted.await.unwrap(), 1);
}
