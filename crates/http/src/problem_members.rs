//! What problems say to programs beside their texts: extension members (RFC 9457 3.2).

use platen_domain::charges::{ChargeProblem, ChargeProblems};
use platen_domain::points::Points;
use schemars::JsonSchema;
use serde::Serialize;

use crate::accounts_api::wire::points::PointsNumber;
use crate::accounts_api::wire::words::Word;

/// The members; those that a kind of problem does not have are left out.
#[derive(Debug, Clone, Default, Serialize, JsonSchema)]
pub(crate) struct ProblemMembers {
    /// With `invalid`, `taken` and the problems of parameters: the field or parameter.
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<String>,
    #[serde(flatten)]
    charge: Option<ChargeMembers>,
}

/// Why a charge is refused, with `charge-refused`.
#[derive(Debug, Clone, Serialize, JsonSchema)]
struct ChargeMembers {
    /// Every reason.
    problems: Vec<Word<ChargeProblem>>,
    /// What it takes; `null` where the point rules cannot say.
    points: Option<PointsNumber>,
    /// What the balance has; `null` is any number.
    available: Option<PointsNumber>,
}

impl ProblemMembers {
    /// The field or parameter that a problem is about.
    pub(crate) const fn of_field(field: String) -> Self {
        Self {
            field: Some(field),
            charge: None,
        }
    }

    /// Why a charge is refused, what it takes and what there is.
    pub(crate) fn of_charge(
        problems: ChargeProblems,
        points: Option<Points>,
        available: Option<Points>,
    ) -> Self {
        Self {
            field: None,
            charge: Some(ChargeMembers {
                problems: problems.iter().map(Word).collect(),
                points: points.map(PointsNumber),
                available: available.map(PointsNumber),
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_belongs_to_a_problem_is_said() {
        let told = |members: ProblemMembers| serde_json::to_string(&members).unwrap();
        insta::assert_snapshot!(told(ProblemMembers::default()), @"{}");
        insta::assert_snapshot!(told(ProblemMembers::of_field("code".to_owned())), @r#"{"field":"code"}"#);
        let problems = ChargeProblems::NONE.with(ChargeProblem::NotEnoughPoints);
        let charge = ProblemMembers::of_charge(problems, Some(Points::whole(2)), None);
        insta::assert_snapshot!(told(charge), @r#"{"problems":["not-enough-points"],"points":2,"available":null}"#);
    }
}
