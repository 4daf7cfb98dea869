//! What is collected, from where, how often.

use std::net::IpAddr;

use platen_collect::snmp::Credential;
use platen_domain::ids::OrganizationId;

use crate::fleet::networks::{Network, RAW_PRINT_PORTS, denied};
use crate::fleet::schedule::Schedule;

/// Addresses that one range may hold: a /16 of version 4. A sweep asks each of them, and a dead
/// one costs seconds of a place.
pub const ADDRESSES_PER_RANGE_MAX: u128 = 65_536;

/// Devices asked at the same time, unless the plan says otherwise.
const VISITS_AT_ONCE: usize = 256;

/// Addresses probed at the same time during a sweep, unless the plan says otherwise. Apart from
/// the visits, so that a sweep over dead addresses does not hold up the devices that are known.
const PROBES_AT_ONCE: usize = 128;

/// A credential under the name the configuration gives it.
#[derive(Debug, Clone)]
pub struct NamedCredential {
    /// The name, by which the one that worked is remembered.
    pub name: String,
    /// What is sent.
    pub credential: Credential,
}

/// Addresses that may be asked, for one organization.
#[derive(Debug, Clone)]
pub struct PlannedRange {
    /// Whose devices they are.
    pub organization: OrganizationId,
    /// The addresses.
    pub network: Network,
    /// UDP port of SNMP, 161 unless a device was set otherwise.
    pub port: u16,
    /// What is tried, in this order.
    pub credentials: Vec<NamedCredential>,
}

/// Why a range cannot be planned.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RangeProblem {
    /// It holds too many addresses.
    #[error("holds more than {ADDRESSES_PER_RANGE_MAX} addresses: name smaller blocks")]
    TooLarge,
    /// Every address of it is one that is never asked.
    #[error("holds only addresses that are never asked: {0}")]
    Denied(&'static str),
    /// The port prints what it receives.
    #[error(
        "ports {} to {} print whatever they receive and are never spoken to",
        RAW_PRINT_PORTS.start(), RAW_PRINT_PORTS.end()
    )]
    RawPrintPort,
}

impl PlannedRange {
    /// Whether `network` and `port` may be planned.
    pub fn check(network: Network, port: u16) -> Result<(), RangeProblem> {
        if RAW_PRINT_PORTS.contains(&port) {
            return Err(RangeProblem::RawPrintPort);
        }
        if network.size() > ADDRESSES_PER_RANGE_MAX {
            return Err(RangeProblem::TooLarge);
        }
        let mut reason = "";
        let all_denied = network.hosts().all(|address| {
            denied(address, network).is_some_and(|why| {
                reason = why;
                true
            })
        });
        if all_denied {
            return Err(RangeProblem::Denied(reason));
        }
        Ok(())
    }

    /// Whether `address` may be asked as part of this range. The last word, whatever the
    /// configuration let through.
    pub(crate) fn allows(&self, address: IpAddr) -> bool {
        self.network.contains(address)
            && denied(address, self.network).is_none()
            && !RAW_PRINT_PORTS.contains(&self.port)
    }
}

/// All of it.
#[derive(Debug, Clone)]
pub struct CollectionPlan {
    /// Where devices may be. Where ranges of one organization overlap, the first counts.
    pub ranges: Vec<PlannedRange>,
    /// How often.
    pub schedule: Schedule,
    /// Devices asked at the same time.
    pub visits_at_once: usize,
    /// Addresses probed at the same time during a sweep.
    pub probes_at_once: usize,
}

impl CollectionPlan {
    /// A plan with the usual bounds.
    pub const fn new(ranges: Vec<PlannedRange>, schedule: Schedule) -> Self {
        Self {
            ranges,
            schedule,
            visits_at_once: VISITS_AT_ONCE,
            probes_at_once: PROBES_AT_ONCE,
        }
    }

    /// The range through which `address` is asked for `organization`.
    pub(crate) fn range_of(&self, organization: OrganizationId, address: IpAddr) -> Option<usize> {
        let allows =
            |range: &PlannedRange| range.organization == organization && range.allows(address);
        self.ranges.iter().position(allows)
    }
}

/// How far the collection is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Progress {
    /// Sweeps over all ranges that are complete.
    pub sweeps: u64,
    /// Addresses asked in the current or last sweep.
    pub probed: u64,
    /// Devices found in it, and stored.
    pub found: u64,
    /// Visits to known devices that brought something in.
    pub visits: u64,
    /// Visits to known devices that did not.
    pub failed_visits: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(network: &str, port: u16) -> Result<(), RangeProblem> {
        PlannedRange::check(network.parse().unwrap(), port)
    }

    #[test]
    fn ranges_are_bounded_and_never_reach_a_raw_print_port() {
        assert_eq!(check("10.1.0.0/16", 161), Ok(()));
        assert_eq!(check("10.0.0.0/15", 161), Err(RangeProblem::TooLarge));
        assert_eq!(check("2001:db8::/64", 161), Err(RangeProblem::TooLarge));
        for port in 9100..=9107 {
            assert_eq!(check("10.1.0.0/24", port), Err(RangeProblem::RawPrintPort));
        }
    }

    #[test]
    fn a_range_of_denied_addresses_says_why() {
        for network in [
            "169.254.0.0/16",
            "224.0.0.0/24",
            "255.255.255.255/32",
            "ff02::/120",
        ] {
            assert!(
                matches!(check(network, 161), Err(RangeProblem::Denied(_))),
                "{network}"
            );
        }
        assert_eq!(check("127.77.0.0/24", 16161), Ok(()));
    }
}
