//! Builds blocks from rows.

use std::collections::HashMap;
use std::hash::Hash;

use foldhash::fast::RandomState;

use platen_domain::environment::paper_milligrams;
use platen_domain::print_jobs::{
    ColorMode, CountFlags, Evidence, JobFunction, JobState, SheetsQuality, Sides, TimeQuality,
};
use platen_domain::print_rows::{AccountNo, PrintNames, PrintRow, PrinterNo, WordNo};
use platen_domain::source_job_ids::SourceJobId;

use super::groups::{Group, counts, how, printer, source_job, who};
use super::ints::{self, optional, zigzag};
use super::{CHECKED_FROM, MAGIC, VERSION};

/// Octets of a CRC-32.
const CHECKSUM_OCTETS: usize = 4;

/// Takes rows in and makes a [`super::Block`] of them.
pub struct BlockBuilder<'n> {
    names: &'n dyn PrintNames,
    completed_at: Vec<u64>,
    submitted_before: Vec<u64>,
    bytes: Vec<u64>,
    job_no: Vec<u64>,
    who: Coder<WhoKey, { who::SLOTS }>,
    source_jobs: Coder<(), { source_job::SLOTS }>,
    documents: Coder<u64, 1>,
    applications: Coder<Option<WordNo>, 1>,
    printers: Coder<PrinterNo, { printer::SLOTS }>,
    how: Coder<How, { how::SLOTS }>,
    counts: Coder<CountKey, { counts::SLOTS }>,
    texts: Texts,
}

/// What tells the tuples of [`Group::Who`] apart: four words, and the account that is charged.
type WhoKey = ([Option<WordNo>; 4], Option<AccountNo>);

/// What tells the tuples of [`Group::How`] apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct How {
    time_quality: TimeQuality,
    function: JobFunction,
    state: JobState,
    sheets_quality: SheetsQuality,
    color_mode: Option<ColorMode>,
    sides: Option<Sides>,
    media: Option<WordNo>,
    evidence: Evidence,
    flags: CountFlags,
    revision: u32,
}

/// What tells the tuples of [`Group::Counts`] apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct CountKey {
    counts: [Option<u32>; 5],
    cost: Option<(i64, u32)>,
    /// Where there are sheets, whose weight it decides.
    media: Option<WordNo>,
}

impl<'n> BlockBuilder<'n> {
    /// A builder that asks `names` what the numbers in rows stand for.
    pub fn new(names: &'n dyn PrintNames) -> Self {
        Self {
            names,
            completed_at: Vec::new(),
            submitted_before: Vec::new(),
            bytes: Vec::new(),
            job_no: Vec::new(),
            who: Coder::default(),
            source_jobs: Coder::default(),
            documents: Coder::default(),
            applications: Coder::default(),
            printers: Coder::default(),
            how: Coder::default(),
            counts: Coder::default(),
            texts: Texts::default(),
        }
    }

    /// How many rows were taken in. [`super::BLOCK_ROWS_MAX`] is the most that can be read back.
    pub fn rows(&self) -> usize {
        self.job_no.len()
    }

    /// Takes in a row. Rows come in the order of `completed_at`, then of `job_no`, each once:
    /// a block with others cannot be read back.
    pub fn push(&mut self, row: &PrintRow<'_>) {
        let completed_at = row.completed_at.as_millis();
        let before = row
            .submitted_at
            .map(|at| zigzag(completed_at.wrapping_sub(at.as_millis())));
        self.completed_at.push(completed_at.cast_unsigned());
        self.submitted_before.push(optional(before));
        self.bytes.push(optional(row.bytes));
        self.job_no.push(row.job_no);
        let (names, texts) = (self.names, &mut self.texts);
        let who = [row.user, row.user_domain, row.account, row.client];
        let charged = row.charged_account;
        self.who.code((who, charged), || {
            let [user, domain, account, client] = who.map(|word| texts.word(word, names));
            let charged = charged.and_then(|account| names.account_code(account));
            [user, domain, account, client, texts.optional(charged)]
        });
        self.source_jobs.push(source_job_slots(row, texts));
        let document = texts.optional(row.document);
        self.documents.code(document, || [document]);
        self.applications
            .code(row.application, || [texts.word(row.application, names)]);
        self.printers
            .code(row.printer, || printer_slots(row.printer, names, texts));
        let key = How::of(row);
        self.how.code(key, || key.slots(names, texts));
        let key = CountKey::of(row);
        self.counts.code(key, || key.slots(names, texts));
    }

