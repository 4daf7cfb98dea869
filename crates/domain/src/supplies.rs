//! Toner, ink, drums, waste boxes: what a printer consumes and fills.

use std::borrow::Cow;

/// Printer-MIB `prtMarkerSuppliesClass` (RFC 3805).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SupplyClass {
    /// `supplyThatIsConsumed(3)`.
    Consumed,
    /// `receptacleThatIsFilled(4)`: a waste box. Never part of "lowest toner".
    Receptacle,
    /// `other(1)`, or not stated.
    Other,
}

impl SupplyClass {
    /// The keyword of the MIB, as kept and reported.
    pub const fn keyword(self) -> &'static str {
        match self {
            Self::Consumed => "supplyThatIsConsumed",
            Self::Receptacle => "receptacleThatIsFilled",
            Self::Other => "other",
        }
    }

    /// Reads the keyword of the MIB.
    pub fn from_keyword(text: &str) -> Option<Self> {
        [Self::Consumed, Self::Receptacle, Self::Other]
            .into_iter()
            .find(|c| c.keyword() == text)
    }
}

macro_rules! supply_types {
    ($($variant:ident = $code:literal $keyword:literal),+ $(,)?) => {
        /// `PrtMarkerSuppliesTypeTC` (IANA-PRINTER-MIB).
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[expect(missing_docs, reason = "the registry's own names")]
        pub enum SupplyType { $($variant),+ }

        impl SupplyType {
            /// Every registered type.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The registered number.
            pub const fn code(self) -> i64 {
                match self { $(Self::$variant => $code),+ }
            }

            /// The registered name, as kept and reported.
            pub const fn keyword(self) -> &'static str {
                match self { $(Self::$variant => $keyword),+ }
            }

            /// The type with this registered number.
            pub fn from_code(code: i64) -> Option<Self> {
                match code { $($code => Some(Self::$variant),)+ _ => None }
            }

            /// The type with this registered name.
            pub fn from_keyword(text: &str) -> Option<Self> {
                match text { $($keyword => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}

supply_types! {
    Other = 1 "other", Unknown = 2 "unknown", Toner = 3 "toner", WasteToner = 4 "wasteToner",
    Ink = 5 "ink", InkCartridge = 6 "inkCartridge", InkRibbon = 7 "inkRibbon",
    WasteInk = 8 "wasteInk", Opc = 9 "opc", Developer = 10 "developer", FuserOil = 11 "fuserOil",
    SolidWax = 12 "solidWax", RibbonWax = 13 "ribbonWax", WasteWax = 14 "wasteWax",
    Fuser = 15 "fuser", CoronaWire = 16 "coronaWire", FuserOilWick = 17 "fuserOilWick",
    CleanerUnit = 18 "cleanerUnit", FuserCleaningPad = 19 "fuserCleaningPad",
    TransferUnit = 20 "transferUnit", TonerCartridge = 21 "tonerCartridge",
    FuserOiler = 22 "fuserOiler", Water = 23 "water", WasteWater = 24 "wasteWater",
    GlueWaterAdditive = 25 "glueWaterAdditive", WastePaper = 26 "wastePaper",
    BindingSupply = 27 "bindingSupply", BandingSupply = 28 "bandingSupply",
    StitchingWire = 29 "stitchingWire", ShrinkWrap = 30 "shrinkWrap", PaperWrap = 31 "paperWrap",
    Staples = 32 "staples", Inserts = 33 "inserts", Covers = 34 "covers",
}

impl SupplyType {
    /// Whether it colours the page: toner, ink, wax or ribbon.
    pub const fn is_colorant(self) -> bool {
        matches!(
            self,
            Self::Toner
                | Self::TonerCartridge
                | Self::Ink
                | Self::InkCartridge
                | Self::InkRibbon
                | Self::SolidWax
                | Self::RibbonWax
        )
    }

    /// Whether it names a waste receptacle.
    pub const fn is_waste(self) -> bool {
        matches!(
            self,
            Self::WasteToner
                | Self::WasteInk
                | Self::WasteWax
                | Self::WasteWater
                | Self::WastePaper
        )
    }
}

/// How much is left. The sentinels -1, -2 and -3 of the Printer-MIB become words here and never
/// reach anybody as numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Level {
    /// Percent of the capacity that remains, 0 to 100. Of a receptacle: remaining space.
    Percent(u8),
    /// An amount in the supply's unit whose capacity is not known.
    Units(u64),
    /// `-3`: at least one unit remains.
    SomeLeft,
    /// `-2`: not known.
    Unknown,
    /// `-1`: the device places no restriction.
    Unlimited,
}

impl Level {
    /// Percent remaining, where known.
    pub const fn percent(self) -> Option<u8> {
        match self {
            Self::Percent(percent) => Some(percent),
            Self::Units(_) | Self::SomeLeft | Self::Unknown | Self::Unlimited => None,
        }
    }

    /// The kind of statement, as kept and reported beside the number.
    pub const fn keyword(self) -> &'static str {
        match self {
            Self::Percent(_) => "percent",
            Self::Units(_) => "units",
            Self::SomeLeft => "some-left",
            Self::Unknown => "unknown",
            Self::Unlimited => "unlimited",
        }
    }
}

/// One supply of a device.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Supply {
    /// Row of `prtMarkerSuppliesTable`. It changes when a cartridge is swapped: never an identity.
    pub index: u32,
    /// Consumed or filled.
    pub class: SupplyClass,
    /// What it is.
    pub kind: SupplyType,
    /// Its colours, lower-case English names such as `black`, `cyan`; empty when not coloured.
    pub colorants: Vec<String>,
    /// The maker's description, tidied.
    pub description: String,
    /// Part number, where the device states one.
    pub part_number: Option<String>,
    /// The supply's own serial number, where the device states one.
    pub serial: Option<String>,
    /// Keyword of `PrtMarkerSuppliesSupplyUnitTC`, such as `impressions`, `percent`.
    pub unit: Option<String>,
    /// Capacity in `unit`, where known.
    pub capacity: Option<u64>,
    /// How much is left.
    pub level: Level,
    /// `prtMarkerSuppliesMaxCapacity` as read, sentinels included: evidence, never shown.
    pub raw_capacity: Option<i64>,
    /// `prtMarkerSuppliesLevel` as read, sentinels included: evidence, never shown.
    pub raw_level: Option<i64>,
    /// Which rule made `level` of the raw values, such as `rfc3805` or a vendor's quirk.
    pub rule: Cow<'static, str>,
}

impl Supply {
    /// What tells this supply from the device's others across polls: type, colour and
    /// description, since the index moves when a cartridge is swapped (trap T6).
    pub fn key(&self) -> String {
        format!(
            "{}/{}/{}",
            self.kind.keyword(),
            self.colorants.join("+"),
            self.description
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_and_keywords_read_back() {
        for kind in SupplyType::ALL {
            assert_eq!(SupplyType::from_code(kind.code()), Some(*kind));
            assert_eq!(SupplyType::from_keyword(kind.keyword()), Some(*kind));
        }
        assert_eq!(SupplyType::from_code(35), None);
    }
}
