//! Users and their groups as rows of a table.

use platen_domain::print_users::{PrintUserDetails, PrintUserState};

use super::{Cells, Numbered, TableError, rows};
use crate::accounts::AccountsRefusal;
use crate::accounts::checks::invalid;

/// Every column.
const COLUMNS: &[&str] = &[
    "user",
    "display_name",
    "email",
    "external_id",
    "state",
    "groups",
];

/// A row of users: what to change of one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserRow(Cells);

/// The rows of a table of users, by the numbers of their lines; what is wrong with a line stands in
/// its place.
pub fn user_rows(table: &[u8]) -> Result<Vec<Numbered<UserRow>>, TableError> {
    let rows = rows(table, COLUMNS, "user")?.into_iter();
    Ok(rows
        .map(|(line, cells)| (line, cells.map(UserRow)))
        .collect())
}

impl UserRow {
    /// The name of the user it is about.
    pub fn name(&self) -> &str {
        self.0.get("user").unwrap_or_default()
    }

    /// What the user becomes that is `before` by now; the default for a new one.
    pub(in crate::accounts) fn over(
        &self,
        before: PrintUserDetails,
    ) -> Result<PrintUserDetails, AccountsRefusal> {
        let cells = &self.0;
        let state = match cells.get("state") {
            None => before.state,
            Some("") => PrintUserState::default(),
            Some(text) => PrintUserState::from_keyword(text)
                .ok_or_else(|| invalid("state", format!("there is no {text:?}")))?,
        };
        Ok(PrintUserDetails {
            name: self.name().to_owned(),
            display_name: cells.text_or("display_name", before.display_name),
            email: cells.text_or("email", before.email),
            external_id: cells.text_or("external_id", before.external_id),
            state,
        })
    }

    /// Groups that the user belongs to from now on, besides those it belongs to already.
    pub(in crate::accounts) fn groups(&self) -> impl Iterator<Item = &str> {
        self.0.list("groups").into_iter().flatten()
    }
}
