//! Columns of numbers, each as wide as its greatest needs.

use bytes::Bytes;

use super::BATCH;
use super::parse::{BlockError, Cursor};

/// Numbers of one width: each is `base` plus a little-endian number of `width` octets. Where all
/// are equal, the width is 0.
#[derive(Debug, Clone)]
pub(super) struct Ints {
    base: u64,
    width: Width,
    data: Bytes,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Width {
    Zero,
    One,
    Two,
    Four,
    Eight,
}

impl Width {
    const ALL: [Self; 5] = [Self::Zero, Self::One, Self::Two, Self::Four, Self::Eight];

    const fn octets(self) -> usize {
        match self {
            Self::Zero => 0,
            Self::One => 1,
            Self::Two => 2,
            Self::Four => 4,
            Self::Eight => 8,
        }
    }

    /// The least width that holds numbers up to `greatest`.
    const fn of(greatest: u64) -> Self {
        match greatest {
            0 => Self::Zero,
            1..=0xff => Self::One,
            0x100..=0xffff => Self::Two,
            0x1_0000..=0xffff_ffff => Self::Four,
            _ => Self::Eight,
        }
    }
}

/// Appends `values` as [`Ints::parse`] reads them.
pub(super) fn write(values: impl Iterator<Item = u64> + Clone, out: &mut Vec<u8>) {
    let base = values.clone().min().unwrap_or(0);
    let greatest = values.clone().max().unwrap_or(0);
    let width = Width::of(greatest - base);
    out.extend_from_slice(&base.to_le_bytes());
    out.extend(u8::try_from(width.octets()));
    for value in values {
        let octets = (value - base).to_le_bytes();
        out.extend(octets.iter().take(width.octets()));
    }
}

impl Ints {
    /// Octets of the numbers.
    pub(super) fn octets(&self) -> usize {
        self.data.len()
    }

    /// Takes `count` numbers off the front.
    pub(super) fn parse(count: usize, cursor: &mut Cursor) -> Result<Self, BlockError> {
        let base = cursor.u64()?;
        let octets = usize::from(cursor.u8()?);
        let width = Width::ALL
            .into_iter()
            .find(|width| width.octets() == octets);
        let width = width.ok_or(BlockError::Malformed("a column has an impossible width"))?;
        let data = cursor.take(count.checked_mul(octets).ok_or(BlockError::Truncated)?)?;
        Ok(Self { base, width, data })
    }

    /// The number at this place. Behind the end it is the base, which never happens in a block
    /// that was parsed.
    pub(super) fn get(&self, at: usize) -> u64 {
        let data = &self.data;
        let more = match self.width {
            Width::Zero => None,
            Width::One => data.get(at).copied().map(u64::from),
            Width::Two => place(data, at).map(|two| u16::from_le_bytes(two).into()),
            Width::Four => place(data, at).map(|four| u32::from_le_bytes(four).into()),
            Width::Eight => place(data, at).map(u64::from_le_bytes),
        };
        self.base.wrapping_add(more.unwrap_or(0))
    }

    /// The `N` numbers from this place on; the base stands in for those behind the end.
    pub(super) fn decode<const N: usize>(&self, from: usize) -> [u64; N] {
        let from = from.saturating_mul(self.width.octets());
        let data = self.data.get(from..).unwrap_or_default();
        match self.width {
            Width::Zero => [self.base; N],
            Width::One => self.widened(data, |octets: [u8; 1]| u8::from_le_bytes(octets).into()),
            Width::Two => self.widened(data, |octets| u16::from_le_bytes(octets).into()),
            Width::Four => self.widened(data, |octets| u32::from_le_bytes(octets).into()),
            Width::Eight => self.widened(data, u64::from_le_bytes),
        }
    }

    fn widened<const W: usize, const N: usize>(
        &self,
        data: &[u8],
        number: impl Fn([u8; W]) -> u64,
    ) -> [u64; N] {
        let (data, _) = data.as_chunks::<W>();
        // An array of known length is decoded without a loop's overhead.
        if let Some(all) = data.first_chunk::<N>() {
            return all.map(|octets| self.base.wrapping_add(number(octets)));
        }
        let mut values = [self.base; N];
        for (value, octets) in values.iter_mut().zip(data) {
            *value = self.base.wrapping_add(number(*octets));
        }
        values
    }

    /// All `count` numbers.
    pub(super) fn iter(&self, count: usize) -> impl Iterator<Item = u64> {
        let batches = (0..count).step_by(BATCH);
        batches
            .flat_map(|from| self.decode::<BATCH>(from))
            .take(count)
    }
}

fn place<const W: usize>(data: &[u8], at: usize) -> Option<[u8; W]> {
    data.as_chunks().0.get(at).copied()
}

/// A number that may be unknown, as a number that is always there: 0 is unknown.
pub(super) fn optional(value: Option<impl Into<u64>>) -> u64 {
    // The greatest number of all stays unknown: no count, size or sum comes near it.
    value
        .and_then(|value| value.into().checked_add(1))
        .unwrap_or(0)
}

/// What [`optional`] made of it.
pub(super) const fn known(value: u64) -> Option<u64> {
    value.checked_sub(1)
}

/// A number with a sign as one without, small where its magnitude is small: 0, -1, 1, -2 ...
pub(super) const fn zigzag(value: i64) -> u64 {
    ((value << 1) ^ (value >> 63)).cast_unsigned()
}

/// What [`zigzag`] made of it.
pub(super) const fn unzigzag(value: u64) -> i64 {
    (value >> 1).cast_signed() ^ -(value & 1).cast_signed()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn columns_read_back(
            base in prop_oneof![Just(0), any::<u64>()],
            spread in prop::sample::select(vec![0_u64, 200, 60_000, 1 << 30, u64::MAX]),
            numbers in prop::collection::vec(any::<u64>(), 0..200),
        ) {
            let spread = spread.min(u64::MAX - base);
            let number = |n: u64| base + if spread == u64::MAX { n } else { n % (spread + 1) };
            let numbers: Vec<_> = numbers.into_iter().map(number).collect();
            let mut out = Vec::new();
            write(numbers.iter().copied(), &mut out);
            let mut cursor = Cursor::new(Bytes::from(out));
            let column = Ints::parse(numbers.len(), &mut cursor).unwrap();
            prop_assert_eq!(column.iter(numbers.len()).collect::<Vec<_>>(), numbers.clone());
            for (at, number) in numbers.iter().enumerate() {
                prop_assert_eq!(column.get(at), *number);
            }
        }

        #[test]
        fn signs_read_back(value: i64) {
            prop_assert_eq!(unzigzag(zigzag(value)), value);
        }

        #[test]
        fn the_unknown_reads_back(value in proptest::option::of(0..u64::MAX)) {
            prop_assert_eq!(known(optional(value)), value);
        }
    }
}
