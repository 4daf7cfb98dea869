//! Names for jobs of logs that give them none: what the line says, and how often it said so.
//!
//! Two equal lines in a file are two jobs; the same file read twice is none. The day and not the
//! file is in the name, so that the daily and the monthly file of one log agree.

use std::collections::HashMap;

use platen_domain::source_job_ids::line_id;
use sha2::{Digest as _, Sha256};

/// Different lines that are told apart. Beyond it counting begins anew but for the day at hand, and
/// equal lines far apart become one job.
const LINES_MAX: usize = 1_000_000;

/// Counts equal lines of each day. Days may come in any order: a log may run backwards, or begin
/// in the middle.
#[derive(Debug, Default)]
pub(super) struct LineKeys {
    days: HashMap<String, HashMap<u64, u32>>,
    lines: usize,
}

impl LineKeys {
    /// The name of the job of this line: `2020-05-29|<16 hexadecimal digits>|<n-th>`.
    pub(super) fn id(&mut self, day: &str, line: &[u8]) -> String {
        if self.lines >= LINES_MAX {
            self.forget(day);
        }
        let digest = Sha256::digest(line);
        let shown = digest.first_chunk().copied().unwrap_or_default();
        let digest = u64::from_be_bytes(shown);
        if !self.days.contains_key(day) {
            self.days.insert(day.to_owned(), HashMap::new());
        }
        let mut times = 1;
        if let Some(seen) = self.days.get_mut(day) {
            let known = seen.entry(digest).or_insert(0);
            self.lines += usize::from(*known == 0);
            *known = known.saturating_add(1);
            times = *known;
        }
        line_id(day, shown, times)
    }

    /// Forgets the lines of all days but this one, or of this one too where it has that many.
    fn forget(&mut self, day: &str) {
        let kept = self.days.remove(day).filter(|seen| seen.len() < LINES_MAX);
        self.days.clear();
        self.lines = kept.as_ref().map_or(0, HashMap::len);
        if let Some(kept) = kept {
            self.days.insert(day.to_owned(), kept);
        }
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
        // The day goes on behind another one.
        assert_eq!(
            keys.id("2020-05-29", b"abc"),
            "2020-05-29|ba7816bf8f01cfea|3"
        );
    }
}
