//! The ledger: appended to, never changed (triggers see to that), and checked against the balance
//! with every entry.

use std::ops::Range;

use platen_domain::accounts::{AccountLabel, AccountRef};
use platen_domain::balances::Movement;
use platen_domain::clock::Timestamp;
use platen_domain::ids::{AccountId, ChargeId, PrintUserId, TransferId};
use platen_domain::ledger::{EntryKind, LedgerEntry, Reference};
use platen_domain::points::Points;
use platen_domain::print_users::{UserLabel, UserRef};
use platen_domain::scope::Scope;

use crate::access::{Reader, Writer};
use crate::columns;
use crate::counters::Counter;
use crate::error::StoreError;
use crate::session::{Row, params};
use crate::standings::Standing;

/// What an entry says besides its points.
#[derive(Debug, Clone, Copy)]
pub struct EntryNote<'a> {
    /// When.
    pub at: Timestamp,
    /// Who.
    pub actor: &'a str,
    /// Why, in words.
    pub reason: Option<&'a str>,
    /// What it belongs to.
    pub reference: Option<Reference>,
}

/// Which entries are listed. What is `None` does not matter.
#[derive(Debug, Clone, Default)]
pub struct LedgerQuery {
    /// Of this account.
    pub account: Option<AccountRef>,
    /// Of this user.
    pub user: Option<UserRef>,
    /// Of this kind.
    pub kind: Option<EntryKind>,
    /// Made in this time.
    pub made: Option<Range<Timestamp>>,
    /// Before the entry with this number; `None` begins with the newest.
    pub before: Option<u64>,
}

impl Reader<'_> {
    /// Entries, the newest first. `None` where the account or user is not the organization's.
    pub fn ledger(
        &self,
        scope: &Scope,
        query: &LedgerQuery,
        most: u32,
    ) -> Result<Option<Vec<LedgerEntry>>, StoreError> {
        let chosen = self.chosen(scope, query.account.as_ref(), query.user.as_ref())?;
        let Some(chosen) = chosen else {
            return Ok(None);
        };
        // Each has its index; one statement for all would use none.
        let one = match (chosen.account, chosen.user) {
            (_, Some(user)) if self.has_merged_users(chosen.organization, user)? => {
                "l.user_no IN (SELECT user_no FROM print_users
                               WHERE organization_no = ?1 AND (user_no = ?3 OR merged_into = ?3))
                 AND (?2 IS NULL OR +l.account_no = ?2)"
            }
            (_, Some(_)) => "l.user_no = ?3 AND (?2 IS NULL OR +l.account_no = ?2)",
            (Some(_), None) => "l.account_no = ?2 AND ?3 IS NULL",
            (None, None) => "?2 IS NULL AND ?3 IS NULL",
        };
        let sql = format!(
            "SELECT l.entry_no, l.at, a.account_id, a.code, u.user_id, u.name, l.kind, l.points,
                    l.balance, l.actor, l.reason, l.reference
             FROM ledger_entries l
             JOIN accounts a
                 ON a.organization_no = l.organization_no AND a.account_no = l.account_no
             JOIN print_users u
                 ON u.organization_no = l.organization_no AND u.user_no = l.user_no
             WHERE l.organization_no = ?1 AND {one} AND l.entry_no < ?4
               AND (?5 IS NULL OR l.kind = ?5) AND l.at >= ?6 AND l.at < ?7
             ORDER BY l.entry_no DESC LIMIT ?8"
        );
        let always = Timestamp::from_millis(i64::MIN)..Timestamp::from_millis(i64::MAX);
        let made = query.made.clone().unwrap_or(always);
        let before = query.before.and_then(|number| i64::try_from(number).ok());
        let chosen = params![
            chosen.organization,
            chosen.account,
            chosen.user,
            before.unwrap_or(i64::MAX),
            query.kind.map(EntryKind::number),
            made.start.as_millis(),
            made.end.as_millis(),
            most
        ];
        self.all(&sql, chosen, entry_from_row).map(Some)
    }
}

