//! Users who print.

use platen_domain::print_users::PrintUserState;

use super::accounts::located;
use super::{Describe, by_id, operation};
use crate::accounts_api::wire::print_users::{UserAnswer, UserInput};
use crate::openapi::{Components, Operation};
use crate::problem_kinds as kinds;

const USER: &str = r#"{"id":"019ab2c4-6000-7e6f-8a91-b2c3d4e5f607","name":"ada","display_name":"Ada Lovelace","email":null,"external_id":null,"state":"active","revision":1,"created_at":"2026-08-20T09:00:00Z"}"#;

/// `GET /accounts/v1/users`
pub(in super::super) fn list(components: &mut Components<'_>) -> Operation {
    operation("listUsers", "List users who print")
        .describe("By name.")
        .filter("name", "With this name, without regard to case.", "ada")
        .filter("external_id", "With this external id.", "4711")
        .filter_by::<PrintUserState>("state", "In this state.")
        .parameter(by_id(
            "group",
            "group",
            "Members of the group with this identifier.",
        ))
        .lists::<UserAnswer>(components, USER)
}

/// `POST /accounts/v1/users`
pub(in super::super) fn create(components: &mut Components<'_>) -> Operation {
    let operation = operation("createUser", "Make a user known")
        .describe("Print jobs and other requests make users known as well, by their names.")
        .takes::<UserInput>(components)
        .makes::<UserAnswer>(components, USER)
        .problems(&[&kinds::TAKEN, &kinds::TOO_MANY]);
    located(operation)
}

/// `GET /accounts/v1/users/{id}`
pub(in super::super) fn show(components: &mut Components<'_>) -> Operation {
    operation("getUser", "Read a user")
        .of_one("user")
        .shows::<UserAnswer>(components, USER)
}

/// `PATCH /accounts/v1/users/{id}`
pub(in super::super) fn update(components: &mut Components<'_>) -> Operation {
    operation("updateUser", "Change a user")
        .of_one("user")
        .takes_patch::<UserInput>(
            components,
            "A merge patch (RFC 7396) of what is said of a user.",
            r#"{"state":"suspended","email":null}"#,
        )
        .becomes::<UserAnswer>(components, USER)
        .problems(&[&kinds::TAKEN])
}

/// `DELETE /accounts/v1/users/{id}`
pub(in super::super) fn delete(_: &mut Components<'_>) -> Operation {
    operation("deleteUser", "Forget a user who never had a balance")
        .describe("With memberships and access entries. One who had can be suspended.")
        .of_one("user")
        .deletes()
        .problems(&[&kinds::STATE])
}
