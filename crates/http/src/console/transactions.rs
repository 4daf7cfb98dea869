//! Analysis > Transactions: the newest print jobs of a period, and all of them as CSV.

use http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use http::{HeaderValue, Method, StatusCode};
use jiff::tz::TimeZone;
use platen_domain::roles::Capability;
use platen_report::encode::Format;

use super::moments::Moments;
use super::pages::transactions::{Asked, TransactionsPage};
use super::{addresses, frame, page};
use crate::answers::{self, Answer};
use crate::policy::ConsoleContext;
use crate::problems::Problem;
use crate::report_api::{self, Period, Unit};
use crate::routes::Route;

pub(super) fn routes() -> Vec<Route> {
    let (get, needs) = (Method::GET, Capability::ViewPrintJobs);
    vec![
        Route::console(get.clone(), addresses::TRANSACTIONS, needs, show),
        Route::console(get, addresses::TRANSACTIONS_CSV, needs, export),
    ]
}

async fn show(context: ConsoleContext) -> Result<Answer, Problem> {
    let (asked, period) = asked(&context)?;
    let session = context.session();
    let instants = period.instants();
    let found = context
        .app()
        .printing()
        .transactions(&session.scope, instants.start, instants.end)
        .await?;
    let moments = Moments::new(&session.organization.time_zone);
    let names = session.can(Capability::ViewNames);
    let frame = frame(&context, addresses::TRANSACTIONS);
    let view = TransactionsPage::new(frame, asked, &found, names, &moments);
    page(StatusCode::OK, &view)
}

/// Every job of the period.
async fn export(context: ConsoleContext) -> Result<Answer, Problem> {
    let (asked, period) = asked(&context)?;
    let body = report_api::export_print_jobs(context.server(), context.session(), &period).await?;
    let mut answer = answers::with_status(StatusCode::OK, body);
    let headers = answer.headers_mut();
    let media_type = HeaderValue::from_static(Format::Csv.content_type());
    headers.insert(CONTENT_TYPE, media_type);
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    let Asked { from, to } = asked;
    let disposition = format!("attachment; filename=\"print-jobs-{from}-{to}.csv\"");
    if let Ok(disposition) = HeaderValue::from_str(&disposition) {
        headers.insert(CONTENT_DISPOSITION, disposition);
    }
    Ok(answer)
}

/// The period in the address, both days included; without one, the seven days up to today.
fn asked(context: &ConsoleContext) -> Result<(Asked, Period), Problem> {
    let query = context.call().query()?;
    let zone = &context.session().organization.time_zone;
    let asked = Asked::of(
        query.get("from"),
        query.get("to"),
        context.app().now(),
        &Moments::new(zone),
    );
    let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    let period = Period::parse(Unit::Days, &asked.from, &asked.to, &zone)?;
    Ok((asked, period))
}
