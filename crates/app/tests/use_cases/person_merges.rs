//! One person, one name, at every door.

use std::collections::{BTreeMap, BTreeSet};

use platen_app::accounts::{AccountsRefusal, BulkLine, BulkMode, ImportLine, LedgerFilter};
use platen_app::printing::people::PersonError;
use platen_domain::charges::ChargeProblem;
use platen_domain::clock::Timestamp;
use platen_domain::person_names::{NameRule, domain};
use platen_domain::print_months::MonthCounts;
use platen_domain::print_rows::PrintNames as _;
use platen_domain::print_users::PrintUserDetails;
use platen_domain::privacy::{FieldMode, PrivacyPolicy};
use platen_store::{JobPosition, MonthRow};
use proptest::prelude::*;

use crate::purse::{FIRST_PAGE, Purse, job, limit, points, user};

/// The month of every job here, and its first and last instant.
const MONTH: u32 = 202_601;

fn listed(domains: &[&str]) -> NameRule {
    NameRule::Listed(domains.iter().filter_map(|text| domain(text)).collect())
}

impl Purse {
    async fn months(&self) -> Vec<MonthRow> {
        let scope = self.scope.clone();
        let store = self.place.app.store();
        let read = store.read(move |r| r.print_months(&scope, (MONTH, MONTH), None, 1_000));
        read.await.unwrap()
    }

    /// That the sums are those of the jobs, and every balance that of its entries.
    async fn check_sums(&self) {
        let scope = self.scope.clone();
        let store = self.place.app.store();
        let [from, until] = [0, i64::MAX].map(Timestamp::from_millis);
        let made = store.read(move |r| r.recomputed_month(&scope, MONTH, from, until));
        assert_eq!(self.months().await, made.await.unwrap());
        self.check().await;
    }

    /// Who printed each job, as reports show it.
    async fn printed(&self) -> Vec<String> {
        let (scope, after) = (self.scope.clone(), Timestamp::from_millis(0));
        let store = self.place.app.store();
        let until = Timestamp::from_millis(i64::MAX);
        let position = JobPosition::before(after);
        let page = store.read(move |r| r.print_page(&scope, position, until, 1_000));
        let page = page.await.unwrap();
        let name = |word| page.names().word(word).unwrap().to_owned();
        page.rows()
            .map(|row| row.user.map_or_else(String::new, name))
            .collect()
    }

    async fn total(&self) -> MonthCounts {
        let rows = self.months().await.into_iter();
        rows.fold(MonthCounts::default(), |sum, row| sum.plus(row.counts))
    }

    async fn make_known(&self, name: &str) {
        let details = PrintUserDetails {
            name: name.to_owned(),
            ..PrintUserDetails::default()
        };
        let lines = vec![ImportLine::Bulk(BulkLine::User(details))];
        let app = &self.place.app;
        let made = app
            .accounts()
            .import(&self.scope, lines, BulkMode::default(), drop);
        assert!(made.await.unwrap().applied);
    }

    async fn set_domains(&self, domains: &[&str]) {
        let set = self
            .place
            .app
            .people()
            .set_name_rule(&self.scope, listed(domains));
        set.await.unwrap();
    }

    /// Everything that is kept of somebody, as the export tells it.
    async fn export(&self, name: &str) -> Result<String, PersonError> {
        let app = &self.place.app;
        let mut export = app.people().export_person(&self.scope, name).await?;
        let mut lines = Vec::new();
        while let Some(more) = export.next().await? {
            lines.extend(more);
        }
        Ok(String::from_utf8(lines).unwrap())
    }
}

/// Spellings of one person where `UNI` and `uni.example` are listed.
const SPELLINGS: [&str; 6] = [
    "UNI\\kim2",
    "kim2@uni.example",
    "Kim2",
    "kim2",
    "ki\u{200B}m2",
    "\u{FF2B}\u{FF49}\u{FF4D}2",
];

#[tokio::test]
async fn six_spellings_are_one_month_and_one_balance() {
    let purse = Purse::open().await;
    purse.account("MATH", limit(300)).await;
    purse.set_domains(&["UNI", "uni.example"]).await;
    for (number, spelling) in SPELLINGS.iter().enumerate() {
        purse
            .print(job(&number.to_string(), ("MATH", spelling), 10))
            .await;
        let charged = purse.charge(points(("MATH", spelling), 10)).await;
        charged.unwrap();
    }
    let months = purse.months().await;
    assert_eq!(months.len(), 1, "{months:?}");
    assert_eq!(months[0].counts.jobs, 6);
    assert_eq!(
        purse.printed().await,
        vec!["kim2"; 6],
        "the first spelling met"
    );
    for spelling in SPELLINGS {
        assert_eq!(
            purse.points(("MATH", spelling)).await,
            300 - 60 - 60,
            "{spelling}"
        );
    }
    let other = purse.print(job("other", ("MATH", "B\\kim2"), 1));
    other.await;
    assert_eq!(
        purse.months().await.len(),
        2,
        "B is not listed: somebody else"
    );
    purse.check_sums().await;
}

