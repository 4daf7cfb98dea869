//! `platen import`: print logs from files, listed and taken back.

mod dates;
mod ending;
mod list;
mod log;
mod report;
mod samples;

use std::path::Path;

use anyhow::Context as _;
use jiff::tz::TimeZone;
use platen_app::App;
use platen_app::printing::print_jobs::Verdict;
use platen_app::printing::privacy::Privacy;
use platen_collect::joblog::{Entry, Kind, Options};
use platen_collect::privacy;
use platen_domain::imports::ImportedFile;
use platen_domain::print_jobs::PrintRecord;
use platen_domain::scope::Scope;
use platen_domain::text::tidy_foreign;
use tokio::sync::mpsc;
use tokio::task::spawn_blocking;

use crate::cli::{Import, ImportCommand};
use crate::files;
use crate::opening::{self, with_app};
use crate::terminal::{is_watched, say};

pub(crate) use dates::order as date_order;
use ending::Ending;
use log::{Log, Placed};
use report::Report;

/// Longest column map.
const COLUMN_MAP_BYTES_MAX: usize = 64 * 1024;

/// Entries read ahead of the writer: a few writes' worth.
const READ_AHEAD: usize = 4;

pub(crate) fn run(options: &Import) -> anyhow::Result<()> {
    match &options.command {
        Some(ImportCommand::List(target)) => list::list(target),
        Some(ImportCommand::Undo(undo)) => list::undo(undo),
        None => import(options).map_err(ending::not_begun),
    }
}

fn import(options: &Import) -> anyhow::Result<()> {
    let ending = with_app(&options.target.config.file, async |_, app| {
        let organization =
            opening::organization(&app, options.target.organization.as_deref()).await?;
        let scope = app.access().operator(organization.id);
        let reading = reading(options, &organization.time_zone)?;
        let importing = Importing {
            import: if options.dry_run {
                None
            } else {
                Some(app.printing().begin_import(&scope).await?)
            },
            scope,
            reading,
            zone: TimeZone::get(&organization.time_zone)?,
            app,
        };
        let mut ending = Ending::Whole;
        for file in &options.files {
            ending = ending.max(importing.file(file, options).await?);
        }
        if let Some(import) = importing.import {
            importing
                .app
                .printing()
                .end_import(&importing.scope, import)
                .await?;
            say(&format!(
                "import {import} ended; to take it back: platen import undo {import}\n"
            ));
            let sealed = importing.app.printing().seal_closed_days().await?;
            say(&format!(
                "{sealed} blocks of finished days made ready for reports\n"
            ));
        }
        Ok(ending)
    })?;
    ending.into_result(options.dry_run)
}

/// What the command line says that logs do not say of themselves.
fn reading(options: &Import, organization_zone: &str) -> anyhow::Result<Options> {
    let zone = options.zone.as_deref().unwrap_or(organization_zone);
    let zone = jiff::tz::TimeZone::get(zone)
        .map_err(|_unknown| anyhow::anyhow!("--zone {zone}: not an IANA time zone"))?;
    let encoding = options.encoding.as_deref().map(|label| {
        platen_collect::joblog::Encoding::for_label(label.as_bytes())
            .with_context(|| format!("--encoding {label}: not a known character encoding"))
    });
    let format = options.page_log_format.as_deref().map(str::parse);
    let column_map = options.columns.as_deref().map(column_map);
    Ok(Options {
        encoding: encoding.transpose()?,
        page_log_format: format.transpose().context("--page-log-format")?,
        column_map: column_map.transpose()?,
        date_order: options.date_order,
        ..Options::new(options.instance.as_str(), zone)
    })
}

fn column_map(file: &Path) -> anyhow::Result<platen_collect::joblog::table::ColumnMap> {
    let text = files::read(file, "column map", COLUMN_MAP_BYTES_MAX)?;
    text.parse().with_context(|| file.display().to_string())
}

/// What the files of an import share.
struct Importing {
    app: App,
    scope: Scope,
    reading: Options,
    /// In which times are shown.
    zone: TimeZone,
    /// The import's number; `None` where nothing is kept.
    import: Option<u32>,
}

