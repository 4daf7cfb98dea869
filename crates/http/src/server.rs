//! What every request shares: the application, the settings, the routes.

use std::sync::Arc;

use platen_app::App;
use platen_domain::ids::ClientId;
use tokio::sync::Semaphore;

use crate::cookies::SessionCookie;
use crate::large_bodies::LargeBodies;
use crate::limits::Limits;
use crate::minutes::Minutes;
use crate::openapi::Published;
use crate::report_api::layouts::Layouts;
use crate::report_api::throttle::KeyThrottle;
use crate::request_ids::RequestIds;
use crate::routes::Registry;

/// What a deployment chooses.
#[derive(Debug, Clone)]
pub struct HttpOptions {
    /// Under which URL people and programs reach this server, such as
    /// `https://print.example.org`: what the console's instructions show. With `https`, cookies
    /// and browsers are told to use nothing else.
    pub public_url: String,
    /// The reports' columns, as the operator arranged them.
    pub layouts: Layouts,
    /// What one client may cost.
    pub limits: Limits,
}

/// What every request shares.
pub(crate) struct Server {
    pub(crate) app: App,
    pub(crate) registry: Registry,
    /// The APIs' description.
    pub(crate) published: Published,
    pub(crate) public_url: String,
    pub(crate) session_cookie: SessionCookie,
    pub(crate) layouts: Layouts,
    pub(crate) limits: Limits,
    pub(crate) key_throttle: KeyThrottle,
    /// Requests with a client's access tokens.
    pub(crate) client_requests: Minutes<ClientId>,
    /// Access tokens that a client asks for.
    pub(crate) client_tokens: Minutes<ClientId>,
    pub(crate) request_ids: RequestIds,
    /// Places of requests being answered.
    pub(crate) in_flight: Arc<Semaphore>,
    /// Places of requests whose bodies are being read.
    pub(crate) bodies: Semaphore,
    /// Held by every report of print jobs on its way.
    pub(crate) reports: Arc<()>,
    /// Places of large bodies being read and written.
    pub(crate) large_bodies: LargeBodies,
    /// Whether people reach the server over TLS, ours or a proxy's.
    pub(crate) secure: bool,
}

/// Answers requests. Cloning shares it.
#[derive(Clone)]
pub struct Service {
    pub(crate) server: Arc<Server>,
}

impl Service {
    /// The service of `app` with these settings.
    pub fn new(app: App, options: HttpOptions) -> Self {
        let secure = options.public_url.starts_with("https://");
        let started = app.now();
        let server = Server {
            app,
            registry: Registry::new(),
            published: Published::default(),
            public_url: options.public_url.trim_end_matches('/').to_owned(),
            session_cookie: SessionCookie { secure },
            in_flight: Arc::new(Semaphore::new(options.limits.in_flight)),
            bodies: Semaphore::new(options.limits.bodies),
            reports: Arc::default(),
            large_bodies: LargeBodies::new(&options.limits),
            layouts: options.layouts,
            key_throttle: KeyThrottle::new(options.limits.keys),
            client_requests: Minutes::new(options.limits.clients.requests_per_minute),
            client_tokens: Minutes::new(options.limits.clients.tokens_per_minute),
            limits: options.limits,
            request_ids: RequestIds::since(started),
            secure,
        };
        Self {
            server: Arc::new(server),
        }
    }

    /// The registry of routes, for the test that walks it.
    pub fn registry(&self) -> &Registry {
        &self.server.registry
    }
}
