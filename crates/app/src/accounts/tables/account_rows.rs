//! Accounts and their limits as rows of a table.

use std::fmt::Display;
use std::str::FromStr;

use platen_domain::account_limits::{CarryOver, ColorLimit, Enforcement, Limit, Period, Weekday};
use platen_domain::accounts::{AccountDetails, AccountRef, AccountState};
use platen_domain::days::Day;
use platen_domain::points::Points;
use platen_domain::print_jobs::JobFunction;

use super::{Cells, LIST, Numbered, TableError, rows, write_cell};
use crate::accounts::AccountsRefusal;
use crate::accounts::checks::invalid;

/// The columns of the account itself.
const OF_ACCOUNT: usize = 9;

/// Every column, in the order in which they are written.
const COLUMNS: &[&str] = &[
    "code",
    "name",
    "description",
    "external_id",
    "parent",
    "valid_from",
    "valid_until",
    "state",
    "tags",
    "points_per_user",
    "period",
    "week_begins",
    "month_day",
    "terms",
    "carry_over",
    "overdraft",
    "enforcement",
    "job_points_max",
    "functions",
    "color",
];

/// How a [`CarryOver::All`] is spelt.
const ALL: &str = "all";

/// A row of accounts: what to change of one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountRow(Cells);

/// What an account is to become by a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::accounts) struct AccountChange {
    pub(in crate::accounts) details: AccountDetails,
    pub(in crate::accounts) parent: Option<AccountRef>,
    pub(in crate::accounts) limit: Limit,
}

/// The rows of a table of accounts, by the numbers of their lines; what is wrong with a line stands
/// in its place.
pub fn account_rows(table: &[u8]) -> Result<Vec<Numbered<AccountRow>>, TableError> {
    let rows = rows(table, COLUMNS, "code")?.into_iter();
    Ok(rows
        .map(|(line, cells)| (line, cells.map(AccountRow)))
        .collect())
}

/// Appends the line that names the columns.
pub fn write_account_columns(out: &mut String) {
    out.push_str(&COLUMNS.join(","));
    out.push('\n');
}

/// Appends an account as a row; `parent` is the code of the one it stands below.
pub fn write_account(
    details: &AccountDetails,
    parent: Option<&str>,
    limit: &Limit,
    out: &mut String,
) {
    let cells = account_cells(details, parent);
    for cell in cells.into_iter().chain(limit_cells(limit)) {
        write_cell(&cell, out);
        out.push(',');
    }
    out.pop();
    out.push('\n');
}

fn account_cells(details: &AccountDetails, parent: Option<&str>) -> [String; OF_ACCOUNT] {
    [
        details.code.clone(),
        details.name.clone(),
        details.description.clone().unwrap_or_default(),
        details.external_id.clone().unwrap_or_default(),
        parent.unwrap_or_default().to_owned(),
        told(details.valid_from.as_ref()),
        told(details.valid_until.as_ref()),
        details.state.keyword().to_owned(),
        listed(&details.tags),
    ]
}

fn limit_cells(limit: &Limit) -> [String; COLUMNS.len() - OF_ACCOUNT] {
    let (mut week_begins, mut month_day, mut terms) = (String::new(), String::new(), String::new());
    let period = match &limit.period {
        Period::None => "none",
        Period::Daily => "daily",
        Period::Weekly(begins) => {
            begins.keyword().clone_into(&mut week_begins);
            "weekly"
        }
        Period::Monthly(day) => {
            month_day = day.to_string();
            "monthly"
        }
        Period::Term(begins) => {
            terms = listed(begins);
            "term"
        }
    };
    [
        told(limit.points_per_user.as_ref()),
        period.to_owned(),
        week_begins,
        month_day,
        terms,
        match limit.carry_over {
            CarryOver::UpTo(cap) => cap.to_string(),
            CarryOver::All => ALL.to_owned(),
        },
        limit.overdraft.to_string(),
        limit.enforcement.keyword().to_owned(),
        told(limit.job_points_max.as_ref()),
        listed(limit.functions.iter().map(|function| function.keyword())),
        limit.color.keyword().to_owned(),
    ]
}

fn told(value: Option<&impl Display>) -> String {
    value.map(ToString::to_string).unwrap_or_default()
}

fn listed<T: Display>(texts: impl IntoIterator<Item = T>) -> String {
    let texts: Vec<_> = texts.into_iter().map(|text| text.to_string()).collect();
    texts.join(&LIST.to_string())
}

impl AccountRow {
    /// The code of the account it is about.
    pub fn code(&self) -> &str {
        self.0.get("code").unwrap_or_default()
    }

