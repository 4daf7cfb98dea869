//! Everybody who might ask: keys alive and dead, people of every role, other organizations.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::Duration;

use http::Method;
use platen_collect::joblog::record_json;
use platen_domain::clients::OauthScope::{AccountsRead, AccountsWrite};
use platen_domain::clients::{ACCESS_TOKEN_VALID, OauthScopes};
use platen_domain::clock::Clock as _;
use platen_domain::organizations::Organization;
use platen_domain::report_apis::ReportApi;
use platen_domain::roles::Role;
use platen_http::policy::Policy;
use platen_store::LinkPurpose;

use super::accounts::Client;
use super::{Got, World, other_secret, printing, scraped};

/// Strings that stand in every device, user and organization name of one organization only.
pub(crate) const CANARIES: [&str; 4] = ["CANARY-A", "CANARY-B", "CANARY-C", "CANARY-D"];

/// An identifier that nothing has, so that no route finds something.
const NOBODY: &str = "00000000-0000-7000-8000-000000000000";

/// What a caller shows.
#[derive(Clone)]
pub(crate) enum Shows {
    Nothing,
    Keys(BTreeMap<ReportApi, String>),
    Credential(String),
    Token(String),
    Client(Client),
    Cookie { cookie: String, form_token: String },
}

/// Somebody who asks.
#[derive(Clone)]
pub(crate) struct Caller {
    pub(crate) name: &'static str,
    pub(crate) shows: Shows,
    /// The canary of the caller's own organization.
    pub(crate) own: &'static str,
}

/// A world with all callers in it.
pub(crate) struct Cast {
    pub(crate) world: World,
    pub(crate) callers: Vec<Caller>,
    set_up_token: String,
    sign_in_token: String,
    enrolment_code: String,
    asset: String,
}

