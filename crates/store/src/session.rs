//! What the nouns of this crate ask of an engine, in types of our own: no engine's type stands
//! in a noun, and a second engine implements [`Session`] and nothing else.

use std::borrow::Cow;
use std::ops::ControlFlow;

use crate::error::StoreError;

/// An open transaction of an engine.
pub(crate) trait Session {
    /// Runs one statement and hands every row to `visit`, until it breaks.
    fn visit(
        &self,
        sql: &str,
        params: &[&dyn ToValue],
        visit: &mut Visit<'_>,
    ) -> Result<(), StoreError>;

    /// Runs one statement and returns how many rows it changed.
    fn execute(&self, sql: &str, params: &[&dyn ToValue]) -> Result<u64, StoreError>;

    /// Runs one INSERT and returns the number of the row it made.
    fn insert(&self, sql: &str, params: &[&dyn ToValue]) -> Result<i64, StoreError>;

    /// Marks the place to which [`Session::end_attempt`] can undo. Attempts nest.
    fn begin_attempt(&self) -> Result<(), StoreError>;

    /// Whether the transaction is still open. Some failures end it.
    fn is_open(&self) -> bool;

    /// Ends the innermost attempt: keeps what it changed, or undoes it.
    fn end_attempt(&self, end: AttemptEnd) -> Result<(), StoreError>;
}

impl dyn Session + '_ {
    /// The first row, where there is one.
    pub(crate) fn one<T>(
        &self,
        sql: &str,
        params: &[&dyn ToValue],
        decode: impl FnOnce(&Row<'_>) -> Result<T, StoreError>,
    ) -> Result<Option<T>, StoreError> {
        let (mut decode, mut first) = (Some(decode), None);
        self.visit(sql, params, &mut |row| {
            if let Some(decode) = decode.take() {
                first = Some(decode(row)?);
            }
            Ok(ControlFlow::Break(()))
        })?;
        Ok(first)
    }

    /// The first row of a statement that always has one.
    pub(crate) fn only<T>(
        &self,
        sql: &str,
        params: &[&dyn ToValue],
        decode: impl FnOnce(&Row<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let row = self.one(sql, params, decode)?;
        row.ok_or_else(|| StoreError::Unreadable("a row is missing".to_owned()))
    }

    /// Every row.
    pub(crate) fn all<T>(
        &self,
        sql: &str,
        params: &[&dyn ToValue],
        mut decode: impl FnMut(&Row<'_>) -> Result<T, StoreError>,
    ) -> Result<Vec<T>, StoreError> {
        let mut found = Vec::new();
        self.each(sql, params, |row| {
            found.push(decode(row)?);
            Ok(())
        })?;
        Ok(found)
    }

    /// Hands every row to `visit`.
    pub(crate) fn each(
        &self,
        sql: &str,
        params: &[&dyn ToValue],
        mut visit: impl FnMut(&Row<'_>) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        self.visit(sql, params, &mut |row| {
            visit(row)?;
            Ok(ControlFlow::Continue(()))
        })
    }
}

/// Sees one row after the other; breaks when it has seen enough.
pub(crate) type Visit<'v> = dyn FnMut(&Row<'_>) -> Result<ControlFlow<()>, StoreError> + 'v;

/// How an attempt ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AttemptEnd {
    /// What it changed is kept.
    Keep,
    /// What it changed is undone.
    Undo,
}

/// A value of a column or of a parameter.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value<'v> {
    Null,
    Integer(i64),
    Real(f64),
    Text(Cow<'v, str>),
    Blob(Cow<'v, [u8]>),
}

/// The columns of one row, as the engine holds them.
pub(crate) trait Columns {
    /// The value of a column, counted from 0.
    fn value(&self, column: usize) -> Result<Value<'_>, StoreError>;
}

/// A row that a statement answers.
pub(crate) struct Row<'r>(&'r dyn Columns);

impl<'r> Row<'r> {
    pub(crate) const fn new(columns: &'r dyn Columns) -> Self {
        Self(columns)
    }

    /// The value of a column, counted from 0.
    pub(crate) fn get<T: FromValue>(&self, column: usize) -> Result<T, StoreError> {
        let value = self.0.value(column)?;
        T::from_value(&value).ok_or_else(|| unexpected(column, &format!("{value:?}")))
    }

    /// A text, without a copy where the engine allows.
    pub(crate) fn text(&self, column: usize) -> Result<Cow<'_, str>, StoreError> {
        let text = self.text_opt(column)?;
        text.ok_or_else(|| unexpected(column, "NULL"))
    }

    /// A text that may be missing.
    pub(crate) fn text_opt(&self, column: usize) -> Result<Option<Cow<'_, str>>, StoreError> {
        match self.value(column)? {
            Value::Null => Ok(None),
            Value::Text(text) => Ok(Some(text)),
            other => Err(unexpected(column, &format!("{other:?}"))),
        }
    }

    /// The value itself.
    pub(crate) fn value(&self, column: usize) -> Result<Value<'_>, StoreError> {
        self.0.value(column)
    }
}

/// The error of a column that holds what it cannot.
pub(crate) fn unexpected(column: usize, found: &str) -> StoreError {
    StoreError::Unreadable(format!("column {column} holds {found:?}"))
}

