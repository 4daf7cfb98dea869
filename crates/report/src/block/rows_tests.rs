use std::sync::Arc;

use proptest::prelude::*;

use super::samples::{self, Sample};
use super::{Block, Place, RowWriter, Rows};
use crate::column_map::ColumnMap;
use crate::encode::Format;
use crate::instants::InstantWriter;
use crate::print_jobs::{PrintJobs, PrintLayout};

/// What became of a job since its block was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    Same,
    Late,
    Revised,
    Gone,
}

fn fates() -> impl Strategy<Value = Vec<(Sample, Fate)>> {
    let fate = prop_oneof![
        6 => Just(Fate::Same),
        1 => Just(Fate::Late),
        1 => Just(Fate::Revised),
        1 => Just(Fate::Gone),
    ];
    let fates = proptest::collection::vec(fate, 80);
    (samples::jobs(80), fates).prop_map(|(jobs, fates)| jobs.into_iter().zip(fates).collect())
}

/// The rows of these jobs as they read now, and the jobs.
fn merged(jobs: &[(Sample, Fate)]) -> (Rows, Vec<Sample>) {
    let of = |wanted: &[Fate]| {
        let found = jobs.iter().filter(|(_, fate)| wanted.contains(fate));
        found.cloned().collect::<Vec<_>>()
    };
    let plain = |jobs: Vec<(Sample, Fate)>| jobs.into_iter().map(|(job, _)| job).collect();
    let revised = |jobs: Vec<(Sample, Fate)>| {
        let jobs = jobs.into_iter().map(|(mut job, fate)| {
            job.revision += u32::from(fate == Fate::Revised);
            job
        });
        jobs.collect::<Vec<_>>()
    };
    let sealed: Vec<Sample> = plain(of(&[Fate::Same, Fate::Revised, Fate::Gone]));
    let changed = of(&[Fate::Late, Fate::Revised, Fate::Gone]);
    let places: Vec<Place> = changed
        .iter()
        .map(|(job, _)| (job.completed_at, job.job_no))
        .collect();
    let current = revised(of(&[Fate::Late, Fate::Revised]));
    let now = revised(of(&[Fate::Same, Fate::Late, Fate::Revised]));
    let rows = Rows::merged(samples::block(&sealed), &places, samples::block(&current));
    (rows, now)
}

fn layout() -> Arc<PrintLayout> {
    Arc::new(PrintLayout::new(PrintJobs, &ColumnMap::default()).unwrap())
}

fn written(parts: impl IntoIterator<Item = Rows>, soft_limit: usize) -> String {
    let zone = InstantWriter::new("Europe/Berlin").unwrap();
    let mut writer = RowWriter::new(Format::Json, layout(), zone);
    let mut whole = Vec::new();
    writer.start(&mut whole);
    for mut rows in parts {
        while !rows.is_empty() {
            let mut chunk = Vec::new();
            writer.write(&mut rows, &mut chunk, soft_limit);
            assert!(!chunk.is_empty() || rows.is_empty());
            whole.extend(chunk);
        }
    }
    writer.finish(&mut whole);
    String::from_utf8(whole).unwrap()
}

fn block(jobs: &[Sample]) -> Block {
    samples::block(jobs)
}

proptest! {
    #[test]
    fn a_block_and_what_changed_read_as_a_block_made_anew(
        jobs in fates(),
        soft_limit in 1_usize..5_000,
    ) {
        let (rows, now) = merged(&jobs);
        prop_assert_eq!(rows.count() as usize, now.len());
        let anew = written([Rows::of(block(&now))], usize::MAX);
        prop_assert_eq!(written([rows], soft_limit), anew);
    }

    #[test]
    fn parts_of_them_are_those_of_a_block_made_anew(
        jobs in fates(),
        from in samples::instants(),
        until in samples::instants(),
        stop in 0_usize..80,
    ) {
        let (rows, now) = merged(&jobs);
        let within = now.iter().filter(|job| (from..until).contains(&job.completed_at));
        let within: Vec<_> = within.cloned().collect();
        let anew = written([Rows::of(block(&within))], usize::MAX);
        prop_assert_eq!(written([rows.clone().between(from, until)], 1_000), anew);
        let Some(stop) = now.get(stop) else { return Ok(()) };
        let place = (stop.completed_at, stop.job_no);
        let behind = now.iter().filter(|job| (job.completed_at, job.job_no) > place);
        let behind: Vec<_> = behind.cloned().collect();
        let anew = written([Rows::of(block(&behind))], usize::MAX);
        prop_assert_eq!(written([rows.behind(place)], 1_000), anew);
    }

    #[test]
    fn pieces_of_them_make_the_whole(jobs in fates(), piece_rows in 1_u32..50) {
        let (rows, now) = merged(&jobs);
        let pieces = rows.pieces(piece_rows);
        let sealed = jobs.iter().filter(|(_, fate)| *fate != Fate::Late).count();
        let count = sealed.div_ceil(piece_rows as usize).max(1);
        prop_assert_eq!(pieces.len(), count);
        let anew = written([Rows::of(block(&now))], usize::MAX);
        prop_assert_eq!(written(pieces, usize::MAX), anew);
    }
}
