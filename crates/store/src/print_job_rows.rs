//! The row of a print job: from a record, and back.

use platen_domain::charges::ChargeState;
use platen_domain::clock::Timestamp;
use platen_domain::prices::{Cost, Micros};
use platen_domain::print_jobs::{
    ColorMode, CountFlags, Counts, Evidence, JobFunction, JobState, PrintRecord, PrinterHint,
    SheetsQuality, Sides, SourceKey, TimeQuality,
};
use platen_domain::print_months::{MonthCounts, MonthNo};
use platen_domain::print_rows::{PrinterNo, WordNo};
use platen_domain::scope::Scope;

use crate::access::{Reader, Writer};
use crate::columns;
use crate::error::StoreError;
use crate::interned::Printer;
use crate::job_ids::JobId;
use crate::organization_no::OrganizationNo;
use crate::print_job_changes::Share;
use crate::print_months::MonthKey;
use crate::session::{Row, params};
use crate::words::WordKind;

/// Organization, time of completion and number: where a job's row stands.
pub(crate) type Place = (OrganizationNo, Timestamp, i64);

/// A row about to be written.
pub(crate) struct JobRow<'r> {
    organization_no: OrganizationNo,
    record: &'r PrintRecord,
    month: MonthNo,
    printer_no: PrinterNo,
    month_printer_no: PrinterNo,
    user: Option<WordNo>,
    user_domain: Option<WordNo>,
    account: Option<WordNo>,
    client: Option<WordNo>,
    application: Option<WordNo>,
    media: Option<WordNo>,
    cost: Option<Cost>,
    received_at: Timestamp,
    revision: u32,
}

impl<'r> JobRow<'r> {
    #[expect(
        clippy::too_many_arguments,
        reason = "the parts of one row, each from another hand"
    )]
    pub(crate) fn new(
        writer: &Writer<'_>,
        organization_no: OrganizationNo,
        record: &'r PrintRecord,
        month: MonthNo,
        printer: &Printer,
        cost: Option<Cost>,
        received_at: Timestamp,
        revision: u32,
    ) -> Result<Self, StoreError> {
        let word = |kind, text: &Option<String>| {
            writer.intern_word(organization_no, kind, text.as_deref())
        };
        let person = writer.intern_person(organization_no, record.user.as_deref())?;
        Ok(Self {
            organization_no,
            record,
            month,
            printer_no: printer.number,
            month_printer_no: printer.sums_under,
            user: person.user,
            user_domain: person.domain,
            account: word(WordKind::Account, &record.account)?,
            client: word(WordKind::Client, &record.client)?,
            application: word(WordKind::Application, &record.application)?,
            media: word(WordKind::Media, &record.media)?,
            cost,
            received_at,
            revision,
        })
    }

    /// Its part in the monthly sums.
    pub(crate) fn share(&self) -> Share {
        let key = MonthKey {
            month: self.month,
            user: self.user,
            printer: self.month_printer_no,
            function: self.record.function,
        };
        (key, MonthCounts::of(self.record, self.cost))
    }
}

