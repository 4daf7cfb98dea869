//! `collect.toml`: what a collector at another site reads, and where it sends it.

use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use platen_app::printing::sources::LOOK_EVERY;
use platen_collect::http::Endpoint;

use super::problems::Problems;
use super::section::Section;
use super::sources::{self, ConfiguredSource};
use super::{LogOptions, durations, parse_document, read_file, show};

/// Where the spool is unless told otherwise.
pub(crate) const SPOOL: &str = "spool";

/// A collector's configuration without a mistake.
#[derive(Debug)]
pub(crate) struct CollectConfig {
    /// The server; `None` where the command line is to name it.
    pub(crate) server: Option<Endpoint>,
    pub(crate) spool: PathBuf,
    /// Certificate authorities of the house.
    pub(crate) ca_file: Option<PathBuf>,
    pub(crate) look_every: Duration,
    pub(crate) sources: Vec<ConfiguredSource>,
    pub(crate) log: LogOptions,
}

impl Default for CollectConfig {
    /// Of a collector that has no configuration yet.
    fn default() -> Self {
        Self {
            server: None,
            spool: PathBuf::from(SPOOL),
            ca_file: None,
            look_every: LOOK_EVERY,
            sources: Vec::new(),
            log: LogOptions::default(),
        }
    }
}

impl CollectConfig {
    /// Reads `file`. The error names every mistake, one a line.
    pub(crate) fn load(file: &Path) -> anyhow::Result<Self> {
        let text = read_file(file, "docs/collecting.md says what stands in it")?;
        let directory = file.parent().unwrap_or(Path::new("."));
        Self::parse(&text, directory).map_err(|problems| {
            let name = file.display().to_string();
            problems.into_report(&name).into()
        })
    }

    fn parse(text: &str, directory: &Path) -> Result<Self, Problems> {
        parse_document(text, |root, problems| Self::read(root, directory, problems))
    }

    fn read(mut root: Section<'_, '_>, directory: &Path, problems: &mut Problems) -> Self {
        let server = root.text("server", problems).and_then(|text| {
            let server = server(&text);
            server
                .inspect_err(|problem| root.refuse("server", problems, problem))
                .ok()
        });
        let spool = root.path("spool", problems);
        let config = Self {
            server,
            spool: directory.join(spool.unwrap_or_else(|| PathBuf::from(SPOOL))),
            ca_file: sources::ca_file(&mut root, directory, problems),
            look_every: root.duration("look_every", problems).unwrap_or(LOOK_EVERY),
            sources: sources::read(&mut root, directory, false, problems),
            log: LogOptions::read(&mut root, problems),
        };
        root.finish(problems);
        config
    }
}

/// A server's address, to which a credential may be sent.
pub(crate) fn server(text: &str) -> Result<Endpoint, String> {
    let endpoint: Endpoint = text.parse().map_err(|error| format!("{error}"))?;
    if endpoint.is_confidential() {
        return Ok(endpoint);
    }
    Err(format!(
        "records and credentials are sent over TLS, or within this machine: write https:, \
         found {text:?}"
    ))
}

impl fmt::Display for CollectConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let server = self.server.as_ref();
        let server = server.map_or_else(
            || "none: name one with --server".to_owned(),
            ToString::to_string,
        );
        show::line(f, "server", &server)?;
        show::line(f, "spool", &self.spool.display().to_string())?;
        show::line(f, "look_every", &durations::show(self.look_every))?;
        for (label, text) in sources::lines(&self.sources) {
            show::line(f, label, &text)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<CollectConfig, String> {
        let config = CollectConfig::parse(text, Path::new("/srv/collect"));
        config.map_err(|problems| problems.into_report("collect.toml").to_string())
    }

    #[test]
    fn what_is_said_is_in_effect() {
        let text = r#"
server = "https://print.example.org"
look_every = "1m"

[[cups]]
instance = "printsrv1"
url = "unix:/run/cups/cups.sock"
user = "lp"

[[page_log]]
instance = "printsrv1"
path = "/var/log/cups/page_log"

[[drop]]
instance = "papercut1"
directory = "in"
kind = "papercut"
time_zone = "Europe/Berlin"
"#;
        insta::assert_snapshot!(parse(text).unwrap(), @r"
        server           https://print.example.org:443/
        spool            /srv/collect/spool
        look_every       1m
        cups             unix:/run/cups/cups.sock as lp, instance printsrv1
        page_log         /var/log/cups/page_log, instance printsrv1
        drop             /srv/collect/in: papercut, times of Europe/Berlin, instance papercut1
        ");
    }

    #[test]
    fn every_mistake_is_named() {
        let text = r#"
server = "http://print.example.org"
spol = "x"

[[cups]]
url = "ipp://printsrv"
instance = "a b"
user = "lp"
password = "secret"

[[page_log]]
path = "/var/log/cups/page_log"
organization = "Northwind"

[[drop]]
instance = "x"
directory = "in"
kind = "papercutt"
time_zone = "Berlin"
encoding = "latin"

[[drop]]
instance = "x"
directory = "other"
kind = "table"
"#;
        insta::assert_snapshot!(parse(text).unwrap_err(), @r#"
        collect.toml:2: server: records and credentials are sent over TLS, or within this machine: write https:, found "http://print.example.org"
        collect.toml:3: unknown key `spol`; did you mean `spool`?
        collect.toml:6: cups 1: url: a password is sent over TLS only: use https: or ipps:
        collect.toml:7: cups 1: instance: expected 1 to 100 letters, digits and signs without blanks and |, chosen once and never changed, found "a b"
        collect.toml:11: page_log 1: instance is missing
        collect.toml:13: unknown key `page_log 1: organization`
        collect.toml:18: drop 1: kind: expected one of ndjson, page-log, papercut, windows-xml, windows-json, windows-csv, windows-evtx, table; found "papercutt"; did you mean `papercut`?
        collect.toml:19: drop 1: time_zone: expected an IANA name such as Europe/Berlin, found "Berlin"
        collect.toml:20: drop 1: encoding: expected an encoding such as utf-8 or windows-1252, found "latin"
        collect.toml:23: drop 2: instance: there is a [[drop]] with instance "x" already
        collect.toml:25: drop 2: kind: a table needs column_map, a file that says which column holds what
        11 problems
        "#);
    }
}
