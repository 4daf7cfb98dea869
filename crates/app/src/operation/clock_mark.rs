//! The clock of this server, compared with what it showed before. Where it is behind, as on a
//! machine that has not asked the time yet, everything taken in would get wrong times, and what
//! ends now would seem to lie in the future.

use std::time::Duration;

use platen_domain::clock::Timestamp;

use super::Operation;
use crate::AppError;

/// The setting that holds the latest instant at which this server was at work, in milliseconds.
const SETTING: &str = "clock";

/// How far behind it a clock may be at a start: more than a correction by NTP, and more than the
/// minute in which the mark is moved.
pub const CLOCK_BEHIND_MAX: Duration = Duration::from_mins(10);

/// The clock is behind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClockBehind {
    /// What it shows.
    pub now: Timestamp,
    /// When this server was last at work, by the same clock.
    pub last_at_work: Timestamp,
}

impl Operation<'_> {
    /// Whether the clock is behind the time at which this server was last at work, by more than
    /// [`CLOCK_BEHIND_MAX`].
    pub async fn clock_behind(self) -> Result<Option<ClockBehind>, AppError> {
        let Some(last_at_work) = self.last_at_work().await? else {
            return Ok(None);
        };
        let now = self.app.now();
        let behind = last_at_work.since(now) > CLOCK_BEHIND_MAX;
        Ok(behind.then_some(ClockBehind { now, last_at_work }))
    }

    /// Notes that this server is at work. A clock that is set back moves the mark only where it is
    /// `trusted`.
    pub async fn note_clock(self, trusted: bool) -> Result<(), AppError> {
        let now = self.app.now();
        let last = self.last_at_work().await?;
        if !trusted && last.is_some_and(|last| last >= now) {
            return Ok(());
        }
        let value = now.as_millis().to_string();
        let noted = self
            .app
            .store
            .write(move |w| w.put_setting(SETTING, &value));
        Ok(noted.await?)
    }

    async fn last_at_work(self) -> Result<Option<Timestamp>, AppError> {
        let mark = self
            .app
            .store
            .read(|reader| reader.setting(SETTING))
            .await?;
        let millis = mark.and_then(|mark| mark.parse().ok());
        Ok(millis.map(Timestamp::from_millis))
    }
}
