use std::ops::Range;
use std::sync::Arc;

use proptest::prelude::*;

use super::samples::{self, Sample, Samples};
use super::{Block, Renderer};
use crate::column_map::ColumnMap;
use crate::columns::Report as _;
use crate::encode::{Encoder, Format};
use crate::instants::InstantWriter;
use crate::print_jobs::{PrintJobs, PrintLayout};
use platen_domain::clock::Timestamp;

const ZONE: &str = "Europe/Berlin";

/// The plain way: row by row, cell by cell.
fn reference(jobs: &[Sample], layout: &Arc<PrintLayout>, format: Format) -> Vec<u8> {
    let names = Samples::default();
    let zone = InstantWriter::new(ZONE).unwrap();
    let mut encoder = Encoder::new(format, Arc::clone(layout), zone);
    let mut out = Vec::new();
    encoder.start(&mut out);
    for job in jobs {
        let row = job.row();
        let columns = layout.columns();
        encoder.row(
            columns.map(|(_, column)| samples::cell(column.value, &row, &names)),
            &mut out,
        );
    }
    encoder.finish(&mut out);
    out
}

/// The blocks' way: `parts` are blocks with the rows wanted of each, written with this limit.
fn rendered(
    parts: &[(Block, Range<u32>)],
    layout: &Arc<PrintLayout>,
    format: Format,
    soft_limit: usize,
) -> Vec<u8> {
    let zone = InstantWriter::new(ZONE).unwrap();
    let mut renderer = Renderer::new(format, Arc::clone(layout), zone);
    let mut whole = Vec::new();
    renderer.start(&mut whole);
    for (block, rows) in parts {
        let mut next = rows.start;
        while next < rows.end {
            let mut chunk = Vec::new();
            let written = renderer.render(block, next..rows.end, &mut chunk, soft_limit);
            assert!(written > 0);
            next += written;
            whole.extend(chunk);
        }
    }
    renderer.finish(&mut whole);
    whole
}

fn layouts() -> impl Strategy<Value = Arc<PrintLayout>> {
    let names: Vec<_> = PrintJobs.columns().iter().map(|c| c.name).collect();
    let some = |most| prop::sample::subsequence(names.clone(), 0..most);
    let mapped = (some(38).prop_shuffle(), some(30), some(5)).prop_map(|(order, hide, rename)| {
        let own = |list: &[&str]| list.iter().map(|name| (*name).to_owned()).collect();
        let renamed = |name: &str| (name.to_owned(), format!("=\"{name}\u{fc}"));
        ColumnMap {
            order: own(&order),
            hide: own(&hide),
            rename: rename.into_iter().map(renamed).collect(),
        }
    });
    prop_oneof![Just(ColumnMap::default()), mapped]
        .prop_map(|map| Arc::new(PrintLayout::new(PrintJobs, &map).unwrap()))
}

fn formats() -> impl Strategy<Value = Format> {
    prop::sample::select(Format::ALL.to_vec())
}

fn all_of(block: Block) -> (Block, Range<u32>) {
    let rows = 0..block.rows();
    (block, rows)
}

proptest! {
    #[test]
    fn blocks_write_what_the_plain_way_writes(
        jobs in samples::jobs(80),
        layout in layouts(),
        format in formats(),
        limit in 1..5_000_usize,
    ) {
        let whole = all_of(samples::block(&jobs));
        let octets = rendered(&[whole], &layout, format, limit);
        prop_assert_eq!(
            String::from_utf8(octets).unwrap(),
            String::from_utf8(reference(&jobs, &layout, format)).unwrap()
        );
    }

    #[test]
    fn where_an_answer_is_split_does_not_show(
        jobs in samples::jobs(80),
        at in any::<prop::sample::Index>(),
        format in formats(),
        limit in 1..5_000_usize,
    ) {
        let layout = Arc::new(PrintLayout::unchanged(PrintJobs));
        let whole = samples::block(&jobs);
        let at = at.index(jobs.len() + 1);
        let split = u32::try_from(at).unwrap();
        let one_block = [(whole.clone(), 0..split), (whole.clone(), split..whole.rows())];
        let (before, after) = jobs.split_at(at);
        let two_blocks = [all_of(samples::block(before)), all_of(samples::block(after))];
        let expected = rendered(&[all_of(whole)], &layout, format, usize::MAX);
        prop_assert_eq!(&rendered(&one_block, &layout, format, limit), &expected);
        prop_assert_eq!(&rendered(&two_blocks, &layout, format, limit), &expected);
    }

    #[test]
    #[expect(clippy::cast_precision_loss, reason = "the reader of JSON has no more than an f64")]
    fn json_says_what_the_rows_say(jobs in samples::jobs(40)) {
        let layout = Arc::new(PrintLayout::unchanged(PrintJobs));
        let block = samples::block(&jobs);
        let octets = rendered(&[all_of(block)], &layout, Format::Json, usize::MAX);
        let objects: Vec<serde_json::Value> = serde_json::from_slice(&octets).unwrap();
        prop_assert_eq!(objects.len(), jobs.len());
        for (object, job) in objects.iter().zip(&jobs) {
            prop_assert_eq!(object.as_object().unwrap().len(), layout.columns().len());
            prop_assert_eq!(&object["Document"], &serde_json::json!(job.document));
            prop_assert_eq!(&object["TransactionId"], &serde_json::json!(job.job_no));
            prop_assert_eq!(&object["SourceJobId"], &serde_json::json!(job.source_job));
            prop_assert_eq!(&object["Pages"], &serde_json::json!(job.counts.pages));
            prop_assert_eq!(&object["Bytes"], &serde_json::json!(job.bytes));
            prop_assert_eq!(&object["JobState"], &serde_json::json!(job.state.keyword()));
            let cost = job.cost.map(|(amount, _)| amount.0 as f64 / 1e6);
            let read = object["Cost"].as_f64();
            prop_assert_eq!(read.is_some(), cost.is_some());
            let (read, cost) = (read.unwrap_or(0.0), cost.unwrap_or(0.0));
            prop_assert!((read - cost).abs() <= cost.abs() * 1e-12);
        }
    }

    #[test]
    fn rows_are_found_by_time(jobs in samples::jobs(100), from in samples::instants(), until in samples::instants()) {
        let block = samples::block(&jobs);
        let range = block.rows_between(from, until);
        let within = |job: &&Sample| (from..until).contains(&job.completed_at);
        let expected = jobs.iter().filter(within).count();
        prop_assert_eq!(range.len(), expected);
        let first = jobs.iter().position(|job| within(&job));
        prop_assert!(expected == 0 || first == Some(range.start as usize));
        prop_assert_eq!(block.first_completed_at(), jobs.first().map(|job| job.completed_at));
        prop_assert_eq!(block.last_completed_at(), jobs.last().map(|job| job.completed_at));
    }
}

