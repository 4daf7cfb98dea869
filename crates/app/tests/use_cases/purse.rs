//! An organization with accounts, for the tests of balances.

use std::time::Duration;

use platen_app::accounts::{
    AccountsRefusal, ChargeRequest, Due, PageRequest, Reset, Transfer, Transferred,
};
use platen_app::operation::idempotency::{Answered, Attempt, Once};
use platen_app::printing::print_jobs::Verdict;
use platen_domain::account_access::{Subject, Verb, Verbs};
use platen_domain::account_limits::Limit;
use platen_domain::accounts::{Account, AccountDetails, AccountRef};
use platen_domain::balances::BalanceView;
use platen_domain::charges::{Charge, ChargeProblem};
use platen_domain::clock::Clock as _;
use platen_domain::holds::Hold;
use platen_domain::ids::{AccountId, ChargeId, HoldId, SeededIds};
use platen_domain::ledger::LedgerEntry;
use platen_domain::points::Points;
use platen_domain::print_jobs::{PrintRecord, SourceKey};
use platen_domain::print_users::UserRef;
use platen_domain::scope::Scope;

use crate::place::Place;

pub(crate) const FIRST_PAGE: PageRequest = PageRequest {
    after: None,
    items: 100,
};

pub(crate) struct Purse {
    pub(crate) place: Place,
    pub(crate) scope: Scope,
}

/// A limit of so many points a user.
pub(crate) fn limit(points: i64) -> Limit {
    Limit {
        points_per_user: Some(Points::whole(points)),
        ..Limit::default()
    }
}

pub(crate) fn account(code: &str) -> AccountRef {
    AccountRef::Code(code.to_owned())
}

pub(crate) fn user(name: &str) -> UserRef {
    UserRef::Name(name.to_owned())
}

pub(crate) fn points(request: (&str, &str), points: i64) -> ChargeRequest {
    ChargeRequest {
        account: account(request.0),
        user: user(request.1),
        due: Due::Points(Points::whole(points)),
        job: None,
        reason: None,
    }
}

/// A job of `impressions` sides that names account and user.
pub(crate) fn job(id: &str, place: (&str, &str), impressions: u32) -> PrintRecord {
    let key = SourceKey::new("cups|test", id);
    let mut record = PrintRecord::new(key, crate::place::START);
    record.account = Some(place.0.to_owned());
    record.user = Some(place.1.to_owned());
    record.counts.impressions = Some(impressions);
    record
}

/// Keeps what was made in the answer's body, in its debug form.
pub(crate) fn once<T>(answer: impl Fn(&T) -> String + Send + Sync + 'static) -> Once<T> {
    keyed(None, answer)
}

pub(crate) fn keyed<T>(
    key: Option<(&str, u8)>,
    answer: impl Fn(&T) -> String + Send + Sync + 'static,
) -> Once<T> {
    let attempt = key.map(|(key, request)| Attempt {
        key: key.to_owned(),
        request: [request; 32],
    });
    Once::new(attempt, move |made| Answered {
        id: None,
        revision: None,
        document: answer(made).into_bytes(),
        is_refused: false,
        replayed: false,
    })
}

pub(crate) fn body(answered: &Answered) -> String {
    String::from_utf8(answered.document.clone()).unwrap()
}

impl Purse {
    pub(crate) async fn open() -> Self {
        let place = Place::bare().await;
        let scope = place.operator();
        Self { place, scope }
    }

    /// An account that everyone may charge.
    pub(crate) async fn account(&self, code: &str, limit: Limit) -> AccountId {
        let now = self.place.clock.now();
        let seed = code.bytes().map(u64::from).sum();
        let made = Account {
            id: AccountId::new(now, &SeededIds::new(seed)),
            details: AccountDetails {
                code: code.to_owned(),
                name: code.to_owned(),
                ..AccountDetails::default()
            },
            revision: 1,
            created_at: now,
            updated_at: now,
        };
        let (id, scope) = (made.id, self.scope.clone());
        let inserted = self.place.app.store().write(move |writer| {
            writer.insert_account(&scope, &made, &limit)?;
            let verbs = Verbs::NONE.with(Verb::Charge);
            writer.set_access(&scope, made.id, Subject::Everyone, verbs)
        });
        inserted.await.unwrap();
        id
    }

    pub(crate) async fn set_limit(&self, id: AccountId, limit: Limit) {
        let scope = self.scope.clone();
        let store = self.place.app.store();
        let set = store.write(move |writer| writer.set_limit(&scope, id, &limit));
        set.await.unwrap();
    }

    pub(crate) async fn charge(&self, request: ChargeRequest) -> Result<ChargeId, AccountsRefusal> {
        let once = once(|charge: &Charge| charge.id.to_string());
        let charged = self
            .place
            .app
            .charges()
            .charge(&self.scope, request, once)
            .await?;
        Ok(body(&charged).parse().unwrap())
    }

