//! Accounts.

use std::collections::BTreeSet;

use platen_domain::account_limits::Limit;
use platen_domain::accounts::{
    Account, AccountDetails, AccountRef, AccountState, DEPTH_MAX, folded,
};
use platen_domain::clock::Timestamp;
use platen_domain::days::Day;
use platen_domain::ids::AccountId;
use platen_domain::scope::Scope;

use crate::access::{Reader, Writer};
use crate::account_limits::{LimitColumns, limit_from_row};
use crate::columns;
use crate::counters::Counter;
use crate::error::StoreError;
use crate::organization_no::OrganizationNo;
use crate::session::{Row, params};

/// An account under its short number, with its limit.
#[derive(Debug, Clone)]
pub(crate) struct AccountRow {
    pub(crate) account_no: i64,
    pub(crate) account: Account,
    pub(crate) limit: Limit,
}

/// A query of whole accounts `a`, by what follows FROM. Its columns are those of [`from_row`].
macro_rules! select_accounts {
    ($rest:literal) => {
        concat!(
            "SELECT a.account_no, a.account_id, a.code, a.name, a.description, a.external_id,
                    p.account_id, a.valid_from, a.valid_until, a.state, a.revision, a.created_at,
                    a.updated_at,
                    (SELECT string_agg(t.tag, '\n') FROM account_tags t
                     WHERE t.organization_no = a.organization_no
                       AND t.account_no = a.account_no),
                    a.points_per_user, a.period, a.period_day, a.carry_over, a.overdraft,
                    a.enforcement, a.job_points_max, a.functions, a.color,
                    CASE a.period WHEN 4 THEN (
                        SELECT string_agg(CAST(t.begins_on AS TEXT), '\n') FROM account_terms t
                        WHERE t.organization_no = a.organization_no
                          AND t.account_no = a.account_no) END
             FROM accounts a LEFT JOIN accounts p
                 ON p.organization_no = a.organization_no AND p.account_no = a.parent_no ",
            $rest
        )
    };
}

pub(crate) use select_accounts;

impl Reader<'_> {
    /// Whether the organization has any account: until it does, jobs that name one are not looked
    /// at closer.
    pub fn has_accounts(&self, scope: &Scope) -> Result<bool, StoreError> {
        let count = self.count_accounts(scope)?;
        Ok(count > 0)
    }

    /// One account, as a request names it.
    pub fn account(
        &self,
        scope: &Scope,
        account: &AccountRef,
    ) -> Result<Option<(Account, Limit)>, StoreError> {
        let organization_no = self.organization_no(scope)?;
        let row = self.account_row(organization_no, account)?;
        Ok(row.map(|row| (row.account, row.limit)))
    }

    /// The account that another system calls so.
    pub fn account_called(
        &self,
        scope: &Scope,
        external_id: &str,
    ) -> Result<Option<AccountId>, StoreError> {
        let organization_no = self.organization_no(scope)?;
        let sql = "SELECT account_id FROM accounts WHERE organization_no = ?1 AND external_id = ?2";
        let id = self.one(sql, params![organization_no, external_id], |row| row.get(0))?;
        Ok(id.map(AccountId::from_bytes))
    }

    /// How many accounts the organization has.
    pub fn count_accounts(&self, scope: &Scope) -> Result<u64, StoreError> {
        let organization_no = self.organization_no(scope)?;
        let sql = "SELECT accounts FROM counters WHERE organization_no = ?1";
        let count = self.one(sql, params![organization_no], |row| columns::count(row, 0))?;
        Ok(count.unwrap_or(0))
    }

    /// The accounts above `account`, the nearest first; [`DEPTH_MAX`] at most.
    pub fn accounts_above(
        &self,
        scope: &Scope,
        account: AccountId,
    ) -> Result<Vec<AccountId>, StoreError> {
        let organization_no = self.organization_no(scope)?;
        let sql = "WITH RECURSIVE line (account_no, height) AS (
                       SELECT parent_no, 1 FROM accounts
                       WHERE organization_no = ?1 AND account_id = ?2
                       UNION ALL
                       SELECT a.parent_no, height + 1 FROM accounts a
                       JOIN line l ON a.account_no = l.account_no
                       WHERE a.organization_no = ?1 AND height < ?3)
                   SELECT a.account_id FROM line l
                   JOIN accounts a ON a.organization_no = ?1 AND a.account_no = l.account_no
                   ORDER BY l.height";
        let depth = i64::try_from(DEPTH_MAX).unwrap_or(i64::MAX);
        self.all(
            sql,
            params![organization_no, account.as_bytes(), depth],
            |row| row.get(0).map(AccountId::from_bytes),
        )
    }

    /// How many levels of accounts stand below `account`: 0 where none does.
    pub fn levels_below(&self, scope: &Scope, account: AccountId) -> Result<usize, StoreError> {
        let organization_no = self.organization_no(scope)?;
        let sql = "WITH RECURSIVE tree (account_no, depth) AS (
                       SELECT account_no, 0 FROM accounts
                       WHERE organization_no = ?1 AND account_id = ?2
                       UNION ALL
                       SELECT a.account_no, depth + 1 FROM accounts a
                       JOIN tree t ON a.parent_no = t.account_no
                       WHERE a.organization_no = ?1 AND depth < ?3)
                   SELECT coalesce(max(depth), 0) FROM tree";
        let depth = i64::try_from(DEPTH_MAX).unwrap_or(i64::MAX);
        let levels = self.one(
            sql,
            params![organization_no, account.as_bytes(), depth],
            |row| row.get::<u8>(0),
        )?;
        Ok(levels.map_or(0, usize::from))
    }

    /// Whether points of the account were ever moved, charged or held.
    pub fn is_account_used(&self, scope: &Scope, account: AccountId) -> Result<bool, StoreError> {
        let organization_no = self.organization_no(scope)?;
        let sql = "SELECT EXISTS (SELECT 1 FROM ledger_entries l
                                  WHERE l.organization_no = ?1 AND l.account_no = a.account_no)
                       OR EXISTS (SELECT 1 FROM charges c
                                  WHERE c.organization_no = ?1 AND c.account_no = a.account_no)
                       OR EXISTS (SELECT 1 FROM holds h
                                  WHERE h.organization_no = ?1 AND h.account_no = a.account_no)
                   FROM accounts a WHERE a.organization_no = ?1 AND a.account_id = ?2";
        let used = self.one(sql, params![organization_no, account.as_bytes()], |row| {
            row.get(0)
        })?;
        Ok(used.unwrap_or(false))
    }

    /// One account, as a request names it.
    pub(crate) fn account_row(
        &self,
        organization_no: OrganizationNo,
        account: &AccountRef,
    ) -> Result<Option<AccountRow>, StoreError> {
        match account {
            AccountRef::Id(id) => self.one(
                select_accounts!("WHERE a.organization_no = ?1 AND a.account_id = ?2"),
                params![organization_no, id.as_bytes()],
                from_row,
            ),
            AccountRef::Code(code) => self.one(
                select_accounts!("WHERE a.organization_no = ?1 AND a.code_folded = ?2"),
                params![organization_no, folded(code)],
                from_row,
            ),
        }
    }

    /// The account that a print job means by `text`: its code without regard to case, else its
    /// external id.
    pub(crate) fn account_row_by_job_name(
        &self,
        organization_no: OrganizationNo,
        text: &str,
    ) -> Result<Option<AccountRow>, StoreError> {
        let by_code = AccountRef::Code(text.to_owned());
        if let Some(row) = self.account_row(organization_no, &by_code)? {
            return Ok(Some(row));
        }
        self.one(
            select_accounts!("WHERE a.organization_no = ?1 AND a.external_id = ?2"),
            params![organization_no, text],
            from_row,
        )
    }
}

