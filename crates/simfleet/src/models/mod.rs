//! The printers that exist only here: twelve models of makers that exist only here.
//!
//! Some of them carry the object identifiers and private counters of makers that do exist, so
//! that the profiles for those makers have something to read; every value in them is invented.
//! The others use the enterprise number for documentation, 32473 (RFC 5612).

mod aldera;
mod etika;
mod halberd;
mod lumen;
mod norvik;
mod tessel;
mod vasta;

/// Every model, in the order in which a demo fleet uses them.
pub const ALL: [&Model; 12] = [
    &norvik::LP_210,
    &norvik::LC_430,
    &norvik::LP_110,
    &norvik::MX_620,
    &aldera::A3_5520,
    &aldera::P_20,
    &tessel::C_360,
    &halberd::M_404,
    &lumen::MX_52,
    &vasta::INK_90,
    &vasta::T_36,
    &etika::L_4,
];

/// `enterprises` (RFC 1155).
const ENTERPRISES: [u32; 6] = [1, 3, 6, 1, 4, 1];

/// `PrtMarkerCounterUnitTC` (RFC 3805): impressions, sheets, metres.
pub(crate) const IMPRESSIONS: i64 = 7;
pub(crate) const SHEETS: i64 = 8;
pub(crate) const METRES: i64 = 17;

/// What all printers of a model have in common.
#[derive(Debug)]
pub struct Model {
    /// The maker, who does not exist.
    pub maker: &'static str,
    /// The model's name without the maker's.
    pub name: &'static str,
    /// `sysObjectID` below `enterprises`.
    pub product: &'static [u32],
    /// The firmware's version.
    pub firmware: &'static str,
    /// Whose private objects it has.
    pub private: Private,
    /// `prtMarkerMarkTech`, a value of `PrtMarkerMarkTechTC` (IANA).
    pub technology: i64,
    /// `prtMarkerCounterUnit`: 7 impressions, 8 sheets, 17 metres (RFC 3805).
    pub counter_unit: i64,
    /// What it marks in an hour, in its counter's unit, by day and night, where no print traffic
    /// says what it prints.
    pub units_per_hour: u32,
    /// How its life divides among functions and colors.
    pub shares: Shares,
    /// Its supplies, in the order of their rows.
    pub supplies: &'static [Supply],
    /// Its input trays, in the order of their rows.
    pub trays: &'static [Tray],
    /// Language and character set of its texts.
    pub language: Language,
    /// Whether it has the Port Monitor MIB (PWG 5107.1).
    pub port_monitor: bool,
    /// The first characters of its serial numbers.
    pub serial_prefix: &'static str,
}

/// Whose private objects a model has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Private {
    /// None but its own maker's, who has none.
    None,
    /// Enterprise 11.
    Hp,
    /// Enterprise 641.
    Lexmark,
    /// Enterprise 1347.
    Kyocera,
    /// Enterprise 18334.
    KonicaMinolta,
}

/// How a printer's life divides, in percent; what is neither copied nor faxed is printed.
#[derive(Debug, Clone, Copy)]
pub struct Shares {
    /// Of all impressions, those in color.
    pub color: u8,
    /// Of all impressions, copies.
    pub copy: u8,
    /// Of all impressions, received faxes.
    pub fax: u8,
    /// Scanned images for every hundred impressions.
    pub scan: u8,
}

impl Shares {
    /// A printer and nothing else, in black.
    const MONO_PRINTER: Self = Self {
        color: 0,
        copy: 0,
        fax: 0,
        scan: 0,
    };

    /// Of all impressions, in percent, those that are printed.
    pub(crate) const fn print(self) -> u8 {
        100_u8.saturating_sub(self.copy).saturating_sub(self.fax)
    }
}

/// A row of the marker supplies table.
#[derive(Debug, Clone, Copy)]
pub struct Supply {
    /// `prtMarkerSuppliesType`, a value of `PrtMarkerSuppliesTypeTC`.
    pub kind: i64,
    /// Its colorant.
    pub colorant: Colorant,
    /// `prtMarkerSuppliesDescription`.
    pub description: &'static str,
    /// `prtMarkerSuppliesSupplyUnit`, a value of `PrtMarkerSuppliesSupplyUnitTC`.
    pub unit: i64,
    /// `prtMarkerSuppliesMaxCapacity`.
    pub capacity: i64,
    /// `prtMarkerSuppliesLevel`.
    pub level: Level,
}

