//! Toner, ink, drums and waste boxes.
//!
//! A supply is a row of `prtMarkerSuppliesTable`. Type and colour come from the row's own codes
//! where they tell something, else from its description (traps T4, T5); part and serial numbers
//! that makers put into the description are split off (trap T6); the level is decided in
//! [`super::levels`].

use std::collections::HashSet;

use platen_domain::supplies::{Supply, SupplyClass, SupplyType};

use super::charset::Charset;
use super::levels::{self, Amount};
use super::mib;
use super::private_levels;
use super::profile::Profile;
use super::supply_kinds::{self, Marking};
use super::supply_text::{self, Described};
use super::view::View;
use crate::snmp::oid::Oid;
use crate::snmp::value::Value;

/// The device's supplies in the order of their rows. Where two rows would be the same supply to
/// [`Supply::key`], the later ones are numbered.
pub(crate) fn supplies(view: &View<'_>, profile: &Profile) -> Vec<Supply> {
    let table = Table::read(view, profile);
    let mut supplies: Vec<Supply> = table
        .rows()
        .into_iter()
        .map(|row| table.supply(row))
        .collect();
    private_levels::refine(view, profile, table.charset, table.marking, &mut supplies);
    tell_apart(&mut supplies);
    supplies
}

/// The columns of the table, looked up once.
struct Table<'a> {
    profile: &'a Profile,
    charset: Charset,
    marking: Marking,
    colorants: Vec<(u32, &'a Value)>,
    colorant_indices: Vec<(u32, &'a Value)>,
    classes: Vec<(u32, &'a Value)>,
    kinds: Vec<(u32, &'a Value)>,
    descriptions: Vec<(u32, &'a Value)>,
    units: Vec<(u32, &'a Value)>,
    capacities: Vec<(u32, &'a Value)>,
    levels: Vec<(u32, &'a Value)>,
}

impl<'a> Table<'a> {
    fn read(view: &View<'a>, profile: &'a Profile) -> Self {
        let column = |oid: &Oid| view.rows(oid);
        let technologies = column(&mib::PRT_MARKER_MARK_TECH);
        let technology = technologies.first().and_then(|(_, value)| value.as_i64());
        Self {
            profile,
            charset: Charset::of_descriptions(view, profile),
            marking: Marking::of_technology(technology),
            colorants: column(&mib::PRT_MARKER_COLORANT_VALUE),
            colorant_indices: column(&mib::PRT_MARKER_SUPPLIES_COLORANT_INDEX),
            classes: column(&mib::PRT_MARKER_SUPPLIES_CLASS),
            kinds: column(&mib::PRT_MARKER_SUPPLIES_TYPE),
            descriptions: column(&mib::PRT_MARKER_SUPPLIES_DESCRIPTION),
            units: column(&mib::PRT_MARKER_SUPPLIES_SUPPLY_UNIT),
            capacities: column(&mib::PRT_MARKER_SUPPLIES_MAX_CAPACITY),
            levels: column(&mib::PRT_MARKER_SUPPLIES_LEVEL),
        }
    }

    fn rows(&self) -> Vec<u32> {
        let named = self
            .descriptions
            .iter()
            .chain(&self.levels)
            .chain(&self.capacities);
        let mut rows: Vec<u32> = named.map(|(row, _)| *row).collect();
        rows.sort_unstable();
        rows.dedup();
        rows
    }

    fn supply(&self, row: u32) -> Supply {
        let text = cell(&self.descriptions, row).and_then(|value| self.charset.text(value));
        let Described {
            description,
            part_number,
            serial,
        } = supply_text::split(text.as_deref().unwrap_or(""));
        let code = number(&self.kinds, row);
        let kind = supply_kinds::kind(code, &description, self.marking);
        let class = class(number(&self.classes, row), kind);
        let unit = number(&self.units, row);
        let amount = Amount {
            level: number(&self.levels, row).map(levels::signed),
            capacity: number(&self.capacities, row).map(levels::signed),
            percent: unit == Some(PERCENT),
            receptacle: class == SupplyClass::Receptacle,
        };
        let (level, rule) = amount.level(&self.profile.supplies);
        Supply {
            index: row,
            class,
            kind,
            colorants: self.colorants_of(row, &description, kind),
            description,
            part_number,
            serial,
            unit: unit.and_then(unit_keyword).map(str::to_owned),
            capacity: amount
                .capacity
                .and_then(|capacity| u64::try_from(capacity).ok()),
            level,
            raw_capacity: amount.capacity,
            raw_level: amount.level,
            rule: rule.into(),
        }
    }

    /// The colour the row points at in `prtMarkerColorantTable`; else those its description names.
    fn colorants_of(&self, row: u32, description: &str, kind: SupplyType) -> Vec<String> {
        let pointed = number(&self.colorant_indices, row)
            .and_then(|index| u32::try_from(index).ok())
            .filter(|index| *index > 0)
            .and_then(|index| cell(&self.colorants, index))
            .and_then(|value| self.charset.text(value));
        let named = || supply_kinds::colorants(description);
        let Some(text) = pointed.filter(|_| !kind.is_waste()) else {
            return named();
        };
        let mut colorants = supply_kinds::colorants(&text);
        if colorants.is_empty() {
            colorants = named();
        }
        if colorants.is_empty() {
            colorants.push(text.to_lowercase());
        }
        colorants
    }
}

fn cell<'a>(column: &[(u32, &'a Value)], row: u32) -> Option<&'a Value> {
    column
        .iter()
        .find(|(found, _)| *found == row)
        .map(|(_, value)| *value)
}

fn number(column: &[(u32, &Value)], row: u32) -> Option<i64> {
    cell(column, row).and_then(Value::as_i64)
}

/// `prtMarkerSuppliesClass`; where it is missing, waste is filled and the rest is consumed.
fn class(code: Option<i64>, kind: SupplyType) -> SupplyClass {
    match code {
        Some(3) => SupplyClass::Consumed,
        Some(4) => SupplyClass::Receptacle,
        Some(1) => SupplyClass::Other,
        _ if kind.is_waste() => SupplyClass::Receptacle,
        _ => SupplyClass::Consumed,
    }
}

/// `percent(19)` of `PrtMarkerSuppliesSupplyUnitTC`.
const PERCENT: i64 = 19;

/// `PrtMarkerSuppliesSupplyUnitTC` (RFC 3805; the registry's spelling).
fn unit_keyword(code: i64) -> Option<&'static str> {
    Some(match code {
        1 => "other",
        2 => "unknown",
        3 => "tenThousandthsOfInches",
        4 => "micrometers",
        7 => "impressions",
        8 => "sheets",
        11 => "hours",
        12 => "thousandthsOfOunces",
        13 => "tenthsOfGrams",
        14 => "hundrethsOfFluidOunces",
        15 => "tenthsOfMilliliters",
        16 => "feet",
        17 => "meters",
        18 => "items",
        PERCENT => "percent",
        _ => return None,
    })
}

/// Numbers the later ones of rows that would be one supply: a Brother HL-5370DW has two rows
/// "Black Toner Cartridge".
pub(crate) fn tell_apart(supplies: &mut [Supply]) {
    let mut keys = HashSet::new();
    for supply in supplies {
        let plain = supply.description.clone();
        let mut times = 2;
        while !keys.insert(supply.key()) {
            let numbered = format!("{plain} ({times})");
            numbered.trim_start().clone_into(&mut supply.description);
            times += 1;
        }
    }
}

/// Whether the device marks in colour, as far as its supplies and colourants tell: any chromatic
/// one says it does; black ones alone say it does not.
pub(crate) fn show_color(view: &View<'_>, supplies: &[Supply]) -> Option<bool> {
    let plain = Charset::default();
    let declared = view.rows(&mib::PRT_MARKER_COLORANT_VALUE);
    let declared = declared
        .into_iter()
        .filter_map(|(_, value)| plain.text(value));
    let names: Vec<String> = supplies
        .iter()
        .filter(|supply| supply.kind.is_colorant())
        .flat_map(|supply| supply.colorants.iter().cloned())
        .chain(declared.flat_map(|text| supply_kinds::colorants(&text)))
        .collect();
    let chromatic = |name: &String| supply_kinds::CHROMATIC.contains(&name.as_str());
    if names.iter().any(chromatic) {
        Some(true)
    } else {
        names.iter().any(|name| name == "black").then_some(false)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::printer::testing::answers;
    use crate::snmp::answers::Answers;
    use platen_domain::supplies::Level;

    /// A supplies table of rows (class, type, description, unit, capacity, level).
    fn table(rows: &[(i64, i64, &str, i64, i64, i64)]) -> Answers {
        use std::fmt::Write as _;
        let mut text = String::new();
        for (index, (class, kind, description, unit, capacity, level)) in rows.iter().enumerate() {
            let row = index + 1;
            for (column, value) in [(4, class), (5, kind), (7, unit), (8, capacity), (9, level)] {
                writeln!(text, "1.3.6.1.2.1.43.11.1.1.{column}.1.{row}|2|{value}").unwrap();
            }
            writeln!(text, "1.3.6.1.2.1.43.11.1.1.6.1.{row}|4|{description}").unwrap();
        }
        answers(&text)
    }

    fn read(answers: &Answers) -> Vec<Supply> {
        supplies(&View::new(answers), &Profile::default())
    }

    #[test]
    fn t1_sentinels_become_words() {
        let supplies = read(&table(&[
            (3, 3, "Black Toner", 13, -2, -3),
            (3, 3, "Cyan Toner", 13, -2, -2),
            (3, 3, "Magenta Toner", 13, -2, -1),
            (3, 3, "Yellow Toner", 7, 1000, -3),
        ]));
        let levels: Vec<Level> = supplies.iter().map(|supply| supply.level).collect();
        assert_eq!(
            levels,
            [
                Level::SomeLeft,
                Level::Unknown,
                Level::Unlimited,
                Level::SomeLeft
            ]
        );
        assert!(
            supplies
                .iter()
                .all(|supply| supply.level.percent().is_none())
        );
        assert_eq!(supplies[0].capacity, None);
        assert_eq!(supplies[0].raw_level, Some(-3));
    }

    #[test]
    fn t1_sentinels_in_an_unsigned_type_are_the_same_words() {
        let supplies = read(&table(&[
            (3, 3, "Black Toner", 13, 1_000, 4_294_967_293),
            (3, 3, "Cyan Toner", 13, 1_000, 4_294_967_294),
            (3, 3, "Magenta Toner", 13, 1_000, 4_294_967_295),
            (3, 3, "Yellow Toner", 13, 4_294_967_294, 50),
        ]));
        let levels: Vec<Level> = supplies.iter().map(|supply| supply.level).collect();
        let expected = [
            Level::SomeLeft,
            Level::Unknown,
            Level::Unlimited,
            Level::Percent(50),
        ];
        assert_eq!(levels, expected);
        assert_eq!(supplies[3].capacity, None);
        assert_eq!(supplies[3].raw_capacity, Some(-2));
    }

    #[test]
    fn t3_a_waste_box_states_its_remaining_space_and_is_no_toner() {
        // Konica c250i and Sharp MX-M266NV leave the class out; the type names the waste box.
        let supplies = read(&table(&[(4, 4, "Waste Toner Box", 7, 20_000, 19_000)]));
        assert_eq!(supplies[0].class, SupplyClass::Receptacle);
        assert_eq!(supplies[0].level, Level::Percent(95));
        assert_eq!(supplies[0].rule, "rfc3805-receptacle");
        assert!(!supplies[0].kind.is_colorant());
    }

    #[test]
    fn t5_a_drum_is_a_drum_whatever_its_row_calls_it() {
        let supplies = read(&table(&[
            (3, 9, "Unid. imagem", 7, 100_000, 45_000),
            (3, 1, "Imaging Kit", 7, 60_000, 30_000),
            (3, 3, "Drum Cartridge (Black)", 19, 100, 52),
            (3, 3, "Black Print Cartridge", 7, 9_000, 900),
        ]));
        let kinds: Vec<SupplyType> = supplies.iter().map(|supply| supply.kind).collect();
        assert_eq!(
            kinds,
            [
                SupplyType::Opc,
                SupplyType::Opc,
                SupplyType::Opc,
                SupplyType::Toner
            ]
        );
    }

    #[test]
    fn t6_rows_that_read_the_same_are_told_apart() {
        let supplies = read(&table(&[
            (3, 3, "Black Toner Cartridge", 13, -2, 0),
            (3, 3, "Black Toner Cartridge", 13, -2, -3),
        ]));
        assert_ne!(supplies[0].key(), supplies[1].key());
        assert_eq!(supplies[1].description, "Black Toner Cartridge (2)");
    }

    #[test]
    fn t6_the_identity_of_a_supply_does_not_hang_on_its_row() {
        let before = read(&table(&[(3, 3, "Black Toner", 7, 9_000, 900)]));
        let after = read(&table(&[
            (3, 3, "Cyan Toner", 7, 9_000, 8_000),
            (3, 3, "Black Toner", 7, 9_000, 9_000),
        ]));
        assert_eq!(before[0].key(), after[1].key());
        assert_ne!(before[0].index, after[1].index);
    }

    #[test]
    fn t6_a_swapped_cartridge_keeps_the_key_of_its_place() {
        for label in [
            " S/N:CRUM-",
            ";SN",
            "_SN_",
            ", PN 000R00000, SN ",
            " Serial No. ",
        ] {
            let read = |serial: &str| {
                let description = format!("Cyan Toner{label}{serial}");
                read(&table(&[(3, 3, &description, 19, 100, 40)])).remove(0)
            };
            let (before, after) = (read("10203040506"), read("60504030201"));
            assert_eq!(before.key(), "toner/cyan/Cyan Toner", "{label}");
            assert_eq!(before.key(), after.key());
            assert_ne!(before.serial, after.serial);
        }
    }

    #[test]
    fn t7_units_are_named_and_percent_is_of_the_capacity_in_them() {
        let supplies = read(&table(&[
            (3, 3, "Black Toner", 7, 45_000, 22_050),
            (3, 3, "Cyan Toner", 13, 2_000, 500),
            (3, 5, "Cyan Ink", 15, 690, 69),
            (3, 9, "Drum", 19, -2, 93),
        ]));
        let seen: Vec<_> = supplies
            .iter()
            .map(|s| (s.unit.as_deref(), s.level.percent()))
            .collect();
        assert_eq!(
            seen,
            [
                (Some("impressions"), Some(49)),
                (Some("tenthsOfGrams"), Some(25)),
                (Some("tenthsOfMilliliters"), Some(10)),
                (Some("percent"), Some(93)),
            ]
        );
    }

    #[test]
    fn colour_comes_from_the_colorant_table_first() {
        let kyocera = answers(
            "1.3.6.1.2.1.43.11.1.1.3.1.1|2|1
             1.3.6.1.2.1.43.11.1.1.3.1.2|2|0
             1.3.6.1.2.1.43.11.1.1.5.1.1|2|3
             1.3.6.1.2.1.43.11.1.1.5.1.2|2|4
             1.3.6.1.2.1.43.11.1.1.6.1.1|4|TK-1162
             1.3.6.1.2.1.43.11.1.1.6.1.2|4|Waste Toner Box
             1.3.6.1.2.1.43.12.1.1.4.1.1|4x|626c61636b00",
        );
        let supplies = read(&kyocera);
        assert_eq!(supplies[0].colorants, ["black"]);
        assert_eq!(supplies[1].colorants, [""; 0]);
        assert_eq!(show_color(&View::new(&kyocera), &supplies), Some(false));
        assert_eq!(supplies[0].level, Level::Unknown);
    }
}
