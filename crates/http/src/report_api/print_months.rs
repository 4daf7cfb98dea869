//! Monthly Print Data.

use std::sync::Arc;

use http::{HeaderValue, Method, StatusCode, header};
use http_body_util::BodyExt as _;
use platen_app::printing::calendar::{Calendar, Month};
use platen_app::printing::print_months::{
    MonthGroup, MonthGroupPages, MonthPages, MonthRow, Names,
};
use platen_domain::print_months::Grouping;
use platen_domain::print_rows::{PrintNames as _, PrinterNames};
use platen_report::encode::Encoder;
use platen_report::print_months::{PrintMonth, PrintMonths};

use crate::answers::Answer;
use crate::fields::{Fields, bad_parameter};
use crate::policy::ReportContext;
use crate::problems::Problem;
use crate::report_api::asked_periods::{ZONE, describe, own_zone, period};
use crate::report_api::body::{Page, ReportBody, Source};
use crate::report_api::compression::Coder;
use crate::report_api::fleet::instants;
use crate::report_api::negotiation::{self, FORMAT};
use crate::report_api::periods::{Period, Unit};
use crate::report_api::representation::{Representation, shape};
use crate::report_api::throttle::Slot;

/// The parameter that names what months are asked by in the place of user and printer.
pub(super) const BY: &str = "by";

/// Monthly Print Data.
pub(super) async fn monthly(context: ReportContext) -> Result<Answer, Problem> {
    let query = context.call().query()?.only(&[FORMAT, ZONE, BY])?;
    let grouping = grouping(&query)?;
    let (period, zone) = period(&context, &query, Unit::Months).await?;
    let own_zone = own_zone(&context).await?;
    let (server, call, scope, slot) = context.into_parts();
    let layout = &server.layouts.print_months;
    let about = (scope.organization(), period.instants(), grouping);
    let representation = Representation {
        version: server.app.printing().print_version(&scope).await?,
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
    let encoder = Encoder::new(representation.format, Arc::clone(layout), instants(&zone)?);
    let coder = Coder::new(representation.coding).map_err(|_no_memory| Problem::internal())?;
    if let Some(grouping) = grouping {
        let pages = server
            .app
            .printing()
            .grouped_months(scope, months, grouping);
        let groups = Groups {
            pages,
            encoder,
            grouping,
            currency: None,
        };
        return answered(answer, groups, coder, slot).await;
    }
    let pages = match (months.first(), months.last()) {
        (Some(first), Some(last)) if zone == own_zone => {
            server
                .app
                .printing()
                .print_months(scope, first.number, last.number)
        }
        _ => server.app.printing().recomputed_months(scope, months),
    };
    let source = Months {
        pages,
        encoder,
        names: Names::default(),
    };
    answered(answer, source, coder, slot).await
}

/// The answer with the rows of `source`, the first of which are there before it begins.
async fn answered<S: Source>(
    answer: Answer,
    mut source: S,
    coder: Coder,
    slot: Slot,
) -> Result<Answer, Problem> {
    let first = source.next().await.transpose()?.unwrap_or_default();
    let body = ReportBody::new(first, source, coder, Some(slot));
    Ok(answer.map(|_| body.boxed_unsync()))
}

fn grouping(query: &Fields) -> Result<Option<Grouping>, Problem> {
    let read = |word: &str| {
        Grouping::from_keyword(word)
            .ok_or_else(|| bad_parameter(BY, "expected account or department"))
    };
    query.get(BY).map(read).transpose()
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
            account: None,
            department: &[],
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

/// The rows of a report by groups.
struct Groups {
    pages: MonthGroupPages,
    encoder: Encoder<PrintMonths>,
    grouping: Grouping,
    currency: Option<String>,
}

impl Source for Groups {
    type Item = MonthGroup;

    async fn next(&mut self) -> Page<MonthGroup> {
        let page = self.pages.next().await?;
        Some(page.map(|page| {
            self.currency = page.currency;
            page.rows
        }))
    }

    fn start(&mut self, out: &mut Vec<u8>) {
        self.encoder.start(out);
    }

    fn write(&mut self, row: &MonthGroup, out: &mut Vec<u8>) {
        let (account, department) = match self.grouping {
            Grouping::Account => (row.name.first(), [].as_slice()),
            Grouping::Department => (None, row.name.as_slice()),
        };
        let month = PrintMonth {
            month: row.month,
            user: None,
            printer: &PrinterNames::default(),
            account: account.map(String::as_str),
            department,
            function: row.function,
            counts: row.counts,
            currency: self.currency.as_deref(),
        };
        self.encoder.month(&month, out);
    }

    fn finish(&mut self, out: &mut Vec<u8>) {
        self.encoder.finish(out);
    }
}
