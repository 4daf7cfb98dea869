//! Halberd: a printer with HP's private objects.

use super::{Colorant, IMPRESSIONS, Language, Model, Private, Shares, Supply, Tray};

/// A mono laser printer.
pub(super) const M_404: Model = Model {
    maker: "Halberd",
    name: "M404x",
    product: &[11, 2, 3, 9, 1],
    firmware: "20260311",
    private: Private::Hp,
    technology: 4,
    counter_unit: IMPRESSIONS,
    units_per_hour: 36,
    shares: Shares::MONO_PRINTER,
    supplies: &[
        Supply {
            kind: 21,
            unit: 19,
            ..Supply::toner(Colorant::Black, "Black Cartridge HB404X", 100, 10_000)
        },
        Supply {
            kind: 1,
            ..Supply::fuser("Maintenance Kit", 200_000)
        }
        .always(-3),
    ],
    trays: &[Tray::a4("Tray 1", 100, -3), Tray::a4("Tray 2", 250, -3)],
    language: Language::English,
    port_monitor: false,
    serial_prefix: "HBC",
};
