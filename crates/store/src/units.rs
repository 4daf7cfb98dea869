//! Units of work on their way to the writer: for whom, and how large.

use platen_domain::scope::Scope;

use crate::access::Writer;
use crate::error::StoreError;
use crate::sqlite::queue::Line;
use crate::sqlite::writer::{self, Answer, Change, Sharing};
use crate::store::Store;

/// A unit of work that changes more rows than this has a transaction of its own. Smaller ones
/// gain by sharing a commit. In a shared transaction a savepoint stands around each unit, and with
/// a large one in it every savepoint within takes longer than the one before.
const LARGE_FROM: usize = 50;

/// Where a unit of work waits, and how it is run.
#[derive(Debug)]
pub struct Units<'s> {
    store: &'s Store,
    line: Line,
    sharing: Sharing,
}

impl Store {
    /// Units of work of the scope's organization. Organizations take turns at the writer.
    pub fn of(&self, scope: &Scope) -> Units<'_> {
        Units {
            store: self,
            line: Line::Organization(scope.organization()),
            sharing: Sharing::Group,
        }
    }

    /// Units of work that belong to no organization. They take their turn as those of one do.
    pub(crate) const fn of_server(&self) -> Units<'_> {
        Units {
            store: self,
            line: Line::Server,
            sharing: Sharing::Group,
        }
    }
}

impl Units<'_> {
    /// Says that the work changes many rows: it runs alone in a transaction of its own.
    #[must_use]
    pub const fn large(self) -> Self {
        Self {
            sharing: Sharing::Alone,
            ..self
        }
    }

    /// Says how many rows the work changes, besides what hangs on each.
    #[must_use]
    pub const fn with_rows(self, rows: usize) -> Self {
        if rows > LARGE_FROM {
            self.large()
        } else {
            self
        }
    }

    /// As [`Store::write`].
    pub async fn write<T, F>(self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: Fn(&Writer<'_>) -> Result<T, StoreError> + Send + 'static,
    {
        let queue = self.store.queue()?;
        let (job, answer) = writer::task(work, self.sharing);
        queue.send(self.line, job).await?;
        drop(queue);
        answered(answer).await
    }

    /// As [`Store::change`].
    pub async fn change<T, U, F>(self, work: F) -> Result<Change<T, U>, StoreError>
    where
        T: Send + 'static,
        U: Send + 'static,
        F: Fn(&Writer<'_>) -> Result<Change<T, U>, StoreError> + Send + 'static,
    {
        let queue = self.store.queue()?;
        let (job, answer) = writer::change(work, self.sharing);
        queue.send(self.line, job).await?;
        drop(queue);
        answered(answer).await
    }

    /// As [`Store::try_write`].
    pub async fn try_write<T, F>(self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: Fn(&Writer<'_>) -> Result<T, StoreError> + Send + 'static,
    {
        let (job, answer) = writer::task(work, self.sharing);
        self.store.queue()?.try_send(self.line, job)?;
        answered(answer).await
    }
}

async fn answered<T>(answer: Answer<T>) -> Result<T, StoreError> {
    answer.await.unwrap_or(Err(StoreError::Closed))
}
