//! From raw level and capacity to a level a person can use.
//!
//! The standard: -1 no restriction, -2 unknown, -3 at least one unit; else a number of units up to
//! the capacity. What devices do beyond it (traps T1 to T3), in the order it is decided:
//!
//! | level | capacity | result | rule |
//! |---|---|---|---|
//! | not stated | any | Unknown | `absent` |
//! | the vendor's "empty" | any | 0 % | `vendor-empty` |
//! | -1, -2, -3 | any | Unlimited, Unknown, `SomeLeft` | `rfc3805` |
//! | below -3 | any | Unknown | `out-of-range` |
//! | 0 and up | above 0 | percent of it, at most 100 | `rfc3805` |
//! | 0 to 100 | none | percent, if the unit is percent | `percent-unit` |
//! | 0 | 0 | Unknown: neither says anything | `no-capacity` |
//! | 0 to 100 | none | percent, as CUPS, checkmk and `LibreNMS` take it | `capacity-100` |
//! | 0 to 100 | none | Unknown, where the vendor uses other codes there | `level-needs-capacity` |
//! | above 100 | none | that many units | `no-capacity` |
//!
//! The level of a receptacle is remaining space (RFC 3805), so an empty waste box is at 100 %;
//! where a profile says that its vendor states fullness, it is turned round (trap T3).

use platen_domain::supplies::Level;

use super::profile::{Receptacle, SupplyRules};

/// What a row of the supplies table states.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Amount {
    /// `prtMarkerSuppliesLevel`.
    pub(crate) level: Option<i64>,
    /// `prtMarkerSuppliesMaxCapacity`.
    pub(crate) capacity: Option<i64>,
    /// Whether the unit is percent(19).
    pub(crate) percent: bool,
    /// Whether it is filled, not consumed.
    pub(crate) receptacle: bool,
}

impl Amount {
    /// The level and the rule that gave it.
    pub(crate) fn level(self, rules: &SupplyRules) -> (Level, &'static str) {
        match self.standard(rules) {
            (Level::Percent(percent), rule) if self.receptacle => match rules.receptacle {
                Receptacle::Filled => (Level::Percent(100 - percent), "vendor-receptacle-filled"),
                Receptacle::Remaining if rule == "rfc3805" => {
                    (Level::Percent(percent), "rfc3805-receptacle")
                }
                Receptacle::Remaining => (Level::Percent(percent), rule),
            },
            other => other,
        }
    }

    fn standard(self, rules: &SupplyRules) -> (Level, &'static str) {
        let Some(level) = self.level else {
            return (Level::Unknown, "absent");
        };
        if rules.empty_level == Some(level) {
            return (Level::Percent(0), "vendor-empty");
        }
        match level {
            -1 => return (Level::Unlimited, "rfc3805"),
            -2 => return (Level::Unknown, "rfc3805"),
            -3 => return (Level::SomeLeft, "rfc3805"),
            ..-3 => return (Level::Unknown, "out-of-range"),
            _ => {}
        }
        let units = level.unsigned_abs();
        let capacity = self.capacity.unwrap_or(-2);
        match u8::try_from(units).ok().filter(|percent| *percent <= 100) {
            _ if capacity > 0 => (
                Level::Percent(percentage(units, capacity.unsigned_abs())),
                "rfc3805",
            ),
            Some(percent) if self.percent => (Level::Percent(percent), "percent-unit"),
            Some(0) if capacity == 0 => (Level::Unknown, "no-capacity"),
            Some(_) if rules.level_needs_capacity => (Level::Unknown, "level-needs-capacity"),
            Some(percent) => (Level::Percent(percent), "capacity-100"),
            None => (Level::Units(units), "no-capacity"),
        }
    }
}

/// A sentinel that came in an unsigned type: -1, -2 and -3 as the top of 32 bits.
pub(crate) fn signed(number: i64) -> i64 {
    const WRAP: i64 = 1 << 32;
    match number - WRAP {
        sentinel @ -3..=-1 => sentinel,
        _ => number,
    }
}

