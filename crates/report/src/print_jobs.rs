//! The columns of Print Transactions Data: one row a job.

use platen_domain::report_apis::ReportApi;

use crate::column_map::Layout;
use crate::columns::{Column, Report};

/// Print Transactions Data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct PrintJobs;

/// Its columns as programs see them.
pub type PrintLayout = Layout<PrintJobs>;

impl Report for PrintJobs {
    type Value = Field;

    fn api(self) -> ReportApi {
        ReportApi::PrintJobs
    }

    fn columns(self) -> &'static [Column<Field>] {
        &COLUMNS
    }
}

/// What a column shows. A name rather than a function: where a field lies in a block decides
/// how it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(
    missing_docs,
    reason = "each is the column of its name, explained in the catalogue"
)]
pub enum Field {
    CompletedAt,
    SubmittedAt,
    TimeQuality,
    UserName,
    UserDomain,
    Account,
    ClientName,
    Document,
    Application,
    QueueName,
    SerialNumber,
    Manufacturer,
    Model,
    Location,
    DeviceId,
    JobType,
    JobState,
    Pages,
    Copies,
    Impressions,
    ImpressionsMono,
    ImpressionsColor,
    Sheets,
    SheetsQuality,
    ColorMode,
    Sides,
    PaperSize,
    Bytes,
    Cost,
    Currency,
    CountEvidence,
    Remarks,
    PaperGrams,
    Co2Grams,
    Source,
    Revision,
    TransactionId,
    SourceJobId,
    ChargedAccount,
}

