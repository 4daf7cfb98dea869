//! `/accounts/v1/balances`: the points that users have in accounts.

use platen_app::accounts::Page;
use platen_domain::accounts::AccountRef;
use platen_domain::print_users::UserRef;

use super::paging;
use super::query::Query;
use super::wire::balances::BalanceAnswer;
use crate::answers::Answer;
use crate::policy::TokenContext;
use crate::problems::Problem;

pub(super) const ALL: &str = "/accounts/v1/balances";
pub(super) const OF_ACCOUNT: &str = "/accounts/v1/accounts/{id}/balances";

/// What the list is filtered by.
pub(super) const FILTERS: [&str; 4] = ["account", "user", paging::LIMIT, paging::CURSOR];

/// `GET /accounts/v1/balances`. One user in one account has a balance there at any time: it is
/// what the account would allocate, before anything was.
pub(super) async fn list(context: TokenContext) -> Result<Answer, Problem> {
    let query = Query::read(context.call(), &FILTERS)?;
    let account = query.text("account").map(AccountRef::read);
    answer(&context, ALL, &query, account).await
}

/// `GET /accounts/v1/accounts/{id}/balances`
pub(super) async fn list_of_account(context: TokenContext) -> Result<Answer, Problem> {
    let [_account, known @ ..] = FILTERS;
    let query = Query::read(context.call(), &known)?;
    let id = super::accounts::existing(&context).await?;
    let path = OF_ACCOUNT.replace("{id}", &id.to_string());
    answer(&context, &path, &query, Some(id.into())).await
}

async fn answer(
    context: &TokenContext,
    path: &str,
    query: &Query,
    account: Option<AccountRef>,
) -> Result<Answer, Problem> {
    let (app, scope) = (context.app(), context.scope());
    let user = query.text("user").map(UserRef::read);
    let request = paging::request(query)?;
    let page = match (account, user) {
        (Some(account), Some(user)) => Page {
            items: vec![app.accounts().balance(scope, account, user).await?],
            next: None,
        },
        (account, user) => {
            app.accounts()
                .balances(scope, account, user, request)
                .await?
        }
    };
    Ok(paging::answer::<_, BalanceAnswer>(path, query, &page))
}
