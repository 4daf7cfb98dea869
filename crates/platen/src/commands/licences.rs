//! `platen licence`: issue, install, show.

use std::fs;
use std::path::Path;

use anyhow::Context as _;
use platen_app::access::issuers::IssuerKey;
use platen_app::access::licences::{self, DOCUMENT_BYTES_MAX};
use platen_domain::clock::{Clock as _, Timestamp};
use platen_domain::licences::{Feature, Licence, check};
use platen_domain::secret::Secret;

use crate::cli::{InstallLicence, IssueLicence, OfOrganization};
use crate::files;
use crate::opening::{self, with_app};
use crate::system::SystemClock;
use crate::terminal::say;

/// Prints a licence, for a file.
pub(crate) fn issue(options: &IssueLicence) -> anyhow::Result<()> {
    let key = issuer_key(&options.key)?;
    let licence = Licence {
        organization: options.organization.clone(),
        features: options.features.clone(),
        device_limit: options.devices,
        valid_from: SystemClock.now(),
        valid_until: options.until.map(day_after).transpose()?,
        evaluation: options.evaluation,
    };
    say(&licences::issue(&key, &licence)?);
    Ok(())
}

/// Reads an issuer key file.
pub(crate) fn issuer_key(file: &Path) -> anyhow::Result<IssuerKey> {
    let name = file.display();
    let text = fs::read_to_string(file);
    let text = text.with_context(|| format!("cannot read the issuer key {name}"))?;
    IssuerKey::from_text(&Secret::new(text)).with_context(|| name.to_string())
}

/// The first instant after `last`, a day in UTC.
fn day_after(last: jiff::civil::Date) -> anyhow::Result<Timestamp> {
    let end = jiff::tz::TimeZone::UTC.to_timestamp(last.tomorrow()?.into())?;
    Ok(Timestamp::from_millis(end.as_millisecond()))
}

pub(crate) fn install(options: &InstallLicence) -> anyhow::Result<()> {
    let document = files::read(&options.document, "licence", DOCUMENT_BYTES_MAX)?;
    with_app(&options.target.config.file, async |_, app| {
        let organization =
            opening::organization(&app, options.target.organization.as_deref()).await?;
        let scope = app.access().operator(organization.id);
        let installed = app.access().install_licence(&scope, &document).await?;
        let summary = licences::summary(&installed.licence);
        say(&format!(
            "Installed for {:?}: {summary}\n",
            organization.name
        ));
        if let Some(warning) = installed.warning {
            say(&format!(
                "Warning: {warning}, so the report APIs stay closed.\n"
            ));
        }
        Ok(())
    })
}

pub(crate) fn show(target: &OfOrganization) -> anyhow::Result<()> {
    with_app(&target.config.file, async |_, app| {
        let organization = opening::organization(&app, target.organization.as_deref()).await?;
        let licence = app
            .access()
            .licence(&app.access().operator(organization.id))
            .await?;
        let summary = licence
            .as_ref()
            .map_or("none".to_owned(), licences::summary);
        say(&format!("{}: {summary}\n", organization.name));
        for feature in Feature::ALL {
            match check(licence.as_ref(), feature, app.now()) {
                Ok(()) => say(&format!("  {feature}: open\n")),
                Err(refusal) => say(&format!("  {feature}: closed, {refusal}\n")),
            }
        }
        Ok(())
    })
}
