//! `/accounts/v1/accounts`: accounts, created, read, listed, patched and destroyed.

use http::StatusCode;
use platen_app::accounts::{AccountFilter, AccountSort, AccountsRefusal};
use platen_domain::accounts::Account;
use platen_domain::ids::AccountId;

use super::idempotency::{self, once};
use super::json_body;
use super::paging;
use super::patching::{self, Patched};
use super::preconditions::{self, IfMatch};
use super::query::{self, Query};
use super::wire::accounts::{AccountAnswer, AccountInput};
use crate::answers::{self, Answer};
use crate::policy::{Call, TokenContext};
use crate::problems::Problem;

pub(super) const ALL: &str = "/accounts/v1/accounts";
pub(super) const ONE: &str = "/accounts/v1/accounts/{id}";

/// What the list is filtered and sorted by.
pub(super) const FILTERS: [&str; 9] = [
    "code",
    "external_id",
    "state",
    "tag",
    "parent",
    "search",
    "sort",
    paging::LIMIT,
    paging::CURSOR,
];

/// Every order, with the word that asks for it.
pub(super) const SORTS: [(&str, AccountSort); 6] = [
    ("code", AccountSort::Code),
    ("-code", AccountSort::CodeDescending),
    ("name", AccountSort::Name),
    ("-name", AccountSort::NameDescending),
    ("created_at", AccountSort::Created),
    ("-created_at", AccountSort::CreatedDescending),
];

/// The account in the path.
pub(super) fn id(call: &Call) -> Result<AccountId, Problem> {
    query::id(call, "id", "account")
}

/// The same, where there is such an account: a list of what belongs to it does not tell an account
/// that has nothing from one that is none.
pub(super) async fn existing(context: &TokenContext) -> Result<AccountId, Problem> {
    let id = id(context.call())?;
    context.app().accounts().get(context.scope(), id).await?;
    Ok(id)
}

/// `GET /accounts/v1/accounts`
pub(super) async fn list(context: TokenContext) -> Result<Answer, Problem> {
    let query = Query::read(context.call(), &FILTERS)?;
    let text = |name| query.text(name).map(ToOwned::to_owned);
    let filter = AccountFilter {
        code: text("code"),
        external_id: text("external_id"),
        state: query.word("state")?,
        tag: text("tag"),
        parent: query.id("parent")?,
        search: text("search"),
    };
    let (sort, page) = (sort(&query)?, paging::request(&query)?);
    let scope = context.scope();
    let accounts = context
        .app()
        .accounts()
        .list(scope, filter, sort, page)
        .await?;
    Ok(paging::answer::<_, AccountAnswer>(ALL, &query, &accounts))
}

fn sort(query: &Query) -> Result<AccountSort, Problem> {
    let Some(text) = query.text("sort") else {
        return Ok(AccountSort::default());
    };
    let found = SORTS.iter().find(|(word, _)| *word == text);
    found.map(|(_, sort)| *sort).ok_or_else(|| {
        let words = SORTS.map(|(word, _)| word).join(", ");
        query::bad("sort", &format!("expected one of {words}"))
    })
}

/// `POST /accounts/v1/accounts`
pub(super) async fn create(context: TokenContext) -> Result<Answer, Problem> {
    let input: AccountInput = json_body::read(context.call())?;
    let once = once(context.call(), ALL, |account: &Account| {
        let id = Some(account.id.to_string());
        let document = AccountAnswer::from(account);
        idempotency::record(id, Some(account.revision), &document)
    })?;
    let created = context
        .app()
        .accounts()
        .create(context.scope(), input.read()?, once);
    Ok(idempotency::created(ALL, created.await?))
}

/// `GET /accounts/v1/accounts/{id}`
pub(super) async fn show(context: TokenContext) -> Result<Answer, Problem> {
    let call = context.call();
    let account = context
        .app()
        .accounts()
        .get(context.scope(), id(call)?)
        .await?;
    Ok(preconditions::tagged(
        &call.headers,
        account.revision,
        document(&account),
    ))
}

/// `PATCH /accounts/v1/accounts/{id}`
pub(super) async fn update(context: TokenContext) -> Result<Answer, Problem> {
    let (app, scope, call) = (context.app(), context.scope(), context.call());
    let id = id(call)?;
    let read = || async move {
        let (account, _limit) = app.accounts().to_change(scope, id).await?;
        Ok((AccountInput::from(&account.details), account.revision))
    };
    let write = |input: AccountInput, revision| async move {
        let details = input.read()?;
        app.accounts()
            .update(scope, id, details, Some(revision))
            .await
    };
    let account = patching::patch(call, read, write).await?;
    Ok(preconditions::with_etag(
        document(&account),
        account.revision,
    ))
}

impl Patched for AccountInput {}

/// `DELETE /accounts/v1/accounts/{id}`
pub(super) async fn delete(context: TokenContext) -> Result<Answer, Problem> {
    let (app, scope, call) = (context.app(), context.scope(), context.call());
    let id = id(call)?;
    let condition = IfMatch::read(&call.headers)?;
    let expected = condition.expected(revision(&context, id)).await?;
    let deleted = app.accounts().delete(scope, id, expected).await;
    deleted.map_err(|refusal| condition.problem(refusal))?;
    Ok(answers::empty(StatusCode::NO_CONTENT))
}

/// The revision of an account that is to be changed, which its limit and its access share.
pub(super) async fn revision(
    context: &TokenContext,
    id: AccountId,
) -> Result<u64, AccountsRefusal> {
    let account = context.app().accounts().to_change(context.scope(), id);
    let (account, _limit) = account.await?;
    Ok(account.revision)
}

fn document(account: &Account) -> Answer {
    answers::private_json(StatusCode::OK, &AccountAnswer::from(account))
}
