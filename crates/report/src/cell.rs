//! One value of a report.

use std::borrow::Cow;
use std::cmp::Ordering;

use platen_domain::clock::Timestamp;

use crate::decimal::Decimal;

/// One value of a row. Unknown is [`Cell::Null`], never 0 and never a sentinel.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub enum Cell<'a> {
    /// Not known, or not stated by the device.
    #[default]
    Null,
    /// Text, tidied where it came from a device.
    Text(Cow<'a, str>),
    /// A UUID as a name, `urn:uuid:` before it: a text of which only the bytes are kept.
    Uuid([u8; 16]),
    /// A count, an amount or a grade.
    Integer(u64),
    /// Money or a weight.
    Decimal(Decimal),
    /// Yes or no.
    Boolean(bool),
    /// An instant; shown in the organization's time zone.
    Instant(Timestamp),
}

/// A cell that outlives the snapshot it was taken from.
pub type OwnedCell = Cell<'static>;

impl<'a> Cell<'a> {
    /// The text of an optional field.
    pub(crate) fn text(text: Option<&'a str>) -> Self {
        text.map_or(Self::Null, |text| Self::Text(Cow::Borrowed(text)))
    }

    /// The text that was made for an optional field.
    pub(crate) fn text_owned(text: Option<String>) -> Self {
        text.map_or(Self::Null, |text| Self::Text(Cow::Owned(text)))
    }

    /// The integer of an optional field.
    pub(crate) fn integer(value: Option<impl Into<u64>>) -> Self {
        value.map_or(Self::Null, |value| Self::Integer(value.into()))
    }

    /// The instant of an optional field.
    pub(crate) fn instant(at: Option<Timestamp>) -> Self {
        at.map_or(Self::Null, Self::Instant)
    }

    /// The same cell, holding its own text.
    pub fn into_owned(self) -> OwnedCell {
        match self {
            Self::Null => Cell::Null,
            Self::Text(text) => Cell::Text(Cow::Owned(text.into_owned())),
            Self::Uuid(bytes) => Cell::Uuid(bytes),
            Self::Integer(value) => Cell::Integer(value),
            Self::Decimal(value) => Cell::Decimal(value),
            Self::Boolean(value) => Cell::Boolean(value),
            Self::Instant(at) => Cell::Instant(at),
        }
    }

    /// The order in which a person expects a sorted column: numbers and instants by size, text
    /// without regard to case, and what is unknown at the end.
    pub fn order(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Text(a), Self::Text(b)) => order_of_text(a, b),
            (Self::Uuid(a), Self::Uuid(b)) => a.cmp(b),
            (Self::Integer(a), Self::Integer(b)) => a.cmp(b),
            (Self::Decimal(a), Self::Decimal(b)) => a.order(*b),
            (Self::Boolean(a), Self::Boolean(b)) => a.cmp(b),
            (Self::Instant(a), Self::Instant(b)) => a.cmp(b),
            _ => self.rank().cmp(&other.rank()),
        }
    }

    /// Where cells of different kinds stand among each other; a column mixes only `Null` in.
    const fn rank(&self) -> u8 {
        match self {
            Self::Boolean(_) => 0,
            Self::Integer(_) => 1,
            Self::Decimal(_) => 2,
            Self::Instant(_) => 3,
            Self::Uuid(_) => 4,
            Self::Text(_) => 5,
            Self::Null => 6,
        }
    }
}

fn order_of_text(a: &str, b: &str) -> Ordering {
    let folded = |text: &str| {
        text.chars()
            .flat_map(char::to_lowercase)
            .collect::<String>()
    };
    if a.is_ascii() && b.is_ascii() {
        let fold = |byte: u8| byte.to_ascii_lowercase();
        return a.bytes().map(fold).cmp(b.bytes().map(fold)).then(a.cmp(b));
    }
    folded(a).cmp(&folded(b)).then(a.cmp(b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sorting_puts_the_unknown_last_and_ignores_case() {
        let text = |text| Cell::text(Some(text));
        let mut cells = [
            Cell::Null,
            text("beta"),
            text("Alpha"),
            text("ärger"),
            text("BETA"),
        ];
        cells.sort_by(Cell::order);
        assert_eq!(
            cells,
            [
                text("Alpha"),
                text("BETA"),
                text("beta"),
                text("ärger"),
                Cell::Null
            ]
        );
        assert_eq!(Cell::Integer(9).order(&Cell::Integer(10)), Ordering::Less);
    }
}
