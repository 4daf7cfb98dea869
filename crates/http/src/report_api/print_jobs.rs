//! Print Transactions Data.

use std::sync::Arc;

use http::{HeaderName, HeaderValue, Method, StatusCode};
use http_body_util::BodyExt as _;
use platen_app::access::sessions::SessionContext;
use platen_app::printing::renditions::Look;
use platen_report::encode::Format;

use crate::answers::{Answer, Body};
use crate::policy::ReportContext;
use crate::problems::Problem;
use crate::report_api::asked_periods::{ZONE, describe, period};
use crate::report_api::negotiation::{self, Coding, FORMAT};
use crate::report_api::periods::{Period, Unit};
use crate::report_api::print_body::PrintBody;
use crate::report_api::print_months;
use crate::report_api::print_output::Output;
use crate::report_api::representation::{Representation, shape};
use crate::server::Server;

/// How many gaps the period has: stretches in which a source is known to have lost jobs. Without
/// it nothing is known to be missing.
const X_REPORT_GAPS: HeaderName = HeaderName::from_static("x-report-gaps");

/// Print Transactions Data. Months are taken as well: the published example of the monthly
/// report calls this address, so months are answered like the monthly report's own.
pub(super) async fn transactions(context: ReportContext) -> Result<Answer, Problem> {
    match Unit::of(context.call().parameter("from")) {
        Unit::Days => days(context).await,
        Unit::Months => print_months::at_another_address(context).await,
    }
}

async fn days(context: ReportContext) -> Result<Answer, Problem> {
    let query = context.call().query()?.only(&[FORMAT, ZONE])?;
    let (period, zone) = period(&context, &query, Unit::Days).await?;
    let (server, call, scope, slot) = context.into_parts();
    let layout = &server.layouts.print_jobs;
    let instants = period.instants();
    let about = (scope.organization(), &instants);
    let representation = Representation {
        version: server.app.printing().print_version(&scope).await?,
        shape: shape(layout, &zone, about),
        format: negotiation::format(&query, &call.headers)?,
        coding: negotiation::coding_of_print_jobs(&call.headers),
    };
    let mut answer = representation.answer(&call.headers);
    describe(&period, &mut answer);
    let gaps = server
        .app
        .printing()
        .print_gaps(&scope, instants.clone())
        .await?;
    if !gaps.is_empty() {
        let count = HeaderValue::from(gaps.len());
        answer.headers_mut().insert(X_REPORT_GAPS, count);
    }
    if answer.status() != StatusCode::OK || call.method == Method::HEAD {
        return Ok(answer);
    }
    let look = Look::in_zone(Arc::clone(layout), zone);
    let output = Output::new(&look, representation.format, representation.coding)?;
    let segments = server
        .app
        .printing()
        .print_segments(scope, instants.start, instants.end)
        .await?;
    let (app, on_its_way) = (server.app.clone(), Arc::clone(&server.reports));
    let slot = Some(slot);
    let body = PrintBody::new(app, look, instants, segments, output, on_its_way, slot);
    Ok(answer.map(|_| body.boxed_unsync()))
}

/// The jobs of a period as CSV, for a person who is signed in: without key and licence, as all
/// exports are.
pub(crate) async fn export(
    server: &Server,
    session: &SessionContext,
    period: &Period,
) -> Result<Body, Problem> {
    let layout = Arc::clone(&server.layouts.print_jobs);
    let look = Look::new(layout, &session.organization);
    let output = Output::new(&look, Format::Csv, Coding::Identity)?;
    let instants = period.instants();
    let segments = server
        .app
        .printing()
        .print_segments(session.scope.clone(), instants.start, instants.end)
        .await?;
    let (app, on_its_way) = (server.app.clone(), Arc::clone(&server.reports));
    let body = PrintBody::new(app, look, instants, segments, output, on_its_way, None);
    Ok(body.boxed_unsync())
}
