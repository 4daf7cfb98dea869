//! Lines of `page_log`, most of them as a real cupsd wrote them.

use super::*;
use crate::joblog::lines;
use platen_domain::print_jobs::{ColorMode, Sides};

fn all(parser: &mut PageLog<'_>, log: &str) -> Vec<Entry> {
    let mut entries = Vec::new();
    lines::parse(&mut log.as_bytes(), parser, &mut |entry| {
        entries.push(entry);
    })
    .unwrap();
    entries
}

fn read_all(log: &str) -> Vec<Entry> {
    all(&mut PageLog::new("lab", None), log)
}

fn records(log: &str) -> Vec<PrintRecord> {
    let entries = read_all(log).into_iter();
    entries
        .filter_map(|entry| match entry {
            Entry::Record(record) => Some(*record),
            _ => None,
        })
        .collect()
}

const BOB: &str = "3 lab-colour [23/Nov/2026:12:45:50.371746 +0000] total 12 12 6 \
    two-sided-long-edge color A4 4 urn:uuid:80e9c9f2-7a3a-3f1e-6a9e-2f3b1c5d7e90 ACCT-42 localhost \
    CORP\\bob Quarterly | \"draft\"";

#[test]
fn the_recommended_format() {
    let [record] = records(BOB).try_into().unwrap();
    let uuid = "urn:uuid:80e9c9f2-7a3a-3f1e-6a9e-2f3b1c5d7e90";
    assert_eq!(record.key, SourceKey::new("cups|lab", uuid));
    assert_eq!(record.completed_at.as_millis(), 1_795_437_950_371);
    assert_eq!(record.queue.as_deref(), Some("lab-colour"));
    assert_eq!(record.user.as_deref(), Some("CORP\\bob"));
    assert_eq!(record.account.as_deref(), Some("ACCT-42"));
    assert_eq!(record.document.as_deref(), Some("Quarterly | \"draft\""));
    assert_eq!(record.media.as_deref(), Some("iso_a4_210x297mm"));
    assert_eq!(record.counts.impressions, Some(12));
    // cupsd halves the impressions; without the copies nobody knows.
    assert_eq!(record.counts.sheets, None);
    assert_eq!(record.bytes, Some(4_096));
    assert_eq!(record.flags, CountFlags::USER_CLAIMED);
}

#[test]
fn a_total_of_nothing_is_unknown() {
    let [record] = records(&BOB.replace("total 12", "total 0"))
        .try_into()
        .unwrap();
    assert_eq!(record.counts.impressions, None);
    assert_eq!(record.counts.evidence, Evidence::None);
    assert_eq!(record.state, JobState::Unknown);
    assert!(record.flags.has(CountFlags::RAW_UNKNOWN));
}

#[test]
fn a_reprint_is_the_same_job_with_a_higher_total() {
    let log = format!("{BOB}\n{}\n", BOB.replace("total 12", "total 24"));
    let [first, again] = records(&log).try_into().unwrap();
    let revised = first.revised_by(&again).unwrap();
    assert_eq!(revised.counts.impressions, Some(24));
}

#[test]
fn a_line_that_the_spooler_does_not_know_is_forged() {
    let forged = BOB.replace("80e9c9f2", "00000000");
    let bare = "lobby eve 9 [02/Oct/2026:15:01:38 +0000] total 900 - localhost x - -";
    let log = format!("{BOB}\n{forged}\n{bare}\n");
    let known = |uuid: &str| uuid.contains("80e9c9f2");
    let entries = all(&mut PageLog::new("lab", None).vouched_by(&known), &log);
    assert!(matches!(entries[0], Entry::Record(_)));
    assert_eq!(
        entries[1],
        Entry::refused(2, "uuid not known to the spooler")
    );
    assert_eq!(
        entries[2],
        Entry::refused(3, "no job uuid for the spooler to vouch for")
    );
}

#[test]
fn pages_are_joined_until_half_an_hour_passes() {
    let log = "\
KM user1 300 [26/May/2009:23:59:48 +0000] 1 2 - localhost
KM user2 301 [26/May/2009:23:59:50 +0000] 1 1 - localhost
KM user1 300 [27/May/2009:00:00:08 +0000] 2 2 - localhost
KM user1 300 [27/May/2009:00:00:09 +0000] total 0 - localhost
KM user1 300 [27/May/2009:00:40:00 +0000] 1 1 - localhost
";
    let [first, other, again] = records(log).try_into().unwrap();
    assert_eq!(first.key.id, "KM|300|2009-05-26");
    assert_eq!(first.counts.impressions, Some(4));
    assert_eq!(first.counts.copies, Some(2));
    assert!(first.flags.has(CountFlags::JOINED_LINES));
    assert_eq!(other.counts.impressions, Some(1));
    assert!(!other.flags.has(CountFlags::JOINED_LINES));
    assert_eq!(again.key.id, "KM|300|2009-05-27");
    assert_eq!(again.counts.impressions, Some(1));
}

