//! Taking an import back: known jobs become again what they were before it, jobs that it brought go, and
//! so do their charges. What somebody else has said or done about a job since counts more: such a job
//! stays as it is.
//!
//! Each write takes a bounded number of jobs back, with their months and charges, and notes how far it
//! came: who is interrupted goes on.

use std::sync::Arc;

use platen_domain::accounts::AccountRef;
use platen_domain::balances::Movement;
use platen_domain::charges::{Charge, ChargeOrigin};
use platen_domain::imports::{Import, ImportState, Undone};
use platen_domain::ledger::{EntryKind, Reference};
use platen_domain::points::Points;
use platen_domain::print_users::UserRef;
use platen_domain::scope::Scope;
use platen_store::{ChargeBefore, EntryNote, StoreError};

use super::operators_alone;
use crate::AppError;
use crate::accounts::periods::ZoneCalendar;
use crate::accounts::standings::settle;
use crate::accounts::work::Work;
use crate::operation::audit::action;
use crate::printing::Printing;

/// Jobs taken back by one write. With accounts a job takes some ten statements; so many keep other
/// writes waiting for some tens of milliseconds.
const JOBS_PER_WRITE: u32 = 500;

/// Why an import is not taken back.
#[derive(Debug, thiserror::Error)]
pub enum UndoError {
    /// The organization has no import of this number.
    #[error("there is no import {0}; `platen import list` shows those there are")]
    NotFound(u32),
    /// It was taken back before.
    #[error(
        "import {0} was taken back already, and that cannot be undone: import its files again \
         (platen import FILE...)"
    )]
    Undone(u32),
    /// It could not be done.
    #[error(transparent)]
    Unavailable(#[from] AppError),
}

impl From<StoreError> for UndoError {
    fn from(error: StoreError) -> Self {
        Self::Unavailable(error.into())
    }
}

/// What one write did.
enum Step {
    /// There is more.
    GoOn,
    /// All is done.
    End,
}

impl Printing<'_> {
    /// Takes an import back, and says what that came to. Where that was interrupted before, it goes
    /// on.
    pub async fn undo_import(self, scope: &Scope, number: u32) -> Result<Import, UndoError> {
        operators_alone(scope)?;
        let within = scope.clone();
        let found = self.app.store.read(move |r| r.import(&within, number));
        let import = found.await?.ok_or(UndoError::NotFound(number))?;
        match import.state {
            ImportState::Undone => return Err(UndoError::Undone(number)),
            ImportState::Undoing => {}
            ImportState::Begun | ImportState::Ended => {
                let (scope, now) = (scope.clone(), self.app.now());
                let begun = self.app.store.of(&scope).write(move |writer| {
                    writer.set_import_state(&scope, number, ImportState::Undoing, now)
                });
                begun.await?;
            }
        }
        while matches!(self.undo_next(scope, number).await?, Step::GoOn) {}
        let within = scope.clone();
        let undone = self.app.store.read(move |r| r.import(&within, number));
        undone.await?.ok_or(UndoError::NotFound(number))
    }

    /// Takes the next jobs of an import back.
    async fn undo_next(self, scope: &Scope, number: u32) -> Result<Step, AppError> {
        let calendar = ZoneCalendar::of(&self.app.access().organization(scope).await?)?;
        let (scope, now, ids) = (scope.clone(), self.app.now(), Arc::clone(&self.app.ids));
        let units = self.app.store.of(&scope).large();
        let step = units.write(move |writer| {
            let work = Work::begin(writer, &scope, now, &*ids, calendar.clone())?;
            Undoing {
                at: &work,
                import: number,
                reason: format!("import {number} taken back"),
            }
            .next()
        });
        Ok(step.await?)
    }
}

/// One write's work.
struct Undoing<'w> {
    at: &'w Work<'w>,
    import: u32,
    /// What the ledger says.
    reason: String,
}

