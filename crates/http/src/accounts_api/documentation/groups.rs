//! Groups of users who print.

use super::accounts::located;
use super::{Describe, id_of, identifier, operation};
use crate::accounts_api::wire::groups::{GroupAnswer, GroupInput, MembersInput};
use crate::accounts_api::wire::labels::LabelAnswer;
use crate::openapi::{Components, Operation, Parameter, Response};
use crate::problem_kinds as kinds;
use http::StatusCode;

const GROUP: &str = r#"{"id":"019ab2c4-7000-7e6f-8a91-b2c3d4e5f607","name":"Staff","external_id":"cn=staff","members":2,"revision":5,"created_at":"2026-08-20T09:00:00Z"}"#;

const MEMBER: &str = r#"{"id":"019ab2c4-6000-7e6f-8a91-b2c3d4e5f607","name":"ada"}"#;

/// `GET /accounts/v1/groups`
pub(in super::super) fn list(components: &mut Components<'_>) -> Operation {
    operation("listGroups", "List groups")
        .describe("By name.")
        .filter("name", "With this name, without regard to case.", "Staff")
        .lists::<GroupAnswer>(components, GROUP)
}

/// `POST /accounts/v1/groups`
pub(in super::super) fn create(components: &mut Components<'_>) -> Operation {
    let operation = operation("createGroup", "Create a group")
        .takes::<GroupInput>(components)
        .makes::<GroupAnswer>(components, GROUP)
        .problems(&[&kinds::TAKEN, &kinds::TOO_MANY]);
    located(operation)
}

/// `GET /accounts/v1/groups/{id}`
pub(in super::super) fn show(components: &mut Components<'_>) -> Operation {
    operation("getGroup", "Read a group")
        .of_one("group")
        .shows::<GroupAnswer>(components, GROUP)
}

/// `PATCH /accounts/v1/groups/{id}`
pub(in super::super) fn update(components: &mut Components<'_>) -> Operation {
    operation("updateGroup", "Change a group")
        .of_one("group")
        .takes_patch::<GroupInput>(
            components,
            "A merge patch (RFC 7396) of what is said of a group.",
            r#"{"name":"All staff"}"#,
        )
        .becomes::<GroupAnswer>(components, GROUP)
        .problems(&[&kinds::TAKEN])
}

/// `DELETE /accounts/v1/groups/{id}`
pub(in super::super) fn delete(_: &mut Components<'_>) -> Operation {
    operation("deleteGroup", "Destroy a group")
        .describe("With the access entries that name it.")
        .of_one("group")
        .deletes()
}

/// `GET /accounts/v1/groups/{id}/members`
pub(in super::super) fn list_members(components: &mut Components<'_>) -> Operation {
    operation("listMembers", "List the members of a group")
        .describe("By name.")
        .of_one("group")
        .lists::<LabelAnswer>(components, MEMBER)
}

/// `POST /accounts/v1/groups/{id}/members`
pub(in super::super) fn add_members(components: &mut Components<'_>) -> Operation {
    operation("addMembers", "Add members to a group")
        .describe("Who belongs to it already stays. 10,000 in a request at most.")
        .of_one("group")
        .takes::<MembersInput>(components)
        .changes()
        .does::<GroupAnswer>(components, GROUP)
}

/// `PUT /accounts/v1/groups/{id}/members`
pub(in super::super) fn replace_members(components: &mut Components<'_>) -> Operation {
    operation("replaceMembers", "Replace the members of a group")
        .describe("As a whole: who is not named does not belong to it any more.")
        .of_one("group")
        .takes::<MembersInput>(components)
        .changes()
        .becomes::<GroupAnswer>(components, GROUP)
}

/// `DELETE /accounts/v1/groups/{id}/members/{user}`
pub(in super::super) fn remove_member(_: &mut Components<'_>) -> Operation {
    let user = Parameter::path("user", identifier(), id_of("user"));
    operation("removeMember", "Take one member out of a group")
        .of_one("group")
        .parameter(user.describe("Identifier of the user."))
        .changes()
        .answer(Response::new(
            StatusCode::NO_CONTENT,
            "The user does not belong to it.",
        ))
}
