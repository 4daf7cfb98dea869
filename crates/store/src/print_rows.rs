//! Print jobs for reports: pages of rows in time order, with the texts their numbers stand for.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use platen_domain::clock::Timestamp;
use platen_domain::prices::Micros;
use platen_domain::print_jobs::{
    ColorMode, CountFlags, Counts, JobFunction, JobState, Sides, TimeQuality,
};
use platen_domain::print_months::{MonthCounts, MonthNo};
use platen_domain::print_rows::{AccountNo, PrintNames, PrintRow, PrinterNames, PrinterNo, WordNo};
use platen_domain::scope::Scope;
use platen_domain::source_job_ids::SourceJobId;

use crate::access::Reader;
use crate::columns;
use crate::error::StoreError;
use crate::job_ids;
use crate::organization_no::OrganizationNo;
use crate::print_job_rows;
use crate::session::{Row, ToValue, Value, params, unexpected};

/// A place in an organization's jobs: behind the job with this time and number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct JobPosition {
    /// When that job ended.
    pub completed_at: Timestamp,
    /// Its number.
    pub job_no: i64,
}

impl JobPosition {
    /// Before every job that ended at `at` or later.
    pub const fn before(at: Timestamp) -> Self {
        Self {
            completed_at: at,
            job_no: 0,
        }
    }
}

/// Jobs behind a place, until before an instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct JobStretch {
    /// Behind which job.
    pub after: JobPosition,
    /// The first instant that does not belong to it.
    pub until: Timestamp,
}

impl JobStretch {
    /// The jobs from `from` until before `until`.
    pub const fn new(from: Timestamp, until: Timestamp) -> Self {
        Self {
            after: JobPosition::before(from),
            until,
        }
    }
}

/// What a job's sums are summed up by.
pub(crate) struct SummedJob {
    pub(crate) user: Option<WordNo>,
    /// The account as the job names it.
    pub(crate) account: Option<WordNo>,
    /// The account that is charged for it.
    pub(crate) charged: Option<AccountNo>,
    pub(crate) printer: PrinterNo,
    /// The printer under which its month stands.
    pub(crate) sums_under: PrinterNo,
    pub(crate) function: JobFunction,
}

/// A row with its own texts cut out, so that a page is two allocations and not one a row.
struct Cut {
    row: PrintRow<'static>,
    document: Option<(usize, usize)>,
    /// The job's id at its source, where that is a text.
    source_job: Option<(usize, usize)>,
}

/// Jobs in the order of their time and number, with their names.
#[derive(Default)]
pub struct PrintPage {
    rows: Vec<Cut>,
    texts: String,
    names: Names,
}

impl std::fmt::Debug for PrintPage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "PrintPage({} jobs)", self.rows.len())
    }
}

impl PrintPage {
    /// How many jobs it holds.
    pub const fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether it holds none.
    pub const fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Its jobs.
    pub fn rows(&self) -> impl Iterator<Item = PrintRow<'_>> {
        self.rows.iter().map(|cut| {
            let text = |place: Option<(usize, usize)>| {
                place.and_then(|(from, to)| self.texts.get(from..to))
            };
            PrintRow {
                document: text(cut.document),
                source_job: text(cut.source_job)
                    .map(SourceJobId::Text)
                    .or(cut.row.source_job),
                ..cut.row
            }
        })
    }

    /// What the numbers in its jobs stand for.
    pub const fn names(&self) -> &Names {
        &self.names
    }

    /// Behind its last job.
    pub fn end(&self) -> Option<JobPosition> {
        let row = &self.rows.last()?.row;
        Some(JobPosition {
            completed_at: row.completed_at,
            job_no: row.job_no.cast_signed(),
        })
    }

    fn push(&mut self, row: &Row<'_>) -> Result<(), StoreError> {
        let document = row.text_opt(7)?.map(|title| self.keep(&title));
        let (uuid, source_job) = match row.value(28)? {
            Value::Blob(octets) => match job_ids::from_octets(&octets) {
                Some(SourceJobId::Uuid(uuid)) => (Some(uuid), None),
                Some(SourceJobId::Text(id)) => (None, Some(self.keep(id))),
                None => return Err(unexpected(28, "neither UUID nor text")),
            },
            _ => (None, None),
        };
        let row = PrintRow {
            source_job: uuid.map(SourceJobId::Uuid),
            ..row_from(row)?
        };
        self.rows.push(Cut {
            row,
            document,
            source_job,
        });
        Ok(())
    }

    fn keep(&mut self, text: &str) -> (usize, usize) {
        let from = self.texts.len();
        self.texts.push_str(text);
        (from, self.texts.len())
    }
}

