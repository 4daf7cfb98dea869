//! Charges: what print jobs and programs take from balances, and why some take nothing.

use crate::account_access::{Verb, Verbs};
use crate::account_limits::{ColorLimit, Enforcement, Limit};
use crate::accounts::{AccountDetails, AccountLabel};
use crate::clock::Timestamp;
use crate::days::Day;
use crate::ids::ChargeId;
use crate::keywords::keywords;
use crate::points::Points;
use crate::print_jobs::{ColorMode, JobFunction, PrintRecord, SourceKey};
use crate::print_users::{PrintUserState, UserLabel};

/// Why something is not charged, or is charged although a limit says otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ChargeProblem {
    /// No account has the code or external id that the job names.
    UnknownAccount,
    /// The job names no user, or one whom nobody made known where only known users are charged.
    UnknownUser,
    /// The account is suspended or archived, or the day lies outside its validity.
    AccountClosed,
    /// The user is suspended.
    UserSuspended,
    /// No entry of the account's access list lets the user charge it.
    NoAccess,
    /// A count is not known that the point rules need.
    Unpriced,
    /// The account's limit does not allow this function.
    FunctionNotAllowed,
    /// The account's limit allows black only.
    ColorNotAllowed,
    /// It takes more points than one job may.
    JobTooLarge,
    /// The balance does not suffice.
    NotEnoughPoints,
}

keywords!(ChargeProblem {
    UnknownAccount = "unknown-account",
    UnknownUser = "unknown-user",
    AccountClosed = "account-closed",
    UserSuspended = "user-suspended",
    NoAccess = "no-access",
    Unpriced = "unpriced",
    FunctionNotAllowed = "function-not-allowed",
    ColorNotAllowed = "color-not-allowed",
    JobTooLarge = "job-too-large",
    NotEnoughPoints = "not-enough-points",
});

impl ChargeProblem {
    /// Whether it is about a limit. What was printed is charged all the same then, and the charge
    /// says so; every other problem leaves a job uncharged.
    pub const fn is_about_limits(self) -> bool {
        matches!(
            self,
            Self::FunctionNotAllowed
                | Self::ColorNotAllowed
                | Self::JobTooLarge
                | Self::NotEnoughPoints
        )
    }
}

/// A set of problems.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct ChargeProblems(u16);

impl ChargeProblems {
    /// No problem.
    pub const NONE: Self = Self(0);

    /// This set with `problem`.
    #[must_use]
    pub const fn with(self, problem: ChargeProblem) -> Self {
        Self(self.0 | 1 << problem.number())
    }

    /// Whether `problem` is in it.
    pub const fn contains(self, problem: ChargeProblem) -> bool {
        self.0 & 1 << problem.number() != 0
    }

    /// Whether it is empty.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Its problems, in the order of [`ChargeProblem::ALL`].
    pub fn iter(self) -> impl Iterator<Item = ChargeProblem> {
        let all = ChargeProblem::ALL.iter().copied();
        all.filter(move |problem| self.contains(*problem))
    }

    /// The problems that are about what is claimed, without those about who may charge.
    #[must_use]
    pub fn about_claims(self) -> Self {
        let kept = self
            .iter()
            .filter(|problem| problem.is_about_limits() || *problem == ChargeProblem::Unpriced);
        kept.fold(Self::NONE, Self::with)
    }

    /// Whether a job that was printed is charged all the same.
    pub fn let_a_job_be_charged(self) -> bool {
        self.iter().all(ChargeProblem::is_about_limits)
    }

    /// The form the store keeps.
    pub const fn bits(self) -> u16 {
        self.0
    }

    /// The set with these bits; unknown bits are dropped.
    pub const fn from_bits(bits: u16) -> Self {
        Self(bits & ((1 << ChargeProblem::ALL.len()) - 1))
    }
}

/// What is to be charged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Claim {
    /// How many points; `None` where the rules cannot say.
    pub points: Option<Points>,
    /// For what; `None` where no job is charged for.
    pub function: Option<JobFunction>,
    /// Whether colour is printed, as counted or else as asked for.
    pub in_color: bool,
}

impl Claim {
    /// The claim of a job that takes `points`.
    pub fn of(record: &PrintRecord, points: Option<Points>) -> Self {
        let asked = matches!(record.color_mode, Some(ColorMode::Color | ColorMode::Auto));
        let counted = record.counts.color_impressions.map(|count| count > 0);
        Self {
            points,
            function: Some(record.function),
            in_color: counted.unwrap_or(asked),
        }
    }
}

/// Who wants to charge an account that is known, and on which day.
#[derive(Debug, Clone, Copy)]
pub struct Circumstances<'a> {
    /// The account.
    pub account: &'a AccountDetails,
    /// Its limit.
    pub limit: &'a Limit,
    /// In the organization's time zone.
    pub day: Day,
    /// The user.
    pub user: PrintUserState,
    /// Whether nobody made the user known, and only known users are charged.
    pub is_stranger: bool,
    /// What the access list lets the user do.
    pub verbs: Verbs,
    /// What the balance has, see [`crate::balances::Balance::available`].
    pub available: Option<Points>,
}

