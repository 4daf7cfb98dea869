//! The demo's organization: licensed, its report APIs open, with somebody who may sign in.

use std::time::Duration;

use platen_app::App;
use platen_app::access::clients::ClientChangeError;
use platen_app::access::issuers::IssuerKey;
use platen_app::access::keys::KeyChangeError;
use platen_app::access::licences;
use platen_app::access::links::{LinkPurpose, SIGN_IN_LINK_VALID};
use platen_domain::clients::{ClientRecord, ClientSecret};
use platen_domain::keys::AuthorizationKey;
use platen_domain::licences::{Feature, Licence};
use platen_domain::organizations::Organization;
use platen_domain::report_apis::ReportApi;
use platen_domain::roles::Role;
use platen_domain::secret::Secret;
use platen_domain::users::User;

use crate::system::SystemIds;

/// Names in the demo.
const ORGANIZATION: &str = "Demo";
const ADMINISTRATOR: &str = "demo";

/// How long the evaluation licence is valid.
const EVALUATION: Duration = Duration::from_hours(30 * 24);

/// A report API with the key that opens it, where that is known.
pub(super) struct Door {
    pub(super) api: ReportApi,
    /// `None` where a demo on the same data made it before: only its hash is kept.
    pub(super) key: Option<AuthorizationKey>,
}

/// The organization, and the ways in.
pub(super) struct Tenant {
    pub(super) organization: Organization,
    pub(super) sign_in: Secret<String>,
    pub(super) doors: Vec<Door>,
    /// The Client Application of the Accounts API; `None` where a demo on the same data made it
    /// before: only its secret's hash is kept.
    pub(super) client: Option<(ClientRecord, ClientSecret)>,
}

impl Tenant {
    /// Makes all of it, or takes what an earlier demo on the same data left.
    pub(super) async fn prepare(app: &App) -> anyhow::Result<Self> {
        let organization = organization(app).await?;
        license(app, &organization).await?;
        let user = administrator(app, &organization).await?;
        let purpose = LinkPurpose::SignIn;
        let valid = SIGN_IN_LINK_VALID;
        let sign_in = app
            .access()
            .create_link(purpose, organization.id, Some(user.id), valid)
            .await?;
        let mut doors = Vec::new();
        for api in ReportApi::ALL {
            let key = match app
                .access()
                .enable_key(&app.access().operator(organization.id), api)
                .await
            {
                Ok(key) => Some(key),
                Err(KeyChangeError::AlreadyEnabled) => None,
                Err(error) => return Err(error.into()),
            };
            doors.push(Door { api, key });
        }
        let client = match app
            .access()
            .generate_client(&app.access().operator(organization.id))
            .await
        {
            Ok(client) => Some(client),
            Err(ClientChangeError::AlreadyLive) => None,
            Err(error) => return Err(error.into()),
        };
        Ok(Self {
            organization,
            sign_in,
            doors,
            client,
        })
    }
}

async fn organization(app: &App) -> anyhow::Result<Organization> {
    let known = app.access().organizations().await?;
    match known.into_iter().find(|known| known.name == ORGANIZATION) {
        Some(organization) => Ok(organization),
        None => Ok(app
            .access()
            .add_organization(ORGANIZATION, &super::super::init::time_zone(None))
            .await?),
    }
}

/// A licence of an issuer that is forgotten at once: nobody can issue another.
async fn license(app: &App, organization: &Organization) -> anyhow::Result<()> {
    let key = IssuerKey::generate("Platen demo", &SystemIds);
    let licence = Licence {
        organization: organization.name.clone(),
        features: Feature::ALL.to_vec(),
        device_limit: None,
        valid_from: app.now(),
        valid_until: Some(app.now().plus(EVALUATION)),
        evaluation: true,
    };
    app.access().trust_issuer(key.issuer()).await?;
    let document = licences::issue(&key, &licence)?;
    app.access()
        .install_licence(&app.access().operator(organization.id), &document)
        .await?;
    Ok(())
}

async fn administrator(app: &App, organization: &Organization) -> anyhow::Result<User> {
    let scope = app.access().operator(organization.id);
    let known = app.access().users(&scope).await?;
    match known.into_iter().find(|user| user.name == ADMINISTRATOR) {
        Some(user) => Ok(user),
        None => Ok(app
            .access()
            .create_user(&scope, ADMINISTRATOR, Role::SystemAdministrator)
            .await?),
    }
}
