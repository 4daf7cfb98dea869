//! What became of a log: what was taken, what was skipped, what was refused and why.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use jiff::tz::TimeZone;
use platen_app::printing::print_jobs::{JobOutcome, Rejection};
use platen_collect::joblog::page_log::PageLogFormat;
use platen_collect::joblog::{Kind, ReadAs, Reason};
use platen_domain::imports::ImportedFile;
use platen_domain::print_jobs::PrintRecord;

use super::ending::Ending;
use super::samples::{self, Samples};

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
    shown: Vec<Refusal>,
    samples: Samples,
    /// How the file was read, where it could have been read otherwise.
    read_as: Option<String>,
    /// Why the file was not read to its end.
    broke_off: Option<String>,
}

/// A line that is no job, or a job that is not kept.
#[derive(Debug)]
struct Refusal {
    /// Where, as the log's reader counts; `None` where it does not.
    line: Option<u64>,
    reason: String,
    /// What was seen there.
    seen: Option<String>,
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

    pub(super) fn would_take(&mut self, record: &PrintRecord) {
        self.records += 1;
        self.samples.add(record);
    }

    pub(super) fn skipped(&mut self, reason: Reason) {
        *self.skipped.entry(reason).or_default() += 1;
    }

    pub(super) fn refused(&mut self, line: u64, reason: &str) {
        self.refuse(Refusal {
            line: Some(line),
            reason: reason.to_owned(),
            seen: None,
        });
    }

    /// A line that was read as a job which cannot be kept.
    pub(super) fn rejected(
        &mut self,
        line: Option<u64>,
        record: &PrintRecord,
        rejection: Rejection,
        zone: &TimeZone,
    ) {
        self.refuse(Refusal {
            line,
            reason: rejection.to_string(),
            seen: Some(samples::in_short(record, zone)),
        });
    }

    fn refuse(&mut self, refusal: Refusal) {
        *self.refused.entry(refusal.reason.clone()).or_default() += 1;
        if self.shown.len() < SHOWN_MAX {
            self.shown.push(refusal);
        }
    }

    /// The lines that are shown one by one.
    pub(super) fn shown_lines(&self) -> BTreeSet<u64> {
        let unseen = self.shown.iter().filter(|refusal| refusal.seen.is_none());
        unseen.filter_map(|refusal| refusal.line).collect()
    }

    /// Puts beside the shown lines what stands there.
    pub(super) fn quote(&mut self, quoted: &BTreeMap<u64, String>) {
        for refusal in &mut self.shown {
            let line = refusal.line.and_then(|line| quoted.get(&line));
            if refusal.seen.is_none() {
                refusal.seen = line.cloned();
            }
        }
    }

    pub(super) fn read_as(&mut self, read: &ReadAs) {
        self.read_as = read.page_log.as_ref().map(PageLogFormat::words);
    }

    pub(super) fn broke_off(&mut self, why: String) {
        self.broke_off = Some(why);
    }

    pub(super) fn ending(&self) -> Ending {
        match &self.broke_off {
            Some(_) if self.records == 0 => Ending::FileRefused,
            Some(_) => Ending::FilePartly,
            None if self.refused.is_empty() => Ending::Whole,
            None => Ending::LinesRefused,
        }
    }

    /// For the list of imports.
    pub(super) fn file(&self, name: String, kind: Kind) -> ImportedFile {
        ImportedFile {
            name,
            kind: kind.keyword().to_owned(),
            accepted: self.accepted,
            revised: self.revised,
            duplicate: self.duplicate,
            refused: self.refused.values().sum(),
            whole: self.broke_off.is_none(),
        }
    }

