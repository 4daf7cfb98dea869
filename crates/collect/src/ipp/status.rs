//! How a printer does: `printer-state` and its reasons (RFC 8011 5.4.11, 5.4.12).
//!
//! | `printer-state` | reasons | state |
//! |---|---|---|
//! | any | jam, or a cover, door or interlock that is open | Stopped |
//! | stopped(5) | any | Stopped |
//! | processing(4) | any | Printing |
//! | idle(3) | a warning or an error | Warning |
//! | idle(3) | none, and the message or a reason speaks of sleep | Sleeping |
//! | idle(3) | others | Idle |
//! | not stated | any | Unknown |

use platen_domain::status::{Alert, DetectedErrors, DeviceState, Severity, Status};
use platen_domain::text::tidy_foreign_opt;

use super::message::Group;
use crate::printer::alerts::note_of_sleep;

/// Most reasons kept, as of alert rows.
const REASONS_MAX: usize = 64;

/// What the reasons begin with that a print server adds about its queue: CUPS, and that of macOS.
/// They tell nothing of the device.
const OF_A_QUEUE: [&str; 2] = ["cups-", "com.apple.print."];

/// Reasons by the condition they are in SNMP's words: bits of [`DetectedErrors`], the first of the
/// RFC the most significant of 16.
const CONDITIONS: &[(&str, u16)] = &[
    ("media-low", 0),
    ("media-empty", 1),
    ("media-needed", 1),
    ("toner-low", 2),
    ("marker-supply-low", 2),
    ("toner-empty", 3),
    ("marker-supply-empty", 3),
    ("cover-open", 4),
    ("door-open", 4),
    ("interlock-open", 4),
    ("media-jam", 5),
    ("marker-waste-full", 7),
    ("opc-life-over", 7),
    ("input-tray-missing", 8),
    ("output-tray-missing", 9),
    ("marker-supply-missing", 10),
    ("output-area-almost-full", 11),
    ("output-area-full", 12),
];

/// Decodes the status.
pub(super) fn status(printer: &Group) -> Status {
    let stated = printer.texts("printer-state-reasons");
    let reasons: Vec<Reason> = stated.take(REASONS_MAX).filter_map(Reason::of).collect();
    let message = printer
        .text("printer-state-message")
        .and_then(tidy_foreign_opt);
    let has_reasons = !printer.values("printer-state-reasons").is_empty();
    let errors = conditions(&reasons);
    Status {
        state: state(
            printer.integer("printer-state"),
            &reasons,
            errors,
            message.as_deref(),
        ),
        errors: has_reasons.then_some(errors),
        hr_device_status: None,
        hr_printer_status: None,
        alerts: reasons.iter().map(Reason::alert).collect(),
        console: message.into_iter().collect(),
    }
}

/// One of `printer-state-reasons`.
struct Reason {
    keyword: String,
    severity: Severity,
}

impl Reason {
    /// Reads `media-low-warning`; `None` for `none`, and for what a print server says of its queue.
    /// Without a suffix the severity is not stated,
    /// and a warning is assumed: those that stop the printer show in its state.
    fn of(stated: &str) -> Option<Self> {
        let text = tidy_foreign_opt(stated).filter(|text| text != "none")?;
        if OF_A_QUEUE.iter().any(|prefix| text.starts_with(prefix)) {
            return None;
        }
        let (keyword, severity) = match text.rsplit_once('-') {
            Some((keyword, "error")) => (keyword, Severity::Critical),
            Some((keyword, "warning")) => (keyword, Severity::Warning),
            Some((keyword, "report")) => (keyword, Severity::Other),
            _ => (text.as_str(), Severity::Warning),
        };
        Some(Self {
            keyword: keyword.to_owned(),
            severity,
        })
    }

    fn is_asleep(&self) -> bool {
        matches!(self.keyword.as_str(), "hibernate" | "standby" | "suspend")
    }

