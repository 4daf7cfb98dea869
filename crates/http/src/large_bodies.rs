//! Large bodies in memory: how many there may be at a time, and of whom.

use std::sync::Arc;
use std::time::Duration;

use platen_domain::ids::{ClientId, CollectorId};
use platen_domain::scope::{Actor, Scope};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::limits::{BODY_OCTETS, Limits};
use crate::policy::Policy;
use crate::problem_kinds;
use crate::problems::Problem;
use crate::seats::{Seat, Seats};
use crate::turns::{Turn, Turns};

/// When every place is taken, one is free again after about this long.
const BUSY_RETRY_AFTER: Duration = Duration::from_secs(1);

/// The places. Programs and collectors have their own, so that neither keeps the other out.
#[derive(Debug)]
pub(crate) struct LargeBodies {
    batches: Turns<Sender>,
    /// For a batch to get its place.
    batch_place: Duration,
    changes: Arc<Semaphore>,
    of_clients: Seats<ClientId>,
}

/// Who sends a batch: a collector.
type Sender = Option<CollectorId>;

/// The place of one body; free again when dropped.
#[derive(Debug)]
pub(crate) enum Place {
    /// Of a batch.
    Batch { _turn: Turn<Sender> },
    /// Of a change: among all of them, and among its client's.
    Change {
        _among_all: OwnedSemaphorePermit,
        _of_client: Option<Seat<ClientId>>,
    },
}

impl LargeBodies {
    pub(crate) fn new(limits: &Limits) -> Self {
        Self {
            batches: Turns::new(limits.batches, limits.batches_waiting),
            batch_place: limits.batch_place,
            changes: Arc::new(Semaphore::new(limits.large_changes)),
            of_clients: Seats::new(limits.clients.large_changes),
        }
    }

    /// A place for a body of up to `octets`, where it needs one, that comes to a route of this
    /// policy from who was let in. Batches wait for theirs, since collectors have nothing better
    /// to do; a change is refused where there is none.
    pub(crate) async fn place(
        &self,
        policy: Policy,
        octets: usize,
        admitted: Option<&Scope>,
    ) -> Result<Option<Place>, Problem> {
        let actor = admitted.map(Scope::actor);
        if !matches!(policy, Policy::AccessToken(_)) {
            let sender = match actor {
                Some(Actor::Collector { id }) => Some(*id),
                _ => None,
            };
            return self.batch(sender).await.map(Some);
        }
        // However small, a batch may be large once it is decompressed; a change is not coded.
        if octets <= BODY_OCTETS {
            return Ok(None);
        }
        let among_all = Arc::clone(&self.changes).try_acquire_owned();
        let among_all = among_all.map_err(|_none| too_many())?;
        let of_client = match actor {
            Some(Actor::Client { id, .. }) => {
                let seat = self.of_clients.take(*id);
                Some(seat.ok_or_else(|| self.too_many_of_client())?)
            }
            _ => None,
        };
        Ok(Some(Place::Change {
            _among_all: among_all,
            _of_client: of_client,
        }))
    }

    async fn batch(&self, sender: Sender) -> Result<Place, Problem> {
        let turn = self.batches.place(sender);
        let turn = tokio::time::timeout(self.batch_place, turn).await;
        let turn = turn.ok().flatten().ok_or_else(too_many)?;
        Ok(Place::Batch { _turn: turn })
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

    #[tokio::test]
    async fn programs_and_collectors_leave_each_other_their_places() {
        let bodies = LargeBodies::new(&Limits {
            batches: 1,
            batches_waiting: 0,
            large_changes: 1,
            ..Limits::default()
        });
        let change = Policy::AccessToken(OauthScope::AccountsWrite);
        let place = async |policy, octets| {
            let place = bodies.place(policy, octets, None).await;
            place.map_err(|problem| problem.code)
        };
        let large = BODY_OCTETS + 1;
        let _held = place(change, large).await.unwrap().unwrap();
        assert_eq!(place(change, large).await.unwrap_err(), "busy");
        assert!(place(change, BODY_OCTETS).await.unwrap().is_none());
        let _held = place(Policy::Collector, 1).await.unwrap().unwrap();
        assert_eq!(place(Policy::Collector, 1).await.unwrap_err(), "busy");
    }
}
