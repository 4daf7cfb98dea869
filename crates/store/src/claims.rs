//! Claims: which device an observation belongs to, and who holds which address.

use platen_domain::clock::Timestamp;
use platen_domain::devices::{Claim, ClaimKind, Identity, Lifecycle, normalize_serial};
use platen_domain::ids::{DeviceId, Ids};
use platen_domain::readings::Observation;
use platen_domain::scope::Scope;
use platen_domain::status::DeviceState;
use rusqlite::{Row, params};

use crate::access::{Reader, Writer};
use crate::error::StoreError;
use crate::identity::{Candidate, Candidates, Stated, decide};
use crate::latest::Latest;

/// The device of an observation.
pub(crate) struct Located {
    pub(crate) latest: Latest,
    pub(crate) created: bool,
}

impl Writer<'_> {
    /// Finds the device that made `observation`, or adds it. What states no identity belongs to
    /// the device at its address.
    pub(crate) fn locate(
        &self,
        scope: &Scope,
        observation: &Observation,
        received_at: Timestamp,
        ids: &dyn Ids,
    ) -> Result<Located, StoreError> {
        let Some(identity) = &observation.identity else {
            let known = self.latest_at(scope, observation.address)?;
            return match known {
                Some(latest) => Ok(Located {
                    latest,
                    created: false,
                }),
                None => self.create(scope, observation, &Identity::default(), received_at, ids),
            };
        };
        let Some(device_no) = self.identify(scope, observation, identity)? else {
            return self.create(scope, observation, identity, received_at, ids);
        };
        self.update_identity(device_no, identity)?;
        self.keep_claims(scope, device_no, observation, identity)?;
        Ok(Located {
            latest: self.latest_no(device_no)?,
            created: false,
        })
    }

    fn create(
        &self,
        scope: &Scope,
        observation: &Observation,
        identity: &Identity,
        received_at: Timestamp,
        ids: &dyn Ids,
    ) -> Result<Located, StoreError> {
        let id = DeviceId::new(received_at, ids);
        let at = observation.collected_at;
        let device_no = self.insert_device(scope, id, at, identity)?;
        let latest = Latest::new(device_no, id, observation.address, at);
        self.insert_latest(&latest)?;
        self.keep_claims(scope, device_no, observation, identity)?;
        Ok(Located {
            latest,
            created: true,
        })
    }

    fn identify(
        &self,
        scope: &Scope,
        observation: &Observation,
        identity: &Identity,
    ) -> Result<Option<i64>, StoreError> {
        let claims = identity.claims(observation.address);
        let value = |kind| claim_of(&claims, kind);
        let address = observation.address.to_string();
        let find = |kind, value: Option<&str>| match value {
            Some(value) => self.candidate(scope, kind, value),
            None => Ok(None),
        };
        let stated = Stated {
            serial: value(ClaimKind::Serial),
            mac: value(ClaimKind::Mac),
            uuid: value(ClaimKind::Uuid),
            model: identity.model.as_deref(),
        };
        let candidates = Candidates {
            serial: find(ClaimKind::Serial, stated.serial)?,
            mac: find(ClaimKind::Mac, stated.mac)?,
            uuid: find(ClaimKind::Uuid, stated.uuid)?,
            address: find(ClaimKind::Address, Some(&address))?,
        };
        Ok(decide(stated, &candidates))
    }

    /// Keeps what the device claims. A serial number stays with whom it was first seen; a MAC
    /// address, a UUID and an address follow the device that answers with them now.
    fn keep_claims(
        &self,
        scope: &Scope,
        device_no: i64,
        observation: &Observation,
        identity: &Identity,
    ) -> Result<(), StoreError> {
        let at = observation.collected_at;
        let claims = identity.claims(observation.address);
        if let Some(serial) = claim_of(&claims, ClaimKind::Serial) {
            self.keep_claim(scope, device_no, ClaimKind::Serial, serial, at)?;
        }
        for kind in [ClaimKind::Mac, ClaimKind::Uuid] {
            if let Some(value) = claim_of(&claims, kind) {
                self.move_claim(scope, device_no, kind, value, at)?;
            }
        }
        let address = observation.address.to_string();
        let holder = self.candidate(scope, ClaimKind::Address, &address)?;
        self.move_claim(scope, device_no, ClaimKind::Address, &address, at)?;
        self.forget_other_addresses(device_no, &address)?;
        match holder {
            Some(holder) if holder.device_no != device_no => self.displace(&holder, at),
            _ => Ok(()),
        }
    }

    fn keep_claim(
        &self,
        scope: &Scope,
        device_no: i64,
        kind: ClaimKind,
        value: &str,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let sql = "INSERT INTO device_claims
                       (organization_id, kind, value, device_no, first_seen_at, last_seen_at)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?5)
                   ON CONFLICT (organization_id, kind, value) DO UPDATE
                   SET last_seen_at = excluded.last_seen_at
                   WHERE device_claims.device_no = excluded.device_no";
        self.put_claim(sql, scope, device_no, kind, value, at)
    }

    fn move_claim(
        &self,
        scope: &Scope,
        device_no: i64,
        kind: ClaimKind,
        value: &str,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let sql = "INSERT INTO device_claims
                       (organization_id, kind, value, device_no, first_seen_at, last_seen_at)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?5)
                   ON CONFLICT (organization_id, kind, value) DO UPDATE
                   SET first_seen_at = CASE WHEN device_claims.device_no = excluded.device_no
                           THEN device_claims.first_seen_at ELSE excluded.first_seen_at END,
                       last_seen_at = excluded.last_seen_at,
                       device_no = excluded.device_no";
        self.put_claim(sql, scope, device_no, kind, value, at)
    }

    fn put_claim(
        &self,
        sql: &str,
        scope: &Scope,
        device_no: i64,
        kind: ClaimKind,
        value: &str,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let organization = scope.organization();
        self.execute(
            sql,
            params![
                organization.as_bytes(),
                kind.keyword(),
                value,
                device_no,
                at.as_millis()
            ],
        )?;
        Ok(())
    }

    fn forget_other_addresses(&self, device_no: i64, address: &str) -> Result<(), StoreError> {
        let sql = "DELETE FROM device_claims
                   WHERE device_no = ?1 AND kind = 'address' AND value <> ?2";
        self.execute(sql, params![device_no, address])?;
        Ok(())
    }

    /// Another device answers where `holder` was: it is not reached any more. One that was
    /// known by its address alone can never be met again and leaves service.
    fn displace(&self, holder: &Candidate, at: Timestamp) -> Result<(), StoreError> {
        let mut latest = self.latest_no(holder.device_no)?;
        self.change_state(&mut latest, DeviceState::Unreachable, at)?;
        self.save_latest(&latest)?;
        if !holder.has_serial && !holder.has_mac && !holder.has_uuid {
            self.set_lifecycle(holder.device_no, Lifecycle::OutOfService)?;
        }
        Ok(())
    }
}