/// `part` of `whole` in percent, rounded to the nearest and at most 100; what is there at all is
/// at least 1.
pub(crate) fn percentage(part: u64, whole: u64) -> u8 {
    let (part, whole) = (u128::from(part), u128::from(whole.max(1)));
    let rounded = (part * 200 + whole) / (whole * 2);
    let percent = u8::try_from(rounded.min(100)).unwrap_or(100);
    if part > 0 { percent.max(1) } else { percent }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn level(level: i64, capacity: i64, percent: bool) -> (Level, &'static str) {
        let amount = Amount {
            level: Some(level),
            capacity: Some(capacity),
            percent,
            receptacle: false,
        };
        amount.level(&SupplyRules::default())
    }

    #[test]
    fn t1_sentinels_are_words_and_never_numbers() {
        for capacity in [-2, -1, 0, 100, 25_000] {
            assert_eq!(level(-1, capacity, true).0, Level::Unlimited);
            assert_eq!(level(-2, capacity, true).0, Level::Unknown);
            // A database of another program holds -0.012 here: -3 of 25,000.
            assert_eq!(level(-3, capacity, true).0, Level::SomeLeft);
            assert_eq!(level(-100, capacity, true).0, Level::Unknown);
        }
    }

    #[test]
    fn t1_ricoh_says_empty_with_minus_100() {
        // librenms #4177.
        let ricoh = SupplyRules {
            empty_level: Some(-100),
            ..SupplyRules::default()
        };
        let amount = |level| Amount {
            level: Some(level),
            capacity: Some(100),
            ..Amount::default()
        };
        assert_eq!(amount(-100).level(&ricoh).0, Level::Percent(0));
        assert_eq!(amount(-3).level(&ricoh).0, Level::SomeLeft);
    }

    #[test]
    fn t2_without_a_capacity_the_level_is_a_percentage_or_nothing() {
        assert_eq!(level(93, -2, true), (Level::Percent(93), "percent-unit"));
        assert_eq!(level(93, -2, false), (Level::Percent(93), "capacity-100"));
        assert_eq!(level(93, 0, false), (Level::Percent(93), "capacity-100"));
        assert_eq!(level(0, 0, false), (Level::Unknown, "no-capacity"));
        assert_eq!(
            level(4_000, -2, false),
            (Level::Units(4_000), "no-capacity")
        );
        assert_eq!(level(120, 100, false), (Level::Percent(100), "rfc3805"));
    }

    #[test]
    fn t2_brother_uses_codes_where_others_use_a_percentage() {
        let brother = SupplyRules {
            level_needs_capacity: true,
            ..SupplyRules::default()
        };
        let amount = Amount {
            level: Some(0),
            capacity: Some(-2),
            ..Amount::default()
        };
        assert_eq!(
            amount.level(&brother),
            (Level::Unknown, "level-needs-capacity")
        );
    }

    #[test]
    fn t3_receptacles_are_remaining_space_unless_the_vendor_states_fullness() {
        let waste = Amount {
            level: Some(90),
            capacity: Some(100),
            receptacle: true,
            percent: true,
        };
        assert_eq!(
            waste.level(&SupplyRules::default()),
            (Level::Percent(90), "rfc3805-receptacle")
        );
        let filled = SupplyRules {
            receptacle: Receptacle::Filled,
            ..SupplyRules::default()
        };
        assert_eq!(
            waste.level(&filled),
            (Level::Percent(10), "vendor-receptacle-filled")
        );
    }

    proptest! {
        #[test]
        fn a_level_is_a_percentage_within_0_to_100_or_a_word(
            raw in any::<i64>(), capacity in any::<i64>(), percent: bool, receptacle: bool,
        ) {
            let amount = Amount { level: Some(raw), capacity: Some(capacity), percent, receptacle };
            let (level, _) = amount.level(&SupplyRules::default());
            if let Some(percent) = level.percent() {
                prop_assert!(percent <= 100);
                prop_assert!(raw >= 0);
            }
            if let Level::Units(units) = level {
                prop_assert!(units > 100);
            }
        }
    }
}
