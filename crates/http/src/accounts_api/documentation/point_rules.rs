//! How many points print jobs take.

use super::{Describe, operation};
use crate::accounts_api::wire::Sent as _;
use crate::accounts_api::wire::point_rules::PointRulesForm;
use crate::openapi::{Components, Operation};

/// `GET /accounts/v1/point-rules`
pub(in super::super) fn show(components: &mut Components<'_>) -> Operation {
    operation("getPointRules", "Read how many points print jobs take")
        .describe("A point a side until other rules are set.")
        .shows::<PointRulesForm>(components, PointRulesForm::EXAMPLE)
}

/// `PUT /accounts/v1/point-rules`
pub(in super::super) fn replace(components: &mut Components<'_>) -> Operation {
    operation("replacePointRules", "Set how many points print jobs take")
        .describe("For what is charged from now on; no charge that was made changes.")
        .takes::<PointRulesForm>(components)
        .changes()
        .becomes::<PointRulesForm>(components, PointRulesForm::EXAMPLE)
}
