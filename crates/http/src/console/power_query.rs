//! Queries in M, the language of Power Query, for Power BI and Excel.
//!
//! The first argument of `Web.Contents` stays a literal, since a scheduled refresh refuses sources
//! that it cannot analyse; the period goes into `RelativePath`. Columns and their types are named,
//! so that a period without rows has them too.

use platen_domain::report_apis::ReportApi;
use platen_report::columns::ColumnKind;

use crate::report_api::NamedColumn;

/// How many days or months of a period, the current one included, a query asks for.
const ROLLING_DAYS: u32 = 30;
const ROLLING_MONTHS: u32 = 12;

/// Minutes after which Power Query gives up; its own bound of 100 seconds is short for a year of
/// transactions on a slow line.
const TIMEOUT_MINUTES: u32 = 30;

/// How the server is asked who sends the query.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Credential<'a> {
    /// The query carries the key; Power Query connects as Anonymous.
    InQuery(&'a str),
    /// Power Query keeps the key, as the password of its Basic credential.
    Kept,
}

/// Which part of a dated report a query asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Period {
    /// The last days or months, counted anew at each refresh.
    Rolling,
    /// From the parameters `RangeStart` until before `RangeEnd`, as incremental refresh sets them.
    Range,
}

/// What the period of a rolling query is called.
pub(super) fn rolling(api: ReportApi) -> Option<String> {
    match unit(api)? {
        Unit::Days => Some(format!("last {ROLLING_DAYS} days")),
        Unit::Months => Some(format!("last {ROLLING_MONTHS} months")),
    }
}

/// A query for `api` of the server at `base`, whose rows have these columns.
pub(super) fn query(
    api: ReportApi,
    base: &str,
    columns: &[NamedColumn],
    credential: Credential<'_>,
    period: Period,
) -> String {
    let mut steps = Vec::new();
    let path = api.path().trim_start_matches('/');
    let path = match unit(api) {
        None => text(path),
        Some(unit) => {
            let [from, to] = unit.ends(period);
            steps.push(format!("From = {from}"));
            steps.push(format!("To = {to}"));
            let folder = path.split('<').next().unwrap_or_default();
            format!("{} & From & \"/\" & To", text(folder))
        }
    };
    let headers = match credential {
        Credential::InQuery(key) => format!(
            "\n                Headers = [Authorization = {}],",
            text(&format!("bearer {key}"))
        ),
        Credential::Kept => String::new(),
    };
    steps.push(format!(
        "Source = Json.Document(\n        Web.Contents(\n            {},\n            [\n                \
         RelativePath = {path},{headers}\n                \
         Timeout = #duration(0, 0, {TIMEOUT_MINUTES}, 0)\n            ]\n        )\n    )",
        text(base),
    ));
    let types: Vec<String> = columns
        .iter()
        .map(|column| format!("        {{{}, {}}}", text(&column.name), kind(column.kind)))
        .collect();
    steps.push(format!("Types = {{\n{}\n    }}", types.join(",\n")));
    steps.push(
        "Rows = Table.FromRecords(Source, List.Transform(Types, each _{0}), MissingField.UseNull)"
            .to_owned(),
    );
    steps.push("Typed = Table.TransformColumnTypes(Rows, Types)".to_owned());
    let mut result = "Typed";
    if period == Period::Range
        && let Some(within) = unit(api).and_then(|unit| unit.within(columns))
    {
        steps.push(format!("Within = Table.SelectRows(Typed, each {within})"));
        result = "Within";
    }
    format!("let\n    {}\nin\n    {result}", steps.join(",\n    "))
}

#[derive(Debug, Clone, Copy)]
enum Unit {
    Days,
    Months,
}

/// What the ends of a report's period are; `None` for a report of the present.
const fn unit(api: ReportApi) -> Option<Unit> {
    match api {
        ReportApi::Meters | ReportApi::Status | ReportApi::Toner => None,
        ReportApi::PrintJobs => Some(Unit::Days),
        ReportApi::MonthlyPrintJobs => Some(Unit::Months),
    }
}

impl Unit {
    const fn form(self) -> &'static str {
        match self {
            Self::Days => "yyyy-MM-dd",
            Self::Months => "yyyy-MM",
        }
    }

    /// The first and the last day or month, both included, as the address has them.
    fn ends(self, period: Period) -> [String; 2] {
        let today = "Date.From(DateTime.LocalNow())";
        let [first, last] = match (period, self) {
            (Period::Rolling, Self::Days) => {
                let before = ROLLING_DAYS - 1;
                [
                    format!("Date.AddDays({today}, -{before})"),
                    today.to_owned(),
                ]
            }
            (Period::Rolling, Self::Months) => {
                let before = ROLLING_MONTHS - 1;
                [
                    format!("Date.AddMonths({today}, -{before})"),
                    today.to_owned(),
                ]
            }
            // RangeEnd is the first moment that no longer belongs to the range.
            (Period::Range, _) => [
                "Date.From(RangeStart)".to_owned(),
                "Date.From(RangeEnd - #duration(0, 0, 0, 1))".to_owned(),
            ],
        };
        [first, last].map(|day| format!("Date.ToText({day}, \"{}\")", self.form()))
    }

    /// What tells the rows of a range from those around it, which the address's whole days or
    /// months bring along: no row may be loaded with two ranges. `None` where the operator's
    /// column map leaves the column out.
    fn within(self, columns: &[NamedColumn]) -> Option<String> {
        let column = |of| columns.iter().find(|column| column.of == of);
        let at = match self {
            Self::Days => {
                let completed_at = field(&column("CompletedAt")?.name);
                format!("DateTimeZone.RemoveZone({completed_at})")
            }
            Self::Months => {
                let month = field(&column("Month")?.name);
                format!("DateTime.From({month} & \"-01\")")
            }
        };
        Some(format!("{at} >= RangeStart and {at} < RangeEnd"))
    }
}

/// The M type of a column's values.
const fn kind(kind: ColumnKind) -> &'static str {
    match kind {
        ColumnKind::Text => "type text",
        ColumnKind::Integer => "Int64.Type",
        ColumnKind::Decimal => "type number",
        ColumnKind::Boolean => "type logical",
        ColumnKind::Instant => "type datetimezone",
    }
}

/// A field of the row at hand.
fn field(name: &str) -> String {
    if name.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        format!("[{name}]")
    } else {
        format!("[#{}]", text(name))
    }
}

/// A text literal of M.
fn text(plain: &str) -> String {
    format!("\"{}\"", plain.replace('"', "\"\""))
}
