//! One file of a drop directory: what is readable of it, and how far it was read.

use std::cell::Cell;
use std::fmt;
use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;
use std::str::FromStr;

use platen_collect::joblog::SAMPLE_OCTETS;
use platen_collect::joblog::{
    self, DateOrder, Entry, Kind, LINE_MAX_OCTETS, Options, ReadAs, ReadError,
};
use platen_domain::clock::Timestamp;
use platen_domain::print_jobs::PrintRecord;
use sha2::{Digest as _, Sha256};
use tokio::sync::mpsc::Sender;

use super::{PIECE_RECORDS, Refusals};

/// The form of a cursor's text, for whoever changes it.
const VERSION: &str = "drop1";

/// Octets read at once where a file is only compared.
const READ_OCTETS: usize = 64 * 1024;

/// A file as it was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Sight {
    pub(super) octets: u64,
    /// Nanoseconds since 1970.
    pub(super) modified: i128,
}

impl Sight {
    pub(super) fn of(file: &File) -> io::Result<Self> {
        let metadata = file.metadata()?;
        let nanos =
            i128::from(metadata.mtime()) * 1_000_000_000 + i128::from(metadata.mtime_nsec());
        Ok(Self {
            octets: metadata.len(),
            modified: nanos,
        })
    }
}

/// How far a file was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    /// When the file was changed last, as of then.
    modified: i128,
    /// Octets of it that were to be read.
    octets: u64,
    /// First eight octets of their SHA-256.
    digest: u64,
    /// Entries taken of those.
    entries: u64,
    /// Whether these were all.
    complete: bool,
    /// The order of its dates, once all of it was read by one: what comes later goes by it too.
    date_order: Option<DateOrder>,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            modified,
            octets,
            digest,
            entries,
            complete,
            date_order,
        } = self;
        let complete = u8::from(*complete);
        write!(
            f,
            "{VERSION} {modified} {octets} {digest} {entries} {complete}"
        )?;
        match date_order {
            Some(order) => write!(f, " {}", order.keyword()),
            None => Ok(()),
        }
    }
}

impl FromStr for Place {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let read = || {
            let mut words = text.strip_prefix(VERSION)?.strip_prefix(' ')?.split(' ');
            let place = Self {
                modified: words.next()?.parse().ok()?,
                octets: words.next()?.parse().ok()?,
                digest: words.next()?.parse().ok()?,
                entries: words.next()?.parse().ok()?,
                complete: words.next()? == "1",
                date_order: words.next().and_then(DateOrder::from_keyword),
            };
            words.next().is_none().then_some(place)
        };
        read().ok_or(())
    }
}

/// What is to be read of a file now.
pub(super) struct Task {
    file: File,
    pub(super) kind: Kind,
    /// Where reading stops; what lies behind may be half written.
    octets: u64,
    digest: u64,
    modified: i128,
    /// Entries that were taken before.
    skip: u64,
    /// The order of dates by which they were read.
    date_order: Option<DateOrder>,
}

/// Records on their way, and the place behind them.
pub(super) struct Chunk {
    pub(super) records: Vec<PrintRecord>,
    pub(super) place: Place,
    pub(super) refused: u64,
}

/// Whether a line is an entry, whatever lines come after it: then a file that grew is read on
/// from the entry behind the last one.
const fn is_line_by_line(kind: Kind) -> bool {
    matches!(kind, Kind::Ndjson | Kind::PaperCut | Kind::Table)
}

