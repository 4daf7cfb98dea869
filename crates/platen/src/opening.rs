//! Opening what every command works on: the runtime, the store, the application.

use std::future::Future;
use std::path::Path;
use std::sync::Arc;

use anyhow::Context as _;
use platen_app::{App, AppOptions};
use platen_domain::clock::Clock;
use platen_domain::organizations::Organization;
use platen_store::{Store, StoreOptions};

use crate::config::Config;
use crate::system::{SystemClock, SystemIds};

/// Runs `work` on a runtime of its own, and does not wait for what it left behind.
pub(crate) fn block_on<T>(work: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<T> {
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    let runtime = builder
        .enable_all()
        .build()
        .context("cannot start the runtime")?;
    let result = runtime.block_on(work);
    runtime.shutdown_background();
    result
}

/// The application over the store in `directory`.
pub(crate) fn app(directory: &Path) -> anyhow::Result<App> {
    let options = StoreOptions {
        now: SystemClock.now(),
        ..StoreOptions::default()
    };
    let store = Store::open(directory, options)?;
    let (clock, ids) = (Arc::new(SystemClock), Arc::new(SystemIds));
    Ok(App::new(store, clock, ids, AppOptions::default()))
}

/// Runs `work` on the application of a configuration, and closes the store behind it. For
/// commands that work while the server does not run.
pub(crate) fn with_app<W, T>(file: &Path, work: impl FnOnce(Config, App) -> W) -> anyhow::Result<T>
where
    W: Future<Output = anyhow::Result<T>>,
{
    let config = Config::load(file)?;
    block_on(async {
        let app = existing_app(&config)?;
        let result = work(config, app.clone()).await;
        app.store().close().await;
        result
    })
}

/// The application over a data directory that `platen init` has made.
pub(crate) fn existing_app(config: &Config) -> anyhow::Result<App> {
    let directory = &config.data_directory;
    anyhow::ensure!(
        directory.is_dir(),
        "there is no data directory {}; `platen init` makes a new one",
        directory.display()
    );
    app(directory)
}

/// The organization called `name`, or the only one.
pub(crate) async fn organization(app: &App, name: Option<&str>) -> anyhow::Result<Organization> {
    choose(&app.access().organizations().await?, name).cloned()
}

/// The one of `known` called `name`, or the only one.
pub(crate) fn choose<'a>(
    known: &'a [Organization],
    name: Option<&str>,
) -> anyhow::Result<&'a Organization> {
    let names = || {
        let names: Vec<_> = known
            .iter()
            .map(|known| format!("{:?}", known.name))
            .collect();
        names.join(", ")
    };
    match (name, known) {
        (_, []) => {
            anyhow::bail!("this server has no organization; add one: platen organization add NAME")
        }
        (None, [only]) => Ok(only),
        (None, _) => anyhow::bail!(
            "this server has several organizations; name one of {}",
            names()
        ),
        (Some(name), _) => known
            .iter()
            .find(|known| known.name == name)
            .with_context(|| {
                format!(
                    "there is no organization named {name:?}; there is {}",
                    names()
                )
            }),
    }
}
