//! The log, on standard error.

use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{fmt, registry};

use crate::config::{LogFormat, LogOptions};

/// Begins to log by `options`. Platen's own crates log at the level asked for; what lies below
/// them only from warnings on.
pub(crate) fn start(options: LogOptions) {
    let level = LevelFilter::from_level(options.level);
    let targets = Targets::new()
        .with_default(level.min(LevelFilter::WARN))
        .with_target("platen", level);
    let registry = registry().with(targets);
    let started = match options.format {
        LogFormat::Text => registry
            .with(fmt::layer().with_writer(std::io::stderr).with_ansi(false))
            .try_init(),
        LogFormat::Json => registry
            .with(
                fmt::layer()
                    .json()
                    .flatten_event(true)
                    .with_writer(std::io::stderr),
            )
            .try_init(),
    };
    // Only a second start in one process can fail; the first one goes on.
    started.ok();
}
