//! The HTTP server: the Report API and the Accounts API for programs, the console for people.
//!
//! A connection passes `accept` with its deadlines, a request passes `service`
//! (request id, limits, log), the [`routes::Registry`] finds its [`routes::Route`], the route's
//! [`policy::Policy`] decides who may go on, and a handler answers. What handlers need from the
//! application they get through the context that the policy built for them.

mod accept;
mod access_log;
mod accounts_api;
mod answers;
mod bearer;
mod connection;
pub mod console;
mod cookies;
mod entity_tags;
mod fields;
mod health;
mod ingest_api;
mod large_bodies;
pub mod limits;
mod minutes;
mod oauth;
mod openapi;
mod origin;
mod panics;
mod paths;
pub mod policy;
mod problem_kinds;
mod problem_members;
mod problems;
mod report_api;
mod request_ids;
pub mod routes;
mod seats;
mod security_headers;
mod server;
mod service;
pub mod tls;
mod turns;

use std::future::Future;

use platen_app::App;
use tokio::net::TcpListener;

pub use console::addresses::{set_up_link, sign_in_link};
pub use openapi::document as openapi_document;
pub use report_api::layouts::Layouts;
pub use server::{HttpOptions, Service};

/// Serves until `stop` resolves, then finishes what is in flight and returns.
///
/// `tls` is [`tls::load`]ed from the certificate's files; without it the server speaks plain
/// HTTP, for loopback or behind a proxy.
pub async fn serve(
    listener: TcpListener,
    tls: Option<tls::TlsAcceptor>,
    app: App,
    options: HttpOptions,
    stop: impl Future<Output = ()> + Send,
) {
    let limits = options.limits.clone();
    let service = Service::new(app, options);
    accept::run(listener, tls, limits, service, stop).await;
}
