//! What a conversation brought in, ready to be looked up.

use std::collections::BTreeMap;

use super::oid::Oid;
use super::value::Value;

/// Objects and their values in SNMP order. Absent objects are not in it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Answers(BTreeMap<Oid, Value>);

impl Answers {
    /// Adds a value; what states an absence is dropped, the first value of an object stays.
    pub fn insert(&mut self, oid: Oid, value: Value) {
        if !value.is_absent() {
            self.0.entry(oid).or_insert(value);
        }
    }

    /// The value of one object.
    pub fn get(&self, oid: &Oid) -> Option<&Value> {
        self.0.get(oid)
    }

    /// Every object below `prefix`, as what follows the prefix and the value, in order.
    pub fn below<'a>(&'a self, prefix: &'a Oid) -> impl Iterator<Item = (&'a [u32], &'a Value)> {
        self.0
            .range(prefix..)
            .map_while(move |(oid, value)| oid.suffix(prefix).map(|suffix| (suffix, value)))
    }

    /// Every object with its value, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&Oid, &Value)> {
        self.0.iter()
    }

    /// How many objects there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Extend<(Oid, Value)> for Answers {
    fn extend<I: IntoIterator<Item = (Oid, Value)>>(&mut self, items: I) {
        for (oid, value) in items {
            self.insert(oid, value);
        }
    }
}

impl FromIterator<(Oid, Value)> for Answers {
    fn from_iter<I: IntoIterator<Item = (Oid, Value)>>(items: I) -> Self {
        let mut answers = Self::default();
        answers.extend(items);
        answers
    }
}
