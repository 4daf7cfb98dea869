//! Accounts.

use super::{Describe, LOCATION, by_id, operation, text};
use crate::accounts_api::accounts::SORTS;
use crate::accounts_api::wire::accounts::{AccountAnswer, AccountInput};
use crate::openapi::{Components, Json, Operation, Parameter};
use crate::problem_kinds as kinds;
use platen_domain::accounts::AccountState;

const ACCOUNT: &str = r#"{"id":"019ab2c4-55d0-7e6f-8a91-b2c3d4e5f607","code":"BIO-101","name":"Biology 101","description":null,"external_id":null,"parent":null,"valid_from":"2026-09-01","valid_until":null,"state":"active","tags":["course"],"revision":3,"created_at":"2026-08-20T09:00:00Z","updated_at":"2026-08-21T10:30:00Z"}"#;

/// `GET /accounts/v1/accounts`
pub(in super::super) fn list(components: &mut Components<'_>) -> Operation {
    let sort = text().with("enum", Json::array(SORTS.map(|(word, _)| word)));
    let sort = Parameter::query("sort", sort, "code");
    operation("listAccounts", "List accounts")
        .filter("code", "With this code, without regard to case.", "BIO-101")
        .filter("external_id", "With this external id.", "4711")
        .filter_by::<AccountState>("state", "In this state.")
        .filter("tag", "With this tag.", "course")
        .parameter(by_id(
            "parent",
            "account",
            "Directly below the account with this identifier.",
        ))
        .filter("search", "With this text in code or name.", "bio")
        .parameter(sort.describe("In which order; `-` is backwards. By code unless stated."))
        .lists::<AccountAnswer>(components, ACCOUNT)
}

/// `POST /accounts/v1/accounts`
pub(in super::super) fn create(components: &mut Components<'_>) -> Operation {
    let operation = operation("createAccount", "Create an account")
        .describe("It has no limit, and nobody has access to it, until both are set.")
        .takes::<AccountInput>(components)
        .makes::<AccountAnswer>(components, ACCOUNT)
        .problems(&[&kinds::TAKEN, &kinds::TOO_MANY]);
    located(operation)
}

/// Says where the thing that was made is.
pub(super) fn located(mut operation: Operation) -> Operation {
    for response in &mut operation.responses {
        response.headers.extend([LOCATION]);
    }
    operation
}

/// `GET /accounts/v1/accounts/{id}`
pub(in super::super) fn show(components: &mut Components<'_>) -> Operation {
    operation("getAccount", "Read an account")
        .of_one("account")
        .shows::<AccountAnswer>(components, ACCOUNT)
}

/// `PATCH /accounts/v1/accounts/{id}`
pub(in super::super) fn update(components: &mut Components<'_>) -> Operation {
    operation("updateAccount", "Change an account")
        .describe("Archive an account that is not used any more with `{\"state\":\"archived\"}`.")
        .of_one("account")
        .takes_patch::<AccountInput>(
            components,
            "A merge patch (RFC 7396) of what an account is created from.",
            r#"{"name":"Biology 102","valid_until":"2027-01-31","description":null}"#,
        )
        .becomes::<AccountAnswer>(components, ACCOUNT)
        .problems(&[&kinds::TAKEN])
}

/// `DELETE /accounts/v1/accounts/{id}`
pub(in super::super) fn delete(_: &mut Components<'_>) -> Operation {
    operation("deleteAccount", "Destroy an account that was never charged")
        .describe("One that has a ledger can be archived, not destroyed.")
        .of_one("account")
        .deletes()
        .problems(&[&kinds::STATE])
}
