//! Fleet > Meter, Toner and Status.

use http::{Method, StatusCode};
use platen_domain::roles::Capability;
use platen_report::catalogue::FleetReport;

use super::grid_address::GridAddress;
use super::moments::Moments;
use super::pages::fleet::{FleetPage, Grid, path};
use super::pages::paging::last_page;
use super::{frame, page};
use crate::answers::{self, Answer};
use crate::policy::ConsoleContext;
use crate::problems::Problem;
use crate::routes::Route;

pub(super) fn routes() -> Vec<Route> {
    let grid = |report: FleetReport| {
        let needs = Capability::ViewFleet;
        Route::console(Method::GET, path(report), needs, move |context| {
            show(report, context)
        })
    };
    FleetReport::ALL.map(grid).into()
}

async fn show(report: FleetReport, context: ConsoleContext) -> Result<Answer, Problem> {
    let asked = GridAddress::read(report, path(report), &context.call().query()?);
    let session = context.session();
    let found = context
        .app()
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
    page(
        StatusCode::OK,
        &FleetPage {
            frame: frame(&context, path(report)),
            grid: Grid::new(report, &asked, found, &moments),
        },
    )
}
