//! How a device is doing: one normalised state, the error bits, and every alert row.

/// The one state a person reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum DeviceState {
    /// Ready, doing nothing.
    Idle,
    /// Printing.
    Printing,
    /// Warming up.
    WarmingUp,
    /// In a power-saving mode.
    Sleeping,
    /// Works, and wants attention soon (low paper, low toner, …).
    Warning,
    /// Does not work until somebody acts (jam, door open, no paper, no toner, …).
    Stopped,
    /// Says of itself that it is offline.
    Offline,
    /// Did not answer the last poll.
    Unreachable,
    /// Answers, and does not tell.
    Unknown,
}

impl DeviceState {
    /// Every state.
    pub const ALL: [Self; 9] = [
        Self::Idle,
        Self::Printing,
        Self::WarmingUp,
        Self::Sleeping,
        Self::Warning,
        Self::Stopped,
        Self::Offline,
        Self::Unreachable,
        Self::Unknown,
    ];

    /// The form kept and reported.
    pub const fn keyword(self) -> &'static str {
        match self {
            Self::Idle => "idle",
            Self::Printing => "printing",
            Self::WarmingUp => "warming-up",
            Self::Sleeping => "sleeping",
            Self::Warning => "warning",
            Self::Stopped => "stopped",
            Self::Offline => "offline",
            Self::Unreachable => "unreachable",
            Self::Unknown => "unknown",
        }
    }

    /// Reads the form kept and reported.
    pub fn from_keyword(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.keyword() == text)
    }
}

/// `hrPrinterDetectedErrorState` (RFC 2790, extended by RFC 3805): a set of named conditions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct DetectedErrors(u16);

/// Names of the bits in the order of the RFC: bit 0 is the most significant of the first octet.
const ERROR_NAMES: [&str; 15] = [
    "lowPaper",
    "noPaper",
    "lowToner",
    "noToner",
    "doorOpen",
    "jammed",
    "offline",
    "serviceRequested",
    "inputTrayMissing",
    "outputTrayMissing",
    "markerSupplyMissing",
    "outputNearFull",
    "outputFull",
    "inputTrayEmpty",
    "overduePreventMaint",
];

impl DetectedErrors {
    /// Reads the octet string: 0, 1, 2 or more octets; what lies past the named bits is ignored
    /// (trap T11).
    pub fn from_octets(octets: &[u8]) -> Self {
        let high = octets.first().copied().unwrap_or(0);
        let low = octets.get(1).copied().unwrap_or(0);
        Self(u16::from_be_bytes([high, low]) & !1)
    }

    /// The set as the store keeps it: bit 0 of the RFC is the most significant of 16.
    pub const fn bits(self) -> u16 {
        self.0
    }

    /// The set the store kept.
    pub const fn from_bits(bits: u16) -> Self {
        Self(bits & !1)
    }

    /// Names of the conditions that hold, in the RFC's order.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        ERROR_NAMES
            .into_iter()
            .enumerate()
            .filter(move |(bit, _)| self.0 & (0x8000 >> bit) != 0)
            .map(|(_, name)| name)
    }

    /// Whether the condition with this name holds.
    pub fn has(self, name: &str) -> bool {
        self.names().any(|held| held == name)
    }

    /// Whether none holds.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }
}

/// Printer-MIB `prtAlertSeverityLevel` (RFC 3805).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// `other(1)`, or a number the MIB does not name.
    Other,
    /// `critical(3)`: the device stopped.
    Critical,
    /// `warning(4)`.
    Warning,
    /// `warningBinaryChangeEvent(5)`.
    WarningBinaryChange,
}

impl Severity {
    /// The severity with this number in the MIB.
    pub const fn from_code(code: i64) -> Self {
        match code {
            3 => Self::Critical,
            4 => Self::Warning,
            5 => Self::WarningBinaryChange,
            _ => Self::Other,
        }
    }

    /// The form kept and reported.
    pub const fn keyword(self) -> &'static str {
        match self {
            Self::Other => "other",
            Self::Critical => "critical",
            Self::Warning => "warning",
            Self::WarningBinaryChange => "warning-binary-change",
        }
    }

    /// Reads the form kept and reported.
    pub fn from_keyword(text: &str) -> Option<Self> {
        [
            Self::Other,
            Self::Critical,
            Self::Warning,
            Self::WarningBinaryChange,
        ]
        .into_iter()
        .find(|severity| severity.keyword() == text)
    }
}

/// One row of `prtAlertTable`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Alert {
    /// How severe.
    pub severity: Severity,
    /// `prtAlertGroup`: 6 cover, 8 input, 9 output, 10 marker, 11 supplies, 13 media path, ….
    pub group: i32,
    /// `prtAlertGroupIndex`: the row within the group.
    pub group_index: i32,
    /// `prtAlertCode`: 3 coverOpen, 8 jam, 808 mediaEmpty, ….
    pub code: i32,
    /// `prtAlertDescription`, tidied; may be empty.
    pub text: String,
    /// Whether it is a state note such as "Sleep" and no problem (trap T20).
    pub pseudo: bool,
}

/// The status part of a poll.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// The one state a person reads.
    pub state: DeviceState,
    /// The conditions the device detected; `None` when it does not report them.
    pub errors: Option<DetectedErrors>,
    /// `hrDeviceStatus` as read.
    pub hr_device_status: Option<i32>,
    /// `hrPrinterStatus` as read.
    pub hr_printer_status: Option<i32>,
    /// Open alert rows.
    pub alerts: Vec<Alert>,
    /// Lines of the operator console, tidied, top first.
    pub console: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(octets: &[u8]) -> Vec<&'static str> {
        DetectedErrors::from_octets(octets).names().collect()
    }

    #[test]
    fn bit_order_and_length_are_those_seen_in_printers() {
        assert_eq!(names(&[]), [""; 0]);
        assert_eq!(names(&[0x80]), ["lowPaper"]);
        assert_eq!(
            names(&[0xA1, 0x00]),
            ["lowPaper", "lowToner", "serviceRequested"]
        );
        assert_eq!(names(&[0x00, 0x02]), ["overduePreventMaint"]);
        assert_eq!(names(&[0x04, 0x01, 0xFF]), ["jammed"]);
    }
}
