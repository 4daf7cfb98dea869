//! Balances.

use super::{Describe, operation};
use crate::accounts_api::wire::balances::BalanceAnswer;
use crate::openapi::{Components, Operation};
use crate::problem_kinds as kinds;

const BALANCE: &str = r#"{"account":{"id":"019ab2c4-55d0-7e6f-8a91-b2c3d4e5f607","code":"BIO-101"},"user":{"id":"019ab2c4-6000-7e6f-8a91-b2c3d4e5f607","name":"ada"},"balance":187.5,"allocated":200,"held":4,"available":183.5,"period_from":"2026-11-01T00:00:00Z","period_until":"2026-12-01T00:00:00Z"}"#;

/// `GET /accounts/v1/balances`
pub(in super::super) fn list(components: &mut Components<'_>) -> Operation {
    operation("listBalances", "List balances")
        .describe(
            "With `account` and `user` it is a list of one: what the user has there, or would get.",
        )
        .filter(
            "account",
            "In this account: its identifier or code.",
            "BIO-101",
        )
        .filter("user", "Of this user: identifier or name.", "ada")
        .lists::<BalanceAnswer>(components, BALANCE)
        .problems(&[&kinds::NO_SUCH_THING])
}

/// `GET /accounts/v1/accounts/{id}/balances`
pub(in super::super) fn list_of_account(components: &mut Components<'_>) -> Operation {
    operation("listAccountBalances", "List the balances of an account")
        .of_one("account")
        .filter("user", "Of this user: identifier or name.", "ada")
        .lists::<BalanceAnswer>(components, BALANCE)
}
