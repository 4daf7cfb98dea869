//! Tessel: a copier with Konica Minolta's private objects.

use super::{Colorant, IMPRESSIONS, Language, Model, Private, Shares, Supply, Tray};

/// An A3 color multifunction printer.
pub(super) const C_360: Model = Model {
    maker: "Tessel",
    name: "C360",
    product: &[18334, 1, 2, 1, 2, 1, 999],
    firmware: "G00-K4",
    private: Private::KonicaMinolta,
    technology: 4,
    counter_unit: IMPRESSIONS,
    units_per_hour: 110,
    shares: Shares {
        color: 40,
        copy: 30,
        fax: 1,
        scan: 50,
    },
    supplies: &[
        percent_toner(Colorant::Yellow, "Toner (Yellow)", 26_000),
        percent_toner(Colorant::Magenta, "Toner (Magenta)", 26_000),
        percent_toner(Colorant::Cyan, "Toner (Cyan)", 26_000),
        percent_toner(Colorant::Black, "Toner (Black)", 28_000),
        Supply::drum("Drum Cartridge (Color)", 155_000),
        Supply::drum("Drum Cartridge (Black)", 225_000),
        Supply::fuser("Fusing Unit", 1_000_000),
        Supply {
            kind: 20,
            ..Supply::fuser("Image Transfer Belt Unit", 600_000)
        },
        Supply::waste_toner("Waste Toner Box", 48_000),
        Supply {
            kind: 32,
            unit: 18,
            capacity: 5_000,
            ..Supply::fuser("Staples", 90_000)
        },
    ],
    trays: &[
        Tray::a4("Tray 1", 500, 500),
        Tray {
            name: "Tray 2",
            capacity: 500,
            level: 250,
            media: "iso_a3_297x420mm",
        },
        Tray::a4("Bypass Tray", 150, 0),
    ],
    language: Language::English,
    port_monitor: false,
    serial_prefix: "TS36",
};

const fn percent_toner(colorant: Colorant, description: &'static str, lasts: u32) -> Supply {
    Supply {
        unit: 19,
        ..Supply::toner(colorant, description, 100, lasts)
    }
}