/// Every problem that a claim meets.
pub fn problems(claim: &Claim, at: &Circumstances<'_>) -> ChargeProblems {
    use ChargeProblem as P;
    let is_barred = |function| !at.limit.functions.contains(&function);
    let is_over = |most: Option<Points>| most.is_some_and(|most| claim.points > Some(most));
    let found = [
        (at.is_stranger, P::UnknownUser),
        (!at.account.is_open_on(at.day), P::AccountClosed),
        (at.user != PrintUserState::Active, P::UserSuspended),
        (!at.verbs.contains(Verb::Charge), P::NoAccess),
        (claim.points.is_none(), P::Unpriced),
        (claim.function.is_some_and(is_barred), P::FunctionNotAllowed),
        (
            claim.in_color && at.limit.color == ColorLimit::Monochrome,
            P::ColorNotAllowed,
        ),
        (is_over(at.limit.job_points_max), P::JobTooLarge),
        (is_over(at.available), P::NotEnoughPoints),
    ];
    let found = found.into_iter().filter(|(is_met, _)| *is_met);
    found.fold(ChargeProblems::NONE, |set, (_, problem)| set.with(problem))
}

/// Whether these problems keep something from being printed: under a soft limit those about
/// limits do not.
pub fn refuses(problems: ChargeProblems, limit: &Limit) -> bool {
    match limit.enforcement {
        Enforcement::Hard => !problems.is_empty(),
        Enforcement::Soft => !problems.let_a_job_be_charged(),
    }
}

/// Who made a charge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ChargeOrigin {
    /// The record of a print job: later news of the job changes it.
    Job,
    /// A program: nothing but a refund changes it, and the job's record does not charge again.
    Program,
}

keywords!(ChargeOrigin {
    Job = "job",
    Program = "program",
});

/// How a charge stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ChargeState {
    /// Points were taken, or none were due.
    Charged,
    /// Nothing was taken; the problems say why.
    Uncharged,
    /// All that was taken was given back.
    Refunded,
}

keywords!(ChargeState {
    Charged = "charged",
    Uncharged = "uncharged",
    Refunded = "refunded",
});

/// A charge. A print job has one at most, whoever makes it and however often its record comes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Charge {
    /// Its identifier.
    pub id: ChargeId,
    /// Who made it.
    pub origin: ChargeOrigin,
    /// The print job it is for.
    pub job: Option<SourceKey>,
    /// The account as the job names it.
    pub account_named: Option<String>,
    /// The account; `None` while none is known by that name.
    pub account: Option<AccountLabel>,
    /// The user; `None` while the job names none.
    pub user: Option<UserLabel>,
    /// How many points the job or the program claims; 0 while nothing is charged.
    pub claimed: Points,
    /// How many of them somebody gave back.
    pub refunded: Points,
    /// How it stands.
    pub state: ChargeState,
    /// What is wrong with it.
    pub problems: ChargeProblems,
    /// When the job ended or the program asked.
    pub at: Timestamp,
    /// When it changed last.
    pub updated_at: Timestamp,
    /// Counts its changes, from 0.
    pub revision: u32,
}

impl Charge {
    /// What it takes from the balance now, never below zero.
    pub fn net(&self) -> Points {
        self.claimed.minus(self.refunded).max(Points::ZERO)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_problem_is_found_at_once() {
        let limit = Limit {
            functions: [JobFunction::Copy].into(),
            color: ColorLimit::Monochrome,
            job_points_max: Some(Points::whole(5)),
            ..Limit::default()
        };
        let at = Circumstances {
            account: &AccountDetails::default(),
            limit: &limit,
            day: "2026-09-01".parse().unwrap(),
            user: PrintUserState::Suspended,
            is_stranger: true,
            verbs: Verbs::NONE.with(Verb::View),
            available: Some(Points::whole(9)),
        };
        let claim = Claim {
            points: Some(Points::whole(10)),
            function: Some(JobFunction::Print),
            in_color: true,
        };
        let found: Vec<_> = problems(&claim, &at)
            .iter()
            .map(ChargeProblem::keyword)
            .collect();
        assert_eq!(
            found,
            [
                "unknown-user",
                "user-suspended",
                "no-access",
                "function-not-allowed",
                "color-not-allowed",
                "job-too-large",
                "not-enough-points"
            ]
        );
    }

    #[test]
    fn a_soft_limit_refuses_only_what_no_limit_is_about() {
        let mut limit = Limit::default();
        let poor = ChargeProblems::NONE.with(ChargeProblem::NotEnoughPoints);
        let barred = poor.with(ChargeProblem::NoAccess);
        assert!(refuses(poor, &limit) && refuses(barred, &limit));
        limit.enforcement = Enforcement::Soft;
        assert!(!refuses(poor, &limit) && refuses(barred, &limit));
        assert!(!refuses(ChargeProblems::NONE, &limit));
    }
}
