//! Large bodies in memory: how many there may be at a time, and of whom.

use std::sync::Arc;
use std::time::Duration;

use platen_domain::ids::ClientId;
use platen_domain::scope::{Actor, Scope};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::limits::{BODY_OCTETS, Limits};
use crate::policy::Policy;
use crate::problem_kinds;
use crate::problems::Problem;
use crate::seats::{Seat, Seats};

/// When every place is taken, one is free again after about this long.
const BUSY_RETRY_AFTER: Duration = Duration::from_secs(1);

/// The places. Programs and collectors have their own, so that neither keeps the other out.
#[derive(Debug)]
pub(crate) struct LargeBodies {
    batches: Arc<Semaphore>,
    changes: Arc<Semaphore>,
    of_clients: Seats<ClientId>,
}

/// The place of one body; free again when dropped.
#[derive(Debug)]
pub(crate) struct Place {
    _among_all: OwnedSemaphorePermit,
    /// Its client's, as soon as that is known.
    of_client: Option<Seat<ClientId>>,
}

impl LargeBodies {
    pub(crate) fn new(limits: &Limits) -> Self {
        Self {
            batches: Arc::new(Semaphore::new(limits.batches)),
            changes: Arc::new(Semaphore::new(limits.large_changes)),
            of_clients: Seats::new(limits.clients.large_changes),
        }
    }

    /// A place for a body of up to `octets`, where it needs one, that comes to a route of this
    /// policy, whoever sends it.
    pub(crate) fn place(&self, policy: Policy, octets: usize) -> Result<Option<Place>, Problem> {
        let places = match policy {
            Policy::AccessToken(_) if octets <= BODY_OCTETS => return Ok(None),
            Policy::AccessToken(_) => &self.changes,
            // However small, a batch may be large once it is decompressed.
            _ => &self.batches,
        };
        let among_all = Arc::clone(places).try_acquire_owned();
        Ok(Some(Place {
            _among_all: among_all.map_err(|_none| too_many())?,
            of_client: None,
        }))
    }

    /// Counts the place to who was let in, where that is a client, or refuses it with 429.
    pub(crate) fn count(&self, place: &mut Place, scope: &Scope) -> Result<(), Problem> {
        if let Actor::Client { id, .. } = scope.actor() {
            let seat = self.of_clients.take(*id);
            place.of_client = Some(seat.ok_or_else(|| self.too_many_of_client())?);
        }
        Ok(())
    }

    fn too_many_of_client(&self) -> Problem {
        let most = self.of_clients.most();
        let detail = format!(
            "A Client Application may send at most {most} large bodies at the same time; send this \
             one again when they are answered."
        );
        problem_kinds::TOO_MANY_CLIENT_REQUESTS
            .because(detail)
            .with_retry_after(BUSY_RETRY_AFTER)
    }
}

/// So many large bodies are in memory that another would only wait.
fn too_many() -> Problem {
    problem_kinds::BUSY_READING
        .told()
        .with_retry_after(BUSY_RETRY_AFTER)
}

#[cfg(test)]
mod tests {
    use super::*;
    use platen_domain::clients::OauthScope;

    #[test]
    fn programs_and_collectors_leave_each_other_their_places() {
        let bodies = LargeBodies::new(&Limits {
            batches: 1,
            large_changes: 1,
            ..Limits::default()
        });
        let change = Policy::AccessToken(OauthScope::AccountsWrite);
        let place = |policy, octets| {
            let place = bodies.place(policy, octets);
            place.map_err(|problem| problem.code)
        };
        let large = BODY_OCTETS + 1;
        let _held = place(change, large).unwrap().unwrap();
        assert_eq!(place(change, large).unwrap_err(), "busy");
        assert!(place(change, BODY_OCTETS).unwrap().is_none());
        let _held = place(Policy::Collector, 1).unwrap().unwrap();
        assert_eq!(place(Policy::Collector, 1).unwrap_err(), "busy");
    }
}