#[tokio::test]
async fn a_rule_that_is_set_later_makes_one_of_who_were_several() {
    let purse = Purse::open().await;
    purse.account("MATH", limit(300)).await;
    for (number, spelling) in SPELLINGS.iter().enumerate() {
        purse
            .print(job(&number.to_string(), ("MATH", spelling), 10))
            .await;
    }
    purse.place.app.printing().seal_closed_days().await.unwrap();
    assert_eq!(purse.months().await.len(), 2, "the realm is not known");
    let total = purse.total().await;
    purse.set_domains(&["UNI", "uni.example"]).await;
    assert_eq!(purse.months().await.len(), 1);
    assert_eq!(purse.total().await, total);
    assert_eq!(purse.printed().await, vec!["kim2"; 6]);
    // 300 each, of which 50 and 10 are taken: nothing is lost.
    assert_eq!(purse.points(("MATH", "KIM2")).await, 540);
    purse.check_sums().await;
    for (number, spelling) in SPELLINGS.iter().enumerate() {
        purse
            .print(job(&number.to_string(), ("MATH", spelling), 10))
            .await;
    }
    assert_eq!(
        purse.total().await,
        total,
        "taken in again, nothing changes"
    );
    assert_eq!(purse.points(("MATH", "kim2")).await, 540);
}