/// What a column's value can become.
pub(crate) trait FromValue: Sized {
    /// `None` where the value is of another kind or outside the range.
    fn from_value(value: &Value<'_>) -> Option<Self>;
}

/// What can be a parameter.
pub(crate) trait ToValue {
    /// Its value.
    fn to_value(&self) -> Value<'_>;
}

/// The parameters of a statement, in the order of their numbers.
macro_rules! params {
    ($($value:expr),* $(,)?) => {
        &[$(&$value as &dyn $crate::session::ToValue),*] as &[&dyn $crate::session::ToValue]
    };
}
pub(crate) use params;

macro_rules! integers {
    ($($integer:ty),*) => {$(
        impl FromValue for $integer {
            fn from_value(value: &Value<'_>) -> Option<Self> {
                match value {
                    Value::Integer(number) => (*number).try_into().ok(),
                    _ => None,
                }
            }
        }

        impl ToValue for $integer {
            fn to_value(&self) -> Value<'_> {
                Value::Integer(i64::from(*self))
            }
        }

        impl From<$integer> for Value<'_> {
            fn from(number: $integer) -> Self {
                Self::Integer(i64::from(number))
            }
        }
    )*};
}
integers!(i64, i32, u32, u16, u8);

impl FromValue for bool {
    fn from_value(value: &Value<'_>) -> Option<Self> {
        match value {
            Value::Integer(0) => Some(false),
            Value::Integer(1) => Some(true),
            _ => None,
        }
    }
}

impl ToValue for bool {
    fn to_value(&self) -> Value<'_> {
        Value::Integer(i64::from(*self))
    }
}

impl FromValue for f64 {
    fn from_value(value: &Value<'_>) -> Option<Self> {
        match value {
            Value::Real(number) => Some(*number),
            _ => None,
        }
    }
}

impl ToValue for f64 {
    fn to_value(&self) -> Value<'_> {
        Value::Real(*self)
    }
}

impl FromValue for String {
    fn from_value(value: &Value<'_>) -> Option<Self> {
        match value {
            Value::Text(text) => Some(text.clone().into_owned()),
            _ => None,
        }
    }
}

impl ToValue for str {
    fn to_value(&self) -> Value<'_> {
        Value::Text(Cow::Borrowed(self))
    }
}

impl ToValue for String {
    fn to_value(&self) -> Value<'_> {
        self.as_str().to_value()
    }
}

impl ToValue for Cow<'_, str> {
    fn to_value(&self) -> Value<'_> {
        self.as_ref().to_value()
    }
}

impl<T: Into<Self>> From<Option<T>> for Value<'_> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

impl From<String> for Value<'_> {
    fn from(text: String) -> Self {
        Self::Text(Cow::Owned(text))
    }
}

impl<'v> From<&'v str> for Value<'v> {
    fn from(text: &'v str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}

impl FromValue for Vec<u8> {
    fn from_value(value: &Value<'_>) -> Option<Self> {
        match value {
            Value::Blob(bytes) => Some(bytes.clone().into_owned()),
            _ => None,
        }
    }
}

impl<const N: usize> FromValue for [u8; N] {
    fn from_value(value: &Value<'_>) -> Option<Self> {
        match value {
            Value::Blob(bytes) => bytes.as_ref().try_into().ok(),
            _ => None,
        }
    }
}

impl ToValue for [u8] {
    fn to_value(&self) -> Value<'_> {
        Value::Blob(Cow::Borrowed(self))
    }
}

impl ToValue for Vec<u8> {
    fn to_value(&self) -> Value<'_> {
        self.as_slice().to_value()
    }
}

impl<const N: usize> ToValue for [u8; N] {
    fn to_value(&self) -> Value<'_> {
        self.as_slice().to_value()
    }
}

impl From<Vec<u8>> for Value<'_> {
    fn from(bytes: Vec<u8>) -> Self {
        Self::Blob(Cow::Owned(bytes))
    }
}

impl<T: FromValue> FromValue for Option<T> {
    fn from_value(value: &Value<'_>) -> Option<Self> {
        match value {
            Value::Null => Some(None),
            value => T::from_value(value).map(Some),
        }
    }
}

impl FromValue for Value<'static> {
    fn from_value(value: &Value<'_>) -> Option<Self> {
        Some(match value {
            Value::Null => Self::Null,
            Value::Integer(number) => Self::Integer(*number),
            Value::Real(number) => Self::Real(*number),
            Value::Text(text) => Self::from(text.as_ref().to_owned()),
            Value::Blob(bytes) => Self::from(bytes.as_ref().to_owned()),
        })
    }
}

impl<T: ToValue> ToValue for Option<T> {
    fn to_value(&self) -> Value<'_> {
        self.as_ref().map_or(Value::Null, T::to_value)
    }
}

impl<T: ToValue + ?Sized> ToValue for &T {
    fn to_value(&self) -> Value<'_> {
        (**self).to_value()
    }
}

impl ToValue for Value<'_> {
    fn to_value(&self) -> Value<'_> {
        match self {
            Self::Null => Value::Null,
            Self::Integer(number) => Value::Integer(*number),
            Self::Real(number) => Value::Real(*number),
            Self::Text(text) => Value::Text(Cow::Borrowed(text)),
            Self::Blob(bytes) => Value::Blob(Cow::Borrowed(bytes)),
        }
    }
}
