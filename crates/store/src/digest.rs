//! Digests that tell whether a device, or a print system, said the same again.

use std::hash::{DefaultHasher, Hash, Hasher as _};

/// A 64-bit digest of `value`, in the store's form. It is compared only with digests of the same
/// device or job; one that a newer compiler computes differently costs one comparison, nothing else.
pub(crate) fn digest(value: impl Hash) -> i64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish().cast_signed()
}
