//! The Accounts API: accounts, their limits, access and balances, for programs with an access
//! token.
//!
//! A noun has one file here and one of the same name in [`wire`], which has the forms it is sent
//! and answered in. What several of them do in the same way stands apart: bodies are read by
//! `json_body`, changes are based on something by `preconditions` and `patching`, repeated by
//! `idempotency`, refused by `refusals`; lists are asked for by `query` and given by `paging`.

mod access;
mod accounts;
pub(crate) mod authorization;
mod balances;
mod bulk;
mod charges;
mod client;
mod documentation;
mod groups;
mod holds;
mod idempotency;
mod json_body;
mod ledger;
mod limits;
mod merge_patch;
mod paging;
mod patching;
mod point_rules;
mod preconditions;
mod print_users;
mod query;
mod refusals;
mod strict_json;
pub(crate) mod wire;

use std::future::Future;
use std::pin::Pin;

use http::Method;
use platen_domain::clients::OauthScope;

use self::query::Query;
use crate::answers::Answer;
use crate::policy::TokenContext;
use crate::problems::Problem;
use crate::routes::Route;

/// A list, or a part of one, which reads the parameters of its address itself.
fn list<F>(path: &'static str, handler: impl Fn(TokenContext) -> F + Send + Sync + 'static) -> Route
where
    F: Future<Output = Result<Answer, Problem>> + Send + 'static,
{
    Route::token(Method::GET, path, OauthScope::AccountsRead, handler)
}

/// A route that changes nothing and takes no parameters.
fn read<F>(
    method: Method,
    path: &'static str,
    handler: impl Fn(TokenContext) -> F + Send + Sync + 'static,
) -> Route
where
    F: Future<Output = Result<Answer, Problem>> + Send + 'static,
{
    Route::token(method, path, OauthScope::AccountsRead, plain(handler))
}

/// A route that changes something and takes no parameters.
fn write<F>(
    method: Method,
    path: &'static str,
    handler: impl Fn(TokenContext) -> F + Send + Sync + 'static,
) -> Route
where
    F: Future<Output = Result<Answer, Problem>> + Send + 'static,
{
    Route::token(method, path, OauthScope::AccountsWrite, plain(handler))
}

type Pending = Pin<Box<dyn Future<Output = Result<Answer, Problem>> + Send>>;

/// The handler, for requests without a query.
fn plain<F>(
    handler: impl Fn(TokenContext) -> F + Send + Sync + 'static,
) -> impl Fn(TokenContext) -> Pending + Send + Sync + 'static
where
    F: Future<Output = Result<Answer, Problem>> + Send + 'static,
{
    move |context| {
        let checked = Query::read(context.call(), &[]);
        match checked {
            Ok(_) => Box::pin(handler(context)),
            Err(problem) => Box::pin(std::future::ready(Err(problem))),
        }
    }
}

