//! SNMPv3 with the User-based Security Model (RFC 3412, RFC 3414).
//!
//! Written on cryptographic primitives rather than on one of the SNMP crates, because none lets a
//! caller keep master keys across engines, tell an engine's reports apart and use the sockets of
//! [`super::pool`].

mod engines;
mod keys;
mod message;
mod privacy;

use std::net::SocketAddr;
use std::sync::Arc;

use platen_domain::secret::Secret;

use self::engines::Engine;
pub(crate) use self::engines::Engines;
use self::message::{Incoming, Outgoing, flag};
use self::privacy::{Moment, PrivacyKey};
use super::client::{Client, Heard, Patience, Unanswered};
use super::credential::{AuthProtocol, PrivacyProtocol, UsmUser};
use super::dialect::{Reply, recognise};
use super::oid::Oid;
use super::pdu::{Operation, Pdu};
use super::pool::Lease;

/// Shortest password, in bytes (RFC 3414, 11.2).
const PASSWORD_MIN: usize = 8;

/// Longest user name, in bytes (RFC 3414, 2.4).
const USER_NAME_MAX: usize = 32;

/// Lengths of an engine id, in bytes (RFC 3411, `SnmpEngineID`).
const ENGINE_ID_BYTES: std::ops::RangeInclusive<usize> = 5..=32;

/// `usmStats` (RFC 3414): what engines report.
const USM_STATS: [u32; 9] = [1, 3, 6, 1, 6, 3, 15, 1, 1];

/// Why an SNMPv3 conversation failed although the device answered, or could not begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UsmError {
    /// `usmStatsUnknownUserNames`.
    #[error("the device does not know this SNMPv3 user")]
    UnknownUser,
    /// `usmStatsWrongDigests`.
    #[error("the device refuses the SNMPv3 authentication password or protocol")]
    WrongDigest,
    /// `usmStatsDecryptionErrors`.
    #[error("the device cannot decrypt: the SNMPv3 privacy password or protocol differs")]
    DecryptionError,
    /// The engine presented itself and then said nothing: what net-snmp does with a message it
    /// decrypts to nonsense, as AES cannot tell a wrong key.
    #[error(
        "the device ignores the request: the SNMPv3 privacy password or protocol, or the context, \
         differs"
    )]
    Ignored,
    /// `usmStatsUnsupportedSecLevels`.
    #[error("the device does not allow this SNMPv3 user without, or with, privacy")]
    UnsupportedSecurityLevel,
    /// `usmStatsNotInTimeWindows`, or an answer from the past.
    #[error("the clock of the device's SNMPv3 engine went back, or cannot be agreed on")]
    NotInTimeWindow,
    /// Another engine than before answers at this address.
    #[error("another SNMPv3 engine than before answers at this address")]
    EngineChanged,
    /// What came back does not carry the proof it must.
    #[error("the answer is not authenticated and encrypted as SNMPv3 demands")]
    Unproven,
    /// The credential cannot be used at all.
    #[error(
        "the SNMPv3 user is incomplete: a name has 1 to 32 bytes, a password at least 8, and \
         privacy needs authentication"
    )]
    BadUser,
}

/// One user's conversation with one engine.
pub(crate) struct Usm<'c> {
    engines: Arc<Engines>,
    address: SocketAddr,
    user: &'c UsmUser,
    auth: Option<(AuthProtocol, Secret<Vec<u8>>)>,
    privacy: Option<(PrivacyProtocol, Secret<Vec<u8>>)>,
    engine: Option<LocalizedEngine>,
    /// Whether the engine was found in this conversation, and so is there.
    discovered: bool,
    /// Whether the one second chance at the engine's clock is used up.
    resynchronized: bool,
}

/// An engine and this user's keys for it.
struct LocalizedEngine {
    engine: Engine,
    auth: Option<(AuthProtocol, Vec<u8>)>,
    privacy: Option<PrivacyKey>,
}

impl<'c> Usm<'c> {
    /// Prepares a conversation; hashes passwords that were never used before.
    pub(crate) async fn new(
        engines: Arc<Engines>,
        address: SocketAddr,
        user: &'c UsmUser,
    ) -> Result<Self, UsmError> {
        check(user)?;
        let mut usm = Self {
            address,
            user,
            auth: None,
            privacy: None,
            engine: None,
            discovered: false,
            resynchronized: false,
            engines,
        };
        if let Some((protocol, password)) = &user.auth {
            let key = usm.engines.master_key(*protocol, password).await?;
            usm.auth = Some((*protocol, key));
            if let Some((cipher, password)) = &user.privacy {
                let key = usm.engines.master_key(*protocol, password).await?;
                usm.privacy = Some((*cipher, key));
            }
        }
        if let Some(engine) = usm.engines.at(address) {
            usm.localize(engine);
        }
        Ok(usm)
    }