/// Texts by their numbers.
#[derive(Debug, Default)]
pub struct Names {
    words: HashMap<WordNo, String>,
    printers: HashMap<PrinterNo, PrinterNames>,
    accounts: HashMap<AccountNo, String>,
    currencies: HashMap<u32, String>,
}

impl Names {
    /// The currency of every price list there is, where they have one in common: the one in
    /// which sums over many jobs can be told.
    pub fn common_currency(&self) -> Option<&str> {
        let mut currencies = self.currencies.values();
        let first = currencies.next()?;
        currencies
            .all(|other| other == first)
            .then_some(first.as_str())
    }
}

impl PrintNames for Names {
    fn word(&self, number: WordNo) -> Option<&str> {
        self.words.get(&number).map(String::as_str)
    }

    fn printer(&self, number: PrinterNo) -> Option<&PrinterNames> {
        self.printers.get(&number)
    }

    fn account_code(&self, number: AccountNo) -> Option<&str> {
        self.accounts.get(&number).map(String::as_str)
    }

    fn currency(&self, price_version: u32) -> Option<&str> {
        self.currencies.get(&price_version).map(String::as_str)
    }
}

/// Columns that [`PrintPage`] is read from, of `print_jobs j`.
macro_rules! job_columns {
    () => {
        "j.completed_at, j.job_no, j.submitted_at, j.time_quality, j.user_no, j.account_no,
         j.client_no, j.document, j.application_no, j.media_no, j.printer_no, j.function,
         j.state, j.color_mode, j.sides, j.pages, j.copies, j.impressions,
         j.color_impressions, j.sheets, j.sheets_quality, j.evidence, j.flags, j.bytes,
         j.cost, j.price_version, j.revision, j.user_domain_no,
         j.source_job_id, j.charged_account_no"
    };
}
pub(crate) use job_columns;