    /// As a row of the alert table; its group is not stated.
    fn alert(&self) -> Alert {
        // PrtAlertCodeTC (IANA-PRINTER-MIB), where one is named for the same thing.
        let code = match self.keyword.as_str() {
            "cover-open" => 3,
            "interlock-open" => 5,
            "media-jam" => 8,
            "media-low" => 807,
            "media-empty" => 808,
            _ => 0,
        };
        Alert {
            severity: self.severity,
            group: 0,
            group_index: 0,
            code,
            text: self.keyword.replace('-', " "),
            pseudo: self.is_asleep(),
        }
    }
}

fn conditions(reasons: &[Reason]) -> DetectedErrors {
    let bit = |reason: &Reason| {
        let found = CONDITIONS
            .iter()
            .find(|(keyword, _)| *keyword == reason.keyword);
        found.map_or(0, |(_, bit)| 0x8000 >> bit)
    };
    DetectedErrors::from_bits(reasons.iter().fold(0, |bits, reason| bits | bit(reason)))
}

fn state(
    code: Option<i32>,
    reasons: &[Reason],
    errors: DetectedErrors,
    message: Option<&str>,
) -> DeviceState {
    let attention = reasons.iter().any(|reason| {
        !reason.is_asleep() && matches!(reason.severity, Severity::Critical | Severity::Warning)
    });
    let asleep = reasons.iter().any(Reason::is_asleep) || message.is_some_and(note_of_sleep);
    match code {
        _ if errors.has("jammed") || errors.has("doorOpen") => DeviceState::Stopped,
        Some(5) => DeviceState::Stopped,
        Some(4) => DeviceState::Printing,
        Some(3) if attention => DeviceState::Warning,
        Some(3) if asleep => DeviceState::Sleeping,
        Some(3) => DeviceState::Idle,
        _ => DeviceState::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ipp::{Attribute, Value};

    fn of(code: i32, reasons: &[&str], message: &str) -> Status {
        let text = |text: &&str| Value::Text((*text).to_owned());
        let attribute = |name: &str, values| Attribute {
            name: name.to_owned(),
            values,
        };
        status(&Group {
            tag: 4,
            attributes: vec![
                attribute("printer-state", vec![Value::Integer(code)]),
                attribute("printer-state-reasons", reasons.iter().map(text).collect()),
                attribute("printer-state-message", vec![text(&message)]),
            ],
        })
    }

    #[test]
    fn the_table_of_states() {
        for (code, reason, message, expected) in [
            (3, "none", "Idle.", DeviceState::Idle),
            (3, "none", "Sleeping...  ", DeviceState::Sleeping),
            (3, "hibernate", "", DeviceState::Sleeping),
            (3, "marker-supply-low-warning", "", DeviceState::Warning),
            (3, "marker-supply-low-report", "", DeviceState::Idle),
            (3, "cups-ipp-missing-send-document", "", DeviceState::Idle),
            (
                3,
                "com.apple.print.recoverable-warning",
                "",
                DeviceState::Idle,
            ),
            (3, "media-jam-error", "", DeviceState::Stopped),
            (4, "toner-low-warning", "", DeviceState::Printing),
            (5, "paused", "", DeviceState::Stopped),
            (9, "none", "", DeviceState::Unknown),
        ] {
            assert_eq!(of(code, &[reason], message).state, expected, "{reason}");
        }
        assert_eq!(status(&Group::default()).state, DeviceState::Unknown);
        assert_eq!(status(&Group::default()).errors, None);
    }

    #[test]
    fn reasons_are_conditions_and_alerts() {
        let reasons = [
            "media-empty-error",
            "cups-waiting-for-job-completed",
            "toner-low",
            "wifi-report",
            "cups-ipp-conformance-failure-report",
        ];
        let status = of(5, &reasons, "");
        let names: Vec<&str> = status.errors.unwrap().names().collect();
        assert_eq!(names, ["noPaper", "lowToner"]);
        let alerts: Vec<(&str, i32, Severity)> = status
            .alerts
            .iter()
            .map(|alert| (alert.text.as_str(), alert.code, alert.severity))
            .collect();
        assert_eq!(
            alerts,
            [
                ("media empty", 808, Severity::Critical),
                ("toner low", 0, Severity::Warning),
                ("wifi", 0, Severity::Other),
            ]
        );
    }
}
