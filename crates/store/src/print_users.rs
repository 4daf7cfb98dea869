//! Users who print, as accounts know them. (The names in print jobs are in `words`.)

use platen_domain::clock::Timestamp;
use platen_domain::ids::{Ids, PrintUserId};
use platen_domain::person_names::{NameRule, identity};
use platen_domain::print_users::{
    PrintUser, PrintUserDetails, PrintUserFilter, PrintUserState, UserRef,
};
use platen_domain::scope::Scope;

use crate::access::{Reader, Writer};
use crate::columns;
use crate::counters::Counter;
use crate::error::StoreError;
use crate::listing::{Listed, Place, Select};
use crate::organization_no::OrganizationNo;
use crate::session::{Row, Value, params};

/// A user under its short number.
#[derive(Debug, Clone)]
pub(crate) struct UserRow {
    pub(crate) user_no: i64,
    pub(crate) name_folded: String,
    pub(crate) user: PrintUser,
}

/// A query of whole users `u`. Its columns are those of [`from_row`].
macro_rules! select_users {
    ($from:literal, $rest:literal) => {
        concat!(
            "SELECT u.user_no, u.user_id, u.name, u.display_name, u.email, u.external_id, u.state,
                    u.revision, u.created_at, u.is_known, u.name_folded
             FROM ",
            $from,
            $rest
        )
    };
    (listed $rest:literal) => {
        select_users!("print_users u ", $rest)
    };
    // One by what is said of `n`, who may have turned out to be another one.
    (one $rest:literal) => {
        select_users!(
            "print_users n JOIN print_users u ON u.organization_no = n.organization_no
                 AND u.user_no = coalesce(n.merged_into, n.user_no) ",
            $rest
        )
    };
}
pub(crate) use select_users;

