//! Which account a job is charged to, whenever it is charged and whenever days are sealed: every
//! answer is what the rows say, and jobs join their charges by key.

#![expect(
    clippy::indexing_slicing,
    reason = "what an answer lacks is null, and another answer fails the test"
)]

use std::collections::BTreeMap;

use http::{Method, StatusCode};
use platen_domain::clients::OauthScopes;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value, json};

use crate::office::{DAYS, Office};
use crate::support::Got;
use crate::support::printing::job;

/// Jobs of each day: one of them is a UUID's.
const JOBS: u8 = 4;

/// Codes that accounts are given.
const CODES: [&str; 4] = ["MATH", "ART", "math", "=1+1"];

/// What happens next.
#[derive(Debug, Clone)]
enum Event {
    /// A job of a day comes, or comes again, and may name an account.
    Printed(u8, u8, Option<usize>, u32),
    /// A program charges it to an account.
    Charged(u8, u8, usize),
    /// What was charged is given back, all of it or a part.
    Refunded(u8, u8, bool),
    /// An account gets another code.
    Recoded(usize, usize),
    /// Charges that were not made are tried again.
    Retried,
    Sealed,
    Asked,
}

fn events() -> impl Strategy<Value = Vec<Event>> {
    let place = || (18_u8..21, 0..JOBS);
    let event = prop_oneof![
        4 => (place(), prop::option::of(0..2_usize), 1..9_u32)
            .prop_map(|((day, number), account, sides)| Event::Printed(day, number, account, sides)),
        3 => (place(), 0..2_usize)
            .prop_map(|((day, number), account)| Event::Charged(day, number, account)),
        2 => (place(), any::<bool>())
            .prop_map(|((day, number), whole)| Event::Refunded(day, number, whole)),
        1 => (0..2_usize, 0..CODES.len()).prop_map(|(account, code)| Event::Recoded(account, code)),
        1 => Just(Event::Retried),
        2 => Just(Event::Sealed),
        1 => Just(Event::Asked),
    ];
    proptest::collection::vec(event, 6..20)
}

/// A job's id at its source, `cups|test`.
fn id(day: u8, number: u8) -> String {
    match number {
        0 => format!("urn:uuid:0189f3a2-0000-7000-8000-0000000000{day}"),
        _ => format!("{day}-{number}"),
    }
}