    /// The block of the rows taken in.
    pub fn finish(self) -> Vec<u8> {
        let mut out = Vec::new();
        out.extend_from_slice(&MAGIC);
        out.extend_from_slice(&VERSION.to_le_bytes());
        out.extend_from_slice(&[0; CHECKSUM_OCTETS]);
        let octets = u64::try_from(self.texts.heap.len()).unwrap_or(u64::MAX);
        out.extend_from_slice(&octets.to_le_bytes());
        put_count(self.job_no.len(), &mut out);
        let columns = [
            &self.completed_at,
            &self.submitted_before,
            &self.bytes,
            &self.job_no,
        ];
        for column in columns {
            ints::write(column.iter().copied(), &mut out);
        }
        for group in Group::ALL {
            match group {
                Group::Who => self.who.write(&mut out),
                Group::SourceJob => self.source_jobs.write(&mut out),
                Group::Document => self.documents.write(&mut out),
                Group::Application => self.applications.write(&mut out),
                Group::Printer => self.printers.write(&mut out),
                Group::How => self.how.write(&mut out),
                Group::Counts => self.counts.write(&mut out),
            }
        }
        put_count(self.texts.ends.len(), &mut out);
        ints::write(self.texts.ends.iter().copied(), &mut out);
        out.extend_from_slice(self.texts.heap.as_bytes());
        let checked = out.get(CHECKED_FROM..).unwrap_or_default();
        let checksum = crc32fast::hash(checked).to_le_bytes();
        if let Some(place) = out.get_mut(CHECKED_FROM - CHECKSUM_OCTETS..CHECKED_FROM) {
            place.copy_from_slice(&checksum);
        }
        out
    }
}

/// Appends a count. One that does not fit is one that [`super::Block::parse`] refuses.
fn put_count(count: usize, out: &mut Vec<u8>) {
    out.extend_from_slice(&u32::try_from(count).unwrap_or(u32::MAX).to_le_bytes());
}

impl How {
    const fn of(row: &PrintRow<'_>) -> Self {
        Self {
            time_quality: row.time_quality,
            function: row.function,
            state: row.state,
            sheets_quality: row.counts.sheets_quality,
            color_mode: row.color_mode,
            sides: row.sides,
            media: row.media,
            evidence: row.counts.evidence,
            flags: row.flags,
            revision: row.revision,
        }
    }

    fn slots(&self, names: &dyn PrintNames, texts: &mut Texts) -> [u64; how::SLOTS] {
        let mut slots = [0; how::SLOTS];
        slots[how::TIME_QUALITY] = optional(Some(self.time_quality.number()));
        slots[how::FUNCTION] = optional(Some(self.function.number()));
        slots[how::STATE] = optional(Some(self.state.number()));
        slots[how::SHEETS_QUALITY] = optional(Some(self.sheets_quality.number()));
        slots[how::COLOR_MODE] = optional(self.color_mode.map(ColorMode::number));
        slots[how::SIDES] = optional(self.sides.map(Sides::number));
        slots[how::MEDIA] = texts.word(self.media, names);
        slots[how::EVIDENCE] = optional(Some(self.evidence.number()));
        slots[how::FLAGS] = optional(Some(self.flags.bits()));
        slots[how::REVISION] = optional(Some(self.revision));
        slots
    }
}

impl CountKey {
    fn of(row: &PrintRow<'_>) -> Self {
        let counts = &row.counts;
        Self {
            counts: [
                counts.pages,
                counts.copies,
                counts.impressions,
                counts.color_impressions,
                counts.sheets,
            ],
            cost: row.cost.map(|(amount, version)| (amount.0, version)),
            media: counts.sheets.and(row.media),
        }
    }

    fn slots(&self, names: &dyn PrintNames, texts: &mut Texts) -> [u64; counts::SLOTS] {
        let [pages, copies, impressions, color, sheets] = self.counts;
        let media = self.media.and_then(|media| names.word(media));
        let currency = self.cost.and_then(|(_, version)| names.currency(version));
        let mut slots = [0; counts::SLOTS];
        slots[counts::PAGES] = optional(pages);
        slots[counts::COPIES] = optional(copies);
        slots[counts::IMPRESSIONS] = optional(impressions);
        slots[counts::COLOR] = optional(color);
        slots[counts::SHEETS] = optional(sheets);
        slots[counts::COST] = optional(self.cost.map(|(amount, _)| zigzag(amount)));
        slots[counts::CURRENCY] = texts.optional(currency);
        slots[counts::PAPER] = optional(sheets.map(|sheets| paper_milligrams(sheets, media)));
        slots
    }
}

