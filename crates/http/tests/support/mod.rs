//! A server without sockets over a store in a temporary directory: organizations, keys, people.

#![expect(clippy::unwrap_used, reason = "a failed step fails the test")]
#![allow(dead_code, reason = "each test uses a part of it")]

pub(crate) mod accounts;
pub(crate) mod cast;
pub(crate) mod printing;

use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, Method, Request, StatusCode};
use http_body::Body;
use http_body_util::{BodyExt as _, Full};
use platen_app::access::issuers::IssuerKey;
use platen_app::access::licences;
use platen_app::{App, AppOptions, PasswordCost};
use platen_domain::clock::{Clock as _, ManualClock, Timestamp};
use platen_domain::devices::Identity;
use platen_domain::ids::SeededIds;
use platen_domain::licences::{Feature, Licence};
use platen_domain::organizations::Organization;
use platen_domain::readings::{Observation, ProfileRef, Transport};
use platen_domain::report_apis::ReportApi;
use platen_domain::roles::Role;
use platen_domain::status::{DeviceState, Status};
use platen_domain::supplies::{Level, Supply, SupplyClass, SupplyType};
use platen_domain::users::User;
use platen_http::limits::Limits;
use platen_http::{HttpOptions, Layouts, Service};
use platen_store::{LinkPurpose, Store, StoreOptions};
use tempfile::TempDir;

/// 2026-11-23T11:00:00Z.
pub(crate) const START: Timestamp = Timestamp::from_millis(1_795_431_600_000);

/// Where the server says it is.
pub(crate) const PUBLIC_URL: &str = "https://print.example.org";

pub(crate) struct World {
    pub(crate) app: App,
    pub(crate) service: Service,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) ids: Arc<SeededIds>,
    issuer: IssuerKey,
    directory: TempDir,
}

/// A whole answer.
pub(crate) struct Got {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Got {
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    /// The body with its keys in order, whichever order the parser was built to keep.
    pub(crate) fn json(&self) -> serde_json::Value {
        let mut json: serde_json::Value = serde_json::from_slice(&self.body).unwrap();
        json.sort_all_objects();
        json
    }
}

impl World {
    pub(crate) async fn new() -> Self {
        let directory = TempDir::new().unwrap();
        let clock = Arc::new(ManualClock::at(START));
        let ids = Arc::new(SeededIds::new(7));
        let options = StoreOptions {
            now: START,
            ..StoreOptions::default()
        };
        let store = Store::open(directory.path(), options).unwrap();
        let options = AppOptions {
            password_cost: PasswordCost::LEAST,
        };
        let app = App::new(store, clock.clone(), ids.clone(), options);
        let issuer = IssuerKey::generate("Tests", &*ids);
        app.access().trust_issuer(issuer.issuer()).await.unwrap();
        let service = Service::new(app.clone(), http_options());
        Self {
            app,
            service,
            clock,
            ids,
            issuer,
            directory,
        }
    }

    /// Another server over the same store, which remembers nothing of what this one read.
    pub(crate) fn another_server(&self) -> Server {
        let options = AppOptions {
            password_cost: PasswordCost::LEAST,
        };
        let (store, clock) = (self.app.store().clone(), self.clock.clone());
        let app = App::new(store, clock, self.ids.clone(), options);
        Server(Service::new(app, http_options()))
    }

    /// An organization under a licence for everything, valid for `valid` or for ever.
    pub(crate) async fn organization(&self, name: &str, valid: Option<Duration>) -> Organization {
        let organization = self
            .app
            .access()
            .add_organization(name, "Europe/Berlin")
            .await
            .unwrap();
        let licence = Licence {
            organization: name.to_owned(),
            features: Feature::ALL.to_vec(),
            device_limit: None,
            valid_from: self.clock.now(),
            valid_until: valid.map(|valid| self.clock.now().plus(valid)),
            evaluation: false,
        };
        let document = licences::issue(&self.issuer, &licence).unwrap();
        let scope = self.app.access().operator(organization.id);
        self.app
            .access()
            .install_licence(&scope, &document)
            .await
            .unwrap();
        organization
    }

    pub(crate) async fn enable(&self, organization: &Organization, api: ReportApi) -> String {
        let scope = self.app.access().operator(organization.id);
        self.app
            .access()
            .enable_key(&scope, api)
            .await
            .unwrap()
            .expose()
            .to_owned()
    }

