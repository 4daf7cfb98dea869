//! Printers that answer from memory, and tell the test who was asked for what.

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use platen_app::fleet::collection::{Failure, Printers};
use platen_collect::snmp::{Credential, Version};
use platen_domain::clock::Timestamp;
use platen_domain::devices::Identity;
use platen_domain::readings::{Observation, ProfileRef, Transport};
use platen_domain::secret::Secret;
use tokio::sync::mpsc;

use crate::place::START;

/// What a printer was asked for, and where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Asked {
    Discover(SocketAddr),
    Refresh(SocketAddr),
    Poll(SocketAddr),
}

/// A printer: its name, and the community that opens it.
#[derive(Clone)]
pub(crate) struct FakePrinter {
    pub(crate) name: &'static str,
    pub(crate) community: &'static str,
}

#[derive(Clone)]
pub(crate) struct FakePrinters {
    printers: Arc<Mutex<HashMap<IpAddr, FakePrinter>>>,
    asked: mpsc::UnboundedSender<(Asked, String)>,
    answers: Arc<AtomicU64>,
}

pub(crate) fn community(name: &str) -> Credential {
    Credential::Community {
        version: Version::V2c,
        community: Secret::new(name.to_owned()),
    }
}

impl FakePrinters {
    pub(crate) fn new() -> (Self, mpsc::UnboundedReceiver<(Asked, String)>) {
        let (asked, seen) = mpsc::unbounded_channel();
        let printers = Arc::default();
        let answers = Arc::default();
        let printers = Self {
            printers,
            asked,
            answers,
        };
        (printers, seen)
    }

    pub(crate) fn put(&self, address: &str, name: &'static str, community: &'static str) {
        let printer = FakePrinter { name, community };
        self.printers
            .lock()
            .unwrap()
            .insert(address.parse().unwrap(), printer);
    }

    pub(crate) fn remove(&self, address: &str) {
        self.printers
            .lock()
            .unwrap()
            .remove(&address.parse().unwrap());
    }

    fn answer(&self, asked: Asked, credential: &Credential) -> Result<Observation, Failure> {
        let (Asked::Discover(address) | Asked::Refresh(address) | Asked::Poll(address)) = asked;
        let Credential::Community { community, .. } = credential else {
            return Err(Failure::NoAnswer);
        };
        // The test may have seen enough.
        self.asked.send((asked, community.expose().clone())).ok();
        let printer = self.printers.lock().unwrap().get(&address.ip()).cloned();
        let printer = printer.filter(|printer| printer.community == community.expose());
        let printer = printer.ok_or(Failure::NoAnswer)?;
        // Each conversation comes after the one before.
        let number = self.answers.fetch_add(1, Ordering::Relaxed);
        let at = START.plus(std::time::Duration::from_millis(number));
        Ok(observation(address.ip(), printer.name, at))
    }
}

/// What a printer called `name` says of itself.
pub(crate) fn observation(address: IpAddr, name: &str, at: Timestamp) -> Observation {
    Observation {
        address,
        transport: Transport::SnmpV2c,
        collected_at: at,
        device_uptime_ticks: None,
        profile: ProfileRef {
            name: "standard".to_owned(),
            version: 1,
        },
        identity: Some(Identity {
            manufacturer: Some("Acme".to_owned()),
            serial: Some(format!("SN{name}")),
            name: Some(name.to_owned()),
            ..Identity::default()
        }),
        meters: Vec::new(),
        has_color: None,
        supplies: None,
        status: None,
        raw: Vec::new(),
    }
}

impl Printers for FakePrinters {
    type Memory = ();

    async fn discover(
        &self,
        address: SocketAddr,
        credential: &Credential,
    ) -> Result<(Observation, ()), Failure> {
        let answer = self.answer(Asked::Discover(address), credential);
        answer.map(|observation| (observation, ()))
    }

    async fn refresh(
        &self,
        address: SocketAddr,
        credential: &Credential,
        _memory: &mut (),
    ) -> Result<Observation, Failure> {
        self.answer(Asked::Refresh(address), credential)
    }

    async fn poll(
        &self,
        address: SocketAddr,
        credential: &Credential,
        _memory: &mut (),
    ) -> Result<Observation, Failure> {
        self.answer(Asked::Poll(address), credential)
    }

    fn encode(_memory: &()) -> Vec<u8> {
        Vec::new()
    }

    fn decode(_bytes: &[u8]) -> Option<()> {
        Some(())
    }
}