impl Importing {
    /// Takes a file in, and says what became of it.
    async fn file(&self, path: &Path, options: &Import) -> anyhow::Result<Ending> {
        let name = tidy_foreign(&path.display().to_string());
        let log = match Log::open(path, options) {
            Ok(log) => log,
            Err(error) => {
                say(&format!("{name}: refused whole: {error:#}\n"));
                self.note(ImportedFile {
                    name,
                    ..ImportedFile::default()
                })
                .await?;
                return Ok(Ending::FileRefused);
            }
        };
        let mut report = Report::default();
        if let Err(error) = self.take_in(&log, &mut report).await {
            report.broke_off(format!("{error:#}"));
        }
        report.quote(&log.quote(&report.shown_lines()));
        let dry_run = self.import.is_none();
        say(&report.text(&log.name(), log.kind(), dry_run, &self.zone));
        self.note(report.file(name, log.kind())).await?;
        Ok(report.ending())
    }

    async fn note(&self, file: ImportedFile) -> anyhow::Result<()> {
        if let Some(import) = self.import {
            let noted = self
                .app
                .printing()
                .note_imported_file(&self.scope, import, file);
            noted.await?;
        }
        Ok(())
    }

    /// Reads a log on a thread of its own while what was read is written.
    async fn take_in(&self, log: &Log, report: &mut Report) -> anyhow::Result<()> {
        let (sender, mut parts) = mpsc::channel::<Vec<Placed>>(READ_AHEAD);
        let (reading, reader) = (self.reading.clone(), log.clone());
        let read = spawn_blocking(move || reader.read(&reading, is_watched(), &sender));
        let privacy = self.app.people().privacy(&self.scope).await?;
        while let Some(entries) = parts.recv().await {
            let mut lines = Vec::with_capacity(entries.len());
            let mut records = Vec::with_capacity(entries.len());
            for (line, entry) in entries {
                match entry {
                    Entry::Record(mut record) => {
                        let Privacy { policy, key, names } = &privacy;
                        privacy::apply(policy, key, names, &mut record);
                        lines.push(line);
                        records.push(*record);
                    }
                    Entry::Skipped { reason, .. } => report.skipped(reason),
                    Entry::Refused { line, reason } => report.refused(line, &reason),
                }
            }
            let records = self.judged(&lines, records, report).await?;
            let Some(import) = self.import else {
                for mut record in records {
                    let user = record.user.as_deref();
                    let read = user.and_then(|user| privacy.names.read(user));
                    record.user = read.map(|read| read.name.into_owned());
                    report.would_take(&record);
                }
                continue;
            };
            let taken = self
                .app
                .printing()
                .import_print_jobs(&self.scope, import, records);
            for verdict in taken.await? {
                // What is refused was told before.
                if let Verdict::Taken(outcome) = verdict {
                    report.taken(outcome);
                }
            }
        }
        // What was read before a failure is kept; the next import of the file finds it known.
        report.read_as(&read.await??);
        Ok(())
    }

    /// The records that can be kept; the others are told with their lines.
    async fn judged(
        &self,
        lines: &[Option<u64>],
        records: Vec<PrintRecord>,
        report: &mut Report,
    ) -> anyhow::Result<Vec<PrintRecord>> {
        let mut kept = Vec::with_capacity(records.len());
        let judged = self
            .app
            .printing()
            .judge_print_jobs(&self.scope, records)
            .await?;
        for (line, (record, rejection)) in lines.iter().zip(judged) {
            match rejection {
                None => kept.push(record),
                Some(rejection) => report.rejected(*line, &record, rejection, &self.zone),
            }
        }
        Ok(kept)
    }
}

/// The kind of log that `--kind` names.
pub(crate) fn kind(keyword: &str) -> Result<Kind, String> {
    Kind::from_keyword(keyword).ok_or_else(|| {
        let known: Vec<_> = Kind::ALL.iter().map(|kind| kind.keyword()).collect();
        format!("expected one of {}", known.join(", "))
    })
}
