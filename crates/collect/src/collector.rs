//! From an address to observations of a printer.
//!
//! [`Collector::discover`] asks a host who it is and reads a printer in full; with the
//! [`DeviceMemory`] it gives, [`Collector::poll`] reads what changes, in one message where the
//! device allows, and [`Collector::refresh`] reads everything again.

use std::net::SocketAddr;
use std::sync::Arc;

use platen_domain::clock::Clock;
use platen_domain::devices::Identity;
use platen_domain::readings::{Observation, Transport};
use platen_domain::secret::Secret;

use crate::memory::DeviceMemory;
use crate::printer::{self, Changes, Decoded, Profiles, plan, raw};
use crate::snmp::{Abilities, Answers, Client, Credential, FetchError, Query, UsmUser, Version};

/// Reads printers. Clones share the client and the profiles.
#[derive(Clone)]
pub struct Collector {
    client: Client,
    profiles: Arc<Profiles>,
    clock: Arc<dyn Clock>,
}

/// Why a host gave no observation.
#[derive(Debug, thiserror::Error)]
pub enum CollectError {
    /// It answers, and nothing it says is a printer's.
    #[error("the host answers SNMP but is no printer")]
    NotAPrinter,
    /// It could not be asked.
    #[error(transparent)]
    Fetch(#[from] FetchError),
}

/// Everything a printer answered.
struct Reading {
    answers: Answers,
    /// Name of the profile it was recognised by.
    profile: String,
    /// Whether its supplies stand in a context of their own.
    apart: bool,
}

/// A printer read in full.
struct FullReading {
    observation: Observation,
    memory: DeviceMemory,
    /// Whether no limit ended it early.
    complete: bool,
}

impl Collector {
    /// A collector over a client.
    pub fn new(client: Client, profiles: Arc<Profiles>, clock: Arc<dyn Clock>) -> Self {
        Self {
            client,
            profiles,
            clock,
        }
    }

    /// Asks the host at `address` who it is, with one small message first, and reads it in full if
    /// it is a printer. Nothing known of the address counts: another device may be there, or the
    /// same with another SNMPv3 engine, or one whose clock was reset.
    pub async fn discover(
        &self,
        address: SocketAddr,
        credential: &Credential,
    ) -> Result<(Observation, DeviceMemory), CollectError> {
        self.client.forget_engine(address);
        let read = self.read_in_full(address, credential, Abilities::default());
        let FullReading {
            observation,
            memory,
            ..
        } = read.await?;
        Ok((observation, memory))
    }

    /// Reads a known printer in full, and remembers it anew.
    pub async fn refresh(
        &self,
        address: SocketAddr,
        credential: &Credential,
        memory: &mut DeviceMemory,
    ) -> Result<Observation, CollectError> {
        let mut abilities = memory.abilities.clone();
        abilities.climb();
        let FullReading {
            mut observation,
            memory: anew,
            complete,
        } = self.read_in_full(address, credential, abilities).await?;
        if !complete || anew.lost_supplies(memory) {
            // Slow or asleep: what is known of its supplies holds until it has told all of them.
            observation.supplies = None;
            memory.abilities = anew.abilities;
        } else {
            *memory = anew;
        }
        Ok(observation)
    }

    /// Reads what changes of a known printer: status, meters, levels, alerts, console. When the
    /// supplies are no longer those remembered, it is read in full; when another device answers,
    /// that one is, so that no count is ever kept under the wrong printer.
    pub async fn poll(
        &self,
        address: SocketAddr,
        credential: &Credential,
        memory: &mut DeviceMemory,
    ) -> Result<Observation, CollectError> {
        let fresh = self.ask(address, credential, memory).await?;
        if memory.is_another(&fresh) {
            let (observation, anew) = self.discover(address, credential).await?;
            *memory = anew;
            return Ok(observation);
        }
        if memory.misses_supplies(&fresh) {
            return self.refresh(address, credential, memory).await;
        }
        let profile = printer::profile_named(&self.profiles, &memory.profile);
        let (withheld, raw) = (memory.supplies_withheld(&fresh), raw::encode(&fresh));
        let changes = printer::decode_changes(&fresh.over(&memory.lasting), profile);
        let transport = transport(credential, &memory.abilities);
        let mut observation = self.observation(address, transport, None, changes, raw);
        if withheld {
            observation.supplies = None;
        }
        Ok(observation)
    }

    async fn ask(
        &self,
        address: SocketAddr,
        credential: &Credential,
        memory: &mut DeviceMemory,
    ) -> Result<Answers, FetchError> {
        if !memory.apart {
            let (abilities, question) = (&mut memory.abilities, &memory.question);
            let fetch = self.client.fetch(address, credential, abilities, question);
            return fetch.await;
        }
        let profile = printer::profile_named(&self.profiles, &memory.profile);
        let (supplies, rest) = plan::split_supplies(memory.question.clone());
        let mut answers = self
            .client
            .fetch(address, credential, &mut memory.abilities, &rest)
            .await?;
        if let Some(apart) = profile
            .supplies_context()
            .map(|context| in_context(credential, context))
        {
            let more = self
                .client
                .fetch(address, &apart, &mut memory.abilities, &supplies)
                .await?;
            answers = answers.over(&more);
        }
        Ok(answers)
    }