    pub(crate) async fn disable(&self, organization: &Organization, api: ReportApi) {
        let scope = self.app.access().operator(organization.id);
        self.app.access().disable_key(&scope, api).await.unwrap();
    }

    pub(crate) async fn rotate(&self, organization: &Organization, api: ReportApi) -> String {
        let scope = self.app.access().operator(organization.id);
        let states = self.app.access().report_apis(&scope).await.unwrap();
        let state = states.into_iter().find(|state| state.api == api).unwrap();
        self.app
            .access()
            .rotate_key(&scope, api, state.key.unwrap().id)
            .await
            .unwrap()
            .expose()
            .to_owned()
    }

    pub(crate) async fn user(&self, organization: &Organization, name: &str, role: Role) -> User {
        let scope = self.app.access().operator(organization.id);
        self.app
            .access()
            .create_user(&scope, name, role)
            .await
            .unwrap()
    }

    /// The token of a one-time link.
    pub(crate) async fn link(
        &self,
        purpose: LinkPurpose,
        organization: &Organization,
        user: Option<&User>,
    ) -> String {
        let (hour, user) = (Duration::from_hours(1), user.map(|user| user.id));
        let token = self
            .app
            .access()
            .create_link(purpose, organization.id, user, hour)
            .await
            .unwrap();
        token.expose().clone()
    }

    /// The cookie of a person who has signed in.
    pub(crate) async fn signed_in(&self, organization: &Organization, user: &User) -> String {
        let link = self
            .link(LinkPurpose::SignIn, organization, Some(user))
            .await;
        let session = self.app.access().sign_in_with_link(&link).await.unwrap();
        format!("__Host-platen-session={}", session.secret.expose())
    }

    /// Puts a device with two supplies and a status into the organization's fleet.
    pub(crate) async fn device(&self, organization: &Organization, number: u8, name: &str) {
        let scope = self.app.access().operator(organization.id);
        let observation = observation(number, name, self.clock.now());
        let (now, ids) = (self.clock.now(), self.ids.clone());
        let recorded = self
            .app
            .store()
            .write(move |writer| writer.record_observation(&scope, &observation, now, &*ids, None));
        recorded.await.unwrap();
    }

    /// Lets a device of [`device`](Self::device) state its serial number in another spelling.
    pub(crate) async fn renamed(
        &self,
        organization: &Organization,
        number: u8,
        name: &str,
        spelling: &str,
    ) {
        let scope = self.app.access().operator(organization.id);
        let mut observation = observation(number, name, self.clock.now());
        if let Some(identity) = &mut observation.identity {
            identity.serial = Some(format!("{spelling}-{number}"));
        }
        let (now, ids) = (self.clock.now(), self.ids.clone());
        let recorded = self
            .app
            .store()
            .write(move |writer| writer.record_observation(&scope, &observation, now, &*ids, None));
        recorded.await.unwrap();
    }

    /// Puts `count` devices into the organization's fleet in one write.
    pub(crate) async fn devices(&self, organization: &Organization, count: u16) {
        let scope = self.app.access().operator(organization.id);
        let (now, ids) = (self.clock.now(), self.ids.clone());
        let recorded = self.app.store().write(move |writer| {
            for number in 0..count {
                let [high, low] = number.to_be_bytes();
                let mut observation = observation(low, &format!("Device {number:05}"), now);
                observation.address = Ipv4Addr::new(198, 18, high, low).into();
                writer.record_observation(&scope, &observation, now, &*ids, None)?;
            }
            Ok(())
        });
        recorded.await.unwrap();
    }

    pub(crate) async fn get(&self, path: &str, headers: &[(&str, &str)]) -> Got {
        self.send(&Method::GET, path, headers, "").await
    }

    pub(crate) async fn send(
        &self,
        method: &Method,
        path: &str,
        headers: &[(&str, &str)],
        body: impl AsRef<[u8]>,
    ) -> Got {
        let answer = self.answer(method, path, headers, body).await;
        let (parts, body) = answer.into_parts();
        Got {
            status: parts.status,
            headers: parts.headers,
            body: body.collect().await.unwrap().to_bytes(),
        }
    }

