//! Charging print jobs that name an account: once each, and again by the difference when news of
//! a job changes what it takes.
//!
//! A job was printed when its record comes, so a limit that it passes is noted and the job is
//! charged all the same. What has no account to charge is marked and kept
//! ([`ChargeState::Uncharged`]). All of it happens in the transaction that keeps the record.

use platen_domain::accounts::AccountRef;
use platen_domain::balances::Movement;
use platen_domain::charges::{
    Charge, ChargeOrigin, ChargeProblem, ChargeProblems, ChargeState, Claim,
};
use platen_domain::holds::{Hold, HoldState};
use platen_domain::ids::ChargeId;
use platen_domain::ledger::{EntryKind, Reference};
use platen_domain::points::{PointRules, Points};
use platen_domain::print_jobs::PrintRecord;
use platen_domain::print_users::UserRef;
use platen_store::{EntryNote, JobOutcome, PlacedRecord, Standing, StoreError};

use super::standings::{day_of, problems_of, settle};
use super::work::Work;

/// What the charging of a batch shares.
pub(crate) struct Charging {
    rules: PointRules,
    /// Whether any hold waits for a job.
    awaits_jobs: bool,
}

/// What is known of a job's charge when its record comes.
struct Known {
    charge: Option<Charge>,
    hold: Option<Hold>,
}

impl Charging {
    /// Reads what every job is charged by.
    pub(crate) fn begin(at: &Work<'_>) -> Result<Self, StoreError> {
        Ok(Self {
            rules: at.writer.point_rules(at.scope)?.0,
            awaits_jobs: at.writer.awaits_jobs(at.scope)?,
        })
    }

    /// Charges the jobs of records that were taken in just now.
    pub(crate) fn charge_jobs(
        at: &Work<'_>,
        placed: &[PlacedRecord],
        outcomes: &[JobOutcome],
    ) -> Result<(), StoreError> {
        let charging = Self::begin(at)?;
        for (placed, outcome) in placed.iter().zip(outcomes) {
            let record = &placed.record;
            match outcome {
                JobOutcome::Duplicate => {}
                // What nobody expects and no account is named by.
                JobOutcome::Accepted if record.account.is_none() && !charging.awaits_jobs => {}
                JobOutcome::Accepted => charging.charge_job(at, record)?,
                JobOutcome::Revised => {
                    // What is kept says more than the news alone.
                    let kept = at.writer.print_record(at.scope, &record.key)?;
                    charging.charge_job(at, kept.as_ref().unwrap_or(record))?;
                }
            }
        }
        Ok(())
    }

    /// Charges a job by its record, or changes its charge where the record says something else
    /// than before.
    pub(crate) fn charge_job(&self, at: &Work<'_>, record: &PrintRecord) -> Result<(), StoreError> {
        let known = self.known(at, record)?;
        let charge = known.charge.as_ref();
        if charge.is_some_and(|charge| charge.origin == ChargeOrigin::Program) {
            return Ok(());
        }
        if charge.is_none() && known.hold.is_none() && record.account.is_none() {
            return Ok(());
        }
        let id = charge.map_or_else(|| ChargeId::new(at.now, at.ids), |charge| charge.id);
        match place(at, record, &known)? {
            Ok(standing) => self.charge_at(at, record, &known, id, standing),
            Err(problem) => mark(at, record, &known, id, problem),
        }
    }

    fn known(&self, at: &Work<'_>, record: &PrintRecord) -> Result<Known, StoreError> {
        let mut hold = None;
        if self.awaits_jobs {
            hold = at.writer.hold_of_job(at.scope, &record.key)?;
        }
        Ok(Known {
            charge: at.writer.charge_of_job(at.scope, &record.key)?,
            hold,
        })
    }

    fn charge_at(
        &self,
        at: &Work<'_>,
        record: &PrintRecord,
        known: &Known,
        id: ChargeId,
        mut standing: Standing,
    ) -> Result<(), StoreError> {
        settle(at, &mut standing)?;
        let before = known.charge.as_ref().map_or(Points::ZERO, Charge::net);
        let claim = Claim::of(record, self.rules.points(record));
        let day = day_of(at, record.completed_at);
        // What the job took before, and what is held for it, is there for it.
        let own = before.plus(known.held(at));
        let mut problems = problems_of(&standing, &claim, day, own);
        if known.admits(at) {
            problems = problems.about_claims();
        }
        let mut charge = known.renewed(at, record, id);
        charge.account = Some(standing.account_label());
        charge.user = standing.user_label();
        charge.problems = problems;
        match claim.points.filter(|_| problems.let_a_job_be_charged()) {
            Some(points) => {
                charge.claimed = points;
                charge.state = ChargeState::Charged;
            }
            // What was charged stays charged when news of the job cannot be priced.
            None if known.is_charged() => {}
            None => charge.state = ChargeState::Uncharged,
        }
        let difference = charge.net().minus(before);
        if charge.net() == Points::ZERO && (charge.refunded > Points::ZERO || before > Points::ZERO)
        {
            charge.state = ChargeState::Refunded;
        }
        match move_difference(at, &mut standing, id, difference) {
            // Its balance cannot take it; the batch must not fail for that.
            Err(StoreError::Full(_)) => {
                return mark(at, record, known, id, ChargeProblem::NotEnoughPoints);
            }
            moved => moved?,
        }
        if charge.state != ChargeState::Uncharged && known.hold.is_some() {
            at.writer.capture_holds_of_job(at.scope, &record.key, id)?;
        }
        known.keep(at, &charge)
    }
}

