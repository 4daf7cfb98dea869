//! A device's SNMPv3 engine: what it makes of a message (RFC 3414, section 3.2) and how it
//! secures an answer (section 3.1).

use std::net::Ipv4Addr;

use super::keys::{LocalizedUser, initial_vector};
use super::{PrivacyProtocol, UsmUser};
use crate::wire::ber::{self, Reader};
use crate::wire::pdu;
use crate::wire::scoped::{AUTH, Envelope, PRIVACY, REPORTABLE, Secured, Security, write_scoped};

/// `snmpEngineBoots`: engine time goes on over restarts, so that one boot is enough.
const BOOTS: u32 = 1;

/// How far a message's time may be off, in seconds (RFC 3414, 2.2.3).
const TIME_WINDOW: u32 = 150;

/// Why a message is reported back, as the last arc but one of the counter's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    UnsupportedSecurityLevel = 1,
    NotInTimeWindow = 2,
    UnknownUserName = 3,
    UnknownEngineId = 4,
    WrongDigest = 5,
    DecryptionError = 6,
}

/// A message that is refused, and the user it claims to come from, where there is one.
struct Refused {
    refusal: Refusal,
    user: Option<usize>,
}

/// `usmStats` (RFC 3414, section 5).
const USM_STATS: [u32; 9] = [1, 3, 6, 1, 6, 3, 15, 1, 1];

/// The engine of one device.
#[derive(Debug)]
pub(crate) struct UsmEngine {
    engine_id: Vec<u8>,
    users: Vec<LocalizedUser>,
    salt: u64,
    refused: u32,
}

/// What a message turned out to be.
#[derive(Debug)]
pub(crate) enum Incoming {
    /// A scoped PDU, decrypted, and how its answer is to be secured.
    Scoped(Vec<u8>, Envelope),
    /// A report that tells the manager what was wrong, complete.
    Report(Vec<u8>),
}

impl UsmEngine {
    /// The engine of the device at `address`.
    pub(crate) fn new(address: Ipv4Addr, users: &[UsmUser]) -> Self {
        /// Enterprise 32473 with the bit of RFC 3411's format, then 1 for an IPv4 address.
        const ENGINE_ID: [u8; 5] = [0x80, 0x00, 0x7E, 0xD9, 0x01];
        let engine_id = [&ENGINE_ID[..], &address.octets()].concat();
        let users = users
            .iter()
            .map(|user| LocalizedUser::new(user, &engine_id))
            .collect();
        Self {
            engine_id,
            users,
            salt: 0,
            refused: 0,
        }
    }

    /// Checks a message that follows `msgVersion` in `datagram`, at engine time `time`; `None`
    /// when it is to be dropped.
    pub(crate) fn open(
        &mut self,
        datagram: &[u8],
        message: Reader<'_>,
        time: u32,
    ) -> Option<Incoming> {
        let secured = Secured::decode(message)?;
        let refused = match self.check(datagram, &secured, time) {
            Ok((scoped, user)) => {
                let user = Some(user);
                let flags = secured.flags & (AUTH | PRIVACY);
                let envelope = Envelope {
                    message_id: secured.message_id,
                    flags,
                    user,
                };
                return Some(Incoming::Scoped(scoped, envelope));
            }
            Err(refused) => refused,
        };
        if secured.flags & REPORTABLE == 0 {
            return None;
        }
        // A manager learns the time only from a report it can believe (RFC 3414, 3.2.7).
        let Refused { refusal, user } = refused;
        let flags = if refusal == Refusal::NotInTimeWindow {
            AUTH
        } else {
            0
        };
        let envelope = Envelope {
            message_id: secured.message_id,
            flags,
            user,
        };
        self.report(refusal, &envelope, time).map(Incoming::Report)
    }

