//! The running server: HTTP, the collector and the store, started and stopped together.

use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::Context as _;
use platen_app::App;
use platen_app::fleet::collection::{CollectionPlan, PlannedIppPrinter, Progress};
use platen_app::printing::sources::PlannedSource;
use platen_collect::Collector;
use platen_collect::printer::Profiles;
use platen_http::HttpOptions;
use platen_http::tls::TlsAcceptor;
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::failure::Fenced;

/// Everything a running server is made of.
pub(crate) struct Server {
    pub(crate) app: App,
    pub(crate) listener: TcpListener,
    pub(crate) tls: Option<TlsAcceptor>,
    pub(crate) http: HttpOptions,
    pub(crate) collector: Collector,
    pub(crate) plan: CollectionPlan,
    pub(crate) ipp_printers: Vec<PlannedIppPrinter>,
    pub(crate) sources: Vec<PlannedSource>,
    pub(crate) progress: watch::Sender<Progress>,
}

/// Takes the address for HTTP. `how` says how to choose another one.
pub(crate) async fn bind(address: SocketAddr, how: &str) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address).await.with_context(|| {
        format!(
            "cannot listen on {address}: is another Platen running? Choose another address {how}"
        )
    })
}

impl Server {
    /// Serves and collects until `stop` resolves; then finishes what is in flight and closes the
    /// store. A store that fences itself ends it too, with [`Fenced`].
    pub(crate) async fn run(self, stop: impl Future<Output = ()> + Send) -> anyhow::Result<()> {
        let (ask, asked) = watch::channel(false);
        let layout = Arc::clone(&self.http.layouts.print_jobs);
        let store = self.app.store().clone();
        let http = tokio::spawn(platen_http::serve(
            self.listener,
            self.tls,
            self.app.clone(),
            self.http,
            stopped(asked.clone()),
        ));
        let house = {
            let (app, stop) = (self.app.clone(), stopped(asked.clone()));
            tokio::spawn(async move { app.operation().keep_house(stop).await })
        };
        let sealing = {
            let (app, stop) = (self.app.clone(), stopped(asked.clone()));
            tokio::spawn(async move { app.printing().keep_sealing(layout, stop).await })
        };
        let accounts = {
            let (app, stop) = (self.app.clone(), stopped(asked.clone()));
            tokio::spawn(async move { app.accounts().keep_settling(stop).await })
        };
        let sources = {
            let (app, stop) = (self.app.clone(), stopped(asked.clone()));
            let sources = self.sources;
            tokio::spawn(async move { app.printing().follow_sources(sources, stop).await })
        };
        let ipp_printers = {
            let (app, stop) = (self.app.clone(), stopped(asked.clone()));
            let (printers, profiles) = (self.ipp_printers, Arc::new(Profiles::built_in()));
            tokio::spawn(async move {
                app.fleet()
                    .follow_ipp_printers(printers, profiles, stop)
                    .await;
            })
        };
        let app = self.app;
        let (collector, plan, progress) = (self.collector, self.plan, self.progress);
        let mut collection = tokio::spawn(async move {
            let stop = stopped(asked);
            app.fleet()
                .run_collection(collector, plan, progress, stop)
                .await
        });
        let reason = tokio::select! {
            () = stop => Ok(()),
            () = store.fenced() => Err(anyhow::Error::new(Fenced)),
            ended = &mut collection => Err(collection_error(ended)),
        };
        ask.send_replace(true);
        let drained = http.await.context("the HTTP server ended in a defect");
        if !collection.is_finished() {
            // Only a start that failed is an error, and this one was under way.
            drop(collection.await);
        }
        drop(sources.await);
        drop(ipp_printers.await);
        drop(house.await);
        drop(sealing.await);
        drop(accounts.await);
        store.close().await;
        reason.and(drained)
    }
}

/// Resolves when the sender says so, or is gone.
async fn stopped(mut asked: watch::Receiver<bool>) {
    asked.wait_for(|asked| *asked).await.ok();
}

/// A collection never ends by itself.
fn collection_error(
    ended: Result<Result<(), platen_app::AppError>, tokio::task::JoinError>,
) -> anyhow::Error {
    match ended {
        Ok(Ok(())) => anyhow::anyhow!("the collector ended by itself"),
        Ok(Err(error)) => anyhow::Error::new(error).context("cannot collect"),
        Err(error) => anyhow::Error::new(error).context("the collector ended in a defect"),
    }
}
