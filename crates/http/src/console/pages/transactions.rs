//! Analysis > Transactions: the newest print jobs of a period.

use std::time::Duration;

use askama::Template;
use platen_app::printing::transactions::{TRANSACTIONS_MAX, Transaction, Transactions};
use platen_domain::clock::Timestamp;
use platen_domain::print_jobs::ColorMode;
use platen_report::decimal::Decimal;

use super::cells::{CellView, thousands};
use super::frame::Frame;
use crate::console::addresses;
use crate::console::moments::Moments;

/// Days before today with which the page begins where nobody says otherwise.
const DAYS_BEFORE: u64 = 6;

/// Headings, and whether numbers stand below them.
const COLUMNS: [(&str, bool); 12] = [
    ("Completed", false),
    ("User", false),
    ("Document", false),
    ("Computer", false),
    ("Queue", false),
    ("Printer", false),
    ("Impressions", true),
    ("Sheets", true),
    ("Color mode", false),
    ("Paper size", false),
    ("Cost", true),
    ("State", false),
];

/// A period as the address writes it: two days, both included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Asked {
    pub(crate) from: String,
    pub(crate) to: String,
}

impl Asked {
    /// What is left open is filled in: the last seven days, today among them.
    pub(crate) fn of(
        from: Option<&str>,
        to: Option<&str>,
        now: Timestamp,
        moments: &Moments,
    ) -> Self {
        let given = |text: Option<&str>| text.filter(|text| !text.is_empty()).map(str::to_owned);
        let days_ago = |days| moments.day(now.minus(Duration::from_hours(24 * days)));
        Self {
            from: given(from).unwrap_or_else(|| days_ago(DAYS_BEFORE)),
            to: given(to).unwrap_or_else(|| days_ago(0)),
        }
    }
}

/// The page.
#[derive(Debug, Template)]
#[template(path = "transactions.html")]
pub(crate) struct TransactionsPage {
    pub(crate) frame: Frame,
    pub(crate) asked: Asked,
    pub(crate) action: &'static str,
    pub(crate) summary: String,
    /// Said to who sees pseudonyms.
    pub(crate) veiled: bool,
    pub(crate) columns: &'static [(&'static str, bool)],
    pub(crate) rows: Vec<Vec<CellView>>,
    pub(crate) download: String,
}

impl TransactionsPage {
    /// The page of what was `found`; `names` says whether the reader sees names.
    pub(crate) fn new(
        frame: Frame,
        asked: Asked,
        found: &Transactions,
        names: bool,
        moments: &Moments,
    ) -> Self {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.append_pair("from", &asked.from);
        query.append_pair("to", &asked.to);
        Self {
            frame,
            action: addresses::TRANSACTIONS,
            summary: summary(found),
            veiled: !names,
            columns: &COLUMNS,
            rows: found.jobs.iter().map(|job| row(job, moments)).collect(),
            download: format!("{}?{}", addresses::TRANSACTIONS_CSV, query.finish()),
            asked,
        }
    }
}

fn summary(found: &Transactions) -> String {
    match (found.more, found.jobs.len()) {
        (true, _) => format!("The newest {TRANSACTIONS_MAX} jobs; the CSV file has all."),
        (false, 1) => "1 job".to_owned(),
        (false, jobs) => format!("{jobs} jobs"),
    }
}

fn row(job: &Transaction, moments: &Moments) -> Vec<CellView> {
    let color = job.color_mode.map(ColorMode::keyword);
    let cost = job.cost.as_ref();
    let cost = cost.map(|(amount, currency)| format!("{} {currency}", Decimal::money(amount.0)));
    vec![
        CellView::Moment(moments.show(job.completed_at)),
        text(job.user.as_deref()),
        text(job.document.as_deref()),
        text(job.client.as_deref()),
        text(job.queue.as_deref()),
        text(job.serial.as_deref()),
        number(job.impressions.map(|count| thousands(count.into()))),
        number(job.sheets.map(|count| thousands(count.into()))),
        text(color),
        text(job.media.as_deref()),
        number(cost),
        text(Some(job.state.keyword())),
    ]
}

fn text(text: Option<&str>) -> CellView {
    let unknown = CellView::Unknown { numeric: false };
    text.map_or(unknown, |text| CellView::Text(text.to_owned()))
}

fn number(text: Option<String>) -> CellView {
    text.map_or(CellView::Unknown { numeric: true }, CellView::Number)
}
