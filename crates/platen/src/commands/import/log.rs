//! A log file on its way in.

use std::fs::File;
use std::io::{BufReader, Read as _};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use indicatif::{ProgressBar, ProgressStyle};
use platen_collect::joblog::{self, Entry, Kind, Options, SAMPLE_OCTETS};
use tokio::sync::mpsc;

/// Entries handed over at once: what one write takes in.
const PART: usize = platen_app::print_jobs::RECORDS_PER_WRITE_MAX;

/// Octets read at once.
const BUFFER: usize = 256 * 1024;

/// A file of which the format is known.
pub(super) struct Log {
    path: PathBuf,
    kind: Kind,
    octets: u64,
}

impl Log {
    /// Looks at the file; `kind` overrules what its content says.
    pub(super) fn open(path: &Path, kind: Option<Kind>) -> anyhow::Result<Self> {
        let name = path.display();
        let cannot = || format!("cannot read {name}");
        let file = File::open(path).with_context(cannot)?;
        let octets = file.metadata().with_context(cannot)?.len();
        let mut start = Vec::new();
        file.take(SAMPLE_OCTETS as u64)
            .read_to_end(&mut start)
            .with_context(cannot)?;
        let file_name = path.file_name().unwrap_or_default().to_string_lossy();
        let kind = kind.or_else(|| Kind::detect(&file_name, &start));
        let kind = kind.with_context(|| {
            format!("{name}: nothing tells which kind of print log this is; say it with --kind")
        })?;
        Ok(Self {
            path: path.to_owned(),
            kind,
            octets,
        })
    }

    /// How people call it.
    pub(super) fn name(&self) -> String {
        format!("{} ({})", self.path.display(), self.kind.keyword())
    }

    /// Reads it to its end and hands entries over, part by part.
    pub(super) fn read(
        self,
        options: &Options,
        watched: bool,
        parts: &mpsc::Sender<Vec<Entry>>,
    ) -> anyhow::Result<()> {
        let progress = if watched {
            ProgressBar::new(self.octets).with_style(style())
        } else {
            ProgressBar::hidden()
        };
        progress.set_message(self.path.display().to_string());
        let file = progress.wrap_read(File::open(&self.path)?);
        let mut reader = BufReader::with_capacity(BUFFER, file);
        let mut part = Vec::with_capacity(PART);
        let hand_over = |part: &mut Vec<Entry>| {
            // A writer that failed says so itself.
            drop(parts.blocking_send(std::mem::take(part)));
        };
        let read = joblog::read(self.kind, options, &mut reader, &mut |entry| {
            part.push(entry);
            if part.len() >= PART {
                hand_over(&mut part);
            }
        });
        hand_over(&mut part);
        progress.finish_and_clear();
        Ok(read?)
    }
}

fn style() -> ProgressStyle {
    let template = "{msg} {bar:30} {bytes}/{total_bytes} {eta}";
    ProgressStyle::with_template(template).unwrap_or_else(|_wrong| ProgressStyle::default_bar())
}
