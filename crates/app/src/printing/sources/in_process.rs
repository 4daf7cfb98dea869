//! Sources read by the server itself: straight into the store.

use std::time::Duration;

use jiff::tz::TimeZone;
use platen_collect::privacy;
use platen_domain::ids::OrganizationId;
use platen_domain::scope::Scope;
use tokio::task::JoinSet;

use super::{LOOK_EVERY, Piece, Sink, SinkError, Source};
use crate::access::authorization;
use crate::printing::Printing;
use crate::printing::held_jobs::warn_of_held;
use crate::printing::print_jobs::SourceCursor;
use crate::{App, AppError};

/// A source and whose jobs it holds.
pub struct PlannedSource {
    /// Whose.
    pub organization: OrganizationId,
    /// Which.
    pub source: Source,
}

/// Keeps records in the store of this server.
#[derive(Clone)]
pub struct InProcess {
    app: App,
    scope: Scope,
}

impl Sink for InProcess {
    async fn cursor(&self, source: &str) -> Result<Option<String>, SinkError> {
        let cursor = self.app.printing().source_cursor(&self.scope, source).await;
        cursor.map_err(failed)
    }

    async fn time_zone(&self) -> Result<Option<TimeZone>, SinkError> {
        let organization = self
            .app
            .access()
            .organization(&self.scope)
            .await
            .map_err(failed)?;
        TimeZone::get(&organization.time_zone)
            .map(Some)
            .map_err(|error| failed(AppError::Interrupted(Box::new(error))))
    }

    async fn take(&self, piece: Piece) -> Result<(), SinkError> {
        let kept = self
            .app
            .people()
            .privacy(&self.scope)
            .await
            .map_err(failed)?;
        let mut records = piece.records;
        for record in &mut records {
            privacy::apply(&kept.policy, &kept.key, &kept.names, record);
        }
        for gap in &piece.gaps {
            let (reason, jobs) = (gap.reason.keyword(), gap.jobs);
            tracing::warn!(source = piece.source, reason, jobs, "jobs may be missing");
        }
        let cursor = SourceCursor {
            source: piece.source.clone(),
            cursor: piece.cursor,
            gaps: piece.gaps,
        };
        let taken = self
            .app
            .printing()
            .take_in_print_jobs(&self.scope, records, Some(cursor))
            .await;
        let verdicts = taken.map_err(failed)?;
        let of = |keyword| verdicts.iter().filter(move |v| v.keyword() == keyword);
        warn_of_held(&piece.source, of("held").count());
        let count = of("rejected").count();
        if count > 0 {
            tracing::warn!(source = piece.source, count, "records were not kept");
        }
        Ok(())
    }
}

fn failed(error: AppError) -> SinkError {
    SinkError::Failed(Box::new(error))
}

impl Printing<'_> {
    /// Where sources of an organization are read into.
    pub fn source_sink(self, organization: OrganizationId) -> InProcess {
        InProcess {
            app: self.app.clone(),
            scope: authorization::system_scope(organization, "collection"),
        }
    }

    /// Reads sources into the store until `stop` resolves.
    pub async fn follow_sources(
        self,
        sources: Vec<PlannedSource>,
        stop: impl Future<Output = ()> + Send,
    ) {
        let every: Duration = LOOK_EVERY;
        let mut followed = JoinSet::new();
        for PlannedSource {
            organization,
            source,
        } in sources
        {
            let sink = self.source_sink(organization);
            followed.spawn(source.follow(sink, self.app.clock.clone(), every));
        }
        stop.await;
        // What was read and not kept is read again; what is kept is whole.
        followed.shutdown().await;
    }
}
