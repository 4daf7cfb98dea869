//! Who may reach a route: the contexts that handlers work with, and the only code that can build
//! them.
//!
//! A handler's one argument is the context of its route's policy. Its fields are private to this
//! module, so no handler runs without the check that belongs to it.

use std::net::IpAddr;
use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderMap, Method, StatusCode};
use platen_app::App;
use platen_app::access::clients::AuthenticatedClient;
use platen_app::access::links::LinkRefusal;
use platen_app::access::sessions::SessionContext;
use platen_domain::clients::OauthScope;
use platen_domain::organizations::Organization;
use platen_domain::report_apis::ReportApi;
use platen_domain::roles::Capability;
use platen_domain::scope::Scope;
use platen_domain::secret::Secret;

use crate::fields::Fields;
use crate::large_bodies::Place;
use crate::oauth::forms::OauthForm;
use crate::problems::Problem;
use crate::request_ids::RequestId;
use crate::server::Server;
use crate::{accounts_api, ingest_api, oauth, origin, report_api};

/// Where people sign in: where a page sends who is not signed in.
const SIGN_IN: &str = "/sign-in";

/// Who may reach a route. There is no default.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Policy {
    /// Anybody.
    Public,
    /// A program with a live Authorization Key of this API, under a licence that covers it.
    ReportKey(ReportApi),
    /// A collector with a live credential.
    Collector,
    /// Who holds an enrolment code, which the request itself carries.
    Enrolment,
    /// A Client Application that shows its secret (RFC 6749 2.3.1).
    Client,
    /// A program with a live access token of this scope, under a licence that covers it.
    AccessToken(OauthScope),
    /// A person who is signed in and whose role has this capability.
    Console(Capability),
    /// Any person who is signed in.
    ConsoleAny,
    /// Who holds a valid set-up link, while the organization has no administrator.
    SetUp,
}

/// What a request is, before anybody knows who sent it.
#[derive(Debug)]
pub(crate) struct Call {
    pub(crate) method: Method,
    pub(crate) headers: HeaderMap,
    pub(crate) query: String,
    pub(crate) parameters: Vec<(&'static str, String)>,
    pub(crate) body: Bytes,
    /// Who was let in by the header, before the body was read.
    pub(crate) admitted: Option<Scope>,
    /// Its place among the large bodies in memory; free again when this is dropped.
    pub(crate) place: Option<Place>,
    pub(crate) peer: IpAddr,
    pub(crate) request_id: RequestId,
}

impl Call {
    /// The part of the path that matched `{name}`; empty when the route has no such part.
    pub(crate) fn parameter(&self, name: &str) -> &str {
        let found = self.parameters.iter().find(|(known, _)| *known == name);
        found.map_or("", |(_, value)| value)
    }

    /// The fields of the query.
    pub(crate) fn query(&self) -> Result<Fields, Problem> {
        Fields::parse(self.query.as_bytes())
    }

