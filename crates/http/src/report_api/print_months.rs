//! Monthly Print Data.

use std::sync::Arc;

use http::{HeaderValue, Method, StatusCode, header};
use http_body_util::BodyExt as _;
use platen_app::calendar::{Calendar, Month};
use platen_app::print_months::{MonthPages, MonthRow, Names};
use platen_domain::print_rows::{PrintNames as _, PrinterNames};
use platen_report::encode::Encoder;
use platen_report::print_months::{PrintMonth, PrintMonths};

use crate::answers::Answer;
use crate::policy::ReportContext;
use crate::problems::Problem;
use crate::report_api::body::{Page, ReportBody, Source};
use crate::report_api::compression::Coder;
use crate::report_api::fleet::instants;
use crate::report_api::negotiation::{self, FORMAT};
use crate::report_api::periods::{Period, Unit};
use crate::report_api::print_jobs::{ZONE, describe, own_zone, period};
use crate::report_api::representation::{Representation, shape};

/// Monthly Print Data.
pub(super) async fn monthly(context: ReportContext) -> Result<Answer, Problem> {
    let query = context.call().query()?.only(&[FORMAT, ZONE])?;
    let (period, zone) = period(&context, &query, Unit::Months).await?;
    let own_zone = own_zone(&context).await?;
    let (server, call, scope, slot) = context.into_parts();
    let layout = &server.layouts.print_months;
    let about = (scope.organization(), period.instants());
    let representation = Representation {
        version: server.app.print_version(&scope).await?,
        shape: shape(layout, &zone, about),
        format: negotiation::format(&query, &call.headers)?,
        coding: negotiation::coding(&call.headers),
    };
    let mut answer = representation.answer(&call.headers);
    describe(&period, &mut answer);
    if answer.status() != StatusCode::OK || call.method == Method::HEAD {
        return Ok(answer);
    }
    let months = months(&period);
    let pages = match (months.first(), months.last()) {
        (Some(first), Some(last)) if zone == own_zone => {
            server.app.print_months(scope, first.number, last.number)
        }
        _ => server.app.recomputed_months(scope, months),
    };
    let encoder = Encoder::new(representation.format, Arc::clone(layout), instants(&zone)?);
    let mut source = Months {
        pages,
        encoder,
        names: Names::default(),
    };
    let coder = Coder::new(representation.coding).map_err(|_no_memory| Problem::internal())?;
    let first = source.next().await.transpose()?.unwrap_or_default();
    let body = ReportBody::new(first, source, coder, Some(slot));
    Ok(answer.map(|_| body.boxed_unsync()))
}

/// As [`monthly`], at the address of the transactions: the answer says where it belongs.
pub(super) async fn at_another_address(context: ReportContext) -> Result<Answer, Problem> {
    let canonical = canonical(&context);
    let mut answer = monthly(context).await?;
    if let Some(link) = canonical {
        answer.headers_mut().insert(header::LINK, link);
    }
    Ok(answer)
}

fn canonical(context: &ReportContext) -> Option<HeaderValue> {
    let call = context.call();
    let (from, to) = (call.parameter("from"), call.parameter("to"));
    let base = &context.server().public_url;
    let link =
        format!("<{base}/ReportApi/Reports/MonthlyPrintJobs/{from}/{to}>; rel=\"canonical\"");
    HeaderValue::from_str(&link).ok()
}

/// The months of a period, in order.
fn months(period: &Period) -> Vec<Month> {
    let mut calendar = Calendar::new(period.zone().clone());
    let instants = period.instants();
    let first = calendar.month_of(instants.start);
    let following = |month: &Month| calendar.month_of(month.until);
    std::iter::successors(first, following)
        .take_while(|month| month.from < instants.end)
        .collect()
}

/// The rows of a report, and how they are written.
struct Months {
    pages: MonthPages,
    encoder: Encoder<PrintMonths>,
    /// What the numbers in the page's rows stand for.
    names: Names,
}

impl Source for Months {
    type Item = MonthRow;

    async fn next(&mut self) -> Page<MonthRow> {
        let page = self.pages.next().await?;
        Some(page.map(|page| {
            self.names = page.names;
            page.rows
        }))
    }

    fn start(&mut self, out: &mut Vec<u8>) {
        self.encoder.start(out);
    }

    fn write(&mut self, row: &MonthRow, out: &mut Vec<u8>) {
        let unknown = PrinterNames::default();
        let month = PrintMonth {
            month: row.key.month,
            user: row.key.user.and_then(|user| self.names.word(user)),
            printer: self.names.printer(row.key.printer).unwrap_or(&unknown),
            function: row.key.function,
            counts: row.counts,
            currency: self.names.common_currency(),
        };
        self.encoder.month(&month, out);
    }

    fn finish(&mut self, out: &mut Vec<u8>) {
        self.encoder.finish(out);
    }
}
