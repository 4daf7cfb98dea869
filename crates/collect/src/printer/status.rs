//! How the device is doing.
//!
//! The one state is derived from the first row that fits (RFC 3805, 2.2.13.2, read against what
//! recorded printers report):
//!
//! | `hrDeviceStatus` | `hrPrinterStatus` | conditions | state |
//! |---|---|---|---|
//! | any | any | jammed or doorOpen | Stopped |
//! | down(5) | warmup(5) | | `WarmingUp` |
//! | down(5) | any | noPaper, noToner, or a critical alert | Stopped |
//! | any | any | offline | Offline |
//! | down(5) | any | | Stopped |
//! | not stated | any | noPaper or noToner | Stopped |
//! | any | printing(4) | | Printing |
//! | any | warmup(5) | | `WarmingUp` |
//! | warning(3) | any | | Warning |
//! | any | any | lowPaper, lowToner, noPaper, noToner or serviceRequested; a warning | Warning |
//! | any | any | asleep by an alert or the console | Sleeping |
//! | running(2) | other(1) | | Sleeping |
//! | running(2) or testing(4) | any | | Idle |
//! | any | idle(3) | | Idle |
//! | | | | Unknown |
//!
//! A sleeping device is not believed when it reports noPaper or serviceRequested, and nobody is
//! believed in the second octet of the conditions: both are set wrongly by devices in the field
//! (trap T11; LibreNMS ignores the second octet for the same reason). The conditions themselves
//! are kept as reported.

use platen_domain::status::{Alert, DetectedErrors, DeviceState, Severity, Status};

use super::alerts::{self, note_of_sleep};
use super::console;
use super::mib;
use super::profile::Profile;
use super::view::View;
use crate::snmp::value::Value;

/// Decodes status, alerts and console.
pub(crate) fn status(view: &View<'_>, profile: &Profile) -> Status {
    let hr_device_status = small(view.device_number(&mib::HR_DEVICE_STATUS));
    let hr_printer_status = small(view.device_number(&mib::HR_PRINTER_STATUS));
    let errors = view
        .of_device(&mib::HR_PRINTER_DETECTED_ERROR_STATE)
        .and_then(Value::as_octets)
        .map(DetectedErrors::from_octets);
    let alerts = alerts::alerts(view, profile);
    let console = console::console(view, profile);
    Status {
        state: state(
            hr_device_status,
            hr_printer_status,
            errors,
            &alerts,
            &console,
        ),
        errors,
        hr_device_status,
        hr_printer_status,
        alerts,
        console,
    }
}

fn small(number: Option<i64>) -> Option<i32> {
    number.and_then(|number| i32::try_from(number).ok())
}

