//! Observations: the hot path. An answer that says what the last one said costs one SELECT, one
//! INSERT of the reading with its number, and one UPDATE of the device's short row.

use platen_domain::clock::Timestamp;
use platen_domain::findings::Finding;
use platen_domain::ids::{DeviceId, Ids};
use platen_domain::readings::Observation;
use platen_domain::scope::Scope;

use crate::access::Writer;
use crate::claims::Located;
use crate::counters::Counter;
use crate::digest::digest;
use crate::error::StoreError;
use crate::latest::Latest;
use crate::organization_no::OrganizationNo;
use crate::session::params;

/// Where an observation went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// The device that made it.
    pub device: DeviceId,
    /// Whether this was the first that was heard of it.
    pub created: bool,
    /// What was noticed that people should be told.
    pub told: Vec<Finding>,
}

/// A kept reading, as the rows derived from it name it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ReadingRef {
    pub(crate) organization_no: OrganizationNo,
    pub(crate) device_no: i64,
    pub(crate) reading_no: i64,
    pub(crate) read_at: Timestamp,
}

impl Writer<'_> {
    /// Keeps an observation: the reading as it is, the history of what changed, and the newest
    /// of everything. Observations count in the order in which they arrive here, whatever their
    /// clocks say, so that a clock set back freezes nothing.
    ///
    /// The device is found by its claims (`identity.rs` has the rule) and added when it is new. Where
    /// an address shows more new identities than [`crate::NEW_IDENTITIES_PER_ADDRESS_MAX`], the
    /// observation is not kept and that is noticed at the device which was there.
    ///
    /// `memory` is what the collector wants to remember of it; `None` leaves the old.
    pub fn record_observation(
        &self,
        scope: &Scope,
        observation: &Observation,
        received_at: Timestamp,
        ids: &dyn Ids,
        memory: Option<&[u8]>,
    ) -> Result<Recorded, StoreError> {
        let organization_no = self.organization_no(scope)?;
        let located = self.locate(organization_no, observation, received_at, ids)?;
        let Located {
            mut latest,
            created,
            kept,
            mut told,
        } = located;
        if !kept {
            self.fleet_changed(organization_no);
            return Ok(Recorded {
                device: latest.id,
                created,
                told,
            });
        }
        let reading = self.insert_reading(&latest, observation, received_at)?;
        self.record_meters(reading, observation, &mut latest, &mut told)?;
        if let Some(supplies) = &observation.supplies {
            self.record_supplies(reading, supplies, &mut latest)?;
        }
        if let Some(status) = &observation.status {
            self.record_status(reading, status, &mut latest)?;
        }
        if let Some(memory) = memory {
            self.record_memory(memory, &mut latest)?;
        }
        latest.answered(observation);
        self.save_latest(&latest)?;
        self.fleet_changed(organization_no);
        Ok(Recorded {
            device: latest.id,
            created,
            told,
        })
    }

    fn insert_reading(
        &self,
        latest: &Latest,
        observation: &Observation,
        received_at: Timestamp,
    ) -> Result<ReadingRef, StoreError> {
        let (organization_no, device_no) = (latest.organization_no, latest.device_no);
        let reading_no = self.next_no(organization_no, Counter::Reading)?;
        self.execute(
            "INSERT INTO readings (organization_no, reading_no, device_no, received_at,
                                   collected_at, uptime_ticks, address, transport, profile,
                                   profile_version, raw)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
            params![
                organization_no,
                reading_no,
                device_no,
                received_at.as_millis(),
                observation.collected_at.as_millis(),
                observation.device_uptime_ticks,
                observation.address.to_string(),
                observation.transport.keyword(),
                observation.profile.name,
                observation.profile.version,
                observation.raw,
            ],
        )?;
        Ok(ReadingRef {
            organization_no,
            device_no,
            reading_no,
            read_at: observation.collected_at,
        })
    }

    fn record_memory(&self, memory: &[u8], latest: &mut Latest) -> Result<(), StoreError> {
        let digest = Some(digest(memory));
        if latest.memory_digest == digest {
            return Ok(());
        }
        latest.memory_digest = digest;
        let sql =
            "INSERT INTO device_memory (organization_no, device_no, memory) VALUES (?1, ?2, ?3)
                   ON CONFLICT (organization_no, device_no) DO UPDATE
                   SET memory = excluded.memory";
        self.execute(
            sql,
            params![latest.organization_no, latest.device_no, memory],
        )?;
        Ok(())
    }
}
