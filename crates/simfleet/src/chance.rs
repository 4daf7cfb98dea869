//! Repeatable chance: the same seed makes the same fleet, with the same mishaps at the same times.

/// The number after `state` in the sequence of `SplitMix64`.
pub(crate) const fn next(state: u64) -> u64 {
    let mut z = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// A number that belongs to `parts` and to nothing else.
pub(crate) fn hash(parts: &[u64]) -> u64 {
    parts.iter().fold(0, |state, part| next(state ^ *part))
}

/// `random` as a number below 100.
pub(crate) fn percent(random: u64) -> u8 {
    u8::try_from(random % 100).unwrap_or(0)
}
