//! Norvik: office lasers that keep to the standards and have no private objects.

use super::{Colorant, IMPRESSIONS, Language, Model, Private, SHEETS, Shares, Supply, Tray};

/// A mono laser printer.
pub(super) const LP_210: Model = Model {
    maker: "Norvik",
    name: "LP 210",
    product: &[32473, 1, 210],
    firmware: "2.14.0",
    private: Private::None,
    technology: 4,
    counter_unit: IMPRESSIONS,
    units_per_hour: 24,
    shares: Shares::MONO_PRINTER,
    supplies: &[
        Supply::toner(Colorant::Black, "Black Toner N210K", 6_000, 6_000),
        Supply::drum("Drum Unit N210D", 30_000),
    ],
    trays: &[Tray::a4("Tray 1", 250, -3), Tray::a4("MP Tray", 50, 0)],
    language: Language::English,
    port_monitor: false,
    serial_prefix: "NV21",
};

/// A color laser printer.
pub(super) const LC_430: Model = Model {
    maker: "Norvik",
    name: "LC 430",
    product: &[32473, 1, 430],
    firmware: "4.02.7",
    private: Private::None,
    technology: 4,
    counter_unit: IMPRESSIONS,
    units_per_hour: 42,
    shares: Shares {
        color: 55,
        copy: 0,
        fax: 0,
        scan: 0,
    },
    supplies: &[
        Supply::toner(Colorant::Black, "Black Toner N430K", 9_000, 9_000),
        Supply::toner(Colorant::Cyan, "Cyan Toner N430C", 7_000, 7_000),
        Supply::toner(Colorant::Magenta, "Magenta Toner N430M", 7_000, 7_000),
        Supply::toner(Colorant::Yellow, "Yellow Toner N430Y", 7_000, 7_000),
        Supply::fuser("Fuser N430F", 150_000),
        Supply::waste_toner("Waste Toner Box N430W", 40_000),
    ],
    trays: &[Tray::a4("Tray 1", 550, 310), Tray::a4("Tray 2", 550, 500)],
    language: Language::English,
    port_monitor: true,
    serial_prefix: "NV43",
};

/// An old mono laser printer that does not measure its toner.
pub(super) const LP_110: Model = Model {
    maker: "Norvik",
    name: "LP 110",
    product: &[32473, 1, 110],
    firmware: "1.0.9",
    private: Private::None,
    technology: 4,
    counter_unit: SHEETS,
    units_per_hour: 9,
    shares: Shares::MONO_PRINTER,
    supplies: &[
        Supply {
            capacity: -2,
            ..Supply::toner(Colorant::Black, "Toner Cartridge", -2, 1)
        }
        .always(-3),
        Supply {
            capacity: -2,
            ..Supply::drum("Drum Unit", 1)
        }
        .always(-2),
        Supply {
            kind: 1,
            capacity: -1,
            ..Supply::drum("Paper Feeding Kit", 1)
        }
        .always(-1),
    ],
    trays: &[Tray::a4("Tray 1", -2, -3)],
    language: Language::English,
    port_monitor: false,
    serial_prefix: "NV11",
};

/// A mono multifunction printer.
pub(super) const MX_620: Model = Model {
    maker: "Norvik",
    name: "MX 620",
    product: &[32473, 1, 620],
    firmware: "6.20.1",
    private: Private::None,
    technology: 3,
    counter_unit: IMPRESSIONS,
    units_per_hour: 60,
    shares: Shares {
        color: 0,
        copy: 30,
        fax: 5,
        scan: 40,
    },
    supplies: &[
        Supply::toner(Colorant::Black, "Black Toner N620K", 25_000, 25_000),
        Supply::drum("Imaging Unit N620D", 120_000),
        Supply::fuser("Maintenance Kit N620F", 200_000),
        Supply::waste_toner("Waste Toner Bottle", 60_000),
    ],
    trays: &[
        Tray::a4("Tray 1", 550, 420),
        Tray::a4("Tray 2", 550, 90),
        Tray::a4("Bypass Tray", 100, 0),
    ],
    language: Language::English,
    port_monitor: true,
    serial_prefix: "NV62",
};
