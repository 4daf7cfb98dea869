//! Limits of accounts.

use super::{Describe, operation};
use crate::accounts_api::wire::limits::LimitForm;
use crate::openapi::{Components, Operation};

const LIMIT: &str = r#"{"points_per_user":200,"period":"monthly","week_begins":null,"month_day":1,"terms":null,"carry_over":50,"overdraft":0,"enforcement":"hard","job_points_max":null,"functions":["print","copy","scan","fax","other"],"color":"any"}"#;

/// `GET /accounts/v1/accounts/{id}/limit`
pub(in super::super) fn show(components: &mut Components<'_>) -> Operation {
    operation("getLimit", "Read the limit of an account")
        .describe("Its ETag is that of the account.")
        .of_one("account")
        .shows::<LimitForm>(components, LIMIT)
}

/// `PUT /accounts/v1/accounts/{id}/limit`
pub(in super::super) fn replace(components: &mut Components<'_>) -> Operation {
    operation("replaceLimit", "Replace the limit of an account")
        .describe("Balances move with it: who had 100 of 200 points has 50 of 150.")
        .of_one("account")
        .takes::<LimitForm>(components)
        .changes()
        .becomes::<LimitForm>(components, LIMIT)
}

/// `PATCH /accounts/v1/accounts/{id}/limit`
pub(in super::super) fn update(components: &mut Components<'_>) -> Operation {
    operation("updateLimit", "Change the limit of an account")
        .describe(
            "Another `period` begins without `week_begins`, `month_day` and `terms` of the one \
             before.",
        )
        .of_one("account")
        .takes_patch::<LimitForm>(
            components,
            "A merge patch (RFC 7396) of the limit.",
            r#"{"points_per_user":250,"carry_over":"all"}"#,
        )
        .becomes::<LimitForm>(components, LIMIT)
}
