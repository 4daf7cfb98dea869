//! The standard objects the collector reads, by their names in the MIBs.
//!
//! SNMPv2-MIB (RFC 3418), IF-MIB (RFC 2863), HOST-RESOURCES-MIB (RFC 2790), Printer-MIB
//! (RFC 3805), and the Printer Port Monitor MIB (PWG 5107.1). Columns stand without an instance.

use std::sync::LazyLock;

use crate::snmp::oid::Oid;

macro_rules! objects {
    ($($(#[$doc:meta])* $name:ident = $dotted:literal;)+) => {
        $($(#[$doc])* pub(crate) static $name: LazyLock<Oid> =
            LazyLock::new(|| $dotted.parse().unwrap_or_default());)+

        #[cfg(test)]
        const ALL: &[(&str, &LazyLock<Oid>)] = &[$((stringify!($name), &$name)),+];
    };
}

objects! {
    SYS_DESCR = "1.3.6.1.2.1.1.1.0";
    SYS_OBJECT_ID = "1.3.6.1.2.1.1.2.0";
    SYS_UP_TIME = "1.3.6.1.2.1.1.3.0";
    SYS_CONTACT = "1.3.6.1.2.1.1.4.0";
    SYS_NAME = "1.3.6.1.2.1.1.5.0";
    SYS_LOCATION = "1.3.6.1.2.1.1.6.0";

    IF_TYPE = "1.3.6.1.2.1.2.2.1.3";
    IF_PHYS_ADDRESS = "1.3.6.1.2.1.2.2.1.6";
    IF_OPER_STATUS = "1.3.6.1.2.1.2.2.1.8";

    HR_DEVICE_TYPE = "1.3.6.1.2.1.25.3.2.1.2";
    HR_DEVICE_DESCR = "1.3.6.1.2.1.25.3.2.1.3";
    HR_DEVICE_STATUS = "1.3.6.1.2.1.25.3.2.1.5";
    HR_PRINTER_STATUS = "1.3.6.1.2.1.25.3.5.1.1";
    HR_PRINTER_DETECTED_ERROR_STATE = "1.3.6.1.2.1.25.3.5.1.2";
    /// `hrDevicePrinter`, the value of `hrDeviceType` that marks a printer.
    HR_DEVICE_PRINTER = "1.3.6.1.2.1.25.3.1.5";

    PRINTER_MIB = "1.3.6.1.2.1.43";
    PRT_GENERAL_CURRENT_LOCALIZATION = "1.3.6.1.2.1.43.5.1.1.2";
    PRT_CONSOLE_LOCALIZATION = "1.3.6.1.2.1.43.5.1.1.10";
    PRT_GENERAL_PRINTER_NAME = "1.3.6.1.2.1.43.5.1.1.16";
    PRT_GENERAL_SERIAL_NUMBER = "1.3.6.1.2.1.43.5.1.1.17";
    PRT_LOCALIZATION_LANGUAGE = "1.3.6.1.2.1.43.7.1.1.2";
    PRT_LOCALIZATION_COUNTRY = "1.3.6.1.2.1.43.7.1.1.3";
    PRT_LOCALIZATION_CHARACTER_SET = "1.3.6.1.2.1.43.7.1.1.4";

    PRT_MARKER_MARK_TECH = "1.3.6.1.2.1.43.10.2.1.2";
    PRT_MARKER_COUNTER_UNIT = "1.3.6.1.2.1.43.10.2.1.3";
    PRT_MARKER_LIFE_COUNT = "1.3.6.1.2.1.43.10.2.1.4";
    PRT_MARKER_PROCESS_COLORANTS = "1.3.6.1.2.1.43.10.2.1.6";

    PRT_MARKER_SUPPLIES_TABLE = "1.3.6.1.2.1.43.11.1";
    PRT_MARKER_SUPPLIES_COLORANT_INDEX = "1.3.6.1.2.1.43.11.1.1.3";
    PRT_MARKER_SUPPLIES_CLASS = "1.3.6.1.2.1.43.11.1.1.4";
    PRT_MARKER_SUPPLIES_TYPE = "1.3.6.1.2.1.43.11.1.1.5";
    PRT_MARKER_SUPPLIES_DESCRIPTION = "1.3.6.1.2.1.43.11.1.1.6";
    PRT_MARKER_SUPPLIES_SUPPLY_UNIT = "1.3.6.1.2.1.43.11.1.1.7";
    PRT_MARKER_SUPPLIES_MAX_CAPACITY = "1.3.6.1.2.1.43.11.1.1.8";
    PRT_MARKER_SUPPLIES_LEVEL = "1.3.6.1.2.1.43.11.1.1.9";
    PRT_MARKER_COLORANT_VALUE = "1.3.6.1.2.1.43.12.1.1.4";

    PRT_CONSOLE_DISPLAY_BUFFER_TEXT = "1.3.6.1.2.1.43.16.5.1.2";

    PRT_ALERT_SEVERITY_LEVEL = "1.3.6.1.2.1.43.18.1.1.2";
    PRT_ALERT_GROUP = "1.3.6.1.2.1.43.18.1.1.4";
    PRT_ALERT_GROUP_INDEX = "1.3.6.1.2.1.43.18.1.1.5";
    PRT_ALERT_CODE = "1.3.6.1.2.1.43.18.1.1.7";
    PRT_ALERT_DESCRIPTION = "1.3.6.1.2.1.43.18.1.1.8";

    /// `ppmPrinterIEEE1284DeviceId`: maker, model and serial number in one string.
    PPM_PRINTER_IEEE1284_DEVICE_ID = "1.3.6.1.4.1.2699.1.2.1.2.1.1.3";
    /// HP's `gdStatusId`, the IEEE 1284 device id that many other makers answer as well: it says
    /// nothing about the vendor by being there, only by its text (trap T13).
    HP_GD_STATUS_ID = "1.3.6.1.4.1.11.2.3.9.1.1.7.0";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_object_is_spelt_right() {
        for (name, oid) in ALL {
            assert!(oid.arcs().len() > 5, "{name}");
        }
    }
}
