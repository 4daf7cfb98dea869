//! The spool against what must hold of it.

use platen_domain::ids::SeededIds;
use platen_domain::print_gaps::GapReason;

use super::*;

const NOW: Timestamp = Timestamp::from_millis(1_767_225_600_000);

fn open(directory: &Path, limits: SpoolLimits) -> Spool {
    Spool::open(directory, limits, NOW, &SeededIds::new(3)).unwrap()
}

fn input(records: &[&str], cursor: &str) -> SpoolInput {
    SpoolInput {
        source: "drop|a".to_owned(),
        records: records
            .iter()
            .map(|text| text.as_bytes().to_vec())
            .collect(),
        cursor: cursor.to_owned(),
        gaps: Vec::new(),
    }
}

fn texts(batch: &SpooledBatch) -> Vec<&str> {
    let records = batch.records.iter();
    records
        .map(|record| std::str::from_utf8(record).unwrap())
        .collect()
}

#[test]
fn a_batch_keeps_its_name_and_content_until_it_is_acknowledged() {
    let place = tempfile::tempdir().unwrap();
    let mut spool = open(place.path(), SpoolLimits::default());
    assert_eq!(spool.next_batch(10, 1_000).unwrap(), None);
    spool.append(&input(&["a", "b", "c"], "3"), NOW).unwrap();
    let first = spool.next_batch(2, 1_000).unwrap().unwrap();
    assert_eq!((texts(&first), first.id.sequence), (vec!["a", "b"], 1));

    drop(spool); // As a crash would.
    let mut spool = open(place.path(), SpoolLimits::default());
    spool.append(&input(&["d"], "4"), NOW).unwrap();
    assert_eq!(spool.next_batch(10, 1_000).unwrap().unwrap(), first);
    assert!(matches!(
        spool.acknowledge(2, &[], NOW),
        Err(SpoolError::OtherBatch(2))
    ));
    spool.acknowledge(1, &[(1, "no".to_owned())], NOW).unwrap();

    let second = spool.next_batch(10, 1_000).unwrap().unwrap();
    assert_eq!((texts(&second), second.id.sequence), (vec!["c", "d"], 2));
    assert_eq!(second.id.epoch, first.id.epoch);
    assert_eq!(spool.cursor("drop|a").unwrap().as_deref(), Some("4"));
    let status = SpoolStatus::of(place.path()).unwrap().unwrap();
    assert_eq!((status.queued_records, status.queued_octets), (2, 2));
    assert_eq!(
        (status.acknowledged_records, status.rejected_records),
        (1, 1)
    );
    assert_eq!(status.last_rejection.as_deref(), Some("no"));
    assert_eq!(status.oldest_queued_at, Some(NOW));
}

#[test]
fn a_batch_is_small_enough_but_never_empty() {
    let place = tempfile::tempdir().unwrap();
    let mut spool = open(place.path(), SpoolLimits::default());
    spool
        .append(&input(&["aaaa", "b", "c", "d"], "4"), NOW)
        .unwrap();
    let large = spool.next_batch(10, 2).unwrap().unwrap();
    assert_eq!(texts(&large), ["aaaa"]);
    spool.acknowledge(large.id.sequence, &[], NOW).unwrap();
    let small = spool.next_batch(10, 2).unwrap().unwrap();
    assert_eq!(texts(&small), ["b", "c"]);
    spool.dissolve(small.id.sequence).unwrap();
    let again = spool.next_batch(1, 2).unwrap().unwrap();
    assert_eq!((texts(&again), again.id.sequence), (vec!["b"], 3));
}

#[test]
fn a_new_epoch_counts_from_one() {
    let place = tempfile::tempdir().unwrap();
    let mut spool = open(place.path(), SpoolLimits::default());
    spool.append(&input(&["a"], "1"), NOW).unwrap();
    let before = spool.next_batch(10, 10).unwrap().unwrap();
    spool.begin_epoch(&SeededIds::new(4)).unwrap();
    let after = spool.next_batch(10, 10).unwrap().unwrap();
    assert_ne!(before.id.epoch, after.id.epoch);
    assert_eq!((after.id.sequence, after.records), (1, before.records));
}