    fn localize(&mut self, engine: Engine) {
        let auth = self.auth.as_ref().map(|(protocol, key)| {
            let key = protocol.localized_key(key.expose(), &engine.id);
            (*protocol, key)
        });
        let privacy = self.auth.as_ref().zip(self.privacy.as_ref());
        let privacy = privacy.map(|((protocol, _), (cipher, key))| {
            let key = protocol.localized_key(key.expose(), &engine.id);
            PrivacyKey::new(*cipher, *protocol, key)
        });
        self.engine = Some(LocalizedEngine {
            engine,
            auth,
            privacy,
        });
    }

    /// Learns the id and clock of the engine, unless they are known (RFC 3414, section 4).
    pub(crate) async fn discover(
        &mut self,
        client: &Client,
        lease: &mut Lease<'_>,
        patience: Patience,
    ) -> Result<(), Unanswered> {
        if self.engine.is_some() {
            return Ok(());
        }
        let id = client.request_id();
        let pdu = Pdu {
            operation: Operation::Get,
            request_id: id,
            bindings: Vec::new(),
        };
        let question = Outgoing {
            id,
            flags: flag::REPORTABLE,
            engine_id: &[],
            boots: 0,
            time: 0,
            user: &[],
            digest_length: 0,
            salt: &[],
            data: &message::scoped(&[], &[], &pdu),
        };
        let (datagram, _) = question.encode();
        let (engine, _) = client
            .ask(lease, &datagram, patience, |bytes| hear_engine(bytes, id))
            .await?;
        self.localize(engine);
        self.discovered = true;
        Ok(())
    }

    /// Whether the engine has just said that it is there.
    pub(crate) const fn has_discovered(&self) -> bool {
        self.discovered
    }

    /// The datagram that carries a request.
    pub(crate) fn encode(&self, pdu: &Pdu) -> Result<Vec<u8>, UsmError> {
        let known = self.engine.as_ref().ok_or(UsmError::Unproven)?;
        let (boots, time) = known.engine.clock();
        let mut data = message::scoped(&known.engine.id, self.user.context.as_bytes(), pdu);
        let mut flags = flag::REPORTABLE;
        let mut salt = None;
        if let Some(privacy) = &known.privacy {
            flags |= flag::PRIVACY;
            let moment = Moment {
                boots,
                time,
                salt: privacy.salt(boots, self.engines.salt()),
            };
            data = privacy.encrypt(data, moment).ok_or(UsmError::Unproven)?;
            salt = Some(moment.salt);
        }
        let digest_length = known
            .auth
            .as_ref()
            .map_or(0, |(auth, _)| auth.digest_length());
        if known.auth.is_some() {
            flags |= flag::AUTH;
        }
        let (mut datagram, place) = Outgoing {
            id: pdu.request_id,
            flags,
            engine_id: &known.engine.id,
            boots,
            time,
            user: self.user.name.as_bytes(),
            digest_length,
            salt: salt.as_ref().map_or(&[], |salt| salt.as_slice()),
            data: &data,
        }
        .encode();
        if let Some((protocol, key)) = &known.auth {
            let digest = protocol.digest(key, [&datagram, &[], &[]]);
            let slots = datagram.iter_mut().skip(place).take(digest_length);
            slots.zip(digest).for_each(|(slot, byte)| *slot = byte);
        }
        Ok(datagram)
    }

    /// What a datagram is to the request with this id.
    pub(crate) fn hear(&mut self, bytes: &[u8], request_id: i32) -> Heard<Reply> {
        let Ok(incoming) = Incoming::open(bytes) else {
            return Heard::Bad(Unanswered::Unreadable);
        };
        if incoming.id != request_id {
            return Heard::Stray;
        }
        match self.open(&incoming) {
            Ok((pdu, _)) if pdu.operation == Operation::Report => {
                Heard::Answer(self.heed(&incoming, &pdu))
            }
            Ok((pdu, true)) => {
                if let Some(known) = &self.engine {
                    self.engines.remember(self.address, &known.engine);
                }
                recognise(Ok::<_, UsmError>(pdu), request_id)
            }
            Ok((_, false)) => Heard::Bad(UsmError::Unproven.into()),
            Err(error) => Heard::Bad(error.into()),
        }
    }

