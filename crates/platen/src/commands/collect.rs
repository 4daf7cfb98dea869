//! `platen collect`: the collector at another site.

mod rejected;
mod status;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context as _;
use platen_app::printing::remote::{Remote, RemoteError};
use platen_app::printing::sources::Source;
use platen_collect::ingest::IngestServer;
use platen_domain::clock::Clock as _;
use platen_domain::secret::Secret;
use platen_store::{Spool, SpoolError, SpoolLimits};

use crate::cli::{Collect, CollectCommand, CollectPlace};
use crate::config::{CollectConfig, ConfiguredSource, collect_server, http_client};
use crate::failure::Fenced;
use crate::signals::until_signalled;
use crate::system::{SystemClock, SystemIds};
use crate::terminal::say;
use crate::{files, logging, opening};

/// The file within the spool that lets this collector in.
const CREDENTIAL_FILE: &str = "credential";

/// Longest credential file, in bytes: 64 digits and a line end.
const CREDENTIAL_BYTES_MAX: usize = 128;

pub(crate) fn run(options: &Collect) -> anyhow::Result<()> {
    match &options.command {
        Some(CollectCommand::Status(place)) => status::show(&config(place)?.spool),
        Some(CollectCommand::Retry(place)) => rejected::retry(&config(place)?.spool),
        Some(CollectCommand::TakeOut(out)) => {
            rejected::take_out(&config(&out.place)?.spool, &out.target)
        }
        Some(CollectCommand::Check(place)) => check(place),
        None => match (&options.enrol, &options.name) {
            (Some(code), Some(name)) => enrol(options, code, name),
            _ => collect(options),
        },
    }
}

/// What is configured, with what the command line says instead. Enrolling and looking need no
/// file.
fn config(place: &CollectPlace) -> anyhow::Result<CollectConfig> {
    let mut config = if place.file.exists() {
        CollectConfig::load(&place.file)?
    } else {
        CollectConfig::default()
    };
    if let Some(spool) = &place.spool {
        config.spool.clone_from(spool);
    }
    Ok(config)
}

fn check(place: &CollectPlace) -> anyhow::Result<()> {
    let config = CollectConfig::load(&place.file)?;
    let file = place.file.display();
    say(&format!("{file}: no problems. In effect:\n\n{config}"));
    say(&read_as(&config.sources));
    Ok(())
}

/// How the lines of sources are read, where it is not said but recognised: after an empty line.
pub(super) fn read_as(sources: &[ConfiguredSource]) -> String {
    let told: String = sources
        .iter()
        .filter_map(ConfiguredSource::read_as)
        .collect();
    if told.is_empty() {
        return told;
    }
    format!("\n{told}")
}

fn server(options: &Collect, config: &CollectConfig) -> anyhow::Result<IngestServer> {
    let given = options.server.as_deref().map(collect_server).transpose();
    let given = given.map_err(|problem| anyhow::anyhow!("--server: {problem}"))?;
    let endpoint = given.or_else(|| config.server.clone()).with_context(|| {
        format!(
            "no server is named: give --server URL, or server = \"URL\" in {}",
            options.place.file.display()
        )
    })?;
    let client = http_client(&endpoint, config.ca_file.as_deref())?;
    Ok(IngestServer::new(client, endpoint)?)
}

fn credential_file(spool: &Path) -> PathBuf {
    spool.join(CREDENTIAL_FILE)
}

fn enrol(options: &Collect, code: &str, name: &str) -> anyhow::Result<()> {
    let config = config(&options.place)?;
    let server = server(options, &config)?;
    let file = credential_file(&config.spool);
    // Before the code is used up.
    anyhow::ensure!(
        !file.exists(),
        "this collector is enrolled already; to enrol it anew, move {} away",
        file.display()
    );
    files::private_directory(&config.spool)?;
    let credential = opening::block_on(async { Ok(server.enrol(code, name).await?) })?;
    files::create(&file, &format!("{}\n", credential.expose()), 0o600)?;
    say(&format!(
        "{name:?} is enrolled at {}. Its credential is in {}.\n",
        server.endpoint(),
        file.display()
    ));
    Ok(())
}

fn credential(spool: &Path) -> anyhow::Result<Secret<String>> {
    let file = credential_file(spool);
    anyhow::ensure!(
        file.is_file(),
        "this collector is not enrolled: there is no {}. Make a code on the server with `platen \
         collector enrol-code`, then: platen collect --server URL --enrol CODE --name NAME",
        file.display()
    );
    let text = files::read(&file, "credential", CREDENTIAL_BYTES_MAX)?;
    Ok(Secret::new(text.trim().to_owned()))
}

fn collect(options: &Collect) -> anyhow::Result<()> {
    let mut config = CollectConfig::load(&options.place.file)?;
    if let Some(spool) = &options.place.spool {
        config.spool.clone_from(spool);
    }
    logging::start(config.log);
    let server = server(options, &config)?;
    let credential = credential(&config.spool)?;
    let sources = sources(&config)?;
    opening::block_on(until_signalled(async |stop| {
        let now = SystemClock.now();
        let spool = Spool::open(&config.spool, SpoolLimits::default(), now, &SystemIds)?;
        let clock = Arc::new(SystemClock);
        let remote = Remote::new(spool, server, credential, clock, Arc::new(SystemIds));
        tracing::info!(version = env!("CARGO_PKG_VERSION"), "collecting");
        let ended = if options.once {
            tokio::select! {
                ended = remote.run_once(sources) => ended,
                () = stop => Ok(()),
            }
        } else {
            remote.run(sources, config.look_every, stop).await
        };
        ended.map_err(|error| match error {
            RemoteError::Spool(SpoolError::Fenced) => anyhow::Error::new(Fenced),
            error => error.into(),
        })?;
        tracing::info!("stopped");
        Ok(())
    }))
}

fn sources(config: &CollectConfig) -> anyhow::Result<Vec<Source>> {
    anyhow::ensure!(
        !config.sources.is_empty(),
        "nothing to read: name a source with [[cups]], [[page_log]] or [[drop]]"
    );
    config.sources.iter().map(ConfiguredSource::open).collect()
}