#[test]
fn odd_forms_of_old_versions() {
    let log = "B java 848 [29/Jun/2007:19:11:32 +0300] 70 total - 10.236.1.45\n";
    assert_eq!(records(log)[0].counts.impressions, Some(70));
    let odd = log.to_owned() + "B java 847 [29/Jun/2007:19:09:08 +0300] 70 - 10.236.1.45\n";
    assert_eq!(
        read_all(&odd)[1],
        Entry::refused(2, "no count behind the page number")
    );
}

#[test]
fn quotation_marks_and_a_syslog_head_are_not_of_the_values() {
    let line = "\"hall rita 5 [02/Oct/2026:15:01:38 +0000] total 3 - ws17 Plan - one-sided\"\n";
    let head = "Oct  2 15:01:39 print1 cupsd[812]: ";
    let other = "Oct  2 15:01:40 print1 cron[1]: job done\n";
    assert!(matches!(read_all(other)[0], Entry::Skipped { .. }));
    let whole = format!("{head}{line}{other}");
    let [record] = records(line).try_into().unwrap();
    assert_eq!(record.queue.as_deref(), Some("hall"));
    assert_eq!(record.counts.sheets, Some(3));
    assert_eq!(records(&whole), [record]);
    // A line that cupsd cut at 2,047 octets has lost the second mark.
    let cut = line.replace("Plan - one-sided\"", "Plan - -");
    assert_eq!(records(&cut)[0].document.as_deref(), Some("Plan"));
}

#[test]
fn a_declared_format_says_what_its_columns_are() {
    let format = "\"%p|%j|%u|%T|%{job-impressions-completed}|%{Duplex}|%{ColorModel}|%{PageSize}|\
        %{time-at-creation}|%{job-name}\"";
    let mut parser = PageLog::new("lab", Some(format.parse().unwrap()));
    let log =
        "\"hall|9|Rita May|[02/Oct/2026:15:01:38 +0000]|4|DuplexTumble|Gray|A4|1790953290|a|b\"\n";
    let Entry::Record(record) = all(&mut parser, log).remove(0) else {
        panic!("no record");
    };
    assert_eq!(record.user.as_deref(), Some("Rita May"));
    assert_eq!(record.document.as_deref(), Some("a|b"));
    assert_eq!(record.counts.impressions, Some(4));
    assert_eq!(record.sides, Some(Sides::TwoSidedShortEdge));
    assert_eq!(record.color_mode, Some(ColorMode::Monochrome));
    assert_eq!(record.media.as_deref(), Some("iso_a4_210x297mm"));
    assert_eq!(
        record.submitted_at,
        Some(Timestamp::from_millis(1_790_953_290_000))
    );
}

#[test]
fn a_log_that_nobody_can_read_for_sure_gives_nothing_and_asks() {
    let mut parser = PageLog::new("lab", None);
    let log = "9 hall rita [02/Oct/2026:15:01:38 +0000] total 4 Plan\n";
    assert_eq!(all(&mut parser, log), []);
    let question = parser.question().unwrap().to_string();
    assert!(
        question.contains("--page-log-format '%j %p %u %T"),
        "{question}"
    );
}

#[test]
fn collated_copies_are_logged_twice_and_counted_once() {
    let line = |page: u32, copies: u32, second: u32| {
        format!("ps rita 5 [02/Oct/2026:15:01:{second} +0000] {page} {copies} - localhost\n")
    };
    let once: String = (1..=3).map(|page| line(page, 2, 38)).collect();
    let again: String = (1..=6).map(|page| line(page, 1, 38)).collect();
    let [record] = records(&(once.clone() + &again)).try_into().unwrap();
    assert_eq!(record.counts.impressions, Some(6));
    assert_eq!(
        (record.counts.pages, record.counts.copies),
        (Some(3), Some(2))
    );
    // Later, or of another number, they are pages of their own.
    let later: String = (1..=6).map(|page| line(page, 1, 45)).collect();
    assert_eq!(
        records(&(once.clone() + &later))[0].counts.impressions,
        Some(12)
    );
    assert_eq!(
        records(&(once + &line(1, 1, 38)))[0].counts.impressions,
        Some(7)
    );
}

#[test]
fn what_is_no_line_says_why() {
    let refused = |line: &str| match read_all(line).remove(0) {
        Entry::Refused { reason, .. } => reason.into_owned(),
        entry => panic!("{entry:?}"),
    };
    assert_eq!(refused("hello"), "not in the form of PageLogFormat");
    assert_eq!(refused(&BOB.replacen('3', "0", 1)), "no job id");
    assert_eq!(refused(&BOB.replace("total 12", "total x")), "no count");
    assert_eq!(refused(&BOB.replace("80e9c9f2-", "")), "not a job uuid");
    assert_eq!(read_all(" \n"), [Entry::skipped(1, "blank")]);
}
