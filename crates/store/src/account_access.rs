//! Access to accounts.

use platen_domain::account_access::{AccessList, Subject, Verbs};
use platen_domain::clock::Timestamp;
use platen_domain::ids::{AccountId, GroupId, PrintUserId};
use platen_domain::scope::Scope;

use crate::access::{Reader, Writer};
use crate::columns;
use crate::error::StoreError;
use crate::organization_no::OrganizationNo;
use crate::session::{Row, params};
use crate::standings::Seat;

/// How `account_access.subject_kind` spells a [`Subject`].
mod subject {
    pub(super) const EVERYONE: u8 = 0;
    pub(super) const GROUP: u8 = 1;
    pub(super) const USER: u8 = 2;
}

/// An entry of an access list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessEntry {
    /// Who is meant.
    pub subject: Subject,
    /// The name of the group or user; empty for everyone.
    pub name: String,
    /// What they may do.
    pub verbs: Verbs,
}

impl Reader<'_> {
    /// An account's access list in the order everyone, groups and users by name.
    pub fn account_access(
        &self,
        scope: &Scope,
        account: AccountId,
    ) -> Result<Vec<AccessEntry>, StoreError> {
        let organization_no = self.organization_no(scope)?;
        let sql = "SELECT e.subject_kind, coalesce(g.group_id, u.user_id),
                          coalesce(g.name, u.name, ''), e.verbs
                   FROM accounts a
                   JOIN account_access e
                       ON e.organization_no = a.organization_no AND e.account_no = a.account_no
                   LEFT JOIN print_groups g ON e.subject_kind = 1
                       AND g.organization_no = e.organization_no AND g.group_no = e.subject_no
                   LEFT JOIN print_users u ON e.subject_kind = 2
                       AND u.organization_no = e.organization_no AND u.user_no = e.subject_no
                   WHERE a.organization_no = ?1 AND a.account_id = ?2
                   ORDER BY e.subject_kind, coalesce(g.name_folded, u.name_folded)";
        self.all(sql, params![organization_no, account.as_bytes()], from_row)
    }

    /// How many entries an account's access list has.
    pub fn count_access(&self, scope: &Scope, account: AccountId) -> Result<u64, StoreError> {
        let organization_no = self.organization_no(scope)?;
        let sql =
            "SELECT count(*) FROM account_access WHERE organization_no = ?1 AND account_no = (
                       SELECT account_no FROM accounts
                       WHERE organization_no = ?1 AND account_id = ?2)";
        let count = self.one(sql, params![organization_no, account.as_bytes()], |row| {
            columns::count(row, 0)
        })?;
        Ok(count.unwrap_or(0))
    }

    /// What one entry of an account's access list allows; nothing where there is none.
    pub fn access_of(
        &self,
        scope: &Scope,
        account: AccountId,
        subject: Subject,
    ) -> Result<Verbs, StoreError> {
        let organization_no = self.organization_no(scope)?;
        let Some((account_no, kind, number)) =
            self.access_key(organization_no, account, subject)?
        else {
            return Ok(Verbs::NONE);
        };
        let sql = "SELECT verbs FROM account_access
                   WHERE organization_no = ?1 AND account_no = ?2 AND subject_kind = ?3
                     AND subject_no = ?4";
        let entry = params![organization_no, account_no, kind, number];
        let bits = self.one(sql, entry, |row| row.get(0))?;
        Ok(bits.map_or(Verbs::NONE, Verbs::from_bits))
    }

    /// What a user may do with an account: all that everyone, the user's groups and the user may.
    /// One who is not known may what everyone may.
    pub(crate) fn verbs_of(&self, seat: Seat) -> Result<Verbs, StoreError> {
        let sql = "SELECT verbs FROM account_access
                   WHERE organization_no = ?1 AND account_no = ?2 AND subject_kind = 0
                     AND subject_no = 0
                   UNION ALL
                   SELECT verbs FROM account_access
                   WHERE organization_no = ?1 AND account_no = ?2 AND subject_kind = 2
                     AND subject_no = ?3
                   UNION ALL
                   SELECT a.verbs FROM group_members m
                   JOIN account_access a ON a.organization_no = ?1 AND a.account_no = ?2
                       AND a.subject_kind = 1 AND a.subject_no = m.group_no
                   WHERE m.organization_no = ?1 AND m.user_no = ?3";
        let mut bits: u8 = 0;
        self.each(
            sql,
            params![seat.organization, seat.account, seat.user],
            |row| {
                bits |= row.get::<u8>(0)?;
                Ok(())
            },
        )?;
        Ok(Verbs::from_bits(bits))
    }

    /// The key of an entry: numbers of account, kind and subject. `None` where the organization
    /// lacks one of them.
    fn access_key(
        &self,
        organization_no: OrganizationNo,
        account: AccountId,
        subject: Subject,
    ) -> Result<Option<(i64, u8, i64)>, StoreError> {
        let (kind, sql, id) = match subject {
            Subject::Everyone => (
                subject::EVERYONE,
                "SELECT account_no, 0 FROM accounts
                 WHERE organization_no = ?1 AND account_id = ?2 AND ?3 IS NULL",
                None,
            ),
            Subject::Group(id) => (
                subject::GROUP,
                "SELECT a.account_no, g.group_no FROM accounts a
                 JOIN print_groups g ON g.organization_no = ?1 AND g.group_id = ?3
                 WHERE a.organization_no = ?1 AND a.account_id = ?2",
                Some(*id.as_bytes()),
            ),
            Subject::User(id) => (
                subject::USER,
                "SELECT a.account_no, u.user_no FROM accounts a
                 JOIN print_users u ON u.organization_no = ?1 AND u.user_id = ?3
                 WHERE a.organization_no = ?1 AND a.account_id = ?2",
                Some(*id.as_bytes()),
            ),
        };
        let meant = params![organization_no, account.as_bytes(), id];
        self.one(sql, meant, |row| Ok((row.get(0)?, kind, row.get(1)?)))
    }
}

