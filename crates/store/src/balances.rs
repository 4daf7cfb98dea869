//! Balances: always the sum of the ledger's entries.

use platen_domain::accounts::AccountRef;
use platen_domain::balances::Balance;
use platen_domain::clock::Timestamp;
use platen_domain::points::Points;
use platen_domain::print_users::UserRef;
use platen_domain::scope::Scope;

use crate::access::{Reader, Writer};
use crate::columns;
use crate::error::StoreError;
use crate::session::{Row, params};
use crate::standings::{Chosen, Seat, Standing};

/// Where a list of balances goes on: behind this account's and user's number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct BalancePosition {
    /// The account's number.
    pub account_no: i64,
    /// The user's number.
    pub user_no: i64,
}

/// A balance that is not what its entries say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The account's code.
    pub account: String,
    /// The user's name.
    pub user: String,
    /// The balance as kept.
    pub balance: Points,
    /// The sum of the entries.
    pub sum: Points,
    /// The balance that the last entry states; `None` where there is no entry.
    pub stated: Option<Points>,
}

impl Reader<'_> {
    pub(crate) fn kept_balance(&self, seat: Seat) -> Result<Option<Balance>, StoreError> {
        let sql = "SELECT points, allocated, period_from FROM balances
                   WHERE organization_no = ?1 AND account_no = ?2 AND user_no = ?3";
        let place = params![seat.organization, seat.account, seat.user];
        self.one(sql, place, |row| from_row(row, 0))
    }

    /// How users stand, in the order of their numbers: those who have a balance, of one account,
    /// of one user, or all. `None` where the account or user is not the organization's.
    pub fn standings(
        &self,
        scope: &Scope,
        account: Option<&AccountRef>,
        user: Option<&UserRef>,
        after: BalancePosition,
        most: u32,
        now: Timestamp,
    ) -> Result<Option<Vec<(BalancePosition, Standing)>>, StoreError> {
        let Some(chosen) = self.chosen(scope, account, user)? else {
            return Ok(None);
        };
        let organization_no = chosen.organization;
        let seats = self.seats(chosen, after, most)?;
        let mut standings = Vec::with_capacity(seats.len());
        for (position, account_id, user_id) in seats {
            let account = self.account_row(organization_no, &AccountRef::Id(account_id))?;
            let account = account.ok_or(StoreError::NotFound("account"))?;
            let user = self.user_row(organization_no, &UserRef::Id(user_id))?;
            let standing = self.stand(organization_no, account, user, now)?;
            standings.push((position, standing));
        }
        Ok(Some(standings))
    }

    /// Sums up every balance of the organization anew, and names those that differ.
    pub fn balance_differences(
        &self,
        scope: &Scope,
        most: u32,
    ) -> Result<Vec<Difference>, StoreError> {
        let organization_no = self.organization_no(scope)?;
        let sql = "WITH sums AS (
                       SELECT account_no, user_no, sum(points) AS points, max(entry_no) AS last_no
                       FROM ledger_entries WHERE organization_no = ?1
                       GROUP BY account_no, user_no),
                   seats AS (
                       SELECT account_no, user_no FROM sums
                       UNION
                       SELECT account_no, user_no FROM balances WHERE organization_no = ?1)
                   SELECT a.code, u.name, coalesce(b.points, 0), coalesce(s.points, 0), l.balance
                   FROM seats
                   JOIN accounts a ON a.organization_no = ?1 AND a.account_no = seats.account_no
                   JOIN print_users u ON u.organization_no = ?1 AND u.user_no = seats.user_no
                   LEFT JOIN balances b ON b.organization_no = ?1
                       AND b.account_no = seats.account_no AND b.user_no = seats.user_no
                   LEFT JOIN sums s
                       ON s.account_no = seats.account_no AND s.user_no = seats.user_no
                   LEFT JOIN ledger_entries l
                       ON l.organization_no = ?1 AND l.entry_no = s.last_no
                   WHERE coalesce(b.points, 0) <> coalesce(s.points, 0)
                      OR coalesce(l.balance, 0) <> coalesce(s.points, 0)
                   LIMIT ?2";
        self.all(sql, params![organization_no, most], |row| {
            Ok(Difference {
                account: row.get(0)?,
                user: row.get(1)?,
                balance: Points::from_millionths(row.get(2)?),
                sum: Points::from_millionths(row.get(3)?),
                stated: row.get::<Option<i64>>(4)?.map(Points::from_millionths),
            })
        })
    }

    /// Users of an account whose balance is not settled into the period that began at
    /// `period_from`, or not into its limit, `most` at most.
    pub fn unsettled(
        &self,
        scope: &Scope,
        account: &AccountRef,
        period_from: Timestamp,
        most: u32,
        now: Timestamp,
    ) -> Result<Vec<Standing>, StoreError> {
        let organization_no = self.organization_no(scope)?;
        let Some(account) = self.account_row(organization_no, account)? else {
            return Ok(Vec::new());
        };
        let points = account.limit.points_per_user.map(Points::millionths);
        let sql = "SELECT u.user_id FROM balances b
                   JOIN print_users u
                       ON u.organization_no = b.organization_no AND u.user_no = b.user_no
                   WHERE b.organization_no = ?1 AND b.account_no = ?2 AND u.merged_into IS NULL
                     AND (b.period_from < ?3 OR b.period_from > ?6
                          OR (?4 IS NOT NULL AND b.allocated IS DISTINCT FROM ?4))
                   LIMIT ?5";
        let due = params![
            organization_no,
            account.account_no,
            period_from.as_millis(),
            points,
            most,
            now.as_millis()
        ];
        let users = self.all(sql, due, |row| row.get(0).map(user_id))?;
        let stand = |id| {
            let user = self.user_row(organization_no, &UserRef::Id(id))?;
            self.stand(organization_no, account.clone(), user, now)
        };
        users.into_iter().map(stand).collect()
    }

    fn seats(
        &self,
        chosen: Chosen,
        after: BalancePosition,
        most: u32,
    ) -> Result<Vec<SeatIds>, StoreError> {
        let one = match (chosen.account, chosen.user) {
            (Some(_), Some(_)) => "b.account_no = ?2 AND b.user_no = ?3",
            (Some(_), None) => "b.account_no = ?2 AND ?3 IS NULL",
            (None, Some(_)) => "?2 IS NULL AND b.user_no = ?3",
            (None, None) => "?2 IS NULL AND ?3 IS NULL",
        };
        let sql = format!(
            "SELECT b.account_no, b.user_no, a.account_id, u.user_id
             FROM balances b
             JOIN accounts a
                 ON a.organization_no = b.organization_no AND a.account_no = b.account_no
             JOIN print_users u
                 ON u.organization_no = b.organization_no AND u.user_no = b.user_no
             WHERE b.organization_no = ?1 AND u.merged_into IS NULL AND {one}
               AND (b.account_no, b.user_no) > (?4, ?5)
             ORDER BY b.account_no, b.user_no LIMIT ?6"
        );
        let place = params![
            chosen.organization,
            chosen.account,
            chosen.user,
            after.account_no,
            after.user_no,
            most
        ];
        self.all(&sql, place, |row| {
            let position = BalancePosition {
                account_no: row.get(0)?,
                user_no: row.get(1)?,
            };
            let account = platen_domain::ids::AccountId::from_bytes(row.get(2)?);
            Ok((position, account, user_id(row.get(3)?)))
        })
    }
}

