//! Accounts in lists.

use platen_domain::account_limits::Limit;
use platen_domain::accounts::{Account, AccountFilter, AccountSort, folded};
use platen_domain::scope::Scope;

use crate::access::Reader;
use crate::accounts::{AccountRow, from_row, select_accounts};
use crate::error::StoreError;
use crate::listing::{Listed, Place, Select, containing};
use crate::session::Value;

impl Reader<'_> {
    /// Accounts behind `after`, `items` at most.
    pub fn accounts(
        &self,
        scope: &Scope,
        filter: &AccountFilter,
        sort: AccountSort,
        after: Option<&Place>,
        items: u32,
    ) -> Result<Vec<Listed<(Account, Limit)>>, StoreError> {
        let organization_no = self.organization_no(scope)?;
        let start = select_accounts!("WHERE a.organization_no = ?");
        let mut select = Select::new(start, [Value::from(organization_no)]);
        narrow(&mut select, filter);
        if let Some(place) = after {
            begin_behind(&mut select, sort, place);
        }
        let rows = select.rows(self, order(sort), items, from_row)?;
        let listed = |row: AccountRow| Listed {
            place: Place {
                key: sort_key(sort, &row.account),
                number: row.account_no,
            },
            item: (row.account, row.limit),
        };
        Ok(rows.into_iter().map(listed).collect())
    }
}

const fn order(sort: AccountSort) -> &'static str {
    match sort {
        AccountSort::Code => "a.code_folded",
        AccountSort::CodeDescending => "a.code_folded DESC",
        AccountSort::Name => "a.name_folded, a.account_no",
        AccountSort::NameDescending => "a.name_folded DESC, a.account_no DESC",
        AccountSort::Created => "a.account_no",
        AccountSort::CreatedDescending => "a.account_no DESC",
    }
}

fn sort_key(sort: AccountSort, account: &Account) -> String {
    match sort {
        AccountSort::Code | AccountSort::CodeDescending => folded(&account.details.code),
        AccountSort::Name | AccountSort::NameDescending => folded(&account.details.name),
        AccountSort::Created | AccountSort::CreatedDescending => String::new(),
    }
}

fn begin_behind(select: &mut Select, sort: AccountSort, place: &Place) {
    let (key, number) = (Value::from(place.key.clone()), Value::from(place.number));
    match sort {
        AccountSort::Code => select.and("a.code_folded > ?", [key]),
        AccountSort::CodeDescending => select.and("a.code_folded < ?", [key]),
        AccountSort::Name => select.and("(a.name_folded, a.account_no) > (?, ?)", [key, number]),
        AccountSort::NameDescending => {
            select.and("(a.name_folded, a.account_no) < (?, ?)", [key, number]);
        }
        AccountSort::Created => select.and("a.account_no > ?", [number]),
        AccountSort::CreatedDescending => select.and("a.account_no < ?", [number]),
    }
}

fn narrow(select: &mut Select, filter: &AccountFilter) {
    let code = filter.code.as_deref().map(folded);
    select.and_opt("a.code_folded = ?", code);
    select.and_opt("a.external_id = ?", filter.external_id.clone());
    let state = filter.state.map(|state| i64::from(state.number()));
    select.and_opt("a.state = ?", state);
    select.and_opt(
        "EXISTS (SELECT 1 FROM account_tags t WHERE t.organization_no = a.organization_no
             AND t.account_no = a.account_no AND t.tag = ?)",
        filter.tag.clone(),
    );
    let parent = filter.parent.map(|parent| parent.as_bytes().to_vec());
    select.and_opt(
        "a.parent_no = (SELECT p.account_no FROM accounts p
             WHERE p.organization_no = a.organization_no AND p.account_id = ?)",
        parent,
    );
    if let Some(text) = filter.search.as_deref().map(folded) {
        let pattern = containing(&text);
        select.and(
            "(a.code_folded LIKE ? ESCAPE '!' OR a.name_folded LIKE ? ESCAPE '!')",
            [pattern.clone().into(), pattern.into()],
        );
    }
}