    /// An answer whose body is still on its way.
    pub(crate) async fn answer(
        &self,
        method: &Method,
        path: &str,
        headers: &[(&str, &str)],
        body: impl AsRef<[u8]>,
    ) -> http::Response<impl Body<Data = Bytes, Error: std::fmt::Debug>> {
        answer(&self.service, method, path, headers, body).await
    }

    /// Where the store keeps its files.
    pub(crate) fn directory(&self) -> &std::path::Path {
        self.directory.path()
    }

    /// Everything the store has on disk. It grows with every commit, and only then.
    pub(crate) fn disk(&self) -> Vec<Vec<u8>> {
        let mut files: Vec<PathBuf> = std::fs::read_dir(self.directory.path())
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.is_file() && !path.to_string_lossy().ends_with("-shm"))
            .collect();
        files.sort();
        assert!(!files.is_empty());
        files
            .into_iter()
            .map(|path| std::fs::read(path).unwrap())
            .collect()
    }
}

fn observation(number: u8, name: &str, at: Timestamp) -> Observation {
    let meter = |key: &str, value| platen_domain::meters::MeterValue {
        key: key.parse().unwrap(),
        value,
        source: "test".to_owned(),
    };
    let supply = |index, kind, class, level| Supply {
        index,
        class,
        kind,
        colorants: Vec::new(),
        description: format!("supply {index}"),
        part_number: None,
        serial: None,
        unit: None,
        capacity: None,
        level,
        raw_capacity: Some(-2),
        raw_level: Some(-3),
        rule: "rfc3805".into(),
    };
    Observation {
        address: Ipv4Addr::new(192, 0, 2, number).into(),
        transport: Transport::SnmpV2c,
        collected_at: at,
        device_uptime_ticks: None,
        profile: ProfileRef {
            name: "generic".to_owned(),
            version: 1,
        },
        identity: Some(Identity {
            manufacturer: Some("Example".to_owned()),
            serial: Some(format!("{name}-{number}")),
            name: Some(name.to_owned()),
            ..Identity::default()
        }),
        meters: vec![meter(
            "total/all/impressions/any",
            1_000 + u64::from(number),
        )],
        has_color: Some(false),
        supplies: Some(vec![
            supply(1, SupplyType::Toner, SupplyClass::Consumed, Level::SomeLeft),
            supply(
                2,
                SupplyType::WasteToner,
                SupplyClass::Receptacle,
                Level::Unknown,
            ),
        ]),
        status: Some(Status {
            state: DeviceState::Idle,
            errors: None,
            hr_device_status: None,
            hr_printer_status: None,
            alerts: Vec::new(),
            console: Vec::new(),
        }),
        raw: Vec::new(),
    }
}

/// The one value of `attribute` in a page that follows `marker`.
pub(crate) fn scraped(page: &str, marker: &str) -> Option<String> {
    let (_, rest) = page.split_once(marker)?;
    let (value, _) = rest.split_once('"')?;
    Some(value.to_owned())
}

/// A secret of the right form that nobody was given.
pub(crate) fn other_secret(ids: &SeededIds) -> String {
    platen_domain::keys::random_secret(ids).expose().clone()
}

/// A server of its own.
pub(crate) struct Server(Service);

impl Server {
    pub(crate) async fn get(&self, path: &str, headers: &[(&str, &str)]) -> Got {
        let answer = answer(&self.0, &Method::GET, path, headers, "").await;
        let (parts, body) = answer.into_parts();
        Got {
            status: parts.status,
            headers: parts.headers,
            body: body.collect().await.unwrap().to_bytes(),
        }
    }
}

fn http_options() -> HttpOptions {
    HttpOptions {
        public_url: PUBLIC_URL.to_owned(),
        layouts: Layouts::default(),
        limits: Limits::default(),
    }
}

async fn answer(
    service: &Service,
    method: &Method,
    path: &str,
    headers: &[(&str, &str)],
    body: impl AsRef<[u8]>,
) -> http::Response<impl Body<Data = Bytes, Error: std::fmt::Debug>> {
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let request = request
        .body(Full::new(Bytes::copy_from_slice(body.as_ref())))
        .unwrap();
    let peer = IpAddr::V4(Ipv4Addr::LOCALHOST);
    service.answer(peer, request).await
}