type SeatIds = (
    BalancePosition,
    platen_domain::ids::AccountId,
    platen_domain::ids::PrintUserId,
);

const fn user_id(bytes: [u8; 16]) -> platen_domain::ids::PrintUserId {
    platen_domain::ids::PrintUserId::from_bytes(bytes)
}

impl Writer<'_> {
    /// Notes for which period, and by which allocation, a balance stands. Its points do not move.
    pub fn set_allocation(
        &self,
        standing: &mut Standing,
        settled: &Balance,
    ) -> Result<(), StoreError> {
        let points = standing.balance.map_or(Points::ZERO, |known| known.points);
        let seat = standing.seat;
        self.execute(
            "INSERT INTO balances (organization_no, account_no, user_no, points, allocated,
                 period_from)
             VALUES (?1, ?2, ?3, 0, ?4, ?5)
             ON CONFLICT (organization_no, account_no, user_no)
                 DO UPDATE SET allocated = ?4, period_from = ?5",
            params![
                seat.organization,
                seat.account,
                seat.user,
                settled.allocated.map(Points::millionths),
                settled.period_from.as_millis(),
            ],
        )?;
        standing.balance = Some(Balance { points, ..*settled });
        Ok(())
    }
}

/// Three columns: points, what was allocated, and since when.
pub(crate) fn from_row(row: &Row<'_>, first: usize) -> Result<Balance, StoreError> {
    let allocated: Option<i64> = row.get(first + 1)?;
    Ok(Balance {
        points: Points::from_millionths(row.get(first)?),
        allocated: allocated.map(Points::from_millionths),
        period_from: columns::time(row, first + 2)?,
    })
}