#[tokio::test]
async fn a_merged_name_leads_to_the_person_from_then_on() {
    let purse = Purse::open().await;
    let (app, scope) = (&purse.place.app, &purse.scope);
    purse.account("MATH", limit(300)).await;
    purse.account("ART", limit(50)).await;
    for (number, name) in ["kim", "kim", "kim.lee"].iter().enumerate() {
        purse
            .print(job(&number.to_string(), ("MATH", name), 10))
            .await;
    }
    purse.charge(points(("ART", "kim"), 5)).await.unwrap();
    let held = purse.hold(points(("MATH", "kim"), 7)).await.unwrap();
    let before = purse.ledger().await;
    let unknown = app.people().merge_people(scope, "nobody", "kim").await;
    assert!(matches!(unknown, Err(PersonError::Unknown)));
    let merged = app
        .people()
        .merge_people(scope, "kim", "kim.lee")
        .await
        .unwrap();
    assert_eq!((merged.jobs, merged.balances), (2, 2));
    let after = purse.ledger().await;
    assert_eq!(&after[..before.len()], before, "no entry changes");
    insta::assert_snapshot!(after[before.len()..].join("\n"), @r"
    8 MATH kim transfer -280 = 0
    9 MATH kim.lee transfer 280 = 570
    10 ART kim transfer -45 = 0
    11 ART kim.lee transfer 45 = 45
    ");
    assert_eq!(purse.months().await.len(), 1);
    assert_eq!(
        purse.balance(("MATH", "kim.lee")).await.held.millionths(),
        7_000_000
    );
    purse.capture(held, None).await.unwrap();
    assert_eq!(purse.points(("MATH", "Kim")).await, 300 + 300 - 30 - 7);
    purse.print(job("9", ("MATH", "kim"), 1)).await;
    purse.print(job("0", ("MATH", "kim"), 10)).await;
    assert_eq!(purse.printed().await, vec!["kim.lee"; 4]);
    purse.check_sums().await;
    let mine = LedgerFilter {
        user: Some(user("kim.lee")),
        ..LedgerFilter::default()
    };
    let entries = app
        .accounts()
        .ledger(scope, mine, FIRST_PAGE)
        .await
        .unwrap()
        .items;
    assert_eq!(
        entries.len(),
        purse.ledger().await.len(),
        "former entries are the person's"
    );

    // Whichever name is given, everything of the person goes.
    assert_eq!(app.people().erase_person(scope, "kim").await.unwrap(), 4);
    for name in ["kim", "kim.lee"] {
        assert!(
            matches!(purse.export(name).await, Err(PersonError::Unknown)),
            "{name}"
        );
    }
    assert!(
        purse
            .ledger()
            .await
            .iter()
            .all(|line| !line.contains("kim"))
    );
    purse.check_sums().await;
}

#[tokio::test]
async fn a_merge_that_was_interrupted_goes_on() {
    let purse = Purse::open().await;
    let (app, scope) = (&purse.place.app, purse.scope.clone());
    purse.account("MATH", limit(300)).await;
    for number in 0..4 {
        let name = ["kim", "lee"][number % 2];
        purse
            .print(job(&number.to_string(), ("MATH", name), 10))
            .await;
    }
    // What one transaction does; then the machine goes down.
    let begun = app.store().write(move |writer| {
        let [kim, lee] = ["kim", "lee"].map(|name| writer.word_of_person(&scope, name));
        writer.merge_words(&scope, kim?, lee?, None)?;
        let [kim, lee] = ["kim", "lee"].map(|name| writer.print_user(&scope, &user(name)));
        let (kim, lee) = (kim?.unwrap(), lee?.unwrap());
        writer.merge_print_users(&scope, kim.id, lee.id, crate::place::START)
    });
    begun.await.unwrap();
    purse.check_sums().await;
    purse.print(job("9", ("MATH", "kim"), 10)).await;
    app.accounts().settle().await.unwrap();
    purse.check_sums().await;
    app.people().finish_everybody().await.unwrap();
    purse.check_sums().await;
    assert_eq!(purse.printed().await, vec!["lee"; 5]);
    assert_eq!(purse.points(("MATH", "lee")).await, 600 - 50);
    let left = app.people().finish_people(&purse.scope).await.unwrap();
    assert_eq!((left.jobs, left.balances), (0, 0));
}

#[tokio::test]
async fn every_spelling_of_a_person_is_exported_and_erased() {
    let purse = Purse::open().await;
    let (app, scope) = (&purse.place.app, &purse.scope);
    for (number, spelling) in ["UNI\\Kim2", "kim2", "KIM2 ", "kim2@mail.example"]
        .iter()
        .enumerate()
    {
        purse
            .print(job(&number.to_string(), ("-", spelling), 1))
            .await;
    }
    // Pseudonyms that an earlier Platen made of other spellings.
    let privacy = app.people().privacy(scope).await.unwrap();
    for (number, spelling) in ["UNI\\kim2", "Kim2"].iter().enumerate() {
        let former = platen_collect::privacy::former_pseudonym(&privacy.key, spelling);
        purse
            .print(job(&format!("p{number}"), ("-", &former), 1))
            .await;
    }
    let lines = purse.export("uni\\KIM2").await.unwrap();
    assert_eq!(
        lines
            .lines()
            .filter(|line| line.contains("UserName"))
            .count(),
        5
    );
    assert_eq!(
        app.people().namesakes(scope, "kim2").await.unwrap(),
        ["kim2@mail.example"]
    );
    assert_eq!(
        app.people()
            .erase_person(scope, "k\u{AD}im2")
            .await
            .unwrap(),
        5
    );
    let left: BTreeSet<_> = purse.printed().await.into_iter().collect();
    let named: Vec<_> = left.iter().filter(|name| !name.starts_with("u-")).collect();
    assert_eq!(named, ["kim2@mail.example"]);
}

#[tokio::test]
async fn pseudonyms_are_of_the_person() {
    let purse = Purse::open().await;
    let (app, scope) = (&purse.place.app, &purse.scope);
    purse.account("MATH", limit(300)).await;
    purse.make_known("kim2").await;
    let hash = PrivacyPolicy {
        user: FieldMode::Hash,
        ..PrivacyPolicy::default()
    };
    app.people().set_privacy(scope, hash).await.unwrap();
    purse.set_domains(&["UNI", "uni.example"]).await;
    let privacy = app.people().privacy(scope).await.unwrap();
    for (number, spelling) in SPELLINGS.iter().enumerate() {
        let mut record = job(&number.to_string(), ("MATH", spelling), 10);
        platen_collect::privacy::apply(&hash, &privacy.key, &privacy.names, &mut record);
        purse.print(record).await;
    }
    assert_eq!(purse.months().await.len(), 1);
    assert_eq!(purse.points(("MATH", "UNI\\kim2")).await, 240);
}

#[tokio::test]
async fn an_invented_name_has_no_allowance_where_only_known_users_are_charged() {
    let purse = Purse::open().await;
    let (app, scope) = (&purse.place.app, &purse.scope);
    purse.account("MATH", limit(300)).await;
    purse.make_known("kim").await;
    purse.charge(points(("MATH", "early"), 1)).await.unwrap();
    app.people()
        .set_known_users_only(scope, true)
        .await
        .unwrap();
    for name in ["early", "invented", "invented@uni.example"] {
        let quote = app
            .charges()
            .quote(scope, points(("MATH", name), 1))
            .await
            .unwrap();
        assert!(!quote.allowed && quote.problems.contains(ChargeProblem::UnknownUser));
        let charged = purse.charge(points(("MATH", name), 1)).await;
        let held = purse.hold(points(("MATH", name), 1)).await;
        for refused in [charged.map(drop), held.map(drop)] {
            let Err(AccountsRefusal::Charge { problems, .. }) = refused else {
                panic!("{name}: {refused:?}");
            };
            assert!(problems.contains(ChargeProblem::UnknownUser));
        }
    }
    let entries = purse.ledger().await;
    purse.print(job("1", ("MATH", "invented"), 10)).await;
    purse.print(job("2", ("MATH", "UNI\\Kim"), 10)).await;
    insta::assert_snapshot!(purse.charges().await.join("\n"), @r#"
    - r0 charged 1 []
    1 r0 uncharged 0 ["unknown-user"]
    2 r0 charged 10 []
    "#);
    let more: Vec<_> = purse.ledger().await.split_off(entries.len());
    assert!(more.iter().all(|line| line.contains("kim")), "{more:?}");
    purse.make_known("invented").await;
    purse.charge(points(("MATH", "invented"), 1)).await.unwrap();
    purse.check_sums().await;
}

/// Jobs and charges of some people in some accounts, with merges in between.
#[derive(Debug, Clone)]
enum Step {
    Print(usize, usize, u32),
    Charge(usize, usize, i64),
    Merge(usize, usize),
    Seal,
}

const NAMES: [&str; 5] = ["ada", "bob", "UNI\\ada", "bob@uni.example", "Eve"];

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        4 => (0..NAMES.len(), 0..2_usize, 0..9_u32).prop_map(|(n, a, i)| Step::Print(n, a, i)),
        2 => (0..NAMES.len(), 0..2_usize, 1..9_i64).prop_map(|(n, a, p)| Step::Charge(n, a, p)),
        2 => (0..NAMES.len(), 0..NAMES.len()).prop_map(|(a, b)| Step::Merge(a, b)),
        1 => Just(Step::Seal),
    ];
    proptest::collection::vec(step, 1..20)
}