impl Writer<'_> {
    /// Replaces an account's access list as a whole. Its revision does not move with it.
    pub fn replace_access(
        &self,
        scope: &Scope,
        account: AccountId,
        list: &AccessList,
    ) -> Result<(), StoreError> {
        let organization_no = self.organization_no(scope)?;
        let sql = "DELETE FROM account_access WHERE organization_no = ?1 AND account_no = (
                       SELECT account_no FROM accounts
                       WHERE organization_no = ?1 AND account_id = ?2)";
        self.execute(sql, params![organization_no, account.as_bytes()])?;
        for (subject, verbs) in list {
            self.set_access(scope, account, *subject, *verbs)?;
        }
        Ok(())
    }

    /// Sets one entry of an account's access list; no verbs take it away. Its revision does not
    /// move with it. [`StoreError::NotFound`] where the organization lacks account or subject.
    pub fn set_access(
        &self,
        scope: &Scope,
        account: AccountId,
        subject: Subject,
        verbs: Verbs,
    ) -> Result<(), StoreError> {
        let organization_no = self.organization_no(scope)?;
        let key = self.access_key(organization_no, account, subject)?;
        let (account_no, kind, number) = key.ok_or(StoreError::NotFound("account"))?;
        if verbs.is_empty() {
            let sql = "DELETE FROM account_access
                       WHERE organization_no = ?1 AND account_no = ?2 AND subject_kind = ?3
                         AND subject_no = ?4";
            self.execute(sql, params![organization_no, account_no, kind, number])?;
            return Ok(());
        }
        let sql = "INSERT INTO account_access (organization_no, account_no, subject_kind,
                       subject_no, verbs)
                   VALUES (?1, ?2, ?3, ?4, ?5)
                   ON CONFLICT (organization_no, account_no, subject_kind, subject_no)
                       DO UPDATE SET verbs = excluded.verbs";
        let entry = params![organization_no, account_no, kind, number, verbs.bits()];
        self.execute(sql, entry)?;
        Ok(())
    }

    /// Takes a group out of every access list, and notes that those changed.
    pub(crate) fn forget_group_access(
        &self,
        organization_no: OrganizationNo,
        group_no: i64,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.forget_access(organization_no, subject::GROUP, group_no, now)
    }

    /// Takes a user out of every access list, and notes that those changed.
    pub(crate) fn forget_user_access(
        &self,
        organization_no: OrganizationNo,
        user_no: i64,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.forget_access(organization_no, subject::USER, user_no, now)
    }

    fn forget_access(
        &self,
        organization_no: OrganizationNo,
        kind: u8,
        number: i64,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let sql = "UPDATE accounts SET revision = revision + 1, updated_at = ?4
                   WHERE organization_no = ?1 AND account_no IN (
                       SELECT account_no FROM account_access
                       WHERE organization_no = ?1 AND subject_kind = ?2 AND subject_no = ?3)";
        self.execute(sql, params![organization_no, kind, number, now.as_millis()])?;
        let sql = "DELETE FROM account_access
                   WHERE organization_no = ?1 AND subject_kind = ?2 AND subject_no = ?3";
        self.execute(sql, params![organization_no, kind, number])?;
        Ok(())
    }
}

fn from_row(row: &Row<'_>) -> Result<AccessEntry, StoreError> {
    let subject = match row.get(0)? {
        subject::GROUP => Subject::Group(GroupId::from_bytes(row.get(1)?)),
        subject::USER => Subject::User(PrintUserId::from_bytes(row.get(1)?)),
        _ => Subject::Everyone,
    };
    Ok(AccessEntry {
        subject,
        name: row.get(2)?,
        verbs: Verbs::from_bits(row.get(3)?),
    })
}
