//! Object identifiers.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

/// Most arcs of an object identifier (RFC 3416, 4.1: at most 128 sub-identifiers).
pub const OID_ARCS_MAX: usize = 128;

/// Arcs kept without an allocation: instances of the Printer MIB have up to 14.
const INLINE_ARCS: usize = 15;

/// An object identifier, ordered as SNMP orders its objects.
#[derive(Clone)]
pub struct Oid(Arcs);

#[derive(Clone)]
enum Arcs {
    Inline {
        length: u8,
        arcs: [u32; INLINE_ARCS],
    },
    Allocated(Box<[u32]>),
}

impl Oid {
    /// The identifier with these arcs; arcs past [`OID_ARCS_MAX`] are refused.
    pub fn from_arcs(arcs: &[u32]) -> Option<Self> {
        (arcs.len() <= OID_ARCS_MAX).then(|| Self::joined(arcs, &[]))
    }

    /// The identifier with the arcs of both parts.
    fn joined(start: &[u32], end: &[u32]) -> Self {
        let length = start.len() + end.len();
        let mut arcs = [0; INLINE_ARCS];
        let (Ok(short), true) = (u8::try_from(length), length <= INLINE_ARCS) else {
            return Self(Arcs::Allocated([start, end].concat().into_boxed_slice()));
        };
        for (slot, arc) in arcs.iter_mut().zip(start.iter().chain(end)) {
            *slot = *arc;
        }
        Self(Arcs::Inline {
            length: short,
            arcs,
        })
    }

    /// Its arcs.
    pub fn arcs(&self) -> &[u32] {
        match &self.0 {
            Arcs::Inline { length, arcs } => arcs.get(..usize::from(*length)).unwrap_or(arcs),
            Arcs::Allocated(arcs) => arcs,
        }
    }

    /// This identifier extended by `arcs`.
    #[must_use]
    pub fn child(&self, arcs: &[u32]) -> Self {
        Self::joined(self.arcs(), arcs)
    }

    /// What follows `prefix` in this identifier; `None` when it does not lie below `prefix`.
    pub fn suffix(&self, prefix: &Self) -> Option<&[u32]> {
        self.arcs().strip_prefix(prefix.arcs())
    }

    /// Whether this identifier names something below `prefix`, which `prefix` itself does not.
    pub fn is_below(&self, prefix: &Self) -> bool {
        self.suffix(prefix).is_some_and(|suffix| !suffix.is_empty())
    }

    /// An identifier just before this one: what `GETNEXT` is asked so that it answers this one,
    /// if the device has it. Where the last arc is 0 that is the identifier without it.
    pub(crate) fn predecessor(&self) -> Self {
        match self.arcs() {
            [] => self.clone(),
            [parent @ .., 0] => Self::joined(parent, &[]),
            [parent @ .., last] => Self::joined(parent, &[last - 1]),
        }
    }
}

impl Default for Oid {
    fn default() -> Self {
        Self::joined(&[], &[])
    }
}

impl PartialEq for Oid {
    fn eq(&self, other: &Self) -> bool {
        self.arcs() == other.arcs()
    }
}

impl Eq for Oid {}

impl PartialOrd for Oid {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Oid {
    fn cmp(&self, other: &Self) -> Ordering {
        self.arcs().cmp(other.arcs())
    }
}

impl Hash for Oid {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.arcs().hash(state);
    }
}

impl fmt::Display for Oid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, arc) in self.arcs().iter().enumerate() {
            if position > 0 {
                f.write_str(".")?;
            }
            write!(f, "{arc}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Oid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The text is not an object identifier.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not an object identifier: expected numbers and dots such as 1.3.6.1.2.1.43")]
pub struct ParseOidError;

impl FromStr for Oid {
    type Err = ParseOidError;

    /// Reads the dotted form; one leading dot is accepted, as net-snmp prints it.
    fn from_str(text: &str) -> Result<Self, ParseOidError> {
        let dotted = text.strip_prefix('.').unwrap_or(text);
        let arcs: Result<Vec<u32>, _> = dotted.split('.').map(str::parse).collect();
        arcs.ok()
            .and_then(|arcs| Self::from_arcs(&arcs))
            .ok_or(ParseOidError)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dotted_form_reads_back_and_orders_by_arc() {
        let oid: Oid = ".1.3.6.1.2.1.43".parse().unwrap();
        assert_eq!(oid.to_string(), "1.3.6.1.2.1.43");
        let row = oid.child(&[11, 1]);
        assert_eq!(row.suffix(&oid), Some(&[11, 1][..]));
        assert_eq!(oid.suffix(&row), None);
        assert!(oid < row);
        assert!("1.3.10".parse::<Oid>().unwrap() > "1.3.9".parse().unwrap());
        for bad in ["", "1..3", "1.x", "1.4294967296"] {
            assert_eq!(bad.parse::<Oid>(), Err(ParseOidError), "{bad}");
        }
    }

    #[test]
    fn long_identifiers_are_like_short_ones() {
        let short = Oid::from_arcs(&[7; INLINE_ARCS]).unwrap();
        let long = short.child(&[0]);
        assert!(short < long);
        assert_eq!(long.predecessor(), short);
        assert_eq!(long.suffix(&short), Some(&[0][..]));
        assert_eq!(long.arcs().len(), INLINE_ARCS + 1);
        assert_eq!(Oid::from_arcs(&[1; OID_ARCS_MAX + 1]), None);
    }

    #[test]
    fn the_predecessor_is_what_getnext_goes_on_from() {
        let predecessor = |text: &str| text.parse::<Oid>().unwrap().predecessor().to_string();
        assert_eq!(predecessor("1.3.6.1.2.1.1.3.0"), "1.3.6.1.2.1.1.3");
        assert_eq!(
            predecessor("1.3.6.1.2.1.43.10.2.1.4.1.1"),
            "1.3.6.1.2.1.43.10.2.1.4.1.0"
        );
        assert_eq!(Oid::default().predecessor(), Oid::default());
    }
}
