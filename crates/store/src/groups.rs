//! Groups of users who print.

use std::collections::BTreeSet;

use platen_domain::accounts::folded;
use platen_domain::clock::Timestamp;
use platen_domain::ids::{GroupId, PrintUserId};
use platen_domain::print_users::{Group, GroupDetails, GroupRef, UserLabel};
use platen_domain::scope::Scope;

use crate::access::{Reader, Writer};
use crate::columns;
use crate::counters::Counter;
use crate::error::StoreError;
use crate::listing::{Listed, Place, Select};
use crate::organization_no::OrganizationNo;
use crate::session::{Row, Value, params};

/// A query of whole groups, by what follows FROM. Its columns are those of [`from_row`].
macro_rules! select_groups {
    ($rest:literal) => {
        concat!(
            "SELECT group_no, group_id, name, external_id, members, revision, created_at
             FROM print_groups ",
            $rest
        )
    };
}

/// A group under its short number.
struct GroupRow {
    group_no: i64,
    group: Group,
}

impl Reader<'_> {
    /// One group, as a request names it.
    pub fn group(&self, scope: &Scope, group: &GroupRef) -> Result<Option<Group>, StoreError> {
        let row = self.group_row(self.organization_no(scope)?, group)?;
        Ok(row.map(|row| row.group))
    }

    /// The group that another system calls so.
    pub fn group_called(
        &self,
        scope: &Scope,
        external_id: &str,
    ) -> Result<Option<GroupId>, StoreError> {
        let organization_no = self.organization_no(scope)?;
        let sql = "SELECT group_id FROM print_groups
                   WHERE organization_no = ?1 AND external_id = ?2";
        let id = self.one(sql, params![organization_no, external_id], |row| row.get(0))?;
        Ok(id.map(GroupId::from_bytes))
    }

    /// How many groups the organization has.
    pub fn count_groups(&self, scope: &Scope) -> Result<u64, StoreError> {
        let organization_no = self.organization_no(scope)?;
        let sql = "SELECT print_groups FROM counters WHERE organization_no = ?1";
        let count = self.one(sql, params![organization_no], |row| columns::count(row, 0))?;
        Ok(count.unwrap_or(0))
    }

    /// Groups by name behind `after`, `items` at most; `name` is one without regard to case.
    pub fn groups(
        &self,
        scope: &Scope,
        name: Option<&str>,
        after: Option<&Place>,
        items: u32,
    ) -> Result<Vec<Listed<Group>>, StoreError> {
        let organization_no = self.organization_no(scope)?;
        let start = select_groups!("WHERE organization_no = ?");
        let mut select = Select::new(start, [Value::from(organization_no)]);
        select.and_opt("name_folded = ?", name.map(folded));
        select.and_opt("name_folded > ?", after.map(|place| place.key.clone()));
        let rows = select.rows(self, "name_folded", items, from_row)?;
        let listed = |row: GroupRow| Listed {
            place: Place {
                key: folded(&row.group.details.name),
                number: row.group_no,
            },
            item: row.group,
        };
        Ok(rows.into_iter().map(listed).collect())
    }

    /// Who belongs to a group, by name, behind `after`, `items` at most.
    pub fn group_members(
        &self,
        scope: &Scope,
        group: GroupId,
        after: Option<&Place>,
        items: u32,
    ) -> Result<Vec<Listed<UserLabel>>, StoreError> {
        let organization_no = self.organization_no(scope)?;
        let sql = "SELECT u.user_no, u.user_id, u.name, u.name_folded FROM print_groups g
                   JOIN group_members m
                       ON m.organization_no = g.organization_no AND m.group_no = g.group_no
                   JOIN print_users u
                       ON u.organization_no = m.organization_no AND u.user_no = m.user_no
                   WHERE g.organization_no = ? AND g.group_id = ?";
        let group = Value::from(group.as_bytes().to_vec());
        let mut select = Select::new(sql, [Value::from(organization_no), group]);
        select.and_opt("u.name_folded > ?", after.map(|place| place.key.clone()));
        select.rows(self, "u.name_folded", items, |row| {
            Ok(Listed {
                place: Place {
                    key: row.get(3)?,
                    number: row.get(0)?,
                },
                item: UserLabel {
                    id: PrintUserId::from_bytes(row.get(1)?),
                    name: row.get(2)?,
                },
            })
        })
    }

    /// The groups a user belongs to, by name.
    pub fn groups_of(&self, scope: &Scope, user: PrintUserId) -> Result<Vec<Group>, StoreError> {
        let organization_no = self.organization_no(scope)?;
        let sql = select_groups!(
            "WHERE organization_no = ?1 AND group_no IN (
                 SELECT m.group_no FROM print_users u
                 JOIN group_members m
                     ON m.organization_no = u.organization_no AND m.user_no = u.user_no
                 WHERE u.organization_no = ?1 AND u.user_id = ?2)
             ORDER BY name_folded"
        );
        let rows = self.all(sql, params![organization_no, user.as_bytes()], from_row)?;
        Ok(rows.into_iter().map(|row| row.group).collect())
    }

    fn group_row(
        &self,
        organization_no: OrganizationNo,
        group: &GroupRef,
    ) -> Result<Option<GroupRow>, StoreError> {
        match group {
            GroupRef::Id(id) => self.one(
                select_groups!("WHERE organization_no = ?1 AND group_id = ?2"),
                params![organization_no, id.as_bytes()],
                from_row,
            ),
            GroupRef::Name(name) => self.one(
                select_groups!("WHERE organization_no = ?1 AND name_folded = ?2"),
                params![organization_no, folded(name)],
                from_row,
            ),
        }
    }
}

