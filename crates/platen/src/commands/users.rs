//! `platen user link`: a way in for who is locked out.

use anyhow::Context as _;
use platen_app::access::links::{LinkPurpose, SIGN_IN_LINK_VALID};

use crate::cli::UserLink;
use crate::opening::{self, with_app};
use crate::terminal::say;

pub(crate) fn link(options: &UserLink) -> anyhow::Result<()> {
    with_app(&options.target.config.file, async |config, app| {
        let organization =
            opening::organization(&app, options.target.organization.as_deref()).await?;
        let users = app
            .access()
            .users(&app.access().operator(organization.id))
            .await?;
        let wanted = options.name.to_lowercase();
        let user = users.iter().find(|user| user.name.to_lowercase() == wanted);
        let user = user.with_context(|| {
            format!(
                "{:?} has no user named {:?}",
                organization.name, options.name
            )
        })?;
        let token = app
            .access()
            .create_link(
                LinkPurpose::SignIn,
                organization.id,
                Some(user.id),
                SIGN_IN_LINK_VALID,
            )
            .await?;
        let link = platen_http::sign_in_link(&config.server.public_url, &token);
        say(&format!(
            "This link signs {} in, once, within an hour:\n  {link}\n",
            user.name
        ));
        Ok(())
    })
}
