//! Etika: labels.

use super::{Colorant, Language, METRES, Model, Private, Shares, Supply, Tray};

/// A label printer with thermal transfer, whose meter counts metres.
pub(super) const L_4: Model = Model {
    maker: "Etika",
    name: "L4",
    product: &[32473, 3, 4],
    firmware: "V84.20.18Z",
    private: Private::None,
    technology: 16,
    counter_unit: METRES,
    units_per_hour: 18,
    shares: Shares::MONO_PRINTER,
    supplies: &[Supply {
        kind: 7,
        unit: 17,
        ..Supply::toner(Colorant::Black, "Ribbon 110 mm", 450, 450)
    }],
    trays: &[Tray {
        name: "Label Roll",
        capacity: -2,
        level: -3,
        media: "na_index-4x6_4x6in",
    }],
    language: Language::English,
    port_monitor: false,
    serial_prefix: "ET4",
};