    /// The decrypted scoped PDU and the position of the user who sent it.
    fn check(
        &self,
        datagram: &[u8],
        secured: &Secured<'_>,
        time: u32,
    ) -> Result<(Vec<u8>, usize), Refused> {
        let security = &secured.security;
        if security.engine_id != self.engine_id {
            return Err(Refused {
                refusal: Refusal::UnknownEngineId,
                user: None,
            });
        }
        let position = self
            .users
            .iter()
            .position(|user| user.name.as_bytes() == security.user);
        let Some((user, position)) = position.and_then(|at| Some((self.users.get(at)?, at))) else {
            return Err(Refused {
                refusal: Refusal::UnknownUserName,
                user: None,
            });
        };
        let refuse = |refusal| Refused {
            refusal,
            user: Some(position),
        };
        let level =
            user.auth.as_ref().map_or(0, |_| AUTH) | user.privacy.as_ref().map_or(0, |_| PRIVACY);
        if secured.flags & (AUTH | PRIVACY) != level {
            return Err(refuse(Refusal::UnsupportedSecurityLevel));
        }
        if let Some((protocol, key)) = &user.auth {
            let zeroed = secured.with_zeroed_code(datagram);
            let code = zeroed.map(|message| protocol.mac(key, &message));
            if code.as_deref() != Some(security.auth_parameters) {
                return Err(refuse(Refusal::WrongDigest));
            }
            if security.boots != BOOTS || security.time.abs_diff(time) > TIME_WINDOW {
                return Err(refuse(Refusal::NotInTimeWindow));
            }
        }
        let scoped = match &user.privacy {
            None => Some(secured.data.to_vec()),
            Some((protocol, key)) => decrypt(*protocol, key, secured),
        };
        scoped
            .map(|scoped| (scoped, position))
            .ok_or_else(|| refuse(Refusal::DecryptionError))
    }

    fn report(&mut self, refusal: Refusal, envelope: &Envelope, time: u32) -> Option<Vec<u8>> {
        self.refused = self.refused.wrapping_add(1);
        let mut binding = Vec::new();
        ber::write_oid(
            &mut binding,
            &[&USM_STATS[..], &[refusal as u32, 0]].concat(),
        );
        ber::write_integer(&mut binding, ber::COUNTER32, i64::from(self.refused));
        let mut bindings = Vec::new();
        ber::write(&mut bindings, ber::SEQUENCE, &binding);
        let mut report = Vec::new();
        pdu::write(&mut report, pdu::REPORT, [0, 0, 0], &bindings);
        let mut out = Vec::new();
        self.seal(envelope, &[], &report, time, &mut out)?;
        Some(out)
    }

    /// Appends the message that answers `envelope` with `pdu` in `context`.
    pub(crate) fn seal(
        &mut self,
        envelope: &Envelope,
        context: &[u8],
        pdu: &[u8],
        time: u32,
        out: &mut Vec<u8>,
    ) -> Option<()> {
        let user = envelope.user.and_then(|position| self.users.get(position));
        let mut data = Vec::new();
        write_scoped(&mut data, &self.engine_id, context, pdu);
        let mut salt = Vec::new();
        let privacy = user
            .and_then(|user| user.privacy.as_ref())
            .filter(|_| envelope.flags & PRIVACY != 0);
        if let Some((protocol, key)) = privacy {
            self.salt = self.salt.wrapping_add(1);
            let octets = self.salt.to_be_bytes();
            protocol.encrypt(key, initial_vector(BOOTS, time, octets), &mut data)?;
            salt.extend_from_slice(&octets);
            let encrypted = std::mem::take(&mut data);
            ber::write(&mut data, ber::OCTET_STRING, &encrypted);
        }
        let auth = user
            .and_then(|user| user.auth.as_ref())
            .filter(|_| envelope.flags & AUTH != 0);
        let code = vec![0; auth.map_or(0, |(protocol, _)| protocol.mac_length())];
        let security = Security {
            engine_id: &self.engine_id,
            boots: BOOTS,
            time,
            user: user.map(|user| user.name.as_bytes()).unwrap_or_default(),
            auth_parameters: &code,
            privacy_parameters: &salt,
        };
        let at = security.write_message(envelope, &data, out);
        if let Some((protocol, key)) = auth {
            let code = protocol.mac(key, out);
            out.get_mut(at)?.copy_from_slice(&code);
        }
        Some(())
    }
}

fn decrypt(protocol: PrivacyProtocol, key: &[u8], secured: &Secured<'_>) -> Option<Vec<u8>> {
    let salt = secured.security.privacy_parameters.try_into().ok()?;
    let vector = initial_vector(secured.security.boots, secured.security.time, salt);
    let mut text = Reader::new(secured.data)
        .expect(ber::OCTET_STRING)?
        .to_vec();
    protocol.decrypt(key, vector, &mut text)?;
    Some(text)
}
