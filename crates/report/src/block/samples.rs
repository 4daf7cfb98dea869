//! Drawn jobs for the tests of blocks, and what each column of them must show.

use std::borrow::Cow;

use platen_domain::clock::Timestamp;
use platen_domain::environment::{co2_milligrams, paper_milligrams};
use platen_domain::ids::DeviceId;
use platen_domain::prices::Micros;
use platen_domain::print_jobs::{
    ColorMode, CountFlags, Counts, Evidence, JobFunction, JobState, SheetsQuality, Sides,
    TimeQuality,
};
use platen_domain::print_rows::{AccountNo, PrintNames, PrintRow, PrinterNames, PrinterNo, WordNo};
use platen_domain::source_job_ids::SourceJobId;
use proptest::prelude::*;
use proptest::sample::select;

use super::{Block, BlockBuilder};
use crate::cell::Cell;
use crate::decimal::Decimal;
use crate::print_jobs::Field;

/// A row with its own title.
#[derive(Debug, Clone)]
pub(super) struct Sample {
    pub(super) completed_at: Timestamp,
    pub(super) job_no: u64,
    pub(super) submitted_at: Option<Timestamp>,
    pub(super) words: [Option<WordNo>; 6],
    pub(super) printer: PrinterNo,
    pub(super) source_job: Option<String>,
    pub(super) charged: Option<AccountNo>,
    pub(super) document: Option<String>,
    pub(super) time_quality: TimeQuality,
    pub(super) function: JobFunction,
    pub(super) state: JobState,
    pub(super) color_mode: Option<ColorMode>,
    pub(super) sides: Option<Sides>,
    pub(super) counts: Counts,
    pub(super) flags: CountFlags,
    pub(super) bytes: Option<u64>,
    pub(super) cost: Option<(Micros, u32)>,
    pub(super) revision: u32,
}

impl Sample {
    pub(super) fn row(&self) -> PrintRow<'_> {
        let [user, account, client, application, media, user_domain] = self.words;
        PrintRow {
            completed_at: self.completed_at,
            job_no: self.job_no,
            submitted_at: self.submitted_at,
            time_quality: self.time_quality,
            user,
            user_domain,
            account,
            client,
            application,
            media,
            printer: self.printer,
            source_job: self.source_job.as_deref().map(SourceJobId::of),
            charged_account: self.charged,
            document: self.document.as_deref(),
            function: self.function,
            state: self.state,
            color_mode: self.color_mode,
            sides: self.sides,
            counts: self.counts,
            flags: self.flags,
            bytes: self.bytes,
            cost: self.cost,
            revision: self.revision,
        }
    }
}

/// A job with a value in every column.
pub(super) fn plain_job() -> Sample {
    Sample {
        completed_at: Timestamp::from_millis(1_795_431_600_000), // 2026-11-23T11:00:00Z
        job_no: 17,
        submitted_at: Some(Timestamp::from_millis(1_795_431_588_250)),
        words: [Some(0), Some(3), Some(4), Some(8), Some(6), Some(9)],
        printer: 0,
        source_job: Some("urn:uuid:0189f3a2-0000-7000-8000-00000000abcd".to_owned()),
        charged: Some(0),
        document: Some("minutes.pdf".to_owned()),
        time_quality: TimeQuality::Exact,
        function: JobFunction::Print,
        state: JobState::Completed,
        color_mode: Some(ColorMode::Auto),
        sides: Some(Sides::TwoSidedLongEdge),
        counts: Counts {
            pages: Some(3),
            copies: Some(2),
            impressions: Some(6),
            color_impressions: Some(2),
            sheets: Some(4),
            sheets_quality: SheetsQuality::Derived,
            evidence: Evidence::Spooler,
        },
        flags: CountFlags::COPIES_ASSUMED.with(CountFlags::USER_CLAIMED),
        bytes: Some(48_213),
        cost: Some((Micros(245_000), 1)),
        revision: 1,
    }
}

/// Words and printers by number; those behind the end are gone.
pub(super) struct Samples {
    words: Vec<&'static str>,
    printers: Vec<PrinterNames>,
}

impl Default for Samples {
    fn default() -> Self {
        let lobby = PrinterNames {
            source: "cups|3f0c9a52".to_owned(),
            queue: Some("lobby".to_owned()),
            device: Some(DeviceId::from_bytes([7; 16])),
            serial: Some("7529930".to_owned()),
            manufacturer: Some("Lexmark".to_owned()),
            model: Some("CX725".to_owned()),
            name: None,
            location: Some("Berlin / \"2nd\" floor".to_owned()),
        };
        let bare = PrinterNames {
            source: "win|printsrv1".to_owned(),
            ..PrinterNames::default()
        };
        Self {
            words: vec![
                "anna",
                "",
                "=cmd|' /C calc'!A0",
                "4711; -1",
                "PC-\\\"17\"",
                "J\u{fc}rgen's\tWriter\u{0}",
                "iso_a3_297x420mm",
                "anna",
                "Writer",
                "UNI",
            ],
            printers: vec![lobby, bare],
        }
    }
}