    /// Reads a message as far as its proofs allow: the PDU, and whether it came with all the
    /// proof and secrecy this user has.
    fn open(&mut self, incoming: &Incoming<'_>) -> Result<(Pdu, bool), UsmError> {
        let known = self.engine.as_mut().ok_or(UsmError::Unproven)?;
        let authenticated = incoming.flags & flag::AUTH != 0;
        if authenticated {
            known.verify(incoming, self.user)?;
            known.engine.follow_clock(incoming.boots, incoming.time)?;
        }
        let encrypted = incoming.flags & flag::PRIVACY != 0;
        let pdu = if encrypted {
            let scoped = known.decrypt(incoming).ok_or(UsmError::Unproven)?;
            message::unscoped(&scoped)
        } else {
            message::unscoped(incoming.data)
        };
        let full = incoming.engine_id == known.engine.id
            && authenticated == known.auth.is_some()
            && encrypted == known.privacy.is_some();
        pdu.map(|pdu| (pdu, full))
            .map_err(|_unreadable| UsmError::Unproven)
    }

    /// What an engine's report means. Reports about users and digests cannot be authenticated,
    /// so they end the conversation and teach nothing.
    fn heed(&mut self, incoming: &Incoming<'_>, report: &Pdu) -> Reply {
        let counter = report.bindings.first().map(|(oid, _)| oid);
        let counter = counter.and_then(usm_counter);
        Reply::Refused(match counter {
            Some(1) => UsmError::UnsupportedSecurityLevel,
            Some(2) => return self.resynchronize(incoming),
            Some(3) => UsmError::UnknownUser,
            Some(4) => UsmError::EngineChanged,
            Some(5) => UsmError::WrongDigest,
            Some(6) => UsmError::DecryptionError,
            _ => UsmError::Unproven,
        })
    }

    /// The engine was started again, or its clock was presented wrongly: once, its report sets
    /// ours right. An authenticated one has done so already.
    fn resynchronize(&mut self, incoming: &Incoming<'_>) -> Reply {
        let again = std::mem::replace(&mut self.resynchronized, true);
        match &mut self.engine {
            Some(known) if !again && incoming.engine_id == known.engine.id => {
                if incoming.flags & flag::AUTH == 0 {
                    known.engine.present_clock(incoming.boots, incoming.time);
                }
                Reply::Resynchronized
            }
            _ => Reply::Refused(UsmError::NotInTimeWindow),
        }
    }
}

impl LocalizedEngine {
    /// Whether a message comes from this engine, to this user, unchanged.
    fn verify(&self, incoming: &Incoming<'_>, user: &UsmUser) -> Result<(), UsmError> {
        let (protocol, key) = self.auth.as_ref().ok_or(UsmError::Unproven)?;
        let (before, after) = incoming.around_digest();
        let zeros = [0; 48];
        let zeros = zeros.get(..protocol.digest_length()).unwrap_or_default();
        let genuine = incoming.engine_id == self.engine.id
            && incoming.user == user.name.as_bytes()
            && protocol.verify(key, [before, zeros, after], incoming.digest);
        genuine.then_some(()).ok_or(UsmError::Unproven)
    }

    fn decrypt(&self, incoming: &Incoming<'_>) -> Option<Vec<u8>> {
        let moment = Moment {
            boots: incoming.boots,
            time: incoming.time,
            salt: incoming.salt.try_into().ok()?,
        };
        self.privacy.as_ref()?.decrypt(incoming.data, moment)
    }
}

fn check(user: &UsmUser) -> Result<(), UsmError> {
    let named = (1..=USER_NAME_MAX).contains(&user.name.len());
    let auth = user.auth.as_ref().map(|(_, password)| password);
    let privacy = user.privacy.as_ref().map(|(_, password)| password);
    let long_enough = |password: &Secret<String>| password.expose().len() >= PASSWORD_MIN;
    let sound = named
        && auth.into_iter().chain(privacy).all(long_enough)
        && (privacy.is_none() || auth.is_some());
    sound.then_some(()).ok_or(UsmError::BadUser)
}

/// What a datagram is to the search for an engine: its report carries the id.
fn hear_engine(bytes: &[u8], id: i32) -> Heard<Engine> {
    match Incoming::open(bytes) {
        Ok(incoming) if incoming.id != id => Heard::Stray,
        Ok(incoming) if ENGINE_ID_BYTES.contains(&incoming.engine_id.len()) => {
            let Incoming {
                engine_id,
                boots,
                time,
                ..
            } = incoming;
            Heard::Answer(Engine::presented(engine_id, boots, time))
        }
        _ => Heard::Bad(Unanswered::Unreadable),
    }
}

/// Which of the `usmStats` counters an object is.
fn usm_counter(oid: &Oid) -> Option<u32> {
    match oid.arcs() {
        [stats @ .., counter, 0] if *stats == USM_STATS => Some(*counter),
        _ => None,
    }
}

/// Decodes an SNMPv3 message as far as it goes without keys.
pub(super) fn decode_untrusted(bytes: &[u8]) {
    if let Ok(incoming) = Incoming::open(bytes) {
        drop(message::unscoped(incoming.data));
        incoming.around_digest();
    }
}
