//! Object identifiers.

use std::fmt;
use std::str::FromStr;

/// Most arcs of an object identifier (RFC 3416, 4.1).
pub(crate) const ARCS_MAX: usize = 128;

/// An object identifier, ordered as SNMP orders its objects.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Oid(Vec<u32>);

impl Oid {
    /// The identifier with these arcs.
    pub fn new(arcs: &[u32]) -> Self {
        Self(arcs.to_vec())
    }

    /// Its arcs.
    pub fn arcs(&self) -> &[u32] {
        &self.0
    }

    /// This identifier extended by `arcs`.
    #[must_use]
    pub fn child(&self, arcs: &[u32]) -> Self {
        Self([self.arcs(), arcs].concat())
    }
}

impl fmt::Display for Oid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, arc) in self.0.iter().enumerate() {
            let dot = if position > 0 { "." } else { "" };
            write!(f, "{dot}{arc}")?;
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an object identifier: expected numbers and dots such as 1.3.6.1.2.1.43")]
pub struct ParseOidError;

impl FromStr for Oid {
    type Err = ParseOidError;

    /// Reads the dotted form of at least two arcs, with or without a leading dot. The first two
    /// arcs have to fit the encoding (X.690, 8.19): 0 to 2, then 0 to 39 below 2.
    fn from_str(text: &str) -> Result<Self, ParseOidError> {
        let dotted = text.strip_prefix('.').unwrap_or(text);
        let arcs: Result<Vec<u32>, _> = dotted.split('.').map(str::parse).collect();
        let Ok(arcs) = arcs else {
            return Err(ParseOidError);
        };
        let encodes = match arcs.as_slice() {
            [0 | 1, second, ..] => *second < 40,
            [2, second, ..] => *second <= u32::MAX - 80,
            _ => false,
        };
        if encodes && arcs.len() <= ARCS_MAX {
            Ok(Self(arcs))
        } else {
            Err(ParseOidError)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_dotted_form_and_refuses_what_cannot_be_encoded() {
        let oid: Oid = ".1.3.6.1.2.1.43".parse().unwrap();
        assert_eq!(oid.to_string(), "1.3.6.1.2.1.43");
        assert_eq!("0.0".parse(), Ok(Oid::new(&[0, 0])));
        for bad in ["", "1", "1..3", "1.x", "1.40", "3.1", "1.3.4294967296"] {
            assert_eq!(bad.parse::<Oid>(), Err(ParseOidError), "{bad}");
        }
    }
}
