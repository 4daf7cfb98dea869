//! A large house: accounts with monthly limits, thousands of users, and their ledger.

use std::time::Instant;

use anyhow::Result;
use jiff::tz::TimeZone;
use platen_domain::account_access::{Subject, Verb, Verbs};
use platen_domain::account_limits::{Limit, Period};
use platen_domain::accounts::{Account, AccountDetails, AccountState};
use platen_domain::balances::{Balance, Movement};
use platen_domain::charges::{Charge, ChargeOrigin, ChargeProblems, ChargeState};
use platen_domain::clock::{Clock as _, Timestamp};
use platen_domain::ids::{AccountId, ChargeId, SeededIds};
use platen_domain::ledger::{EntryKind, Reference};
use platen_domain::points::Points;
use platen_domain::scope::Scope;
use platen_store::{EntryNote, Standing, Store, StoreError, Writer};
use tokio::task::JoinSet;

use crate::chance::Chance;
use crate::clock::WallClock;

/// Accounts.
pub(in crate::bench) const ACCOUNTS: u64 = 200;

/// Users.
const USERS: u64 = 5_000;

/// Accounts that each user charges.
const ACCOUNTS_OF_USER: u64 = 4;

/// Balances.
const SEATS: u64 = USERS * ACCOUNTS_OF_USER;

/// Points that each user gets a month: nobody runs out of them here.
const POINTS: Points = Points::whole(1_000_000);

/// Charges of one write.
const BATCH: u64 = 100;

/// Writes under way at the same time, which share their way to the disk.
const WRITES: usize = 256;

/// A user's place in an account, as requests name it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Seat {
    pub(super) account: String,
    pub(super) user: String,
}

impl Seat {
    /// One of them all.
    pub(super) fn any(chance: &Chance) -> Self {
        Self::numbered(chance.below(SEATS))
    }

    fn numbered(number: u64) -> Self {
        let (user, place) = (number / ACCOUNTS_OF_USER, number % ACCOUNTS_OF_USER);
        Self {
            account: code((user + 37 * place) % ACCOUNTS),
            user: format!("user{user:04}"),
        }
    }
}

/// The code of an account.
pub(in crate::bench) fn code(account: u64) -> String {
    format!("ACC-{account:03}")
}

/// Makes at least so many entries of the ledger, nearly all of them charges.
pub(super) async fn fill(
    store: &Store,
    scope: &Scope,
    entries: u64,
    chance: &Chance,
) -> Result<()> {
    let (now, started) = (WallClock.now(), Instant::now());
    let within = scope.clone();
    store
        .write(move |writer| open_accounts(writer, &within, now))
        .await?;
    let period_from = month_of(now)?;
    // Every seat is taken once before chance chooses among them.
    let charges = entries.saturating_sub(SEATS).max(SEATS);
    let (mut made, mut writes) = (0, JoinSet::<Result<u64, StoreError>>::new());
    for first in (0..charges).step_by(usize::try_from(BATCH)?) {
        let (store, scope, chance) = (store.clone(), scope.clone(), chance.clone());
        writes.spawn(async move {
            let written = store.write(move |writer| {
                let ids = SeededIds::new(first);
                let batch = Batch {
                    writer,
                    scope: &scope,
                    now,
                    period_from,
                    ids: &ids,
                };
                let seats = (first..first + BATCH).map(|charge| match charge {
                    ..SEATS => Seat::numbered(charge),
                    _ => Seat::any(&chance),
                });
                seats.map(|seat| batch.charge(&seat)).sum()
            });
            written.await
        });
        if writes.len() == WRITES
            && let Some(written) = writes.join_next().await
        {
            made += written??;
        }
    }
    while let Some(written) = writes.join_next().await {
        made += written??;
    }
    println!(
        "{made} entries of the ledger made in {:.0} s",
        started.elapsed().as_secs_f64()
    );
    Ok(())
}

/// Makes the accounts, which everyone may charge.
pub(in crate::bench) fn open_accounts(
    writer: &Writer<'_>,
    scope: &Scope,
    now: Timestamp,
) -> Result<(), StoreError> {
    let ids = SeededIds::new(1);
    let limit = Limit {
        points_per_user: Some(POINTS),
        period: Period::Monthly(1),
        ..Limit::default()
    };
    for number in 0..ACCOUNTS {
        let id = AccountId::new(now, &ids);
        let account = Account {
            id,
            details: AccountDetails {
                code: code(number),
                name: format!("Account {number}"),
                state: AccountState::Active,
                ..AccountDetails::default()
            },
            revision: 1,
            created_at: now,
            updated_at: now,
        };
        writer.insert_account(scope, &account, &limit)?;
        let verbs = Verbs::NONE.with(Verb::Charge);
        writer.set_access(scope, id, Subject::Everyone, verbs)?;
    }
    Ok(())
}

struct Batch<'b> {
    writer: &'b Writer<'b>,
    scope: &'b Scope,
    now: Timestamp,
    period_from: Timestamp,
    ids: &'b SeededIds,
}

impl Batch<'_> {
    /// One charge of one point, and the month's points before the first; says how many entries
    /// that made.
    fn charge(&self, seat: &Seat) -> Result<u64, StoreError> {
        let (writer, scope, now) = (self.writer, self.scope, self.now);
        let standing = writer.standing_of_job(scope, &seat.account, &seat.user, now, self.ids)?;
        let mut standing = standing.ok_or(StoreError::NotFound("account"))?;
        let mut made = 1;
        if standing.balance.is_none() {
            self.allocate(&mut standing)?;
            made += 1;
        }
        let charge = self.made(&standing);
        writer.put_charge(scope, &charge)?;
        let reference = Some(Reference::Charge(charge.id));
        let (kind, points) = (EntryKind::Charge, charge.claimed.negated());
        let movement = Movement { kind, points };
        writer.move_points(&mut standing, movement, &self.note("bench", reference))?;
        Ok(made)
    }

    fn allocate(&self, standing: &mut Standing) -> Result<(), StoreError> {
        let (kind, points) = (EntryKind::Allocation, POINTS);
        let movement = Movement { kind, points };
        self.writer
            .move_points(standing, movement, &self.note("limit", None))?;
        let balance = Balance {
            points,
            allocated: Some(points),
            period_from: self.period_from,
        };
        self.writer.set_allocation(standing, &balance)
    }

    fn made(&self, standing: &Standing) -> Charge {
        Charge {
            id: ChargeId::new(self.now, self.ids),
            origin: ChargeOrigin::Program,
            job: None,
            account_named: None,
            account: Some(standing.account_label()),
            user: standing.user_label(),
            claimed: Points::whole(1),
            refunded: Points::ZERO,
            state: ChargeState::Charged,
            problems: ChargeProblems::NONE,
            at: self.now,
            updated_at: self.now,
            revision: 0,
        }
    }

    const fn note<'n>(&self, actor: &'n str, reference: Option<Reference>) -> EntryNote<'n> {
        EntryNote {
            at: self.now,
            actor,
            reason: None,
            reference,
        }
    }
}

/// The first instant of the month, in UTC.
fn month_of(now: Timestamp) -> Result<Timestamp> {
    let now = jiff::Timestamp::from_millisecond(now.as_millis())?;
    let today = TimeZone::UTC.to_datetime(now).date();
    let first = TimeZone::UTC.to_timestamp(today.first_of_month().at(0, 0, 0, 0))?;
    Ok(Timestamp::from_millis(first.as_millisecond()))
}
