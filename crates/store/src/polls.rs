//! What the collector needs to know before it asks, and what it notes when nobody answers.

use std::net::IpAddr;

use platen_domain::clock::Timestamp;
use platen_domain::devices::Lifecycle;
use platen_domain::ids::DeviceId;
use platen_domain::readings::{Protocol, Transport};
use platen_domain::scope::Scope;
use platen_domain::status::DeviceState;

use crate::access::{Reader, Writer};
use crate::columns;
use crate::error::StoreError;
use crate::session::{Row, params};

/// A device that can be asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PollTarget {
    /// Which.
    pub device: DeviceId,
    /// Where it answered last.
    pub address: IpAddr,
    /// By what it answered last.
    pub protocol: Option<Protocol>,
    /// What the collector remembers of it.
    pub memory: Option<Vec<u8>>,
    /// When its static set was last read.
    pub last_static_at: Option<Timestamp>,
    /// When it was last read at all.
    pub last_dynamic_at: Option<Timestamp>,
    /// How often in a row it did not answer.
    pub failures: u32,
    /// When it last did not answer.
    pub last_failure_at: Option<Timestamp>,
}

/// Where a list of [`PollTarget`]s goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PollPlace {
    /// When the device was last read.
    pub read_at: Timestamp,
    device_no: i64,
}

macro_rules! select_targets {
    ($rest:literal) => {
        concat!(
            "SELECT d.id, l.address, l.transport, m.memory, l.last_static_at, l.last_dynamic_at,
                    l.failures, l.last_failure_at, l.last_seen_at, l.device_no
             FROM device_latest l
             JOIN devices d ON d.organization_no = l.organization_no
                 AND d.device_no = l.device_no
             JOIN device_claims c ON c.organization_no = d.organization_no
                 AND c.kind = 'address' AND c.value = l.address
                 AND c.device_no = d.device_no
             LEFT JOIN device_memory m ON m.organization_no = d.organization_no
                 AND m.device_no = d.device_no
             WHERE l.organization_no = ?1 AND d.lifecycle = ?2 ",
            $rest
        )
    };
}

impl Reader<'_> {
    /// At most `limit` devices in service that are known to be where they were, those first that
    /// were read longest ago, and the place of the last of them. One whose address another device
    /// took over is not among them until it is met elsewhere.
    pub fn poll_targets(
        &self,
        scope: &Scope,
        behind: Option<PollPlace>,
        limit: u32,
    ) -> Result<(Vec<PollTarget>, Option<PollPlace>), StoreError> {
        let sql = select_targets!(
            "AND (l.last_seen_at, l.device_no) > (?3, ?4)
             ORDER BY l.last_seen_at, l.device_no LIMIT ?5"
        );
        let organization_no = self.organization_no(scope)?;
        let in_service = Lifecycle::InService.keyword();
        let (read_at, device_no) = behind.map_or((i64::MIN, i64::MIN), |behind| {
            (behind.read_at.as_millis(), behind.device_no)
        });
        let params = params![organization_no, in_service, read_at, device_no, limit];
        let (mut targets, mut last) = (Vec::new(), None);
        self.each(sql, params, |row| {
            targets.push(from_row(row)?);
            last = Some(PollPlace {
                read_at: columns::time(row, 8)?,
                device_no: row.get(9)?,
            });
            Ok(())
        })?;
        Ok((targets, last))
    }

    /// The one of them that is at `address`.
    pub fn poll_target_at(
        &self,
        scope: &Scope,
        address: IpAddr,
    ) -> Result<Option<PollTarget>, StoreError> {
        let sql = select_targets!("AND c.value = ?3");
        let organization_no = self.organization_no(scope)?;
        let in_service = Lifecycle::InService.keyword();
        self.one(
            sql,
            params![organization_no, in_service, address.to_string()],
            from_row,
        )
    }
}

impl Writer<'_> {
    /// Notes that a device did not answer `protocol` at `address`, at `at`. One that has answered
    /// elsewhere meanwhile, or by another protocol, is reachable all the same.
    pub fn record_unreachable(
        &self,
        scope: &Scope,
        device: DeviceId,
        address: IpAddr,
        protocol: Protocol,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let found = self.latest_of(self.organization_no(scope)?, device)?;
        let mut latest = found.ok_or(StoreError::NotFound("device"))?;
        let answered = latest.transport.as_deref().and_then(protocol_of);
        if latest.address != address || answered.is_some_and(|answered| answered != protocol) {
            return Ok(());
        }
        latest.failures = latest.failures.saturating_add(1);
        latest.last_failure_at = Some(at);
        self.change_state(&mut latest, DeviceState::Unreachable, at)?;
        self.save_latest(&latest)?;
        self.fleet_changed(latest.organization_no);
        Ok(())
    }
}

fn protocol_of(transport: &str) -> Option<Protocol> {
    Transport::from_keyword(transport).map(Transport::protocol)
}

fn from_row(row: &Row<'_>) -> Result<PollTarget, StoreError> {
    Ok(PollTarget {
        device: DeviceId::from_bytes(row.get(0)?),
        address: columns::address(row, 1)?,
        protocol: columns::word_opt(row, 2, protocol_of)?,
        memory: row.get(3)?,
        last_static_at: columns::time_opt(row, 4)?,
        last_dynamic_at: columns::time_opt(row, 5)?,
        failures: row.get(6)?,
        last_failure_at: columns::time_opt(row, 7)?,
    })
}
