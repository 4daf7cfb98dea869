//! How fast print reports are written: `cargo run --release -p platen-report --example render`.
//!
//! Twenty days of 20,000 jobs: 5,000 users, 300 printers, every tenth title in need of escapes.

#![expect(
    clippy::cast_precision_loss,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a tool for people at a terminal"
)]

use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};

use platen_domain::clock::Timestamp;
use platen_domain::ids::DeviceId;
use platen_domain::prices::Micros;
use platen_domain::print_jobs::{
    ColorMode, CountFlags, Counts, Evidence, JobFunction, JobState, SheetsQuality, Sides,
    TimeQuality,
};
use platen_domain::print_rows::{AccountNo, PrintNames, PrintRow, PrinterNames, PrinterNo, WordNo};
use platen_domain::source_job_ids::SourceJobId;
use platen_report::block::{Block, BlockBuilder, Renderer};
use platen_report::encode::Format;
use platen_report::instants::InstantWriter;
use platen_report::print_jobs::{PrintJobs, PrintLayout};

const DAYS: u32 = 20;
const ROWS_A_DAY: u32 = 20_000;
const USERS: u32 = 5_000;
const ACCOUNTS: u32 = 60;
const APPLICATIONS: u32 = 25;
const MEDIA: [&str; 4] = [
    "iso_a4_210x297mm",
    "iso_a3_297x420mm",
    "na_letter_8.5x11in",
    "iso_a5_148x210mm",
];
const PRINTERS: u32 = 300;
const CHUNK_OCTETS: usize = 64 * 1024;
const ROUNDS: u32 = 15;

/// Numbers that look drawn and are the same every time (xorshift, Marsaglia 2003).
struct Draw(u64);

impl Draw {
    fn below(&mut self, limit: u32) -> u32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        u32::try_from((self.0 >> 32) % u64::from(limit)).unwrap()
    }

    fn uuid(&mut self) -> [u8; 16] {
        let part = |draw: &mut Self| draw.below(u32::MAX).to_be_bytes();
        let mut uuid = [0; 16];
        for place in uuid.as_chunks_mut::<4>().0 {
            *place = part(self);
        }
        uuid
    }

    /// Small numbers far more often than large ones.
    fn skewed(&mut self, limit: u32) -> u32 {
        let roof = self.below(limit) + 1;
        let roof = self.below(roof) + 1;
        self.below(roof)
    }
}

struct Names {
    words: Vec<String>,
    printers: Vec<PrinterNames>,
}

impl Names {
    fn new() -> Self {
        let users = (0..USERS).map(|n| match n % 4 {
            0 => format!("j\u{fc}rgen.m\u{fc}ller{n}"),
            _ => format!("firstname.lastname{n}"),
        });
        let accounts = (0..ACCOUNTS).map(|n| format!("{}-faculty-{n}", 4_000 + n));
        let clients = (0..USERS).map(|n| format!("PC-{:05}.example.org", n * 7));
        let applications = (0..APPLICATIONS).map(|n| format!("Application {n}"));
        let media = MEDIA.map(str::to_owned);
        let printer = |n: u32| PrinterNames {
            source: format!("cups|3f0c9a5{}", n % 4),
            queue: Some(format!("bldg-{}-floor-{}-mfp{n}", n % 12, n % 5)),
            device: Some(DeviceId::from_bytes([u8::try_from(n % 251).unwrap(); 16])),
            serial: Some(format!("VNC3{:06}", n * 37)),
            manufacturer: Some("Hewlett-Packard".to_owned()),
            model: Some(format!("LaserJet MFP M{}", 400 + n % 30)),
            name: None,
            location: Some(format!("Campus / Building {} / Floor {}", n % 12, n % 5)),
        };
        Self {
            words: users
                .chain(accounts)
                .chain(clients)
                .chain(applications)
                .chain(media)
                .collect(),
            printers: (0..PRINTERS).map(printer).collect(),
        }
    }
}

impl PrintNames for Names {
    fn word(&self, number: WordNo) -> Option<&str> {
        self.words.get(number as usize).map(String::as_str)
    }
    fn printer(&self, number: PrinterNo) -> Option<&PrinterNames> {
        self.printers.get(number as usize)
    }
    fn account_code(&self, number: AccountNo) -> Option<&str> {
        self.words.get(number as usize).map(String::as_str)
    }
    fn currency(&self, _price_version: u32) -> Option<&str> {
        Some("EUR")
    }
}

fn title(draw: &mut Draw) -> String {
    let number = draw.below(1_000_000);
    match draw.below(10) {
        0 => format!("Report \"Q{}\" C:\\temp\\{number}.docx", number % 4),
        1 => "Microsoft Word - Document1".to_owned(),
        2 => format!("\u{dc}bung {number} L\u{f6}sung.pdf"),
        _ => format!("Microsoft Excel - budget_{number}_final.xlsx"),
    }
}

