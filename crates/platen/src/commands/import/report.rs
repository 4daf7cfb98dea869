//! What became of a log: what was taken, what was skipped, what was refused and why.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use platen_app::print_jobs::JobOutcome;
use platen_collect::joblog::Reason;
use platen_domain::print_jobs::PrintRecord;

/// Refused lines that are shown one by one; the others are counted by their reason.
const SHOWN_MAX: usize = 20;

/// Counts of one file.
#[derive(Debug, Default)]
pub(super) struct Report {
    records: u64,
    accepted: u64,
    revised: u64,
    duplicate: u64,
    skipped: BTreeMap<Reason, u64>,
    refused: BTreeMap<String, u64>,
    shown: Vec<String>,
}

impl Report {
    pub(super) fn taken(&mut self, outcome: JobOutcome) {
        self.records += 1;
        *match outcome {
            JobOutcome::Accepted => &mut self.accepted,
            JobOutcome::Revised => &mut self.revised,
            JobOutcome::Duplicate => &mut self.duplicate,
        } += 1;
    }

    pub(super) fn would_take(&mut self, records: &[PrintRecord]) {
        self.records += records.len() as u64;
    }

    pub(super) fn skipped(&mut self, reason: Reason) {
        *self.skipped.entry(reason).or_default() += 1;
    }

    pub(super) fn refused(&mut self, line: u64, reason: &str) {
        self.refuse(&format!("line {line}"), reason);
    }

    pub(super) fn rejected(&mut self, key: &str, reason: &str) {
        self.refuse(key, reason);
    }

    fn refuse(&mut self, place: &str, reason: &str) {
        if self.shown.len() < SHOWN_MAX {
            self.shown.push(format!("{place}: {reason}"));
        }
        *self.refused.entry(reason.to_owned()).or_default() += 1;
    }

    /// For people.
    pub(super) fn text(&self, name: &str, dry_run: bool) -> String {
        let mut text = if dry_run {
            format!("{name}: {} jobs would be taken in\n", self.records)
        } else {
            format!(
                "{name}: {} jobs: {} new, {} revised, {} known already\n",
                self.records, self.accepted, self.revised, self.duplicate
            )
        };
        for (reason, count) in &self.skipped {
            text.push_str(&lines(*count, "skipped", reason));
        }
        for (reason, count) in &self.refused {
            text.push_str(&lines(*count, "refused", reason));
        }
        for line in &self.shown {
            // Writing to a String cannot fail.
            writeln!(text, "    {line}").ok();
        }
        let refused: u64 = self.refused.values().sum();
        let hidden = refused.saturating_sub(self.shown.len() as u64);
        if hidden > 0 {
            writeln!(text, "    and {hidden} more").ok();
        }
        text
    }
}

fn lines(count: u64, what: &str, reason: &str) -> String {
    let lines = if count == 1 { "line" } else { "lines" };
    format!("  {count} {lines} {what}: {reason}\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_says_what_was_taken_and_why_the_rest_was_not() {
        let mut report = Report::default();
        report.taken(JobOutcome::Accepted);
        report.taken(JobOutcome::Duplicate);
        report.skipped("blank".into());
        for line in 1..=22 {
            report.refused(line, "no time");
        }
        insta::assert_snapshot!(report.text("a.csv (papercut)", false).lines().take(4).collect::<Vec<_>>().join("\n"), @r"
        a.csv (papercut): 2 jobs: 1 new, 0 revised, 1 known already
          1 line skipped: blank
          22 lines refused: no time
            line 1: no time
        ");
        assert!(
            report
                .text("x", true)
                .ends_with("    line 20: no time\n    and 2 more\n")
        );
    }
}