static COLUMNS: [Column<Field>; 39] = [
    Column::instant(
        "CompletedAt",
        "Completed",
        "When the job ended: the instant by which reports select. A revision never moves it.",
        Field::CompletedAt,
    ),
    Column::instant(
        "SubmittedAt",
        "Submitted",
        "When the job was sent.",
        Field::SubmittedAt,
    ),
    Column::text(
        "TimeQuality",
        "Time quality",
        "How far CompletedAt can be trusted: exact, assumed-zone, ambiguous, gap, device-clock, \
         observed or day (the hour is not known: noon stands for it).",
        Field::TimeQuality,
    ),
    Column::text(
        "UserName",
        "User",
        "Who sent the job: one name a person, without a domain that the organization takes off.",
        Field::UserName,
    ),
    Column::text(
        "UserDomain",
        "User domain",
        "Domain that was taken off the user's name; null where none was.",
        Field::UserDomain,
    ),
    Column::text(
        "Account",
        "Account",
        "Account or budget center named by the job.",
        Field::Account,
    ),
    Column::text(
        "ClientName",
        "Computer",
        "Computer that sent the job.",
        Field::ClientName,
    ),
    Column::text(
        "Document",
        "Document",
        "Title of the document.",
        Field::Document,
    ),
    Column::text(
        "Application",
        "Application",
        "Program that made the document.",
        Field::Application,
    ),
    Column::text(
        "QueueName",
        "Queue",
        "Queue or port that took the job.",
        Field::QueueName,
    ),
    Column::text(
        "SerialNumber",
        "Serial number",
        "Serial number of the printer: the polled device's own, else what the source states.",
        Field::SerialNumber,
    ),
    Column::text(
        "Manufacturer",
        "Manufacturer",
        "Maker of the printer.",
        Field::Manufacturer,
    ),
    Column::text(
        "Model",
        "Model",
        "Model without the maker's name.",
        Field::Model,
    ),
    Column::text(
        "Location",
        "Location",
        "Where the printer stands: as given by people, else as set in the printer.",
        Field::Location,
    ),
    Column::text(
        "DeviceId",
        "Device",
        "Platen's own identifier of the polled device behind the queue, where one is known.",
        Field::DeviceId,
    ),
    Column::text(
        "JobType",
        "Job type",
        "print, copy, scan, fax or other.",
        Field::JobType,
    ),
    Column::text(
        "JobState",
        "State",
        "How the job ended: completed, canceled, aborted, denied, refunded or unknown.",
        Field::JobState,
    ),
    Column::integer("Pages", "Pages", "Pages of one copy.", Field::Pages),
    Column::integer("Copies", "Copies", "Copies.", Field::Copies),
    Column::integer(
        "Impressions",
        "Impressions",
        "Sides marked by the whole job, all copies together.",
        Field::Impressions,
    ),
    Column::integer(
        "ImpressionsMono",
        "Mono",
        "Of the impressions those in black; null unless both others are counted.",
        Field::ImpressionsMono,
    ),
    Column::integer(
        "ImpressionsColor",
        "Color",
        "Of the impressions those in color, where somebody counted them: never what was asked for.",
        Field::ImpressionsColor,
    ),
    Column::integer("Sheets", "Sheets", "Sheets of media.", Field::Sheets),
    Column::text(
        "SheetsQuality",
        "Sheets quality",
        "measured by the source, derived as copies times half the pages rounded up, or unknown.",
        Field::SheetsQuality,
    ),
    Column::text(
        "ColorMode",
        "Color mode",
        "Color as asked for: auto, color or monochrome (PWG 5100.13). A wish, not a count.",
        Field::ColorMode,
    ),
    Column::text(
        "Sides",
        "Sides",
        "Sides as asked for: one-sided, two-sided-long-edge, two-sided-short-edge (RFC 8011), or \
         two-sided where the source names no edge.",
        Field::Sides,
    ),
    Column::text(
        "PaperSize",
        "Paper size",
        "Media size by its PWG 5101.1 name, such as iso_a4_210x297mm; else the source's word.",
        Field::PaperSize,
    ),
    Column::integer("Bytes", "Bytes", "Octets spooled.", Field::Bytes),
    Column::decimal(
        "Cost",
        "Cost",
        "What the job costs by the price list that held when it was completed.",
        Field::Cost,
    ),
    Column::text(
        "Currency",
        "Currency",
        "Currency of the cost (ISO 4217).",
        Field::Currency,
    ),
    Column::text(
        "CountEvidence",
        "Counted by",
        "Who counted: meter, device, spooler, requested (nobody: what was asked for) or none.",
        Field::CountEvidence,
    ),
    Column::text(
        "Remarks",
        "Remarks",
        "What to know before trusting the row, such as copies-assumed, joined by '; '; empty when \
         there is nothing.",
        Field::Remarks,
    ),
    Column::decimal(
        "PaperGrams",
        "Paper (g)",
        "Weight of the sheets: their area at 80 grams per square meter, A4 where no size is known.",
        Field::PaperGrams,
    ),
    Column::decimal(
        "Co2Grams",
        "CO2 (g)",
        "CO2 equivalent of making that paper, 919 g per kg (UK Government factors); no \
         electricity, no toner.",
        Field::Co2Grams,
    ),
    Column::text(
        "Source",
        "Source",
        "Who numbered the job: the kind of source and its instance.",
        Field::Source,
    ),
    Column::integer(
        "Revision",
        "Revision",
        "How often the row was revised; 0 is as first reported.",
        Field::Revision,
    ),
    Column::integer(
        "TransactionId",
        "Transaction",
        "Number of the job within the organization: stable, and never used twice.",
        Field::TransactionId,
    ),
    Column::text(
        "SourceJobId",
        "Job id",
        "The job's id at its source, as the source spells it; a charge names the job by it and Source. \
         Null where it tells of people and the organization hides something of them.",
        Field::SourceJobId,
    ),
    Column::text(
        "ChargedAccount",
        "Charged account",
        "Code of the account that is charged for the job now, as it is now; null where none is: not \
         charged, or given back as a whole. Account is what the job names.",
        Field::ChargedAccount,
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    /// See the fleet's: this list grows, and never changes otherwise.
    #[test]
    fn the_published_columns() {
        let names: Vec<_> = COLUMNS.iter().map(|column| column.name).collect();
        insta::assert_snapshot!(names.join(" "), @"CompletedAt SubmittedAt TimeQuality UserName UserDomain Account ClientName Document Application QueueName SerialNumber Manufacturer Model Location DeviceId JobType JobState Pages Copies Impressions ImpressionsMono ImpressionsColor Sheets SheetsQuality ColorMode Sides PaperSize Bytes Cost Currency CountEvidence Remarks PaperGrams Co2Grams Source Revision TransactionId SourceJobId ChargedAccount");
    }

    #[test]
    fn every_column_is_explained_and_shows_the_field_of_its_name() {
        crate::columns::check_catalogue(PrintJobs);
        for column in &COLUMNS {
            assert_eq!(format!("{:?}", column.value), column.name);
        }
    }
}
