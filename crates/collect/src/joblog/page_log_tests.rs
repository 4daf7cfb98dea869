//! Lines of `page_log`, most of them as a real cupsd wrote them.

use super::*;
use crate::joblog::lines;

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
    assert_eq!(record.user.as_deref(), Some("bob"));
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
    let entries = read_all("B java 847 [29/Jun/2007:19:09:08 +0300] 70 - 10.236.1.45\n");
    assert_eq!(
        entries,
        [Entry::refused(1, "no count behind the page number")]
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
