//! When the write-ahead log is written back to the database, and when it begins anew.
//!
//! SQLite begins the log anew only at a moment when nobody reads from it. A checkpoint that waits
//! for such a moment sleeps in the busy handler, and readers that follow each other keep it there
//! for seconds. So the writer never waits in SQLite: it holds new readers back for a moment
//! ([`crate::sqlite::gate`]) and lets the log grow where somebody reads on.

use std::time::Duration;

/// Lengths of the log, in pages of 4 KiB, at which something is done.
#[derive(Debug, Clone, Copy)]
pub(crate) struct LogLengths {
    /// New pages after which the log is written back, as far as readers let it: what one
    /// checkpoint moves in some milliseconds.
    pub(crate) write_back: i32,
    /// From here on the log begins anew: every reader looks pages up in its index, and its file
    /// takes so much disk.
    pub(crate) restart: i32,
    /// From here on readers that go on are told to end, so that readers which overlap without a
    /// pause cannot fill the disk. Writes are never refused for it.
    pub(crate) most: i32,
}

impl Default for LogLengths {
    /// 4 MiB, 16 MiB and 1 GiB.
    fn default() -> Self {
        Self {
            write_back: 1_000,
            restart: 4_000,
            most: 262_144,
        }
    }
}

/// How long the writer, and readers that begin, wait for readers that go on: a page of a report
/// takes less, and no caller notices so much.
pub(crate) const PATIENCE: Duration = Duration::from_millis(25);

/// What is to be done after a commit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Due {
    /// Nothing.
    Nothing,
    /// Write back what readers let be written back.
    WriteBack,
    /// The same, and begin the log anew if nobody reads within [`PATIENCE`].
    Restart,
    /// The same, and tell those that read on to end.
    RestartByForce,
}

/// What was done so far.
#[derive(Debug)]
pub(crate) struct Checkpoints {
    lengths: LogLengths,
    /// Length of the log when it was last written back.
    written_back_at: i32,
    /// Length from which it is tried to begin the log anew.
    restart_at: i32,
}

impl Checkpoints {
    pub(crate) const fn new(lengths: LogLengths) -> Self {
        Self {
            lengths,
            written_back_at: 0,
            restart_at: lengths.restart,
        }
    }

    /// What is to be done now that the log has `pages`. Assumes that it is done.
    pub(crate) fn due(&mut self, pages: i32) -> Due {
        if pages < self.written_back_at {
            // SQLite began it anew by itself: all was written back and nobody was reading.
            self.begun_anew();
        }
        if pages.saturating_sub(self.written_back_at) < self.lengths.write_back {
            return Due::Nothing;
        }
        self.written_back_at = pages;
        if pages >= self.lengths.most {
            Due::RestartByForce
        } else if pages >= self.restart_at {
            // Whoever reads on now does so at the next page as well: tried again when the log is
            // a quarter longer.
            self.restart_at = pages.saturating_add(pages / 4);
            Due::Restart
        } else {
            Due::WriteBack
        }
    }

    /// Notes that the log began anew.
    pub(crate) const fn begun_anew(&mut self) {
        self.written_back_at = 0;
        self.restart_at = self.lengths.restart;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LENGTHS: LogLengths = LogLengths {
        write_back: 10,
        restart: 40,
        most: 100,
    };

    /// What is done at the lengths at which something is done, of a log that nobody lets begin anew.
    fn done(lengths: impl Iterator<Item = i32>) -> Vec<(i32, Due)> {
        let mut checkpoints = Checkpoints::new(LENGTHS);
        let due = lengths.map(|pages| (pages, checkpoints.due(pages)));
        due.filter(|(_, due)| *due != Due::Nothing).collect()
    }

    #[test]
    fn a_log_that_grows_is_tried_ever_less_often_and_in_the_end_by_force() {
        use Due::{Restart, RestartByForce, WriteBack};
        let expected = [
            (10, WriteBack),
            (20, WriteBack),
            (30, WriteBack),
            (40, Restart),
            (50, Restart),
            (60, WriteBack),
            (70, Restart),
            (80, WriteBack),
            (90, Restart),
            (100, RestartByForce),
            (110, RestartByForce),
        ];
        assert_eq!(done(1..=119), expected);
    }

    #[test]
    fn a_log_that_began_anew_is_short_again() {
        let lengths = (1..45).chain(1..45);
        let twice = done(lengths);
        let (first, second) = twice.split_at(twice.len() / 2);
        assert_eq!(first, second);
    }

    #[test]
    fn one_long_transaction_is_written_back_once() {
        assert_eq!(done([35, 36, 44].into_iter()), [(35, Due::WriteBack)]);
        assert_eq!(done([350].into_iter()), [(350, Due::RestartByForce)]);
    }
}
