//! Reading monthly print data.

use std::collections::{BTreeMap, VecDeque, btree_map};

use platen_domain::print_jobs::JobFunction;
use platen_domain::print_months::{Grouping, MonthCounts, MonthNo};
use platen_domain::scope::Scope;
use platen_store::{JobStretch, MonthKey, Store, StoreError};

use super::Printing;
use super::calendar::Month;
use crate::AppError;

pub use platen_store::{MonthGroup, MonthRow, Names};

/// Rows read in one short transaction.
const ROWS_PER_PAGE: u32 = 4_096;

/// Jobs summed up in one short transaction: some ten milliseconds. A month of a large site takes
/// a second, and the write-ahead log grows as long as one transaction is open.
const JOBS_PER_PART: u32 = 8_192;

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
    /// Months of another time zone than the organization's, summed up from the jobs: the rows
    /// that are left of one, and the months behind it.
    Recomputed(btree_map::IntoIter<MonthKey, MonthCounts>, VecDeque<Month>),
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
            Source::Recomputed(rows, months) => {
                if rows.len() == 0 {
                    let Some(month) = months.pop_front() else {
                        self.source = Source::Done;
                        return Ok(None);
                    };
                    *rows = recomputed(&self.store, &scope, month).await?.into_iter();
                }
                let rows = rows.by_ref().take(ROWS_PER_PAGE as usize);
                let rows = rows.map(|(key, counts)| MonthRow { key, counts });
                Ok(Some(rows.collect()))
            }
        }
    }
}

/// The sums of a month, from its jobs.
async fn recomputed(
    store: &Store,
    scope: &Scope,
    month: Month,
) -> Result<BTreeMap<MonthKey, MonthCounts>, StoreError> {
    let mut sums: BTreeMap<MonthKey, MonthCounts> = BTreeMap::new();
    let mut next = Some(JobStretch::new(month.from, month.until));
    while let Some(stretch) = next {
        let scope = scope.clone();
        let part = store
            .read(move |reader| reader.month_part(&scope, month.number, stretch, JOBS_PER_PART));
        let rows;
        (rows, next) = part.await?;
        for row in rows {
            let sum = sums.entry(row.key).or_default();
            *sum = sum.plus(row.counts);
        }
    }
    Ok(sums)
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
        let page = self.summed(month).await;
        if page.is_err() {
            self.months.clear();
        }
        Some(page.map_err(AppError::from))
    }

    async fn summed(&self, month: Month) -> Result<MonthGroupPage, StoreError> {
        let grouping = self.grouping;
        let mut sums: BTreeMap<(Vec<String>, u8), (JobFunction, MonthCounts)> = BTreeMap::new();
        let mut next = Some(JobStretch::new(month.from, month.until));
        while let Some(stretch) = next {
            let scope = self.scope.clone();
            let part = self.store.read(move |reader| {
                reader.month_groups(&scope, grouping, month.number, stretch, JOBS_PER_PART)
            });
            let rows;
            (rows, next) = part.await?;
            for row in rows {
                let (function, none) = (row.function, MonthCounts::default());
                let sum = sums.entry((row.name, function.number()));
                let (_, sum) = sum.or_insert((function, none));
                *sum = sum.plus(row.counts);
            }
        }
        let rows = sums.into_iter();
        let rows = rows.map(|((name, _), (function, counts))| MonthGroup {
            month: month.number,
            name,
            function,
            counts,
        });
        let scope = self.scope.clone();
        let named = self.store.read(move |r| r.month_names(&scope, &[])).await?;
        Ok(MonthGroupPage {
            rows: rows.collect(),
            currency: named.common_currency().map(str::to_owned),
        })
    }
}

impl Printing<'_> {
    /// The monthly data of months by groups, each summed up from its jobs.
    pub fn grouped_months(
        self,
        scope: Scope,
        months: Vec<Month>,
        grouping: Grouping,
    ) -> MonthGroupPages {
        MonthGroupPages {
            store: self.app.store.clone(),
            scope,
            grouping,
            months: months.into(),
        }
    }

    /// The monthly data of the months from `first` to `last`, both included, as kept.
    pub fn print_months(self, scope: Scope, first: MonthNo, last: MonthNo) -> MonthPages {
        self.month_pages(scope, Source::Kept(first, None, last))
    }

    /// The monthly data of months in another time zone than the organization's: each is summed
    /// up from its jobs.
    pub fn recomputed_months(self, scope: Scope, months: Vec<Month>) -> MonthPages {
        let none = BTreeMap::new().into_iter();
        self.month_pages(scope, Source::Recomputed(none, months.into()))
    }

    fn month_pages(self, scope: Scope, source: Source) -> MonthPages {
        MonthPages {
            store: self.app.store.clone(),
            scope,
            source,
        }
    }
}