impl Writer<'_> {
    /// Adds a group without members. [`StoreError::Conflict`] where its name or its external id
    /// is another's.
    pub fn insert_group(&self, scope: &Scope, group: &Group) -> Result<(), StoreError> {
        let organization_no = self.organization_no(scope)?;
        let GroupDetails { name, external_id } = &group.details;
        let group_no = self.next_no(organization_no, Counter::Group)?;
        let sql = "INSERT INTO print_groups (organization_no, group_no, group_id, name,
                       name_folded, external_id, members, revision, created_at)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0, ?7, ?8)";
        let inserted = self.execute(
            sql,
            params![
                organization_no,
                group_no,
                group.id.as_bytes(),
                name,
                folded(name),
                external_id,
                columns::count_form(group.revision),
                group.created_at.as_millis(),
            ],
        );
        inserted.map_err(|error| error.conflict("group"))?;
        let sql = "UPDATE counters SET print_groups = print_groups + 1
                   WHERE organization_no = ?1";
        self.execute(sql, params![organization_no])?;
        Ok(())
    }

    /// Gives a group these details and this revision. [`StoreError::NotFound`] where there is
    /// none, [`StoreError::Conflict`] where its name or its external id is another's.
    pub fn update_group(&self, scope: &Scope, group: &Group) -> Result<(), StoreError> {
        let organization_no = self.organization_no(scope)?;
        let GroupDetails { name, external_id } = &group.details;
        let sql = "UPDATE print_groups
                   SET name = ?3, name_folded = ?4, external_id = ?5, revision = ?6
                   WHERE organization_no = ?1 AND group_id = ?2";
        let updated = self.execute(
            sql,
            params![
                organization_no,
                group.id.as_bytes(),
                name,
                folded(name),
                external_id,
                columns::count_form(group.revision),
            ],
        );
        match updated.map_err(|error| error.conflict("group"))? {
            0 => Err(StoreError::NotFound("group")),
            _ => Ok(()),
        }
    }

    /// Destroys a group and the access entries that name it.
    pub fn delete_group(
        &self,
        scope: &Scope,
        group: GroupId,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let organization_no = self.organization_no(scope)?;
        let group_no = self.group_no(organization_no, group)?;
        self.forget_group_access(organization_no, group_no, now)?;
        for sql in [
            "DELETE FROM group_members WHERE organization_no = ?1 AND group_no = ?2",
            "DELETE FROM print_groups WHERE organization_no = ?1 AND group_no = ?2",
        ] {
            self.execute(sql, params![organization_no, group_no])?;
        }
        let sql = "UPDATE counters SET print_groups = print_groups - 1
                   WHERE organization_no = ?1";
        self.execute(sql, params![organization_no])?;
        Ok(())
    }

    /// Adds members, raises the group's revision where somebody was none before, and says how
    /// many were. [`StoreError::NotFound`] where the organization lacks the group or a user.
    pub fn add_members(
        &self,
        scope: &Scope,
        group: GroupId,
        members: &BTreeSet<PrintUserId>,
    ) -> Result<u64, StoreError> {
        let organization_no = self.organization_no(scope)?;
        let group_no = self.group_no(organization_no, group)?;
        let mut added = 0;
        for user_no in self.user_numbers(organization_no, members)? {
            let sql = "INSERT INTO group_members (organization_no, group_no, user_no)
                       VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING";
            added += self.execute(sql, params![organization_no, group_no, user_no])?;
        }
        self.members_changed(organization_no, group_no, added, 0)?;
        Ok(added)
    }

    /// Takes members out, raises the group's revision where somebody was one, and says how many
    /// were.
    pub fn remove_members(
        &self,
        scope: &Scope,
        group: GroupId,
        members: &BTreeSet<PrintUserId>,
    ) -> Result<u64, StoreError> {
        let organization_no = self.organization_no(scope)?;
        let group_no = self.group_no(organization_no, group)?;
        let mut removed = 0;
        for user_no in self.user_numbers(organization_no, members)? {
            let sql = "DELETE FROM group_members
                       WHERE organization_no = ?1 AND group_no = ?2 AND user_no = ?3";
            removed += self.execute(sql, params![organization_no, group_no, user_no])?;
        }
        self.members_changed(organization_no, group_no, 0, removed)?;
        Ok(removed)
    }

    /// Replaces the members as a whole, and raises the group's revision where that changes
    /// anything.
    pub fn replace_members(
        &self,
        scope: &Scope,
        group: GroupId,
        members: &BTreeSet<PrintUserId>,
    ) -> Result<(), StoreError> {
        let organization_no = self.organization_no(scope)?;
        let group_no = self.group_no(organization_no, group)?;
        let sql = "SELECT user_no FROM group_members WHERE organization_no = ?1 AND group_no = ?2";
        let known: BTreeSet<i64> = self
            .all(sql, params![organization_no, group_no], |row| row.get(0))?
            .into_iter()
            .collect();
        let meant = self.user_numbers(organization_no, members)?;
        for user_no in known.difference(&meant) {
            let sql = "DELETE FROM group_members
                       WHERE organization_no = ?1 AND group_no = ?2 AND user_no = ?3";
            self.execute(sql, params![organization_no, group_no, user_no])?;
        }
        for user_no in meant.difference(&known) {
            let sql = "INSERT INTO group_members (organization_no, group_no, user_no)
                       VALUES (?1, ?2, ?3)";
            self.execute(sql, params![organization_no, group_no, user_no])?;
        }
        let count = |set: usize| u64::try_from(set).unwrap_or(u64::MAX);
        let added = count(meant.difference(&known).count());
        let removed = count(known.difference(&meant).count());
        self.members_changed(organization_no, group_no, added, removed)
    }

    /// Takes a user out of every group.
    pub(crate) fn leave_groups(
        &self,
        organization_no: OrganizationNo,
        user_no: i64,
    ) -> Result<(), StoreError> {
        for sql in [
            "UPDATE print_groups SET members = members - 1, revision = revision + 1
             WHERE organization_no = ?1 AND group_no IN (
                 SELECT group_no FROM group_members WHERE organization_no = ?1 AND user_no = ?2)",
            "DELETE FROM group_members WHERE organization_no = ?1 AND user_no = ?2",
        ] {
            self.execute(sql, params![organization_no, user_no])?;
        }
        Ok(())
    }

    fn members_changed(
        &self,
        organization_no: OrganizationNo,
        group_no: i64,
        added: u64,
        removed: u64,
    ) -> Result<(), StoreError> {
        if added == 0 && removed == 0 {
            return Ok(());
        }
        let sql = "UPDATE print_groups SET members = members + ?3 - ?4, revision = revision + 1
                   WHERE organization_no = ?1 AND group_no = ?2";
        let [added, removed] = [added, removed].map(columns::count_form);
        self.execute(sql, params![organization_no, group_no, added, removed])?;
        Ok(())
    }

    fn group_no(&self, organization_no: OrganizationNo, group: GroupId) -> Result<i64, StoreError> {
        let row = self.group_row(organization_no, &GroupRef::Id(group))?;
        Ok(row.ok_or(StoreError::NotFound("group"))?.group_no)
    }

    fn user_numbers(
        &self,
        organization_no: OrganizationNo,
        users: &BTreeSet<PrintUserId>,
    ) -> Result<BTreeSet<i64>, StoreError> {
        let sql = "SELECT user_no FROM print_users WHERE organization_no = ?1 AND user_id = ?2";
        let number = |user: &PrintUserId| {
            let found = self.one(sql, params![organization_no, user.as_bytes()], |row| {
                row.get(0)
            })?;
            found.ok_or(StoreError::NotFound("user"))
        };
        users.iter().map(number).collect()
    }
}

fn from_row(row: &Row<'_>) -> Result<GroupRow, StoreError> {
    Ok(GroupRow {
        group_no: row.get(0)?,
        group: Group {
            id: GroupId::from_bytes(row.get(1)?),
            details: GroupDetails {
                name: row.get(2)?,
                external_id: row.get(3)?,
            },
            members: columns::count(row, 4)?,
            revision: columns::count(row, 5)?,
            created_at: columns::time(row, 6)?,
        },
    })
}
