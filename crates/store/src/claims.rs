//! Claims: which device an observation belongs to, and who holds which address.

use std::net::IpAddr;
use std::time::Duration;

use platen_domain::clock::Timestamp;
use platen_domain::devices::{Claim, ClaimKind, Identity, Lifecycle, normalize_serial};
use platen_domain::findings::{Finding, FindingKind};
use platen_domain::ids::{DeviceId, Ids};
use platen_domain::readings::Observation;
use platen_domain::scope::Scope;
use platen_domain::status::DeviceState;

use crate::access::{Reader, Writer};
use crate::columns;
use crate::error::StoreError;
use crate::findings::Noticed;
use crate::identity::{Candidate, Candidates, Stated, decide};
use crate::latest::Latest;
use crate::organization_no::OrganizationNo;
use crate::polls::PollTarget;
use crate::session::{Row, params};

/// Most devices that are added for one address within [`NEW_IDENTITIES_WITHIN`]. An address is given
/// to another printer once in months, and in a workshop to a few a day; what states somebody else
/// with every answer would fill the fleet.
pub const NEW_IDENTITIES_PER_ADDRESS_MAX: u64 = 4;

/// The time in which they are counted.
pub const NEW_IDENTITIES_WITHIN: Duration = Duration::from_hours(24);

/// The device of an observation.
pub(crate) struct Located {
    pub(crate) latest: Latest,
    pub(crate) created: bool,
    /// Whether the observation is kept under it.
    pub(crate) kept: bool,
    /// What was noticed on the way.
    pub(crate) told: Vec<Finding>,
}

impl Located {
    const fn known(latest: Latest) -> Self {
        Self {
            latest,
            created: false,
            kept: true,
            told: Vec::new(),
        }
    }
}

/// Who an observation is of.
struct Identified {
    /// The device; `None` when it is a new one.
    device_no: Option<i64>,
    /// The device whose identity is stated, which itself answers elsewhere.
    namesake: Option<Latest>,
    /// Who was at the address.
    there: Option<i64>,
}