impl PrintNames for Samples {
    fn word(&self, number: WordNo) -> Option<&str> {
        self.words.get(number as usize).copied()
    }
    fn printer(&self, number: PrinterNo) -> Option<&PrinterNames> {
        self.printers.get(number as usize)
    }
    fn account_code(&self, number: AccountNo) -> Option<&str> {
        ["4711", "=1+1"].get(number as usize).copied()
    }
    fn currency(&self, price_version: u32) -> Option<&str> {
        ["EUR", "CHF"].get(price_version as usize).copied()
    }
}

pub(super) fn octets(jobs: &[Sample]) -> Vec<u8> {
    let names = Samples::default();
    let mut builder = BlockBuilder::new(&names);
    for job in jobs {
        builder.push(&job.row());
    }
    assert_eq!(builder.rows(), jobs.len());
    builder.finish()
}

pub(super) fn block(jobs: &[Sample]) -> Block {
    Block::parse(octets(jobs)).unwrap()
}

/// Instants close together, as those of one block are, and now and then any.
pub(super) fn instants() -> impl Strategy<Value = Timestamp> {
    prop_oneof![
        // Around 2026-10-25T01:00:00Z, when Berlin's clocks go back.
        20 => 1_792_800_000_000..1_792_980_000_000_i64,
        1 => -70_000_000_000_000..300_000_000_000_000_i64,
    ]
    .prop_map(Timestamp::from_millis)
}

fn number() -> impl Strategy<Value = Option<u32>> {
    prop_oneof![
        Just(None),
        (0..5_u32).prop_map(Some),
        any::<u32>().prop_map(Some)
    ]
}

fn counts() -> impl Strategy<Value = Counts> {
    let numbers = (number(), number(), number(), number(), number());
    let words = (select(SheetsQuality::ALL), select(Evidence::ALL));
    (numbers, words).prop_map(|(numbers, words)| Counts {
        pages: numbers.0,
        copies: numbers.1,
        impressions: numbers.2,
        color_impressions: numbers.3,
        sheets: numbers.4,
        sheets_quality: words.0,
        evidence: words.1,
    })
}

/// UUIDs, now and then the same ones, and any text.
fn source_job() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<[u8; 16]>().prop_map(|bytes| SourceJobId::Uuid(bytes).to_string()),
        Just(SourceJobId::Uuid([0; 16]).to_string()),
        Just("lobby|17|2026-10-25".to_owned()),
        any::<String>(),
    ]
}

fn job() -> impl Strategy<Value = Sample> {
    let times = (instants(), prop::option::of(instants()), 0..1_000_u64);
    let texts = (
        prop::array::uniform6(prop::option::of(0..11_u32)),
        0..3_u32,
        prop::option::of(prop_oneof![Just("Document1".to_owned()), any::<String>()]),
        prop::option::of(source_job()),
        prop::option::of(0..3_u32),
    );
    let words = (
        select(TimeQuality::ALL),
        select(JobFunction::ALL),
        select(JobState::ALL),
        prop::option::of(select(ColorMode::ALL)),
        prop::option::of(select(Sides::ALL)),
        any::<u16>().prop_map(CountFlags::from_bits),
    );
    let amount = prop_oneof![0..90_000_000_i64, i64::MIN + 1..i64::MAX];
    let numbers = (
        counts(),
        prop::option::of(prop_oneof![0..100_000_u64, 0..u64::MAX]),
        prop::option::of((amount.prop_map(Micros), 0..3_u32)),
        prop_oneof![0..2_u32, any::<u32>()],
    );
    (times, texts, words, numbers).prop_map(|(times, texts, words, numbers)| Sample {
        completed_at: times.0,
        job_no: times.2,
        submitted_at: times.1,
        words: texts.0,
        printer: texts.1,
        document: texts.2,
        source_job: texts.3,
        charged: texts.4,
        time_quality: words.0,
        function: words.1,
        state: words.2,
        color_mode: words.3,
        sides: words.4,
        flags: words.5,
        counts: numbers.0,
        bytes: numbers.1,
        cost: numbers.2,
        revision: numbers.3,
    })
}

