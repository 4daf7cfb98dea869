//! The objects of one device, encoded once and sorted, so that an answer is a copy.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::oid::Oid;
use crate::template::{Live, Stamp};
use crate::value::Value;
use crate::wire::ber;

/// Collects objects in any order; the last value of a name wins.
#[derive(Debug, Clone, Default)]
pub struct MibBuilder(BTreeMap<Oid, Value>);

impl MibBuilder {
    /// No object yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds the object instance `name`.
    pub fn put(&mut self, name: Oid, value: Value) {
        self.0.insert(name, value);
    }

    /// The finished objects.
    pub fn build(&self) -> Mib {
        Mib(self
            .0
            .iter()
            .map(|(name, value)| Object::new(name, value))
            .collect())
    }
}

/// The objects a device has, in the order in which SNMP walks them.
#[derive(Debug, Clone, Default)]
pub struct Mib(Vec<Object>);

#[derive(Debug, Clone)]
struct Object {
    name: Oid,
    /// The variable binding: a SEQUENCE of name and value.
    binding: Box<[u8]>,
    /// Where the encoded name stands in it.
    encoded_name: Range<usize>,
    live: Option<Live>,
    counter64: bool,
}

impl Object {
    fn new(name: &Oid, value: &Value) -> Self {
        let mut content = Vec::new();
        ber::write_oid(&mut content, name.arcs());
        let name_length = content.len();
        value.encode(&mut content);
        let mut binding = Vec::new();
        ber::write(&mut binding, ber::SEQUENCE, &content);
        let header = ber::header_length(content.len());
        Self {
            name: name.clone(),
            binding: binding.into_boxed_slice(),
            encoded_name: header..header + name_length,
            live: None,
            counter64: matches!(value, Value::Counter64(_)),
        }
    }

    fn encoded_name(&self) -> &[u8] {
        self.binding
            .get(self.encoded_name.clone())
            .unwrap_or_default()
    }

    /// Appends the binding with the stamp's value in the place of the template's.
    fn write_stamped(&self, live: Live, stamp: &Stamp, out: &mut Vec<u8>) {
        let begin = out.len();
        ber::write_header(out, ber::SEQUENCE, 0);
        out.extend_from_slice(self.encoded_name());
        stamp.write(live, out);
        let content = out.len() - begin - ber::header_length(0);
        // Short by the promises of `Stamp::write` and of the few names that are live.
        if let (Some(length), Ok(content)) = (out.get_mut(begin + 1), u8::try_from(content)) {
            *length = content;
        }
    }
}

impl Mib {
    /// How many object instances there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Lets every device put its own value in the place of `name`'s.
    pub(crate) fn make_live(&mut self, name: &[u32], live: Live) {
        if let Some(object) = self
            .find(name)
            .and_then(|position| self.0.get_mut(position))
        {
            object.live = Some(live);
        }
    }

    /// The position of the instance `name`.
    pub(crate) fn find(&self, name: &[u32]) -> Option<usize> {
        self.0
            .binary_search_by(|object| object.name.arcs().cmp(name))
            .ok()
    }

    /// The position of the first instance after `name`; [`Mib::len`] when nothing follows.
    pub(crate) fn after(&self, name: &[u32]) -> usize {
        self.0.partition_point(|object| object.name.arcs() <= name)
    }

    /// Whether SNMPv1 cannot carry the value at `position` (RFC 3584, 4.2.2).
    pub(crate) fn is_counter64(&self, position: usize) -> bool {
        self.0.get(position).is_some_and(|object| object.counter64)
    }

    /// Whether an instance lies below `column`.
    pub(crate) fn has_below(&self, column: &[u32]) -> bool {
        let next = self.0.get(self.after(column));
        next.is_some_and(|object| object.name.arcs().starts_with(column))
    }

    /// The encoded name at `position`.
    pub(crate) fn encoded_name(&self, position: usize) -> &[u8] {
        self.0
            .get(position)
            .map(Object::encoded_name)
            .unwrap_or_default()
    }

    /// Appends the variable binding at `position`.
    pub(crate) fn write_binding(&self, position: usize, stamp: Option<&Stamp>, out: &mut Vec<u8>) {
        let Some(object) = self.0.get(position) else {
            return;
        };
        match (object.live, stamp) {
            (Some(live), Some(stamp)) => object.write_stamped(live, stamp, out),
            _ => out.extend_from_slice(&object.binding),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn walks_in_numeric_order() {
        let mut builder = MibBuilder::new();
        for name in ["1.3.10.0", "1.3.9.0", "1.3.9.1.1"] {
            builder.put(name.parse().unwrap(), Value::Integer(1));
        }
        let mib = builder.build();
        assert_eq!(mib.after(&[1, 3]), 0);
        assert_eq!(mib.after(&[1, 3, 9, 0]), 1);
        assert_eq!(mib.after(&[1, 3, 9, 1, 1]), 2);
        assert_eq!(mib.after(&[1, 3, 10, 0]), mib.len());
        assert_eq!(mib.find(&[1, 3, 10, 0]), Some(2));
        assert!(mib.has_below(&[1, 3, 9]));
        assert!(!mib.has_below(&[1, 3, 11]));
    }
}
