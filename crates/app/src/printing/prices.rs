//! Prices: read from a file that people write, kept as versions.

mod file;
mod instants;
mod repricing;

use jiff::tz::TimeZone;
use platen_domain::clock::Timestamp;
use platen_domain::prices::{PriceBook, PriceList};
use platen_domain::roles::Capability;
use platen_domain::scope::Scope;
use platen_store::StoreError;

use super::Printing;
use crate::AppError;
use crate::access::authorization;
use crate::operation::audit::{self, Event, action};

pub use file::{PriceFileError, write};
pub use repricing::amount;

/// Longest price file, in bytes: prices of a thousand models fit.
pub const PRICES_BYTES_MAX: usize = 256 * 1024;

/// Why prices were not set.
#[derive(Debug, thiserror::Error)]
pub enum PricesError {
    /// Longer than any price list.
    #[error("this is no price list: it is longer than {} KiB", PRICES_BYTES_MAX / 1024)]
    TooLong,
    /// The text says something else than prices.
    #[error(transparent)]
    File(#[from] PriceFileError),
    /// A month would sum two currencies.
    #[error(
        "a month would sum {before} and {after}: prices in another currency can begin only with \
         a month that is still to come"
    )]
    Currency {
        /// What prices are in before the change.
        before: String,
        /// What they would be in after it.
        after: String,
    },
    /// Prices are applied from when on?
    #[error(
        "--from {0}: expected a day such as 2026-01-01, or an instant with its offset such as \
         2026-01-01T06:00:00+01:00"
    )]
    From(String),
    /// There is nothing to apply.
    #[error("there are no prices that hold from then on; set some first: platen prices set FILE")]
    NoPrices,
    /// It could not be done.
    #[error(transparent)]
    Unavailable(#[from] AppError),
}

impl From<StoreError> for PricesError {
    fn from(error: StoreError) -> Self {
        Self::Unavailable(error.into())
    }
}

impl Printing<'_> {
    /// Adds the prices in `text` (docs/prices.md) as the organization's next version. Jobs that
    /// were priced before keep their cost; those of its time that have none are priced by
    /// [`Self::finish_repricings`].
    pub async fn set_prices(self, scope: &Scope, text: &str) -> Result<PriceList, PricesError> {
        authorization::require(scope, Capability::ManagePrices)?;
        if text.len() > PRICES_BYTES_MAX {
            return Err(PricesError::TooLong);
        }
        let zone = self.zone(scope).await?;
        let parsed = file::parse(text, &zone)?;
        // What was begun is finished by the prices that it was begun with.
        self.finish_repricings(scope).await?;
        let (scope, now, ids) = (scope.clone(), self.app.now(), self.app.ids.clone());
        let set = self.app.store.of(&scope).write(move |writer| {
            let mut list = parsed.clone();
            let book = writer.price_book(&scope)?;
            if let Err(refusal) = check_currencies(&book, &list, &zone, now) {
                return Ok(Err(refusal));
            }
            list.version = writer.next_price_version(&scope)?;
            let actor = audit::actor_name(writer, &scope)?;
            writer.insert_price_list(&scope, &list, now, &actor)?;
            let unpriced = repricing::of_unpriced(&book, &list);
            writer.begin_repricings(&scope, &[unpriced], now)?;
            let event = Event {
                organization: scope.organization(),
                actor: &actor,
                action: action::PRICES_SET,
                object: &format!("version {}", list.version),
                detail: &summary(&list, &zone),
            };
            audit::append(writer, now, &*ids, &event)?;
            Ok(Ok(list))
        });
        set.await?
    }

    /// Every version of the organization's prices.
    pub async fn price_book(self, scope: &Scope) -> Result<PriceBook, AppError> {
        let scope = scope.clone();
        Ok(self.app.store.read(move |r| r.price_book(&scope)).await?)
    }

    /// The time zone of the organization of `scope`.
    async fn zone(self, scope: &Scope) -> Result<TimeZone, AppError> {
        let organization = self.app.access().organization(scope).await?;
        let zone = TimeZone::get(&organization.time_zone);
        zone.map_err(|error| AppError::Interrupted(error.into()))
    }
}

/// What a version is about, for people: `EUR, 3 tariffs, valid from 2026-01-01`.
pub fn summary(list: &PriceList, zone: &TimeZone) -> String {
    let tariffs = match list.tariffs.len() {
        1 => "1 tariff".to_owned(),
        count => format!("{count} tariffs"),
    };
    let from = instants::text(list.valid_from, zone);
    format!("{}, {tariffs}, valid from {from}", list.currency)
}

/// Whether every month still has one currency once `new` joins `book`. Sums of a month carry no
/// version, so only its currency can say what they are in.
fn check_currencies(
    book: &PriceBook,
    new: &PriceList,
    zone: &TimeZone,
    now: Timestamp,
) -> Result<(), PricesError> {
    let refusal = |before: &PriceList, after: &PriceList| PricesError::Currency {
        before: before.currency.clone(),
        after: after.currency.clone(),
    };
    // What was completed since then is priced already.
    let replaced = book.list_at(new.valid_from);
    let replaced = replaced.filter(|_| new.valid_from < now);
    if let Some(old) = replaced.filter(|old| old.currency != new.currency) {
        return Err(refusal(old, new));
    }
    let mut lists = book.lists().to_vec();
    lists.push(PriceList {
        // Later than every other.
        version: u32::MAX,
        ..new.clone()
    });
    let joined = PriceBook::new(lists);
    for (before, after) in joined.lists().iter().zip(joined.lists().iter().skip(1)) {
        if before.currency != after.currency && !instants::begins_month(after.valid_from, zone) {
            return Err(refusal(before, after));
        }
    }
    Ok(())
}

#[cfg(test)]
#[path = "prices_tests.rs"]
mod tests;
