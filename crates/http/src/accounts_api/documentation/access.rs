//! Access lists of accounts.

use super::{Describe, operation};
use crate::accounts_api::wire::access::{AccessAnswer, AccessEntryInput, AccessInput};
use crate::openapi::{Components, Operation};

const ACCESS: &str = r#"{"entries":[{"subject":{"everyone":true},"verbs":["charge"]},{"subject":{"group":{"id":"019ab2c4-7000-7e6f-8a91-b2c3d4e5f607","name":"Staff"}},"verbs":["charge","view"]}]}"#;

/// `GET /accounts/v1/accounts/{id}/access`
pub(in super::super) fn show(components: &mut Components<'_>) -> Operation {
    operation("getAccess", "Read the access list of an account")
        .describe("Its ETag is that of the account.")
        .of_one("account")
        .shows::<AccessAnswer>(components, ACCESS)
}

/// `PUT /accounts/v1/accounts/{id}/access`
pub(in super::super) fn replace(components: &mut Components<'_>) -> Operation {
    operation("replaceAccess", "Replace the access list of an account")
        .describe("As a whole: who is not named has no access any more.")
        .of_one("account")
        .takes::<AccessInput>(components)
        .changes()
        .becomes::<AccessAnswer>(components, ACCESS)
}

/// `POST /accounts/v1/accounts/{id}/access/entries`
pub(in super::super) fn set_entry(components: &mut Components<'_>) -> Operation {
    operation("setAccessEntry", "Set one entry of an access list")
        .describe(
            "The other entries stay as they are. No verbs take the entry away. Sent twice, it \
             changes nothing more.",
        )
        .of_one("account")
        .takes::<AccessEntryInput>(components)
        .changes()
        .becomes::<AccessAnswer>(components, ACCESS)
}
