//! An application in a directory of its own, with one organization.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use platen_app::access::issuers::IssuerKey;
use platen_app::access::licences;
use platen_app::access::links::{LinkPurpose, SET_UP_LINK_VALID};
use platen_app::access::sessions::{NewSession, SessionContext};
use platen_app::{App, AppOptions, PasswordCost};
use platen_domain::clock::{Clock, ManualClock, Timestamp};
use platen_domain::ids::{KeyId, SeededIds};
use platen_domain::licences::{Feature, Licence};
use platen_domain::organizations::Organization;
use platen_domain::report_apis::ReportApi;
use platen_domain::scope::Scope;
use platen_domain::secret::Secret;
use platen_store::{Store, StoreOptions};

pub(crate) const START: Timestamp = Timestamp::from_millis(1_767_225_600_000);
pub(crate) const PASSWORD: &str = "correct horse battery";

pub(crate) struct Place {
    pub(crate) app: App,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) organization: Organization,
    pub(crate) issuer: IssuerKey,
    directory: tempfile::TempDir,
}

pub(crate) fn secret(text: &str) -> Secret<String> {
    Secret::new(text.to_owned())
}

/// An application over a new store.
pub(crate) fn app(clock: Arc<dyn Clock>) -> (App, tempfile::TempDir) {
    let directory = tempfile::tempdir().unwrap();
    (opened(directory.path(), clock, 1), directory)
}

fn opened(directory: &Path, clock: Arc<dyn Clock>, seed: u64) -> App {
    let store = Store::open(directory, StoreOptions::default()).unwrap();
    let options = AppOptions {
        password_cost: PasswordCost::LEAST,
    };
    App::new(store, clock, Arc::new(SeededIds::new(seed)), options)
}

impl Place {
    /// "Northwind", without a licence and without users.
    pub(crate) async fn bare() -> Self {
        let clock = Arc::new(ManualClock::at(START));
        let (app, directory) = app(clock.clone());
        let organization = app
            .access()
            .add_organization("Northwind", "Europe/Berlin")
            .await
            .unwrap();
        let issuer = IssuerKey::generate("Northwind IT", &SeededIds::new(2));
        app.access().trust_issuer(issuer.issuer()).await.unwrap();
        Self {
            app,
            clock,
            organization,
            issuer,
            directory,
        }
    }

    /// The same with a licence for a hundred days.
    pub(crate) async fn licensed() -> Self {
        let place = Self::bare().await;
        let document = place.licence_for("Northwind");
        place
            .app
            .access()
            .install_licence(&place.operator(), &document)
            .await
            .unwrap();
        place
    }

    pub(crate) fn operator(&self) -> Scope {
        self.app.access().operator(self.organization.id)
    }

    pub(crate) fn licence_for(&self, organization: &str) -> String {
        let licence = Licence {
            organization: organization.to_owned(),
            features: vec![Feature::Fleet, Feature::Accounts],
            device_limit: None,
            valid_from: START,
            valid_until: Some(START.plus(Duration::from_hours(24 * 100))),
            evaluation: false,
        };
        licences::issue(&self.issuer, &licence).unwrap()
    }

    /// Ada, the first administrator.
    pub(crate) async fn set_up(&self) -> NewSession {
        let purpose = LinkPurpose::SetUp;
        let link =
            self.app
                .access()
                .create_link(purpose, self.organization.id, None, SET_UP_LINK_VALID);
        let link = link.await.unwrap();
        self.app
            .access()
            .set_up(link.expose(), "Ada", secret(PASSWORD))
            .await
            .unwrap()
    }

    pub(crate) async fn context(&self, session: &NewSession) -> Option<SessionContext> {
        self.app
            .access()
            .authenticate_session(session.secret.expose())
            .await
            .unwrap()
    }

    /// Stops the application and starts another on the same data.
    pub(crate) async fn restarted(mut self) -> Self {
        self.app.store().close().await;
        self.app = opened(self.directory.path(), self.clock.clone(), 3);
        self
    }

    /// The live key of `api`.
    pub(crate) async fn live_key(&self, api: ReportApi) -> KeyId {
        let states = self
            .app
            .access()
            .report_apis(&self.operator())
            .await
            .unwrap();
        let state = states.into_iter().find(|state| state.api == api).unwrap();
        state.key.unwrap().id
    }

    /// The audit log's actions, oldest first.
    pub(crate) async fn actions(&self) -> Vec<String> {
        let entries = self
            .app
            .operation()
            .audit(&self.operator(), 100)
            .await
            .unwrap();
        entries
            .into_iter()
            .rev()
            .map(|entry| entry.action)
            .collect()
    }
}