    /// What the account becomes that is `details` and `limit` by now; the defaults for a new one.
    pub(in crate::accounts) fn over(
        &self,
        details: AccountDetails,
        limit: Limit,
    ) -> Result<AccountChange, AccountsRefusal> {
        let before = details.parent.map(AccountRef::Id);
        let parent = match self.0.get("parent") {
            None => before,
            Some("") => None,
            Some(text) => Some(AccountRef::read(text)),
        };
        Ok(AccountChange {
            details: self.details_over(details)?,
            parent,
            limit: self.limit_over(limit)?,
        })
    }

    fn details_over(&self, before: AccountDetails) -> Result<AccountDetails, AccountsRefusal> {
        let cells = &self.0;
        let tags = cells
            .list("tags")
            .map(|tags| tags.map(str::to_owned).collect());
        let name = cells.get("name").map(str::to_owned);
        Ok(AccountDetails {
            code: self.code().to_owned(),
            name: name.unwrap_or(before.name),
            description: cells.text_or("description", before.description),
            external_id: cells.text_or("external_id", before.external_id),
            parent: None,
            valid_from: parsed_or(cells, "valid_from", before.valid_from)?,
            valid_until: parsed_or(cells, "valid_until", before.valid_until)?,
            state: word(cells, "state", AccountState::from_keyword)?.unwrap_or(before.state),
            tags: tags.unwrap_or(before.tags),
        })
    }

    fn limit_over(&self, before: Limit) -> Result<Limit, AccountsRefusal> {
        let cells = &self.0;
        let overdraft = parsed_or(cells, "overdraft", Some(before.overdraft))?;
        let color = word(cells, "color", ColorLimit::from_keyword)?;
        let enforcement = word(cells, "enforcement", Enforcement::from_keyword)?;
        let functions = cells.list("functions").map(|words| {
            let words: Vec<_> = words.collect();
            if words.is_empty() {
                return Ok(Limit::default().functions);
            }
            let read = |word: &&str| {
                let unknown = || invalid("functions", format!("there is no {word:?}"));
                JobFunction::from_keyword(word).ok_or_else(unknown)
            };
            words.iter().map(read).collect()
        });
        Ok(Limit {
            points_per_user: parsed_or(cells, "points_per_user", before.points_per_user)?,
            period: period(cells)?.unwrap_or(before.period),
            carry_over: carry_over_or(cells, before.carry_over)?,
            overdraft: overdraft.unwrap_or_default(),
            enforcement: enforcement.unwrap_or(before.enforcement),
            job_points_max: parsed_or(cells, "job_points_max", before.job_points_max)?,
            functions: functions.transpose()?.unwrap_or(before.functions),
            color: color.unwrap_or(before.color),
        })
    }
}

/// What a cell says; `before` where there is no such column, `None` where it is empty.
fn parsed_or<T: FromStr<Err: Display>>(
    cells: &Cells,
    column: &'static str,
    before: Option<T>,
) -> Result<Option<T>, AccountsRefusal> {
    match cells.get(column) {
        None => Ok(before),
        Some("") => Ok(None),
        Some(text) => {
            let value = text.parse().map(Some);
            value.map_err(|error: T::Err| invalid(column, error.to_string()))
        }
    }
}

/// A cell of one word; the default one where it is empty.
fn word<T: Default>(
    cells: &Cells,
    column: &'static str,
    read: impl FnOnce(&str) -> Option<T>,
) -> Result<Option<T>, AccountsRefusal> {
    match cells.get(column) {
        None => Ok(None),
        Some("") => Ok(Some(T::default())),
        Some(text) => {
            let unknown = || invalid(column, format!("there is no {text:?}"));
            read(text).map(Some).ok_or_else(unknown)
        }
    }
}

fn carry_over_or(cells: &Cells, before: CarryOver) -> Result<CarryOver, AccountsRefusal> {
    match cells.get("carry_over") {
        None => Ok(before),
        Some(ALL) => Ok(CarryOver::All),
        Some(_) => {
            let cap = parsed_or(cells, "carry_over", None::<Points>)?;
            Ok(CarryOver::UpTo(cap.unwrap_or_default()))
        }
    }
}