impl Writer<'_> {
    /// Finds the device that made `observation`, or adds it. What states no identity belongs to
    /// the device at its address.
    pub(crate) fn locate(
        &self,
        organization_no: OrganizationNo,
        observation: &Observation,
        received_at: Timestamp,
        ids: &dyn Ids,
    ) -> Result<Located, StoreError> {
        let Some(identity) = &observation.identity else {
            if let Some(known) = self.latest_at(organization_no, observation.address)? {
                return Ok(Located::known(known));
            }
            let unnamed = Identity::default();
            return self.create(
                organization_no,
                observation,
                &unnamed,
                received_at,
                ids,
                false,
            );
        };
        let identified = self.identify(organization_no, observation, identity)?;
        let named_alike = identified.namesake.is_some();
        let mut located = match (identified.device_no, identified.there) {
            (Some(device_no), _) => {
                self.update_identity(organization_no, device_no, identity)?;
                self.keep_claims(
                    organization_no,
                    device_no,
                    observation,
                    identity,
                    named_alike,
                )?;
                Located::known(self.latest_no(organization_no, device_no)?)
            }
            (None, Some(there)) if self.are_too_many(organization_no, observation)? => {
                return self.turn_away(organization_no, there, observation);
            }
            (None, _) => self.create(
                organization_no,
                observation,
                identity,
                received_at,
                ids,
                named_alike,
            )?,
        };
        if let Some(namesake) = &identified.namesake {
            let told = self.notice_namesake(&located.latest, namesake, observation)?;
            located.told.extend(told);
        }
        Ok(located)
    }

    /// Whether so many devices were new at the address lately that no other is believed. Asked only
    /// where a new one would take the place of another.
    fn are_too_many(
        &self,
        organization_no: OrganizationNo,
        observation: &Observation,
    ) -> Result<bool, StoreError> {
        let sql = "SELECT COUNT(*) FROM devices d JOIN device_latest l ON l.organization_no = d.organization_no
                     AND l.device_no = d.device_no
                   WHERE d.organization_no = ?1 AND l.address = ?2 AND d.first_seen_at > ?3";
        let since = observation.collected_at.minus(NEW_IDENTITIES_WITHIN);
        let params = params![
            organization_no,
            observation.address.to_string(),
            since.as_millis()
        ];
        let new = self.one(sql, params, |row| columns::count(row, 0))?;
        Ok(new.is_some_and(|new| new >= NEW_IDENTITIES_PER_ADDRESS_MAX))
    }

    /// Keeps nothing of an observation but that it was there.
    fn turn_away(
        &self,
        organization_no: OrganizationNo,
        there: i64,
        observation: &Observation,
    ) -> Result<Located, StoreError> {
        let latest = self.latest_no(organization_no, there)?;
        let address = observation.address;
        let noticed = Noticed {
            kind: FindingKind::TooManyIdentities,
            subject: "",
            detail: format!(
                "more than {NEW_IDENTITIES_PER_ADDRESS_MAX} new devices at {address} within a day: \
                 the last ones are not taken up"
            ),
        };
        let told = self.notice(&latest, noticed, observation.collected_at)?;
        Ok(Located {
            kept: false,
            told: told.into_iter().collect(),
            ..Located::known(latest)
        })
    }

    /// Notices at both that two devices state one identity, and gives back what people should be
    /// told.
    fn notice_namesake(
        &self,
        device: &Latest,
        namesake: &Latest,
        observation: &Observation,
    ) -> Result<Vec<Finding>, StoreError> {
        let at = observation.collected_at;
        let notice = |of: &Latest, other: &Latest, elsewhere: IpAddr| {
            let subject = other.id.to_string();
            let noticed = Noticed {
                kind: FindingKind::SameIdentity,
                subject: &subject,
                detail: format!("states the same identity as another device, at {elsewhere}"),
            };
            self.notice(of, noticed, at)
        };
        let first = notice(device, namesake, namesake.address)?;
        let second = notice(namesake, device, observation.address)?;
        Ok(first.into_iter().chain(second).collect())
    }

    fn create(
        &self,
        organization_no: OrganizationNo,
        observation: &Observation,
        identity: &Identity,
        received_at: Timestamp,
        ids: &dyn Ids,
        named_alike: bool,
    ) -> Result<Located, StoreError> {
        let id = DeviceId::new(received_at, ids);
        let at = observation.collected_at;
        let device_no = self.insert_device(organization_no, id, at, identity)?;
        let latest = Latest::new(organization_no, device_no, id, observation.address, at);
        self.insert_latest(&latest)?;
        self.keep_claims(
            organization_no,
            device_no,
            observation,
            identity,
            named_alike,
        )?;
        Ok(Located {
            created: true,
            ..Located::known(latest)
        })
    }

    fn identify(
        &self,
        organization_no: OrganizationNo,
        observation: &Observation,
        identity: &Identity,
    ) -> Result<Identified, StoreError> {
        let claims = identity.claims(observation.address);
        let value = |kind| claim_of(&claims, kind);
        let address = observation.address.to_string();
        let find = |kind, value: Option<&str>| match value {
            Some(value) => self.candidate(organization_no, kind, value),
            None => Ok(None),
        };
        let stated = Stated {
            serial: value(ClaimKind::Serial),
            mac: value(ClaimKind::Mac),
            uuid: value(ClaimKind::Uuid),
            model: identity.model.as_deref(),
        };
        let mut candidates = Candidates {
            serial: find(ClaimKind::Serial, stated.serial)?,
            mac: find(ClaimKind::Mac, stated.mac)?,
            uuid: find(ClaimKind::Uuid, stated.uuid)?,
            address: find(ClaimKind::Address, Some(&address))?,
        };
        let there = candidates.address.as_ref().map(|there| there.device_no);
        let mut device_no = decide(stated, &candidates);
        let mut namesake = None;
        if let Some(stated_no) = device_no.filter(|_| device_no != there) {
            let latest = self.latest_no(organization_no, stated_no)?;
            if self.is_met_beside(organization_no, &latest, there, &claims, observation)? {
                candidates.forget(stated_no);
                device_no = decide(stated, &candidates);
                namesake = Some(latest);
            }
        }
        Ok(Identified {
            device_no,
            namesake,
            there,
        })
    }

    /// Whether the device whose identity an observation from elsewhere states is not the one that
    /// made it: it stated the same at its own address when the other had spoken already, or the one
    /// at this address was met beside it before. A device that moved does neither: its old address
    /// is silent, or answers as somebody else.
    fn is_met_beside(
        &self,
        organization_no: OrganizationNo,
        latest: &Latest,
        there: Option<i64>,
        claims: &[Claim],
        observation: &Observation,
    ) -> Result<bool, StoreError> {
        if let Some(there) = there
            && self.is_namesake(organization_no, there, latest.id)?
        {
            return Ok(true);
        }
        if latest.failures > 0 || latest.address == observation.address {
            return Ok(false);
        }
        let sql = "SELECT 1 FROM device_claims
                   WHERE organization_no = ?1 AND kind = ?2 AND value = ?3 AND device_no = ?4
                       AND last_seen_at >= ?5";
        for claim in claims {
            let params = params![
                organization_no,
                claim.kind.keyword(),
                claim.value,
                latest.device_no,
                observation.collected_at.as_millis()
            ];
            if self.one(sql, params, |_| Ok(()))?.is_some() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Keeps what the device claims. A serial number stays with whom it was first seen; a MAC
    /// address, a UUID and an address follow the device that answers with them now, unless another
    /// device that is `named_alike` states them at its own address.
    fn keep_claims(
        &self,
        organization_no: OrganizationNo,
        device_no: i64,
        observation: &Observation,
        identity: &Identity,
        named_alike: bool,
    ) -> Result<(), StoreError> {
        let at = observation.collected_at;
        let claims = identity.claims(observation.address);
        if let Some(serial) = claim_of(&claims, ClaimKind::Serial) {
            self.keep_claim(organization_no, device_no, ClaimKind::Serial, serial, at)?;
        }
        for kind in [ClaimKind::Mac, ClaimKind::Uuid] {
            match claim_of(&claims, kind) {
                Some(value) if named_alike => {
                    self.keep_claim(organization_no, device_no, kind, value, at)?;
                }
                Some(value) => self.move_claim(organization_no, device_no, kind, value, at)?,
                None => {}
            }
        }
        let address = observation.address.to_string();
        let holder = self.candidate(organization_no, ClaimKind::Address, &address)?;
        self.move_claim(organization_no, device_no, ClaimKind::Address, &address, at)?;
        self.forget_last_address(organization_no, device_no, &address)?;
        match holder {
            Some(holder) if holder.device_no != device_no => {
                self.displace(organization_no, &holder, at)
            }
            _ => Ok(()),
        }
    }

    fn keep_claim(
        &self,
        organization_no: OrganizationNo,
        device_no: i64,
        kind: ClaimKind,
        value: &str,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let sql = "INSERT INTO device_claims
                       (organization_no, kind, value, device_no, first_seen_at, last_seen_at)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?5)
                   ON CONFLICT (organization_no, kind, value) DO UPDATE
                   SET last_seen_at = excluded.last_seen_at
                   WHERE device_claims.device_no = excluded.device_no";
        self.put_claim(sql, organization_no, device_no, kind, value, at)
    }

    fn move_claim(
        &self,
        organization_no: OrganizationNo,
        device_no: i64,
        kind: ClaimKind,
        value: &str,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let sql = "INSERT INTO device_claims
                       (organization_no, kind, value, device_no, first_seen_at, last_seen_at)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?5)
                   ON CONFLICT (organization_no, kind, value) DO UPDATE
                   SET first_seen_at = CASE WHEN device_claims.device_no = excluded.device_no
                           THEN device_claims.first_seen_at ELSE excluded.first_seen_at END,
                       last_seen_at = excluded.last_seen_at,
                       device_no = excluded.device_no";
        self.put_claim(sql, organization_no, device_no, kind, value, at)
    }

    fn put_claim(
        &self,
        sql: &str,
        organization_no: OrganizationNo,
        device_no: i64,
        kind: ClaimKind,
        value: &str,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        self.execute(
            sql,
            params![
                organization_no,
                kind.keyword(),
                value,
                device_no,
                at.as_millis()
            ],
        )?;
        Ok(())
    }

    /// The device holds no claim to an address but to the one where it answered last.
    fn forget_last_address(
        &self,
        organization_no: OrganizationNo,
        device_no: i64,
        address: &str,
    ) -> Result<(), StoreError> {
        let sql = "DELETE FROM device_claims
                   WHERE organization_no = ?1 AND kind = 'address'
                     AND value = (SELECT l.address FROM device_latest l
                                  WHERE l.organization_no = ?1 AND l.device_no = ?2)
                     AND device_no = ?2 AND value <> ?3";
        self.execute(sql, params![organization_no, device_no, address])?;
        Ok(())
    }

    /// Another device answers where `holder` was: it is not reached any more. One that was
    /// known by its address alone can never be met again and leaves service.
    fn displace(
        &self,
        organization_no: OrganizationNo,
        holder: &Candidate,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let mut latest = self.latest_no(organization_no, holder.device_no)?;
        self.change_state(&mut latest, DeviceState::Unreachable, at)?;
        self.save_latest(&latest)?;
        if !holder.has_serial && !holder.has_mac && !holder.has_uuid {
            self.set_lifecycle(organization_no, holder.device_no, Lifecycle::OutOfService)?;
        }
        Ok(())
    }
}

