//! Holds.

use platen_domain::holds::HoldState;

use super::accounts::located;
use super::charges::CHARGE;
use super::{Describe, operation};
use crate::accounts_api::wire::charges::ChargeAnswer;
use crate::accounts_api::wire::holds::{CaptureInput, HoldAnswer, HoldInput};
use crate::openapi::{Components, Operation};
use crate::problem_kinds as kinds;

const HOLD: &str = r#"{"id":"019ab2c4-5800-7e6f-8a91-b2c3d4e5f607","state":"active","account":{"id":"019ab2c4-55d0-7e6f-8a91-b2c3d4e5f607","code":"BIO-101"},"user":{"id":"019ab2c4-6000-7e6f-8a91-b2c3d4e5f607","name":"ada"},"points":4,"print_job":null,"created_at":"2026-11-23T11:00:00Z","expires_at":"2026-11-23T11:10:00Z","charge":null}"#;

/// `GET /accounts/v1/holds`
pub(in super::super) fn list(components: &mut Components<'_>) -> Operation {
    operation("listHolds", "List holds")
        .describe("The newest first.")
        .filter(
            "account",
            "In this account: its identifier or code.",
            "BIO-101",
        )
        .filter("user", "For this user: identifier or name.", "ada")
        .filter_by::<HoldState>("state", "That stand so now.")
        .lists::<HoldAnswer>(components, HOLD)
        .problems(&[&kinds::NO_SUCH_THING])
}

/// `POST /accounts/v1/holds`
pub(in super::super) fn hold(components: &mut Components<'_>) -> Operation {
    let operation = operation("createHold", "Reserve points before a job is printed")
        .describe("Until it is captured, released or expired, nobody else can spend them.")
        .takes::<HoldInput>(components)
        .makes::<HoldAnswer>(components, HOLD)
        .problems(&[
            &kinds::NO_SUCH_THING,
            &kinds::CHARGE_REFUSED,
            &kinds::STATE,
            &kinds::TOO_MANY,
        ]);
    located(operation)
}

/// `GET /accounts/v1/holds/{id}`
pub(in super::super) fn show(components: &mut Components<'_>) -> Operation {
    operation("getHold", "Read a hold")
        .of_one("hold")
        .gives::<HoldAnswer>(components, HOLD)
}

/// `POST /accounts/v1/holds/{id}/capture`
pub(in super::super) fn capture(components: &mut Components<'_>) -> Operation {
    let operation = operation("captureHold", "Charge what is held")
        .describe(
            "Without a body it is what the hold reserved. A hold that expired is charged where the \
             balance allows.",
        )
        .of_one("hold")
        .takes::<CaptureInput>(components)
        .makes::<ChargeAnswer>(components, CHARGE)
        .problems(&[&kinds::STATE, &kinds::CHARGE_REFUSED]);
    located(operation)
}

/// `POST /accounts/v1/holds/{id}/release`
pub(in super::super) fn release(components: &mut Components<'_>) -> Operation {
    operation("releaseHold", "Free what is held")
        .describe("Where it is free already, nothing is done. The request has no body.")
        .of_one("hold")
        .does::<HoldAnswer>(components, HOLD)
        .problems(&super::BODY)
        .problems(&[&kinds::STATE])
}
