//! Balances.

use platen_domain::accounts::AccountRef;
use platen_domain::balances::BalanceView;
use platen_domain::print_users::UserRef;
use platen_domain::scope::Scope;
use platen_store::{BalancePosition, Difference};

use super::Accounts;
use super::paging::{Cursor, Part, foreign_cursor, paged};
use super::print_users::resolved;
use super::standings::{look_at, settled_in_mind, view};
use super::{AccountsRefusal, Page, PageRequest};

/// Balances that a check names at most.
const DIFFERENCES_MAX: u32 = 100;

/// Names the lists that a cursor is good for.
const LIST: &str = "balances";

impl Accounts<'_> {
    /// What one user has in one account now, settled into the current period whether or not that
    /// was written yet. A user who has none there yet is shown what the account would allocate.
    pub async fn balance(
        self,
        scope: &Scope,
        account: AccountRef,
        user: UserRef,
    ) -> Result<BalanceView, AccountsRefusal> {
        let looked = self.view(scope, move |at| {
            let (standing, period) = look_at(at, &account, &user)?;
            view(&standing, period)
        });
        looked.await
    }

    /// Every balance of an account, of a user or of the organization, a page at a time.
    pub async fn balances(
        self,
        scope: &Scope,
        account: Option<AccountRef>,
        user: Option<UserRef>,
        page: PageRequest,
    ) -> Result<Page<BalanceView>, AccountsRefusal> {
        let looked = self.view(scope, move |at| {
            let user = user.map(|user| resolved(at, user)).transpose()?;
            let (account, user) = (account.as_ref(), user.as_ref());
            let read = |after: Option<Cursor>, most| {
                let after = after.map_or(Ok(BalancePosition::default()), |c| position(&c))?;
                let found = at
                    .reader
                    .standings(at.scope, account, user, after, most, at.now)?;
                found.ok_or(AccountsRefusal::NotFound("account or user"))
            };
            let page = paged(LIST, &page, read, |(position, _)| cursor(*position))?;
            page.try_map(|(_, standing)| {
                let (standing, period) = settled_in_mind(at, standing);
                view(&standing, period)
            })
        });
        looked.await
    }

    /// Sums up the ledger anew and names balances that differ from it. There are none, unless
    /// somebody else wrote into the database or this program is wrong.
    pub async fn check_balances(self, scope: &Scope) -> Result<Vec<Difference>, AccountsRefusal> {
        let looked = self.view(scope, |at| {
            Ok(at.reader.balance_differences(at.scope, DIFFERENCES_MAX)?)
        });
        looked.await
    }
}

fn position(cursor: &Cursor) -> Result<BalancePosition, AccountsRefusal> {
    match cursor.0[..] {
        [Part::Number(account_no), Part::Number(user_no)] => Ok(BalancePosition {
            account_no,
            user_no,
        }),
        _ => Err(foreign_cursor()),
    }
}

fn cursor(position: BalancePosition) -> Cursor {
    let parts = [position.account_no, position.user_no].map(Part::Number);
    Cursor(parts.into())
}
