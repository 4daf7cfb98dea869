//! The one registry of routes: method, path, policy, handler. What is not here does not exist.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use http::{HeaderValue, Method};
use platen_domain::clients::OauthScope;
use platen_domain::report_apis::ReportApi;
use platen_domain::roles::Capability;

use crate::answers::Answer;
use crate::limits::BODY_OCTETS;
use crate::openapi::{Components, Operation};
use crate::paths::Pattern;
use crate::policy::{
    self, Call, ClientContext, CollectorContext, ConsoleContext, EnrolmentContext, Policy,
    PublicContext, Refusal, ReportContext, SetUpContext, TokenContext,
};
use crate::problems::Problem;
use crate::server::Server;
use crate::{accounts_api, console, health, ingest_api, oauth, openapi, report_api};

/// Who a route speaks to: it decides how problems are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// Programs: problem details.
    Programs,
    /// Programs that ask for access tokens: errors as RFC 6749 5.2 has them.
    OauthClients,
    /// People: pages.
    People,
}

type Describe = Box<dyn Fn(&mut Components<'_>) -> Operation + Send + Sync>;
type Pending = Pin<Box<dyn Future<Output = Result<Answer, Problem>> + Send>>;
type Handler<C> = Box<dyn Fn(C) -> Pending + Send + Sync>;

/// A policy with the handler that takes its context, so that the two cannot part.
enum Guarded {
    Public(Handler<PublicContext>),
    ReportKey(ReportApi, Handler<ReportContext>),
    Collector(Handler<CollectorContext>),
    Enrolment(Handler<EnrolmentContext>),
    Client(Handler<ClientContext>),
    AccessToken(OauthScope, Handler<TokenContext>),
    Console(Option<Capability>, Handler<ConsoleContext>),
    SetUp(Handler<SetUpContext>),
}

/// One route. A route for GET answers to HEAD as well.
pub struct Route {
    method: Method,
    pattern: Pattern,
    audience: Audience,
    guarded: Guarded,
    /// Octets of a body that it takes.
    octets_max: usize,
    /// What programs find in the API's description.
    describe: Option<Describe>,
}

fn boxed<C, F>(handler: impl Fn(C) -> F + Send + Sync + 'static) -> Handler<C>
where
    F: Future<Output = Result<Answer, Problem>> + Send + 'static,
{
    Box::new(move |context| Box::pin(handler(context)))
}

impl Route {
    const fn new(method: Method, pattern: Pattern, audience: Audience, guarded: Guarded) -> Self {
        Self {
            method,
            pattern,
            audience,
            guarded,
            octets_max: BODY_OCTETS,
            describe: None,
        }
    }

    /// The same for bodies of up to `octets`, more than [`BODY_OCTETS`]. They take a place among
    /// the large ones, [`Call::place`], which the handler holds while it has the body.
    #[must_use]
    pub(crate) const fn with_octets_max(mut self, octets: usize) -> Self {
        self.octets_max = octets;
        self
    }

    /// A route that anybody may reach. A method other than GET must come from our own pages.
    pub(crate) fn public<F>(
        method: Method,
        path: &'static str,
        audience: Audience,
        handler: impl Fn(PublicContext) -> F + Send + Sync + 'static,
    ) -> Self
    where
        F: Future<Output = Result<Answer, Problem>> + Send + 'static,
    {
        Self::new(
            method,
            Pattern::new(path),
            audience,
            Guarded::Public(boxed(handler)),
        )
    }

    /// A report for programs, opened by an Authorization Key of `api`. Its path matches without
    /// regard to case.
    pub(crate) fn report<F>(
        path: &'static str,
        api: ReportApi,
        handler: impl Fn(ReportContext) -> F + Send + Sync + 'static,
    ) -> Self
    where
        F: Future<Output = Result<Answer, Problem>> + Send + 'static,
    {
        Self::new(
            Method::GET,
            Pattern::ignoring_case(path),
            Audience::Programs,
            Guarded::ReportKey(api, boxed(handler)),
        )
    }

    /// A door for collectors, opened by a credential.
    pub(crate) fn collector<F>(
        method: Method,
        path: &'static str,
        handler: impl Fn(CollectorContext) -> F + Send + Sync + 'static,
    ) -> Self
    where
        F: Future<Output = Result<Answer, Problem>> + Send + 'static,
    {
        Self::new(
            method,
            Pattern::new(path),
            Audience::Programs,
            Guarded::Collector(boxed(handler)),
        )
    }

    /// The door for who holds an enrolment code.
    pub(crate) fn enrolment<F>(
        path: &'static str,
        handler: impl Fn(EnrolmentContext) -> F + Send + Sync + 'static,
    ) -> Self
    where
        F: Future<Output = Result<Answer, Problem>> + Send + 'static,
    {
        Self::new(
            Method::POST,
            Pattern::new(path),
            Audience::Programs,
            Guarded::Enrolment(boxed(handler)),
        )
    }

    /// A door for Client Applications, opened by their secret: a form sent with POST.
    pub(crate) fn client<F>(
        path: &'static str,
        handler: impl Fn(ClientContext) -> F + Send + Sync + 'static,
    ) -> Self
    where
        F: Future<Output = Result<Answer, Problem>> + Send + 'static,
    {
        let guarded = Guarded::Client(boxed(handler));
        Self::new(
            Method::POST,
            Pattern::new(path),
            Audience::OauthClients,
            guarded,
        )
    }

    /// A door for programs, opened by an access token issued for `scope`.
    pub(crate) fn token<F>(
        method: Method,
        path: &'static str,
        scope: OauthScope,
        handler: impl Fn(TokenContext) -> F + Send + Sync + 'static,
    ) -> Self
    where
        F: Future<Output = Result<Answer, Problem>> + Send + 'static,
    {
        let guarded = Guarded::AccessToken(scope, boxed(handler));
        Self::new(method, Pattern::new(path), Audience::Programs, guarded)
    }

    /// A page for people who are signed in and have `capability`.
    pub(crate) fn console<F>(
        method: Method,
        path: &'static str,
        capability: Capability,
        handler: impl Fn(ConsoleContext) -> F + Send + Sync + 'static,
    ) -> Self
    where
        F: Future<Output = Result<Answer, Problem>> + Send + 'static,
    {
        Self::new(
            method,
            Pattern::new(path),
            Audience::People,
            Guarded::Console(Some(capability), boxed(handler)),
        )
    }

    /// A page for everybody who is signed in.
    pub(crate) fn console_any<F>(
        method: Method,
        path: &'static str,
        handler: impl Fn(ConsoleContext) -> F + Send + Sync + 'static,
    ) -> Self
    where
        F: Future<Output = Result<Answer, Problem>> + Send + 'static,
    {
        Self::new(
            method,
            Pattern::new(path),
            Audience::People,
            Guarded::Console(None, boxed(handler)),
        )
    }

    /// A page for who holds a set-up link. `path` has a `{token}`.
    pub(crate) fn set_up<F>(
        method: Method,
        path: &'static str,
        handler: impl Fn(SetUpContext) -> F + Send + Sync + 'static,
    ) -> Self
    where
        F: Future<Output = Result<Answer, Problem>> + Send + 'static,
    {
        Self::new(
            method,
            Pattern::new(path),
            Audience::People,
            Guarded::SetUp(boxed(handler)),
        )
    }

    /// Says what programs find in the API's description (see [`crate::openapi`]).
    #[must_use]
    pub(crate) fn documented(
        mut self,
        describe: impl Fn(&mut Components<'_>) -> Operation + Send + Sync + 'static,
    ) -> Self {
        self.describe = Some(Box::new(describe));
        self
    }

    /// Its description; routes for people have none.
    pub(crate) fn operation(&self, components: &mut Components<'_>) -> Option<Operation> {
        self.describe.as_ref().map(|describe| describe(components))
    }

    /// Whether it is described, for the test that wants every route for programs to be.
    #[cfg(test)]
    pub(crate) const fn is_documented(&self) -> bool {
        self.describe.is_some()
    }

    /// Its method; GET stands for HEAD too.
    pub fn method(&self) -> &Method {
        &self.method
    }

    /// Its path as registered, `{name}` standing for one segment.
    pub fn path(&self) -> &'static str {
        self.pattern.text()
    }

    /// Who may reach it.
    pub const fn policy(&self) -> Policy {
        match &self.guarded {
            Guarded::Public(_) => Policy::Public,
            Guarded::ReportKey(api, _) => Policy::ReportKey(*api),
            Guarded::Collector(_) => Policy::Collector,
            Guarded::Enrolment(_) => Policy::Enrolment,
            Guarded::Client(_) => Policy::Client,
            Guarded::AccessToken(scope, _) => Policy::AccessToken(*scope),
            Guarded::Console(Some(capability), _) => Policy::Console(*capability),
            Guarded::Console(None, _) => Policy::ConsoleAny,
            Guarded::SetUp(_) => Policy::SetUp,
        }
    }

    /// Who it speaks to.
    pub const fn audience(&self) -> Audience {
        self.audience
    }

    /// Octets of a body that it takes.
    pub(crate) const fn octets_max(&self) -> usize {
        self.octets_max
    }

    /// Runs the policy and, when it lets the caller in, the handler.
    pub(crate) async fn answer(&self, server: Arc<Server>, call: Call) -> Result<Answer, Refusal> {
        let answered = match &self.guarded {
            Guarded::Public(handler) => handler(policy::admit_anybody(server, call)?).await,
            Guarded::ReportKey(api, handler) => {
                handler(policy::admit_key(server, call, *api).await?).await
            }
            Guarded::Collector(handler) => handler(policy::admit_collector(server, call)?).await,
            Guarded::Enrolment(handler) => handler(policy::admit_enrolment(server, call)).await,
            Guarded::Client(handler) => handler(policy::admit_client(server, call).await?).await,
            Guarded::AccessToken(_, handler) => handler(policy::admit_token(server, call)?).await,
            Guarded::Console(capability, handler) => {
                handler(policy::admit_person(server, call, *capability).await?).await
            }
            Guarded::SetUp(handler) => handler(policy::admit_set_up(server, call).await?).await,
        };
        Ok(answered?)
    }
}

/// What the registry says about a request's method and path.
pub(crate) enum Found<'a> {
    /// This route, with the parts of the path that its pattern names.
    Route(&'a Route, Vec<(&'static str, String)>),
    /// The path exists for other methods.
    OtherMethods(HeaderValue, &'a Route),
    /// There is no such path.
    Nothing,
}

/// Every route of the server.
pub struct Registry(Vec<Route>);

impl Registry {
    /// Collects the routes.
    pub(crate) fn new() -> Self {
        let routes = [
            health::routes(),
            report_api::routes(),
            ingest_api::routes(),
            oauth::routes(),
            accounts_api::routes(),
            console::routes(),
            openapi::routes(),
        ];
        Self(routes.into_iter().flatten().collect())
    }

    /// The routes, for the test that walks them all.
    pub fn routes(&self) -> impl Iterator<Item = &Route> {
        self.0.iter()
    }

    /// Finds the route for a request. The path is matched as sent: nothing in it is decoded,
    /// merged or trimmed, so no spelling leads to a route but its own.
    pub(crate) fn find(&self, method: &Method, path: &str) -> Found<'_> {
        let wanted = if method == Method::HEAD {
            &Method::GET
        } else {
            method
        };
        let mut others = Vec::new();
        for route in &self.0 {
            let Some(parameters) = route.pattern.matches(path) else {
                continue;
            };
            if route.method == *wanted {
                return Found::Route(route, parameters);
            }
            others.push(route);
        }
        let Some(first) = others.first() else {
            return Found::Nothing;
        };
        Found::OtherMethods(allow(&others), first)
    }
}

/// The value of `Allow` for routes that share a path.
fn allow(routes: &[&Route]) -> HeaderValue {
    let mut methods: Vec<&str> = Vec::new();
    for route in routes {
        methods.push(route.method.as_str());
        if route.method == Method::GET {
            methods.push("HEAD");
        }
    }
    methods.push("OPTIONS");
    // Method names are tokens, always a valid value.
    HeaderValue::from_str(&methods.join(", ")).unwrap_or_else(|_| HeaderValue::from_static(""))
}