impl Writer<'_> {
    /// Writes a new job. Its id is kept as one to be shown where `is_shown`; where a program may have
    /// charged it before under this source's number, that charge is the job's from now on.
    pub(crate) fn insert_job_row(
        &self,
        row: &JobRow<'_>,
        job_no: i64,
        is_shown: bool,
        charged_by: Option<i64>,
    ) -> Result<(), StoreError> {
        let sql = "INSERT INTO print_jobs (organization_no, completed_at, job_no, printer_no,
                       user_no, account_no, client_no, application_no, media_no, document,
                       submitted_at, function, state, time_quality, color_mode, sides, pages,
                       copies, impressions, color_impressions, sheets, sheets_quality, evidence,
                       flags, bytes, cost, price_version, revision, month, received_at,
                       user_domain_no, source_job_id, charged_account_no)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16,
                       ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26, ?27, ?28, ?29, ?30,
                       ?31, ?32, ?33)";
        let record = row.record;
        let counts = &record.counts;
        let id = JobId::of(&record.key);
        let charged = match charged_by {
            Some(source_no) => self.charged_account(row.organization_no, source_no, &id)?,
            None => None,
        };
        self.execute(
            sql,
            params![
                row.organization_no,
                record.completed_at.as_millis(),
                job_no,
                row.printer_no,
                row.user,
                row.account,
                row.client,
                row.application,
                row.media,
                record.document,
                columns::millis(record.submitted_at),
                record.function.number(),
                record.state.number(),
                record.time_quality.number(),
                record.color_mode.map(ColorMode::number),
                record.sides.map(Sides::number),
                counts.pages,
                counts.copies,
                counts.impressions,
                counts.color_impressions,
                counts.sheets,
                counts.sheets_quality.number(),
                counts.evidence.number(),
                record.flags.bits(),
                record.bytes.map(columns::count_form),
                row.cost.map(|cost| cost.amount.0),
                row.cost.map(|cost| cost.version),
                row.revision,
                row.month,
                row.received_at.as_millis(),
                row.user_domain,
                is_shown.then_some(id),
                charged,
            ],
        )?;
        Ok(())
    }

    /// The account that a program charged for a job of the source.
    fn charged_account(
        &self,
        organization_no: OrganizationNo,
        source_no: i64,
        id: &JobId<'_>,
    ) -> Result<Option<i64>, StoreError> {
        let sql = "SELECT account_no FROM charges
                   WHERE organization_no = ?1 AND source_no = ?2 AND job_id = ?3 AND state = ?4";
        let charged = ChargeState::Charged.number();
        let job = params![organization_no, source_no, id, charged];
        let found = self.one(sql, job, |row| row.get(0))?;
        Ok(found.flatten())
    }

    /// Writes a revised job in the place of its row: month and time of arrival stay.
    pub(crate) fn update_job_row(&self, row: &JobRow<'_>, job_no: i64) -> Result<(), StoreError> {
        let sql = "UPDATE print_jobs SET printer_no = ?4, user_no = ?5, account_no = ?6,
                       client_no = ?7, application_no = ?8, media_no = ?9, document = ?10,
                       submitted_at = ?11, state = ?12, color_mode = ?13, sides = ?14,
                       pages = ?15, copies = ?16, impressions = ?17, color_impressions = ?18,
                       sheets = ?19, sheets_quality = ?20, evidence = ?21, flags = ?22,
                       bytes = ?23, cost = ?24, price_version = ?25, revision = ?26,
                       user_domain_no = coalesce(user_domain_no, ?27)
                   WHERE organization_no = ?1 AND completed_at = ?2 AND job_no = ?3";
        let record = row.record;
        let counts = &record.counts;
        self.execute(
            sql,
            params![
                row.organization_no,
                record.completed_at.as_millis(),
                job_no,
                row.printer_no,
                row.user,
                row.account,
                row.client,
                row.application,
                row.media,
                record.document,
                columns::millis(record.submitted_at),
                record.state.number(),
                record.color_mode.map(ColorMode::number),
                record.sides.map(Sides::number),
                counts.pages,
                counts.copies,
                counts.impressions,
                counts.color_impressions,
                counts.sheets,
                counts.sheets_quality.number(),
                counts.evidence.number(),
                record.flags.bits(),
                record.bytes.map(columns::count_form),
                row.cost.map(|cost| cost.amount.0),
                row.cost.map(|cost| cost.version),
                row.revision,
                row.user_domain,
            ],
        )?;
        Ok(())
    }

    /// Gives a job another cost, as its next revision.
    pub(crate) fn reprice_job_row(
        &self,
        (organization_no, completed_at, job_no): Place,
        cost: Option<Cost>,
        revision: u32,
    ) -> Result<(), StoreError> {
        let sql = "UPDATE print_jobs SET cost = ?4, price_version = ?5, revision = ?6
                   WHERE organization_no = ?1 AND completed_at = ?2 AND job_no = ?3";
        self.execute(
            sql,
            params![
                organization_no,
                completed_at.as_millis(),
                job_no,
                cost.map(|cost| cost.amount.0),
                cost.map(|cost| cost.version),
                revision,
            ],
        )?;
        Ok(())
    }

    /// Keeps what a job was before it is revised.
    pub(crate) fn keep_revision(
        &self,
        (organization_no, _, job_no): Place,
        kept: &Kept,
        revised_at: Timestamp,
    ) -> Result<(), StoreError> {
        let sql = "INSERT INTO print_revisions (organization_no, job_no, revision, revised_at,
                       state, pages, copies, impressions, color_impressions, sheets, evidence,
                       cost, price_version)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)";
        let counts = &kept.record.counts;
        self.execute(
            sql,
            params![
                organization_no,
                job_no,
                kept.revision,
                revised_at.as_millis(),
                kept.record.state.number(),
                counts.pages,
                counts.copies,
                counts.impressions,
                counts.color_impressions,
                counts.sheets,
                counts.evidence.number(),
                kept.cost.map(|(amount, _)| amount.0),
                kept.cost.map(|(_, version)| version),
            ],
        )?;
        Ok(())
    }
}

/// A job as it is kept.
pub(crate) struct Kept {
    pub(crate) record: PrintRecord,
    pub(crate) month: MonthNo,
    pub(crate) user_no: Option<WordNo>,
    pub(crate) month_printer_no: PrinterNo,
    pub(crate) cost: Option<(Micros, u32)>,
    pub(crate) revision: u32,
    pub(crate) printer_no: PrinterNo,
}

impl Kept {
    /// What it costs.
    pub(crate) fn cost(&self) -> Option<Cost> {
        self.cost.map(|(amount, version)| Cost { amount, version })
    }

    /// Its part in the monthly sums.
    pub(crate) fn share(&self) -> Share {
        self.share_at(self.cost())
    }

    /// Its part in the monthly sums at another cost.
    pub(crate) fn share_at(&self, cost: Option<Cost>) -> Share {
        let key = MonthKey {
            month: self.month,
            user: self.user_no,
            printer: self.month_printer_no,
            function: self.record.function,
        };
        (key, MonthCounts::of(&self.record, cost))
    }
}

