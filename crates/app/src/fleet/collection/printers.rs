//! The conversations that collecting is made of, as a seam for tests.

use std::future::Future;
use std::net::SocketAddr;

use platen_collect::snmp::{Credential, FetchError};
use platen_collect::{CollectError, Collector, DeviceMemory};
use platen_domain::readings::Observation;

/// Why a conversation brought nothing in.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// Nothing answered in time; with a community, a wrong one looks the same.
    #[error("no answer")]
    NoAnswer,
    /// Something answered, and it is no printer.
    #[error("answers, and is not a printer")]
    NotAPrinter,
    /// This machine could not send: the device is not to blame.
    #[error(transparent)]
    NotSent(Box<dyn std::error::Error + Send + Sync>),
    /// Anything else, such as wrong credentials of SNMPv3.
    #[error(transparent)]
    Other(Box<dyn std::error::Error + Send + Sync>),
}

/// Talks to printers. [`Collector`] does it by SNMP.
pub trait Printers: Clone + Send + Sync + 'static {
    /// What is remembered of a device from one conversation to the next.
    type Memory: Send + Sync + 'static;

    /// Asks whether a printer is there, and if so for everything.
    fn discover(
        &self,
        address: SocketAddr,
        credential: &Credential,
    ) -> impl Future<Output = Result<(Observation, Self::Memory), Failure>> + Send;

    /// Asks a known printer for everything.
    fn refresh(
        &self,
        address: SocketAddr,
        credential: &Credential,
        memory: &mut Self::Memory,
    ) -> impl Future<Output = Result<Observation, Failure>> + Send;

    /// Asks a known printer for what changes often.
    fn poll(
        &self,
        address: SocketAddr,
        credential: &Credential,
        memory: &mut Self::Memory,
    ) -> impl Future<Output = Result<Observation, Failure>> + Send;

    /// The memory as it is stored.
    fn encode(memory: &Self::Memory) -> Vec<u8>;

    /// Reads what was stored; `None` when it is of no use any more.
    fn decode(bytes: &[u8]) -> Option<Self::Memory>;
}

impl Printers for Collector {
    type Memory = DeviceMemory;

    async fn discover(
        &self,
        address: SocketAddr,
        credential: &Credential,
    ) -> Result<(Observation, DeviceMemory), Failure> {
        Ok(Self::discover(self, address, credential).await?)
    }

    async fn refresh(
        &self,
        address: SocketAddr,
        credential: &Credential,
        memory: &mut DeviceMemory,
    ) -> Result<Observation, Failure> {
        Ok(Self::refresh(self, address, credential, memory).await?)
    }

    async fn poll(
        &self,
        address: SocketAddr,
        credential: &Credential,
        memory: &mut DeviceMemory,
    ) -> Result<Observation, Failure> {
        Ok(Self::poll(self, address, credential, memory).await?)
    }

    fn encode(memory: &DeviceMemory) -> Vec<u8> {
        memory.to_bytes()
    }

    fn decode(bytes: &[u8]) -> Option<DeviceMemory> {
        DeviceMemory::from_bytes(bytes)
    }
}

impl From<CollectError> for Failure {
    fn from(error: CollectError) -> Self {
        match error {
            CollectError::NotAPrinter => Self::NotAPrinter,
            CollectError::Fetch(FetchError::NoAnswer) => Self::NoAnswer,
            CollectError::Fetch(FetchError::Socket(error)) => Self::NotSent(Box::new(error)),
            other @ CollectError::Fetch(_) => Self::Other(Box::new(other)),
        }
    }
}
