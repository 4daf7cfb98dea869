//! Levels that stand only in a maker's own objects: exact instances (OKI), octet strings of records
//! (Brother), tables of names and levels (Ricoh, Epson).
//!
//! They do two things. Where the standard table states no percentage - lasers of Brother and Ricoh
//! say "some left" of every toner for ever (trap T1) - the maker's own stands in. And what the
//! standard table lacks is added: drums, fusers, maintenance boxes. Records and tables name what
//! they hold; a single object may answer for a cartridge the device never had, so it adds nothing
//! to a table that is there. The rule of each such level names the profile and the object.

use std::borrow::Cow;

use platen_domain::supplies::{Level, Supply, SupplyClass, SupplyType};

use super::charset::Charset;
use super::levels::{Amount, percentage, signed};
use super::profile::{LevelTable, Profile, Receptacle, SupplyRules};
use super::records::records;
use super::supply_kinds::{self, Marking};
use super::supply_text::{self, Described};
use super::view::{TABLE_ROWS_MAX, View};
use crate::snmp::value::Value;

/// A supply as the maker's own objects state it.
struct Private {
    kind: SupplyType,
    colorants: Vec<String>,
    /// Its name, where one is stated; the serial and part number split off.
    described: Described,
    level: Level,
    raw: Option<i64>,
    rule: String,
    /// Whether it may be added to a standard table that lacks it.
    adds: bool,
}

/// Puts the maker's own percentages where the standard table has none, and adds what it lacks.
pub(crate) fn refine(
    view: &View<'_>,
    profile: &Profile,
    charset: Charset,
    marking: Marking,
    supplies: &mut Vec<Supply>,
) {
    let stated = private_levels(view, profile, charset, marking);
    let has_table = !supplies.is_empty();
    let mut next = supplies
        .iter()
        .map(|supply| supply.index)
        .max()
        .unwrap_or(0);
    let mut lacking = Vec::new();
    for private in &stated {
        if (private.adds || !has_table) && !supplies.iter().any(|supply| private.is(supply)) {
            next = next.saturating_add(1);
            lacking.push(private.as_supply(next));
        }
    }
    let vague = supplies
        .iter_mut()
        .filter(|supply| supply.level.percent().is_none());
    for supply in vague {
        let percent = |private: &&Private| private.level.percent().is_some();
        let named = stated.iter().filter(percent).find(|it| it.is_named(supply));
        let found = named.or_else(|| stated.iter().filter(percent).find(|it| it.is(supply)));
        if let Some(private) = found {
            supply.level = private.level;
            supply.rule = Cow::Owned(private.rule.clone());
        }
    }
    supplies.extend(lacking);
}

impl Private {
    fn new(kind: SupplyType, colorant: Option<&String>, level: Level, rule: String) -> Self {
        Self {
            kind,
            colorants: colorant.into_iter().cloned().collect(),
            described: Described::default(),
            level,
            raw: None,
            rule,
            adds: false,
        }
    }

    fn is_named(&self, supply: &Supply) -> bool {
        let name = self.described.description.as_str();
        !name.is_empty() && name.eq_ignore_ascii_case(&supply.description)
    }

    /// Whether it is the level of this supply: by its name, else by kind and colour.
    fn is(&self, supply: &Supply) -> bool {
        self.is_named(supply) || self.is_kind(supply) && self.fits(&supply.colorants)
    }

    /// Whatever colours the page is one kind to a maker, toner and ink alike: Brother numbers both
    /// the same. What has no kind of its own is known by its name alone.
    fn is_kind(&self, supply: &Supply) -> bool {
        let vague = |kind| matches!(kind, SupplyType::Other | SupplyType::Unknown);
        if vague(self.kind) {
            return false;
        }
        self.kind == supply.kind
            || (self.kind.is_colorant() && supply.kind.is_colorant())
            || (self.kind.is_waste() && supply.kind.is_waste())
            || (vague(supply.kind) && !supply.colorants.is_empty() && self.kind.is_colorant())
    }

    /// Whether it is the level of a supply of these colours. A drum without a colour is black's.
    fn fits(&self, colorants: &[String]) -> bool {
        let black = |colorants: &[String]| matches!(colorants, [only] if only == "black");
        self.colorants == colorants
            || self.colorants.is_empty()
            || (colorants.is_empty() && black(&self.colorants))
    }

