//! The configuration: `platen.toml`, read whole, with every mistake named at once.
//!
//! Values are checked when they are read, so that what comes out of here can be used as it is.
//! Relative paths are relative to the file they stand in.

mod accounts;
mod collect;
mod credentials;
pub(crate) mod durations;
mod ipp_printers;
mod log;
mod problems;
mod ranges;
mod report;
mod section;
mod server;
mod show;
mod sources;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use platen_app::fleet::collection::NamedCredential;
use platen_app::fleet::schedule::Schedule;
use platen_http::Layouts;
use platen_http::limits::{ClientLimits, KeyLimits};
use toml::de::DeTable;

pub(crate) use collect::{CollectConfig, server as collect_server};
pub(crate) use ipp_printers::ConfiguredIppPrinter;
pub(crate) use log::{LogFormat, LogOptions};
pub(crate) use ranges::ConfiguredRange;
pub(crate) use server::ServerOptions;
pub(crate) use sources::{ConfiguredSource, client as http_client};

use problems::Problems;
use section::Section;

/// Longest configuration file, in bytes: thousands of ranges fit.
const FILE_BYTES_MAX: u64 = 1024 * 1024;

/// A configuration without a mistake.
#[derive(Debug)]
pub(crate) struct Config {
    /// The file it was read from.
    pub(crate) file: PathBuf,
    pub(crate) data_directory: PathBuf,
    pub(crate) server: ServerOptions,
    pub(crate) credentials: Vec<NamedCredential>,
    pub(crate) ranges: Vec<ConfiguredRange>,
    pub(crate) ipp_printers: Vec<ConfiguredIppPrinter>,
    pub(crate) sources: Vec<ConfiguredSource>,
    pub(crate) schedule: Schedule,
    pub(crate) layouts: Layouts,
    pub(crate) keys: KeyLimits,
    pub(crate) clients: ClientLimits,
    pub(crate) log: LogOptions,
}

impl Config {
    /// Reads `file`. The error names every mistake, one a line.
    pub(crate) fn load(file: &Path) -> anyhow::Result<Self> {
        let text = read_file(file, "`platen init` makes a new one")?;
        let directory = file.parent().unwrap_or(Path::new("."));
        Self::parse(&text, file, directory)
            .map_err(|problems| problems.into_report(&file.display().to_string()).into())
    }

    fn parse(text: &str, file: &Path, directory: &Path) -> Result<Self, Problems> {
        parse_document(text, |root, problems| {
            Self::read(root, file, directory, problems)
        })
    }

    fn read(
        mut root: Section<'_, '_>,
        file: &Path,
        directory: &Path,
        problems: &mut Problems,
    ) -> Self {
        let data_directory = root.required_text("data_directory", problems);
        let server = ServerOptions::read(&mut root, directory, problems);
        let credentials = credentials::read(&mut root, directory, problems);
        let (layouts, keys) = report::read(&mut root, problems);
        let ranges = ranges::read(&mut root, &credentials, problems);
        let config = Self {
            file: file.to_owned(),
            data_directory: directory.join(data_directory.unwrap_or_default()),
            server,
            ipp_printers: ipp_printers::read(&mut root, directory, &ranges, problems),
            ranges,
            credentials: credentials
                .into_iter()
                .filter_map(|(_, named)| named)
                .collect(),
            sources: sources::read(&mut root, directory, true, problems),
            schedule: schedule(&mut root, problems),
            layouts,
            keys,
            clients: accounts::read(&mut root, problems),
            log: LogOptions::read(&mut root, problems),
        };
        root.finish(problems);
        config
    }
}

/// The text of a configuration; `hint` says where one comes from.
fn read_file(file: &Path, hint: &str) -> anyhow::Result<String> {
    let name = file.display();
    let size = fs::metadata(file)
        .with_context(|| format!("cannot read the configuration {name}; {hint}"))?
        .len();
    anyhow::ensure!(
        size <= FILE_BYTES_MAX,
        "{name} is no configuration: it is {size} bytes long"
    );
    fs::read_to_string(file).with_context(|| format!("cannot read {name}"))
}

/// Gives a text's tables to `read`; an error holds every mistake that was found.
fn parse_document<T>(
    text: &str,
    read: impl FnOnce(Section<'_, '_>, &mut Problems) -> T,
) -> Result<T, Problems> {
    let mut problems = Problems::of(text);
    let (document, mistakes) = DeTable::parse_recoverable(text);
    for mistake in mistakes {
        problems.at(
            &mistake.span().unwrap_or(0..0),
            format!("not TOML: {}", mistake.message()),
        );
    }
    if !problems.is_empty() {
        // Half a file would only add follow-up mistakes.
        return Err(problems);
    }
    let root = Section::new(document.get_ref(), "", 0..0);
    let value = read(root, &mut problems);
    if problems.is_empty() {
        Ok(value)
    } else {
        Err(problems)
    }
}

fn schedule(root: &mut Section<'_, '_>, problems: &mut Problems) -> Schedule {
    let usual = Schedule::default();
    let Some(mut section) = root.section("schedule", problems) else {
        return usual;
    };
    let schedule = Schedule {
        discovery: section
            .duration("discovery", problems)
            .unwrap_or(usual.discovery),
        static_set: section
            .duration("static", problems)
            .unwrap_or(usual.static_set),
        dynamic_set: section
            .duration("dynamic", problems)
            .unwrap_or(usual.dynamic_set),
    };
    section.finish(problems);
    schedule
}

#[cfg(test)]
mod tests;