fn state(
    device: Option<i32>,
    printer: Option<i32>,
    errors: Option<DetectedErrors>,
    alerts: &[Alert],
    console: &[String],
) -> DeviceState {
    let asleep = alerts
        .iter()
        .any(|alert| alert.pseudo && note_of_sleep(&alert.text))
        || console.iter().any(|line| note_of_sleep(line));
    let has = |name| errors.is_some_and(|errors| errors.has(name));
    let waking = |name| has(name) && !asleep;
    let open = |severity| {
        alerts
            .iter()
            .any(|alert| !alert.pseudo && alert.severity == severity)
    };
    let (critical, warned) = (
        open(Severity::Critical),
        open(Severity::Warning) || open(Severity::WarningBinaryChange),
    );
    let empty = waking("noPaper") || has("noToner");
    let attention = empty
        || has("lowPaper")
        || has("lowToner")
        || waking("serviceRequested")
        || critical
        || warned;
    match (device, printer) {
        _ if has("jammed") || has("doorOpen") => DeviceState::Stopped,
        (Some(5), Some(5)) => DeviceState::WarmingUp,
        (Some(5), _) if empty || critical => DeviceState::Stopped,
        _ if has("offline") => DeviceState::Offline,
        (Some(5), _) => DeviceState::Stopped,
        (None, _) if empty => DeviceState::Stopped,
        (_, Some(4)) => DeviceState::Printing,
        (_, Some(5)) => DeviceState::WarmingUp,
        (Some(3), _) => DeviceState::Warning,
        _ if attention => DeviceState::Warning,
        _ if asleep => DeviceState::Sleeping,
        (Some(2), Some(1)) => DeviceState::Sleeping,
        (Some(2 | 4), _) | (_, Some(3)) => DeviceState::Idle,
        _ => DeviceState::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::printer::testing::answers;

    fn of(device: i32, printer: i32, errors: &[u8]) -> DeviceState {
        let errors = DetectedErrors::from_octets(errors);
        state(Some(device), Some(printer), Some(errors), &[], &[])
    }

    #[test]
    fn the_table_of_states() {
        let table = [
            (2, 3, &[0x00][..], DeviceState::Idle),
            (2, 4, &[0x00], DeviceState::Printing),
            (3, 4, &[0x20], DeviceState::Printing),
            (2, 5, &[], DeviceState::WarmingUp),
            (5, 5, &[], DeviceState::WarmingUp),
            (2, 1, &[], DeviceState::Sleeping),
            (3, 3, &[0x80, 0x00], DeviceState::Warning),
            (2, 3, &[0x20], DeviceState::Warning),
            (3, 3, &[0x00], DeviceState::Warning),
            (5, 1, &[0x04], DeviceState::Stopped),
            (2, 3, &[0x08], DeviceState::Stopped),
            (5, 1, &[0x40], DeviceState::Stopped),
            (2, 3, &[0x40], DeviceState::Warning),
            (5, 1, &[0x02], DeviceState::Offline),
            (5, 1, &[0x00], DeviceState::Stopped),
            (1, 2, &[], DeviceState::Unknown),
        ];
        for (device, printer, errors, expected) in table {
            assert_eq!(
                of(device, printer, errors),
                expected,
                "{device} {printer} {errors:x?}"
            );
        }
    }

    #[test]
    fn t11_conditions_come_from_the_most_significant_bit() {
        // A Lexmark MX711 that is low on paper and toner and asks for service: A1 00.
        let lexmark = answers(
            "1.3.6.1.2.1.25.3.2.1.5.1|2|3
             1.3.6.1.2.1.25.3.5.1.1.1|2|3
             1.3.6.1.2.1.25.3.5.1.2.1|4x|a100",
        );
        let status = status(&View::new(&lexmark), &Profile::default());
        let names: Vec<_> = status.errors.unwrap().names().collect();
        assert_eq!(names, ["lowPaper", "lowToner", "serviceRequested"]);
        assert_eq!(status.state, DeviceState::Warning);
    }

    #[test]
    fn t11_the_second_octet_is_kept_and_decides_nothing() {
        // Sharp: 00 02 = overduePreventMaint while ready.
        let sharp = answers(
            "1.3.6.1.2.1.25.3.2.1.5.1|2|2
             1.3.6.1.2.1.25.3.5.1.1.1|2|3
             1.3.6.1.2.1.25.3.5.1.2.1|4x|0002",
        );
        let status = status(&View::new(&sharp), &Profile::default());
        assert_eq!(
            status.errors.unwrap().names().collect::<Vec<_>>(),
            ["overduePreventMaint"]
        );
        assert_eq!(status.state, DeviceState::Idle);
    }

    #[test]
    fn t11_a_sleeping_device_is_not_believed_to_be_out_of_paper() {
        let asleep = ["Sleep Mode".to_owned()];
        let errors = Some(DetectedErrors::from_octets(&[0x41]));
        assert_eq!(
            state(Some(2), Some(1), errors, &[], &asleep),
            DeviceState::Sleeping
        );
    }

    #[test]
    fn a_device_that_reports_nothing_is_unknown() {
        assert_eq!(state(None, None, None, &[], &[]), DeviceState::Unknown);
        assert_eq!(state(Some(2), None, None, &[], &[]), DeviceState::Idle);
    }
}