#[cfg(test)]
mod tests {
    use platen_domain::ids::OrganizationId;
    use platen_domain::organizations::Organization;
    use platen_domain::scope::{Actor, Scope};
    use rusqlite::Connection;

    use super::*;
    use crate::{Store, StoreOptions};

    /// Rows of an account with one user and one entry of five points.
    const ROWS: &str = "
        INSERT INTO print_users (user_no, organization_no, user_id, name, name_folded, job_name,
                                 state, revision, created_at)
            VALUES (1, 1, x'02020202020202020202020202020202', 'ada', 'ada', 'ada', 0, 1, 0);
        INSERT INTO accounts (account_no, organization_no, account_id, code, code_folded, name,
                              name_folded, state, revision, created_at, updated_at, period,
                              period_day, overdraft, enforcement, functions, color)
            VALUES (1, 1, x'03030303030303030303030303030303', 'MATH', 'math', 'Math', 'math', 0,
                    1, 0, 0, 0, 0, 0, 0, 31, 0);
        INSERT INTO balances (organization_no, account_no, user_no, points, period_from)
            VALUES (1, 1, 1, 5, 0);
        INSERT INTO ledger_entries VALUES (1, 1, 0, 1, 1, 4, 5, 5, 'test', NULL, NULL);";

    #[tokio::test]
    async fn a_balance_that_somebody_wrote_by_hand_is_found() {
        let directory = tempfile::tempdir().unwrap();
        let store = Store::open(directory.path(), StoreOptions::default()).unwrap();
        let organization = Organization {
            id: OrganizationId::from_bytes([1; 16]),
            name: "Northwind".to_owned(),
            time_zone: "UTC".to_owned(),
            created_at: Timestamp::from_millis(0),
        };
        #[expect(
            clippy::disallowed_methods,
            reason = "tests stand in for the authorization layer"
        )]
        let scope = Scope::grant(organization.id, Actor::System("test"));
        let founded = store.write(move |w| w.insert_organization(&organization));
        founded.await.unwrap();
        let file = Connection::open(store.health().database).unwrap();
        file.execute_batch(ROWS).unwrap();
        let differences = || {
            let scope = scope.clone();
            store.read(move |r| r.balance_differences(&scope, 10))
        };
        assert_eq!(differences().await.unwrap(), []);
        file.execute("UPDATE balances SET points = 9", []).unwrap();
        let found = differences().await.unwrap();
        let millionths = Points::from_millionths;
        assert_eq!(
            (found[0].balance, found[0].sum, found[0].stated),
            (millionths(9), millionths(5), Some(millionths(5)))
        );
        file.execute("DELETE FROM balances", []).unwrap();
        assert_eq!(differences().await.unwrap()[0].balance, Points::ZERO);
    }
}