    async fn read_in_full(
        &self,
        address: SocketAddr,
        credential: &Credential,
        mut abilities: Abilities,
    ) -> Result<FullReading, CollectError> {
        let reading = self.read(address, credential, &mut abilities).await?;
        let profile = printer::profile_named(&self.profiles, &reading.profile);
        let Decoded { identity, changes } =
            printer::decode_as(&reading.answers, &self.profiles, profile);
        let transport = transport(credential, &abilities);
        let memory = DeviceMemory::of(abilities, profile, reading.apart, &reading.answers);
        Ok(FullReading {
            observation: self.observation(
                address,
                transport,
                Some(identity),
                changes,
                raw::encode(&reading.answers),
            ),
            memory,
            complete: reading.answers.is_complete(),
        })
    }

    async fn read(
        &self,
        address: SocketAddr,
        credential: &Credential,
        abilities: &mut Abilities,
    ) -> Result<Reading, CollectError> {
        let mut answers = self
            .client
            .fetch(address, credential, abilities, &plan::probe())
            .await?;
        if !printer::has_object_id(&answers) {
            let ids = plan::device_ids(&self.profiles);
            self.fetch_more(address, credential, abilities, &ids, &mut answers)
                .await?;
        }
        self.fetch_more(
            address,
            credential,
            abilities,
            &plan::census(),
            &mut answers,
        )
        .await?;
        let profile =
            printer::recognise(&answers, &self.profiles).ok_or(CollectError::NotAPrinter)?;
        self.fetch_more(
            address,
            credential,
            abilities,
            &plan::full(profile),
            &mut answers,
        )
        .await?;
        let mut apart = false;
        if let Some(context) = profile
            .supplies_context()
            .filter(|_| !plan::has_supplies(&answers))
        {
            let credential = in_context(credential, context);
            // Most devices have no such context and keep silent about it.
            if let Ok(more) = self
                .client
                .fetch(
                    address,
                    &credential,
                    &mut abilities.clone(),
                    &plan::supplies(),
                )
                .await
            {
                apart = plan::has_supplies(&more);
                answers = answers.over(&more);
            }
        }
        Ok(Reading {
            answers,
            profile: profile.name().to_owned(),
            apart,
        })
    }

    async fn fetch_more(
        &self,
        address: SocketAddr,
        credential: &Credential,
        abilities: &mut Abilities,
        query: &Query,
        answers: &mut Answers,
    ) -> Result<(), FetchError> {
        let more = self
            .client
            .fetch(address, credential, abilities, query)
            .await?;
        *answers = std::mem::take(answers).over(&more);
        Ok(())
    }

    fn observation(
        &self,
        address: SocketAddr,
        transport: Transport,
        identity: Option<Identity>,
        changes: Changes,
        raw: Vec<u8>,
    ) -> Observation {
        Observation {
            address: address.ip(),
            transport,
            collected_at: self.clock.now(),
            device_uptime_ticks: changes.uptime_ticks,
            profile: changes.profile,
            identity,
            meters: changes.meters,
            has_color: changes.has_color,
            supplies: Some(changes.supplies),
            status: Some(changes.status),
            raw,
        }
    }
}

/// How a device was read: one that turned out to speak SNMPv1 only is asked in it whatever the
/// credential says.
fn transport(credential: &Credential, abilities: &Abilities) -> Transport {
    match credential {
        Credential::Usm(_) => Transport::SnmpV3,
        Credential::Community {
            version: Version::V2c,
            ..
        } if !abilities.only_v1() => Transport::SnmpV2c,
        Credential::Community { .. } => Transport::SnmpV1,
    }
}

/// The same credential in another context of the device: SNMPv3 names it, a community carries it
/// behind an `@`, as `JetDirect` cards and `LibreNMS` do.
fn in_context(credential: &Credential, context: &str) -> Credential {
    match credential {
        Credential::Community { version, community } => Credential::Community {
            version: *version,
            community: Secret::new(format!("{}@{context}", community.expose())),
        },
        Credential::Usm(user) => Credential::Usm(UsmUser {
            context: context.to_owned(),
            ..user.clone()
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t16_a_context_is_named_in_snmpv3_and_rides_on_the_community_before_it() {
        let community = Credential::Community {
            version: Version::V2c,
            community: Secret::new("public".to_owned()),
        };
        let Credential::Community { community, .. } = in_context(&community, "Jetdirect") else {
            panic!("still a community");
        };
        assert_eq!(community.expose(), "public@Jetdirect");
        let user = UsmUser {
            name: "fleet".to_owned(),
            auth: None,
            privacy: None,
            context: String::new(),
        };
        let Credential::Usm(user) = in_context(&Credential::Usm(user), "Jetdirect") else {
            panic!("still a user");
        };
        assert_eq!(user.context, "Jetdirect");
    }
}
