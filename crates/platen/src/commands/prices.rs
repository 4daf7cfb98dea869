//! `platen prices`: set, show, apply.

use jiff::tz::TimeZone;
use platen_app::printing::prices::{self, PRICES_BYTES_MAX};
use platen_domain::repricings::{RepricedJobs, Repricing};

use crate::cli::{ApplyPrices, OfOrganization, SetPrices};
use crate::files;
use crate::opening::{self, with_app};
use crate::terminal::say;

pub(crate) fn set(options: &SetPrices) -> anyhow::Result<()> {
    let text = files::read(&options.prices, "price list", PRICES_BYTES_MAX)?;
    with_app(&options.target.config.file, async |_, app| {
        let organization =
            opening::organization(&app, options.target.organization.as_deref()).await?;
        let operator = app.access().operator(organization.id);
        let list = app
            .printing()
            .set_prices(&operator, &text)
            .await
            .map_err(|error| {
                anyhow::Error::new(error).context(options.prices.display().to_string())
            })?;
        let summary = prices::summary(&list, &TimeZone::get(&organization.time_zone)?);
        let (name, version) = (&organization.name, list.version);
        say(&format!("Set for {name:?}: version {version}: {summary}\n"));
        for priced in app.printing().finish_repricings(&operator).await? {
            say(&told(&priced));
        }
        Ok(())
    })
}

/// Prices jobs anew on purpose.
pub(crate) fn apply(options: &ApplyPrices) -> anyhow::Result<()> {
    with_app(&options.target.config.file, async |_, app| {
        let organization =
            opening::organization(&app, options.target.organization.as_deref()).await?;
        let operator = app.access().operator(organization.id);
        for repriced in app
            .printing()
            .apply_prices(&operator, &options.from)
            .await?
        {
            say(&told(&repriced));
        }
        Ok(())
    })
}

/// What a repricing came to.
fn told(repricing: &Repricing) -> String {
    match repricing.jobs {
        RepricedJobs::Unpriced => newly_priced(repricing),
        RepricedJobs::Every => repriced_anew(repricing),
    }
}

/// What setting prices did to the jobs that had none.
fn newly_priced(priced: &Repricing) -> String {
    let counts = &priced.counts;
    let (changed, without) = (jobs(counts.changed), counts.without_cost);
    let (sum, currency) = (prices::amount(counts.after), &priced.currency);
    let still = match without {
        0 => String::new(),
        without => format!(
            "; {} without one still: a price or a count is missing",
            jobs(without)
        ),
    };
    format!("{changed} without a cost priced: {sum} {currency}{still}\n")
}

/// What applying prices did.
fn repriced_anew(repriced: &Repricing) -> String {
    let counts = &repriced.counts;
    let (looked_at, changed) = (jobs(counts.jobs), counts.changed);
    let (before, after) = (prices::amount(counts.before), prices::amount(counts.after));
    let (without, currency) = (counts.without_cost, &repriced.currency);
    format!(
        "{looked_at} looked at, {changed} priced anew: {before} {currency} before, {after} \
         {currency} after; {without} without a cost\n"
    )
}

fn jobs(count: u64) -> String {
    match count {
        1 => "1 job".to_owned(),
        count => format!("{count} jobs"),
    }
}

/// Prints what could be set again.
pub(crate) fn show(target: &OfOrganization) -> anyhow::Result<()> {
    with_app(&target.config.file, async |_, app| {
        let organization = opening::organization(&app, target.organization.as_deref()).await?;
        let zone = TimeZone::get(&organization.time_zone)?;
        let book = app
            .printing()
            .price_book(&app.access().operator(organization.id))
            .await?;
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
