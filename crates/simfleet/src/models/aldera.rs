//! Aldera: copiers and small printers with Kyocera's private objects.

use super::{Colorant, IMPRESSIONS, Language, Model, Private, Shares, Supply, Tray};

/// An A3 color multifunction printer.
pub(super) const A3_5520: Model = Model {
    maker: "Aldera",
    name: "A3 5520ci",
    product: &[1347, 41],
    firmware: "2XD_S000.012.204",
    private: Private::Kyocera,
    technology: 4,
    counter_unit: IMPRESSIONS,
    units_per_hour: 140,
    shares: Shares {
        color: 35,
        copy: 25,
        fax: 2,
        scan: 60,
    },
    supplies: &[
        Supply::toner(Colorant::Cyan, "AT-5520C", 15_000, 15_000),
        Supply::toner(Colorant::Magenta, "AT-5520M", 15_000, 15_000),
        Supply::toner(Colorant::Yellow, "AT-5520Y", 15_000, 15_000),
        Supply::toner(Colorant::Black, "AT-5520K", 30_000, 30_000),
        Supply {
            capacity: -2,
            ..Supply::waste_toner("Waste Toner Box", 1)
        }
        .always(-3),
    ],
    trays: &[
        Tray::a4("Cassette 1", 500, 350),
        Tray {
            name: "Cassette 2",
            capacity: 500,
            level: 150,
            media: "iso_a3_297x420mm",
        },
        Tray::a4("Cassette 3", 1_500, 1_050),
        Tray::a4("MP Tray", 150, 0),
    ],
    language: Language::English,
    port_monitor: false,
    serial_prefix: "AL5",
};

/// A small mono printer.
pub(super) const P_20: Model = Model {
    maker: "Aldera",
    name: "P20dn",
    product: &[1347, 41],
    firmware: "2S0_1000.003.015",
    private: Private::Kyocera,
    technology: 4,
    counter_unit: IMPRESSIONS,
    units_per_hour: 15,
    shares: Shares::MONO_PRINTER,
    supplies: &[
        Supply::toner(Colorant::Black, "AT-20K", 7_200, 7_200),
        Supply {
            capacity: -2,
            ..Supply::waste_toner("Waste Toner Box", 1)
        }
        .always(-2),
    ],
    trays: &[Tray::a4("Cassette 1", 250, 125)],
    language: Language::English,
    port_monitor: true,
    serial_prefix: "AL2",
};