impl Reader<'_> {
    /// Where else a device is known to answer whose identity was stated at `address`: it must be
    /// asked who it is before the answer is taken for its own. `None` where nobody is known to be.
    pub fn answers_elsewhere(
        &self,
        scope: &Scope,
        identity: &Identity,
        address: IpAddr,
    ) -> Result<Option<PollTarget>, StoreError> {
        let organization_no = self.organization_no(scope)?;
        for claim in identity.own_claims() {
            let Some(holder) = self.candidate(organization_no, claim.kind, &claim.value)? else {
                continue;
            };
            let known = self.latest_no(organization_no, holder.device_no)?;
            if known.address == address {
                return Ok(None);
            }
            let target = self.poll_target_at(scope, known.address)?;
            return Ok(target.filter(|target| target.device == known.id && target.failures == 0));
        }
        Ok(None)
    }

    /// The device that holds a claim, with what else it ever stated.
    fn candidate(
        &self,
        organization_no: OrganizationNo,
        kind: ClaimKind,
        value: &str,
    ) -> Result<Option<Candidate>, StoreError> {
        let sql = "SELECT d.device_no, d.model, d.serial,
                       EXISTS (SELECT 1 FROM device_claims s
                               WHERE s.organization_no = d.organization_no
                                 AND s.device_no = d.device_no AND s.kind = 'serial'),
                       EXISTS (SELECT 1 FROM device_claims m
                               WHERE m.organization_no = d.organization_no
                                 AND m.device_no = d.device_no AND m.kind = 'mac'),
                       EXISTS (SELECT 1 FROM device_claims u
                               WHERE u.organization_no = d.organization_no
                                 AND u.device_no = d.device_no AND u.kind = 'uuid')
                   FROM device_claims c JOIN devices d ON d.organization_no = c.organization_no
                     AND d.device_no = c.device_no
                   WHERE c.organization_no = ?1 AND c.kind = ?2 AND c.value = ?3";
        self.one(
            sql,
            params![organization_no, kind.keyword(), value],
            candidate_from_row,
        )
    }
}

fn candidate_from_row(row: &Row<'_>) -> Result<Candidate, StoreError> {
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
