//! Accounts in lists, while others arrive: any mixture of pages and arrivals.

use std::collections::BTreeSet;

use platen_domain::accounts::{AccountFilter, AccountSort, folded};
use platen_domain::scope::Scope;
use platen_store::{Place, Store};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use crate::backend::Backend;
use crate::samples::{account, add_account, founded};

/// Lists tried; each runs on a store of its own.
const CASES: u32 = 24;

const SORTS: [AccountSort; 6] = [
    AccountSort::Code,
    AccountSort::CodeDescending,
    AccountSort::Name,
    AccountSort::NameDescending,
    AccountSort::Created,
    AccountSort::CreatedDescending,
];

/// Accounts by code and name: codes that differ by more than their case, names that may not.
fn accounts() -> impl Strategy<Value = Vec<(String, String)>> {
    let names = prop::sample::select(vec!["a", "A", "b", "Ä", "", "z"]);
    let codes = prop::collection::btree_set("[a-dA-D]{1,3}", 2..24);
    (codes, prop::collection::vec(names, 24)).prop_map(|(codes, names)| {
        let mut seen = BTreeSet::new();
        let different = codes.into_iter().filter(|code| seen.insert(folded(code)));
        let accounts = different.zip(names);
        accounts
            .map(|(code, name)| (code, name.to_owned()))
            .collect()
    })
}

async fn add(store: &Store, scope: &Scope, number: usize, (code, name): &(String, String)) {
    let number = u8::try_from(number).unwrap();
    add_account(store, scope, &account(number + 1, code, name)).await;
}

/// Reads a list to its end, while an account arrives after each page.
async fn seen(
    accounts: &[(String, String)],
    first: usize,
    sort: AccountSort,
    items: u32,
) -> Vec<String> {
    let backend = Backend::fresh();
    let store = backend.store();
    let scope = founded(store, 1).await;
    let mut arrivals = accounts.iter().enumerate();
    for (number, account) in arrivals.by_ref().take(first) {
        add(store, &scope, number, account).await;
    }
    let (mut seen, mut after) = (Vec::new(), None::<Place>);
    loop {
        let within = scope.clone();
        let page = store.read(move |r| {
            r.accounts(
                &within,
                &AccountFilter::default(),
                sort,
                after.as_ref(),
                items,
            )
        });
        let page = page.await.unwrap();
        let Some(last) = page.last() else { return seen };
        after = Some(last.place.clone());
        seen.extend(page.into_iter().map(|listed| listed.item.0.details.code));
        if let Some((number, account)) = arrivals.next() {
            add(store, &scope, number, account).await;
        }
    }
}

#[test]
fn whatever_arrives_every_account_is_seen_once() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let cases = (
        accounts(),
        0..24_usize,
        prop::sample::select(SORTS.to_vec()),
        1..5_u32,
    );
    let mut runner = TestRunner::new(Config {
        cases: CASES,
        failure_persistence: None,
        ..Config::default()
    });
    let checked = runner.run(&cases, |(accounts, first, sort, items)| {
        let seen = runtime.block_on(seen(&accounts, first, sort, items));
        let different: BTreeSet<_> = seen.iter().collect();
        prop_assert_eq!(different.len(), seen.len(), "twice: {:?}", seen);
        for (code, _) in accounts.iter().take(first) {
            prop_assert!(
                different.contains(code),
                "{} is missing in {:?}",
                code,
                seen
            );
        }
        Ok(())
    });
    checked.unwrap();
}