impl Reader<'_> {
    /// The next jobs behind `after` that ended before `until`, `limit` at most.
    pub fn print_page(
        &self,
        scope: &Scope,
        after: JobPosition,
        until: Timestamp,
        limit: u32,
    ) -> Result<PrintPage, StoreError> {
        let organization_no = self.organization_no(scope)?;
        let sql = concat!(
            "SELECT ",
            job_columns!(),
            " FROM print_jobs j
              WHERE j.organization_no = ?1 AND (j.completed_at, j.job_no) > (?2, ?3)
                AND j.completed_at < ?4
              ORDER BY j.completed_at, j.job_no LIMIT ?5"
        );
        let bounds = params![
            organization_no,
            after.completed_at.as_millis(),
            after.job_no,
            until.as_millis(),
            limit
        ];
        self.page_of(scope, sql, bounds)
    }

    /// The jobs that a query for [`job_columns`] finds, with their names.
    pub(crate) fn page_of(
        &self,
        scope: &Scope,
        sql: &str,
        bounds: &[&dyn ToValue],
    ) -> Result<PrintPage, StoreError> {
        let mut page = PrintPage::default();
        self.each(sql, bounds, |row| page.push(row))?;
        let numbers = page.rows.iter().flat_map(|cut| words_of(&cut.row));
        let words: Vec<WordNo> = numbers.collect();
        let organization_no = self.organization_no(scope)?;
        self.add_words(organization_no, &mut page.names, words)?;
        let printers: Vec<PrinterNo> = page.rows.iter().map(|cut| cut.row.printer).collect();
        self.add_printers(organization_no, &mut page.names, printers)?;
        let accounts = page.rows.iter().filter_map(|cut| cut.row.charged_account);
        self.add_accounts(organization_no, &mut page.names, accounts)?;
        self.add_currencies(scope, &mut page.names)?;
        Ok(page)
    }

    /// The place from which on the newest `count` of the jobs from `from` until before `until`
    /// stand; before all of them where there are no more.
    pub fn newest_jobs(
        &self,
        scope: &Scope,
        from: Timestamp,
        until: Timestamp,
        count: u32,
    ) -> Result<JobPosition, StoreError> {
        let organization_no = self.organization_no(scope)?;
        let sql = "SELECT completed_at, job_no FROM print_jobs
                   WHERE organization_no = ?1 AND completed_at >= ?2 AND completed_at < ?3
                   ORDER BY completed_at DESC, job_no DESC LIMIT 1 OFFSET ?4";
        let bounds = params![organization_no, from.as_millis(), until.as_millis(), count];
        let behind = self.one(sql, bounds, |row| {
            Ok(JobPosition {
                completed_at: columns::time(row, 0)?,
                job_no: row.get(1)?,
            })
        })?;
        Ok(behind.unwrap_or_else(|| JobPosition::before(from)))
    }

    /// The names that rows of monthly data need.
    pub fn month_names(
        &self,
        scope: &Scope,
        rows: &[crate::print_months::MonthRow],
    ) -> Result<Names, StoreError> {
        let mut names = Names::default();
        let organization_no = self.organization_no(scope)?;
        self.add_words(
            organization_no,
            &mut names,
            rows.iter().filter_map(|row| row.key.user),
        )?;
        self.add_printers(
            organization_no,
            &mut names,
            rows.iter().map(|row| row.key.printer),
        )?;
        self.add_currencies(scope, &mut names)?;
        Ok(names)
    }

    fn add_words(
        &self,
        organization_no: OrganizationNo,
        names: &mut Names,
        numbers: impl IntoIterator<Item = WordNo>,
    ) -> Result<(), StoreError> {
        for number in numbers {
            if !names.words.contains_key(&number)
                && let Some(text) = self.word(organization_no, number)?
            {
                names.words.insert(number, text);
            }
        }
        Ok(())
    }

    fn add_printers(
        &self,
        organization_no: OrganizationNo,
        names: &mut Names,
        numbers: impl IntoIterator<Item = PrinterNo>,
    ) -> Result<(), StoreError> {
        for number in numbers {
            if !names.printers.contains_key(&number)
                && let Some(printer) = self.printer_names(organization_no, number)?
            {
                names.printers.insert(number, printer);
            }
        }
        Ok(())
    }

    fn add_accounts(
        &self,
        organization_no: OrganizationNo,
        names: &mut Names,
        numbers: impl Iterator<Item = AccountNo>,
    ) -> Result<(), StoreError> {
        for number in numbers {
            if let Entry::Vacant(new) = names.accounts.entry(number)
                && let Some(code) = self.account_code(organization_no, number)?
            {
                new.insert(code);
            }
        }
        Ok(())
    }

    /// The code of an account.
    pub(crate) fn account_code(
        &self,
        organization_no: OrganizationNo,
        number: AccountNo,
    ) -> Result<Option<String>, StoreError> {
        let sql = "SELECT code FROM accounts WHERE organization_no = ?1 AND account_no = ?2";
        self.one(sql, params![organization_no, number], |row| row.get(0))
    }

    fn add_currencies(&self, scope: &Scope, names: &mut Names) -> Result<(), StoreError> {
        let sql = "SELECT version, currency FROM price_lists WHERE organization_no = ?1";
        let organization_no = self.organization_no(scope)?;
        let currencies = self.all(sql, params![organization_no], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?;
        names.currencies.extend(currencies);
        Ok(())
    }

    /// Hands the next `limit` jobs of a stretch to `visit`, with what each contributes to monthly
    /// sums, and says where the stretch goes on; `None` at its end.
    pub(crate) fn each_job_sum(
        &self,
        organization_no: OrganizationNo,
        stretch: JobStretch,
        limit: u32,
        mut visit: impl FnMut(&SummedJob, MonthCounts),
    ) -> Result<Option<JobStretch>, StoreError> {
        let sql = "SELECT j.user_no, r.month_printer_no, j.function, j.state, j.color_mode,
                          j.sides, j.pages, j.copies, j.impressions, j.color_impressions,
                          j.sheets, j.sheets_quality, j.evidence, j.cost, j.price_version,
                          j.account_no, j.printer_no, j.charged_account_no, j.completed_at,
                          j.job_no
                   FROM print_jobs j
                   JOIN printers r ON r.organization_no = ?1 AND r.printer_no = j.printer_no
                   WHERE j.organization_no = ?1 AND (j.completed_at, j.job_no) > (?2, ?3)
                     AND j.completed_at < ?4
                   ORDER BY j.completed_at, j.job_no LIMIT ?5";
        let JobStretch { after, until } = stretch;
        let bounds = params![
            organization_no,
            after.completed_at.as_millis(),
            after.job_no,
            until.as_millis(),
            limit
        ];
        let (mut jobs, mut last) = (0, after);
        self.each(sql, bounds, |row| {
            jobs += 1;
            last = JobPosition {
                completed_at: columns::time(row, 18)?,
                job_no: row.get(19)?,
            };
            let job = SummedJob {
                user: row.get(0)?,
                account: row.get(15)?,
                charged: row.get(17)?,
                printer: row.get(16)?,
                sums_under: row.get(1)?,
                function: columns::numbered(row, 2, JobFunction::from_number)?,
            };
            let contribution = platen_domain::print_months::Contribution {
                state: columns::numbered(row, 3, JobState::from_number)?,
                color_mode: columns::numbered_opt(row, 4, ColorMode::from_number)?,
                sides: columns::numbered_opt(row, 5, Sides::from_number)?,
                counts: print_job_rows::counts(row, 6)?,
                cost: print_job_rows::cost(row, 13)?.map(|(amount, _)| amount),
            };
            visit(&job, contribution.sums());
            Ok(())
        })?;
        let goes_on = JobStretch { after: last, until };
        Ok((jobs == limit).then_some(goes_on))
    }

    /// The months in which jobs are kept, first and last; `None` without jobs.
    pub fn print_month_range(
        &self,
        scope: &Scope,
    ) -> Result<Option<(MonthNo, MonthNo)>, StoreError> {
        let organization_no = self.organization_no(scope)?;
        let sql = "SELECT min(month), max(month) FROM print_months WHERE organization_no = ?1";
        let range: Option<(Option<MonthNo>, Option<MonthNo>)> =
            self.one(sql, params![organization_no], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })?;
        Ok(range.and_then(|(first, last)| first.zip(last)))
    }
}

