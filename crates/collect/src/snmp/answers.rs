//! What a conversation brought in, ready to be looked up.

use super::oid::Oid;
use super::value::Value;

/// Objects and their values in SNMP order. Absent objects are not in it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Answers {
    /// Ordered by object, each object once.
    bindings: Vec<(Oid, Value)>,
    cut_short: bool,
}

impl Answers {
    /// The answers in these runs, each in order. Runs come from different columns, so that one
    /// mostly follows the other as a whole and little is left to sort.
    pub(crate) fn from_runs(runs: impl Iterator<Item = Vec<(Oid, Value)>>) -> Self {
        let mut runs: Vec<_> = runs.filter(|run| !run.is_empty()).collect();
        runs.sort_by(|one, other| {
            let (one, other) = (one.first(), other.first());
            one.map(|(oid, _)| oid).cmp(&other.map(|(oid, _)| oid))
        });
        let mut answers = Self {
            bindings: Vec::with_capacity(runs.iter().map(Vec::len).sum()),
            cut_short: false,
        };
        for mut run in runs {
            answers.bindings.append(&mut run);
        }
        answers.bindings.retain(|(_, value)| !value.is_absent());
        answers.order();
        answers
    }

    /// Puts the bindings in order; of two of one object the first stays.
    fn order(&mut self) {
        let in_order = self
            .bindings
            .is_sorted_by(|(one, _), (other, _)| one < other);
        if !in_order {
            self.bindings.sort_by(|(one, _), (other, _)| one.cmp(other));
            self.bindings
                .dedup_by(|(later, _), (first, _)| later == first);
        }
    }

    /// Adds a value; what states an absence is dropped, the first value of an object stays.
    pub fn insert(&mut self, oid: Oid, value: Value) {
        if value.is_absent() {
            return;
        }
        if let Err(place) = self.find(&oid) {
            self.bindings.insert(place, (oid, value));
        }
    }

    fn find(&self, oid: &Oid) -> Result<usize, usize> {
        self.bindings.binary_search_by(|(other, _)| other.cmp(oid))
    }

    /// The value of one object.
    pub fn get(&self, oid: &Oid) -> Option<&Value> {
        let place = self.find(oid).ok()?;
        self.bindings.get(place).map(|(_, value)| value)
    }

    /// Every object below `prefix`, as what follows the prefix and the value, in order.
    pub fn below<'a, 'p>(
        &'a self,
        prefix: &'p Oid,
    ) -> impl Iterator<Item = (&'a [u32], &'a Value)> + use<'a, 'p> {
        let start = self.bindings.partition_point(|(oid, _)| oid < prefix);
        let from = self.bindings.get(start..).unwrap_or(&[]);
        from.iter()
            .map_while(move |(oid, value)| oid.suffix(prefix).map(|suffix| (suffix, value)))
    }

    /// These answers and, of `base`, the objects that are not among them: all of both only where
    /// both are complete.
    #[must_use]
    pub(crate) fn over(self, base: &Self) -> Self {
        let mut bindings = Vec::with_capacity(self.len() + base.len());
        let mut below = base.bindings.iter().peekable();
        for (oid, value) in self.bindings {
            while let Some(binding) = below.next_if(|(other, _)| *other < oid) {
                bindings.push(binding.clone());
            }
            below.next_if(|(other, _)| *other == oid);
            bindings.push((oid, value));
        }
        bindings.extend(below.cloned());
        Self {
            bindings,
            cut_short: self.cut_short || base.cut_short,
        }
    }

    /// Every object with its value, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&Oid, &Value)> {
        self.bindings.iter().map(|(oid, value)| (oid, value))
    }

    /// Whether everything asked for was answered or is known to be absent; `false` where a limit
    /// ended the conversation before, so that an object not in here may exist all the same.
    pub fn is_complete(&self) -> bool {
        !self.cut_short
    }

    /// These answers, marked as not all.
    #[must_use]
    pub(crate) fn cut_short(mut self) -> Self {
        self.cut_short = true;
        self
    }

    /// How many objects there are.
    pub fn len(&self) -> usize {
        self.bindings.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.bindings.is_empty()
    }
}

impl Extend<(Oid, Value)> for Answers {
    fn extend<I: IntoIterator<Item = (Oid, Value)>>(&mut self, items: I) {
        let present = items.into_iter().filter(|(_, value)| !value.is_absent());
        self.bindings.extend(present);
        self.order();
    }
}

impl FromIterator<(Oid, Value)> for Answers {
    fn from_iter<I: IntoIterator<Item = (Oid, Value)>>(items: I) -> Self {
        let mut answers = Self::default();
        answers.extend(items);
        answers
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn oid(text: &str) -> Oid {
        text.parse().unwrap()
    }

    #[test]
    fn answers_over_others_hide_theirs_and_keep_the_order() {
        let answers = |bindings: &[(&str, i64)]| -> Answers {
            let binding = |(object, number): &(&str, i64)| (oid(object), Value::Integer(*number));
            bindings.iter().map(binding).collect()
        };
        let base = answers(&[("1.1", 1), ("1.3", 3), ("1.5", 5)]);
        let fresh = answers(&[("1.2", 20), ("1.3", 30), ("1.4", 40)]);
        let both = answers(&[
            ("1.1", 1),
            ("1.2", 20),
            ("1.3", 30),
            ("1.4", 40),
            ("1.5", 5),
        ]);
        assert_eq!(fresh.over(&base), both);
        assert_eq!(Answers::default().over(&base), base);
    }

    #[test]
    fn objects_are_found_in_order_whatever_order_they_came_in() {
        let mut answers: Answers = [
            (oid("1.3.10"), Value::Integer(10)),
            (oid("1.3.9.2"), Value::Integer(92)),
            (oid("1.3.9.10"), Value::Integer(910)),
            (oid("1.3.9.2"), Value::Integer(-1)),
            (oid("1.3.9.3"), Value::NoSuchInstance),
        ]
        .into_iter()
        .collect();
        answers.insert(oid("1.3.9.1"), Value::Integer(91));
        answers.insert(oid("1.3.9.1"), Value::Integer(-1));
        answers.insert(oid("1.3.9.4"), Value::Null);
        assert_eq!(answers.get(&oid("1.3.9.2")), Some(&Value::Integer(92)));
        assert_eq!(answers.get(&oid("1.3.9.3")), None);
        let column = oid("1.3.9");
        let rows: Vec<_> = answers.below(&column).collect();
        assert_eq!(
            rows,
            [
                (&[1][..], &Value::Integer(91)),
                (&[2], &Value::Integer(92)),
                (&[10], &Value::Integer(910)),
            ]
        );
        assert_eq!(answers.len(), 4);
    }
}
