//! Rows of `prtAlertTable`.
//!
//! Not every row is a problem (trap T20): Brother keeps one of severity 0 and code 0 that says
//! "Sleep", Epson lists "Idle" as code 1, Sharp "Power Saver" as code 23, Kyocera an old power-up
//! and a cold fuser without any text. Such notes are marked, not dropped.

use platen_domain::status::{Alert, Severity};

use super::charset::Charset;
use super::mib;
use super::profile::Profile;
use super::view::View;
use crate::snmp::oid::Oid;
use crate::snmp::value::Value;

/// Most alert rows kept of one device; the fullest table recorded has 20.
const ALERTS_MAX: usize = 64;

/// Codes (`PrtAlertCodeTC`, IANA-PRINTER-MIB) that report a state in passing: configurationChange,
/// powerSaver, warmingUp, powerUp, powerDown, and 507 as seen for "ready to print".
const STATE_CODES: [i32; 6] = [7, 23, 24, 503, 504, 507];

/// `markerFuserUnderTemperature`: a cold fuser is how a device sleeps.
const FUSER_UNDER_TEMPERATURE: i32 = 1001;

/// Words for sleep on consoles and in alerts, lower-case, in the languages seen.
const SLEEP_WORDS: &[&str] = &[
    "sleep",
    "power save",
    "powersave",
    "power saving",
    "low power",
    "energy save",
    "hibernat",
    "standby",
    "deep sleep",
    "ruhezustand",
    "energiespar",
    "stromspar",
    "economia de energia",
    "economia energia",
    "veille",
    "mise en veille",
    "ahorro de energ",
    "reposo",
    "uśpieni",
    "risparmio energ",
    "sospensione",
    "спящий",
    "スリープ",
    "节能",
    "休眠",
    "睡眠",
    "省電力",
];

/// Whether a text says that the device is asleep.
pub(crate) fn note_of_sleep(text: &str) -> bool {
    let lower = text.to_lowercase();
    SLEEP_WORDS.iter().any(|word| lower.contains(word))
}

/// The open rows, in the order of their index.
pub(crate) fn alerts(view: &View<'_>, profile: &Profile) -> Vec<Alert> {
    let charset = Charset::of_descriptions(view, profile);
    let cells = |column: &Oid| view.rows(column);
    let (groups, positions) = (
        cells(&mib::PRT_ALERT_GROUP),
        cells(&mib::PRT_ALERT_GROUP_INDEX),
    );
    let (codes, texts) = (
        cells(&mib::PRT_ALERT_CODE),
        cells(&mib::PRT_ALERT_DESCRIPTION),
    );
    let severities = cells(&mib::PRT_ALERT_SEVERITY_LEVEL);
    let mut rows: Vec<u32> = codes
        .iter()
        .chain(&severities)
        .chain(&texts)
        .map(|(row, _)| *row)
        .collect();
    rows.sort_unstable();
    rows.dedup();
    rows.into_iter()
        .take(ALERTS_MAX)
        .map(|row| {
            let severity = number(&severities, row).unwrap_or(0);
            let (group, code) = (
                number(&groups, row).unwrap_or(0),
                number(&codes, row).unwrap_or(0),
            );
            let text = cell(&texts, row).and_then(|value| charset.text(value));
            Alert {
                severity: Severity::from_code(severity.into()),
                group,
                group_index: number(&positions, row).unwrap_or(0),
                code,
                pseudo: is_note(severity, code, text.as_deref()),
                text: text.unwrap_or_else(|| words(group, code)),
            }
        })
        .collect()
}

fn cell<'a>(rows: &[(u32, &'a Value)], row: u32) -> Option<&'a Value> {
    rows.iter()
        .find(|(found, _)| *found == row)
        .map(|(_, value)| *value)
}

fn number(rows: &[(u32, &Value)], row: u32) -> Option<i32> {
    cell(rows, row)?
        .as_i64()
        .and_then(|number| i32::try_from(number).ok())
}

/// Whether a row notes a state and reports no problem.
fn is_note(severity: i32, code: i32, text: Option<&str>) -> bool {
    let (no_severity, no_code) = (severity <= 1, code <= 2);
    let critical = severity == 3;
    STATE_CODES.contains(&code)
        || (no_severity && no_code)
        || (code == FUSER_UNDER_TEMPERATURE && !critical)
        || (!critical && no_code && text.is_some_and(note_of_sleep))
}

/// What a row without text is about: its code and group in the words of the MIB.
fn words(group: i32, code: i32) -> String {
    let code = code_name(code).map_or_else(|| format!("alert {code}"), str::to_owned);
    let group = group_name(group).map_or_else(|| format!("group {group}"), str::to_owned);
    format!("{code} ({group})")
}

