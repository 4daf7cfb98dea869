//! Device Meter, Status and Toner Data: one handler, since the column catalogue holds all that
//! tells them apart.

use std::sync::Arc;

use http::{Method, StatusCode};
use http_body_util::BodyExt as _;
use platen_app::reports::parts;
use platen_app::sessions::SessionContext;
use platen_report::catalogue::FleetReport;
use platen_report::encode::{Encoder, Format};
use platen_report::instants::InstantWriter;

use crate::answers::{self, Answer, Body};
use crate::policy::ReportContext;
use crate::problems::Problem;
use crate::report_api::body::ReportBody;
use crate::report_api::compression::Coder;
use crate::report_api::negotiation::{self, Coding};
use crate::report_api::representation::Representation;
use crate::server::Server;

/// Answers with the report, or with "not modified".
pub(super) async fn answer(context: ReportContext, report: FleetReport) -> Result<Answer, Problem> {
    let (server, call, scope, slot) = context.into_parts();
    let organization = server.app.organization(&scope).await?;
    let layout = server.layouts.of(report);
    let representation = Representation {
        organization: &organization,
        fleet_version: server.app.fleet_version(&scope).await?,
        layout,
        format: negotiation::format(&call.query()?, &call.headers)?,
        coding: negotiation::coding(&call.headers),
    };
    if representation.is_known_to(&call.headers) {
        let mut answer = answers::empty(StatusCode::NOT_MODIFIED);
        representation.describe(answer.headers_mut());
        return Ok(answer);
    }
    let mut answer = answers::empty(StatusCode::OK);
    representation.describe_content(answer.headers_mut());
    if call.method == Method::HEAD {
        // The length is not known before the whole report is written: nothing is read.
        return Ok(answer.map(|_| answers::of_unknown_length()));
    }
    let instants = instants(&organization.time_zone)?;
    let encoder = Encoder::new(representation.format, Arc::clone(layout), instants);
    let coder = Coder::new(representation.coding).map_err(|_no_memory| Problem::internal())?;
    let mut pages = server.app.device_rows(scope, parts(report));
    let first = pages.next().await.transpose()?.unwrap_or_default();
    let body = ReportBody::new(first, pages, encoder, coder, Some(slot));
    Ok(answer.map(|_| body.boxed_unsync()))
}

/// The whole report as CSV, for a person who is signed in: it takes neither a key nor a licence,
/// since an expired licence never stops an export.
pub(crate) async fn export(
    server: &Server,
    session: &SessionContext,
    report: FleetReport,
) -> Result<Body, Problem> {
    let instants = instants(&session.organization.time_zone)?;
    let layout = Arc::clone(server.layouts.of(report));
    let encoder = Encoder::new(Format::Csv, layout, instants);
    let coder = Coder::new(Coding::Identity).map_err(|_no_memory| Problem::internal())?;
    let mut pages = server.app.device_rows(session.scope.clone(), parts(report));
    let first = pages.next().await.transpose()?.unwrap_or_default();
    Ok(ReportBody::new(first, pages, encoder, coder, None).boxed_unsync())
}

/// The zone was checked when the organization was made; a time-zone database that lost it is a
/// defect of the installation.
fn instants(zone: &str) -> Result<InstantWriter, Problem> {
    InstantWriter::new(zone).map_err(|error| {
        tracing::error!(%error, "an organization's time zone cannot be used");
        Problem::internal()
    })
}
