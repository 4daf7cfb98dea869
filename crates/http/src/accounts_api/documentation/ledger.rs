//! The ledger, and what is written into it by hand.

use http::StatusCode;
use platen_domain::ledger::EntryKind;

use super::{Describe, json, operation, text};
use crate::accounts_api::paging::PageAnswer;
use crate::accounts_api::wire::ledger::{
    AdjustmentInput, ClosedPeriodAnswer, LedgerEntryAnswer, ResetInput, TransferAnswer,
    TransferInput,
};
use crate::openapi::{Components, Operation, Parameter, Response};
use crate::problem_kinds as kinds;

const ENTRY: &str = r#"{"number":4711,"at":"2026-11-23T11:00:00Z","account":{"id":"019ab2c4-55d0-7e6f-8a91-b2c3d4e5f607","code":"BIO-101"},"user":{"id":"019ab2c4-6000-7e6f-8a91-b2c3d4e5f607","name":"ada"},"kind":"adjustment","points":-12.5,"balance":187.5,"actor":"Client Application","reason":"poster printed by hand","charge":null,"transfer":null}"#;

const PERIODS: &str = r#"{"items":[{"from":"2026-10-01T00:00:00Z","until":"2026-11-01T00:00:00Z","closed_at":"2026-11-01T00:00:05Z","opening":5200,"allocated":200,"reset":4100,"charged":-3900.5,"refunded":20,"adjusted":-12.5,"transferred":0,"closing":5607,"entries":812}],"next":null}"#;

fn filtered(operation: Operation) -> Operation {
    let instant = || text().with("format", "date-time");
    let bound = |name, description, example| {
        Parameter::query(name, instant(), example).describe(description)
    };
    operation
        .filter("user", "Of this user: identifier or name.", "ada")
        .filter_by::<EntryKind>("kind", "Of this kind.")
        .parameter(bound(
            "from",
            "Made at this instant or later.",
            "2026-11-01T00:00:00Z",
        ))
        .parameter(bound(
            "until",
            "Made before this instant.",
            "2026-12-01T00:00:00Z",
        ))
}

/// `GET /accounts/v1/ledger`
pub(in super::super) fn list(components: &mut Components<'_>) -> Operation {
    let operation = operation("listLedger", "List entries of the ledger")
        .describe("The newest first.")
        .filter(
            "account",
            "Of this account: its identifier or code.",
            "BIO-101",
        );
    filtered(operation)
        .lists::<LedgerEntryAnswer>(components, ENTRY)
        .problems(&[&kinds::NO_SUCH_THING])
}

/// `GET /accounts/v1/accounts/{id}/ledger`
pub(in super::super) fn list_of_account(components: &mut Components<'_>) -> Operation {
    let operation = operation("listAccountLedger", "List the ledger of an account")
        .describe("The newest first.")
        .of_one("account");
    filtered(operation).lists::<LedgerEntryAnswer>(components, ENTRY)
}

/// `GET /accounts/v1/accounts/{id}/periods`
pub(in super::super) fn list_periods(components: &mut Components<'_>) -> Operation {
    let media = json::<PageAnswer<ClosedPeriodAnswer>>(components, PERIODS);
    operation(
        "listAccountPeriods",
        "List the closed periods of an account",
    )
    .describe("The newest first, 500 at most: what each came to, over all users.")
    .of_one("account")
    .answer(Response::new(StatusCode::OK, "All of them.").content(media))
    .problems(&[&kinds::UNKNOWN_PARAMETER])
}

/// `POST /accounts/v1/adjustments`
pub(in super::super) fn adjust(components: &mut Components<'_>) -> Operation {
    operation("adjustBalance", "Give points to a balance, or take some")
        .takes::<AdjustmentInput>(components)
        .makes::<LedgerEntryAnswer>(components, ENTRY)
        .problems(&[&kinds::NO_SUCH_THING, &kinds::CHARGE_REFUSED])
}

/// `POST /accounts/v1/transfers`
pub(in super::super) fn transfer(components: &mut Components<'_>) -> Operation {
    let transfer =
        format!(r#"{{"id":"019ab2c4-5600-7e6f-8a91-b2c3d4e5f607","out":{ENTRY},"into":{ENTRY}}}"#);
    operation("transferPoints", "Move points from one balance to another")
        .takes::<TransferInput>(components)
        .makes::<TransferAnswer>(components, &transfer)
        .problems(&[&kinds::NO_SUCH_THING, &kinds::CHARGE_REFUSED])
}

/// `POST /accounts/v1/resets`
pub(in super::super) fn reset(components: &mut Components<'_>) -> Operation {
    operation(
        "resetBalance",
        "Set a balance to what its account allocates",
    )
    .takes::<ResetInput>(components)
    .makes::<LedgerEntryAnswer>(components, ENTRY)
    .problems(&[&kinds::NO_SUCH_THING])
}