    fn as_supply(&self, index: u32) -> Supply {
        let named = Some(&self.described.description).filter(|name| !name.is_empty());
        let plain = || {
            let mut words = self.colorants.clone();
            words.push(self.kind.keyword().to_owned());
            words.join(" ")
        };
        Supply {
            index,
            class: if self.kind.is_waste() {
                SupplyClass::Receptacle
            } else {
                SupplyClass::Consumed
            },
            kind: self.kind,
            colorants: self.colorants.clone(),
            description: named.cloned().unwrap_or_else(plain),
            part_number: self.described.part_number.clone(),
            serial: self.described.serial.clone(),
            unit: Some("percent".to_owned()),
            capacity: Some(100),
            level: self.level,
            raw_capacity: None,
            raw_level: self.raw,
            rule: Cow::Owned(self.rule.clone()),
        }
    }
}

fn private_levels(
    view: &View<'_>,
    profile: &Profile,
    charset: Charset,
    marking: Marking,
) -> Vec<Private> {
    let rules = &profile.supplies;
    // Profiles say toner of what colours the page; an inkjet's is ink.
    let kind = |kind: SupplyType| match (kind, marking) {
        (SupplyType::Toner, Marking::Ink) => SupplyType::Ink,
        (SupplyType::Toner, Marking::Ribbon) => SupplyType::InkRibbon,
        (other, _) => other,
    };
    let scalars = rules.levels.iter().filter_map(|rule| {
        let percent = u8::try_from(view.get(&rule.oid)?.as_u64()?).ok()?;
        let level = Level::Percent((percent <= 100).then_some(percent)?);
        let source = format!("{}: {}", profile.name, rule.oid.0);
        Some(Private::new(
            kind(rule.kind.0),
            rule.colorant.as_ref(),
            level,
            source,
        ))
    });
    let in_records = rules.level_records.iter().flat_map(|group| {
        let octets = view
            .get(&group.oid)
            .and_then(Value::as_octets)
            .unwrap_or(&[]);
        let found = records(octets);
        group.records.iter().filter_map(move |record| {
            let (_, value) = found.iter().find(|(id, _)| *id == record.id)?;
            let whole = group.units_per_percent.checked_mul(100)?;
            let level = Level::Percent((*value <= whole).then(|| percentage(*value, whole))?);
            let source = format!("{}: {}#{:02x}", profile.name, group.oid.0, record.id);
            let mut private =
                Private::new(kind(record.kind.0), record.colorant.as_ref(), level, source);
            private.described.description = record.name.clone().unwrap_or_default();
            private.adds = true;
            Some(private)
        })
    });
    let in_tables = rules
        .level_tables
        .iter()
        .flat_map(|table| table_levels(view, profile, table, charset, marking));
    scalars.chain(in_records).chain(in_tables).collect()
}

