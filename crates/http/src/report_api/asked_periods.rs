//! The period that a request asks for, in the zone of its parameter or of the organization.

use http::HeaderName;
use jiff::tz::TimeZone;

use crate::answers::Answer;
use crate::fields::Fields;
use crate::policy::ReportContext;
use crate::problem_kinds;
use crate::problems::Problem;
use crate::report_api::periods::{Period, Unit};

const X_REPORT_PERIOD: HeaderName = HeaderName::from_static("x-report-period");

/// The parameter that names the time zone of a period.
pub(super) const ZONE: &str = "tz";

/// Names the period's exact instants.
pub(super) fn describe(period: &Period, answer: &mut Answer) {
    if let Some(header) = period.header() {
        answer.headers_mut().insert(X_REPORT_PERIOD, header);
    }
}

/// The period that the path names, in the zone of `?tz=` or of the organization, and that zone's
/// name.
pub(super) async fn period(
    context: &ReportContext,
    query: &Fields,
    unit: Unit,
) -> Result<(Period, String), Problem> {
    let name = match query.get(ZONE) {
        Some(name) => name.to_owned(),
        None => own_zone(context).await?,
    };
    let zone = TimeZone::get(&name).map_err(|_not_listed| unknown_zone(&name))?;
    let call = context.call();
    let period = Period::parse(unit, call.parameter("from"), call.parameter("to"), &zone)?;
    Ok((period, name))
}

/// The organization's own time zone.
pub(super) async fn own_zone(context: &ReportContext) -> Result<String, Problem> {
    let organization = context.app().access().organization(context.scope()).await?;
    Ok(organization.time_zone)
}

fn unknown_zone(name: &str) -> Problem {
    let detail = format!(
        "The time zone '{name}' is not known: expected an IANA name such as Europe/Berlin."
    );
    problem_kinds::UNKNOWN_TIME_ZONE.because(detail)
}
