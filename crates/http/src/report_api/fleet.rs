//! Device Meter, Status and Toner Data: one handler, since the column catalogue holds all that
//! tells them apart.

use std::sync::Arc;

use http::{Method, StatusCode};
use http_body_util::BodyExt as _;
use platen_app::access::sessions::SessionContext;
use platen_app::fleet::reports::{SnapshotPages, parts};
use platen_domain::snapshots::DeviceSnapshot;
use platen_report::catalogue::FleetReport;
use platen_report::encode::{Encoder, Format};
use platen_report::instants::InstantWriter;

use crate::answers::{Answer, Body};
use crate::policy::ReportContext;
use crate::problems::Problem;
use crate::report_api::body::{Page, ReportBody, Source};
use crate::report_api::compression::Coder;
use crate::report_api::negotiation::{self, Coding};
use crate::report_api::representation::{self, Representation};
use crate::server::Server;

/// Answers with the report, or with "not modified".
pub(super) async fn answer(context: ReportContext, report: FleetReport) -> Result<Answer, Problem> {
    let (server, call, scope, slot) = context.into_parts();
    let query = call.query()?.only(&[negotiation::FORMAT])?;
    let organization = server.app.access().organization(&scope).await?;
    let layout = server.layouts.of(report);
    let representation = Representation {
        version: server.app.fleet().version(&scope).await?,
        shape: representation::shape(layout, &organization.time_zone, organization.id),
        format: negotiation::format(&query, &call.headers)?,
        coding: negotiation::coding(&call.headers),
    };
    let answer = representation.answer(&call.headers);
    if answer.status() != StatusCode::OK || call.method == Method::HEAD {
        return Ok(answer);
    }
    let instants = instants(&organization.time_zone)?;
    let encoder = Encoder::new(representation.format, Arc::clone(layout), instants);
    let coder = Coder::new(representation.coding).map_err(|_no_memory| Problem::internal())?;
    let pages = server.app.fleet().device_rows(scope, parts(report));
    let mut devices = Devices { pages, encoder };
    let first = devices.next().await.transpose()?.unwrap_or_default();
    let body = ReportBody::new(first, devices, coder, Some(slot));
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
    let pages = server
        .app
        .fleet()
        .device_rows(session.scope.clone(), parts(report));
    let mut devices = Devices { pages, encoder };
    let first = devices.next().await.transpose()?.unwrap_or_default();
    Ok(ReportBody::new(first, devices, coder, None).boxed_unsync())
}

/// The devices of a report.
struct Devices {
    pages: SnapshotPages,
    encoder: Encoder,
}

impl Source for Devices {
    type Item = DeviceSnapshot;

    async fn next(&mut self) -> Page<DeviceSnapshot> {
        self.pages.next().await
    }

    fn start(&mut self, out: &mut Vec<u8>) {
        self.encoder.start(out);
    }

    fn write(&mut self, device: &DeviceSnapshot, out: &mut Vec<u8>) {
        self.encoder.device(device, out);
    }

    fn finish(&mut self, out: &mut Vec<u8>) {
        self.encoder.finish(out);
    }
}

/// The zone was checked when the organization was made; a time-zone database that lost it is a
/// defect of the installation.
pub(super) fn instants(zone: &str) -> Result<InstantWriter, Problem> {
    InstantWriter::new(zone).map_err(|error| {
        tracing::error!(%error, "an organization's time zone cannot be used");
        Problem::internal()
    })
}
