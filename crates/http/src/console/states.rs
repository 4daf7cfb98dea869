//! States of a device in words.

use platen_domain::status::DeviceState;

/// The words for a state.
pub(crate) const fn label(state: DeviceState) -> &'static str {
    match state {
        DeviceState::Idle => "Idle",
        DeviceState::Printing => "Printing",
        DeviceState::WarmingUp => "Warming up",
        DeviceState::Sleeping => "Sleeping",
        DeviceState::Warning => "Warning",
        DeviceState::Stopped => "Stopped",
        DeviceState::Offline => "Offline",
        DeviceState::Unreachable => "Unreachable",
        DeviceState::Unknown => "Unknown",
    }
}