fn words_of(row: &PrintRow<'_>) -> impl Iterator<Item = WordNo> + use<> {
    [
        row.user,
        row.user_domain,
        row.account,
        row.client,
        row.application,
        row.media,
    ]
    .into_iter()
    .flatten()
}

fn row_from(row: &Row<'_>) -> Result<PrintRow<'static>, StoreError> {
    let cost: Option<(Micros, u32)> = print_job_rows::cost(row, 24)?;
    let counts: Counts = print_job_rows::counts(row, 15)?;
    Ok(PrintRow {
        completed_at: columns::time(row, 0)?,
        job_no: columns::count(row, 1)?,
        submitted_at: columns::time_opt(row, 2)?,
        time_quality: columns::numbered(row, 3, TimeQuality::from_number)?,
        user: row.get(4)?,
        user_domain: row.get(27)?,
        account: row.get(5)?,
        client: row.get(6)?,
        source_job: None,
        charged_account: row.get(29)?,
        document: None,
        application: row.get(8)?,
        media: row.get(9)?,
        printer: row.get(10)?,
        function: columns::numbered(row, 11, JobFunction::from_number)?,
        state: columns::numbered(row, 12, JobState::from_number)?,
        color_mode: columns::numbered_opt(row, 13, ColorMode::from_number)?,
        sides: columns::numbered_opt(row, 14, Sides::from_number)?,
        counts,
        flags: CountFlags::from_bits(row.get(22)?),
        bytes: columns::count_opt(row, 23)?,
        cost,
        revision: row.get(26)?,
    })
}
