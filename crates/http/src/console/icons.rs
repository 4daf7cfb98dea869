//! Every icon, drawn here as one path on 16 by 16 units. An icon always stands beside its word.

use platen_domain::status::DeviceState;

/// `condition met`, a key that was made.
pub(crate) const YES: &str = "m2.5 8.6 3.6 3.6 7.4-8.4";
/// `condition not met`, and closing a dialog.
pub(crate) const NO: &str = "m3.5 3.5 9 9M12.5 3.5l-9 9";
/// An Authorization Key.
pub(crate) const KEY: &str =
    "M1.5 11.2a3.3 3.3 0 1 0 6.6 0 3.3 3.3 0 1 0-6.6 0M7.2 8.8l6.3-6.3M11 5l2.2 2.2";
/// Sorted with the smallest first.
pub(crate) const ASCENDING: &str = "M8 13V3M4 7l4-4 4 4";
/// Sorted with the largest first.
pub(crate) const DESCENDING: &str = "M8 3v10M4 9l4 4 4-4";

/// The icon of a state.
pub(crate) const fn of_state(state: DeviceState) -> &'static str {
    match state {
        DeviceState::Idle => "M1.8 8a6.2 6.2 0 1 0 12.4 0 6.2 6.2 0 1 0-12.4 0M5.2 8.2l2 2L11 6",
        DeviceState::Printing => "M4.5 5.5v-4h7v4M4.5 11.5H2v-6h12v6h-2.5M4.5 9.5h7v5h-7z",
        DeviceState::WarmingUp => {
            "M5.2 8a2.8 2.8 0 1 0 5.6 0 2.8 2.8 0 1 0-5.6 0M8 1v2M8 13v2M1 8h2M13 8h2M3 3l1.4 \
             1.4M11.6 11.6 13 13M3 13l1.4-1.4M11.6 4.4 13 3"
        }
        DeviceState::Sleeping => "M13.5 9.6A6 6 0 0 1 6.4 2.5a6 6 0 1 0 7.1 7.1z",
        DeviceState::Warning => "M8 1.8 15 14H1zM8 6.4v3.4M8 11.6v.6",
        DeviceState::Stopped => {
            "M5.2 1.5h5.6l3.7 3.7v5.6l-3.7 3.7H5.2l-3.7-3.7V5.2zM5.6 5.6l4.8 4.8M10.4 5.6l-4.8 4.8"
        }
        DeviceState::Offline => "M1.8 8a6.2 6.2 0 1 0 12.4 0 6.2 6.2 0 1 0-12.4 0M3.7 3.7l8.6 8.6",
        DeviceState::Unreachable => {
            "M2 6.2a9 9 0 0 1 12 0M4.4 8.8a5.4 5.4 0 0 1 7.2 0M8 12v.4M2 14 14 2"
        }
        DeviceState::Unknown => {
            "M1.8 8a6.2 6.2 0 1 0 12.4 0 6.2 6.2 0 1 0-12.4 0M6.2 6.4a1.9 1.9 0 1 1 2.6 1.8c-.6.3-.8.6-.8 1.3M8 11.4v.4"
        }
    }
}
