//! A log file on its way in.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use indicatif::{ProgressBar, ProgressStyle};
use platen_collect::joblog::{self, Entry, Kind, Options, ReadAs, ReadError, SAMPLE_OCTETS};
use tokio::sync::mpsc;

use super::dates;
use crate::cli::Import;

/// Entries handed over at once: what one write takes in.
const PART: usize = platen_app::printing::print_jobs::RECORDS_PER_WRITE_MAX;

/// Octets read at once.
const BUFFER: usize = 256 * 1024;

/// An entry, and the line that was read when it was settled; `None` where lines are not counted.
pub(super) type Placed = (Option<u64>, Entry);

/// A file of which the format is known.
#[derive(Clone)]
pub(super) struct Log {
    path: PathBuf,
    kind: Kind,
    octets: u64,
    /// The files that are read in with it.
    beside: Vec<PathBuf>,
}

impl Log {
    /// Looks at the file; what the options say overrules what its content says.
    pub(super) fn open(path: &Path, options: &Import) -> anyhow::Result<Self> {
        let cannot = "cannot be read";
        let file = File::open(path).context(cannot)?;
        let octets = file.metadata().context(cannot)?.len();
        let mut start = Vec::new();
        file.take(SAMPLE_OCTETS as u64)
            .read_to_end(&mut start)
            .context(cannot)?;
        let file_name = path.file_name().unwrap_or_default().to_string_lossy();
        let has_map = options.columns.is_some();
        // The format of a page log is given for a page log.
        let page_log = options.page_log_format.as_ref().map(|_| Kind::PageLog);
        let kind = options.kind.or(page_log);
        let kind = kind.or_else(|| Kind::detect_mapped(&file_name, &start, has_map));
        let kind = kind.with_context(|| {
            let kinds: Vec<_> = Kind::ALL.iter().map(|kind| kind.keyword()).collect();
            format!(
                "nothing tells which kind of print log this is; it begins with {:?}; say the kind: \
                 --kind KIND, one of {}",
                beginning(&start),
                kinds.join(", ")
            )
        })?;
        Ok(Self {
            path: path.to_owned(),
            kind,
            octets,
            beside: options
                .files
                .iter()
                .filter(|file| *file != path)
                .cloned()
                .collect(),
        })
    }

    pub(super) const fn kind(&self) -> Kind {
        self.kind
    }

    /// What stands in these lines; nothing where the kind is not read by lines.
    pub(super) fn quote(&self, lines: &BTreeSet<u64>) -> BTreeMap<u64, String> {
        if lines.is_empty() || !self.kind.is_lines() {
            return BTreeMap::new();
        }
        let quoted = File::open(&self.path)
            .and_then(|file| joblog::quote(&mut BufReader::with_capacity(BUFFER, file), lines));
        // The report is as true without them.
        quoted.unwrap_or_default()
    }

    /// How people call it.
    pub(super) fn name(&self) -> String {
        format!("{} ({})", self.path.display(), self.kind.keyword())
    }

    /// Reads it to its end and hands entries over, part by part.
    pub(super) fn read(
        &self,
        options: &Options,
        watched: bool,
        parts: &mpsc::Sender<Vec<Placed>>,
    ) -> anyhow::Result<ReadAs> {
        let mut options = options.clone();
        options.not_after = dates::not_after(&self.path);
        match self.read_by(&options, watched, parts) {
            // Nothing of it was taken in; perhaps the files beside it tell.
            Err(ReadError::DateOrder(question)) => {
                let order = dates::of_neighbours(&self.beside, self.kind, &options);
                options.neighbours_date_order = Some(order.ok_or(ReadError::DateOrder(question))?);
                Ok(self.read_by(&options, watched, parts)?)
            }
            read => Ok(read?),
        }
    }

    fn read_by(
        &self,
        options: &Options,
        watched: bool,
        parts: &mpsc::Sender<Vec<Placed>>,
    ) -> Result<ReadAs, ReadError> {
        let progress = if watched {
            ProgressBar::new(self.octets).with_style(style())
        } else {
            ProgressBar::hidden()
        };
        progress.set_message(self.path.display().to_string());
        let file = progress.wrap_read(File::open(&self.path)?);
        let lines = Cell::new(0);
        let inner = BufReader::with_capacity(BUFFER, file);
        let mut reader = CountingLines {
            inner,
            lines: &lines,
        };
        let counts_lines = self.kind.is_lines();
        let mut part = Vec::with_capacity(PART);
        let hand_over = |part: &mut Vec<Placed>| {
            // A writer that failed says so itself.
            drop(parts.blocking_send(std::mem::take(part)));
        };
        let read = joblog::read(self.kind, options, &mut reader, &mut |entry| {
            part.push((counts_lines.then_some(lines.get()), entry));
            if part.len() >= PART {
                hand_over(&mut part);
            }
        });
        hand_over(&mut part);
        progress.finish_and_clear();
        read
    }
}

/// Counts the lines that are taken from a reader.
struct CountingLines<'c, R> {
    inner: R,
    lines: &'c Cell<u64>,
}

impl<R: BufRead> BufRead for CountingLines<'_, R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.inner.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        if let Ok(read) = self.inner.fill_buf() {
            let ends = read.iter().take(amount).filter(|octet| **octet == b'\n');
            self.lines.set(self.lines.get() + ends.count() as u64);
        }
        self.inner.consume(amount);
    }
}

impl<R: BufRead> Read for CountingLines<'_, R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(into)?;
        let ends = into.iter().take(read).filter(|octet| **octet == b'\n');
        self.lines.set(self.lines.get() + ends.count() as u64);
        Ok(read)
    }
}

impl<R: Seek> Seek for CountingLines<'_, R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let place = self.inner.seek(to)?;
        // A table is read twice.
        if place == 0 {
            self.lines.set(0);
        }
        Ok(place)
    }
}

/// The first line of a file that nobody recognizes.
fn beginning(start: &[u8]) -> String {
    let quoted = joblog::quote(&mut &*start, &BTreeSet::from([1]));
    quoted
        .ok()
        .and_then(|mut lines| lines.remove(&1))
        .unwrap_or_default()
}

fn style() -> ProgressStyle {
    let template = "{msg} {bar:30} {bytes}/{total_bytes} {eta}";
    ProgressStyle::with_template(template).unwrap_or_else(|_wrong| ProgressStyle::default_bar())
}
