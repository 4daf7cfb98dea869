//! Fleet > Meter, Toner and Status: the grids, and their export.

use http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use http::{HeaderValue, Method, StatusCode};
use platen_domain::roles::Capability;
use platen_report::catalogue::FleetReport;
use platen_report::encode::Format;

use super::grid_address::GridAddress;
use super::moments::Moments;
use super::pages::fleet::{FleetPage, Grid, csv_path, path};
use super::pages::paging::last_page;
use super::{frame, page};
use crate::answers::{self, Answer};
use crate::policy::ConsoleContext;
use crate::problems::Problem;
use crate::report_api;
use crate::routes::Route;

pub(super) fn routes() -> Vec<Route> {
    let rooms = FleetReport::ALL.map(|report| {
        let (get, needs) = (Method::GET, Capability::ViewFleet);
        [
            Route::console(get.clone(), path(report), needs, move |c| show(report, c)),
            Route::console(get, csv_path(report), needs, move |c| export(report, c)),
        ]
    });
    rooms.into_iter().flatten().collect()
}

async fn show(report: FleetReport, context: ConsoleContext) -> Result<Answer, Problem> {
    let asked = GridAddress::read(report, path(report), &context.call().query()?);
    let session = context.session();
    let found = context
        .app()
        .fleet()
        .grid(&session.scope, report, asked.query())
        .await?;
    let last = last_page(found.total);
    if asked.page > last {
        // Devices left, or the address was typed: the last page there is.
        return Ok(answers::see_other(
            &GridAddress {
                page: last,
                ..asked
            }
            .href(),
        ));
    }
    let moments = Moments::new(&session.organization.time_zone);
    let view = FleetPage {
        frame: frame(&context, path(report)),
        grid: Grid::new(report, &asked, found, &moments),
    };
    page(StatusCode::OK, &view)
}

/// Every row, whatever filter and page the grid shows.
async fn export(report: FleetReport, context: ConsoleContext) -> Result<Answer, Problem> {
    let body = report_api::export(context.server(), context.session(), report).await?;
    let mut answer = answers::with_status(StatusCode::OK, body);
    let headers = answer.headers_mut();
    headers.insert(
        CONTENT_TYPE,
        HeaderValue::from_static(Format::Csv.content_type()),
    );
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    let disposition = format!("attachment; filename=\"{}.csv\"", report.name());
    if let Ok(disposition) = HeaderValue::from_str(&disposition) {
        headers.insert(CONTENT_DISPOSITION, disposition);
    }
    Ok(answer)
}
