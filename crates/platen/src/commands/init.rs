//! `platen init`: a configuration, a data directory, a licence, and the way in.

use std::path::Path;

use platen_app::App;
use platen_app::access::issuers::IssuerKey;
use platen_app::access::licences;
use platen_app::access::links::{LinkPurpose, SET_UP_LINK_VALID};
use platen_app::access::organizations;
use platen_domain::licences::{Feature, Licence};
use platen_domain::organizations::Organization;

use crate::cli::Init;
use crate::system::SystemIds;
use crate::terminal::say;
use crate::{files, opening};

/// The configuration a new server starts with.
const TEMPLATE: &str = include_str!("../../templates/platen.toml");

/// Address of a server that was not told otherwise.
const PUBLIC_URL: &str = "http://127.0.0.1:8631";

pub(crate) fn run(options: &Init) -> anyhow::Result<()> {
    let directory = &options.directory;
    let (config, data) = (directory.join("platen.toml"), directory.join("data"));
    for taken in [&config, &data, &directory.join("issuer.key")] {
        anyhow::ensure!(
            !taken.exists(),
            "{} is there already: choose another place with --directory, or go on with it",
            taken.display()
        );
    }
    let zone = time_zone(options.time_zone.as_deref());
    // First, so that a slip of the pen leaves nothing in the way of the next try.
    organizations::check(&options.organization, &zone)?;
    files::private_directory(&data)?;
    let link = opening::block_on(async {
        let app = opening::app(&data)?;
        let link = fill(&app, &options.organization, &zone, directory).await;
        app.store().close().await;
        link
    })?;
    // Last, so that a configuration is only there when all it speaks of is.
    files::create(&config, TEMPLATE, 0o640)?;
    say(&farewell(directory, &config, &options.organization, &link));
    Ok(())
}

/// Makes the first organization and returns its set-up link.
async fn fill(app: &App, name: &str, zone: &str, directory: &Path) -> anyhow::Result<String> {
    let organization = app.access().add_organization(name, zone).await?;
    let key = IssuerKey::generate(&format!("{} (operator)", organization.name), &SystemIds);
    app.access().trust_issuer(key.issuer()).await?;
    files::create(&directory.join("issuer.key"), key.to_text().expose(), 0o600)?;
    license(app, &organization, &key).await?;
    set_up_link(app, &organization, PUBLIC_URL).await
}

/// Issues and installs a perpetual licence for everything.
pub(crate) async fn license(
    app: &App,
    organization: &Organization,
    key: &IssuerKey,
) -> anyhow::Result<()> {
    let licence = Licence {
        organization: organization.name.clone(),
        features: Feature::ALL.to_vec(),
        device_limit: None,
        valid_from: app.now(),
        valid_until: None,
        evaluation: false,
    };
    let document = licences::issue(key, &licence)?;
    let scope = app.access().operator(organization.id);
    app.access().install_licence(&scope, &document).await?;
    Ok(())
}

/// A one-time link that makes the first administrator of `organization`.
pub(crate) async fn set_up_link(
    app: &App,
    organization: &Organization,
    public_url: &str,
) -> anyhow::Result<String> {
    let purpose = LinkPurpose::SetUp;
    let token = app
        .access()
        .create_link(purpose, organization.id, None, SET_UP_LINK_VALID)
        .await?;
    Ok(platen_http::set_up_link(public_url, &token))
}

/// The zone asked for, or this machine's, or UTC.
pub(crate) fn time_zone(asked: Option<&str>) -> String {
    let system = || jiff::tz::TimeZone::system().iana_name().map(str::to_owned);
    let zone = asked.map(str::to_owned).or_else(system);
    zone.unwrap_or_else(|| "UTC".to_owned())
}

fn farewell(directory: &Path, config: &Path, organization: &str, link: &str) -> String {
    let (config, directory) = (config.display(), directory.display());
    format!(
        "\
{organization:?} is ready. In {directory}:
  platen.toml   the configuration: say there which address ranges hold your printers
  issuer.key    signs licences: keep it to yourself, and keep a copy elsewhere
  data          everything Platen keeps

Next:
  platen config check --config {config}
  platen serve --config {config}

Then open this link to create the first administrator. It works once, and for 24 hours:
  {link}
"
    )
}
