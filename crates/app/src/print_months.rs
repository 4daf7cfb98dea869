//! Reading monthly print data.

use std::collections::VecDeque;

use platen_domain::print_months::{Grouping, MonthNo};
use platen_domain::scope::Scope;
use platen_store::{MonthKey, Store, StoreError};

use crate::calendar::Month;
use crate::{App, AppError};

pub use platen_store::{MonthGroup, MonthRow, Names};

/// Rows read in one short transaction.
const ROWS_PER_PAGE: u32 = 4_096;

/// Rows of monthly data with what their numbers stand for.
#[derive(Debug)]
pub struct MonthPage {
    /// The rows.
    pub rows: Vec<MonthRow>,
    /// Their names.
    pub names: Names,
}

/// Monthly data, a page at a time, by month.
pub struct MonthPages {
    store: Store,
    scope: Scope,
    source: Source,
}

enum Source {
    /// The sums that are kept: behind this key, up to this month.
    Kept(MonthNo, Option<MonthKey>, MonthNo),
    /// Months of another time zone than the organization's, summed up from the jobs.
    Recomputed(VecDeque<Month>),
    Done,
}

impl MonthPages {
    /// The next page, never empty; `None` after the last one, and after an error.
    pub async fn next(&mut self) -> Option<Result<MonthPage, AppError>> {
        loop {
            let rows = match self.rows().await {
                Ok(Some(rows)) if rows.is_empty() => continue,
                Ok(Some(rows)) => rows,
                Ok(None) => return None,
                Err(error) => {
                    self.source = Source::Done;
                    return Some(Err(error.into()));
                }
            };
            let scope = self.scope.clone();
            let page = self.store.read(move |reader| {
                let names = reader.month_names(&scope, &rows)?;
                Ok(MonthPage { rows, names })
            });
            return Some(page.await.map_err(AppError::from));
        }
    }

    async fn rows(&mut self) -> Result<Option<Vec<MonthRow>>, StoreError> {
        let scope = self.scope.clone();
        match &mut self.source {
            Source::Done => Ok(None),
            Source::Kept(from, after, to) => {
                let (months, behind) = ((*from, *to), *after);
                let read = self
                    .store
                    .read(move |r| r.print_months(&scope, months, behind, ROWS_PER_PAGE));
                let rows = read.await?;
                match rows.last() {
                    Some(last) => *after = Some(last.key),
                    None => self.source = Source::Done,
                }
                Ok(Some(rows))
            }
            Source::Recomputed(months) => {
                let Some(month) = months.pop_front() else {
                    self.source = Source::Done;
                    return Ok(None);
                };
                let read = self.store.read(move |reader| {
                    reader.recomputed_month(&scope, month.number, month.from, month.until)
                });
                read.await.map(Some)
            }
        }
    }
}

/// Monthly data by groups, a month at a time.
pub struct MonthGroupPages {
    store: Store,
    scope: Scope,
    grouping: Grouping,
    months: VecDeque<Month>,
}

/// The groups of one month.
#[derive(Debug)]
pub struct MonthGroupPage {
    /// The groups.
    pub rows: Vec<MonthGroup>,
    /// Currency of their costs, where all price lists have one in common.
    pub currency: Option<String>,
}

impl MonthGroupPages {
    /// The next month that has jobs; `None` after the last one, and after an error.
    pub async fn next(&mut self) -> Option<Result<MonthGroupPage, AppError>> {
        loop {
            let page = self.month().await?;
            if !matches!(&page, Ok(page) if page.rows.is_empty()) {
                return Some(page);
            }
        }
    }

    async fn month(&mut self) -> Option<Result<MonthGroupPage, AppError>> {
        let month = self.months.pop_front()?;
        let (scope, grouping) = (self.scope.clone(), self.grouping);
        let read = self.store.read(move |reader| {
            let stretch = (month.from, month.until);
            let rows = reader.month_groups(&scope, grouping, month.number, stretch)?;
            let names = reader.month_names(&scope, &[])?;
            let currency = names.common_currency().map(str::to_owned);
            Ok(MonthGroupPage { rows, currency })
        });
        let page = read.await;
        if page.is_err() {
            self.months.clear();
        }
        Some(page.map_err(AppError::from))
    }
}

impl App {
    /// The monthly data of months by groups, each summed up from its jobs.
    pub fn grouped_months(
        &self,
        scope: Scope,
        months: Vec<Month>,
        grouping: Grouping,
    ) -> MonthGroupPages {
        MonthGroupPages {
            store: self.store.clone(),
            scope,
            grouping,
            months: months.into(),
        }
    }

    /// The monthly data of the months from `first` to `last`, both included, as kept.
    pub fn print_months(&self, scope: Scope, first: MonthNo, last: MonthNo) -> MonthPages {
        self.month_pages(scope, Source::Kept(first, None, last))
    }

    /// The monthly data of months in another time zone than the organization's: each is summed
    /// up from its jobs.
    pub fn recomputed_months(&self, scope: Scope, months: Vec<Month>) -> MonthPages {
        self.month_pages(scope, Source::Recomputed(months.into()))
    }

    fn month_pages(&self, scope: Scope, source: Source) -> MonthPages {
        MonthPages {
            store: self.store.clone(),
            scope,
            source,
        }
    }
}
