//! What became of a file of accounts or users.

use std::fmt::Write as _;

use platen_app::accounts::{BulkMode, BulkResult};

/// Lines that failed and are shown; the others are counted.
const SHOWN_MAX: usize = 1_000;

/// Counts of one file, and its failures.
#[derive(Debug, Default)]
pub(super) struct Report {
    mode: BulkMode,
    applied: bool,
    lines: usize,
    created: usize,
    updated: usize,
    unchanged: usize,
    failures: Vec<(u64, String)>,
}

impl Report {
    /// `numbers` are those of the lines that were answered.
    pub(super) fn new(numbers: &[u64], result: BulkResult, mode: BulkMode) -> Self {
        let mut report = Self {
            mode,
            applied: result.applied,
            lines: numbers.len(),
            ..Self::default()
        };
        for (number, answer) in numbers.iter().zip(result.answers) {
            match answer.outcome {
                Ok("created") => report.created += 1,
                Ok("updated") => report.updated += 1,
                Ok(_) => report.unchanged += 1,
                Err(refusal) => report.failures.push((*number, refusal.to_string())),
            }
        }
        report
    }

    pub(super) const fn failed(&self) -> usize {
        self.failures.len()
    }

    /// For people.
    pub(super) fn text(&self, name: &str) -> String {
        let lines = if self.lines == 1 { "line" } else { "lines" };
        let mut text = format!(
            "{name}: {} {lines}: {} created, {} updated, {} unchanged, {} failed\n",
            self.lines,
            self.created,
            self.updated,
            self.unchanged,
            self.failed()
        );
        for (number, reason) in self.failures.iter().take(SHOWN_MAX) {
            // Writing to a String cannot fail.
            writeln!(text, "  line {number}: {reason}").ok();
        }
        let hidden = self.failed().saturating_sub(SHOWN_MAX);
        if hidden > 0 {
            writeln!(text, "  and {hidden} more").ok();
        }
        if self.mode.dry_run {
            text.push_str("Nothing was changed: this was a dry run.\n");
        } else if !self.applied {
            text.push_str("Nothing was changed: all lines were to be done, or none.\n");
        }
        text
    }
}