impl Writer<'_> {
    /// Adds an account with this limit and without access. [`StoreError::Conflict`] where its
    /// code or its external id is another's.
    pub fn insert_account(
        &self,
        scope: &Scope,
        account: &Account,
        limit: &Limit,
    ) -> Result<(), StoreError> {
        let organization_no = self.organization_no(scope)?;
        let details = &account.details;
        let limits = LimitColumns::of(limit);
        let account_no = self.next_no(organization_no, Counter::Account)?;
        let sql = "INSERT INTO accounts (organization_no, account_no, account_id, code,
                       code_folded, name, name_folded, description, external_id, parent_no,
                       valid_from, valid_until, state, revision, created_at, updated_at,
                       points_per_user, period, period_day, carry_over, overdraft, enforcement,
                       job_points_max, functions, color)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9,
                           (SELECT account_no FROM accounts
                            WHERE organization_no = ?1 AND account_id = ?10),
                           ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24,
                           ?25)";
        let inserted = self.execute(
            sql,
            params![
                organization_no,
                account_no,
                account.id.as_bytes(),
                details.code,
                folded(&details.code),
                details.name,
                folded(&details.name),
                details.description,
                details.external_id,
                details.parent.map(|parent| *parent.as_bytes()),
                details.valid_from.map(Day::number),
                details.valid_until.map(Day::number),
                details.state.number(),
                columns::count_form(account.revision),
                account.created_at.as_millis(),
                account.updated_at.as_millis(),
                limits.points_per_user,
                limits.period,
                limits.period_day,
                limits.carry_over,
                limits.overdraft,
                limits.enforcement,
                limits.job_points_max,
                limits.functions,
                limits.color,
            ],
        );
        inserted.map_err(|error| error.conflict("account"))?;
        self.insert_tags(organization_no, account_no, &details.tags)?;
        self.insert_terms(organization_no, account_no, &limit.period)?;
        let sql = "UPDATE counters SET accounts = accounts + 1
                   WHERE organization_no = ?1";
        self.execute(sql, params![organization_no])?;
        Ok(())
    }

    /// Gives an account these details and this revision. [`StoreError::NotFound`] where there is
    /// none, [`StoreError::Conflict`] where its code or its external id is another's.
    pub fn update_account(&self, scope: &Scope, account: &Account) -> Result<(), StoreError> {
        let organization_no = self.organization_no(scope)?;
        let details = &account.details;
        let sql = "SELECT code FROM accounts WHERE organization_no = ?1 AND account_id = ?2";
        let known = params![organization_no, account.id.as_bytes()];
        let code_before: Option<String> = self.one(sql, known, |row| row.get(0))?;
        let sql = "UPDATE accounts
                   SET code = ?3, code_folded = ?4, name = ?5, name_folded = ?6, description = ?7,
                       external_id = ?8,
                       parent_no = (SELECT p.account_no FROM accounts p
                                    WHERE p.organization_no = ?1 AND p.account_id = ?9),
                       valid_from = ?10, valid_until = ?11, state = ?12, revision = ?13,
                       updated_at = ?14
                   WHERE organization_no = ?1 AND account_id = ?2 RETURNING account_no";
        let updated = self.one(
            sql,
            params![
                organization_no,
                account.id.as_bytes(),
                details.code,
                folded(&details.code),
                details.name,
                folded(&details.name),
                details.description,
                details.external_id,
                details.parent.map(|parent| *parent.as_bytes()),
                details.valid_from.map(Day::number),
                details.valid_until.map(Day::number),
                details.state.number(),
                columns::count_form(account.revision),
                account.updated_at.as_millis(),
            ],
            |row| row.get(0),
        );
        let account_no = updated.map_err(|error| error.conflict("account"))?;
        let account_no: i64 = account_no.ok_or(StoreError::NotFound("account"))?;
        if code_before.as_ref() != Some(&details.code) {
            self.account_recoded(organization_no, account_no)?;
        }
        let sql = "DELETE FROM account_tags WHERE organization_no = ?1 AND account_no = ?2";
        self.execute(sql, params![organization_no, account_no])?;
        self.insert_tags(organization_no, account_no, &details.tags)
    }

    /// Notes that an account's limit or access was changed, and answers with its new revision.
    pub fn touch_account(
        &self,
        scope: &Scope,
        account: AccountId,
        now: Timestamp,
    ) -> Result<u64, StoreError> {
        let sql = "UPDATE accounts SET revision = revision + 1, updated_at = ?3
                   WHERE organization_no = ?1 AND account_id = ?2 RETURNING revision";
        let organization_no = self.organization_no(scope)?;
        let touched = params![organization_no, account.as_bytes(), now.as_millis()];
        let revision = self.one(sql, touched, |row| columns::count(row, 0))?;
        revision.ok_or(StoreError::NotFound("account"))
    }

    /// Destroys an account that is [not used](Reader::is_account_used) and has none below it.
    pub fn delete_account(&self, scope: &Scope, account: AccountId) -> Result<(), StoreError> {
        let organization_no = self.organization_no(scope)?;
        let row = self.account_row(organization_no, &account.into())?;
        let AccountRow { account_no, .. } = row.ok_or(StoreError::NotFound("account"))?;
        for sql in [
            "DELETE FROM account_tags WHERE organization_no = ?1 AND account_no = ?2",
            "DELETE FROM account_terms WHERE organization_no = ?1 AND account_no = ?2",
            "DELETE FROM account_access WHERE organization_no = ?1 AND account_no = ?2",
            "DELETE FROM balances WHERE organization_no = ?1 AND account_no = ?2",
            "DELETE FROM account_periods WHERE organization_no = ?1 AND account_no = ?2",
            "DELETE FROM accounts WHERE organization_no = ?1 AND account_no = ?2",
        ] {
            self.execute(sql, params![organization_no, account_no])?;
        }
        let sql = "UPDATE counters SET accounts = accounts - 1
                   WHERE organization_no = ?1";
        self.execute(sql, params![organization_no])?;
        Ok(())
    }

    fn insert_tags(
        &self,
        organization_no: OrganizationNo,
        account_no: i64,
        tags: &BTreeSet<String>,
    ) -> Result<(), StoreError> {
        let sql = "INSERT INTO account_tags (organization_no, account_no, tag)
                   VALUES (?1, ?2, ?3)";
        for tag in tags {
            self.execute(sql, params![organization_no, account_no, tag])?;
        }
        Ok(())
    }
}

pub(crate) fn from_row(row: &Row<'_>) -> Result<AccountRow, StoreError> {
    let parent: Option<[u8; 16]> = row.get(6)?;
    let details = AccountDetails {
        code: row.get(2)?,
        name: row.get(3)?,
        description: row.get(4)?,
        external_id: row.get(5)?,
        parent: parent.map(AccountId::from_bytes),
        valid_from: columns::day_opt(row, 7)?,
        valid_until: columns::day_opt(row, 8)?,
        state: columns::numbered(row, 9, AccountState::from_number)?,
        tags: columns::line_set(row, 13)?,
    };
    Ok(AccountRow {
        account_no: row.get(0)?,
        account: Account {
            id: AccountId::from_bytes(row.get(1)?),
            details,
            revision: columns::count(row, 10)?,
            created_at: columns::time(row, 11)?,
            updated_at: columns::time(row, 12)?,
        },
        limit: limit_from_row(row, 14)?,
    })
}
