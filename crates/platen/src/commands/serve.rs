//! `platen serve`: the real thing.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use platen_app::App;
use platen_app::fleet::collection::{CollectionPlan, PlannedIppPrinter, PlannedRange, Progress};
use platen_app::operation::clock_mark::ClockBehind;
use platen_app::printing::sources::PlannedSource;
use platen_collect::Collector;
use platen_collect::printer::Profiles;
use platen_collect::snmp::{Client, ClientOptions};
use platen_domain::clock::Timestamp;
use platen_http::limits::Limits;
use platen_http::{HttpOptions, tls};
use tokio::sync::watch;

use crate::banner::banner;
use crate::cli::Serve;
use crate::config::Config;
use crate::server::{Server, bind};
use crate::signals::until_signalled;
use crate::system::{SystemClock, SystemIds, raise_open_files_limit};
use crate::terminal::say;
use crate::{logging, opening};

/// How often the clock is looked at while it is behind.
const CLOCK_LOOK: Duration = Duration::from_secs(1);

/// How often it is said that it still is.
const CLOCK_TOLD: Duration = Duration::from_mins(1);

pub(crate) fn run(options: &Serve) -> anyhow::Result<()> {
    let config = Config::load(&options.config.file)?;
    logging::start(config.log);
    raise_open_files_limit();
    opening::block_on(until_signalled(async |mut stop| {
        let app = opening::existing_app(&config)?;
        if options.trust_clock {
            app.operation().note_clock(true).await?;
        }
        tokio::select! {
            () = &mut stop => {
                app.store().close().await;
                return Ok(());
            }
            waited = wait_for_clock(&app) => waited?,
        }
        let server = prepare(&config, app).await?;
        tracing::info!(version = env!("CARGO_PKG_VERSION"), "started");
        server.run(stop).await?;
        tracing::info!("stopped");
        Ok(())
    }))
}

/// Waits until the clock is not behind any more: taking anything in before would give it wrong
/// times for good.
async fn wait_for_clock(app: &App) -> anyhow::Result<()> {
    let mut told: Option<Instant> = None;
    while let Some(ClockBehind { now, last_at_work }) = app.operation().clock_behind().await? {
        if told.is_none_or(|told| told.elapsed() >= CLOCK_TOLD) {
            told = Some(Instant::now());
            let [now, last_at_work] = [now, last_at_work].map(instant);
            tracing::error!(
                now,
                last_at_work,
                "the clock is behind: this server was at work later than it shows now. Nothing is \
                 taken in or answered until it is set; where it is right, and was ahead before, \
                 begin with: platen serve --trust-clock"
            );
        }
        tokio::time::sleep(CLOCK_LOOK).await;
    }
    Ok(())
}

/// To the second, in UTC.
fn instant(at: Timestamp) -> String {
    let seconds = jiff::Timestamp::from_second(at.as_millis().div_euclid(1_000));
    seconds.map_or_else(|_| format!("{at:?}"), |at| at.to_string())
}

/// Opens everything, and says so: whatever cannot be opened is an error before anything runs.
async fn prepare(config: &Config, app: App) -> anyhow::Result<Server> {
    let files = config.server.tls.as_ref();
    let tls = files
        .map(tls::load)
        .transpose()
        .context("cannot serve TLS")?;
    let ranges = planned(config, &app).await?;
    let ipp_printers = planned_ipp_printers(config, &app, &ranges).await?;
    let sources = planned_sources(config, &app).await?;
    let how = format!("with the key listen in {}", config.file.display());
    let listener = bind(config.server.listen, &how).await?;
    say(&banner(config, &app, &ranges, listener.local_addr()?).await?);
    Ok(Server {
        app,
        listener,
        tls,
        http: HttpOptions {
            public_url: config.server.public_url.clone(),
            layouts: config.layouts.clone(),
            limits: Limits {
                keys: config.keys,
                clients: config.clients,
                ..Limits::default()
            },
        },
        collector: collector(ClientOptions::default()),
        plan: CollectionPlan::new(ranges, config.schedule),
        ipp_printers,
        sources,
        progress: watch::Sender::new(Progress::default()),
    })
}

/// The collector with the built-in vendor profiles.
pub(crate) fn collector(options: ClientOptions) -> Collector {
    let client = Client::new(options, Arc::new(SystemIds));
    Collector::new(
        client,
        Arc::new(Profiles::built_in()),
        Arc::new(SystemClock),
    )
}

/// The configured ranges, each with the organization it names.
async fn planned(config: &Config, app: &App) -> anyhow::Result<Vec<PlannedRange>> {
    let known = app.access().organizations().await?;
    let ranges = config.ranges.iter().map(|range| {
        let organization = opening::choose(&known, range.organization.as_deref());
        let organization = organization.with_context(|| {
            format!(
                "{}: range {}: organization",
                config.file.display(),
                range.network
            )
        })?;
        Ok(PlannedRange {
            organization: organization.id,
            network: range.network,
            port: range.port,
            credentials: range.credentials.clone(),
        })
    });
    ranges.collect()
}

/// The configured printers that are asked by IPP, each within the ranges of its organization.
async fn planned_ipp_printers(
    config: &Config,
    app: &App,
    ranges: &[PlannedRange],
) -> anyhow::Result<Vec<PlannedIppPrinter>> {
    let known = app.access().organizations().await?;
    let printers = config.ipp_printers.iter().map(|printer| {
        let about = || format!("{}: ipp_printer {printer}", config.file.display());
        let organization = opening::choose(&known, printer.organization.as_deref());
        let organization = organization.with_context(about)?.id;
        let every = printer.every.unwrap_or(config.schedule.dynamic_set);
        let peer = printer.open()?;
        PlannedIppPrinter::within(ranges, organization, peer, every, printer.jobs)
            .with_context(about)
    });
    printers.collect()
}

/// The configured sources of print jobs, each with the organization it names.
async fn planned_sources(config: &Config, app: &App) -> anyhow::Result<Vec<PlannedSource>> {
    let known = app.access().organizations().await?;
    let sources = config.sources.iter().map(|source| {
        let organization = opening::choose(&known, source.organization.as_deref());
        let about = || format!("{}: {source}: organization", config.file.display());
        Ok(PlannedSource {
            organization: organization.with_context(about)?.id,
            source: source.open()?,
        })
    });
    sources.collect()
}