    pub(crate) async fn hold(&self, request: ChargeRequest) -> Result<HoldId, AccountsRefusal> {
        let once = once(|hold: &Hold| hold.id.to_string());
        let time = Duration::from_mins(10);
        let held = self
            .place
            .app
            .charges()
            .hold(&self.scope, request, time, once)
            .await?;
        Ok(body(&held).parse().unwrap())
    }

    pub(crate) async fn capture(
        &self,
        id: HoldId,
        due: Option<Due>,
    ) -> Result<ChargeId, AccountsRefusal> {
        let once = once(|charge: &Charge| charge.id.to_string());
        let captured = self
            .place
            .app
            .charges()
            .capture(&self.scope, id, due, once)
            .await?;
        Ok(body(&captured).parse().unwrap())
    }

    pub(crate) async fn release(&self, id: HoldId) -> Result<(), AccountsRefusal> {
        let once = once(|hold: &Hold| hold.id.to_string());
        self.place
            .app
            .charges()
            .release(&self.scope, id, once)
            .await
            .map(drop)
    }

    pub(crate) async fn refund(
        &self,
        id: ChargeId,
        points: Option<Points>,
    ) -> Result<(), AccountsRefusal> {
        let (app, once) = (
            &self.place.app,
            once(|charge: &Charge| charge.id.to_string()),
        );
        let refunded =
            app.charges()
                .refund(&self.scope, id, points, "a jam".to_owned(), None, once);
        refunded.await.map(drop)
    }

    pub(crate) async fn transfer(&self, transfer: Transfer) -> Result<(), AccountsRefusal> {
        let once = once(|moved: &Transferred| moved.id.to_string());
        let moved = self
            .place
            .app
            .accounts()
            .transfer(&self.scope, transfer, once);
        moved.await.map(drop)
    }

    pub(crate) async fn reset(&self, place: (&str, &str)) -> Result<(), AccountsRefusal> {
        let once = once(|entry: &LedgerEntry| entry.number.to_string());
        let reset = Reset {
            account: account(place.0),
            user: user(place.1),
            reason: "an exam".to_owned(),
        };
        let done = self
            .place
            .app
            .accounts()
            .reset_balance(&self.scope, reset, once);
        done.await.map(drop)
    }

    pub(crate) async fn print(&self, record: PrintRecord) {
        let app = &self.place.app;
        let taken = app
            .printing()
            .take_in_print_jobs(&self.scope, vec![record], None);
        let verdicts = taken.await.unwrap();
        assert!(matches!(verdicts[..], [Verdict::Taken(_)]), "{verdicts:?}");
    }

    pub(crate) async fn balance(&self, place: (&str, &str)) -> BalanceView {
        let (account, user) = (account(place.0), user(place.1));
        self.place
            .app
            .accounts()
            .balance(&self.scope, account, user)
            .await
            .unwrap()
    }

    /// The balance in whole points.
    pub(crate) async fn points(&self, place: (&str, &str)) -> i64 {
        self.balance(place).await.balance.points.millionths() / 1_000_000
    }

    /// The ledger as people would read it, the oldest first.
    pub(crate) async fn ledger(&self) -> Vec<String> {
        let app = &self.place.app;
        let page = app.accounts().ledger(
            &self.scope,
            platen_app::accounts::LedgerFilter::default(),
            FIRST_PAGE,
        );
        let line = |entry: &LedgerEntry| {
            format!(
                "{} {} {} {} {} = {}",
                entry.number,
                entry.account.code,
                entry.user.name,
                entry.kind.keyword(),
                entry.points,
                entry.balance
            )
        };
        page.await.unwrap().items.iter().rev().map(line).collect()
    }

    /// The charges of the organization as people would read them, by the names of their jobs.
    pub(crate) async fn charges(&self) -> Vec<String> {
        let filter = platen_app::accounts::ChargeFilter::default();
        let page = self
            .place
            .app
            .charges()
            .list(&self.scope, filter, FIRST_PAGE);
        let line = |charge: &Charge| {
            let job = charge.job.as_ref().map_or("-", |job| &job.id);
            let problems: Vec<_> = charge.problems.iter().map(ChargeProblem::keyword).collect();
            format!(
                "{job} r{} {} {} {:?}",
                charge.revision,
                charge.state.keyword(),
                charge.net(),
                problems
            )
        };
        let mut lines: Vec<_> = page.await.unwrap().items.iter().map(line).collect();
        lines.sort();
        lines
    }

    /// That every balance is the sum of its entries.
    pub(crate) async fn check(&self) {
        let differences = self
            .place
            .app
            .accounts()
            .check_balances(&self.scope)
            .await
            .unwrap();
        assert!(differences.is_empty(), "{differences:?}");
    }
}