impl Writer<'_> {
    /// Moves points of a balance and appends the entry that says so. The user must be known.
    /// [`StoreError::Full`] where the balance would leave its range; nothing is written then.
    pub fn move_points(
        &self,
        standing: &mut Standing,
        movement: Movement,
        note: &EntryNote<'_>,
    ) -> Result<LedgerEntry, StoreError> {
        let user = standing.user_label().ok_or(StoreError::NotFound("user"))?;
        let points = self.add_to_balance(standing, movement.points)?;
        let number = self.next_no(standing.seat.organization, Counter::Entry)?;
        let entry = LedgerEntry {
            number: number.cast_unsigned(),
            at: note.at,
            account: standing.account_label(),
            user,
            kind: movement.kind,
            points: movement.points,
            balance: points,
            actor: note.actor.to_owned(),
            reason: note.reason.map(str::to_owned),
            reference: note.reference,
        };
        self.insert_entry(standing, &entry)?;
        Ok(entry)
    }

    /// Adds to what is on disk, not to what the standing remembers.
    fn add_to_balance(
        &self,
        standing: &mut Standing,
        points: Points,
    ) -> Result<Points, StoreError> {
        let seat = standing.seat;
        let mut balance = self.kept_balance(seat)?.unwrap_or_default();
        balance.points = balance.points.plus(points);
        if !balance.points.fits_a_balance() {
            return Err(StoreError::Full("points in one balance"));
        }
        let sql = "INSERT INTO balances (organization_no, account_no, user_no, points, period_from)
                   VALUES (?1, ?2, ?3, ?4, 0)
                   ON CONFLICT (organization_no, account_no, user_no) DO UPDATE SET points = ?4";
        let points = balance.points.millionths();
        let kept = params![seat.organization, seat.account, seat.user, points];
        self.execute(sql, kept)?;
        standing.balance = Some(balance);
        Ok(balance.points)
    }

    fn insert_entry(&self, standing: &Standing, entry: &LedgerEntry) -> Result<(), StoreError> {
        let sql = "INSERT INTO ledger_entries (organization_no, entry_no, at, account_no, user_no,
                       kind, points, balance, actor, reason, reference)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)";
        let reference = entry.reference.as_ref().map(|reference| match reference {
            Reference::Charge(id) => id.as_bytes(),
            Reference::Transfer(id) => id.as_bytes(),
        });
        let seat = standing.seat;
        self.execute(
            sql,
            params![
                seat.organization,
                columns::count_form(entry.number),
                entry.at.as_millis(),
                seat.account,
                seat.user,
                entry.kind.number(),
                entry.points.millionths(),
                entry.balance.millionths(),
                entry.actor,
                entry.reason,
                reference,
            ],
        )?;
        Ok(())
    }
}

fn entry_from_row(row: &Row<'_>) -> Result<LedgerEntry, StoreError> {
    let kind = columns::numbered(row, 6, EntryKind::from_number)?;
    let reference: Option<[u8; 16]> = row.get(11)?;
    let refers = |id| match kind {
        EntryKind::Transfer => Reference::Transfer(TransferId::from_bytes(id)),
        _ => Reference::Charge(ChargeId::from_bytes(id)),
    };
    Ok(LedgerEntry {
        number: columns::count(row, 0)?,
        at: columns::time(row, 1)?,
        account: AccountLabel {
            id: AccountId::from_bytes(row.get(2)?),
            code: row.get(3)?,
        },
        user: UserLabel {
            id: PrintUserId::from_bytes(row.get(4)?),
            name: row.get(5)?,
        },
        kind,
        points: Points::from_millionths(row.get(7)?),
        balance: Points::from_millionths(row.get(8)?),
        actor: row.get(9)?,
        reason: row.get(10)?,
        reference: reference.map(refers),
    })
}

#[cfg(test)]
mod tests {
    use rusqlite::Connection;

    #[test]
    fn an_entry_can_neither_be_changed_nor_deleted() {
        let connection = Connection::open_in_memory().unwrap();
        connection
            .pragma_update(None, "foreign_keys", false)
            .unwrap();
        for migration in crate::sqlite::migrations::MIGRATIONS {
            connection.execute_batch(migration.sql).unwrap();
        }
        let entry = "INSERT INTO ledger_entries VALUES (1, 1, 0, 1, 1, 0, 5, 5, 'x', NULL, NULL)";
        connection.execute(entry, []).unwrap();
        for sql in [
            "UPDATE ledger_entries SET points = 6",
            "DELETE FROM ledger_entries",
        ] {
            let refused = connection.execute(sql, []).unwrap_err().to_string();
            assert!(refused.starts_with("ledger entries never"), "{refused}");
        }
    }
}
