//! One file of a drop directory: what is readable of it, and how far it was read.

use std::cell::Cell;
use std::fmt;
use std::fs::File;
use std::io::{self, BufReader, Read, Seek as _, SeekFrom};
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;
use std::str::FromStr;

use platen_collect::joblog::SAMPLE_OCTETS;
use platen_collect::joblog::{self, Entry, Kind, LINE_MAX_OCTETS, Options, ReadError};
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
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            modified,
            octets,
            digest,
            entries,
            complete,
        } = self;
        let complete = u8::from(*complete);
        write!(
            f,
            "{VERSION} {modified} {octets} {digest} {entries} {complete}"
        )
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
            };
            words.next().is_none().then_some(place)
        };
        read().ok_or(())
    }
}

/// What is to be read of a file now.
pub(super) struct Task {
    file: File,
    kind: Kind,
    /// Where reading stops; what lies behind may be half written.
    octets: u64,
    digest: u64,
    modified: i128,
    /// Entries that were taken before.
    skip: u64,
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
        let mut skip = 0;
        if let Some(place) = place.filter(|place| place.octets <= octets) {
            // Only what begins with all that was read before has grown; a new export under an
            // old name may share its header, and more.
            let grown = digest(&mut file, place.octets)? == place.digest;
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
        }))
    }

    /// Reads to the end and sends what was not taken before; stops where nobody receives.
    pub(super) fn run(
        self,
        name: &str,
        options: &Options,
        chunks: &Sender<Chunk>,
    ) -> Result<(), ReadError> {
        let Self {
            mut file,
            kind,
            octets,
            digest,
            modified,
            skip,
        } = self;
        file.seek(SeekFrom::Start(0))?;
        let gone = Cell::new(false);
        let mut reader = BufReader::new(While {
            inner: file.take(octets),
            gone: &gone,
        });
        let (mut records, mut refusals, mut told, mut entries) =
            (Vec::new(), Refusals::default(), 0, 0);
        let give = |records: Vec<PrintRecord>, refused: u64, entries, complete| {
            let place = Place {
                modified,
                octets,
                digest,
                entries,
                complete,
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
        joblog::read(kind, options, &mut reader, &mut |entry| {
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
                give(std::mem::take(&mut records), refused, entries, false);
            }
        })?;
        if !gone.get() {
            give(records, refusals.count - told, entries, true);
        }
        Ok(())
    }
}

/// The format of a file by its name and how it begins; `None` where nothing tells.
pub(super) fn detect(file: &mut File, name: &str) -> io::Result<Option<Kind>> {
    let start = beginning(file, SAMPLE_OCTETS as u64)?;
    Ok(Kind::detect(name, &start))
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

/// Ends early when what is read is wanted no more.
struct While<'a, R> {
    inner: R,
    gone: &'a Cell<bool>,
}

impl<R: Read> Read for While<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.gone.get() {
            return Ok(0);
        }
        self.inner.read(buffer)
    }
}

/// Opens a file for reading, if it is one: no directory, no pipe that would never end.
pub(super) fn open(path: &Path) -> io::Result<Option<File>> {
    if !std::fs::metadata(path)?.is_file() {
        return Ok(None);
    }
    File::open(path).map(Some)
}
