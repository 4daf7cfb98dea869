//! Lists that are read a page at a time: each page begins behind the last item of the one before,
//! wherever that is by now.

use crate::access::Reader;
use crate::error::StoreError;
use crate::session::{Row, ToValue, Value};

/// The place of an item in its list: by what the list is sorted, then by a number that no two
/// items share.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Place {
    /// What the list is sorted by; empty where that is the number.
    pub key: String,
    /// The number.
    pub number: i64,
}

/// An item with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed<T> {
    /// The item.
    pub item: T,
    /// Its place.
    pub place: Place,
}

/// A SELECT that grows by the conditions of a request. Its texts are the program's own; what
/// requests say is bound.
pub(crate) struct Select {
    sql: String,
    values: Vec<Value<'static>>,
}

/// The pattern, under ESCAPE '!', of all texts that contain this one.
pub(crate) fn containing(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len() + 2);
    pattern.push('%');
    for character in text.chars() {
        if matches!(character, '%' | '_' | '!') {
            pattern.push('!');
        }
        pattern.push(character);
    }
    pattern.push('%');
    pattern
}

impl Select {
    /// `start` ends in a first condition.
    pub(crate) fn new(start: &str, values: impl IntoIterator<Item = Value<'static>>) -> Self {
        Self {
            sql: start.to_owned(),
            values: values.into_iter().collect(),
        }
    }

    /// Adds a condition with one `?` for each value.
    pub(crate) fn and(
        &mut self,
        condition: &str,
        values: impl IntoIterator<Item = Value<'static>>,
    ) {
        self.sql.push_str(" AND ");
        self.sql.push_str(condition);
        self.values.extend(values);
    }

    /// Adds a condition where its value is stated.
    pub(crate) fn and_opt(&mut self, condition: &str, value: Option<impl Into<Value<'static>>>) {
        if let Some(value) = value {
            self.and(condition, [value.into()]);
        }
    }

    /// The first `items` rows in this order.
    pub(crate) fn rows<T>(
        mut self,
        reader: &Reader<'_>,
        order: &str,
        items: u32,
        decode: impl FnMut(&Row<'_>) -> Result<T, StoreError>,
    ) -> Result<Vec<T>, StoreError> {
        self.sql.push_str(" ORDER BY ");
        self.sql.push_str(order);
        self.sql.push_str(" LIMIT ?");
        self.values.push(Value::from(items));
        let values: Vec<&dyn ToValue> = self.values.iter().map(|value| value as _).collect();
        reader.all(&self.sql, &values, decode)
    }
}
