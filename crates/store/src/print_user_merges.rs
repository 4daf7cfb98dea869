//! Two users of accounts who turned out to be one: balances, charges, holds, memberships and access
//! go to one of them.
//!
//! The ledger never changes. Entries of the user that goes stay that user's; what was left of a
//! balance comes over by two entries more. The row stays too: it leads every name and identifier
//! of the user that went to the one that stays.

use platen_domain::clock::Timestamp;
use platen_domain::ids::{AccountId, PrintUserId};
use platen_domain::person_names::{NameRule, identity};
use platen_domain::print_users::{PrintUser, UserRef};
use platen_domain::scope::Scope;

use crate::access::{Reader, Writer};
use crate::error::StoreError;
use crate::organization_no::OrganizationNo;
use crate::print_users::{UserRow, from_row, select_users};
use crate::session::params;
use crate::standings::Standing;

/// Charges and holds moved by one write: some milliseconds, which other writes can wait.
const ROWS_PER_WRITE: u32 = 1_000;

/// A user as the names are read anew.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnreadUser {
    /// Where it stands in the order of users.
    pub number: i64,
    /// The user.
    pub user: PrintUser,
    /// By what the user is found now.
    pub identity: String,
}

impl Reader<'_> {
    /// Whether only users who were made known are charged.
    pub fn known_users_only(&self, scope: &Scope) -> Result<bool, StoreError> {
        self.known_users_only_of(self.organization_no(scope)?)
    }

    pub(crate) fn known_users_only_of(
        &self,
        organization_no: OrganizationNo,
    ) -> Result<bool, StoreError> {
        let sql = "SELECT known_users_only FROM organizations WHERE organization_no = ?1";
        let only = self.one(sql, params![organization_no], |row| row.get(0))?;
        Ok(only.unwrap_or(false))
    }

    pub(crate) fn has_merged_users(
        &self,
        organization_no: OrganizationNo,
        user_no: i64,
    ) -> Result<bool, StoreError> {
        let sql = "SELECT EXISTS (SELECT 1 FROM print_users
                                  WHERE organization_no = ?1 AND merged_into = ?2)";
        let has = self.one(sql, params![organization_no, user_no], |row| row.get(0))?;
        Ok(has.unwrap_or(false))
    }

    /// The next `most` users behind `after`, as they are found now.
    pub fn users_by_number(
        &self,
        scope: &Scope,
        after: i64,
        most: u32,
    ) -> Result<Vec<UnreadUser>, StoreError> {
        let organization_no = self.organization_no(scope)?;
        let sql = select_users!(
            listed "WHERE u.organization_no = ?1 AND u.user_no > ?2 AND u.merged_into IS NULL
             ORDER BY u.user_no LIMIT ?3"
        );
        let rows = self.all(sql, params![organization_no, after, most], from_row)?;
        let unread = |row: UserRow| UnreadUser {
            number: row.user_no,
            user: row.user,
            identity: row.name_folded,
        };
        Ok(rows.into_iter().map(unread).collect())
    }

    /// Whoever is found by this identity already.
    pub fn print_user_by_identity(
        &self,
        scope: &Scope,
        identity: &str,
    ) -> Result<Option<PrintUser>, StoreError> {
        let organization_no = self.organization_no(scope)?;
        let found = self.one(
            select_users!(one "WHERE n.organization_no = ?1 AND n.name_folded = ?2"),
            params![organization_no, identity],
            from_row,
        )?;
        Ok(found.map(|row| row.user))
    }

    /// Balances of users who were merged, with those that they go to, `most` at most.
    pub fn merged_standings(
        &self,
        scope: &Scope,
        most: u32,
        now: Timestamp,
    ) -> Result<Vec<(Standing, Standing)>, StoreError> {
        let organization_no = self.organization_no(scope)?;
        let sql = "SELECT a.account_id, b.user_no, i.user_id
                   FROM print_users u CROSS JOIN balances b
                   JOIN print_users i
                       ON i.organization_no = u.organization_no AND i.user_no = u.merged_into
                   JOIN accounts a
                       ON a.organization_no = b.organization_no AND a.account_no = b.account_no
                   WHERE u.organization_no = ?1 AND u.merged_into IS NOT NULL
                     AND b.organization_no = u.organization_no AND b.user_no = u.user_no
                   ORDER BY b.user_no, b.account_no LIMIT ?2";
        let seats = self.all(sql, params![organization_no, most], |row| {
            let account = AccountId::from_bytes(row.get(0)?);
            let into = PrintUserId::from_bytes(row.get(2)?);
            Ok((account, row.get::<i64>(1)?, into))
        })?;
        let mut standings = Vec::with_capacity(seats.len());
        for (account, user_no, into) in seats {
            let account = self.account_row(organization_no, &account.into())?;
            let account = account.ok_or(StoreError::NotFound("account"))?;
            let sql = select_users!(listed "WHERE u.organization_no = ?1 AND u.user_no = ?2");
            let from = self.one(sql, params![organization_no, user_no], from_row)?;
            let into = self.user_row(organization_no, &UserRef::Id(into))?;
            standings.push((
                self.stand(organization_no, account.clone(), from, now)?,
                self.stand(organization_no, account, into, now)?,
            ));
        }
        Ok(standings)
    }
}

