//! How the use cases of the Accounts API work: one closure in one transaction, which a refusal
//! undoes.

use std::borrow::Borrow;
use std::convert::Infallible;
use std::sync::Arc;

use platen_domain::clock::Timestamp;
use platen_domain::ids::Ids;
use platen_domain::roles::Capability;
use platen_domain::scope::Scope;
use platen_store::{Change, IdempotencyRecord, Reader, StoreError, Writer};

use super::Accounts;
use super::AccountsRefusal;
use super::periods::ZoneCalendar;
use crate::AppError;
use crate::access::authorization;
use crate::operation::audit::{self, Event};
use crate::operation::idempotency::{ANSWERS_KEPT, Answered, Attempt, Once};

/// What a use case that only reads works with.
pub(crate) struct Look<'r> {
    pub(crate) reader: &'r Reader<'r>,
    pub(crate) scope: &'r Scope,
    pub(crate) now: Timestamp,
    pub(crate) calendar: ZoneCalendar,
}

/// What a use case that changes something works with.
pub(crate) struct Work<'w> {
    pub(crate) writer: &'w Writer<'w>,
    pub(crate) scope: &'w Scope,
    pub(crate) now: Timestamp,
    pub(crate) ids: &'w dyn Ids,
    pub(crate) calendar: ZoneCalendar,
    /// Who acts, as the audit log names it.
    pub(crate) actor: String,
}

impl Work<'_> {
    /// Appends to the audit log, in the same transaction.
    pub(crate) fn log(
        &self,
        action: &'static str,
        object: &str,
        detail: &str,
    ) -> Result<(), StoreError> {
        let event = Event {
            organization: self.scope.organization(),
            actor: &self.actor,
            action,
            object,
            detail,
        };
        audit::append(self.writer, self.now, self.ids, &event)
    }
}

impl Accounts<'_> {
    /// Reads something for who may see accounts.
    pub(crate) async fn view<T: Send + 'static>(
        self,
        scope: &Scope,
        look: impl FnOnce(&Look<'_>) -> Result<T, AccountsRefusal> + Send + 'static,
    ) -> Result<T, AccountsRefusal> {
        self.read(scope, Capability::ViewAccounts, look).await
    }

    /// Reads what a change is based on, for who may make it, with or without a view of the rest.
    pub(crate) async fn view_to_change<T: Send + 'static>(
        self,
        scope: &Scope,
        look: impl FnOnce(&Look<'_>) -> Result<T, AccountsRefusal> + Send + 'static,
    ) -> Result<T, AccountsRefusal> {
        self.read(scope, Capability::ManageAccounts, look).await
    }

    async fn read<T: Send + 'static>(
        self,
        scope: &Scope,
        capability: Capability,
        look: impl FnOnce(&Look<'_>) -> Result<T, AccountsRefusal> + Send + 'static,
    ) -> Result<T, AccountsRefusal> {
        authorization::require(scope, capability)?;
        let (scope, now) = (scope.clone(), self.app.now());
        let read = self.app.store.read(move |reader| {
            let looked = reader.organization(&scope).map_err(AccountsRefusal::from);
            let looked = looked.and_then(|organization| {
                look(&Look {
                    reader,
                    scope: &scope,
                    now,
                    calendar: ZoneCalendar::of(&organization)?,
                })
            });
            sorted(looked)
        });
        read.await?
    }

    /// Changes something for who may manage accounts: all of it, or nothing where `work` refuses.
    pub(crate) async fn manage<T: Send + 'static>(
        self,
        scope: &Scope,
        work: impl Fn(&Work<'_>) -> Result<T, AccountsRefusal> + Send + 'static,
    ) -> Result<T, AccountsRefusal> {
        self.manage_many(scope, 1, work).await
    }

    /// The same for work that changes so many `rows`.
    pub(crate) async fn manage_many<T: Send + 'static>(
        self,
        scope: &Scope,
        rows: usize,
        work: impl Fn(&Work<'_>) -> Result<T, AccountsRefusal> + Send + 'static,
    ) -> Result<T, AccountsRefusal> {
        let work = move |at: &Work<'_>| work(at).map(Change::<_, Infallible>::Keep);
        match self.try_many(scope, rows, work).await? {
            Change::Keep(value) => Ok(value),
            Change::Undo(never) => match never {},
        }
    }

    /// The same for work that may find out in the end that nothing of it is to be kept.
    pub(crate) async fn try_many<T: Send + 'static, U: Send + 'static>(
        self,
        scope: &Scope,
        rows: usize,
        work: impl Fn(&Work<'_>) -> Result<Change<T, U>, AccountsRefusal> + Send + 'static,
    ) -> Result<Change<T, U>, AccountsRefusal> {
        authorization::require(scope, Capability::ManageAccounts)?;
        let (scope, now, ids) = (scope.clone(), self.app.now(), Arc::clone(&self.app.ids));
        let units = self.app.store.of(&scope).with_rows(rows);
        let changed = units.change(move |writer| {
            let done = with_work(writer, &scope, now, &*ids, &work);
            Ok(match sorted(done)? {
                Ok(Change::Keep(value)) => Change::Keep(value),
                Ok(Change::Undo(value)) => Change::Undo(Ok(value)),
                Err(refusal) => Change::Undo(Err(refusal)),
            })
        });
        match changed.await? {
            Change::Keep(value) => Ok(Change::Keep(value)),
            Change::Undo(undone) => undone.map(Change::Undo),
        }
    }

    /// As [`Self::manage`], once for each Idempotency-Key: a retry is answered with what
    /// is kept and changes nothing.
    pub(crate) async fn manage_once<T: 'static, R: Borrow<T>>(
        self,
        scope: &Scope,
        once: Once<T>,
        work: impl Fn(&Work<'_>) -> Result<R, AccountsRefusal> + Send + 'static,
    ) -> Result<Answered, AccountsRefusal> {
        let done = self.manage(scope, move |at| match at.answered_before(&once)? {
            Some(kept) => Ok(kept),
            None => at.answer(&once, work(at)?.borrow()),
        });
        done.await
    }
}

