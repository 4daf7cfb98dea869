//! Object identifiers.

use std::fmt;
use std::str::FromStr;

/// Most arcs of an object identifier (RFC 3416, 4.1: at most 128 sub-identifiers).
pub const OID_ARCS_MAX: usize = 128;

/// An object identifier, ordered as SNMP orders its objects.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Oid(Vec<u32>);

impl Oid {
    /// The identifier with these arcs; arcs past [`OID_ARCS_MAX`] are refused.
    pub fn from_arcs(arcs: &[u32]) -> Option<Self> {
        (arcs.len() <= OID_ARCS_MAX).then(|| Self(arcs.to_vec()))
    }

    /// As [`Oid::from_arcs`], without copying.
    pub(crate) fn from_vec(arcs: Vec<u32>) -> Option<Self> {
        (arcs.len() <= OID_ARCS_MAX).then_some(Self(arcs))
    }

    /// Its arcs.
    pub fn arcs(&self) -> &[u32] {
        &self.0
    }

    /// This identifier extended by `arcs`.
    #[must_use]
    pub fn child(&self, arcs: &[u32]) -> Self {
        let mut all = Vec::with_capacity(self.0.len() + arcs.len());
        all.extend_from_slice(&self.0);
        all.extend_from_slice(arcs);
        Self(all)
    }

    /// What follows `prefix` in this identifier; `None` when it does not lie below `prefix`.
    pub fn suffix(&self, prefix: &Self) -> Option<&[u32]> {
        self.0.strip_prefix(prefix.arcs())
    }

    /// Whether this identifier names something below `prefix`, which `prefix` itself does not.
    pub fn is_below(&self, prefix: &Self) -> bool {
        self.suffix(prefix).is_some_and(|suffix| !suffix.is_empty())
    }

    /// An identifier just before this one: what `GETNEXT` is asked so that it answers this one,
    /// if the device has it. Where the last arc is 0 that is the identifier without it.
    pub(crate) fn predecessor(&self) -> Self {
        let mut arcs = self.0.clone();
        match arcs.pop() {
            None | Some(0) => {}
            Some(last) => arcs.push(last - 1),
        }
        Self(arcs)
    }
}

impl fmt::Display for Oid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, arc) in self.0.iter().enumerate() {
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
}
