//! What one conversation with a device brought in.

use std::net::IpAddr;

use crate::clock::Timestamp;
use crate::devices::Identity;
use crate::meters::MeterValue;
use crate::status::Status;
use crate::supplies::Supply;

/// How a reading was obtained.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Transport {
    /// SNMP version 1 (RFC 1157).
    SnmpV1,
    /// SNMP version 2 with communities (RFC 1901).
    SnmpV2c,
    /// SNMP version 3 with the User-based Security Model (RFC 3414).
    SnmpV3,
    /// The Internet Printing Protocol (RFC 8010), in the clear or over TLS.
    Ipp,
}

/// What a device is asked by, whichever version of it answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Protocol {
    /// The Simple Network Management Protocol.
    Snmp,
    /// The Internet Printing Protocol.
    Ipp,
}

impl Transport {
    /// The protocol this is a form of.
    pub const fn protocol(self) -> Protocol {
        match self {
            Self::SnmpV1 | Self::SnmpV2c | Self::SnmpV3 => Protocol::Snmp,
            Self::Ipp => Protocol::Ipp,
        }
    }

    /// The form kept and reported.
    pub const fn keyword(self) -> &'static str {
        match self {
            Self::SnmpV1 => "snmp-v1",
            Self::SnmpV2c => "snmp-v2c",
            Self::SnmpV3 => "snmp-v3",
            Self::Ipp => "ipp",
        }
    }

    /// Reads the form kept and reported.
    pub fn from_keyword(text: &str) -> Option<Self> {
        [Self::SnmpV1, Self::SnmpV2c, Self::SnmpV3, Self::Ipp]
            .into_iter()
            .find(|t| t.keyword() == text)
    }
}

/// The rules that turned raw values into meters and supplies.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ProfileRef {
    /// Name of the vendor profile, such as `lexmark`.
    pub name: String,
    /// Its version, raised with every change of its rules.
    pub version: u32,
}

/// One poll of one device, decoded. A reading never changes once kept; what is derived from it
/// says by which rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Observation {
    /// Where the device answered.
    pub address: IpAddr,
    /// How.
    pub transport: Transport,
    /// When the collector had the whole answer.
    pub collected_at: Timestamp,
    /// The device's own clock, `sysUpTime` in hundredths of a second; wraps after 497 days.
    pub device_uptime_ticks: Option<u32>,
    /// By which rules it was decoded.
    pub profile: ProfileRef,
    /// Who the device says it is; only the static set asks.
    pub identity: Option<Identity>,
    /// Every counter read.
    pub meters: Vec<MeterValue>,
    /// Whether the device marks in colour, where known: needed to derive mono and colour.
    pub has_color: Option<bool>,
    /// Every supply, complete even when only levels were asked; `None` when not asked.
    pub supplies: Option<Vec<Supply>>,
    /// Status and alerts; `None` when not asked.
    pub status: Option<Status>,
    /// The raw values as received, in the collector's compact encoding: evidence.
    pub raw: Vec<u8>,
}