fn record(day: u8, number: u8, account: Option<&str>, sides: u32) -> String {
    let account = account.map_or_else(String::new, |code| format!(r#","account":"{code}""#));
    let more = format!(r#""user":"ada","impressions":{sides},"color_mode":"monochrome"{account}"#);
    let at = format!("2026-11-{day}T08:0{number}:00Z");
    job(&id(day, number), &at, &more)
}

/// An office with accounts, and a program that may do everything with them.
struct Charging {
    office: Office,
    bearer: String,
    accounts: Vec<String>,
}

impl Charging {
    async fn open() -> Self {
        let office = Office::new().await;
        let client = office.world.client(&office.organization).await;
        let token = client.token(&office.world, OauthScopes::ALL).await;
        let mut charging = Self {
            office,
            bearer: format!("Bearer {token}"),
            accounts: Vec::new(),
        };
        for code in ["FIRST", "SECOND"] {
            let made = json!({"code": code, "name": code});
            let made = charging.ask(Method::POST, "/accounts", &made).await;
            assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
            let id = made.json()["id"].as_str().unwrap().to_owned();
            let everyone = json!({"subject": {"everyone": true}, "verbs": ["charge"]});
            let entries = format!("/accounts/{id}/access/entries");
            let given = charging.ask(Method::POST, &entries, &everyone).await;
            assert_eq!(given.status, StatusCode::OK, "{}", given.text());
            charging.accounts.push(id);
        }
        charging
    }

    async fn ask(&self, method: Method, path: &str, body: &Value) -> Got {
        let kind = match method {
            Method::PATCH => "application/merge-patch+json",
            _ => "application/json",
        };
        let headers = [
            ("authorization", self.bearer.as_str()),
            ("content-type", kind),
        ];
        let path = format!("/accounts/v1{path}");
        let world = &self.office.world;
        world.send(&method, &path, &headers, body.to_string()).await
    }

    async fn found(&self, path: &str) -> Value {
        let headers = [("authorization", self.bearer.as_str())];
        let path = format!("/accounts/v1{path}");
        let got = self.office.world.get(&path, &headers).await;
        assert_eq!(got.status, StatusCode::OK, "{}", got.text());
        got.json()
    }

    async fn code(&self, account: usize) -> String {
        let path = format!("/accounts/{}", self.accounts[account]);
        let found = self.found(&path).await;
        found["code"].as_str().unwrap().to_owned()
    }

    /// Charges of print jobs by their keys.
    async fn charges(&self) -> BTreeMap<(String, String), Value> {
        let found = self.found("/charges?limit=100").await;
        let charges = found["items"].as_array().unwrap().iter();
        charges
            .map(|charge| {
                let part = |name: &str| charge["print_job"][name].as_str().unwrap().to_owned();
                ((part("source"), part("id")), charge.clone())
            })
            .collect()
    }

    async fn charge_of(&self, day: u8, number: u8) -> Option<Value> {
        let key = ("cups|test".to_owned(), id(day, number));
        self.charges().await.remove(&key)
    }

    async fn happens(&self, event: Event) {
        match event {
            Event::Printed(day, number, account, sides) => {
                let code = match account {
                    Some(account) => Some(self.code(account).await),
                    None => None,
                };
                let record = record(day, number, code.as_deref(), sides);
                self.office.push(&record).await;
            }
            Event::Charged(day, number, account) => {
                let request = json!({
                    "account": self.code(account).await, "user": "ada", "points": 2,
                    "print_job": {"source": "cups|test", "id": id(day, number)},
                });
                // A job that is charged already is not charged again.
                let got = self.ask(Method::POST, "/charges", &request).await;
                assert!(
                    [StatusCode::CREATED, StatusCode::CONFLICT].contains(&got.status),
                    "{}",
                    got.text()
                );
            }
            Event::Refunded(day, number, whole) => {
                let Some(charge) = self.charge_of(day, number).await else {
                    return;
                };
                let path = format!("/charges/{}/refunds", charge["id"].as_str().unwrap());
                let mut request = json!({"reason": "a jam"});
                if !whole {
                    request["points"] = json!(0.5);
                }
                self.ask(Method::POST, &path, &request).await;
            }
            Event::Recoded(account, code) => {
                // A code that is the other one's is refused.
                let path = format!("/accounts/{}", self.accounts[account]);
                let request = json!({"code": CODES[code]});
                self.ask(Method::PATCH, &path, &request).await;
            }
            Event::Retried => {
                for charge in self.charges().await.values() {
                    let path = format!("/charges/{}/retries", charge["id"].as_str().unwrap());
                    self.ask(Method::POST, &path, &json!({})).await;
                }
            }
            Event::Sealed => {
                self.office.seal().await;
            }
            Event::Asked => self.check().await,
        }
        self.office
            .world
            .clock
            .advance(std::time::Duration::from_secs(1));
    }

    /// That every form of the report is what the rows say, and says of each job the account of its
    /// charge while that is charged.
    async fn check(&self) {
        self.office.check_against_rows(DAYS).await;
        let charges = self.charges().await;
        let rows = self.office.get(DAYS, &[]).await.json();
        for row in rows.as_array().unwrap() {
            let part = |name: &str| row[name].as_str().unwrap().to_owned();
            let charge = charges.get(&(part("Source"), part("SourceJobId")));
            let charge = charge.filter(|charge| charge["state"] == "charged");
            let code = charge.map_or(&Value::Null, |charge| &charge["account"]["code"]);
            assert_eq!(&row["ChargedAccount"], code, "{row}");
        }
    }
}

#[test]
fn jobs_join_their_charges_whenever_they_are_charged_and_days_are_sealed() {
    let mut runner = TestRunner::new(Config::with_cases(12));
    let checked = runner.run(&events(), |events| {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(async {
            let charging = Charging::open().await;
            for event in events {
                charging.happens(event).await;
            }
            charging.check().await;
            charging.office.seal().await;
            charging.check().await;
        });
        Ok(())
    });
    checked.unwrap();
}

#[tokio::test]
async fn a_charge_after_sealing_shows_at_once_and_its_end_too() {
    let charging = Charging::open().await;
    let office = &charging.office;
    let jobs: Vec<_> = (0..JOBS).map(|n| record(19, n, None, 3)).collect();
    office.push(&jobs.join("\n")).await;
    office.seal().await;
    let before = office.get(DAYS, &[]).await;
    let etag = before.header("etag").unwrap().to_owned();
    let known = [("if-none-match", etag.as_str())];
    let charged = |rows: &Value| {
        let rows = rows.as_array().unwrap().iter();
        let line = |row: &Value| format!("{} {}", row["SourceJobId"], row["ChargedAccount"]);
        rows.map(line).collect::<Vec<_>>().join("\n")
    };
    charging.happens(Event::Charged(19, 0, 0)).await;
    charging.happens(Event::Charged(19, 2, 1)).await;
    let got = office.get(DAYS, &known).await;
    assert_eq!(got.status, StatusCode::OK);
    insta::assert_snapshot!(charged(&got.json()), @r#"
    "urn:uuid:0189f3a2-0000-7000-8000-000000000019" "FIRST"
    "19-1" null
    "19-2" "SECOND"
    "19-3" null
    "#);
    charging.happens(Event::Recoded(0, 0)).await;
    charging.happens(Event::Refunded(19, 2, true)).await;
    insta::assert_snapshot!(charged(&office.get(DAYS, &[]).await.json()), @r#"
    "urn:uuid:0189f3a2-0000-7000-8000-000000000019" "MATH"
    "19-1" null
    "19-2" null
    "19-3" null
    "#);
    charging.check().await;
    assert_eq!(office.seal().await, 0, "the changes stand beside the block");
}

#[tokio::test]
async fn months_by_account_are_of_the_account_charged_else_of_the_one_named() {
    let charging = Charging::open().await;
    let office = &charging.office;
    let jobs = [
        record(18, 0, Some("first"), 1),
        record(18, 1, Some("FIRST"), 2),
        record(18, 2, Some("NOPE"), 4),
        record(18, 3, None, 8),
        record(19, 0, None, 16),
    ];
    office.push(&jobs.join("\n")).await;
    // No record of the second one names it.
    charging.happens(Event::Charged(18, 3, 1)).await;
    let path = "/ReportApi/Reports/MonthlyPrintJobs/2026-11/2026-11?by=account";
    let sums = |rows: Value| {
        let rows = rows.as_array().unwrap().clone();
        let line = |row: &Value| format!("{} {}", row["Account"], row["Impressions"]);
        rows.iter().map(line).collect::<Vec<_>>().join("\n")
    };
    insta::assert_snapshot!(sums(office.months(path).await.json()), @r#"
    null 16
    "FIRST" 3
    "NOPE" 4
    "SECOND" 8
    "#);
    charging.happens(Event::Recoded(1, 1)).await;
    charging.happens(Event::Refunded(18, 0, true)).await;
    insta::assert_snapshot!(sums(office.months(path).await.json()), @r#"
    null 16
    "ART" 8
    "FIRST" 2
    "NOPE" 4
    "first" 1
    "#);
}