impl Reader<'_> {
    /// One user, as a request names it.
    pub fn print_user(
        &self,
        scope: &Scope,
        user: &UserRef,
    ) -> Result<Option<PrintUser>, StoreError> {
        let organization_no = self.organization_no(scope)?;
        let row = self.user_row(organization_no, user)?;
        Ok(row.map(|row| row.user))
    }

    /// The user whom print jobs call `text`, in the normal form or as a pseudonym.
    pub fn print_user_by_job_name(
        &self,
        scope: &Scope,
        text: &str,
    ) -> Result<Option<PrintUser>, StoreError> {
        let organization_no = self.organization_no(scope)?;
        let row = self.user_row_by_job_name(organization_no, text)?;
        Ok(row.map(|row| row.user))
    }

    /// The user whom another system calls so.
    pub fn print_user_called(
        &self,
        scope: &Scope,
        external_id: &str,
    ) -> Result<Option<PrintUserId>, StoreError> {
        let organization_no = self.organization_no(scope)?;
        let sql = "SELECT user_id FROM print_users
                   WHERE organization_no = ?1 AND external_id = ?2";
        let id = self.one(sql, params![organization_no, external_id], |row| row.get(0))?;
        Ok(id.map(PrintUserId::from_bytes))
    }

    /// How many users the organization's accounts know.
    pub fn count_print_users(&self, scope: &Scope) -> Result<u64, StoreError> {
        let organization_no = self.organization_no(scope)?;
        let sql = "SELECT print_users FROM counters WHERE organization_no = ?1";
        let count = self.one(sql, params![organization_no], |row| columns::count(row, 0))?;
        Ok(count.unwrap_or(0))
    }

    /// Whether the user ever had a balance, a charge or a hold.
    pub fn is_print_user_used(&self, scope: &Scope, user: PrintUserId) -> Result<bool, StoreError> {
        let organization_no = self.organization_no(scope)?;
        let sql = "SELECT EXISTS (SELECT 1 FROM balances b
                                  WHERE b.organization_no = ?1 AND b.user_no = u.user_no)
                       OR EXISTS (SELECT 1 FROM ledger_entries l
                                  WHERE l.organization_no = ?1 AND l.user_no = u.user_no)
                       OR EXISTS (SELECT 1 FROM charges c
                                  WHERE c.organization_no = ?1 AND c.user_no = u.user_no)
                       OR EXISTS (SELECT 1 FROM holds h
                                  WHERE h.organization_no = ?1 AND h.user_no = u.user_no)
                       OR EXISTS (SELECT 1 FROM print_users m
                                  WHERE m.organization_no = ?1 AND m.merged_into = u.user_no)
                   FROM print_users u WHERE u.organization_no = ?1 AND u.user_id = ?2";
        let found = self.one(sql, params![organization_no, user.as_bytes()], |row| {
            row.get(0)
        })?;
        Ok(found.unwrap_or(false))
    }

    /// Users by name behind `after`, `items` at most.
    pub fn print_users_page(
        &self,
        scope: &Scope,
        filter: &PrintUserFilter,
        after: Option<&Place>,
        items: u32,
    ) -> Result<Vec<Listed<PrintUser>>, StoreError> {
        let organization_no = self.organization_no(scope)?;
        let mut select = match filter.group {
            None => {
                let start =
                    select_users!(listed "WHERE u.organization_no = ? AND u.merged_into IS NULL");
                Select::new(start, [Value::from(organization_no)])
            }
            Some(group) => {
                let start = select_users!(
                    listed "WHERE u.user_no IN (
                         SELECT m.user_no FROM print_groups g
                         JOIN group_members m ON m.organization_no = g.organization_no
                             AND m.group_no = g.group_no
                         WHERE g.organization_no = ? AND g.group_id = ?)
                     AND u.organization_no = ?"
                );
                let group = Value::from(group.as_bytes().to_vec());
                let organization = Value::from(organization_no);
                Select::new(start, [organization.clone(), group, organization])
            }
        };
        if let Some(name) = &filter.name {
            let rule = self.name_rule_of(organization_no)?;
            select.and_opt("u.name_folded = ?", Some(identity_by(&rule, name)));
        }
        select.and_opt("u.external_id = ?", filter.external_id.clone());
        let state = filter.state.map(|state| i64::from(state.number()));
        select.and_opt("u.state = ?", state);
        select.and_opt("u.name_folded > ?", after.map(|place| place.key.clone()));
        let rows = select.rows(self, "u.name_folded", items, from_row)?;
        let listed = |row: UserRow| Listed {
            place: Place {
                key: row.name_folded,
                number: row.user_no,
            },
            item: row.user,
        };
        Ok(rows.into_iter().map(listed).collect())
    }

    /// One user, as a request names it.
    pub(crate) fn user_row(
        &self,
        organization_no: OrganizationNo,
        user: &UserRef,
    ) -> Result<Option<UserRow>, StoreError> {
        match user {
            UserRef::Id(id) => self.one(
                select_users!(one "WHERE n.organization_no = ?1 AND n.user_id = ?2"),
                params![organization_no, id.as_bytes()],
                from_row,
            ),
            UserRef::Name(name) => {
                let Some(identity) = self.identity_of(organization_no, name)? else {
                    return Ok(None);
                };
                self.one(
                    select_users!(one "WHERE n.organization_no = ?1 AND n.name_folded = ?2"),
                    params![organization_no, identity],
                    from_row,
                )
            }
        }
    }

    /// The user whom print jobs call `text`, in the normal form or as a pseudonym.
    pub(crate) fn user_row_by_job_name(
        &self,
        organization_no: OrganizationNo,
        text: &str,
    ) -> Result<Option<UserRow>, StoreError> {
        self.one(
            select_users!(one "WHERE n.organization_no = ?1 AND n.job_name = ?2"),
            params![organization_no, identity(text)],
            from_row,
        )
    }

    /// The user whom a print job calls `name`, in any spelling, where one is known.
    pub(crate) fn user_row_of_job(
        &self,
        organization_no: OrganizationNo,
        name: &str,
    ) -> Result<Option<UserRow>, StoreError> {
        let Some(identity) = self.identity_of(organization_no, name)? else {
            return Ok(None);
        };
        if let Some(known) = self.user_row_by_job_name(organization_no, &identity)? {
            return Ok(Some(known));
        }
        self.user_row(organization_no, &UserRef::Name(name.to_owned()))
    }
}