#[test]
fn a_row_in_every_format() {
    let job = Sample {
        completed_at: Timestamp::from_millis(1_795_431_600_000),
        job_no: 17,
        document: Some("=budget \"Q4\".xlsx".to_owned()),
        ..samples::plain_job()
    };
    let layout = Arc::new(PrintLayout::unchanged(PrintJobs));
    let written = |format| {
        let block = all_of(samples::block(std::slice::from_ref(&job)));
        String::from_utf8(rendered(&[block], &layout, format, usize::MAX)).unwrap()
    };
    insta::assert_snapshot!(written(Format::Json), @r#"[{"CompletedAt":"2026-11-23T12:00:00.000+01:00","SubmittedAt":"2026-11-23T11:59:48.250+01:00","TimeQuality":"exact","UserName":"anna","UserDomain":"UNI","Account":"4711; -1","ClientName":"PC-\\\"17\"","Document":"=budget \"Q4\".xlsx","Application":"Writer","QueueName":"lobby","SerialNumber":"7529930","Manufacturer":"Lexmark","Model":"CX725","Location":"Berlin / \"2nd\" floor","DeviceId":"07070707-0707-0707-0707-070707070707","JobType":"print","JobState":"completed","Pages":3,"Copies":2,"Impressions":6,"ImpressionsMono":4,"ImpressionsColor":2,"Sheets":4,"SheetsQuality":"derived","ColorMode":"auto","Sides":"two-sided-long-edge","PaperSize":"iso_a3_297x420mm","Bytes":48213,"Cost":0.245,"Currency":"CHF","CountEvidence":"spooler","Remarks":"copies-assumed; user-claimed","PaperGrams":39.916,"Co2Grams":36.682,"Source":"cups|3f0c9a52","Revision":1,"TransactionId":17,"SourceJobId":"urn:uuid:0189f3a2-0000-7000-8000-00000000abcd","ChargedAccount":"4711"}]"#);
    insta::assert_snapshot!(written(Format::Csv), @r#"
    CompletedAt,SubmittedAt,TimeQuality,UserName,UserDomain,Account,ClientName,Document,Application,QueueName,SerialNumber,Manufacturer,Model,Location,DeviceId,JobType,JobState,Pages,Copies,Impressions,ImpressionsMono,ImpressionsColor,Sheets,SheetsQuality,ColorMode,Sides,PaperSize,Bytes,Cost,Currency,CountEvidence,Remarks,PaperGrams,Co2Grams,Source,Revision,TransactionId,SourceJobId,ChargedAccount
    2026-11-23T12:00:00.000+01:00,2026-11-23T11:59:48.250+01:00,exact,anna,UNI,4711;' -1,"PC-\""17""","'=budget ""Q4"".xlsx",Writer,lobby,7529930,Lexmark,CX725,"Berlin / ""2nd"" floor",07070707-0707-0707-0707-070707070707,print,completed,3,2,6,4,2,4,derived,auto,two-sided-long-edge,iso_a3_297x420mm,48213,0.245,CHF,spooler,copies-assumed; user-claimed,39.916,36.682,cups|3f0c9a52,1,17,urn:uuid:0189f3a2-0000-7000-8000-00000000abcd,4711
    "#);
}
