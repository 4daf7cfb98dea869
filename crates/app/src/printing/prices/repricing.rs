//! Pricing jobs anew: those without a cost when a list is set, and every job where somebody asks for
//! it. Both go through the jobs in bounded writes, and go on where they were interrupted.

use jiff::tz::TimeZone;
use platen_domain::clock::Timestamp;
use platen_domain::prices::{Micros, PriceBook, PriceList};
use platen_domain::repricings::{RepricedJobs, Repricing};
use platen_domain::roles::Capability;
use platen_domain::scope::Scope;
use platen_store::{NewRepricing, StoreError};

use super::{PricesError, file, instants};
use crate::AppError;
use crate::access::authorization;
use crate::operation::audit::{self, Event, action};
use crate::printing::Printing;

/// Jobs looked at by one write: what other writes can wait for, some tens of milliseconds.
const JOBS_PER_WRITE: u32 = 2_000;

/// The end of a stretch that has none.
const FOREVER: Timestamp = Timestamp::from_millis(i64::MAX);

impl Printing<'_> {
    /// Goes to the end of every repricing that was begun, and says what each came to. When this
    /// returns, monthly sums and blocks have followed.
    pub async fn finish_repricings(self, scope: &Scope) -> Result<Vec<Repricing>, AppError> {
        let mut ended = Vec::new();
        loop {
            let within = scope.clone();
            let open = self.app.store.read(move |r| r.open_repricing(&within));
            let Some(open) = open.await? else {
                return Ok(ended);
            };
            ended.push(self.finish_repricing(scope, open.number).await?);
        }
    }

    async fn finish_repricing(self, scope: &Scope, number: u32) -> Result<Repricing, AppError> {
        loop {
            let (scope, now) = (scope.clone(), self.app.now());
            let units = self.app.store.of(&scope).large();
            let step = units.write(move |writer| {
                let prices = writer.price_book(&scope)?;
                writer.reprice_next(&scope, number, &prices, now, JOBS_PER_WRITE)
            });
            let repricing = step.await?;
            if repricing.ended_at.is_some() {
                return Ok(repricing);
            }
        }
    }

    /// Prices every job that ended from the day or instant `from` on as if it were taken in now,
    /// each change a revision of its job, and says what it came to: one for each currency, the
    /// oldest first. Where a repricing was interrupted, it goes on first and is among them.
    pub async fn apply_prices(
        self,
        scope: &Scope,
        from: &str,
    ) -> Result<Vec<Repricing>, PricesError> {
        authorization::require(scope, Capability::ManagePrices)?;
        let zone = self.zone(scope).await?;
        let begin = instants::read(from, &zone);
        let begin = begin.ok_or_else(|| PricesError::From(from.to_owned()))?;
        let mut ended = self.finish_repricings(scope).await?;
        let went_on = |repricing: &Repricing| {
            repricing.jobs == RepricedJobs::Every && repricing.asked_from == begin
        };
        if !ended.iter().any(went_on) {
            self.begin_applying(scope, begin, &zone).await?;
            ended.extend(self.finish_repricings(scope).await?);
        }
        Ok(ended)
    }

    async fn begin_applying(
        self,
        scope: &Scope,
        from: Timestamp,
        zone: &TimeZone,
    ) -> Result<(), PricesError> {
        let (scope, now, ids) = (scope.clone(), self.app.now(), self.app.ids.clone());
        let detail = format!("from {}", instants::text(from, zone));
        let begun = self.app.store.of(&scope).write(move |writer| {
            let stretches = of_every(&writer.price_book(&scope)?, from);
            if stretches.is_empty() {
                return Ok(Err(PricesError::NoPrices));
            }
            writer.begin_repricings(&scope, &stretches, now)?;
            let actor = audit::actor_name(writer, &scope)?;
            let event = Event {
                organization: scope.organization(),
                actor: &actor,
                action: action::PRICES_APPLIED,
                object: "print jobs",
                detail: &detail,
            };
            audit::append(writer, now, &*ids, &event)?;
            Ok::<_, StoreError>(Ok(()))
        });
        begun.await?
    }
}

/// The jobs without a cost that end while `new`, the latest version, holds.
pub(super) fn of_unpriced(book: &PriceBook, new: &PriceList) -> NewRepricing {
    let mut later = book.lists().iter().map(|list| list.valid_from);
    NewRepricing {
        jobs: RepricedJobs::Unpriced,
        asked_from: new.valid_from,
        from: new.valid_from,
        until: later.find(|from| *from > new.valid_from).unwrap_or(FOREVER),
        currency: new.currency.clone(),
    }
}

/// Every job from `from` on that a list prices: a stretch for each currency.
fn of_every(book: &PriceBook, asked_from: Timestamp) -> Vec<NewRepricing> {
    let mut stretches: Vec<NewRepricing> = Vec::new();
    let lists = book.lists();
    let ends = lists.iter().skip(1).map(|next| next.valid_from);
    for (list, until) in lists.iter().zip(ends.chain([FOREVER])) {
        let from = list.valid_from.max(asked_from);
        if from >= until {
            continue;
        }
        match stretches.last_mut() {
            Some(before) if before.currency == list.currency => before.until = until,
            _ => stretches.push(NewRepricing {
                jobs: RepricedJobs::Every,
                asked_from,
                from,
                until,
                currency: list.currency.clone(),
            }),
        }
    }
    stretches
}

/// An amount as people write it: `12.34`, with as many digits after the point as it has, two at
/// least.
pub fn amount(micros: Micros) -> String {
    let text = file::decimal_text(Micros(micros.0.saturating_abs()));
    let (units, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let sign = if micros.0 < 0 { "-" } else { "" };
    format!("{sign}{units}.{fraction:0<2}")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn list(version: u32, from: i64, currency: &str) -> PriceList {
        PriceList {
            version,
            valid_from: Timestamp::from_millis(from),
            currency: currency.to_owned(),
            tariffs: BTreeMap::new(),
        }
    }

    #[test]
    fn a_new_list_prices_until_the_next_one_begins() {
        let lists = [list(1, 10, "EUR"), list(2, 30, "EUR"), list(3, 30, "EUR")];
        let book = PriceBook::new(lists.to_vec());
        let until = |from| of_unpriced(&book, &list(4, from, "EUR")).until.as_millis();
        assert_eq!((until(5), until(10), until(30)), (10, 30, i64::MAX));
    }

    #[test]
    fn every_currency_is_summed_up_on_its_own() {
        let lists = vec![
            list(1, 10, "EUR"),
            list(2, 30, "EUR"),
            list(3, 30, "EUR"),
            list(4, 50, "CHF"),
        ];
        let book = PriceBook::new(lists);
        let stretches = |from| -> Vec<_> {
            of_every(&book, Timestamp::from_millis(from))
                .into_iter()
                .map(|new| (new.from.as_millis(), new.until.as_millis(), new.currency))
                .collect()
        };
        let (eur, chf) = ("EUR".to_owned(), "CHF".to_owned());
        let last = (50, i64::MAX, chf.clone());
        assert_eq!(stretches(0), [(10, 50, eur.clone()), last.clone()]);
        assert_eq!(stretches(40), [(40, 50, eur), last]);
        assert_eq!(stretches(60), [(60, i64::MAX, chf)]);
        assert!(of_every(&PriceBook::default(), Timestamp::from_millis(0)).is_empty());
    }

    #[test]
    fn amounts_have_two_digits_at_least() {
        let texts = [0, 1_500_000, -20_000, 12_345_678].map(|micros| amount(Micros(micros)));
        assert_eq!(texts, ["0.00", "1.50", "-0.02", "12.345678"]);
    }
}