async fn merges_keep_sums(steps: Vec<Step>) {
    const ACCOUNTS: [&str; 2] = ["MATH", "ART"];
    let purse = Purse::open().await;
    let (app, scope) = (&purse.place.app, &purse.scope);
    for code in ACCOUNTS {
        purse.account(code, limit(300)).await;
    }
    for (number, step) in steps.into_iter().enumerate() {
        match step {
            Step::Print(name, account, sides) => {
                let place = (ACCOUNTS[account], NAMES[name]);
                purse.print(job(&number.to_string(), place, sides)).await;
            }
            Step::Charge(name, account, most) => {
                let place = (ACCOUNTS[account], NAMES[name]);
                purse.charge(points(place, most)).await.unwrap();
            }
            Step::Seal => drop(app.printing().seal_closed_days().await.unwrap()),
            Step::Merge(from, into) => {
                let (months, balances) = (purse.total().await, sums(&purse).await);
                let entries = purse.ledger().await;
                drop(
                    app.people()
                        .merge_people(scope, NAMES[from], NAMES[into])
                        .await,
                );
                assert_eq!(purse.total().await, months);
                assert_eq!(sums(&purse).await, balances);
                assert_eq!(&purse.ledger().await[..entries.len()], entries);
            }
        }
        purse.check_sums().await;
    }
}

/// What the balances of each account come to.
async fn sums(purse: &Purse) -> BTreeMap<String, i64> {
    let mut sums = BTreeMap::new();
    let ledger = LedgerFilter::default();
    let page = purse
        .place
        .app
        .accounts()
        .ledger(&purse.scope, ledger, FIRST_PAGE);
    for entry in page.await.unwrap().items {
        *sums.entry(entry.account.code).or_default() += entry.points.millionths();
    }
    sums
}

/// Each opens a store of its own.
fn few() -> ProptestConfig {
    ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::with_cases(16)
    }
}

proptest! {
    #![proptest_config(few())]

    #[test]
    fn merging_keeps_months_balances_and_ledger(steps in steps()) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(merges_keep_sums(steps));
    }
}
