//! `platen organization`: add, list.

use std::path::Path;

use crate::cli::AddOrganization;
use crate::commands::{init, licences};
use crate::opening::with_app;
use crate::terminal::say;

pub(crate) fn add(options: &AddOrganization) -> anyhow::Result<()> {
    let key = options
        .key
        .as_deref()
        .map(licences::issuer_key)
        .transpose()?;
    let zone = init::time_zone(options.time_zone.as_deref());
    with_app(&options.config.file, async |config, app| {
        let organization = app.access().add_organization(&options.name, &zone).await?;
        match &key {
            Some(key) => init::license(&app, &organization, key).await?,
            None => {
                say("It has no licence yet: platen licence issue, then platen licence install\n");
            }
        }
        let link = init::set_up_link(&app, &organization, &config.server.public_url).await?;
        let name = &organization.name;
        say(&format!(
            "{name:?} is ready. This link creates its first administrator, once, within 24 hours:\n  {link}\n"
        ));
        Ok(())
    })
}

pub(crate) fn list(file: &Path) -> anyhow::Result<()> {
    with_app(file, async |_, app| {
        for organization in app.access().organizations().await? {
            let devices = app
                .fleet()
                .device_count(&app.access().operator(organization.id))
                .await?;
            let (name, zone) = (&organization.name, &organization.time_zone);
            say(&format!("{name}: {devices} devices, {zone}\n"));
        }
        Ok(())
    })
}
