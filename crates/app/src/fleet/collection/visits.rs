//! One visit: a conversation with a device, and what it brought in stored.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use platen_domain::clock::Timestamp;
use platen_domain::ids::{DeviceId, OrganizationId};
use platen_domain::readings::{Observation, Protocol};
use platen_store::{PollTarget, StoreError};

use super::findings::{audit_findings, log_findings};
use super::fleet::Target;
use super::likeness::{Likeness, likeness};
use super::memory;
use super::plan::{CollectionPlan, PlannedRange};
use super::printers::{Failure, Printers};
use crate::App;
use crate::access::authorization;
use crate::fleet::schedule::Work;

/// Under which name the collector acts.
const PART: &str = "collector";

/// How long a device that answered IPP is taken to be there still. It is asked every two hours at the
/// latest; one whose entry was taken out of the configuration is asked no more.
const IPP_BELIEVED_FOR: Duration = Duration::from_hours(24);

/// What every visit of a run shares.
pub(crate) struct Context<P> {
    pub(crate) app: App,
    pub(crate) printers: P,
    pub(crate) plan: CollectionPlan,
}

/// What a visit or a probe brought in.
pub(crate) struct Found<M> {
    pub(crate) device: DeviceId,
    pub(crate) credential: usize,
    pub(crate) memory: M,
    /// Another device that was found on the way, where the one just read was known to be.
    pub(crate) beside: Option<Box<Beside<M>>>,
}

/// A device that was found where another was looked for: the range, the address, and who.
pub(crate) type Beside<M> = (usize, IpAddr, Found<M>);

/// Why a visit brought nothing in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Missed {
    /// The device did not answer as it should.
    Device,
    /// This machine could not send, or not store.
    Ours,
}

/// A visit at its end: who was visited, for what, and what it brought in.
pub(crate) type Visited<M> = (Target<M>, Work, Result<Found<M>, Missed>);

/// A conversation that went well, before it is stored.
struct Talk<M> {
    observation: Observation,
    credential: usize,
    memory: M,
}

impl<P: Printers> Context<P> {
    /// Asks an address where no device is known to be. `None` when there is no printer, or none
    /// that could be read and stored.
    pub(crate) async fn probe(
        self: Arc<Self>,
        range: usize,
        address: IpAddr,
    ) -> Option<Found<P::Memory>> {
        let planned = self.plan.ranges.get(range)?;
        let candidates = 0..planned.credentials.len();
        match self.discover(planned, address, candidates).await {
            Ok(talk) => self.settle(planned, address, talk).await,
            Err(failure) => {
                tracing::debug!(%address, error = &failure as &dyn std::error::Error, "no printer found");
                None
            }
        }
    }

    /// Whether the store knows a device at this address that answered when last asked, and is visited
    /// by turns.
    pub(crate) async fn is_well(&self, organization: OrganizationId, address: IpAddr) -> bool {
        let scope = authorization::system_scope(organization, PART);
        let known = self
            .app
            .store
            .read(move |r| r.poll_target_at(&scope, address));
        let known = known.await.ok().flatten();
        known.is_some_and(|known| known.failures == 0 && known.protocol != Some(Protocol::Ipp))
    }

    /// Visits a known device. The target comes back without the memory, which is in what was
    /// found; without anything found the memory is gone, and the next visit starts anew.
    pub(crate) async fn visit(
        self: Arc<Self>,
        mut target: Target<P::Memory>,
        work: Work,
    ) -> Visited<P::Memory> {
        let found = self.find(&mut target, work).await;
        (target, work, found)
    }

    async fn find(
        &self,
        target: &mut Target<P::Memory>,
        work: Work,
    ) -> Result<Found<P::Memory>, Missed> {
        let range = self.plan.ranges.get(target.range).ok_or(Missed::Ours)?;
        match self.talk(range, target, work).await {
            Ok(talk) => {
                let stored = self.settle(range, target.address, talk).await;
                stored.ok_or(Missed::Ours)
            }
            Err(failure) => Err(self.note_failure(target, &failure).await),
        }
    }