impl Reader<'_> {
    /// A print job as it is kept.
    pub fn print_record(
        &self,
        scope: &Scope,
        key: &SourceKey,
    ) -> Result<Option<PrintRecord>, StoreError> {
        let organization_no = self.organization_no(scope)?;
        let Some(source_no) = self.source_no(scope, &key.source)? else {
            return Ok(None);
        };
        let sql = "SELECT job_no, completed_at FROM print_job_keys
                   WHERE organization_no = ?1 AND source_no = ?2 AND job_id = ?3";
        let id = JobId::of(key);
        let found = self.one(sql, params![organization_no, source_no, id], |row| {
            Ok((row.get(0)?, columns::time(row, 1)?))
        })?;
        let Some((job_no, completed_at)) = found else {
            return Ok(None);
        };
        let kept = self.kept_job((organization_no, completed_at, job_no), key.clone())?;
        Ok(kept.map(|kept| kept.record))
    }

    /// The job at `place` as a record under `key`.
    pub(crate) fn kept_job(
        &self,
        place: Place,
        key: SourceKey,
    ) -> Result<Option<Kept>, StoreError> {
        let sql = "SELECT j.function, j.state, j.completed_at, j.time_quality, j.submitted_at,
                          u.text, a.text, c.text, p.text, m.text, j.document, r.queue,
                          r.address, r.serial, r.uuid, j.color_mode, j.sides, j.bytes, j.flags,
                          j.pages, j.copies, j.impressions, j.color_impressions, j.sheets,
                          j.sheets_quality, j.evidence, j.cost, j.price_version, j.month,
                          j.user_no, r.month_printer_no, j.revision, j.printer_no
                   FROM print_jobs j
                   JOIN printers r ON r.organization_no = ?1 AND r.printer_no = j.printer_no
                   LEFT JOIN words u ON u.organization_no = ?1 AND u.word_no = j.user_no
                   LEFT JOIN words a ON a.organization_no = ?1 AND a.word_no = j.account_no
                   LEFT JOIN words c ON c.organization_no = ?1 AND c.word_no = j.client_no
                   LEFT JOIN words p ON p.organization_no = ?1 AND p.word_no = j.application_no
                   LEFT JOIN words m ON m.organization_no = ?1 AND m.word_no = j.media_no
                   WHERE j.organization_no = ?1 AND j.completed_at = ?2 AND j.job_no = ?3";
        let (organization_no, completed_at, job_no) = place;
        let place = params![organization_no, completed_at.as_millis(), job_no];
        self.one(sql, place, |row| {
            Ok(Kept {
                record: record_from_row(row, key)?,
                month: row.get(28)?,
                user_no: row.get(29)?,
                month_printer_no: row.get(30)?,
                cost: cost(row, 26)?,
                revision: row.get(31)?,
                printer_no: row.get(32)?,
            })
        })
    }
}

fn record_from_row(row: &Row<'_>, key: SourceKey) -> Result<PrintRecord, StoreError> {
    let stated = |column| {
        let text: String = row.get(column)?;
        Ok::<_, StoreError>(Some(text).filter(|text| !text.is_empty()))
    };
    Ok(PrintRecord {
        key,
        function: columns::numbered(row, 0, JobFunction::from_number)?,
        state: columns::numbered(row, 1, JobState::from_number)?,
        completed_at: columns::time(row, 2)?,
        time_quality: columns::numbered(row, 3, TimeQuality::from_number)?,
        submitted_at: columns::time_opt(row, 4)?,
        user: row.get(5)?,
        account: row.get(6)?,
        client: row.get(7)?,
        application: row.get(8)?,
        media: row.get(9)?,
        document: row.get(10)?,
        queue: stated(11)?,
        printer: PrinterHint {
            address: stated(12)?.and_then(|text| text.parse().ok()),
            serial: stated(13)?,
            uuid: stated(14)?,
        },
        color_mode: columns::numbered_opt(row, 15, ColorMode::from_number)?,
        sides: columns::numbered_opt(row, 16, Sides::from_number)?,
        bytes: columns::count_opt(row, 17)?,
        flags: CountFlags::from_bits(row.get(18)?),
        counts: counts(row, 19)?,
    })
}

/// Seven columns: pages, copies, impressions, those in colour, sheets, their quality, evidence.
pub(crate) fn counts(row: &Row<'_>, first: usize) -> Result<Counts, StoreError> {
    Ok(Counts {
        pages: row.get(first)?,
        copies: row.get(first + 1)?,
        impressions: row.get(first + 2)?,
        color_impressions: row.get(first + 3)?,
        sheets: row.get(first + 4)?,
        sheets_quality: columns::numbered(row, first + 5, SheetsQuality::from_number)?,
        evidence: columns::numbered(row, first + 6, Evidence::from_number)?,
    })
}

/// Two columns: the cost and the version of the price list.
pub(crate) fn cost(row: &Row<'_>, first: usize) -> Result<Option<(Micros, u32)>, StoreError> {
    let (amount, version): (Option<i64>, Option<u32>) = (row.get(first)?, row.get(first + 1)?);
    Ok(amount.map(Micros).zip(version))
}