impl Task {
    /// What is to be read of an open file. `settled` says that nobody seems to write it any more;
    /// otherwise what stands behind its last line end is left for later. `None` where there is
    /// nothing now.
    pub(super) fn of(
        mut file: File,
        kind: Kind,
        place: Option<Place>,
        settled: bool,
    ) -> io::Result<Option<Self>> {
        let sight = Sight::of(&file)?;
        let start = beginning(&mut file, SAMPLE_OCTETS as u64)?;
        let octets = if settled {
            sight.octets
        } else if is_cut_at_lines(kind, &start) {
            behind_last_line(&mut file, sight.octets)?
        } else {
            return Ok(None);
        };
        let is_now = |place: &Place| (place.octets, place.modified) == (octets, sight.modified);
        if place.is_some_and(|place| place.complete && is_now(&place)) {
            return Ok(None);
        }
        let (mut skip, mut date_order) = (0, None);
        if let Some(place) = place.filter(|place| place.octets <= octets) {
            // Only what begins with all that was read before has grown; a new export under an
            // old name may share its header, and more.
            let grown = digest(&mut file, place.octets)? == place.digest;
            if grown {
                date_order = place.date_order;
            }
            if grown && (is_now(&place) || is_line_by_line(kind)) {
                skip = place.entries;
            }
        }
        if octets == 0 {
            return Ok(None);
        }
        Ok(Some(Self {
            digest: digest(&mut file, octets)?,
            file,
            kind,
            octets,
            modified: sight.modified,
            skip,
            date_order,
        }))
    }

    /// Reads to the end and sends what was not taken before; stops where nobody receives.
    ///
    /// `now` bounds the dates of the file, and so does when it was changed last.
    pub(super) fn run(
        &mut self,
        name: &str,
        options: &Options,
        now: Timestamp,
        chunks: &Sender<Chunk>,
    ) -> Result<(), ReadError> {
        let Self {
            ref mut file,
            kind,
            octets,
            digest,
            modified,
            skip,
            date_order,
        } = *self;
        let options = &Options {
            date_order: options.date_order.or(date_order),
            not_after: vec![now, changed_at(modified)],
            ..options.clone()
        };
        file.seek(SeekFrom::Start(0))?;
        let gone = Cell::new(false);
        let mut reader = BufReader::new(Part {
            file,
            octets,
            place: 0,
            gone: &gone,
        });
        let (mut records, mut refusals, mut told, mut entries) =
            (Vec::new(), Refusals::default(), 0, 0);
        let give = |records: Vec<PrintRecord>, refused: u64, entries, order: Option<ReadAs>| {
            let place = Place {
                modified,
                octets,
                digest,
                entries,
                complete: order.is_some(),
                date_order: order.map_or(date_order, |read| read.date_order),
            };
            let chunk = Chunk {
                records,
                place,
                refused,
            };
            if chunks.blocking_send(chunk).is_err() {
                gone.set(true);
            }
        };
        let read = joblog::read(kind, options, &mut reader, &mut |entry| {
            entries += 1;
            if entries <= skip || gone.get() {
                return;
            }
            match entry {
                Entry::Record(record) => records.push(*record),
                Entry::Skipped { .. } => {}
                Entry::Refused { line, reason } => refusals.note(name, line, &reason),
            }
            if records.len() >= PIECE_RECORDS {
                let refused = refusals.count - told;
                told = refusals.count;
                give(std::mem::take(&mut records), refused, entries, None);
            }
        })?;
        if let Some(format) = &read.page_log {
            tracing::info!(
                place = name,
                read_as = format.words(),
                "a form is recognised"
            );
        }
        if !gone.get() {
            give(records, refusals.count - told, entries, Some(read));
        }
        Ok(())
    }
}

/// When a file was changed last.
fn changed_at(nanoseconds: i128) -> Timestamp {
    let millis = i64::try_from(nanoseconds / 1_000_000).unwrap_or(i64::MAX);
    Timestamp::from_millis(millis)
}

