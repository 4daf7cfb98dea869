//! How PDUs are wrapped for a device, and how its answers are recognised.

use std::net::SocketAddr;
use std::sync::Arc;

use super::abilities::Versions;
use super::client::{Client, Heard, Patience, Unanswered};
use super::credential::{Credential, Version};
use super::message::{self, Envelope};
use super::pdu::{Operation, Pdu};
use super::pool::Lease;
use super::v3::{Usm, UsmError};

/// The version spoken with one device, and the secrets that go with it.
pub(crate) enum Dialect<'c> {
    Community {
        version: Version,
        community: &'c [u8],
        versions: Versions,
    },
    Usm(Box<Usm<'c>>),
}

/// What a device said to a request.
#[derive(Debug)]
pub(crate) enum Reply {
    /// The answer.
    Answer(Pdu),
    /// SNMPv3: it set our idea of its clock right; the request is to be put again.
    Resynchronized,
    /// SNMPv3: it does not accept us.
    Refused(UsmError),
}

impl<'c> Dialect<'c> {
    pub(crate) async fn new(
        client: &Client,
        address: SocketAddr,
        credential: &'c Credential,
    ) -> Result<Self, Unanswered> {
        Ok(match credential {
            Credential::Community { version, community } => Self::Community {
                version: *version,
                community: community.expose().as_bytes(),
                versions: match version {
                    Version::V1 => Versions::OnlyV1,
                    Version::V2c => Versions::Either,
                },
            },
            Credential::Usm(user) => {
                let engines = Arc::clone(client.engines());
                Self::Usm(Box::new(Usm::new(engines, address, user).await?))
            }
        })
    }

    /// Which versions the credential can be used in.
    pub(crate) fn versions(&self) -> Versions {
        match self {
            Self::Community { versions, .. } => *versions,
            Self::Usm(_) => Versions::NeverV1,
        }
    }

    /// Speaks SNMPv1 from now on; `false` where that is no change, or no choice.
    pub(crate) fn fall_back_to_v1(&mut self) -> bool {
        match self {
            Self::Community { version, .. } => {
                std::mem::replace(version, Version::V1) == Version::V2c
            }
            Self::Usm(_) => false,
        }
    }

    /// Learns what must be known before the first request.
    pub(crate) async fn prepare(
        &mut self,
        client: &Client,
        lease: &mut Lease<'_>,
        patience: Patience,
    ) -> Result<(), Unanswered> {
        match self {
            Self::Community { .. } => Ok(()),
            Self::Usm(usm) => usm.discover(client, lease, patience).await,
        }
    }

    /// What it means that no request was answered.
    pub(crate) fn silence(&self) -> Unanswered {
        match self {
            Self::Usm(usm) if usm.has_discovered() => UsmError::Ignored.into(),
            _ => Unanswered::Silence,
        }
    }

    /// The datagram to send.
    pub(crate) fn encode(&mut self, pdu: &Pdu) -> Result<Vec<u8>, Unanswered> {
        match self {
            Self::Community {
                version, community, ..
            } => Ok(message::encode(*version, community, pdu)),
            Self::Usm(usm) => Ok(usm.encode(pdu)?),
        }
    }

    /// What a datagram is to the request with this id.
    pub(crate) fn hear(&mut self, bytes: &[u8], request_id: i32) -> Heard<Reply> {
        match self {
            Self::Community {
                version, community, ..
            } => match Envelope::open(bytes) {
                Ok(envelope)
                    if envelope.version != *version || envelope.community != *community =>
                {
                    Heard::Stray
                }
                Ok(envelope) => recognise(envelope.pdu(), request_id),
                Err(_unreadable) => Heard::Bad(Unanswered::Unreadable),
            },
            Self::Usm(usm) => usm.hear(bytes, request_id),
        }
    }
}

/// Whether a PDU answers the request with this id.
pub(crate) fn recognise<E>(pdu: Result<Pdu, E>, request_id: i32) -> Heard<Reply> {
    match pdu {
        Ok(pdu) if pdu.request_id != request_id => Heard::Stray,
        Ok(pdu) => match pdu.operation {
            Operation::Response { .. } => Heard::Answer(Reply::Answer(pdu)),
            _ => Heard::Stray,
        },
        Err(_unreadable) => Heard::Bad(Unanswered::Unreadable),
    }
}