fn row<'a>(draw: &mut Draw, at: i64, job_no: u64, title: &'a str) -> PrintRow<'a> {
    let user = draw.skewed(USERS);
    let pages = draw.skewed(60) + 1;
    let copies = if draw.below(10) == 0 {
        draw.below(20) + 1
    } else {
        1
    };
    let color = draw.below(4) == 0;
    let duplex = draw.below(3) > 0;
    let impressions = pages * copies;
    let sheets = copies * if duplex { pages.div_ceil(2) } else { pages };
    let price = if color { 80_000 } else { 15_000 };
    let account = (!user.is_multiple_of(3)).then_some(USERS + user % ACCOUNTS);
    let media = USERS * 2 + ACCOUNTS + APPLICATIONS + u32::from(draw.below(20) == 0);
    PrintRow {
        completed_at: Timestamp::from_millis(at),
        job_no,
        submitted_at: Some(Timestamp::from_millis(
            at - i64::from(1_000 + draw.below(60_000)),
        )),
        time_quality: TimeQuality::Exact,
        user: Some(user),
        user_domain: None,
        account,
        client: Some(USERS + ACCOUNTS + user),
        application: Some(USERS * 2 + ACCOUNTS + draw.skewed(APPLICATIONS)),
        media: Some(media),
        printer: draw.skewed(PRINTERS),
        source_job: Some(SourceJobId::Uuid(draw.uuid())),
        charged_account: account,
        document: Some(title),
        function: JobFunction::Print,
        state: if draw.below(30) == 0 {
            JobState::Canceled
        } else {
            JobState::Completed
        },
        color_mode: Some(if color {
            ColorMode::Color
        } else {
            ColorMode::Monochrome
        }),
        sides: Some(if duplex {
            Sides::TwoSidedLongEdge
        } else {
            Sides::OneSided
        }),
        counts: Counts {
            pages: Some(pages),
            copies: Some(copies),
            impressions: Some(impressions),
            color_impressions: None,
            sheets: Some(sheets),
            sheets_quality: SheetsQuality::Derived,
            evidence: Evidence::Spooler,
        },
        flags: if draw.below(3) == 0 {
            CountFlags::USER_CLAIMED
        } else {
            CountFlags::NONE
        },
        bytes: Some(u64::from(draw.below(8_000_000)) + 20_000),
        cost: Some((
            Micros(i64::from(impressions) * price + i64::from(sheets) * 10_000),
            1,
        )),
        revision: 0,
    }
}

/// Processor time of this thread where Linux tells it, else the time that passed: other programs
/// do not count in the former.
fn spent(began: Instant) -> Duration {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanos = told.split(' ').next().and_then(|nanos| nanos.parse().ok());
    nanos.map_or_else(|| began.elapsed(), Duration::from_nanos)
}

/// The shortest of some rounds, for `rows` of them.
fn measure(what: &str, rows: u32, octets: u64, mut work: impl FnMut()) {
    let start = Instant::now();
    let round = |work: &mut dyn FnMut()| {
        let before = spent(start);
        work();
        spent(start).saturating_sub(before)
    };
    let best = (0..ROUNDS).map(|_| round(&mut work)).min();
    let best = best.unwrap_or(Duration::ZERO).as_secs_f64() / f64::from(rows);
    let nanos = best * 1e9;
    let width = octets as f64 / f64::from(rows);
    println!(
        "{what:<14} {nanos:7.1} ns/row {width:7.1} octets/row {:7.2} GB/s",
        width / nanos
    );
}

fn main() {
    let names = Names::new();
    let mut draw = Draw(0x9e37_79b9_7f4a_7c15);
    let step = i64::from(86_400_000 / ROWS_A_DAY);
    let titles: Vec<String> = (0..ROWS_A_DAY * DAYS).map(|_| title(&mut draw)).collect();
    let mut rows = Vec::new();
    for (title, n) in titles.iter().zip(0_u32..) {
        let at = 1_780_000_000_000 + i64::from(n) * step + i64::from(draw.below(1_000));
        rows.push(row(&mut draw, at, u64::from(n) + 1_000_000, title));
    }
    rows.sort_by_key(|row| (row.completed_at, row.job_no));
    let total = ROWS_A_DAY * DAYS;
    let build = || -> Vec<Vec<u8>> {
        let day = |rows: &[PrintRow<'_>]| {
            let mut builder = BlockBuilder::new(&names);
            for row in rows {
                builder.push(row);
            }
            builder.finish()
        };
        rows.chunks(ROWS_A_DAY as usize).map(day).collect()
    };
    let octets = build();
    let size = octets.iter().map(|block| block.len() as u64).sum();
    measure("build", total, size, || drop(black_box(build())));
    measure("copy, parse", total, size, || {
        for block in &octets {
            drop(black_box(Block::parse(block.clone()).unwrap()));
        }
    });
    let blocks: Vec<Block> = octets
        .into_iter()
        .map(|octets| Block::parse(octets).unwrap())
        .collect();
    for format in Format::ALL {
        let mut out = Vec::with_capacity(2 * CHUNK_OCTETS);
        let mut render = || {
            let layout = Arc::new(PrintLayout::unchanged(PrintJobs));
            let zone = InstantWriter::new("Europe/Berlin").unwrap();
            let mut renderer = Renderer::new(format, layout, zone);
            let mut octets = 0_u64;
            for block in &blocks {
                let mut next = 0;
                while next < block.rows() {
                    out.clear();
                    next += renderer.render(block, next..block.rows(), &mut out, CHUNK_OCTETS);
                    octets += black_box(&out).len() as u64;
                }
            }
            octets
        };
        let octets = render();
        measure(format.keyword(), total, octets, || {
            render();
        });
    }
}