impl Cast {
    pub(crate) async fn assemble() -> Self {
        let world = World::new().await;
        let hour = Duration::from_hours(1);
        let expired = world.organization("CANARY-C Ltd", Some(hour)).await;
        let expired_keys = keys(&world, &expired).await;
        let expired_client = world.client(&expired).await;
        world.clock.advance(2 * hour);
        let own = world.organization("CANARY-A Ltd", None).await;
        let other = world.organization("CANARY-B Ltd", None).await;
        let new = world.organization("CANARY-D Ltd", None).await;
        for (organization, canary) in [
            (&own, "CANARY-A"),
            (&other, "CANARY-B"),
            (&expired, "CANARY-C"),
        ] {
            world.device(organization, 1, canary).await;
            let scope = world.app.access().operator(organization.id);
            let job = printing::job(
                canary,
                "2026-11-20T12:00:00Z",
                &format!(r#""user":"{canary}""#),
            );
            let job = record_json::decode(job.as_bytes()).unwrap();
            let taken = world
                .app
                .printing()
                .take_in_print_jobs(&scope, vec![job], None);
            taken.await.unwrap();
        }
        let mut callers = vec![Caller {
            name: "anonymous",
            shows: Shows::Nothing,
            own: "",
        }];
        callers.extend(key_callers(&world, &own).await);
        let keyed = |name, keys, own| Caller {
            name,
            shows: Shows::Keys(keys),
            own,
        };
        callers.push(keyed(
            "other organization's key",
            keys(&world, &other).await,
            "CANARY-B",
        ));
        callers.push(keyed("key, licence expired", expired_keys, "CANARY-C"));
        callers.extend(collectors(&world, &own, &other).await);
        callers.extend(clients(&world, &own, &other, &expired_client).await);
        let asset = asset(&world).await;
        let manager = world
            .user(&own, "CANARY-A linked", Role::BusinessManager)
            .await;
        let sign_in_token = world.link(LinkPurpose::SignIn, &own, Some(&manager)).await;
        callers.extend(people(&world, &own).await);
        let administrator = Role::SystemAdministrator;
        for (name, organization, canary) in [
            ("other organization's administrator", &other, "CANARY-B"),
            ("administrator, licence expired", &expired, "CANARY-C"),
        ] {
            let shows = person(&world, organization, canary, administrator).await;
            callers.push(Caller {
                name,
                shows,
                own: canary,
            });
        }
        let set_up_token = world.link(LinkPurpose::SetUp, &new, None).await;
        let enrolment_code = world.enrolment_code(&own).await;
        Self {
            world,
            callers,
            set_up_token,
            sign_in_token,
            enrolment_code,
            asset,
        }
    }

    /// The route's path with something real in each of its named segments.
    pub(crate) fn path(&self, route: &str, policy: Policy) -> String {
        let (from, to) = match policy {
            Policy::ReportKey(ReportApi::MonthlyPrintJobs) => ("2026-10", "2026-11"),
            _ => ("2026-11-01", "2026-11-30"),
        };
        let token = if policy == Policy::SetUp {
            &self.set_up_token
        } else {
            &self.sign_in_token
        };
        let path = route
            .replace("{from}", from)
            .replace("{to}", to)
            .replace("{api}", ReportApi::Meters.keyword())
            .replace("{token}", token)
            .replace("{file}", &self.asset)
            .replace("{id}", NOBODY)
            .replace("{user}", NOBODY);
        assert!(
            !path.contains('{'),
            "no value is known for a named segment of {route}"
        );
        path
    }

    pub(crate) async fn ask(
        &self,
        caller: &Caller,
        method: &Method,
        path: &str,
        api: ReportApi,
    ) -> Got {
        let bearer;
        let mut headers = vec![
            ("sec-fetch-site", "same-origin"),
            ("platen-batch-epoch", "1"),
            ("platen-batch-sequence", "1"),
        ];
        // A name of its own, so that one caller's guesses do not slow the next one's down.
        let mut form = format!("enabled=on&name={}", caller.name.replace(' ', "+"));
        match &caller.shows {
            Shows::Nothing => {}
            Shows::Keys(keys) => {
                bearer = format!("bearer {}", keys.get(&api).unwrap());
                headers.push(("authorization", &bearer));
            }
            Shows::Token(token) => {
                bearer = format!("Bearer {token}");
                headers.push(("authorization", &bearer));
            }
            Shows::Client(client) => {
                bearer = client.basic();
                headers.push(("authorization", &bearer));
            }
            Shows::Credential(credential) => {
                bearer = format!("bearer {credential}");
                headers.push(("authorization", &bearer));
            }
            Shows::Cookie { cookie, form_token } => {
                headers.push(("cookie", cookie));
                write!(form, "&form_token={form_token}").unwrap();
            }
        }
        let body = match path {
            _ if *method == Method::GET || *method == Method::HEAD => String::new(),
            _ if path.starts_with("/oauth/") => {
                headers.push(("content-type", "application/x-www-form-urlencoded"));
                "grant_type=client_credentials&token=unknown".to_owned()
            }
            printing::BATCHES => printing::job("1", "2026-11-20T12:00:00Z", ""),
            printing::ENROLMENTS => printing::enrolment(&self.enrolment_code, "new"),
            _ => form,
        };
        self.world.send(method, path, &headers, &body).await
    }
}

/// A key for each API.
async fn keys(world: &World, organization: &Organization) -> BTreeMap<ReportApi, String> {
    let mut keys = BTreeMap::new();
    for api in ReportApi::ALL {
        keys.insert(api, world.enable(organization, api).await);
    }
    keys
}

/// The right keys of the organization, and its keys that must not work any more.
async fn key_callers(world: &World, organization: &Organization) -> Vec<Caller> {
    let disabled = keys(world, organization).await;
    for api in ReportApi::ALL {
        world.disable(organization, api).await;
    }
    let rotated_out = keys(world, organization).await;
    let mut right = BTreeMap::new();
    for api in ReportApi::ALL {
        right.insert(api, world.rotate(organization, api).await);
    }
    let next = |api| {
        ReportApi::ALL
            .into_iter()
            .cycle()
            .skip_while(move |a| *a != api)
            .nth(1)
            .unwrap()
    };
    let of_other_api = ReportApi::ALL
        .into_iter()
        .map(|api| (api, right.get(&next(api)).unwrap().clone()));
    let unknown = ReportApi::ALL
        .into_iter()
        .map(|api| (api, other_secret(&world.ids)));
    [
        ("unknown key", unknown.collect()),
        ("other API's key", of_other_api.collect()),
        ("disabled key", disabled),
        ("rotated-out key", rotated_out),
        ("right key", right),
    ]
    .map(|(name, keys)| Caller {
        name,
        shows: Shows::Keys(keys),
        own: "CANARY-A",
    })
    .into()
}

/// Programs that push: one that may, one that may no more, one of another organization.
async fn collectors(world: &World, own: &Organization, other: &Organization) -> Vec<Caller> {
    let revoked = world.collector(own, "revoked").await;
    let scope = world.app.access().operator(own.id);
    let known = world.app.access().collectors(&scope).await.unwrap();
    let id = known.first().unwrap().id;
    world
        .app
        .access()
        .revoke_collector(&scope, id)
        .await
        .unwrap();
    let caller = |name, credential, own| Caller {
        name,
        shows: Shows::Credential(credential),
        own,
    };
    vec![
        caller("revoked collector", revoked, "CANARY-A"),
        caller("collector", world.collector(own, "live").await, "CANARY-A"),
        caller(
            "other organization's collector",
            world.collector(other, "other").await,
            "CANARY-B",
        ),
    ]
}

/// Client Applications and their tokens: those that may, and those that may no more.
async fn clients(
    world: &World,
    own: &Organization,
    other: &Organization,
    expired: &Client,
) -> Vec<Caller> {
    let caller = |name, shows, own| Caller { name, shows, own };
    let gone = world.client(own).await;
    let token_of_gone = gone.token(world, OauthScopes::ALL).await;
    world.revoke_client(own).await;
    let client = world.client(own).await;
    let over = client.token(world, OauthScopes::ALL).await;
    world.clock.advance(ACCESS_TOKEN_VALID);
    let revoked = client.token(world, OauthScopes::ALL).await;
    client.revoke(world, &revoked).await;
    let of_expired = expired.token(world, OauthScopes::ALL).await;
    let of_other = world
        .client(other)
        .await
        .token(world, OauthScopes::ALL)
        .await;
    let token = |name, token| caller(name, Shows::Token(token), "CANARY-A");
    vec![
        token("unknown token", other_secret(&world.ids)),
        token("expired token", over),
        token("revoked token", revoked),
        token("token of revoked client", token_of_gone),
        token(
            "read-only token",
            client.token(world, AccountsRead.into()).await,
        ),
        token(
            "write-only token",
            client.token(world, AccountsWrite.into()).await,
        ),
        token("right token", client.token(world, OauthScopes::ALL).await),
        caller(
            "other organization's token",
            Shows::Token(of_other),
            "CANARY-B",
        ),
        caller(
            "token, licence expired",
            Shows::Token(of_expired),
            "CANARY-C",
        ),
        caller("revoked client", Shows::Client(gone), "CANARY-A"),
        caller("client", Shows::Client(client), "CANARY-A"),
    ]
}

async fn people(world: &World, organization: &Organization) -> Vec<Caller> {
    let mut callers = Vec::new();
    for (name, role) in [
        ("System Administrator", Role::SystemAdministrator),
        ("IT Administrator", Role::ItAdministrator),
        ("Business Manager", Role::BusinessManager),
        ("Print Analyst", Role::PrintAnalyst),
    ] {
        callers.push(Caller {
            name,
            shows: person(world, organization, &format!("CANARY-A {name}"), role).await,
            own: "CANARY-A",
        });
    }
    let gone = world
        .user(organization, "CANARY-A gone", Role::SystemAdministrator)
        .await;
    let cookie = world.signed_in(organization, &gone).await;
    let form_token = form_token(world, &cookie).await;
    let now = world.clock.now();
    let scope = world.app.access().operator(organization.id);
    let deactivated = world
        .app
        .store()
        .write(move |writer| writer.deactivate_user(&scope, gone.id, now));
    deactivated.await.unwrap();
    // The first request with it ends the session, which is a change on disk.
    world.get("/", &[("cookie", &cookie)]).await;
    callers.push(Caller {
        name: "deactivated user, live cookie",
        shows: Shows::Cookie { cookie, form_token },
        own: "CANARY-A",
    });
    callers
}

async fn person(world: &World, organization: &Organization, name: &str, role: Role) -> Shows {
    let user = world.user(organization, name, role).await;
    let cookie = world.signed_in(organization, &user).await;
    let form_token = form_token(world, &cookie).await;
    Shows::Cookie { cookie, form_token }
}

/// The token that the person's forms carry, taken from a page everybody may see.
async fn form_token(world: &World, cookie: &str) -> String {
    let page = world
        .get("/fleet/meters", &[("cookie", cookie)])
        .await
        .text();
    scraped(&page, "name=\"form_token\" value=\"").unwrap_or_default()
}

async fn asset(world: &World) -> String {
    let page = world.get("/sign-in", &[]).await.text();
    scraped(&page, "href=\"/assets/").unwrap_or_else(|| "none.css".to_owned())
}
