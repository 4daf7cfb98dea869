//! The Accounts API: accounts, their limits, access and balances, for programs with an access
//! token.

pub(crate) mod authorization;
mod client;
mod documentation;

use http::Method;
use platen_domain::clients::OauthScope;

use crate::routes::Route;

pub(crate) fn routes() -> Vec<Route> {
    let read = OauthScope::AccountsRead;
    vec![
        Route::token(Method::GET, "/accounts/v1/client", read, client::show)
            .documented(documentation::client),
    ]
}
