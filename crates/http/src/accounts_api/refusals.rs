//! What the refusals of use cases are to programs.

use platen_app::accounts::AccountsRefusal;
use platen_domain::charges::{ChargeProblem, ChargeProblems};
use platen_domain::points::Points;

use crate::problem_kinds as kinds;
use crate::problem_members::ProblemMembers;
use crate::problems::Problem;

/// The refusal as a problem.
pub(super) fn problem(refusal: AccountsRefusal) -> Problem {
    match refusal {
        AccountsRefusal::Unavailable(error) => error.into(),
        refusal => told(&refusal),
    }
}

impl From<AccountsRefusal> for Problem {
    fn from(refusal: AccountsRefusal) -> Self {
        problem(refusal)
    }
}

/// The same for one refusal among many, which the answer only quotes.
pub(super) fn told(refusal: &AccountsRefusal) -> Problem {
    let detail = || format!("{refusal}.");
    match refusal {
        AccountsRefusal::NotFound(noun) => missing(noun),
        AccountsRefusal::Invalid { field, .. } => {
            kinds::INVALID.because(detail()).with_field(*field)
        }
        AccountsRefusal::Taken(field) => kinds::TAKEN.because(detail()).with_field(*field),
        AccountsRefusal::Changed => kinds::CHANGED.told(),
        AccountsRefusal::State(_) => kinds::STATE.because(capitalized(&detail())),
        AccountsRefusal::KeyReused => kinds::IDEMPOTENCY_KEY_REUSED.told(),
        AccountsRefusal::Charge {
            problems,
            points,
            available,
        } => charge(*problems, *points, *available),
        AccountsRefusal::TooMany(nouns) => {
            kinds::TOO_MANY.because(format!("The organization has as many {nouns} as it may."))
        }
        AccountsRefusal::Unavailable(_) => kinds::UNAVAILABLE.told(),
    }
}

/// 404: nothing here, or what another organization has; which of them is not told.
pub(super) fn missing(noun: &str) -> Problem {
    kinds::NO_SUCH_THING.because(format!("There is no such {noun}."))
}

fn charge(problems: ChargeProblems, points: Option<Points>, available: Option<Points>) -> Problem {
    let reasons: Vec<_> = problems
        .iter()
        .map(|problem| reason(problem, points, available))
        .collect();
    let detail = format!("Nothing is charged: {}.", reasons.join("; "));
    let members = ProblemMembers::of_charge(problems, points, available);
    kinds::CHARGE_REFUSED.because(detail).with_members(members)
}

/// One reason, as one says it to the person at the printer.
fn reason(problem: ChargeProblem, points: Option<Points>, available: Option<Points>) -> String {
    let text = match problem {
        ChargeProblem::UnknownAccount => "there is no such account",
        ChargeProblem::UnknownUser => "there is no such user",
        ChargeProblem::AccountClosed => "the account takes no charges today",
        ChargeProblem::UserSuspended => "the user is suspended",
        ChargeProblem::NoAccess => "the user may not print on this account",
        ChargeProblem::Unpriced => "the point rules need a count that the job does not state",
        ChargeProblem::FunctionNotAllowed => "the account's limit does not allow this function",
        ChargeProblem::ColorNotAllowed => "the account's limit allows black only",
        ChargeProblem::JobTooLarge => "it takes more points than one job may",
        ChargeProblem::NotEnoughPoints => {
            return match (points, available) {
                (Some(points), Some(available)) => {
                    format!("it takes {points} points and {available} are available")
                }
                _ => "the points do not suffice".to_owned(),
            };
        }
    };
    text.to_owned()
}

fn capitalized(text: &str) -> String {
    let mut characters = text.chars();
    let first = characters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(characters.clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refusals_are_told_in_sentences() {
        let told = |refusal: AccountsRefusal| {
            let problem = problem(refusal);
            format!(
                "{} {}: {}",
                problem.status.as_u16(),
                problem.code,
                problem.detail
            )
        };
        let invalid = AccountsRefusal::Invalid {
            field: "code",
            reason: "64 characters at most".to_owned(),
        };
        let refused = AccountsRefusal::Charge {
            problems: ChargeProblems::NONE
                .with(ChargeProblem::NotEnoughPoints)
                .with(ChargeProblem::ColorNotAllowed),
            points: Some(Points::whole(12)),
            available: Some(Points::from_millionths(3_500_000)),
        };
        let all = [
            told(AccountsRefusal::NotFound("account")),
            told(invalid),
            told(AccountsRefusal::Taken("code")),
            told(AccountsRefusal::Changed),
            told(AccountsRefusal::State("the hold is captured already")),
            told(AccountsRefusal::KeyReused),
            told(AccountsRefusal::TooMany("accounts")),
            told(refused),
        ];
        insta::assert_snapshot!(all.join("\n"), @r"
        404 not-found: There is no such account.
        422 invalid: code: 64 characters at most.
        409 taken: code: another one has this value already.
        409 changed: It was changed in the meantime: read it again and repeat the change on what it is now.
        409 state: The hold is captured already.
        422 idempotency-key-reused: The Idempotency-Key stands for another request within the last 24 hours. Send a new one with each new request.
        409 too-many: The organization has as many accounts as it may.
        409 charge-refused: Nothing is charged: the account's limit allows black only; it takes 12 points and 3.5 are available.
        ");
    }
}
