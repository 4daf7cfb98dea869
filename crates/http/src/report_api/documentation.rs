//! What the Report API says of itself.

use http::StatusCode;
use platen_domain::print_months::Grouping;
use platen_report::catalogue::FleetReport;
use platen_report::column_map::Layout;
use platen_report::columns::Report;

use crate::openapi::{
    Components, ETAG, Header, Json, Media, Operation, Parameter, Response, Tag, object,
};
use crate::problem_kinds as kinds;
use crate::report_api::print_months::BY;

const PERIOD: Header = Header {
    name: "X-Report-Period",
    description: "The first instant of the period and the first one after it.",
    example: "2026-11-01T00:00:00+01:00/2026-12-01T00:00:00+01:00",
};

const GAPS: Header = Header {
    name: "X-Report-Gaps",
    description: "How many stretches of the period are known to lack jobs of a source; absent where \
                  nothing is known to be missing.",
    example: "1",
};

const LINK: Header = Header {
    name: "Link",
    description: "Where months were asked for: the address they belong to.",
    example: "<https://print.example.org/ReportApi/Reports/MonthlyPrintJobs/2026-11/2026-11>; rel=\"canonical\"",
};

/// A year and a month.
const MONTH: &str = "[0-9]{4}-(0[1-9]|1[0-2])";

/// A day of a month, after its year and month.
const DAY: &str = "-(0[1-9]|[12][0-9]|3[01])";

/// Device Meter, Status and Toner Data.
pub(super) fn fleet(report: FleetReport, components: &mut Components<'_>) -> Operation {
    let layout = components.layouts.of(report);
    let (id, name, what) = match report {
        FleetReport::Meters => (
            "getMeters",
            "MeterRow",
            "A row for each device: its meters.",
        ),
        FleetReport::Status => (
            "getStatus",
            "StatusRow",
            "A row for each device: its state.",
        ),
        FleetReport::Toner => (
            "getToner",
            "TonerRow",
            "A row for each supply of each device.",
        ),
    };
    let row = components.row(name, layout);
    report_of(layout, id, row, &[]).describe(what)
}

/// Print Transactions Data.
pub(super) fn print_jobs(components: &mut Components<'_>) -> Operation {
    let layout = &components.layouts.print_jobs;
    let jobs = components.row("PrintJobRow", layout);
    // Months are answered with the other report's rows.
    let months = components.row("PrintMonthRow", &components.layouts.print_months);
    let row = object([("anyOf", Json::Array(vec![jobs, months]))]);
    let day = format!("^{MONTH}({DAY})?$");
    let report = report_of(layout, "getPrintJobs", row, &[PERIOD, GAPS, LINK]);
    dated(report, &day, ["2026-11-01", "2026-11-30"]).describe(
        "A row for each job that ended in the period, in that order; both days are part of it, at \
         most 366 of them. Two months in place of the days are answered with the Monthly Print \
         Data, and Link.",
    )
}

/// Monthly Print Data.
pub(super) fn print_months(components: &mut Components<'_>) -> Operation {
    let layout = &components.layouts.print_months;
    let row = components.row("PrintMonthRow", layout);
    let groupings = Grouping::ALL.iter().map(|grouping| grouping.keyword());
    let by = object([("type", "string".into()), ("enum", Json::array(groupings))]);
    let by = Parameter::query(BY, by, "account").describe(
        "What rows are summed up by in the place of user and printer, whose columns are null then. \
         They are summed up anew, which takes longer.",
    );
    let report = report_of(layout, "getMonthlyPrintJobs", row, &[PERIOD]).parameter(by);
    dated(report, &format!("^{MONTH}$"), ["2026-01", "2026-11"]).describe(
        "A row for each user, printer and job type of each month; both months are part of the \
         period, at most 120 of them. Months of another time zone than the organization's are \
         summed up anew, which takes longer.",
    )
}

/// A report of rows of the form `row`, with `headers` beside those that all have.
fn report_of<R: Report>(
    layout: &Layout<R>,
    id: &'static str,
    row: Json,
    headers: &[Header],
) -> Operation {
    let names: Vec<&str> = layout.columns().map(|(name, _)| name).collect();
    let formats = object([
        ("type", "string".into()),
        ("enum", Json::array(["json", "ndjson", "csv"])),
    ]);
    let format = Parameter::query("format", formats, "json")
        .describe("The form of the answer, in any case; without it Accept decides.");
    let tags = object([("type", "string".into())]);
    let if_none_match = Parameter::header("If-None-Match", tags, ETAG.example)
        .describe("Answers 304 where the report is still what the client has.");
    let rows = object([("type", "array".into()), ("items", row)]);
    let lines = object([
        ("type", "string".into()),
        (
            "description",
            "One row a line, each an object as in JSON.".into(),
        ),
    ]);
    let ndjson = Media::new("application/x-ndjson", lines);
    let well = Response::new(StatusCode::OK, "The report.")
        .content(Media::new("application/json", rows))
        .content(ndjson)
        .content(Media::text(
            "text/csv",
            "RFC 4180 with a header; unknown is empty.",
            &(names.join(",") + "\r\n"),
        ));
    let known = Response::new(StatusCode::NOT_MODIFIED, "The client has it already.");
    let dressed = |response: Response| {
        let response = response.header(ETAG);
        headers
            .iter()
            .fold(response, |response, header| response.header(*header))
    };
    Operation::new(Tag::Report, id, layout.report().api().title())
        .parameter(format)
        .parameter(if_none_match)
        .answer(dressed(well))
        .answer(dressed(known))
        .problems(&[
            &kinds::UNKNOWN_FORMAT,
            &kinds::UNKNOWN_PARAMETER,
            &kinds::BAD_PARAMETER,
        ])
}

/// A report about a period between two ends of the form `pattern`.
fn dated(report: Operation, pattern: &str, [first, last]: [&str; 2]) -> Operation {
    let end = || object([("type", "string".into()), ("pattern", pattern.into())]);
    let zone = object([("type", "string".into())]);
    report
        .parameter(Parameter::path("from", end(), first).describe("Where the period begins."))
        .parameter(Parameter::path("to", end(), last).describe("Where it ends, included."))
        .parameter(
            Parameter::query("tz", zone, "Europe/Berlin")
                .describe("The time zone that days and months begin in, an IANA name; the organization's unless given."),
        )
        .problems(&[&kinds::BAD_DATE, &kinds::BAD_RANGE, &kinds::UNKNOWN_TIME_ZONE])
}