/// The rows of a table that have a name and say something of their level.
fn table_levels(
    view: &View<'_>,
    profile: &Profile,
    table: &LevelTable,
    charset: Charset,
    marking: Marking,
) -> Vec<Private> {
    let rules = SupplyRules {
        receptacle: Receptacle::Remaining,
        empty_level: profile.supplies.empty_level,
        ..SupplyRules::default()
    };
    let rows = view.answers.below(&table.level).take(TABLE_ROWS_MAX);
    rows.filter_map(|(index, value)| {
        let name = table.names.iter().find_map(|column| {
            let text = charset.text(view.get(&column.child(index))?)?;
            (!text.is_empty()).then_some(text)
        })?;
        let raw = signed(value.as_i64()?);
        let amount = Amount {
            level: (raw <= 100).then_some(raw),
            capacity: Some(100),
            percent: true,
            receptacle: false,
        };
        let (level, _) = amount.level(&rules);
        if !matches!(level, Level::Percent(_) | Level::SomeLeft) {
            return None;
        }
        let described = supply_text::split(&name);
        Some(Private {
            kind: supply_kinds::kind(None, &described.description, marking),
            colorants: supply_kinds::colorants(&described.description),
            described,
            level,
            raw: Some(raw),
            rule: format!("{}: {}", profile.name, table.level.child(index)),
            adds: true,
        })
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::printer::testing::answers;
    use crate::printer::{Profiles, decode};

    fn supplies(recording: &str) -> Vec<Supply> {
        let profiles = Profiles::try_built_in().unwrap();
        decode(&answers(recording), &profiles)
            .unwrap()
            .changes
            .supplies
    }

    /// Kind, colours, description and level of each.
    fn shown(supplies: &[Supply]) -> Vec<String> {
        let line = |supply: &Supply| {
            let level = supply.level.percent().map_or_else(
                || supply.level.keyword().to_owned(),
                |percent| format!("{percent} %"),
            );
            format!(
                "{} {} {:?} {level} by {}",
                supply.kind.keyword(),
                supply.colorants.join("+"),
                supply.description,
                supply.rule
            )
        };
        supplies.iter().map(line).collect()
    }

    #[test]
    fn t1_brother_percentages_stand_in_its_maintenance_records() {
        // The standard table of a Brother laser says -3 for every toner for ever.
        let answers = crate::printer::testing::answers(
            "1.3.6.1.2.1.1.2.0|6|1.3.6.1.4.1.2435.2.3.9.1
             1.3.6.1.2.1.43.11.1.1.5.1.1|2|3
             1.3.6.1.2.1.43.11.1.1.5.1.2|2|3
             1.3.6.1.2.1.43.11.1.1.6.1.1|4|Black Toner Cartridge
             1.3.6.1.2.1.43.11.1.1.6.1.2|4|Cyan Toner Cartridge
             1.3.6.1.2.1.43.11.1.1.8.1.1|2|-2
             1.3.6.1.2.1.43.11.1.1.8.1.2|2|-2
             1.3.6.1.2.1.43.11.1.1.9.1.1|2|-3
             1.3.6.1.2.1.43.11.1.1.9.1.2|2|-3
             1.3.6.1.4.1.2435.2.3.9.4.2.1.5.5.8.0|4x|6f010400001bbcff",
        );
        let profiles = crate::printer::Profiles::try_built_in().unwrap();
        let decoded = crate::printer::decode(&answers, &profiles).unwrap();
        let supplies = decoded.changes.supplies;
        assert_eq!(supplies[0].level, Level::Percent(71));
        assert!(supplies[0].rule.starts_with("brother: "));
        assert_eq!(supplies[1].level, Level::SomeLeft);
    }

    #[test]
    fn what_the_standard_table_lacks_is_added_from_brothers_records() {
        let supplies = supplies(
            "1.3.6.1.2.1.1.2.0|6|1.3.6.1.4.1.2435.2.3.9.1
             1.3.6.1.2.1.43.11.1.1.5.1.1|2|3
             1.3.6.1.2.1.43.11.1.1.6.1.1|4|Black Toner Cartridge
             1.3.6.1.2.1.43.11.1.1.8.1.1|2|-2
             1.3.6.1.2.1.43.11.1.1.9.1.1|2|-3
             1.3.6.1.4.1.2435.2.3.9.4.2.1.5.5.8.0|4x|6f01040000157c800104000013887901040000119469010400001f406d0104000011948501040000004bff",
        );
        insta::assert_debug_snapshot!(shown(&supplies), @r##"
    [
        "toner black \"Black Toner Cartridge\" 55 % by brother: 1.3.6.1.4.1.2435.2.3.9.4.2.1.5.5.8.0#6f",
        "opc black \"black opc\" 50 % by brother: 1.3.6.1.4.1.2435.2.3.9.4.2.1.5.5.8.0#80",
        "opc cyan \"cyan opc\" 45 % by brother: 1.3.6.1.4.1.2435.2.3.9.4.2.1.5.5.8.0#79",
        "transferUnit  \"transferUnit\" 80 % by brother: 1.3.6.1.4.1.2435.2.3.9.4.2.1.5.5.8.0#69",
        "other  \"paper feeding kit 1\" 45 % by brother: 1.3.6.1.4.1.2435.2.3.9.4.2.1.5.5.8.0#6d",
        "wasteInk  \"ink capture box\" 75 % by brother: 1.3.6.1.4.1.2435.2.3.9.4.2.1.5.5.8.0#85",
    ]
    "##);
    }

    #[test]
    fn a_table_of_names_and_levels_refines_and_adds() {
        let ricoh = supplies(
            "1.3.6.1.2.1.1.2.0|6|1.3.6.1.4.1.367.1.1
             1.3.6.1.2.1.43.11.1.1.5.1.1|2|3
             1.3.6.1.2.1.43.11.1.1.5.1.2|2|3
             1.3.6.1.2.1.43.11.1.1.5.1.3|2|4
             1.3.6.1.2.1.43.11.1.1.6.1.1|4|Toner noir
             1.3.6.1.2.1.43.11.1.1.6.1.2|4|Cyan Toner
             1.3.6.1.2.1.43.11.1.1.6.1.3|4|Waste Toner
             1.3.6.1.2.1.43.11.1.1.8.1.1|2|-2
             1.3.6.1.2.1.43.11.1.1.8.1.2|2|100
             1.3.6.1.2.1.43.11.1.1.8.1.3|2|-2
             1.3.6.1.2.1.43.11.1.1.9.1.1|2|-3
             1.3.6.1.2.1.43.11.1.1.9.1.2|2|55
             1.3.6.1.2.1.43.11.1.1.9.1.3|2|-2
             1.3.6.1.4.1.367.3.2.1.2.24.1.1.2.1|4|Black Toner
             1.3.6.1.4.1.367.3.2.1.2.24.1.1.2.2|4|Cyan Toner
             1.3.6.1.4.1.367.3.2.1.2.24.1.1.3.3|4|Magenta Toner
             1.3.6.1.4.1.367.3.2.1.2.24.1.1.2.4|4|Yellow Toner
             1.3.6.1.4.1.367.3.2.1.2.24.1.1.5.1|2|35
             1.3.6.1.4.1.367.3.2.1.2.24.1.1.5.2|2|50
             1.3.6.1.4.1.367.3.2.1.2.24.1.1.5.3|2|-100
             1.3.6.1.4.1.367.3.2.1.2.24.1.1.5.4|2|-2",
        );
        insta::assert_debug_snapshot!(shown(&ricoh), @r##"
    [
        "toner black \"Toner noir\" 35 % by ricoh: 1.3.6.1.4.1.367.3.2.1.2.24.1.1.5.1",
        "toner cyan \"Cyan Toner\" 55 % by rfc3805",
        "wasteToner  \"Waste Toner\" unknown by rfc3805",
        "toner magenta \"Magenta Toner\" 0 % by ricoh: 1.3.6.1.4.1.367.3.2.1.2.24.1.1.5.3",
    ]
    "##);
        let epson = supplies(
            "1.3.6.1.2.1.1.2.0|6|1.3.6.1.4.1.1248.1.1.2
             1.3.6.1.2.1.43.10.2.1.2.1.1|2|12
             1.3.6.1.2.1.43.11.1.1.5.1.1|2|5
             1.3.6.1.2.1.43.11.1.1.6.1.1|4|Black Ink Supply Unit T0001
             1.3.6.1.2.1.43.11.1.1.8.1.1|2|100
             1.3.6.1.2.1.43.11.1.1.9.1.1|2|28
             1.3.6.1.4.1.1248.1.2.2.28.1.1.2.1.1|2|28
             1.3.6.1.4.1.1248.1.2.2.28.1.1.2.1.2|2|93
             1.3.6.1.4.1.1248.1.2.2.28.1.1.5.1.1|4|Black Ink Supply Unit T0001
             1.3.6.1.4.1.1248.1.2.2.28.1.1.18.1.2|4|Maintenance Cartridge T0002",
        );
        insta::assert_debug_snapshot!(shown(&epson), @r##"
    [
        "ink black \"Black Ink Supply Unit T0001\" 28 % by rfc3805",
        "wasteInk  \"Maintenance Cartridge T0002\" 93 % by epson: 1.3.6.1.4.1.1248.1.2.2.28.1.1.2.1.2",
    ]
    "##);
        assert_eq!(epson[1].class, SupplyClass::Receptacle);
        assert_eq!(epson[1].part_number.as_deref(), Some("T0002"));
    }
}