impl Reader<'_> {
    /// The device that holds a claim, with what else it ever stated.
    fn candidate(
        &self,
        scope: &Scope,
        kind: ClaimKind,
        value: &str,
    ) -> Result<Option<Candidate>, StoreError> {
        let sql = "SELECT d.device_no, d.model, d.serial,
                       EXISTS (SELECT 1 FROM device_claims s
                               WHERE s.device_no = d.device_no AND s.kind = 'serial'),
                       EXISTS (SELECT 1 FROM device_claims m
                               WHERE m.device_no = d.device_no AND m.kind = 'mac'),
                       EXISTS (SELECT 1 FROM device_claims u
                               WHERE u.device_no = d.device_no AND u.kind = 'uuid')
                   FROM device_claims c JOIN devices d ON d.device_no = c.device_no
                   WHERE c.organization_id = ?1 AND c.kind = ?2 AND c.value = ?3";
        let organization = scope.organization();
        self.one(
            sql,
            params![organization.as_bytes(), kind.keyword(), value],
            candidate_from_row,
        )
    }
}

fn candidate_from_row(row: &Row<'_>) -> rusqlite::Result<Candidate> {
    let serial: Option<String> = row.get(2)?;
    Ok(Candidate {
        device_no: row.get(0)?,
        model: row.get(1)?,
        serial: serial.as_deref().and_then(normalize_serial),
        has_serial: row.get(3)?,
        has_mac: row.get(4)?,
        has_uuid: row.get(5)?,
    })
}

fn claim_of(claims: &[Claim], kind: ClaimKind) -> Option<&str> {
    let claim = claims.iter().find(|claim| claim.kind == kind)?;
    Some(&claim.value)
}