/// A week begins on Monday and a month on the 1st unless cells say otherwise.
fn period(cells: &Cells) -> Result<Option<Period>, AccountsRefusal> {
    let Some(period) = cells.get("period") else {
        let is_said = |column: &&str| cells.get(column).is_some_and(|cell| !cell.is_empty());
        return match ["week_begins", "month_day", "terms"]
            .iter()
            .find(|c| is_said(c))
        {
            Some(column) => Err(invalid("period", format!("{column} needs this column"))),
            None => Ok(None),
        };
    };
    Ok(Some(match period {
        "" | "none" => Period::None,
        "daily" => Period::Daily,
        "weekly" => {
            let begins = word(cells, "week_begins", Weekday::from_keyword)?;
            Period::Weekly(begins.unwrap_or_default())
        }
        "monthly" => Period::Monthly(parsed_or(cells, "month_day", None)?.unwrap_or(1)),
        "term" => {
            let days = cells.list("terms").into_iter().flatten();
            let days = days.map(|day| {
                let day = day.parse::<Day>();
                day.map_err(|error| invalid("terms", error.to_string()))
            });
            Period::Term(days.collect::<Result<_, _>>()?)
        }
        other => return Err(invalid("period", format!("there is no {other:?}"))),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use platen_domain::points::POINTS_MAX;

    fn full() -> AccountDetails {
        AccountDetails {
            code: "BIO, \"1\"".to_owned(),
            name: "=Biology".to_owned(),
            description: Some("First year; no copies".to_owned()),
            external_id: Some("-4711".to_owned()),
            parent: None,
            valid_from: "2026-09-01".parse().ok(),
            valid_until: "2026-12-31".parse().ok(),
            state: AccountState::Suspended,
            tags: ["a", "b c"].map(str::to_owned).into(),
        }
    }

    fn limits() -> Vec<Limit> {
        let terms = ["2026-09-01", "2027-02-01"].map(|day| day.parse().unwrap());
        let periods = [
            Period::None,
            Period::Daily,
            Period::Weekly(Weekday::Sunday),
            Period::Monthly(31),
            Period::Term(terms.into()),
        ];
        let limit = |period| Limit {
            points_per_user: Some(Points::from_millionths(250_000)),
            period,
            carry_over: CarryOver::All,
            overdraft: POINTS_MAX,
            enforcement: Enforcement::Soft,
            job_points_max: Some(Points::whole(3)),
            functions: [JobFunction::Print, JobFunction::Fax].into(),
            color: ColorLimit::Monochrome,
        };
        let mut limits: Vec<_> = periods.map(limit).into();
        limits.push(Limit::default());
        limits
    }

    fn read(table: &str) -> AccountRow {
        let mut rows = account_rows(table.as_bytes()).unwrap();
        rows.remove(0).1.unwrap()
    }

    #[test]
    fn a_row_reads_back_as_it_was_written() {
        for limit in limits() {
            let mut table = String::new();
            write_account_columns(&mut table);
            write_account(&full(), Some("TOP"), &limit, &mut table);
            let change = read(&table).over(AccountDetails::default(), Limit::default());
            let expected = AccountChange {
                details: full(),
                parent: Some(AccountRef::Code("TOP".to_owned())),
                limit,
            };
            assert_eq!(change.unwrap(), expected, "{table}");
        }
    }

    #[test]
    fn what_a_row_does_not_say_stays_as_it_is() {
        for limit in limits() {
            let change = read("code\nx\n").over(full(), limit.clone()).unwrap();
            let code = "x".to_owned();
            assert_eq!(change.details, AccountDetails { code, ..full() });
            assert_eq!(change.limit, limit);
        }
        let empty = "code,description,tags,points_per_user,period,functions,state\nx,,,,,,\n";
        let limit = limits().remove(2);
        let change = read(empty).over(full(), limit).unwrap();
        assert_eq!(change.details.state, AccountState::Active);
        assert!(change.details.description.is_none() && change.details.tags.is_empty());
        assert_eq!(change.limit.points_per_user, None);
        assert_eq!(change.limit.functions, Limit::default().functions);
    }

    #[test]
    fn a_cell_that_will_not_do_is_refused_by_its_column() {
        let refused = |table: &str| {
            let change = read(table).over(full(), Limit::default());
            change.unwrap_err().to_string()
        };
        insta::assert_snapshot!(refused("code,valid_from\nx,1.9.26\n"), @"valid_from: expected a day as YYYY-MM-DD, such as 2026-09-01");
        insta::assert_snapshot!(refused("code,overdraft\nx,much\n"), @"overdraft: expected a number of points such as 12 or 0.25, six decimals and 1000000000 at most");
        insta::assert_snapshot!(refused("code,state\nx,open\n"), @r#"state: there is no "open""#);
        insta::assert_snapshot!(refused("code,functions\nx,print;stamp\n"), @r#"functions: there is no "stamp""#);
        insta::assert_snapshot!(refused("code,period,terms\nx,term,soon\n"), @"terms: expected a day as YYYY-MM-DD, such as 2026-09-01");
        insta::assert_snapshot!(refused("code,month_day\nx,3\n"), @"period: month_day needs this column");
        insta::assert_snapshot!(refused("code,period\nx,yearly\n"), @r#"period: there is no "yearly""#);
    }
}
