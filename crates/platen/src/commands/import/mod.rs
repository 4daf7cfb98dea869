//! `platen import`: print logs from files.

mod log;
mod report;

use std::path::Path;

use anyhow::Context as _;
use platen_app::App;
use platen_app::print_jobs::Verdict;
use platen_collect::joblog::{Entry, Kind, Options};
use platen_collect::privacy;
use platen_domain::print_jobs::PrintRecord;
use platen_domain::scope::Scope;
use tokio::sync::mpsc;

use crate::cli::Import;
use crate::files;
use crate::opening::{self, with_app};
use crate::terminal::{is_watched, say};

use log::Log;
use report::Report;

/// Longest column map.
const COLUMN_MAP_BYTES_MAX: usize = 64 * 1024;

/// Entries read ahead of the writer: a few writes' worth.
const READ_AHEAD: usize = 4;

pub(crate) fn run(options: &Import) -> anyhow::Result<()> {
    let mut logs = Vec::new();
    for file in &options.files {
        logs.push(Log::open(file, options.kind)?);
    }
    let unread = with_app(&options.target.config.file, async |_, app| {
        let organization =
            opening::organization(&app, options.target.organization.as_deref()).await?;
        let scope = app.operator(organization.id);
        let reading = reading(options, &organization.time_zone)?;
        let mut unread = 0;
        for log in logs {
            let name = log.name();
            match take_in(&app, &scope, log, &reading, options.dry_run).await {
                Ok(report) => say(&report.text(&name, options.dry_run)),
                Err(error) => {
                    unread += 1;
                    say(&format!("{name}: {error:#}\n"));
                }
            }
        }
        if !options.dry_run {
            let sealed = app.seal_closed_days().await?;
            say(&format!(
                "{sealed} blocks of finished days made ready for reports\n"
            ));
        }
        Ok(unread)
    })?;
    anyhow::ensure!(
        unread == 0,
        "{unread} of the files could not be read to their end"
    );
    Ok(())
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
        instance: options.instance.clone(),
        zone,
        encoding: encoding.transpose()?,
        page_log_format: format.transpose().context("--page-log-format")?,
        column_map: column_map.transpose()?,
    })
}

fn column_map(file: &Path) -> anyhow::Result<platen_collect::joblog::table::ColumnMap> {
    let text = files::read(file, "column map", COLUMN_MAP_BYTES_MAX)?;
    text.parse().with_context(|| file.display().to_string())
}

/// Reads a log on a thread of its own while what was read is written.
async fn take_in(
    app: &App,
    scope: &Scope,
    log: Log,
    reading: &Options,
    dry_run: bool,
) -> anyhow::Result<Report> {
    let mut report = Report::default();
    let (sender, mut parts) = mpsc::channel::<Vec<Entry>>(READ_AHEAD);
    let reading = reading.clone();
    let read = tokio::task::spawn_blocking(move || log.read(&reading, is_watched(), &sender));
    let privacy = app.privacy(scope).await?;
    while let Some(entries) = parts.recv().await {
        let mut records = Vec::with_capacity(entries.len());
        for entry in entries {
            match entry {
                Entry::Record(record) => records.push(*record),
                Entry::Skipped { reason, .. } => report.skipped(reason),
                Entry::Refused { line, reason } => report.refused(line, &reason),
            }
        }
        if dry_run {
            report.would_take(&records);
            continue;
        }
        for record in &mut records {
            privacy::apply(&privacy.policy, &privacy.key, record);
        }
        write(app, scope, records, &mut report).await?;
    }
    // What was read before a failure is kept; the next import of the file finds it known.
    read.await??;
    Ok(report)
}

async fn write(
    app: &App,
    scope: &Scope,
    records: Vec<PrintRecord>,
    report: &mut Report,
) -> anyhow::Result<()> {
    let keys: Vec<String> = records
        .iter()
        .map(|record| record.key.to_string())
        .collect();
    let verdicts = app.take_in_print_jobs(scope, records, None).await?;
    for (key, verdict) in keys.into_iter().zip(verdicts) {
        match verdict {
            Verdict::Taken(outcome) => report.taken(outcome),
            Verdict::Rejected(rejection) => report.rejected(&key, &rejection.to_string()),
        }
    }
    Ok(())
}

/// The kind of log that `--kind` names.
pub(crate) fn kind(keyword: &str) -> Result<Kind, String> {
    Kind::from_keyword(keyword).ok_or_else(|| {
        let known: Vec<_> = Kind::ALL.iter().map(|kind| kind.keyword()).collect();
        format!("expected one of {}", known.join(", "))
    })
}