    async fn talk(
        &self,
        range: &PlannedRange,
        target: &mut Target<P::Memory>,
        work: Work,
    ) -> Result<Talk<P::Memory>, Failure> {
        let remembered = target.memory.take();
        let known = target.credential.filter(|_| !target.turn.is_failing());
        let (Some(credential), Some(mut memory)) = (known, remembered) else {
            return self.rediscover(range, target).await;
        };
        let address = SocketAddr::new(target.address, range.port);
        let Some(named) = range.credentials.get(credential) else {
            return self.rediscover(range, target).await;
        };
        let secret = &named.credential;
        let observation = match work {
            Work::Static => self.printers.refresh(address, secret, &mut memory).await?,
            Work::Dynamic => self.printers.poll(address, secret, &mut memory).await?,
        };
        Ok(Talk {
            observation,
            credential,
            memory,
        })
    }

    /// Starts from nothing remembered but which credential worked.
    async fn rediscover(
        &self,
        range: &PlannedRange,
        target: &Target<P::Memory>,
    ) -> Result<Talk<P::Memory>, Failure> {
        let others = (0..range.credentials.len()).filter(|n| Some(*n) != target.credential);
        let candidates = target.credential.into_iter().chain(others);
        self.discover(range, target.address, candidates).await
    }

    /// Tries credentials in turn until one opens the device, or it turns out to be no printer.
    async fn discover(
        &self,
        range: &PlannedRange,
        address: IpAddr,
        candidates: impl Iterator<Item = usize> + Send,
    ) -> Result<Talk<P::Memory>, Failure> {
        let address = SocketAddr::new(address, range.port);
        let mut last = Failure::NoAnswer;
        for credential in candidates {
            let Some(named) = range.credentials.get(credential) else {
                continue;
            };
            match self.printers.discover(address, &named.credential).await {
                Ok((observation, memory)) => {
                    return Ok(Talk {
                        observation,
                        credential,
                        memory,
                    });
                }
                Err(Failure::NotAPrinter) => return Err(Failure::NotAPrinter),
                Err(failure) => last = failure,
            }
        }
        Err(last)
    }

    /// Stores what a conversation brought in. Where it states the identity of a device that is known
    /// to answer elsewhere, that one is asked first: a device that moved is silent there, or another
    /// answers, and one that states the same is a second device.
    async fn settle(
        &self,
        range: &PlannedRange,
        address: IpAddr,
        talk: Talk<P::Memory>,
    ) -> Option<Found<P::Memory>> {
        let known = match self.elsewhere(range, &talk.observation).await {
            Ok(None) => return self.store(range, address, talk).await,
            Ok(Some(known)) => known,
            Err(error) => {
                log_unstored(address, &error);
                return None;
            }
        };
        let Some(there) = self.ask_elsewhere(range, &known).await.ok()? else {
            return self.store(range, address, talk).await;
        };
        let number = self.plan.range_of(range.organization, known.address)?;
        let planned = self.plan.ranges.get(number)?;
        match likeness(&talk.observation, &there.observation) {
            Likeness::Same => {
                self.store(planned, known.address, there).await?;
                self.store(range, address, talk).await
            }
            Likeness::Other => {
                let found = self.store(range, address, talk).await?;
                let beside = self.store(planned, known.address, there).await;
                Some(Found {
                    beside: beside.map(|beside| Box::new((number, known.address, beside))),
                    ..found
                })
            }
            Likeness::NotStated => {
                tracing::debug!(%address, device = %known.device, "whether a device moved is not known yet");
                None
            }
        }
    }

    async fn elsewhere(
        &self,
        range: &PlannedRange,
        observation: &Observation,
    ) -> Result<Option<PollTarget>, StoreError> {
        // Only the static set states who a device is: nothing is looked up for the others.
        let Some(identity) = observation.identity.clone() else {
            return Ok(None);
        };
        let scope = authorization::system_scope(range.organization, PART);
        let (store, address) = (&self.app.store, observation.address);
        store
            .read(move |r| r.answers_elsewhere(&scope, &identity, address))
            .await
    }

