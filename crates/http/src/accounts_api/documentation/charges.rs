//! Quotes, charges and refunds.

use platen_domain::charges::ChargeState;

use super::accounts::located;
use super::{Describe, operation};
use crate::accounts_api::wire::charges::{ChargeAnswer, ChargeInput, QuoteAnswer, RefundInput};
use crate::openapi::{Components, Operation};
use crate::problem_kinds as kinds;

const QUOTE: &str = r#"{"allowed":true,"account":{"id":"019ab2c4-55d0-7e6f-8a91-b2c3d4e5f607","code":"BIO-101"},"verbs":["charge"],"points":4,"balance":187.5,"held":0,"available":187.5,"problems":[]}"#;

/// A charge as answers show it.
pub(super) const CHARGE: &str = r#"{"id":"019ab2c4-5700-7e6f-8a91-b2c3d4e5f607","origin":"program","state":"charged","account":{"id":"019ab2c4-55d0-7e6f-8a91-b2c3d4e5f607","code":"BIO-101"},"account_named":null,"user":{"id":"019ab2c4-6000-7e6f-8a91-b2c3d4e5f607","name":"ada"},"claimed":4,"refunded":0,"net":4,"problems":[],"print_job":null,"at":"2026-11-23T11:00:00Z","updated_at":"2026-11-23T11:00:00Z","revision":0}"#;

/// `POST /accounts/v1/quotes`
pub(in super::super) fn quote(components: &mut Components<'_>) -> Operation {
    operation("quoteCharge", "Ask what a charge would come to")
        .describe("Changes nothing. Whether the user may print is `allowed`; why not, `problems`.")
        .takes::<ChargeInput>(components)
        .gives::<QuoteAnswer>(components, QUOTE)
        .problems(&[&kinds::NO_SUCH_THING, &kinds::STATE])
}

/// `GET /accounts/v1/charges`
pub(in super::super) fn list(components: &mut Components<'_>) -> Operation {
    operation("listCharges", "List charges")
        .describe("The newest first, those of print jobs included.")
        .filter(
            "account",
            "Of this account: its identifier or code.",
            "BIO-101",
        )
        .filter("user", "Of this user: identifier or name.", "ada")
        .filter_by::<ChargeState>("state", "That stand so.")
        .lists::<ChargeAnswer>(components, CHARGE)
        .problems(&[&kinds::NO_SUCH_THING])
}

/// `POST /accounts/v1/charges`
pub(in super::super) fn charge(components: &mut Components<'_>) -> Operation {
    let operation = operation("createCharge", "Charge an account")
        .describe("Either all of it is charged, or nothing.")
        .takes::<ChargeInput>(components)
        .makes::<ChargeAnswer>(components, CHARGE)
        .problems(&[&kinds::NO_SUCH_THING, &kinds::CHARGE_REFUSED, &kinds::STATE]);
    located(operation)
}

/// `GET /accounts/v1/charges/{id}`
pub(in super::super) fn show(components: &mut Components<'_>) -> Operation {
    operation("getCharge", "Read a charge")
        .of_one("charge")
        .shows::<ChargeAnswer>(components, CHARGE)
}

/// `POST /accounts/v1/charges/{id}/refunds`
pub(in super::super) fn refund(components: &mut Components<'_>) -> Operation {
    operation("refundCharge", "Give a charge back, as a whole or in part")
        .of_one("charge")
        .takes::<RefundInput>(components)
        .changes()
        .does::<ChargeAnswer>(components, CHARGE)
        .problems(&[&kinds::STATE])
}

/// `POST /accounts/v1/charges/{id}/retries`
pub(in super::super) fn retry(components: &mut Components<'_>) -> Operation {
    operation(
        "retryCharge",
        "Charge a print job that could not be charged",
    )
    .describe("Its account exists by now, or its user may use it. The request has no body.")
    .of_one("charge")
    .changes()
    .does::<ChargeAnswer>(components, CHARGE)
    .problems(&super::BODY)
    .problems(&[&kinds::STATE, &kinds::CHARGE_REFUSED])
}
