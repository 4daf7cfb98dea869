//! What is known of a device now: the row behind every grid and every fleet report.

use crate::clock::Timestamp;
use crate::devices::Device;
use crate::findings::Finding;
use crate::life_counts::LifeCounts;
use crate::meters::MeterValue;
use crate::readings::{ProfileRef, Transport};
use crate::status::{Alert, DetectedErrors, DeviceState};
use crate::supplies::Supply;

/// The newest of everything read from one device. Parts that were never read are empty or
/// `None`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceSnapshot {
    /// The device itself.
    pub device: Device,
    /// Newest value of every meter it reported.
    pub meters: Vec<MeterValue>,
    /// When the meters were read.
    pub meters_read_at: Option<Timestamp>,
    /// Newest supplies.
    pub supplies: Vec<Supply>,
    /// When the device first stated another serial number in the place of each of `supplies`, in
    /// their order; `None` where it never did.
    pub replaced_at: Vec<Option<Timestamp>>,
    /// When the supplies were read.
    pub supplies_read_at: Option<Timestamp>,
    /// Newest status; `None` when it was never read.
    pub status: Option<StatusSnapshot>,
    /// What was noticed about it that is still shown, the oldest first; read with the status.
    pub findings: Vec<Finding>,
    /// How the newest reading was obtained.
    pub transport: Option<Transport>,
    /// By which rules the newest reading was decoded.
    pub profile: Option<ProfileRef>,
}

impl DeviceSnapshot {
    /// The life counts derived from the newest meters.
    pub fn life_counts(&self) -> LifeCounts {
        LifeCounts::derive(&self.meters, self.device.identity.color)
    }
}

/// The newest status of a device, with since when it holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusSnapshot {
    /// The one state a person reads.
    pub state: DeviceState,
    /// Since when the device has been in this state, as far as polls tell.
    pub since: Timestamp,
    /// When the status was last read, or the device last failed to answer.
    pub read_at: Timestamp,
    /// The conditions the device detected; `None` when it does not report them.
    pub errors: Option<DetectedErrors>,
    /// Alerts that are open.
    pub alerts: Vec<OpenAlert>,
    /// Lines of the operator console, top first.
    pub console: Vec<String>,
}

/// An alert that is still open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenAlert {
    /// The row as read.
    pub alert: Alert,
    /// When a poll first saw it.
    pub opened_at: Timestamp,
}
