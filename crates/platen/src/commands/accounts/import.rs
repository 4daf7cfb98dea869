//! `platen accounts import` and `platen accounts users import`.

use std::path::Path;

use anyhow::Context as _;
use indicatif::{ProgressBar, ProgressStyle};
use platen_app::accounts::tables::{self, Numbered};
use platen_app::accounts::{BulkLine, BulkMode, ImportLine};

use crate::cli::ImportAccounts;
use crate::files;
use crate::opening::{self, with_app};
use crate::terminal::{is_watched, say};

use super::lines;
use super::report::Report;

/// Longest file: a million accounts with all that can be said of them.
const FILE_BYTES_MAX: usize = 1024 * 1024 * 1024;

/// Lines of a file with their numbers, from 1.
type Lines = Vec<(u64, ImportLine)>;

pub(crate) fn accounts(options: &ImportAccounts) -> anyhow::Result<()> {
    take_in(options, "file of accounts", |text| {
        if text.trim_start().starts_with('{') {
            return Ok(ndjson(text));
        }
        let rows = tables::account_rows(text.as_bytes())?;
        Ok(rows
            .into_iter()
            .map(|row| line(row, ImportLine::Account))
            .collect())
    })
}

pub(crate) fn users(options: &ImportAccounts) -> anyhow::Result<()> {
    take_in(options, "file of users", |text| {
        let rows = tables::user_rows(text.as_bytes())?;
        Ok(rows
            .into_iter()
            .map(|row| line(row, ImportLine::User))
            .collect())
    })
}

fn take_in(
    options: &ImportAccounts,
    what: &str,
    read: impl FnOnce(&str) -> anyhow::Result<Lines>,
) -> anyhow::Result<()> {
    let name = options.source.display();
    let text = files::read(&options.source, what, FILE_BYTES_MAX)?;
    let lines = read(&text).with_context(|| name.to_string())?;
    drop(text);
    let mode = BulkMode {
        dry_run: options.dry_run,
        all_or_nothing: options.all_or_nothing,
    };
    let report = with_app(&options.target.config.file, async |_, app| {
        let organization = options.target.organization.as_deref();
        let organization = opening::organization(&app, organization).await?;
        let progress = progress(&options.source, lines.len());
        let (numbers, lines): (Vec<_>, _) = lines.into_iter().unzip();
        let bar = progress.clone();
        let advanced = move |done: usize| bar.set_position(done as u64);
        let scope = app.access().operator(organization.id);
        let done = app.accounts().import(&scope, lines, mode, advanced).await;
        progress.finish_and_clear();
        Ok(Report::new(&numbers, done?, mode))
    })?;
    say(&report.text(&name.to_string()));
    let failed = report.failed();
    anyhow::ensure!(failed == 0, "lines that failed: {failed}");
    Ok(())
}

fn ndjson(text: &str) -> Lines {
    let numbered = (1..).zip(text.lines());
    let filled = numbered.filter(|(_, line)| !line.trim().is_empty());
    let read = filled.map(|(number, line)| (number, ImportLine::Bulk(lines::read(line))));
    read.collect()
}

fn line<T>((number, row): Numbered<T>, read: impl FnOnce(T) -> ImportLine) -> (u64, ImportLine) {
    let line = match row {
        Ok(row) => read(row),
        Err(reason) => ImportLine::Bulk(BulkLine::Unreadable(reason)),
    };
    (number, line)
}

fn progress(file: &Path, lines: usize) -> ProgressBar {
    if !is_watched() {
        return ProgressBar::hidden();
    }
    let template = "{msg} {bar:30} {human_pos}/{human_len} lines {eta}";
    let style = ProgressStyle::with_template(template);
    let style = style.unwrap_or_else(|_wrong| ProgressStyle::default_bar());
    let progress = ProgressBar::new(lines as u64).with_style(style);
    progress.with_message(file.display().to_string())
}
