//! Exact decimal numbers: money and weights are kept as whole parts of a unit, never as floats.

use std::cmp::Ordering;
use std::fmt;

/// Decimal places of money kept in millionths.
const MONEY_SCALE: u32 = 6;

/// Places that money always shows, as people expect of it.
const MONEY_PLACES: usize = 2;

/// Decimal places of grams kept in milligrams.
const GRAMS_SCALE: u32 = 3;

/// A number written in its shortest exact form, such as `0.045`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Decimal {
    /// The number in the smallest unit, of which `10^scale` make one.
    units: i64,
    scale: u32,
    /// Places that are written even when they are zeros.
    least_places: usize,
}

impl Decimal {
    /// Money of so many millionths, written with two places at least.
    pub const fn money(micros: i64) -> Self {
        Self {
            units: micros,
            scale: MONEY_SCALE,
            least_places: MONEY_PLACES,
        }
    }

    /// Grams of so many milligrams.
    pub const fn grams(milligrams: i64) -> Self {
        Self {
            units: milligrams,
            scale: GRAMS_SCALE,
            least_places: 0,
        }
    }

    /// Appends the number as JSON, CSV and people write it: `-12.50`.
    pub fn write(self, out: &mut Vec<u8>) {
        let one = 10_u64.pow(self.scale);
        let magnitude = self.units.unsigned_abs();
        if self.units < 0 {
            out.push(b'-');
        }
        let mut digits = itoa::Buffer::new();
        out.extend_from_slice(digits.format(magnitude / one).as_bytes());
        let point = out.len();
        out.push(b'.');
        let mut rest = magnitude % one;
        let mut place = one / 10;
        while place > 0 && (rest > 0 || out.len() - point - 1 < self.least_places) {
            // A digit is below 10.
            out.push(b'0' + u8::try_from(rest / place).unwrap_or(0));
            rest %= place;
            place /= 10;
        }
        if out.len() == point + 1 {
            out.truncate(point);
        }
    }

    /// Which of the two is the greater number.
    pub fn order(self, other: Self) -> Ordering {
        let common = |number: Self, scale| i128::from(number.units) * 10_i128.pow(scale);
        common(self, other.scale).cmp(&common(other, self.scale))
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = Vec::new();
        self.write(&mut text);
        f.write_str(&String::from_utf8_lossy(&text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn written(number: Decimal) -> String {
        let mut out = Vec::new();
        number.write(&mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn the_shortest_exact_form() {
        for (micros, text) in [
            (0, "0.00"),
            (45_000, "0.045"),
            (-12_500_000, "-12.50"),
            (1, "0.000001"),
            (i64::MIN, "-9223372036854.775808"),
        ] {
            assert_eq!(written(Decimal::money(micros)), text);
        }
        for (milligrams, text) in [(0, "0"), (4_989, "4.989"), (5_000, "5"), (4_500, "4.5")] {
            assert_eq!(written(Decimal::grams(milligrams)), text);
        }
    }

    #[test]
    fn numbers_of_different_scales_compare() {
        let (gram, money) = (Decimal::grams(1_000), Decimal::money(1_000_001));
        assert_eq!(gram.order(money), Ordering::Less);
    }

    proptest! {
        #[test]
        fn every_number_reads_back(micros in any::<i64>()) {
            let text = written(Decimal::money(micros));
            let (whole, places) = text.split_once('.').unwrap();
            let read: i128 = format!("{whole}{places:0<6}").parse().unwrap();
            prop_assert_eq!(read, i128::from(micros));
        }
    }
}
