//! Lumen: a printer with Lexmark's private objects, whose texts are in code page 850.

use super::{Colorant, Language, Model, Private, SHEETS, Shares, Supply, Tray};

/// A mono multifunction printer.
pub(super) const MX_52: Model = Model {
    maker: "Lumen",
    name: "MX52",
    product: &[641, 2, 99_999_901],
    firmware: "LM52.TU.P543",
    private: Private::Lexmark,
    technology: 4,
    counter_unit: SHEETS,
    units_per_hour: 55,
    shares: Shares {
        color: 0,
        copy: 20,
        fax: 4,
        scan: 30,
    },
    supplies: &[
        Supply::toner(Colorant::Black, "Toner preto", 25_000, 25_000),
        Supply {
            unit: 7,
            capacity: 100_000,
            ..Supply::drum("Unid. imagem", 100_000)
        },
        Supply {
            kind: 1,
            unit: 7,
            capacity: 200_000,
            ..Supply::fuser("Kit manutenção", 200_000)
        },
        Supply {
            kind: 1,
            unit: 7,
            capacity: 300_000,
            ..Supply::fuser("Kit do rolo", 1)
        }
        .always(-3),
    ],
    trays: &[
        Tray::a4("Bandeja 1", 550, -3),
        Tray::a4("Alimentador MP", 100, 0),
    ],
    language: Language::Portuguese,
    port_monitor: false,
    serial_prefix: "LU52",
};