    /// Asks a known device who it is; `None` where nobody answers any more, which is noted. Fails
    /// where nothing can be said yet.
    async fn ask_elsewhere(
        &self,
        range: &PlannedRange,
        known: &PollTarget,
    ) -> Result<Option<Talk<P::Memory>>, Missed> {
        let (organization, address) = (range.organization, known.address);
        let Some(number) = self.plan.range_of(organization, address) else {
            // It may not be asked any more: it is taken to have moved.
            return Ok(None);
        };
        if known.protocol == Some(Protocol::Ipp) {
            let read = known.last_dynamic_at.unwrap_or(Timestamp::from_millis(0));
            let believed = self.app.now().since(read) < IPP_BELIEVED_FOR;
            return if believed {
                Err(Missed::Ours)
            } else {
                Ok(None)
            };
        }
        let planned = self.plan.ranges.get(number).ok_or(Missed::Ours)?;
        let credentials = 0..planned.credentials.len();
        match self.discover(planned, address, credentials).await {
            Ok(talk) => Ok(Some(talk)),
            Err(failure) => {
                let device = known.device;
                match self
                    .note_silent(organization, device, address, &failure)
                    .await
                {
                    Missed::Device => Ok(None),
                    Missed::Ours => Err(Missed::Ours),
                }
            }
        }
    }

    /// Stores what a conversation brought in, under whichever device it turned out to be.
    async fn store(
        &self,
        range: &PlannedRange,
        address: IpAddr,
        talk: Talk<P::Memory>,
    ) -> Option<Found<P::Memory>> {
        let name = range
            .credentials
            .get(talk.credential)
            .map_or("", |named| &named.name);
        let packed = memory::pack(name, &P::encode(&talk.memory));
        let scope = authorization::system_scope(range.organization, PART);
        let (now, ids) = (self.app.now(), Arc::clone(&self.app.ids));
        let observation = talk.observation;
        let stored = self.app.store.of(&scope).write(move |writer| {
            let recorded =
                writer.record_observation(&scope, &observation, now, &*ids, Some(&packed))?;
            audit_findings(writer, &scope, now, &*ids, &recorded.told)?;
            Ok(recorded)
        });
        match stored.await {
            Ok(recorded) => {
                log_findings(&recorded.told);
                Some(Found {
                    device: recorded.device,
                    credential: talk.credential,
                    memory: talk.memory,
                    beside: None,
                })
            }
            Err(error) => {
                log_unstored(address, &error);
                None
            }
        }
    }

    /// Notes that a device could not be read, and says whose fault it was.
    async fn note_failure(&self, target: &Target<P::Memory>, failure: &Failure) -> Missed {
        log_failure(target, failure);
        let (device, address) = (target.device, target.address);
        self.note_silent(target.organization, device, address, failure)
            .await
    }

    /// Notes that a device is not where it was, and says whose fault that is.
    async fn note_silent(
        &self,
        organization: OrganizationId,
        device: DeviceId,
        address: IpAddr,
        failure: &Failure,
    ) -> Missed {
        if matches!(failure, Failure::NotSent(_)) {
            return Missed::Ours;
        }
        let scope = authorization::system_scope(organization, PART);
        let now = self.app.now();
        let noted = self
            .app
            .store
            .of(&scope)
            .write(move |w| w.record_unreachable(&scope, device, address, Protocol::Snmp, now));
        if let Err(error) = noted.await {
            log_unstored(address, &error);
        }
        Missed::Device
    }
}

/// Says aloud once that a device cannot be read, until it is read again.
fn log_failure<M>(target: &Target<M>, failure: &Failure) {
    let (device, address) = (target.device, target.address);
    let error = failure as &dyn std::error::Error;
    if target.turn.is_failing() {
        tracing::debug!(%device, %address, error, "a device still cannot be read");
    } else {
        tracing::info!(%device, %address, error, "a device cannot be read");
    }
}

fn log_unstored(address: IpAddr, error: &StoreError) {
    let error = error as &dyn std::error::Error;
    tracing::error!(%address, error, "what a visit brought in could not be stored");
}
