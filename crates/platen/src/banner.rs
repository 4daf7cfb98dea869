//! What `platen serve` says when it starts: one screen, no secrets.

use std::fmt::Write as _;

use platen_app::App;
use platen_app::access::licences;
use platen_app::fleet::collection::PlannedRange;
use platen_domain::licences::Feature;
use platen_domain::organizations::Organization;

use crate::config::Config;

/// Ranges shown before the rest is only counted.
const RANGES_SHOWN_MAX: usize = 10;

/// The banner of a server that is about to serve.
pub(crate) async fn banner(
    config: &Config,
    app: &App,
    ranges: &[PlannedRange],
    listen: std::net::SocketAddr,
) -> anyhow::Result<String> {
    let health = app.store().health();
    let mut text = format!("Platen {}\n", env!("CARGO_PKG_VERSION"));
    let mut line = |label: &str, value: String| {
        // Writing to a String cannot fail.
        writeln!(text, "  {label:16}{value}").ok();
    };
    let tls = if config.server.tls.is_some() {
        "TLS"
    } else {
        "plain HTTP"
    };
    line("configuration", config.file.display().to_string());
    line(
        "data directory",
        config.data_directory.display().to_string(),
    );
    line(
        "store",
        format!("SQLite {}, schema {}", health.engine, health.schema),
    );
    line("listening on", format!("{listen}, {tls}"));
    line("console", config.server.public_url.clone());
    for organization in app.access().organizations().await? {
        line("organization", describe(app, &organization).await?);
    }
    for range in ranges.iter().take(RANGES_SHOWN_MAX) {
        line("range", format!("{} port {}", range.network, range.port));
    }
    match ranges.len().checked_sub(RANGES_SHOWN_MAX) {
        Some(more @ 1..) => line("", format!("and {more} more ranges")),
        _ if ranges.is_empty() => {
            line(
                "range",
                "none: add [[range]] to the configuration to collect".to_owned(),
            );
        }
        _ => {}
    }
    Ok(text)
}

/// Name, devices and licence of an organization.
async fn describe(app: &App, organization: &Organization) -> anyhow::Result<String> {
    let scope = app.access().operator(organization.id);
    let devices = app.fleet().device_count(&scope).await?;
    let licence = app.access().licence(&scope).await?;
    let now = app.now();
    let state = platen_domain::licences::check(licence.as_ref(), Feature::Fleet, now);
    let licence = match (&licence, state) {
        (Some(licence), Ok(())) => licences::summary(licence),
        (_, Err(refusal)) => format!("{refusal}: the report APIs stay closed"),
        (None, Ok(())) => String::new(),
    };
    Ok(format!(
        "{}: {devices} devices; licence: {licence}",
        organization.name
    ))
}