pub(crate) fn routes() -> Vec<Route> {
    vec![
        read(Method::GET, "/accounts/v1/client", client::show)
            .documented(documentation::client::show),
        list(accounts::ALL, accounts::list).documented(documentation::accounts::list),
        write(Method::POST, accounts::ALL, accounts::create)
            .documented(documentation::accounts::create),
        read(Method::GET, accounts::ONE, accounts::show).documented(documentation::accounts::show),
        write(Method::PATCH, accounts::ONE, accounts::update)
            .documented(documentation::accounts::update),
        write(Method::DELETE, accounts::ONE, accounts::delete)
            .documented(documentation::accounts::delete),
        read(Method::GET, limits::ONE, limits::show).documented(documentation::limits::show),
        write(Method::PUT, limits::ONE, limits::replace).documented(documentation::limits::replace),
        write(Method::PATCH, limits::ONE, limits::update).documented(documentation::limits::update),
        read(Method::GET, access::ONE, access::show).documented(documentation::access::show),
        write(Method::PUT, access::ONE, access::replace)
            .documented(documentation::access::replace)
            .with_octets_max(access::ACCESS_OCTETS),
        write(Method::POST, access::ENTRIES, access::set_entry)
            .documented(documentation::access::set_entry),
        list(balances::OF_ACCOUNT, balances::list_of_account)
            .documented(documentation::balances::list_of_account),
        list(ledger::OF_ACCOUNT, ledger::list_of_account)
            .documented(documentation::ledger::list_of_account),
        read(Method::GET, ledger::PERIODS, ledger::list_periods)
            .documented(documentation::ledger::list_periods),
        list(balances::ALL, balances::list).documented(documentation::balances::list),
        list(ledger::ALL, ledger::list).documented(documentation::ledger::list),
        write(Method::POST, ledger::ADJUSTMENTS, ledger::adjust)
            .documented(documentation::ledger::adjust),
        write(Method::POST, ledger::TRANSFERS, ledger::transfer)
            .documented(documentation::ledger::transfer),
        write(Method::POST, ledger::RESETS, ledger::reset).documented(documentation::ledger::reset),
        read(Method::POST, charges::QUOTES, charges::quote)
            .documented(documentation::charges::quote),
        list(charges::ALL, charges::list).documented(documentation::charges::list),
        write(Method::POST, charges::ALL, charges::charge)
            .documented(documentation::charges::charge),
        read(Method::GET, charges::ONE, charges::show).documented(documentation::charges::show),
        write(Method::POST, charges::REFUNDS, charges::refund)
            .documented(documentation::charges::refund),
        write(Method::POST, charges::RETRIES, charges::retry)
            .documented(documentation::charges::retry),
        list(holds::ALL, holds::list).documented(documentation::holds::list),
        write(Method::POST, holds::ALL, holds::hold).documented(documentation::holds::hold),
        read(Method::GET, holds::ONE, holds::show).documented(documentation::holds::show),
        write(Method::POST, holds::CAPTURE, holds::capture)
            .documented(documentation::holds::capture),
        write(Method::POST, holds::RELEASE, holds::release)
            .documented(documentation::holds::release),
        list(print_users::ALL, print_users::list).documented(documentation::print_users::list),
        write(Method::POST, print_users::ALL, print_users::create)
            .documented(documentation::print_users::create),
        read(Method::GET, print_users::ONE, print_users::show)
            .documented(documentation::print_users::show),
        write(Method::PATCH, print_users::ONE, print_users::update)
            .documented(documentation::print_users::update),
        write(Method::DELETE, print_users::ONE, print_users::delete)
            .documented(documentation::print_users::delete),
        list(groups::ALL, groups::list).documented(documentation::groups::list),
        write(Method::POST, groups::ALL, groups::create).documented(documentation::groups::create),
        read(Method::GET, groups::ONE, groups::show).documented(documentation::groups::show),
        write(Method::PATCH, groups::ONE, groups::update).documented(documentation::groups::update),
        write(Method::DELETE, groups::ONE, groups::delete)
            .documented(documentation::groups::delete),
        list(groups::MEMBERS, groups::list_members).documented(documentation::groups::list_members),
        write(Method::POST, groups::MEMBERS, groups::add_members)
            .documented(documentation::groups::add_members)
            .with_octets_max(groups::MEMBERS_OCTETS),
        write(Method::PUT, groups::MEMBERS, groups::replace_members)
            .documented(documentation::groups::replace_members)
            .with_octets_max(groups::MEMBERS_OCTETS),
        write(Method::DELETE, groups::MEMBER, groups::remove_member)
            .documented(documentation::groups::remove_member),
        read(Method::GET, point_rules::ONE, point_rules::show)
            .documented(documentation::point_rules::show),
        write(Method::PUT, point_rules::ONE, point_rules::replace)
            .documented(documentation::point_rules::replace),
        Route::token(
            Method::POST,
            bulk::ALL,
            OauthScope::AccountsWrite,
            bulk::run,
        )
        .documented(documentation::bulk::run)
        .with_octets_max(bulk::BULK_OCTETS),
    ]
}