fn source_job_slots(row: &PrintRow<'_>, texts: &mut Texts) -> [u64; source_job::SLOTS] {
    let mut slots = [0; source_job::SLOTS];
    match row.source_job {
        None => {}
        Some(SourceJobId::Text(text)) => slots[source_job::TEXT] = texts.rare(text),
        Some(SourceJobId::Uuid(bytes)) => {
            let [high, low] = halves(u128::from_be_bytes(bytes));
            slots[source_job::IS_UUID] = 1;
            slots[source_job::HIGH] = high;
            slots[source_job::LOW] = low;
        }
    }
    slots
}

/// The upper and the lower 64 bits.
fn halves(number: u128) -> [u64; 2] {
    let half = |bits: u128| u64::try_from(bits).unwrap_or(0);
    [
        half(number >> u64::BITS),
        half(number & u128::from(u64::MAX)),
    ]
}

fn printer_slots(
    number: PrinterNo,
    names: &dyn PrintNames,
    texts: &mut Texts,
) -> [u64; printer::SLOTS] {
    let mut slots = [0; printer::SLOTS];
    let Some(names) = names.printer(number) else {
        return slots;
    };
    let device = names.device.map(|device| device.to_string());
    slots[printer::QUEUE] = texts.optional(names.queue.as_deref());
    slots[printer::SERIAL] = texts.optional(names.serial.as_deref());
    slots[printer::MANUFACTURER] = texts.optional(names.manufacturer.as_deref());
    slots[printer::MODEL] = texts.optional(names.model.as_deref());
    slots[printer::LOCATION] = texts.optional(names.location.as_deref());
    slots[printer::DEVICE] = texts.optional(device.as_deref());
    slots[printer::SOURCE] = texts.optional(Some(&names.source));
    slots
}

/// Numbers the distinct tuples of a group.
struct Coder<K, const SLOTS: usize> {
    known: HashMap<K, u32, RandomState>,
    tuples: Vec<[u64; SLOTS]>,
    codes: Vec<u32>,
}

impl<K, const SLOTS: usize> Default for Coder<K, SLOTS> {
    fn default() -> Self {
        Self {
            known: HashMap::default(),
            tuples: Vec::new(),
            codes: Vec::new(),
        }
    }
}

impl<K, const SLOTS: usize> Coder<K, SLOTS> {
    /// Gives the next row a tuple of its own, whether another row has the same or not.
    fn push(&mut self, tuple: [u64; SLOTS]) {
        self.codes
            .push(u32::try_from(self.tuples.len()).unwrap_or(u32::MAX));
        self.tuples.push(tuple);
    }

    fn write(&self, out: &mut Vec<u8>) {
        put_count(self.tuples.len(), out);
        ints::write(self.codes.iter().map(|code| u64::from(*code)), out);
        for slot in 0..SLOTS {
            let numbers = self.tuples.iter().filter_map(|tuple| tuple.get(slot));
            ints::write(numbers.copied(), out);
        }
    }
}

impl<K: Eq + Hash, const SLOTS: usize> Coder<K, SLOTS> {
    /// Gives the next row the tuple with this key, which is made the first time.
    fn code(&mut self, key: K, tuple: impl FnOnce() -> [u64; SLOTS]) {
        let code = *self.known.entry(key).or_insert_with(|| {
            self.tuples.push(tuple());
            u32::try_from(self.tuples.len() - 1).unwrap_or(u32::MAX)
        });
        self.codes.push(code);
    }
}

/// Every text, once but for rare ones.
#[derive(Default)]
struct Texts {
    known: HashMap<Box<str>, u64, RandomState>,
    /// Where each ends.
    ends: Vec<u64>,
    heap: String,
}

impl Texts {
    /// The number of a text, optional as in [`optional`].
    fn optional(&mut self, text: Option<&str>) -> u64 {
        let Some(text) = text else { return 0 };
        if let Some(known) = self.known.get(text) {
            return *known;
        }
        let number = self.add(text);
        self.known.insert(text.into(), number);
        number
    }

    /// The number of a text that no other row is expected to have: it is not looked for.
    fn rare(&mut self, text: &str) -> u64 {
        // Of empty texts a block has one at most.
        if text.is_empty() {
            return self.optional(Some(text));
        }
        self.add(text)
    }

    fn add(&mut self, text: &str) -> u64 {
        self.heap.push_str(text);
        self.ends
            .push(u64::try_from(self.heap.len()).unwrap_or(u64::MAX));
        optional(u64::try_from(self.ends.len() - 1).ok())
    }

    fn word(&mut self, word: Option<WordNo>, names: &dyn PrintNames) -> u64 {
        self.optional(word.and_then(|word| names.word(word)))
    }
}