impl Undoing<'_> {
    fn next(&self) -> Result<Step, StoreError> {
        let (at, import) = (self.at, self.import);
        let (undone, step) = match self.revert()? {
            Some(undone) => (undone, Step::GoOn),
            None => self.remove()?,
        };
        at.writer.add_undone(at.scope, import, undone)?;
        if matches!(step, Step::End) {
            at.writer.forget_import_ranges(at.scope, import)?;
            let state = ImportState::Undone;
            at.writer
                .set_import_state(at.scope, import, state, at.now)?;
            let all = at.writer.import(at.scope, import)?;
            let all = all.ok_or(StoreError::NotFound("import"))?.undone;
            let detail = format!(
                "{} removed, {} reverted, {} kept",
                all.removed, all.reverted, all.kept
            );
            at.log(action::IMPORT_UNDONE, &format!("import {import}"), &detail)?;
        }
        Ok(step)
    }

    /// Makes the next known jobs what they were; `None` where none is left.
    fn revert(&self) -> Result<Option<Undone>, StoreError> {
        let (at, import) = (self.at, self.import);
        let mut revisions = at
            .writer
            .import_revisions(at.scope, import, JOBS_PER_WRITE)?;
        if revisions.is_empty() {
            return Ok(None);
        }
        let mut undone = Undone::default();
        for revision in &mut revisions {
            let charge = at.writer.charge_of_job(at.scope, &revision.key)?;
            let before = revision.charge;
            if let Some(charge) = &charge {
                revision.is_shared |= self.is_of_others(charge, before.as_ref())?;
            }
            if revision.is_shared {
                undone.kept += 1;
                continue;
            }
            undone.reverted += 1;
            let Some(charge) = charge else {
                continue;
            };
            let net = before.as_ref().map_or(Points::ZERO, ChargeBefore::net);
            self.move_to(&charge, net)?;
            if before.is_some() {
                at.writer
                    .restore_charge(import, revision, charge.id, at.now)?;
            } else {
                at.writer.end_charge(at.scope, charge.id, at.now)?;
            }
        }
        let prices = at.writer.price_book(at.scope)?;
        at.writer
            .revert_import_revisions(at.scope, import, &revisions, &prices, at.now)?;
        Ok(Some(undone))
    }

    /// Removes the next jobs that the import brought.
    fn remove(&self) -> Result<(Undone, Step), StoreError> {
        let at = self.at;
        let next = at
            .writer
            .next_imported_jobs(at.scope, self.import, JOBS_PER_WRITE)?;
        let mut undone = Undone::default();
        let mut gone = Vec::with_capacity(next.jobs.len());
        for job in next.jobs {
            let charge = at.writer.charge_of_job(at.scope, &job.key)?;
            let of_others = match &charge {
                Some(charge) => self.is_of_others(charge, None)?,
                None => false,
            };
            if job.is_shared || of_others {
                undone.kept += 1;
                continue;
            }
            if let Some(charge) = &charge {
                self.move_to(charge, Points::ZERO)?;
                at.writer.end_charge(at.scope, charge.id, at.now)?;
            }
            undone.removed += 1;
            gone.push(job);
        }
        at.writer.remove_imported_jobs(at.scope, &gone)?;
        let step = if next.are_last { Step::End } else { Step::GoOn };
        Ok((undone, step))
    }

    /// Whether somebody else had a hand in a charge since: a program made it or gave of it back, or
    /// it was made of what a program held.
    fn is_of_others(
        &self,
        charge: &Charge,
        before: Option<&ChargeBefore>,
    ) -> Result<bool, StoreError> {
        let (claimed, refunded) = before.map_or((Points::ZERO, Points::ZERO), |before| {
            (before.claimed, before.refunded)
        });
        if before.is_some() && (charge.claimed, charge.refunded) == (claimed, refunded) {
            return Ok(false);
        }
        Ok(charge.origin == ChargeOrigin::Program
            || charge.refunded != refunded
            || (claimed == Points::ZERO && self.at.writer.is_of_hold(self.at.scope, charge.id)?))
    }

    /// Moves points until a charge takes `net` of the balance.
    fn move_to(&self, charge: &Charge, net: Points) -> Result<(), StoreError> {
        let at = self.at;
        let difference = net.minus(charge.net());
        let (Some(account), Some(user)) = (&charge.account, &charge.user) else {
            return Ok(());
        };
        if difference == Points::ZERO {
            return Ok(());
        }
        let (account, user) = (AccountRef::Id(account.id), UserRef::Id(user.id));
        let found = at.writer.standing(at.scope, &account, &user, at.now)?;
        // An account that is gone has no balance to move.
        let Ok(mut standing) = found else {
            return Ok(());
        };
        settle(at, &mut standing)?;
        let kind = if difference > Points::ZERO {
            EntryKind::Charge
        } else {
            EntryKind::Refund
        };
        let points = difference.negated();
        let note = EntryNote {
            at: at.now,
            actor: &at.actor,
            reason: Some(&self.reason),
            reference: Some(Reference::Charge(charge.id)),
        };
        at.writer
            .move_points(&mut standing, Movement { kind, points }, &note)?;
        Ok(())
    }
}
