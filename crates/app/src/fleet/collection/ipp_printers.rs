//! Printers that are asked by IPP, where SNMP is off.
//!
//! An administrator names each of them, within a range of its organization. What it answers is
//! kept under whichever device it turns out to be. A device that answers SNMP is left to SNMP,
//! which tells more, so that the two never take turns at rewriting what is known of it.

use std::future::Future;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use platen_collect::http::Endpoint;
use platen_collect::ipp::{AskError, IppPrinter, Peer};
use platen_collect::printer::Profiles;
use platen_domain::ids::{DeviceId, OrganizationId};
use platen_domain::readings::{Observation, Protocol};
use platen_domain::scope::Scope;
use platen_store::PollTarget;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use super::findings::{audit_findings, log_findings};
use super::likeness::{Likeness, likeness};
use super::plan::PlannedRange;
use crate::AppError;
use crate::access::authorization;
use crate::fleet::Fleet;
use crate::fleet::schedule::{back_off, jittered};
use crate::printing::sources::{Piece, Sink as _, SinkError};

/// Under which name printers are asked.
const PART: &str = "collector";

/// Printers asked at the same time. An answer takes milliseconds; one that never comes holds a
/// place for ten seconds.
const ASKED_AT_ONCE: usize = 32;

/// A printer, and how it is asked.
#[derive(Clone)]
pub struct PlannedIppPrinter {
    organization: OrganizationId,
    printer: IppPrinter,
    every: Duration,
    jobs: bool,
}

/// Why a printer cannot be planned.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IppPrinterProblem {
    /// A name may lead anywhere, and elsewhere tomorrow.
    #[error(
        "expected the printer's own address, such as ipp://10.0.0.7/ipp/print: a name cannot be held against the ranges"
    )]
    NotAnAddress,
    /// No range of the organization has it.
    #[error("{0} lies in no [[range]] of its organization; only what a range allows is asked")]
    OutOfRange(IpAddr),
}

