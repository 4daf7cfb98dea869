//! `platen prices`: set, show.

use jiff::tz::TimeZone;
use platen_app::prices::{self, PRICES_BYTES_MAX};

use crate::cli::{OfOrganization, SetPrices};
use crate::files;
use crate::opening::{self, with_app};
use crate::terminal::say;

pub(crate) fn set(options: &SetPrices) -> anyhow::Result<()> {
    let text = files::read(&options.prices, "price list", PRICES_BYTES_MAX)?;
    with_app(&options.target.config.file, async |_, app| {
        let organization =
            opening::organization(&app, options.target.organization.as_deref()).await?;
        let list = app
            .set_prices(&app.operator(organization.id), &text)
            .await
            .map_err(|error| {
                anyhow::Error::new(error).context(options.prices.display().to_string())
            })?;
        let summary = prices::summary(&list, &TimeZone::get(&organization.time_zone)?);
        let (name, version) = (&organization.name, list.version);
        say(&format!("Set for {name:?}: version {version}: {summary}\n"));
        Ok(())
    })
}

/// Prints what could be set again.
pub(crate) fn show(target: &OfOrganization) -> anyhow::Result<()> {
    with_app(&target.config.file, async |_, app| {
        let organization = opening::organization(&app, target.organization.as_deref()).await?;
        let zone = TimeZone::get(&organization.time_zone)?;
        let book = app.price_book(&app.operator(organization.id)).await?;
        let (name, now) = (&organization.name, app.now());
        let current = book.list_at(now);
        if current.is_none() {
            say(&format!("# {name} has no prices now\n"));
        }
        // A version that another one replaces from its first instant on never counts.
        let to_come = book
            .lists()
            .iter()
            .filter(|list| list.valid_from > now && book.list_at(list.valid_from) == Some(*list));
        for list in current.into_iter().chain(to_come) {
            let when = if list.valid_from > now {
                "to come"
            } else {
                "holds now"
            };
            let (version, text) = (list.version, prices::write(list, &zone));
            say(&format!("# {name}, version {version}: {when}\n{text}\n"));
        }
        Ok(())
    })
}