#[test]
fn what_is_full_refuses_and_leaves_the_cursor() {
    let place = tempfile::tempdir().unwrap();
    let limits = SpoolLimits {
        records: 2,
        octets: 3,
    };
    let mut spool = open(place.path(), limits);
    assert!(spool.has_room().unwrap());
    spool.append(&input(&["aa"], "1"), NOW).unwrap();
    for too_much in [&["b", "c"][..], &["bb"]] {
        let refused = spool.append(&input(too_much, "2"), NOW);
        assert!(matches!(refused, Err(SpoolError::Full)), "{refused:?}");
    }
    assert_eq!(spool.cursor("drop|a").unwrap().as_deref(), Some("1"));
    spool.append(&input(&["b"], "2"), NOW).unwrap();
    assert!(!spool.has_room().unwrap());
    // To move on where there is nothing to keep takes no room.
    spool.append(&input(&[], "3"), NOW).unwrap();
    let batch = spool.next_batch(10, 10).unwrap().unwrap();
    spool.acknowledge(batch.id.sequence, &[], NOW).unwrap();
    assert!(spool.has_room().unwrap());
}

#[test]
fn policy_and_gaps_are_kept() {
    let place = tempfile::tempdir().unwrap();
    let mut spool = open(place.path(), SpoolLimits::default());
    assert_eq!(spool.privacy().unwrap(), None);
    let policy = PrivacyPolicy {
        user: FieldMode::Hash,
        ..PrivacyPolicy::default()
    };
    let key = Secret::new([7; 32]);
    assert_eq!(spool.time_zone().unwrap(), None);
    spool.set_time_zone("Asia/Tokyo").unwrap();
    assert_eq!(spool.time_zone().unwrap().as_deref(), Some("Asia/Tokyo"));
    let names = NameRule::Listed(["uni".to_owned()].into());
    spool.set_privacy(&policy, Some(&key), &names).unwrap();
    assert_eq!(spool.privacy().unwrap(), Some((policy, Some(key), names)));
    let gap = Gap {
        source: "cups|a".to_owned(),
        from: NOW,
        until: NOW,
        jobs: Some(3),
        reason: GapReason::NumbersMissing,
    };
    let mut with_gap = input(&[], "1");
    with_gap.gaps = vec![gap.clone(), gap];
    spool.append(&with_gap, NOW).unwrap();
    spool.close().unwrap();
    let status = SpoolStatus::of(place.path()).unwrap().unwrap();
    assert_eq!(status.gaps, 1);
}

#[test]
fn a_spool_is_private_and_has_one_owner() {
    use std::os::unix::fs::PermissionsExt as _;
    let place = tempfile::tempdir().unwrap();
    let directory = place.path().join("spool");
    assert_eq!(SpoolStatus::of(&directory).unwrap(), None);
    let _spool = open(&directory, SpoolLimits::default());
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&directory), 0o700);
    assert_eq!(mode(&directory.join(DATABASE_FILE)), 0o600);
    let second = Spool::open(&directory, SpoolLimits::default(), NOW, &SeededIds::new(1));
    assert!(matches!(second, Err(OpenError::Locked { .. })));
}

#[test]
fn every_record_that_was_refused_stays_until_it_is_sent_again_or_taken_out() {
    const RECORDS: usize = 10_500;
    let place = tempfile::tempdir().unwrap();
    let limits = SpoolLimits {
        records: RECORDS as u64,
        ..SpoolLimits::default()
    };
    let mut spool = open(place.path(), limits);
    let texts: Vec<_> = (0..RECORDS).map(|number| number.to_string()).collect();
    let all: Vec<_> = texts.iter().map(String::as_str).collect();
    spool.append(&input(&all, "1"), NOW).unwrap();
    let refuse = |spool: &mut Spool, records: u32| {
        let batch = spool.next_batch(records, u64::MAX).unwrap().unwrap();
        let places = 0..batch.records.len();
        let rejected: Vec<_> = places.map(|place| (place, "no".to_owned())).collect();
        let sequence = batch.id.sequence;
        spool.acknowledge(sequence, &rejected, NOW).unwrap();
        batch.records
    };
    let sent = refuse(&mut spool, 20_000);
    assert_eq!(sent.len(), RECORDS);
    // They count as what the spool holds: nothing makes room by forgetting.
    assert!(!spool.has_room().unwrap());
    assert_eq!(spool.retry_rejected(NOW).unwrap(), RECORDS as u64);
    assert_eq!(refuse(&mut spool, 20_000), sent);
    let first = spool.rejected(0, 500).unwrap();
    let (last, record, reason) = first.last().unwrap();
    assert_eq!((record.as_slice(), reason.as_str()), (&b"499"[..], "no"));
    spool.forget_rejected(*last).unwrap();
    let status = SpoolStatus::of(place.path()).unwrap().unwrap();
    assert_eq!(
        (status.queued_records, status.rejected_records),
        (0, 10_000)
    );
    assert!(spool.has_room().unwrap());
    assert_eq!(spool.retry_rejected(NOW).unwrap(), 10_000);
    let next = spool.next_batch(1, 1_000).unwrap().unwrap();
    assert_eq!(next.records, [b"500"]);
}