impl Work<'_> {
    /// The answer that is kept under the request's key, where it was answered before.
    pub(crate) fn answered_before<T>(
        &self,
        once: &Once<T>,
    ) -> Result<Option<Answered>, AccountsRefusal> {
        let attempt = once.attempt.as_ref();
        let kept = attempt.map(|attempt| kept_answer(self, attempt));
        Ok(kept.transpose()?.flatten())
    }

    /// Answers what was done, and keeps the answer under the request's key.
    pub(crate) fn answer<T>(&self, once: &Once<T>, done: &T) -> Result<Answered, AccountsRefusal> {
        let answered = (once.answer)(done);
        let attempt = once.attempt.as_ref();
        if let Some(attempt) = attempt.filter(|_| !answered.is_refused) {
            let kept = keepsake(&answered, attempt, self.now);
            self.writer
                .keep_answer(self.scope, &self.actor, &attempt.key, &kept)?;
        }
        Ok(answered)
    }
}

impl<'w> Work<'w> {
    /// What a change within an open transaction works with.
    pub(crate) fn begin(
        writer: &'w Writer<'w>,
        scope: &'w Scope,
        now: Timestamp,
        ids: &'w dyn Ids,
        calendar: ZoneCalendar,
    ) -> Result<Self, StoreError> {
        Ok(Self {
            writer,
            scope,
            now,
            ids,
            calendar,
            actor: audit::actor_name(writer, scope)?,
        })
    }
}

fn with_work<T>(
    writer: &Writer<'_>,
    scope: &Scope,
    now: Timestamp,
    ids: &dyn Ids,
    work: impl FnOnce(&Work<'_>) -> Result<T, AccountsRefusal>,
) -> Result<T, AccountsRefusal> {
    let organization = writer.organization(scope)?;
    let calendar = ZoneCalendar::of(&organization)?;
    work(&Work::begin(writer, scope, now, ids, calendar)?)
}

/// Parts what the store failed at, which it must hear of, from what was refused.
fn sorted<T>(done: Result<T, AccountsRefusal>) -> Result<Result<T, AccountsRefusal>, StoreError> {
    match done {
        Err(AccountsRefusal::Unavailable(AppError::Store(error))) => Err(error),
        other => Ok(other),
    }
}

fn kept_answer(at: &Work<'_>, attempt: &Attempt) -> Result<Option<Answered>, AccountsRefusal> {
    let kept = at.writer.kept_answer(at.scope, &at.actor, &attempt.key)?;
    let Some(kept) = kept.filter(|kept| at.now.since(kept.created_at) < ANSWERS_KEPT) else {
        return Ok(None);
    };
    if kept.request != attempt.request {
        return Err(AccountsRefusal::KeyReused);
    }
    Ok(Some(Answered {
        id: kept.id,
        revision: kept.revision,
        document: kept.document,
        is_refused: false,
        replayed: true,
    }))
}

fn keepsake(answered: &Answered, attempt: &Attempt, now: Timestamp) -> IdempotencyRecord {
    IdempotencyRecord {
        request: attempt.request,
        id: answered.id.clone(),
        revision: answered.revision,
        document: answered.document.clone(),
        created_at: now,
    }
}
