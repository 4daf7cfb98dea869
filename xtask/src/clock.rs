//! The wall clock of these commands; the server has its own in its binary.

use std::time::{SystemTime, UNIX_EPOCH};

use platen_domain::clock::{Clock, Timestamp};

/// Reads the wall clock.
pub(crate) struct WallClock;

impl Clock for WallClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place of these commands that reads it"
    )]
    fn now(&self) -> Timestamp {
        let since = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        Timestamp::from_millis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }
}