/// Why a look at a printer brought nothing in.
#[derive(Debug, thiserror::Error)]
pub enum IppPrinterError {
    /// The printer.
    #[error(transparent)]
    Printer(#[from] AskError),
    /// What is known of it could not be read, or what it said not be kept.
    #[error(transparent)]
    App(#[from] AppError),
    /// Its jobs could not be kept.
    #[error(transparent)]
    Jobs(#[from] SinkError),
}

/// What became of a look at a printer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IppLook {
    /// Its answer is kept, under this device.
    Kept(DeviceId),
    /// It answers SNMP and was not asked.
    LeftToSnmp(DeviceId),
    /// It states the identity of this device, which answers at another address, and whether it moved
    /// cannot be told. Nothing is kept until that one falls silent.
    HeldBack(DeviceId),
}

/// The address that an endpoint names, if it is one.
pub fn address_of(endpoint: &Endpoint) -> Result<IpAddr, IppPrinterProblem> {
    let address = match endpoint {
        Endpoint::Tcp { host, .. } => host.parse().ok(),
        Endpoint::Unix(_) => None,
    };
    address.ok_or(IppPrinterProblem::NotAnAddress)
}

impl PlannedIppPrinter {
    /// The printer at `peer`, asked every `every`; with `jobs`, for those that it remembers too.
    /// Refused unless one of `ranges` allows its address to this organization.
    pub fn within(
        ranges: &[PlannedRange],
        organization: OrganizationId,
        peer: Peer,
        every: Duration,
        jobs: bool,
    ) -> Result<Self, IppPrinterProblem> {
        let address = address_of(peer.endpoint())?;
        let allows =
            |range: &PlannedRange| range.organization == organization && range.allows(address);
        if !ranges.iter().any(allows) {
            return Err(IppPrinterProblem::OutOfRange(address));
        }
        Ok(Self {
            organization,
            printer: IppPrinter { peer, address },
            every,
            jobs,
        })
    }

    fn scope(&self) -> Scope {
        authorization::system_scope(self.organization, PART)
    }
}

impl Fleet<'_> {
    /// Asks printers by turns until `stop` resolves. What goes wrong with one is logged, noted at
    /// the device, and tried again after pauses that grow.
    pub async fn follow_ipp_printers(
        self,
        printers: Vec<PlannedIppPrinter>,
        profiles: Arc<Profiles>,
        stop: impl Future<Output = ()> + Send,
    ) {
        let places = Arc::new(Semaphore::new(ASKED_AT_ONCE));
        let all: Arc<[PlannedIppPrinter]> = printers.clone().into();
        let mut followed = JoinSet::new();
        for planned in printers {
            let (app, all) = (self.app.clone(), Arc::clone(&all));
            let (profiles, places) = (Arc::clone(&profiles), Arc::clone(&places));
            followed.spawn(async move {
                app.fleet()
                    .follow_ipp_printer(planned, all, profiles, places)
                    .await;
            });
        }
        stop.await;
        // A conversation ends where it is; a write under way ends in the store.
        followed.shutdown().await;
    }

    async fn follow_ipp_printer(
        self,
        planned: PlannedIppPrinter,
        all: Arc<[PlannedIppPrinter]>,
        profiles: Arc<Profiles>,
        places: Arc<Semaphore>,
    ) {
        let mut failures = 0_u32;
        // The places are never closed.
        while let Ok(place) = places.acquire().await {
            let looked = self.look_at_ipp_printer(&planned, &all, &profiles).await;
            drop(place);
            log(&planned, &looked, failures > 0);
            let pause = if looked.is_ok() {
                failures = 0;
                planned.every
            } else {
                failures = failures.saturating_add(1);
                back_off(planned.every, failures - 1)
            };
            tokio::time::sleep(jittered(pause, &*self.app.ids)).await;
        }
    }

    /// Asks a printer once, and keeps what it says. A known device that does not answer is noted
    /// as unreachable. Among `all` printers that are asked is the one whose identity it may state.
    pub async fn look_at_ipp_printer(
        self,
        planned: &PlannedIppPrinter,
        all: &[PlannedIppPrinter],
        profiles: &Profiles,
    ) -> Result<IppLook, IppPrinterError> {
        let (scope, address) = (planned.scope(), planned.printer.address);
        let known = self
            .app
            .store
            .read(move |r| r.poll_target_at(&scope, address))
            .await
            .map_err(AppError::from)?;
        let look = match known.as_ref().filter(|known| answers_snmp(known)) {
            Some(known) => IppLook::LeftToSnmp(known.device),
            None => self.observe(planned, all, profiles, known).await?,
        };
        if planned.jobs {
            self.take_in_jobs_of(planned).await?;
        }
        Ok(look)
    }

    async fn observe(
        self,
        planned: &PlannedIppPrinter,
        all: &[PlannedIppPrinter],
        profiles: &Profiles,
        known: Option<PollTarget>,
    ) -> Result<IppLook, IppPrinterError> {
        match planned.printer.observe(profiles, self.app.now()).await {
            Ok(reading) => {
                self.settle(planned, all, profiles, reading.observation)
                    .await
            }
            Err(error) => {
                if let Some(known) = known.filter(|_| is_the_printers(&error)) {
                    self.note_unreachable(planned, &known).await?;
                }
                Err(error.into())
            }
        }
    }

    /// The device whose identity a printer states, where it is known to answer elsewhere.
    async fn elsewhere(
        self,
        planned: &PlannedIppPrinter,
        observation: &Observation,
    ) -> Result<Option<PollTarget>, AppError> {
        let Some(identity) = observation.identity.clone() else {
            return Ok(None);
        };
        let (scope, address) = (planned.scope(), observation.address);
        let found = self
            .app
            .store
            .read(move |r| r.answers_elsewhere(&scope, &identity, address));
        Ok(found.await?)
    }

    /// Keeps what a printer says. Where it states the identity of a device that is known to answer
    /// elsewhere, that one is asked first.
    async fn settle(
        self,
        planned: &PlannedIppPrinter,
        all: &[PlannedIppPrinter],
        profiles: &Profiles,
        observation: Observation,
    ) -> Result<IppLook, IppPrinterError> {
        let Some(known) = self.elsewhere(planned, &observation).await? else {
            return self.keep(planned, observation).await;
        };
        if answers_snmp(&known) {
            return Ok(IppLook::HeldBack(known.device));
        }
        let is_it = |other: &&PlannedIppPrinter| {
            other.organization == planned.organization && other.printer.address == known.address
        };
        let Some(other) = all.iter().find(is_it) else {
            // Nobody asks it any more: it is taken to have moved.
            return self.keep(planned, observation).await;
        };
        let there = match other.printer.observe(profiles, self.app.now()).await {
            Ok(reading) => reading.observation,
            Err(error) if is_the_printers(&error) => {
                self.note_unreachable(other, &known).await?;
                return self.keep(planned, observation).await;
            }
            Err(error) => return Err(error.into()),
        };
        match likeness(&observation, &there) {
            Likeness::Same => {
                self.keep(other, there).await?;
                self.keep(planned, observation).await
            }
            Likeness::Other => {
                let look = self.keep(planned, observation).await?;
                self.keep(other, there).await?;
                Ok(look)
            }
            Likeness::NotStated => Ok(IppLook::HeldBack(known.device)),
        }
    }

    async fn keep(
        self,
        planned: &PlannedIppPrinter,
        observation: Observation,
    ) -> Result<IppLook, IppPrinterError> {
        let (scope, now, ids) = (planned.scope(), self.app.now(), Arc::clone(&self.app.ids));
        let stored = self.app.store.of(&scope).write(move |writer| {
            let recorded = writer.record_observation(&scope, &observation, now, &*ids, None)?;
            audit_findings(writer, &scope, now, &*ids, &recorded.told)?;
            Ok(recorded)
        });
        let recorded = stored.await.map_err(AppError::from)?;
        log_findings(&recorded.told);
        Ok(IppLook::Kept(recorded.device))
    }

    async fn note_unreachable(
        self,
        planned: &PlannedIppPrinter,
        known: &PollTarget,
    ) -> Result<(), AppError> {
        let (scope, now) = (planned.scope(), self.app.now());
        let (device, address) = (known.device, known.address);
        let noted = self.app.store.of(&scope).write(move |writer| {
            writer.record_unreachable(&scope, device, address, Protocol::Ipp, now)
        });
        Ok(noted.await?)
    }

    /// Takes in what the printer remembers. It has no cursor: jobs that are known come again, and
    /// their keys say so.
    async fn take_in_jobs_of(self, planned: &PlannedIppPrinter) -> Result<(), IppPrinterError> {
        let jobs = planned.printer.jobs(self.app.now()).await?;
        let (address, refused) = (planned.printer.address, jobs.refused);
        if refused > 0 {
            tracing::warn!(%address, refused, "jobs that nothing names cannot be taken in");
        }
        let Some(first) = jobs.records.first() else {
            return Ok(());
        };
        let piece = Piece {
            source: first.key.source.clone(),
            records: jobs.records,
            cursor: String::new(),
            gaps: Vec::new(),
        };
        let sink = self.app.printing().source_sink(planned.organization);
        Ok(sink.take(piece).await?)
    }
}

/// Whether SNMP reads a device: it did last, and has not failed since.
fn answers_snmp(known: &PollTarget) -> bool {
    known.protocol == Some(Protocol::Snmp) && known.failures == 0
}

/// Whether a failure is the printer's: not where nothing was sent for a setting of ours.
const fn is_the_printers(error: &AskError) -> bool {
    !matches!(error, AskError::InTheClear(_) | AskError::Login)
}

/// Says aloud once that a printer cannot be read, until it is read again.
fn log(planned: &PlannedIppPrinter, looked: &Result<IppLook, IppPrinterError>, failing: bool) {
    let endpoint = planned.printer.peer.endpoint();
    match looked {
        Ok(IppLook::Kept(device)) => tracing::debug!(%endpoint, %device, "read by IPP"),
        Ok(IppLook::LeftToSnmp(device)) => {
            tracing::debug!(%endpoint, %device, "answers SNMP and is not asked by IPP");
        }
        Ok(IppLook::HeldBack(device)) => tracing::warn!(
            %endpoint,
            %device,
            "states the identity of a device that answers elsewhere, and is not taken for it"
        ),
        Err(error) => {
            let error = error as &dyn std::error::Error;
            if failing {
                tracing::debug!(%endpoint, error, "a printer still cannot be read");
            } else {
                tracing::info!(%endpoint, error, "a printer cannot be read");
            }
        }
    }
}