/// `PrtAlertCodeTC`, the codes seen and the common ones.
fn code_name(code: i32) -> Option<&'static str> {
    Some(match code {
        1 => "other",
        3 => "coverOpen",
        4 => "coverClosed",
        5 => "interlockOpen",
        6 => "interlockClosed",
        7 => "configurationChange",
        8 => "jam",
        9 => "subunitMissing",
        10 => "subunitLifeAlmostOver",
        11 => "subunitLifeOver",
        12 => "subunitAlmostEmpty",
        13 => "subunitEmpty",
        14 => "subunitAlmostFull",
        15 => "subunitFull",
        22 => "subunitOffline",
        23 => "subunitPowerSaver",
        24 => "subunitWarmingUp",
        501 => "doorOpen",
        502 => "doorClosed",
        503 => "powerUp",
        504 => "powerDown",
        801 => "inputMediaTrayMissing",
        802 => "inputMediaSizeChange",
        807 => "inputMediaSupplyLow",
        808 => "inputMediaSupplyEmpty",
        901 => "outputMediaTrayMissing",
        902 => "outputMediaTrayAlmostFull",
        903 => "outputMediaTrayFull",
        FUSER_UNDER_TEMPERATURE => "markerFuserUnderTemperature",
        1002 => "markerFuserOverTemperature",
        1101 => "markerTonerEmpty",
        1102 => "markerInkEmpty",
        1104 => "markerTonerAlmostEmpty",
        1105 => "markerInkAlmostEmpty",
        1107 => "markerWasteTonerReceptacleAlmostFull",
        1109 => "markerWasteTonerReceptacleFull",
        1111 => "markerOpcLifeAlmostOver",
        1112 => "markerOpcLifeOver",
        _ => return None,
    })
}

/// `PrtAlertGroupTC`.
fn group_name(group: i32) -> Option<&'static str> {
    Some(match group {
        3 => "storage",
        4 => "device",
        5 => "general",
        6 => "cover",
        7 => "localization",
        8 => "input",
        9 => "output",
        10 => "marker",
        11 => "supplies",
        12 => "colorant",
        13 => "media path",
        14 => "channel",
        15 => "interpreter",
        16 => "console",
        17 => "lights",
        18 => "alert",
        30..=33 => "finisher",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::printer::testing::answers;

    fn read(recording: &str) -> Vec<(Severity, bool, String)> {
        let answers = answers(recording);
        alerts(&View::new(&answers), &Profile::default())
            .into_iter()
            .map(|alert| (alert.severity, alert.pseudo, alert.text))
            .collect()
    }

    #[test]
    fn t20_notes_of_state_are_marked_and_kept() {
        let brother = read(
            "1.3.6.1.2.1.43.18.1.1.2.1.1|2|0
             1.3.6.1.2.1.43.18.1.1.4.1.1|2|0
             1.3.6.1.2.1.43.18.1.1.7.1.1|2|0
             1.3.6.1.2.1.43.18.1.1.8.1.1|4|Sleep",
        );
        assert_eq!(brother, [(Severity::Other, true, "Sleep".to_owned())]);
        let epson = read(
            "1.3.6.1.2.1.43.18.1.1.2.1.4|2|5
             1.3.6.1.2.1.43.18.1.1.2.1.276|2|1
             1.3.6.1.2.1.43.18.1.1.7.1.4|2|1105
             1.3.6.1.2.1.43.18.1.1.7.1.276|2|1
             1.3.6.1.2.1.43.18.1.1.8.1.4|4|Ink is low.
             1.3.6.1.2.1.43.18.1.1.8.1.276|4|Idle",
        );
        assert_eq!(
            epson,
            [
                (
                    Severity::WarningBinaryChange,
                    false,
                    "Ink is low.".to_owned()
                ),
                (Severity::Other, true, "Idle".to_owned())
            ]
        );
        let sharp = read(
            "1.3.6.1.2.1.43.18.1.1.2.1.9|2|4
             1.3.6.1.2.1.43.18.1.1.4.1.9|2|4
             1.3.6.1.2.1.43.18.1.1.7.1.9|2|23
             1.3.6.1.2.1.43.18.1.1.8.1.9|4|Power Saver",
        );
        assert!(sharp[0].1);
    }

    #[test]
    fn t20_rows_without_text_say_code_and_group() {
        let kyocera = read(
            "1.3.6.1.2.1.43.18.1.1.2.1.2|2|4
             1.3.6.1.2.1.43.18.1.1.4.1.2|2|5
             1.3.6.1.2.1.43.18.1.1.7.1.2|2|503
             1.3.6.1.2.1.43.18.1.1.8.1.2|4|
             1.3.6.1.2.1.43.18.1.1.2.1.23|2|5
             1.3.6.1.2.1.43.18.1.1.4.1.23|2|10
             1.3.6.1.2.1.43.18.1.1.7.1.23|2|1001",
        );
        assert_eq!(
            kyocera,
            [
                (Severity::Warning, true, "powerUp (general)".to_owned()),
                (
                    Severity::WarningBinaryChange,
                    true,
                    "markerFuserUnderTemperature (marker)".to_owned()
                ),
            ]
        );
    }

    #[test]
    fn a_problem_is_no_note() {
        assert!(!is_note(4, 807, Some("Pouco papel band. 1")));
        assert!(!is_note(3, 1, Some("Service call 900.01")));
        assert!(!is_note(4, 1, Some("Replace drum")));
    }
}