    /// The fields of the form in the body.
    pub(crate) fn form(&self) -> Result<Fields, Problem> {
        Fields::parse(&self.body)
    }
}

macro_rules! context {
    ($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $type:ty),* $(,)? }) => {
        $(#[$doc])*
        pub(crate) struct $name {
            server: Arc<Server>,
            call: Call,
            $($field: $type,)*
        }

        #[allow(dead_code, reason = "one set of accessors for every kind of handler")]
        impl $name {
            $($(#[$field_doc])*
            pub(crate) const fn $field(&self) -> &$type {
                &self.$field
            })*

            /// The use cases.
            pub(crate) fn app(&self) -> &App {
                &self.server.app
            }

            /// The server's own settings.
            pub(crate) fn server(&self) -> &Arc<Server> {
                &self.server
            }

            /// The request.
            pub(crate) const fn call(&self) -> &Call {
                &self.call
            }
        }
    };
}

context! {
    /// Anybody's request.
    PublicContext {}
}

context! {
    /// A program's request, let in by its Authorization Key.
    ReportContext {
        /// What the key opens.
        scope: Scope,
        /// The API that the key opened.
        api: ReportApi,
        /// The place among the key's requests; it is free again when this is dropped.
        slot: report_api::throttle::Slot,
    }
}

context! {
    /// A collector's request, let in by its credential.
    CollectorContext {
        /// Whose records it brings.
        scope: Scope,
    }
}

context! {
    /// The request of a collector that has no credential yet.
    EnrolmentContext {}
}

context! {
    /// The request of a Client Application that has shown its secret.
    ClientContext {
        /// Which client.
        client: AuthenticatedClient,
        /// What it asks, its credentials left out.
        form: OauthForm,
    }
}

context! {
    /// A program's request, let in by its access token.
    TokenContext {
        /// What the token opens.
        scope: Scope,
    }
}

context! {
    /// A request of a person who is signed in.
    ConsoleContext {
        /// Who asks, and within which organization.
        session: SessionContext,
    }
}

context! {
    /// A request of who holds a valid set-up link.
    SetUpContext {
        /// The organization that gets its first administrator.
        organization: Organization,
        /// The link's token.
        token: Secret<String>,
    }
}

impl ReportContext {
    /// The parts, for an answer that outlives the handler.
    pub(crate) fn into_parts(self) -> (Arc<Server>, Call, Scope, report_api::throttle::Slot) {
        (self.server, self.call, self.scope, self.slot)
    }
}

impl CollectorContext {
    /// The parts, for a handler that takes the body.
    pub(crate) fn into_parts(self) -> (Arc<Server>, Call, Scope) {
        (self.server, self.call, self.scope)
    }
}

impl TokenContext {
    /// The parts, for a handler that takes the body.
    pub(crate) fn into_parts(self) -> (Arc<Server>, Call, Scope) {
        (self.server, self.call, self.scope)
    }
}

/// Why a handler does not run.
pub(crate) enum Refusal {
    /// The caller must go to this page first.
    Elsewhere(&'static str),
    /// A problem.
    Problem(Problem),
}

impl From<Problem> for Refusal {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

/// Lets anybody in; what changes something must come from our own pages.
pub(crate) fn admit_anybody(server: Arc<Server>, call: Call) -> Result<PublicContext, Refusal> {
    check_origin(&server, &call)?;
    Ok(PublicContext { server, call })
}

/// Lets a program in.
pub(crate) async fn admit_key(
    server: Arc<Server>,
    call: Call,
    api: ReportApi,
) -> Result<ReportContext, Refusal> {
    let scope = report_api::authorization::authorize(&server.app, api, &call).await?;
    let slot = server.key_throttle.admit(&scope, server.app.now())?;
    Ok(ReportContext {
        server,
        call,
        scope,
        api,
        slot,
    })
}

/// Lets a program in by what its header shows, where that is the policy's way, so that its body,
/// which may be large, is read of nobody else.
pub(crate) async fn admit_by_header(
    server: &Server,
    policy: Policy,
    call: &Call,
) -> Result<Option<Scope>, Problem> {
    let scope = match policy {
        Policy::Collector => {
            ingest_api::authorization::authorize(&server.app, &call.headers).await?
        }
        Policy::AccessToken(wanted) => {
            accounts_api::authorization::authorize(server, wanted, call).await?
        }
        Policy::Public
        | Policy::ReportKey(_)
        | Policy::Enrolment
        | Policy::Client
        | Policy::Console(_)
        | Policy::ConsoleAny
        | Policy::SetUp => return Ok(None),
    };
    Ok(Some(scope))
}

/// Goes on with a collector that [`admit_by_header`] let in.
pub(crate) fn admit_collector(
    server: Arc<Server>,
    mut call: Call,
) -> Result<CollectorContext, Refusal> {
    let scope = call.admitted.take().ok_or_else(Problem::internal)?;
    Ok(CollectorContext {
        server,
        call,
        scope,
    })
}

/// Goes on with the holder of an access token that [`admit_by_header`] let in.
pub(crate) fn admit_token(server: Arc<Server>, mut call: Call) -> Result<TokenContext, Refusal> {
    let scope = call.admitted.take().ok_or_else(Problem::internal)?;
    Ok(TokenContext {
        server,
        call,
        scope,
    })
}

/// Lets a Client Application in. No cookie counts here.
pub(crate) async fn admit_client(
    server: Arc<Server>,
    call: Call,
) -> Result<ClientContext, Refusal> {
    let (client, form) = oauth::clients::authenticate(&server.app, &call).await?;
    Ok(ClientContext {
        server,
        call,
        client,
        form,
    })
}

/// Lets anybody in who may hold an enrolment code. No cookie counts here, so that no page of
/// another site could do anything in somebody's name.
pub(crate) const fn admit_enrolment(server: Arc<Server>, call: Call) -> EnrolmentContext {
    EnrolmentContext { server, call }
}

/// Lets a person in who is signed in and has `capability`, where one is asked for.
pub(crate) async fn admit_person(
    server: Arc<Server>,
    call: Call,
    capability: Option<Capability>,
) -> Result<ConsoleContext, Refusal> {
    check_origin(&server, &call)?;
    let session = match server.session_cookie.read(&call.headers) {
        Some(secret) => server
            .app
            .access()
            .authenticate_session(secret)
            .await
            .map_err(Problem::from)?,
        None => None,
    };
    let Some(session) = session else {
        return Err(not_signed_in(&call));
    };
    if capability.is_some_and(|capability| !session.can(capability)) {
        let detail = "Your role does not include this page. Ask a System Administrator.";
        return Err(Problem::forbidden("forbidden", detail).into());
    }
    Ok(ConsoleContext {
        server,
        call,
        session,
    })
}

/// A page sends to the sign-in; anything else would lose what was sent.
fn not_signed_in(call: &Call) -> Refusal {
    if matches!(call.method, Method::GET | Method::HEAD) {
        return Refusal::Elsewhere(SIGN_IN);
    }
    let detail = "You are not signed in, or your session has ended. Sign in and try again.";
    Problem::new(
        StatusCode::UNAUTHORIZED,
        "signed-out",
        "Not signed in",
        detail,
    )
    .into()
}

/// Lets in who holds a set-up link that is still good.
pub(crate) async fn admit_set_up(server: Arc<Server>, call: Call) -> Result<SetUpContext, Refusal> {
    check_origin(&server, &call)?;
    let token = Secret::new(call.parameter("token").to_owned());
    match server
        .app
        .access()
        .set_up_organization(token.expose())
        .await
    {
        Ok(organization) => Ok(SetUpContext {
            server,
            call,
            organization,
            token,
        }),
        Err(LinkRefusal::Unavailable(error)) => Err(Problem::from(error).into()),
        Err(refusal) => Err(link_problem(&refusal).into()),
    }
}

/// What a person is told whose one-time link is no good.
pub(crate) fn link_problem(refusal: &LinkRefusal) -> Problem {
    let status = StatusCode::NOT_FOUND;
    let code = "invalid-link";
    Problem::new(
        status,
        code,
        "This link does not work",
        format!("Sorry, {refusal}."),
    )
}

fn check_origin(server: &Server, call: &Call) -> Result<(), Problem> {
    if matches!(call.method, Method::GET | Method::HEAD) {
        return Ok(());
    }
    origin::check(&call.headers, &server.public_url)
}
