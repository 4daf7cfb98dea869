//! The spool beside a queue in memory, through crashes.

use std::collections::{BTreeSet, VecDeque};

use platen_domain::ids::SeededIds;
use proptest::prelude::*;

use super::*;

const NOW: Timestamp = Timestamp::from_millis(1);
const LIMITS: SpoolLimits = SpoolLimits {
    records: 12,
    octets: 60,
};

#[derive(Debug, Clone)]
enum Step {
    Append(Vec<u8>),
    Next(u32, u64),
    Acknowledge(bool),
    Retry,
    Dissolve,
    Epoch,
    Crash,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => prop::collection::vec(1_u8..10, 0..6).prop_map(Step::Append),
        4 => (1_u32..6, 1_u64..30).prop_map(|(records, octets)| Step::Next(records, octets)),
        4 => any::<bool>().prop_map(Step::Acknowledge),
        1 => Just(Step::Retry),
        1 => Just(Step::Dissolve),
        1 => Just(Step::Epoch),
        2 => Just(Step::Crash),
    ]
}

#[derive(Default)]
struct Model {
    queue: VecDeque<Vec<u8>>,
    formed: Option<SpooledBatch>,
    cursor: Option<String>,
    acknowledged: u64,
    rejected: Vec<Vec<u8>>,
    used: BTreeSet<(u64, u64)>,
    made: u32,
}

impl Model {
    fn octets(&self) -> u64 {
        self.queue.iter().map(|record| record.len() as u64).sum()
    }

    fn rejected_octets(&self) -> u64 {
        self.rejected.iter().map(|record| record.len() as u64).sum()
    }

    fn append(&mut self, spool: &mut Spool, lengths: &[u8]) {
        let record = |length: &u8| {
            self.made += 1;
            let mut record = vec![*length; usize::from(*length)];
            record[0] = u8::try_from(self.made % 251).unwrap();
            record
        };
        let records: Vec<_> = lengths.iter().map(record).collect();
        let octets: u64 = records.iter().map(|record| record.len() as u64).sum();
        let input = SpoolInput {
            source: "s".to_owned(),
            cursor: self.made.to_string(),
            records,
            gaps: Vec::new(),
        };
        let fits = input.records.is_empty()
            || (self.queue.len() + self.rejected.len() + input.records.len()) as u64
                <= LIMITS.records
                && self.octets() + self.rejected_octets() + octets <= LIMITS.octets;
        match spool.append(&input, NOW) {
            Ok(()) => {
                assert!(fits);
                self.queue.extend(input.records);
                self.cursor = Some(input.cursor);
            }
            Err(SpoolError::Full) => assert!(!fits),
            Err(other) => panic!("{other}"),
        }
    }

    fn next(&mut self, spool: &mut Spool, records: u32, octets: u64) {
        let batch = spool.next_batch(records, octets).unwrap();
        if self.formed.is_some() {
            assert_eq!(batch, self.formed);
            return;
        }
        let Some(batch) = batch else {
            assert!(self.queue.is_empty());
            return;
        };
        let front: Vec<_> = self
            .queue
            .iter()
            .take(batch.records.len())
            .cloned()
            .collect();
        assert_eq!(batch.records, front);
        assert!((1..=records as usize).contains(&batch.records.len()));
        let size: usize = front.iter().map(Vec::len).sum();
        assert!(front.len() == 1 || size as u64 <= octets);
        assert!(
            self.used.insert((batch.id.epoch, batch.id.sequence)),
            "a name is used for one batch"
        );
        self.formed = Some(batch);
    }

    fn acknowledge(&mut self, spool: &mut Spool, reject: bool) {
        let Some(batch) = self.formed.take() else {
            assert!(spool.acknowledge(1, &[], NOW).is_err());
            return;
        };
        let rejected: Vec<_> = reject.then(|| (0, "no".to_owned())).into_iter().collect();
        spool
            .acknowledge(batch.id.sequence, &rejected, NOW)
            .unwrap();
        self.queue.drain(..batch.records.len());
        self.acknowledged += (batch.records.len() - rejected.len()) as u64;
        self.rejected
            .extend(batch.records.into_iter().take(rejected.len()));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn the_spool_is_a_queue_that_survives(steps in prop::collection::vec(step(), 1..40)) {
        let place = tempfile::tempdir().unwrap();
        let open = || Spool::open(place.path(), LIMITS, NOW, &SeededIds::new(1)).unwrap();
        let (mut spool, mut model, mut epochs) = (open(), Model::default(), 1);
        for step in steps {
            match step {
                Step::Append(lengths) => model.append(&mut spool, &lengths),
                Step::Next(records, octets) => model.next(&mut spool, records, octets),
                Step::Acknowledge(reject) => model.acknowledge(&mut spool, reject),
                Step::Retry => {
                    let records = model.rejected.len() as u64;
                    prop_assert_eq!(spool.retry_rejected(NOW).unwrap(), records);
                    model.queue.extend(model.rejected.drain(..));
                }
                Step::Dissolve => {
                    let formed = model.formed.take();
                    let sequence = formed.map_or(0, |batch| batch.id.sequence);
                    prop_assert_eq!(spool.dissolve(sequence).is_ok(), sequence > 0);
                }
                Step::Epoch => {
                    epochs += 1;
                    spool.begin_epoch(&SeededIds::new(epochs)).unwrap();
                    model.formed = None;
                }
                Step::Crash => {
                    drop(spool);
                    spool = open();
                }
            }
            prop_assert_eq!(spool.cursor("s").unwrap(), model.cursor.clone());
            let status = SpoolStatus::of(place.path()).unwrap().unwrap();
            prop_assert_eq!(status.queued_records, model.queue.len() as u64);
            prop_assert_eq!(status.queued_octets, model.octets());
            prop_assert_eq!(status.acknowledged_records, model.acknowledged);
            prop_assert_eq!(status.rejected_records, model.rejected.len() as u64);
        }
    }
}