/// Up to so many jobs in their order, of which many share their tuples.
pub(super) fn jobs(most: usize) -> impl Strategy<Value = Vec<Sample>> {
    let tuples = prop::collection::vec(job(), 1..12);
    let rows = prop::collection::vec(
        (job(), any::<prop::sample::Index>(), any::<bool>()),
        0..most,
    );
    (tuples, rows).prop_map(|(tuples, rows)| {
        let shared = |(own, index, shares): (Sample, prop::sample::Index, bool)| {
            let other = index.get(&tuples).clone();
            let times = (own.completed_at, own.submitted_at, own.job_no);
            let mut job = if shares { other } else { own };
            (job.completed_at, job.submitted_at, job.job_no) = times;
            job
        };
        let mut jobs: Vec<_> = rows.into_iter().map(shared).collect();
        jobs.sort_by_key(|job| (job.completed_at, job.job_no));
        jobs.dedup_by_key(|job| (job.completed_at, job.job_no));
        jobs
    })
}

/// What the column must show, straight from the row.
pub(super) fn cell<'a>(field: Field, row: &PrintRow<'a>, names: &'a Samples) -> Cell<'a> {
    let word = |number: Option<WordNo>| Cell::text(number.and_then(|number| names.word(number)));
    let printer = names.printer(row.printer);
    let of_printer = |text: fn(&PrinterNames) -> Option<&str>| Cell::text(printer.and_then(text));
    let keyword = |keyword: &'static str| Cell::Text(Cow::Borrowed(keyword));
    let media = row.media.and_then(|media| names.word(media));
    let paper = row
        .counts
        .sheets
        .map(|sheets| paper_milligrams(sheets, media));
    let grams = |milligrams: Option<u64>| {
        let grams = |milligrams| Decimal::grams(i64::try_from(milligrams).unwrap());
        milligrams.map_or(Cell::Null, |milligrams| Cell::Decimal(grams(milligrams)))
    };
    match field {
        Field::CompletedAt => Cell::Instant(row.completed_at),
        Field::SubmittedAt => Cell::instant(row.submitted_at),
        Field::TimeQuality => keyword(row.time_quality.keyword()),
        Field::UserName => word(row.user),
        Field::UserDomain => word(row.user_domain),
        Field::Account => word(row.account),
        Field::ClientName => word(row.client),
        Field::Document => Cell::text(row.document),
        Field::Application => word(row.application),
        Field::QueueName => of_printer(|names| names.queue.as_deref()),
        Field::SerialNumber => of_printer(|names| names.serial.as_deref()),
        Field::Manufacturer => of_printer(|names| names.manufacturer.as_deref()),
        Field::Model => of_printer(|names| names.model.as_deref()),
        Field::Location => of_printer(|names| names.location.as_deref()),
        Field::DeviceId => {
            let device = printer.and_then(|names| names.device);
            Cell::text_owned(device.map(|device| device.to_string()))
        }
        Field::JobType => keyword(row.function.keyword()),
        Field::JobState => keyword(row.state.keyword()),
        Field::Pages => Cell::integer(row.counts.pages),
        Field::Copies => Cell::integer(row.counts.copies),
        Field::Impressions => Cell::integer(row.counts.impressions),
        Field::ImpressionsMono => Cell::integer(row.counts.mono_impressions()),
        Field::ImpressionsColor => Cell::integer(row.counts.color_impressions),
        Field::Sheets => Cell::integer(row.counts.sheets),
        Field::SheetsQuality => keyword(row.counts.sheets_quality.keyword()),
        Field::ColorMode => Cell::text(row.color_mode.map(ColorMode::keyword)),
        Field::Sides => Cell::text(row.sides.map(Sides::keyword)),
        Field::PaperSize => word(row.media),
        Field::Bytes => Cell::integer(row.bytes),
        Field::Cost => row.cost.map_or(Cell::Null, |(amount, _)| {
            Cell::Decimal(Decimal::money(amount.0))
        }),
        Field::Currency => Cell::text(row.cost.and_then(|(_, version)| names.currency(version))),
        Field::CountEvidence => keyword(row.counts.evidence.keyword()),
        Field::Remarks => {
            let keywords: Vec<_> = row.flags.keywords().collect();
            Cell::Text(Cow::Owned(keywords.join("; ")))
        }
        Field::PaperGrams => grams(paper),
        Field::Co2Grams => grams(paper.map(co2_milligrams)),
        Field::Source => of_printer(|names| Some(&names.source)),
        Field::Revision => Cell::integer(Some(row.revision)),
        Field::TransactionId => Cell::Integer(row.job_no),
        Field::SourceJobId => Cell::text_owned(row.source_job.map(|id| id.to_string())),
        Field::ChargedAccount => {
            let account = row.charged_account;
            Cell::text(account.and_then(|account| names.account_code(account)))
        }
    }
}
