//! Vasta: ink, on the desk and by the metre.

use super::{Colorant, IMPRESSIONS, Language, METRES, Model, Private, Shares, Supply, Tray};

/// A color ink multifunction printer with German texts in ISO-8859-1.
pub(super) const INK_90: Model = Model {
    maker: "Vasta",
    name: "Ink 90",
    product: &[32473, 2, 90],
    firmware: "YL18P6",
    private: Private::None,
    technology: 12,
    counter_unit: IMPRESSIONS,
    units_per_hour: 12,
    shares: Shares {
        color: 70,
        copy: 15,
        fax: 1,
        scan: 20,
    },
    supplies: &[
        Supply::ink(Colorant::Black, "Tintenpatrone Schwarz", 3_500, 8_600),
        Supply::ink(Colorant::Cyan, "Tintenpatrone Cyan", 1_900, 8_000),
        Supply::ink(Colorant::Magenta, "Tintenpatrone Magenta", 1_900, 8_000),
        Supply::ink(Colorant::Yellow, "Tintenpatrone Gelb", 1_900, 8_000),
        Supply {
            kind: 8,
            ..Supply::waste_toner("Resttintenbehälter", 50_000)
        },
    ],
    trays: &[
        Tray::a4("Papierkassette", 250, 180),
        Tray::a4("Papierfach hinten", 80, 0),
    ],
    language: Language::German,
    port_monitor: true,
    serial_prefix: "VA9",
};

/// A large format printer, whose meter counts metres.
pub(super) const T_36: Model = Model {
    maker: "Vasta",
    name: "T36",
    product: &[32473, 2, 36],
    firmware: "W036-3.1",
    private: Private::None,
    technology: 12,
    counter_unit: METRES,
    units_per_hour: 4,
    shares: Shares {
        color: 80,
        copy: 0,
        fax: 0,
        scan: 0,
    },
    supplies: &[
        Supply::ink(Colorant::Black, "Photo Black", 7_000, 900),
        Supply {
            capacity: 3_500,
            ..Supply::ink(Colorant::Black, "Matte Black", 3_500, 1_400)
        },
        Supply::ink(Colorant::Cyan, "Cyan", 7_000, 800),
        Supply::ink(Colorant::Magenta, "Magenta", 7_000, 800),
        Supply::ink(Colorant::Yellow, "Yellow", 7_000, 800),
        Supply {
            kind: 8,
            ..Supply::waste_toner("Maintenance Box", 3_000)
        },
    ],
    trays: &[Tray {
        name: "Roll 1",
        capacity: -2,
        level: -3,
        media: "roll_max_914mm",
    }],
    language: Language::English,
    port_monitor: true,
    serial_prefix: "VT36",
};
