//! Compares supply rows: by table index where a program states it, otherwise by what the supply
//! is and its colour, since the inventory programs only name `TONERBLACK`.

use platen_domain::supplies::{Level, Supply, SupplyClass, SupplyType};

/// Rounding: programs round a percentage down, up or to the nearest.
const PERCENT_TOLERANCE: u8 = 1;

/// LibreNMS shows the sentinel -3, "at least one unit remains", as this percentage.
const LIBRENMS_SOME_LEFT: u64 = 50;

const COLORS: [&str; 4] = ["black", "cyan", "magenta", "yellow"];

/// What a supply is, as coarsely as the coarsest program tells it: ink is never toner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Group {
    Toner,
    Ink,
    /// Wax and ribbons.
    Colorant,
    Drum,
    Developer,
    Waste,
    Fuser,
    Transfer,
    Other,
}

impl Group {
    pub(super) fn of_kind(kind: SupplyType) -> Self {
        match kind {
            SupplyType::Toner | SupplyType::TonerCartridge => Self::Toner,
            SupplyType::Ink | SupplyType::InkCartridge => Self::Ink,
            kind if kind.is_colorant() => Self::Colorant,
            kind if kind.is_waste() => Self::Waste,
            SupplyType::Opc => Self::Drum,
            SupplyType::Developer => Self::Developer,
            SupplyType::Fuser => Self::Fuser,
            SupplyType::TransferUnit => Self::Transfer,
            _ => Self::Other,
        }
    }

    fn of(supply: &Supply) -> Self {
        match supply.class {
            SupplyClass::Receptacle => Self::Waste,
            SupplyClass::Consumed | SupplyClass::Other => Self::of_kind(supply.kind),
        }
    }
}

/// How much another program says is left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TheirLevel {
    Percent(u8),
    /// A number whose unit the program does not know.
    Number(u64),
    /// At least one unit remains.
    Some,
    Unknown,
    /// LibreNMS's 50, which is also its word for "some".
    HalfOrSome,
    /// A word this comparison does not know.
    Other,
}

impl TheirLevel {
    /// `68`, `9?` (unit unknown), `OK` for the sentinel -3, `WARNING` for -2.
    pub(super) fn from_inventory(value: &str) -> Self {
        match value {
            "OK" => Self::Some,
            "WARNING" => Self::Unknown,
            _ => {
                let percent = value.parse().ok().map(Self::Percent);
                let unsure = || value.strip_suffix('?')?.parse().ok().map(Self::Number);
                percent.or_else(unsure).unwrap_or(Self::Other)
            }
        }
    }

    pub(super) fn from_librenms(current: u64) -> Self {
        match u8::try_from(current) {
            _ if current == LIBRENMS_SOME_LEFT => Self::HalfOrSome,
            Ok(percent) => Self::Percent(percent),
            Err(_) => Self::Number(current),
        }
    }

    /// Whether `level` says the same. A percentage read from a vendor's own counter is a sharper
    /// form of "some".
    fn agrees(self, level: Level) -> bool {
        match (self, level) {
            (Self::Percent(theirs), Level::Percent(ours)) => near(theirs.into(), ours),
            (Self::Number(theirs), Level::Percent(ours)) => near(theirs, ours),
            (Self::Number(theirs), Level::Units(ours)) => theirs == ours,
            (Self::Some | Self::HalfOrSome, Level::SomeLeft) | (Self::Unknown, Level::Unknown) => {
                true
            }
            (Self::Some, Level::Percent(ours)) => ours > 0,
            (Self::HalfOrSome, Level::Percent(ours)) => near(LIBRENMS_SOME_LEFT, ours),
            _ => false,
        }
    }
}

fn near(theirs: u64, ours: u8) -> bool {
    theirs.abs_diff(ours.into()) <= PERCENT_TOLERANCE.into()
}

/// One supply as another program tells it.
#[derive(Debug, Clone)]
pub(super) struct SupplyOpinion {
    pub name: String,
    /// Row of `prtMarkerSuppliesTable`, where stated.
    pub index: Option<u32>,
    pub group: Option<Group>,
    pub color: Option<&'static str>,
    pub level: TheirLevel,
}

impl SupplyOpinion {
    fn same_thing(&self, ours: &Supply) -> bool {
        let group = self.group.is_none_or(|group| group == Group::of(ours));
        let named = |color| ours.colorants.iter().any(|ours| ours == color);
        let color = self
            .color
            .is_none_or(|color| ours.colorants.is_empty() || named(color));
        group && color
    }

    /// Whether kind, colour and level are all the same as ours.
    pub(super) fn agrees(&self, ours: &Supply) -> bool {
        self.same_thing(ours) && self.level.agrees(ours.level)
    }

    /// The position in `ours` of the supply this speaks of: the row with its index, or the first
    /// of its kind and colour that agrees, or the first of its kind and colour at all.
    pub(super) fn find(&self, ours: &[Supply]) -> Option<usize> {
        if self.index.is_some() {
            return ours
                .iter()
                .position(|supply| Some(supply.index) == self.index);
        }
        ours.iter()
            .position(|supply| self.agrees(supply))
            .or_else(|| ours.iter().position(|supply| self.same_thing(supply)))
    }
}

/// What a description states beside its name: the name alone, the part number, the serial number.
pub(super) fn parts_of(description: &str) -> (String, Option<String>, Option<String>) {
    let (mut part, mut serial) = (None, None);
    let text = description.replace(" S/N:", ";SN");
    let mut kept = Vec::new();
    for segment in text.split([';', ',']).map(str::trim) {
        let number = |label: &str| {
            let number = segment.strip_prefix(label)?.trim_start_matches([':', ' ']);
            let fits = number.contains(|c: char| c.is_ascii_digit()) && !number.contains(' ');
            (fits || number == "unknown" || number.is_empty()).then_some(number)
        };
        let known = |number: &&str| !number.is_empty() && *number != "unknown";
        if let Some(number) = number("PN") {
            part = part.or(Some(number).filter(known).map(str::to_owned));
        } else if let Some(number) = number("SN") {
            serial = serial.or(Some(number).filter(known).map(str::to_owned));
        } else {
            kept.push(segment);
        }
    }
    (kept.join(", "), part, serial)
}

/// The process colour a description names in English.
pub(super) fn color_in(description: &str) -> Option<&'static str> {
    let lower = description.to_lowercase();
    COLORS.into_iter().find(|color| lower.contains(color))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_out_of_a_description() {
        let some = |text: &str| Some(text.to_owned());
        let read = parts_of("Black Toner, PN 006R01509;SN48178080E");
        assert_eq!(
            read,
            (
                "Black Toner".to_owned(),
                some("006R01509"),
                some("48178080E")
            )
        );
        let read = parts_of("Fuser S/N:");
        assert_eq!(read, ("Fuser".to_owned(), None, None));
        let plain = "Snap-on part, black";
        assert_eq!(parts_of(plain), (plain.to_owned(), None, None));
    }

    #[test]
    fn each_program_s_word_for_a_sentinel_is_understood() {
        let word = TheirLevel::from_inventory;
        assert!(word("OK").agrees(Level::SomeLeft));
        assert!(word("WARNING").agrees(Level::Unknown));
        assert!(word("9?").agrees(Level::Percent(9)));
        assert!(!word("68").agrees(Level::Percent(66)));
        assert!(!word("68").agrees(Level::SomeLeft));
        assert!(TheirLevel::from_librenms(50).agrees(Level::SomeLeft));
        assert!(!TheirLevel::from_librenms(100).agrees(Level::SomeLeft));
    }
}
