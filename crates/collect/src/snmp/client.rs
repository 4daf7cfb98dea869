//! Asking devices over UDP.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use platen_domain::ids::Ids;
use tokio::time::Instant;

use super::pool::{Lease, Pool};
use super::turns::{Turn, Turns};
use super::v3::{Engines, UsmError};

/// Datagrams of a device that are not the awaited answer before it counts as flooding: late
/// duplicates are a handful.
const STRAY_DATAGRAMS_MAX: usize = 64;

/// Each try waits half as long again as the one before, so that a printer that takes 5 s to wake
/// (seen) answers the third.
const BACK_OFF: f64 = 1.5;

/// How far a wait strays from its nominal length, either way, so that a thousand devices behind
/// one slow link are not asked again in the same instant.
const JITTER: f64 = 0.1;

/// How the network is used.
#[derive(Debug, Clone)]
pub struct ClientOptions {
    /// Sockets, and so devices asked at the same time.
    pub in_flight: usize,
    /// How long the first try waits for an answer.
    pub timeout: Duration,
    /// How often an unanswered message is sent again.
    pub retries: u32,
}

impl Default for ClientOptions {
    fn default() -> Self {
        Self {
            in_flight: 512,
            timeout: Duration::from_secs(2),
            retries: 2,
        }
    }
}

/// Asks devices. Clones share sockets and what is known of SNMPv3 engines.
#[derive(Clone)]
pub struct Client(Arc<Inner>);

struct Inner {
    pool: Pool,
    turns: Turns,
    options: ClientOptions,
    ids: Arc<dyn Ids>,
    engines: Arc<Engines>,
}

/// Why a device's values could not be fetched.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// Nothing came back in time, or the device has no SNMP port open.
    #[error("no answer: the device is off, elsewhere, or ignores this community or user")]
    NoAnswer,
    /// Datagrams came back, none of them an answer that could be read.
    #[error("the device answers with something that is not SNMP as asked")]
    Unreadable,
    /// SNMPv3: the device answered that it does not accept us, or its answer proves nothing.
    #[error(transparent)]
    Authentication(#[from] UsmError),
    /// This machine could not send.
    #[error("could not send to the device: {0}")]
    Socket(#[from] io::Error),
}

/// How long to go on asking.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Patience {
    /// How often the message is sent.
    pub(crate) tries: u32,
    /// When the conversation is over, answered or not.
    pub(crate) deadline: Instant,
}

/// Why one message stayed without an answer.
#[derive(Debug)]
pub(crate) enum Unanswered {
    /// Nothing came.
    Silence,
    /// The port is closed, or there is no way to the device: waiting is useless.
    Refused,
    /// What came was no answer.
    Unreadable,
    /// SNMPv3: answered, but not in a way that can be trusted or used.
    Authentication(UsmError),
    /// This machine could not send.
    Socket(io::Error),
}

impl From<Unanswered> for FetchError {
    fn from(unanswered: Unanswered) -> Self {
        match unanswered {
            Unanswered::Silence | Unanswered::Refused => Self::NoAnswer,
            Unanswered::Unreadable => Self::Unreadable,
            Unanswered::Authentication(error) => Self::Authentication(error),
            Unanswered::Socket(error) => Self::Socket(error),
        }
    }
}

impl From<UsmError> for Unanswered {
    fn from(error: UsmError) -> Self {
        Self::Authentication(error)
    }
}

impl From<io::Error> for Unanswered {
    /// What the network says about the device is no error of ours.
    fn from(error: io::Error) -> Self {
        use io::ErrorKind::{
            ConnectionRefused, ConnectionReset, HostUnreachable, NetworkDown, NetworkUnreachable,
        };
        match error.kind() {
            ConnectionRefused | ConnectionReset | HostUnreachable | NetworkDown
            | NetworkUnreachable => Self::Refused,
            _ => Self::Socket(error),
        }
    }
}

/// What a datagram turned out to be.
#[derive(Debug)]
pub(crate) enum Heard<T> {
    /// The awaited answer.
    Answer(T),
    /// Something of another conversation: late, twice, or not for us.
    Stray,
    /// No answer to make use of. Were it the only thing to come, this would be why.
    Bad(Unanswered),
}

impl Client {
    /// A client with its own sockets, none of which is open yet.
    pub fn new(options: ClientOptions, ids: Arc<dyn Ids>) -> Self {
        Self(Arc::new(Inner {
            pool: Pool::new(options.in_flight),
            turns: Turns::default(),
            engines: Arc::new(Engines::new(ids.as_ref())),
            options,
            ids,
        }))
    }

    /// Forgets which SNMPv3 engine answered at an address, so that the next one may be another.
    pub(crate) fn forget_engine(&self, address: SocketAddr) {
        self.0.engines.forget(address);
    }

    /// How often a message is sent at most.
    pub(crate) fn tries(&self) -> u32 {
        self.0.options.retries.saturating_add(1)
    }

    /// What is known of SNMPv3 engines.
    pub(crate) fn engines(&self) -> &Arc<Engines> {
        &self.0.engines
    }

    /// The right to speak to a device.
    pub(crate) async fn turn(&self, peer: SocketAddr) -> Turn<'_> {
        self.0.turns.take(peer).await
    }

    /// A channel to a device.
    pub(crate) async fn lease(&self, peer: SocketAddr) -> Result<Lease<'_>, Unanswered> {
        Ok(self.0.pool.lease(peer).await?)
    }

    /// 31 random bits to know an answer by.
    pub(crate) fn request_id(&self) -> i32 {
        let mut bytes = [0; 4];
        self.0.ids.fill(&mut bytes);
        i32::from_be_bytes(bytes) & i32::MAX
    }

    /// Sends `datagram` until `hear` recognises the answer to it. The same bytes are sent at
    /// each try, so that a late answer to the first one counts. Returns the answer and how many
    /// bytes it had.
    pub(crate) async fn ask<T>(
        &self,
        lease: &mut Lease<'_>,
        datagram: &[u8],
        patience: Patience,
        mut hear: impl FnMut(&[u8]) -> Heard<T>,
    ) -> Result<(T, usize), Unanswered> {
        let mut unanswered = Unanswered::Silence;
        let mut strays = 0;
        for attempt in 0..patience.tries {
            lease.send(datagram).await?;
            let until = (Instant::now() + self.wait(attempt)).min(patience.deadline);
            while let Ok(received) = tokio::time::timeout_at(until, lease.receive()).await {
                let bytes = received?;
                match hear(bytes) {
                    Heard::Answer(answer) => return Ok((answer, bytes.len())),
                    Heard::Bad(reason) => unanswered = reason,
                    Heard::Stray => {}
                }
                strays += 1;
                if strays > STRAY_DATAGRAMS_MAX {
                    return Err(Unanswered::Unreadable);
                }
            }
            if until == patience.deadline {
                break;
            }
        }
        Err(unanswered)
    }

    /// How long a try waits, the first being 0.
    fn wait(&self, attempt: u32) -> Duration {
        let mut byte = [0; 1];
        if attempt > 0 {
            self.0.ids.fill(&mut byte);
        }
        let [random] = byte;
        let stray = JITTER * (f64::from(random) / 127.5 - 1.0);
        let factor = BACK_OFF.powi(i32::try_from(attempt).unwrap_or(i32::MAX));
        let factor = if attempt > 0 {
            factor * (1.0 + stray)
        } else {
            1.0
        };
        let longest = super::fetch::CONVERSATION_MAX;
        self.0
            .options
            .timeout
            .min(longest)
            .mul_f64(factor.min(100.0))
    }
}
