//! The columns of Device Status Data: the one state a person reads, and everything behind it.

use platen_domain::snapshots::{OpenAlert, StatusSnapshot};
use platen_domain::status::{DetectedErrors, Severity};

use crate::cell::Cell;
use crate::fleet_rows::{Column, Row};

/// Between the items of a list in one column.
const LIST_SEPARATOR: &str = "; ";

pub(crate) static COLUMNS: [Column; 11] = [
    Column::text(
        "DeviceState",
        "State",
        "One of idle, printing, warming-up, sleeping, warning, stopped, offline, unreachable, \
         unknown.",
        |row| Cell::text(status(row).map(|status| status.state.keyword())),
    ),
    Column::instant(
        "StateSince",
        "Since",
        "Since when the device has been in this state, as far as polls tell.",
        |row| Cell::instant(status(row).map(|status| status.since)),
    ),
    Column::text(
        "DetectedErrors",
        "Detected errors",
        "Conditions of hrPrinterDetectedErrorState (RFC 3805) that hold, empty when none does.",
        |row| Cell::text_owned(status(row).and_then(|status| status.errors).map(names)),
    ),
    Column::integer(
        "AlertCount",
        "Alerts",
        "Open alerts, notes such as \"Sleep\" not counted.",
        |row| Cell::integer(status(row).map(|status| count(problems(status)))),
    ),
    Column::text(
        "WorstSeverity",
        "Worst severity",
        "critical, warning, warning-binary-change or other; null without an open alert.",
        |row| Cell::text(status(row).and_then(worst).map(Severity::keyword)),
    ),
    Column::text(
        "Alerts",
        "Alert texts",
        "Texts of the open alerts, the worst first, joined by '; '.",
        |row| Cell::text_owned(status(row).map(texts)),
    ),
    Column::instant(
        "OldestAlertAt",
        "Oldest alert",
        "When the oldest open alert was first seen.",
        |row| Cell::instant(status(row).and_then(|s| problems(s).map(|a| a.opened_at).min())),
    ),
    Column::text(
        "ConsoleText",
        "Console",
        "What the device's own display shows, its lines joined by '; '.",
        |row| Cell::text_owned(status(row).map(console)),
    ),
    Column::instant(
        "StatusReadAt",
        "Status read",
        "When the status was last read, or the device last failed to answer.",
        |row| Cell::instant(status(row).map(|status| status.read_at)),
    ),
    Column::text(
        "Firmware",
        "Firmware",
        "Firmware version the device states.",
        |row| Cell::text(row.snapshot.device.identity.firmware.as_deref()),
    ),
    Column::text(
        "Findings",
        "Findings",
        "What Platen noticed in the last 30 days, joined by '; ': another device with the same \
         identity, a counter that went back or leapt.",
        |row| Cell::text_owned(Some(findings(row))),
    ),
];

fn findings(row: &Row<'_>) -> String {
    let details = row
        .snapshot
        .findings
        .iter()
        .map(|found| found.detail.as_str());
    details.collect::<Vec<_>>().join(LIST_SEPARATOR)
}

fn status<'a>(row: &Row<'a>) -> Option<&'a StatusSnapshot> {
    row.snapshot.status.as_ref()
}

/// Open alerts that are problems, not notes (trap T20: "Sleep" comes as an alert row).
fn problems(status: &StatusSnapshot) -> impl Iterator<Item = &OpenAlert> {
    status.alerts.iter().filter(|open| !open.alert.pseudo)
}

fn count(alerts: impl Iterator<Item = impl Sized>) -> u64 {
    u64::try_from(alerts.count()).unwrap_or(u64::MAX)
}

fn names(errors: DetectedErrors) -> String {
    errors.names().collect::<Vec<_>>().join(LIST_SEPARATOR)
}

fn worst(status: &StatusSnapshot) -> Option<Severity> {
    problems(status)
        .map(|open| open.alert.severity)
        .min_by_key(|severity| urgency(*severity))
}

/// 0 is the most urgent. The numbers of the MIB do not say it: `other(1)` would come first.
const fn urgency(severity: Severity) -> u8 {
    match severity {
        Severity::Critical => 0,
        Severity::Warning => 1,
        Severity::WarningBinaryChange => 2,
        Severity::Other => 3,
    }
}

fn texts(status: &StatusSnapshot) -> String {
    let mut alerts: Vec<_> = problems(status).map(|open| &open.alert).collect();
    alerts.sort_by_key(|alert| urgency(alert.severity));
    let texts: Vec<_> = alerts
        .into_iter()
        .map(|alert| alert.text.as_str())
        .filter(|text| !text.is_empty())
        .collect();
    texts.join(LIST_SEPARATOR)
}

fn console(status: &StatusSnapshot) -> String {
    let lines: Vec<_> = status
        .console
        .iter()
        .map(String::as_str)
        .filter(|line| !line.is_empty())
        .collect();
    lines.join(LIST_SEPARATOR)
}
