//! `platen privacy`: set, show.

use platen_app::printing::privacy;

use crate::cli::{OfOrganization, SetPrivacy};
use crate::opening::{self, with_app};
use crate::terminal::say;

pub(crate) fn set(options: &SetPrivacy) -> anyhow::Result<()> {
    let (change, target) = (&options.change, &options.target);
    with_app(&target.config.file, async |_, app| {
        let organization = opening::organization(&app, target.organization.as_deref()).await?;
        let scope = app.access().operator(organization.id);
        let mut policy = app.people().privacy(&scope).await?.policy;
        policy.user = change.user.unwrap_or(policy.user);
        policy.document = change.document.unwrap_or(policy.document);
        policy.client = change.client.unwrap_or(policy.client);
        policy.document_days = change
            .document_days
            .map_or(policy.document_days, |days| days.0);
        app.people().set_privacy(&scope, policy).await?;
        let summary = privacy::summary(&policy);
        say(&format!(
            "Set for {:?}, for jobs that come from now on: {summary}\n",
            organization.name
        ));
        Ok(())
    })
}

pub(crate) fn show(target: &OfOrganization) -> anyhow::Result<()> {
    with_app(&target.config.file, async |_, app| {
        let organization = opening::organization(&app, target.organization.as_deref()).await?;
        let kept = app
            .people()
            .privacy(&app.access().operator(organization.id))
            .await?;
        let summary = privacy::summary(&kept.policy);
        say(&format!("{}: {summary}\n", organization.name));
        Ok(())
    })
}