    /// For people; times in `zone`.
    pub(super) fn text(&self, name: &str, kind: Kind, dry_run: bool, zone: &TimeZone) -> String {
        let mut text = self.first_line(name, dry_run);
        if let Some(read_as) = &self.read_as {
            // Writing to a String cannot fail.
            writeln!(text, "  read as: {read_as}").ok();
        }
        for (reason, count) in &self.skipped {
            text.push_str(&lines(*count, "skipped", reason));
        }
        for (reason, count) in &self.refused {
            text.push_str(&lines(*count, "refused", reason));
        }
        for refusal in &self.shown {
            // Writing to a String cannot fail.
            writeln!(text, "    {}{}", refusal.place(), refusal.reason).ok();
            if let Some(seen) = &refusal.seen {
                writeln!(text, "      seen: {seen}").ok();
            }
        }
        let refused: u64 = self.refused.values().sum();
        let hidden = refused.saturating_sub(self.shown.len() as u64);
        if hidden > 0 {
            writeln!(text, "    and {hidden} more").ok();
        }
        if refused > 0 {
            writeln!(text, "  {}", what_to_do(kind)).ok();
        }
        if dry_run {
            text.push_str(&self.samples.text(zone));
        }
        text
    }

    fn first_line(&self, name: &str, dry_run: bool) -> String {
        let records = self.records;
        let jobs = if records == 1 { "job" } else { "jobs" };
        let mut text = match &self.broke_off {
            Some(why) if records == 0 => return format!("{name}: refused whole: {why}\n"),
            Some(why) => format!("{name}: not read to its end: {why}\n"),
            None => String::new(),
        };
        if dry_run {
            writeln!(text, "{name}: {records} {jobs} would be taken in").ok();
        } else {
            let (new, revised, known) = (self.accepted, self.revised, self.duplicate);
            writeln!(
                text,
                "{name}: {records} {jobs}: {new} new, {revised} revised, {known} known already"
            )
            .ok();
        }
        text
    }
}

impl Refusal {
    fn place(&self) -> String {
        self.line
            .map_or_else(String::new, |line| format!("line {line}: "))
    }
}

/// What a person can type after lines were refused.
const fn what_to_do(kind: Kind) -> &'static str {
    match kind {
        Kind::Table => {
            "mend these lines, or say which column holds what (--columns FILE), and import the \
             file again: what is kept already stays as it is"
        }
        Kind::PageLog => {
            "mend these lines, or say the format as cupsd.conf has it (--page-log-format FORMAT), \
             and import the file again: what is kept already stays as it is"
        }
        _ => "mend these lines and import the file again: what is kept already stays as it is",
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
        let lines = report.shown_lines();
        assert_eq!((lines.first(), lines.last()), (Some(&1), Some(&20)));
        report.quote(&BTreeMap::from([(1, "never,ada".to_owned())]));
        assert_eq!(report.ending(), Ending::LinesRefused);
        let text = report.text("a.csv (papercut)", Kind::PaperCut, false, &TimeZone::UTC);
        insta::assert_snapshot!(text.lines().take(6).collect::<Vec<_>>().join("\n"), @r"
        a.csv (papercut): 2 jobs: 1 new, 0 revised, 1 known already
          1 line skipped: blank
          22 lines refused: no time
            line 1: no time
              seen: never,ada
            line 2: no time
        ");
        let end: Vec<_> = text.lines().rev().take(3).collect();
        assert_eq!(end[2], "    line 20: no time");
        assert_eq!(end[1], "    and 2 more");
    }

    #[test]
    fn a_file_that_breaks_off_is_no_whole_file() {
        let mut report = Report::default();
        report.broke_off("disk error".to_owned());
        assert_eq!(report.ending(), Ending::FileRefused);
        let text = |report: &Report| report.text("a", Kind::Ndjson, false, &TimeZone::UTC);
        assert_eq!(text(&report), "a: refused whole: disk error\n");
        report.taken(JobOutcome::Accepted);
        assert_eq!(report.ending(), Ending::FilePartly);
        insta::assert_snapshot!(text(&report), @r"
        a: not read to its end: disk error
        a: 1 job: 1 new, 0 revised, 0 known already
        ");
    }
}
