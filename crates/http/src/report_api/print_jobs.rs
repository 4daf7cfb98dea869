//! Print Transactions and Monthly Print Data.
//!
//! This server captures no print jobs yet. An empty report would say that nobody printed, which
//! is not known; so a well-formed request is answered with `no-print-data`, status 501: unlike
//! 503 it asks nobody to try again soon.

use http::{HeaderName, HeaderValue, StatusCode, header};
use jiff::tz::TimeZone;

use crate::answers::Answer;
use crate::policy::ReportContext;
use crate::problems::Problem;
use crate::report_api::periods::{Period, Unit};

const X_REPORT_PERIOD: HeaderName = HeaderName::from_static("x-report-period");

/// Print Transactions Data. Months are taken as well: the published example of the monthly
/// report calls this address, so months are answered like the monthly report's own.
pub(super) async fn transactions(context: ReportContext) -> Result<Answer, Problem> {
    let unit = Unit::of(context.call().parameter("from"));
    let period = period(&context, unit).await?;
    let problem = no_print_data(&period);
    Err(match unit {
        Unit::Days => problem,
        Unit::Months => match canonical(&context) {
            Some(link) => problem.with_header(header::LINK, link),
            None => problem,
        },
    })
}

/// Monthly Print Data.
pub(super) async fn monthly(context: ReportContext) -> Result<Answer, Problem> {
    let period = period(&context, Unit::Months).await?;
    Err(no_print_data(&period))
}

/// The period that the path names, in the zone of `?tz=` or of the organization.
async fn period(context: &ReportContext, unit: Unit) -> Result<Period, Problem> {
    let query = context.call().query()?;
    let zone = match query.get("tz") {
        Some(name) => TimeZone::get(name).map_err(|_not_listed| unknown_zone(name))?,
        None => own_zone(context).await?,
    };
    let call = context.call();
    Period::parse(unit, call.parameter("from"), call.parameter("to"), &zone)
}

async fn own_zone(context: &ReportContext) -> Result<TimeZone, Problem> {
    let organization = context.app().organization(context.scope()).await?;
    TimeZone::get(&organization.time_zone).map_err(|error| {
        tracing::error!(%error, "an organization's time zone cannot be used");
        Problem::internal()
    })
}

fn unknown_zone(name: &str) -> Problem {
    let detail = format!(
        "The time zone '{name}' is not known: expected an IANA name such as Europe/Berlin."
    );
    Problem::bad_request("unknown-time-zone", detail)
}

/// Where months belong.
fn canonical(context: &ReportContext) -> Option<HeaderValue> {
    let call = context.call();
    let (from, to) = (call.parameter("from"), call.parameter("to"));
    let base = &context.server().public_url;
    let link =
        format!("<{base}/ReportApi/Reports/MonthlyPrintJobs/{from}/{to}>; rel=\"canonical\"");
    HeaderValue::from_str(&link).ok()
}

fn no_print_data(period: &Period) -> Problem {
    let problem = Problem::new(
        StatusCode::NOT_IMPLEMENTED,
        "no-print-data",
        "This server captures no print jobs",
        "No print system is connected to this server, so it cannot say who printed what. The \
         address, the key and the dates are right.",
    );
    match period.header() {
        Some(header) => problem.with_header(X_REPORT_PERIOD, header),
        None => problem,
    }
}