impl Writer<'_> {
    /// Sets whether only users who were made known are charged.
    pub fn set_known_users_only(&self, scope: &Scope, only: bool) -> Result<(), StoreError> {
        let organization_no = self.organization_no(scope)?;
        let sql = "UPDATE organizations SET known_users_only = ?2
                   WHERE organization_no = ?1";
        self.execute(sql, params![organization_no, only])?;
        Ok(())
    }

    /// Has a user be found by the name that the rule makes of theirs, and called so where the rule
    /// takes a domain off; print jobs call the user `job_name`.
    pub fn read_user_anew(
        &self,
        scope: &Scope,
        user: PrintUserId,
        rule: &NameRule,
        name: &str,
        job_name: &str,
    ) -> Result<(), StoreError> {
        let organization_no = self.organization_no(scope)?;
        let Some(read) = rule.read(name) else {
            return Ok(());
        };
        let sql = "UPDATE print_users SET name = ?3, name_folded = ?4
                   WHERE organization_no = ?1 AND user_id = ?2 RETURNING user_no";
        let folded = identity(&read.name);
        let renamed = params![organization_no, user.as_bytes(), read.name, folded];
        let Some(user_no) = self.one(sql, renamed, |row| row.get(0))? else {
            return Ok(());
        };
        // Who is called like another one by now keeps the name that jobs had for them.
        self.set_job_name(organization_no, user_no, job_name)
    }

    /// Makes every name and identifier of `from` lead to `into`, who gets memberships and access
    /// entries at once. What has points follows by [`Self::end_merged_balance`] and
    /// [`Self::move_merged_charges`].
    pub fn merge_print_users(
        &self,
        scope: &Scope,
        from: PrintUserId,
        into: PrintUserId,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let organization_no = self.organization_no(scope)?;
        let number = |id| {
            let row = self.user_row(organization_no, &UserRef::Id(id))?;
            let row = row.ok_or(StoreError::NotFound("user"))?;
            Ok::<_, StoreError>(row.user_no)
        };
        let (from, into) = (number(from)?, number(into)?);
        if from == into {
            return Ok(());
        }
        self.merge_memberships(organization_no, from, into)?;
        self.merge_access(organization_no, from, into, now)?;
        let sql = "UPDATE print_users
                   SET merged_into = ?3, external_id = NULL, display_name = NULL, email = NULL,
                       revision = revision + 1
                   WHERE organization_no = ?1 AND (user_no = ?2 OR merged_into = ?2)";
        self.execute(sql, params![organization_no, from, into])?;
        let sql = "UPDATE counters SET print_users = print_users - 1
                   WHERE organization_no = ?1";
        self.execute(sql, params![organization_no])?;
        Ok(())
    }

    /// Keeps what is said of a user whom another one was merged into; names stay as they are.
    pub fn update_merged_user(&self, scope: &Scope, user: &PrintUser) -> Result<(), StoreError> {
        let organization_no = self.organization_no(scope)?;
        let sql = "UPDATE print_users SET display_name = ?3, email = ?4, external_id = ?5,
                       is_known = ?6, revision = ?7
                   WHERE organization_no = ?1 AND user_id = ?2";
        let details = &user.details;
        self.execute(
            sql,
            params![
                organization_no,
                user.id.as_bytes(),
                details.display_name,
                details.email,
                details.external_id,
                user.is_known,
                crate::columns::count_form(user.revision),
            ],
        )?;
        Ok(())
    }

    /// Gives the holds of a merged user's account to the user who stays; of the user who goes a
    /// balance of nothing is left, which is forgotten.
    pub fn end_merged_balance(&self, from: &Standing, into: &Standing) -> Result<(), StoreError> {
        let seat = from.seat;
        let sql = "DELETE FROM balances
                   WHERE organization_no = ?1 AND account_no = ?2 AND user_no = ?3 AND points = 0";
        self.execute(sql, params![seat.organization, seat.account, seat.user])?;
        let sql = "UPDATE holds SET user_no = ?4
                   WHERE organization_no = ?1 AND account_no = ?2 AND user_no = ?3 AND state = 0";
        let moved = params![seat.organization, seat.account, seat.user, into.seat.user];
        self.execute(sql, moved)?;
        Ok(())
    }

    /// Gives the next charges and holds of merged users to those who stay, and says how many.
    pub fn move_merged_charges(&self, scope: &Scope) -> Result<u64, StoreError> {
        let organization_no = self.organization_no(scope)?;
        // Merged users come first: they are few.
        let charges = "UPDATE charges SET user_no = (
                           SELECT u.merged_into FROM print_users u
                           WHERE u.organization_no = ?1 AND u.user_no = charges.user_no)
                       WHERE organization_no = ?1 AND charge_id IN (
                           SELECT c.charge_id FROM print_users u CROSS JOIN charges c
                           WHERE u.organization_no = ?1 AND u.merged_into IS NOT NULL
                             AND c.organization_no = u.organization_no AND c.user_no = u.user_no
                           LIMIT ?2)";
        let holds = "UPDATE holds SET user_no = (
                         SELECT u.merged_into FROM print_users u
                         WHERE u.organization_no = ?1 AND u.user_no = holds.user_no)
                     WHERE organization_no = ?1 AND hold_id IN (
                         SELECT h.hold_id FROM print_users u CROSS JOIN holds h
                         WHERE u.organization_no = ?1 AND u.merged_into IS NOT NULL
                           AND h.organization_no = u.organization_no AND h.user_no = u.user_no
                         LIMIT ?2)";
        let moved = self.execute(charges, params![organization_no, ROWS_PER_WRITE])?;
        let held = self.execute(holds, params![organization_no, ROWS_PER_WRITE])?;
        Ok(moved.saturating_add(held))
    }

    /// Gives the names under which a user was known before to nobody: each gets one of `names`,
    /// which must be new ones.
    pub fn forget_former_names(
        &self,
        scope: &Scope,
        user: PrintUserId,
        mut name: impl FnMut() -> String,
    ) -> Result<(), StoreError> {
        let organization_no = self.organization_no(scope)?;
        let sql = "SELECT m.user_no FROM print_users u
                   JOIN print_users m
                       ON m.organization_no = u.organization_no AND m.merged_into = u.user_no
                   WHERE u.organization_no = ?1 AND u.user_id = ?2";
        let former: Vec<i64> = self.all(sql, params![organization_no, user.as_bytes()], |row| {
            row.get(0)
        })?;
        for user_no in former {
            let sql = "UPDATE print_users SET name = ?3, name_folded = ?3, job_name = ?3,
                           display_name = NULL, email = NULL, external_id = NULL
                       WHERE organization_no = ?1 AND user_no = ?2";
            self.execute(sql, params![organization_no, user_no, name()])?;
        }
        Ok(())
    }

    fn merge_memberships(
        &self,
        organization_no: OrganizationNo,
        from: i64,
        into: i64,
    ) -> Result<(), StoreError> {
        let sql = "UPDATE print_groups SET revision = revision + 1, members = members - (
                       SELECT count(*) FROM group_members m
                       WHERE m.organization_no = ?1 AND m.group_no = print_groups.group_no
                         AND m.user_no = ?3)
                   WHERE organization_no = ?1 AND group_no IN (
                       SELECT group_no FROM group_members
                       WHERE organization_no = ?1 AND user_no = ?2)";
        self.execute(sql, params![organization_no, from, into])?;
        let sql = "INSERT INTO group_members (organization_no, group_no, user_no)
                   SELECT organization_no, group_no, ?3 FROM group_members
                   WHERE organization_no = ?1 AND user_no = ?2
                   ON CONFLICT DO NOTHING";
        self.execute(sql, params![organization_no, from, into])?;
        let sql = "DELETE FROM group_members WHERE organization_no = ?1 AND user_no = ?2";
        self.execute(sql, params![organization_no, from])?;
        Ok(())
    }

    fn merge_access(
        &self,
        organization_no: OrganizationNo,
        from: i64,
        into: i64,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let sql = "INSERT INTO account_access (organization_no, account_no, subject_kind,
                       subject_no, verbs)
                   SELECT organization_no, account_no, subject_kind, ?3, verbs
                   FROM account_access
                   WHERE organization_no = ?1 AND subject_kind = 2 AND subject_no = ?2
                   ON CONFLICT (organization_no, account_no, subject_kind, subject_no)
                       DO UPDATE SET verbs = account_access.verbs | excluded.verbs";
        self.execute(sql, params![organization_no, from, into])?;
        self.forget_user_access(organization_no, from, now)
    }
}
