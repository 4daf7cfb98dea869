//! Imports: print logs taken in from files under a number, listed, and taken back.

mod undo;

use platen_domain::imports::{Import, ImportState, ImportedFile};
use platen_domain::print_jobs::PrintRecord;
use platen_domain::scope::{Actor, Scope};

use super::Printing;
use super::print_jobs::Verdict;
use crate::AppError;
use crate::operation::audit;

pub use undo::UndoError;

/// Imports listed at once: years of them, a week apart.
const LISTED_MAX: u32 = 1_000;

impl Printing<'_> {
    /// Begins an import and gives it a number.
    pub async fn begin_import(self, scope: &Scope) -> Result<u32, AppError> {
        operators_alone(scope)?;
        let (scope, now) = (scope.clone(), self.app.now());
        let begun = self.app.store.of(&scope).write(move |writer| {
            let actor = audit::actor_name(writer, &scope)?;
            writer.begin_import(&scope, &actor, now)
        });
        Ok(begun.await?)
    }

    /// Takes records of an import in, as [`Self::take_in_print_jobs`] does with others.
    pub async fn import_print_jobs(
        self,
        scope: &Scope,
        import: u32,
        records: Vec<PrintRecord>,
    ) -> Result<Vec<Verdict>, AppError> {
        operators_alone(scope)?;
        self.take_in(scope, Some(import), records, None).await
    }

    /// Notes what became of a file of an import.
    pub async fn note_imported_file(
        self,
        scope: &Scope,
        import: u32,
        file: ImportedFile,
    ) -> Result<(), AppError> {
        operators_alone(scope)?;
        let scope = scope.clone();
        let noted = self
            .app
            .store
            .of(&scope)
            .write(move |writer| writer.add_import_file(&scope, import, &file));
        Ok(noted.await?)
    }

    /// Notes that the files of an import were read.
    pub async fn end_import(self, scope: &Scope, import: u32) -> Result<(), AppError> {
        operators_alone(scope)?;
        let (scope, now) = (scope.clone(), self.app.now());
        let ended =
            self.app.store.of(&scope).write(move |writer| {
                writer.set_import_state(&scope, import, ImportState::Ended, now)
            });
        Ok(ended.await?)
    }

    /// The organization's newest imports, the newest first.
    pub async fn imports(self, scope: &Scope) -> Result<Vec<Import>, AppError> {
        operators_alone(scope)?;
        let scope = scope.clone();
        let read = self.app.store.read(move |r| r.imports(&scope, LISTED_MAX));
        Ok(read.await?)
    }
}

/// Files are taken in and taken back by who has the machine.
const fn operators_alone(scope: &Scope) -> Result<(), AppError> {
    match scope.actor() {
        Actor::System(_) => Ok(()),
        Actor::Collector { .. } | Actor::User { .. } | Actor::Key { .. } | Actor::Client { .. } => {
            Err(AppError::Forbidden)
        }
    }
}