impl Known {
    fn is_charged(&self) -> bool {
        let charge = self.charge.as_ref();
        charge.is_some_and(|charge| charge.state != ChargeState::Uncharged)
    }

    /// The hold that reserves points for the job now.
    fn active_hold(&self, at: &Work<'_>) -> Option<&Hold> {
        let hold = self.hold.as_ref();
        hold.filter(|hold| hold.state_at(at.now) == HoldState::Active)
    }

    /// How many points are held for the job.
    fn held(&self, at: &Work<'_>) -> Points {
        self.active_hold(at)
            .map_or(Points::ZERO, |hold| hold.points)
    }

    /// Whether somebody was let charge before: by a charge that was made, or by a hold that has
    /// not expired. Who may print on what was decided then.
    fn admits(&self, at: &Work<'_>) -> bool {
        self.is_charged() || self.active_hold(at).is_some()
    }

    /// The charge after this record, before anything is charged.
    fn renewed(&self, at: &Work<'_>, record: &PrintRecord, id: ChargeId) -> Charge {
        let fresh = || Charge {
            id,
            origin: ChargeOrigin::Job,
            job: Some(record.key.clone()),
            account_named: None,
            account: None,
            user: None,
            claimed: Points::ZERO,
            refunded: Points::ZERO,
            state: ChargeState::Uncharged,
            problems: ChargeProblems::NONE,
            at: record.completed_at,
            updated_at: at.now,
            revision: 0,
        };
        let mut charge = self.charge.clone().unwrap_or_else(fresh);
        charge.account_named.clone_from(&record.account);
        charge
    }

    /// Keeps the charge where it is not what it was.
    fn keep(&self, at: &Work<'_>, charge: &Charge) -> Result<(), StoreError> {
        let Some(before) = &self.charge else {
            return at.writer.put_charge(at.scope, charge);
        };
        if before == charge {
            return Ok(());
        }
        let renewed = Charge {
            updated_at: at.now,
            revision: before.revision + 1,
            ..charge.clone()
        };
        at.writer.put_charge(at.scope, &renewed)
    }
}

/// Where the job is charged: where it was before, where points are held for it, or where its
/// record says.
fn place(
    at: &Work<'_>,
    record: &PrintRecord,
    known: &Known,
) -> Result<Result<Standing, ChargeProblem>, StoreError> {
    let charge = known.charge.as_ref().filter(|_| known.is_charged());
    let charged = charge.and_then(|charge| charge.account.as_ref().zip(charge.user.as_ref()));
    let held = known.hold.as_ref().map(|hold| (&hold.account, &hold.user));
    if let Some((account, user)) = charged.or(held) {
        let (account, user) = (AccountRef::Id(account.id), UserRef::Id(user.id));
        let found = at.writer.standing(at.scope, &account, &user, at.now)?;
        return Ok(found.map_err(|_gone| ChargeProblem::UnknownAccount));
    }
    let Some(account) = &record.account else {
        return Ok(Err(ChargeProblem::UnknownAccount));
    };
    let Some(user) = &record.user else {
        return Ok(Err(ChargeProblem::UnknownUser));
    };
    let found = at
        .writer
        .standing_of_job(at.scope, account, user, at.now, at.ids)?;
    Ok(match found {
        None => Err(ChargeProblem::UnknownAccount),
        Some(standing) if standing.is_stranger() => Err(ChargeProblem::UnknownUser),
        Some(standing) => Ok(standing),
    })
}

/// Marks a job that nobody can be charged for.
fn mark(
    at: &Work<'_>,
    record: &PrintRecord,
    known: &Known,
    id: ChargeId,
    problem: ChargeProblem,
) -> Result<(), StoreError> {
    let mut charge = known.renewed(at, record, id);
    charge.problems = ChargeProblems::NONE.with(problem);
    known.keep(at, &charge)
}

fn move_difference(
    at: &Work<'_>,
    standing: &mut Standing,
    id: ChargeId,
    difference: Points,
) -> Result<(), StoreError> {
    if difference == Points::ZERO {
        return Ok(());
    }
    let kind = if difference > Points::ZERO {
        EntryKind::Charge
    } else {
        EntryKind::Refund
    };
    let note = EntryNote {
        at: at.now,
        actor: &at.actor,
        reason: None,
        reference: Some(Reference::Charge(id)),
    };
    let points = difference.negated();
    at.writer
        .move_points(standing, Movement { kind, points }, &note)?;
    Ok(())
}