impl Writer<'_> {
    /// The user whom print jobs, or else people, call `name`; one who is met for the first time
    /// is remembered by it.
    pub(crate) fn meet_user(
        &self,
        organization_no: OrganizationNo,
        name: &str,
        now: Timestamp,
        ids: &dyn Ids,
    ) -> Result<UserRow, StoreError> {
        if let Some(known) = self.user_row_of_job(organization_no, name)? {
            return Ok(known);
        }
        let rule = self.name_rule_of(organization_no)?;
        let read = rule.read(name).ok_or(StoreError::NotFound("user"))?;
        let user = PrintUser {
            id: PrintUserId::new(now, ids),
            details: PrintUserDetails {
                name: read.name.into_owned(),
                ..PrintUserDetails::default()
            },
            is_known: false,
            revision: 1,
            created_at: now,
        };
        let name_folded = identity(&user.details.name);
        let user_no = self.insert_user_row(organization_no, &user, &name_folded)?;
        Ok(UserRow {
            user_no,
            name_folded,
            user,
        })
    }

    /// Makes a user known whom print jobs call `job_name`. [`StoreError::Conflict`] where one of
    /// the names or the external id is another's.
    pub fn insert_print_user(
        &self,
        scope: &Scope,
        user: &PrintUser,
        job_name: &str,
    ) -> Result<(), StoreError> {
        let organization_no = self.organization_no(scope)?;
        self.insert_user_row(organization_no, user, job_name)?;
        Ok(())
    }

    /// Gives a user these details and this revision; print jobs call it `job_name` from now on.
    /// [`StoreError::NotFound`] where there is none, [`StoreError::Conflict`] where one of the
    /// names or the external id is another's.
    pub fn update_print_user(
        &self,
        scope: &Scope,
        user: &PrintUser,
        job_name: &str,
    ) -> Result<(), StoreError> {
        let organization_no = self.organization_no(scope)?;
        let details = &user.details;
        let sql = "UPDATE print_users
                   SET name = ?3, name_folded = ?4, job_name = ?5, display_name = ?6, email = ?7,
                       external_id = ?8, state = ?9, revision = ?10, is_known = ?11
                   WHERE organization_no = ?1 AND user_id = ?2";
        let updated = self.execute(
            sql,
            params![
                organization_no,
                user.id.as_bytes(),
                details.name,
                identity(&details.name),
                job_name,
                details.display_name,
                details.email,
                details.external_id,
                details.state.number(),
                columns::count_form(user.revision),
                user.is_known,
            ],
        );
        match updated.map_err(|error| error.conflict("user"))? {
            0 => Err(StoreError::NotFound("user")),
            _ => Ok(()),
        }
    }

    /// Forgets a user who is [not used](Reader::is_print_user_used), with memberships and access
    /// entries.
    pub fn delete_print_user(
        &self,
        scope: &Scope,
        user: PrintUserId,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let organization_no = self.organization_no(scope)?;
        let row = self.user_row(organization_no, &UserRef::Id(user))?;
        let UserRow { user_no, .. } = row.ok_or(StoreError::NotFound("user"))?;
        self.leave_groups(organization_no, user_no)?;
        self.forget_user_access(organization_no, user_no, now)?;
        let sql = "DELETE FROM print_users WHERE organization_no = ?1 AND user_no = ?2";
        self.execute(sql, params![organization_no, user_no])?;
        let sql = "UPDATE counters SET print_users = print_users - 1
                   WHERE organization_no = ?1";
        self.execute(sql, params![organization_no])?;
        Ok(())
    }

    /// Takes a user out of every group and every access list.
    pub fn detach_print_user(
        &self,
        scope: &Scope,
        user: PrintUserId,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let organization_no = self.organization_no(scope)?;
        if let Some(row) = self.user_row(organization_no, &UserRef::Id(user))? {
            self.leave_groups(organization_no, row.user_no)?;
            self.forget_user_access(organization_no, row.user_no, now)?;
        }
        Ok(())
    }

    /// Has print jobs call users what `job_name` makes of their names: of the next `most` users
    /// behind the number `after`. Answers with the last one's number, or `None` when there are no
    /// more. Who is called like another one by now keeps the name that jobs had for them.
    pub fn rename_in_jobs(
        &self,
        scope: &Scope,
        job_name: impl Fn(&str) -> String,
        after: i64,
        most: u32,
    ) -> Result<Option<i64>, StoreError> {
        let organization_no = self.organization_no(scope)?;
        let sql = "SELECT user_no, name FROM print_users
                   WHERE organization_no = ?1 AND user_no > ?2 AND merged_into IS NULL
                   ORDER BY user_no LIMIT ?3";
        let users: Vec<(i64, String)> =
            self.all(sql, params![organization_no, after, most], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })?;
        let last = users.last().map(|(user_no, _)| *user_no);
        for (user_no, name) in users {
            self.set_job_name(organization_no, user_no, &job_name(&name))?;
        }
        Ok(last)
    }

    /// Has print jobs call a user so, unless they call another one so.
    pub(crate) fn set_job_name(
        &self,
        organization_no: OrganizationNo,
        user_no: i64,
        job_name: &str,
    ) -> Result<(), StoreError> {
        let sql = "UPDATE print_users SET job_name = ?3
                   WHERE organization_no = ?1 AND user_no = ?2 AND NOT EXISTS (
                       SELECT 1 FROM print_users o
                       WHERE o.organization_no = ?1 AND o.job_name = ?3 AND o.user_no <> ?2)";
        self.execute(sql, params![organization_no, user_no, job_name])?;
        Ok(())
    }

    fn insert_user_row(
        &self,
        organization_no: OrganizationNo,
        user: &PrintUser,
        job_name: &str,
    ) -> Result<i64, StoreError> {
        let PrintUserDetails {
            name,
            display_name,
            email,
            external_id,
            state,
        } = &user.details;
        let user_no = self.next_no(organization_no, Counter::User)?;
        let sql = "INSERT INTO print_users (organization_no, user_no, user_id, name, name_folded,
                       job_name, display_name, email, external_id, state, revision, created_at,
                       is_known)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)";
        let inserted = self.execute(
            sql,
            params![
                organization_no,
                user_no,
                user.id.as_bytes(),
                name,
                identity(name),
                job_name,
                display_name,
                email,
                external_id,
                state.number(),
                columns::count_form(user.revision),
                user.created_at.as_millis(),
                user.is_known,
            ],
        );
        inserted.map_err(|error| error.conflict("user"))?;
        let sql = "UPDATE counters SET print_users = print_users + 1
                   WHERE organization_no = ?1";
        self.execute(sql, params![organization_no])?;
        Ok(user_no)
    }
}

/// By what a name is found; a text that is no name finds nobody.
fn identity_by(rule: &NameRule, name: &str) -> String {
    let read = rule.read(name);
    read.map_or_else(String::new, |read| identity(&read.name))
}

pub(crate) fn from_row(row: &Row<'_>) -> Result<UserRow, StoreError> {
    let details = PrintUserDetails {
        name: row.get(2)?,
        display_name: row.get(3)?,
        email: row.get(4)?,
        external_id: row.get(5)?,
        state: columns::numbered(row, 6, PrintUserState::from_number)?,
    };
    Ok(UserRow {
        user_no: row.get(0)?,
        name_folded: row.get(10)?,
        user: PrintUser {
            id: PrintUserId::from_bytes(row.get(1)?),
            details,
            is_known: row.get(9)?,
            revision: columns::count(row, 7)?,
            created_at: columns::time(row, 8)?,
        },
    })
}