/// How a supply's level comes about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// Falls from its capacity to nothing in this many units of life, then is replaced.
    Consumed {
        /// What it lasts for.
        lasts: u32,
    },
    /// A receptacle: the room left in it falls likewise (RFC 3805 counts what still fits).
    Room {
        /// What it lasts for.
        lasts: u32,
    },
    /// Always this value, such as the -2 and -3 of a printer that does not measure.
    Always(i64),
}

/// What a supply colors with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Colorant {
    /// It is not one.
    None,
    /// Black.
    Black,
    /// Cyan.
    Cyan,
    /// Magenta.
    Magenta,
    /// Yellow.
    Yellow,
}

impl Colorant {
    /// All that are one, in the order of their rows in the colorant table.
    pub const ALL: [Self; 4] = [Self::Black, Self::Cyan, Self::Magenta, Self::Yellow];

    /// `prtMarkerColorantValue`.
    pub fn value(self) -> &'static str {
        match self {
            Self::None => "",
            Self::Black => "black",
            Self::Cyan => "cyan",
            Self::Magenta => "magenta",
            Self::Yellow => "yellow",
        }
    }
}

/// A row of the input table.
#[derive(Debug, Clone, Copy)]
pub struct Tray {
    /// `prtInputName` and `prtInputDescription`.
    pub name: &'static str,
    /// `prtInputMaxCapacity` in sheets.
    pub capacity: i64,
    /// `prtInputCurrentLevel`; -3 is "at least one".
    pub level: i64,
    /// `prtInputMediaName`.
    pub media: &'static str,
}

/// Language and character set of a printer's texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// English in UTF-8.
    English,
    /// German in ISO-8859-1.
    German,
    /// Portuguese in code page 850, but on the console in UTF-8, as one maker does it.
    Portuguese,
}

impl Supply {
    const fn toner(
        colorant: Colorant,
        description: &'static str,
        capacity: i64,
        lasts: u32,
    ) -> Self {
        Self {
            kind: 3,
            colorant,
            description,
            unit: 7,
            capacity,
            level: Level::Consumed { lasts },
        }
    }

    const fn drum(description: &'static str, lasts: u32) -> Self {
        let level = Level::Consumed { lasts };
        Self {
            kind: 9,
            colorant: Colorant::None,
            description,
            unit: 19,
            capacity: 100,
            level,
        }
    }

    const fn fuser(description: &'static str, lasts: u32) -> Self {
        let level = Level::Consumed { lasts };
        Self {
            kind: 15,
            colorant: Colorant::None,
            description,
            unit: 19,
            capacity: 100,
            level,
        }
    }

    const fn waste_toner(description: &'static str, lasts: u32) -> Self {
        let level = Level::Room { lasts };
        Self {
            kind: 4,
            colorant: Colorant::None,
            description,
            unit: 19,
            capacity: 100,
            level,
        }
    }

    const fn ink(colorant: Colorant, description: &'static str, capacity: i64, lasts: u32) -> Self {
        Self {
            kind: 6,
            colorant,
            description,
            unit: 15,
            capacity,
            level: Level::Consumed { lasts },
        }
    }

    const fn always(self, level: i64) -> Self {
        Self {
            level: Level::Always(level),
            ..self
        }
    }
}

impl Tray {
    const fn a4(name: &'static str, capacity: i64, level: i64) -> Self {
        Self {
            name,
            capacity,
            level,
            media: "iso_a4_210x297mm",
        }
    }
}

impl Model {
    /// Maker and name.
    pub fn full_name(&self) -> String {
        format!("{} {}", self.maker, self.name)
    }

    /// `sysObjectID`.
    pub fn object_id(&self) -> Vec<u32> {
        [&ENTERPRISES[..], self.product].concat()
    }
}