/// The order of day and month that the lines of a file tell, if it is one of this kind.
pub(super) fn date_order(
    path: &Path,
    kind: Kind,
    is_kind_said: bool,
    options: &Options,
    now: Timestamp,
) -> Option<DateOrder> {
    let mut file = open(path).ok()??;
    let sight = Sight::of(&file).ok()?;
    let name = path.file_name()?.to_string_lossy();
    if !is_kind_said && detect(&mut file, &name, options).ok()? != Some(kind) {
        return None;
    }
    file.seek(SeekFrom::Start(0)).ok()?;
    let options = Options {
        not_after: vec![now, changed_at(sight.modified)],
        ..options.clone()
    };
    joblog::date_order(kind, &options, &mut BufReader::new(file)).ok()?
}

/// The format of a file by its name and how it begins; `None` where nothing tells.
/// By a column map, where there is one, every table is read.
pub(super) fn detect(file: &mut File, name: &str, options: &Options) -> io::Result<Option<Kind>> {
    let start = beginning(file, SAMPLE_OCTETS as u64)?;
    let has_map = options.column_map.is_some();
    Ok(Kind::detect_mapped(name, &start, has_map))
}

/// Whether a file can be cut behind any line end: lines, in an encoding of octets.
fn is_cut_at_lines(kind: Kind, start: &[u8]) -> bool {
    let is_wide = start.starts_with(b"\xFF\xFE") || start.starts_with(b"\xFE\xFF");
    !is_wide && (is_line_by_line(kind) || matches!(kind, Kind::PageLog | Kind::WindowsCsv))
}

fn beginning(file: &mut File, octets: u64) -> io::Result<Vec<u8>> {
    let mut start = Vec::new();
    file.seek(SeekFrom::Start(0))?;
    file.take(octets).read_to_end(&mut start)?;
    Ok(start)
}

/// The sign of a file's first octets.
fn digest(file: &mut File, octets: u64) -> io::Result<u64> {
    file.seek(SeekFrom::Start(0))?;
    let mut hasher = Sha256::new();
    let mut rest = file.take(octets);
    let mut buffer = vec![0; READ_OCTETS];
    loop {
        let count = rest.read(&mut buffer)?;
        if count == 0 {
            break;
        }
        hasher.update(buffer.get(..count).unwrap_or_default());
    }
    let digest = hasher.finalize();
    Ok(u64::from_be_bytes(
        digest.first_chunk().copied().unwrap_or_default(),
    ))
}

/// Octets up to and with the last line end; 0 where a line's longest length holds none.
fn behind_last_line(file: &mut File, octets: u64) -> io::Result<u64> {
    let from = octets.saturating_sub(LINE_MAX_OCTETS as u64);
    let mut end = Vec::new();
    file.seek(SeekFrom::Start(from))?;
    file.take(octets - from).read_to_end(&mut end)?;
    let last = end.iter().rposition(|octet| *octet == b'\n');
    Ok(last.map_or(0, |last| from + last as u64 + 1))
}

/// The first octets of a file. It ends early when what is read is wanted no more.
struct Part<'a> {
    file: &'a mut File,
    octets: u64,
    place: u64,
    gone: &'a Cell<bool>,
}

impl Read for Part<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.gone.get() {
            return Ok(0);
        }
        let left = self.octets.saturating_sub(self.place);
        let room = usize::try_from(left)
            .unwrap_or(usize::MAX)
            .min(buffer.len());
        let buffer = buffer.get_mut(..room).unwrap_or_default();
        let count = self.file.read(buffer)?;
        self.place += count as u64;
        Ok(count)
    }
}

impl Seek for Part<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let to = match to {
            SeekFrom::End(from_end) => {
                let place = self.octets.checked_add_signed(from_end);
                SeekFrom::Start(place.ok_or(io::ErrorKind::InvalidInput)?)
            }
            other => other,
        };
        self.place = self.file.seek(to)?;
        Ok(self.place)
    }
}

/// Opens a file for reading, if it is one: no directory, no pipe that would never end.
pub(super) fn open(path: &Path) -> io::Result<Option<File>> {
    if !std::fs::metadata(path)?.is_file() {
        return Ok(None);
    }
    File::open(path).map(Some)
}
