//! Names for jobs of logs that give them none: what the line says, and how often it said so.
//!
//! Two equal lines in a file are two jobs; the same file read twice is none. The day and not the
//! file is in the name, so that the daily and the monthly file of one log agree.

use std::collections::HashMap;

use sha2::{Digest as _, Sha256};

/// Different lines of one day that are told apart. Beyond it counting begins anew, and equal
/// lines far apart become one job; no spooler prints that many a day.
const LINES_A_DAY_MAX: usize = 1_000_000;

/// Counts equal lines of a day.
#[derive(Debug, Default)]
pub(super) struct LineKeys {
    day: String,
    seen: HashMap<u64, u32>,
}

impl LineKeys {
    /// The name of the job of this line: `2020-05-29|<16 hexadecimal digits>|<n-th>`.
    pub(super) fn id(&mut self, day: &str, line: &[u8]) -> String {
        if self.day != day || self.seen.len() >= LINES_A_DAY_MAX {
            day.clone_into(&mut self.day);
            self.seen.clear();
        }
        let digest = Sha256::digest(line);
        let first = digest.first_chunk().copied().unwrap_or_default();
        let digest = u64::from_be_bytes(first);
        let times = self.seen.entry(digest).or_default();
        *times = times.saturating_add(1);
        format!("{day}|{digest:016x}|{times}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_lines_of_a_day_are_counted() {
        let mut keys = LineKeys::default();
        let first = keys.id("2020-05-29", b"abc");
        // The first half of half of SHA-256("abc"), FIPS 180-4's own example.
        assert_eq!(first, "2020-05-29|ba7816bf8f01cfea|1");
        assert_eq!(
            keys.id("2020-05-29", b"abc"),
            "2020-05-29|ba7816bf8f01cfea|2"
        );
        assert_eq!(
            keys.id("2020-05-30", b"abc"),
            "2020-05-30|ba7816bf8f01cfea|1"
        );
    }
}
