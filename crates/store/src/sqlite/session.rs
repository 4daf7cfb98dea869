//! A connection's transaction as a [`Session`].

use std::borrow::Cow;

use rusqlite::ffi::{self, ErrorCode};
use rusqlite::types::{ToSql, ToSqlOutput, ValueRef};
use rusqlite::{Connection, params_from_iter};

use crate::error::{EngineError, EngineErrorKind, StoreError};
use crate::session::{AttemptEnd, Columns, Row, Session, ToValue, Value, Visit, unexpected};

impl Session for Connection {
    fn visit(
        &self,
        sql: &str,
        params: &[&dyn ToValue],
        visit: &mut Visit<'_>,
    ) -> Result<(), StoreError> {
        let mut statement = self.prepare_cached(sql)?;
        let mut rows = statement.query(bound(params))?;
        while let Some(row) = rows.next()? {
            if visit(&Row::new(row))?.is_break() {
                break;
            }
        }
        Ok(())
    }

    fn execute(&self, sql: &str, params: &[&dyn ToValue]) -> Result<u64, StoreError> {
        let mut statement = self.prepare_cached(sql)?;
        let rows = statement.execute(bound(params))?;
        Ok(u64::try_from(rows).unwrap_or(u64::MAX))
    }

    fn insert(&self, sql: &str, params: &[&dyn ToValue]) -> Result<i64, StoreError> {
        let mut statement = self.prepare_cached(sql)?;
        Ok(statement.insert(bound(params))?)
    }

    fn begin_attempt(&self) -> Result<(), StoreError> {
        step(self, "SAVEPOINT attempt")
    }

    fn is_open(&self) -> bool {
        !self.is_autocommit()
    }

    fn end_attempt(&self, end: AttemptEnd) -> Result<(), StoreError> {
        if end == AttemptEnd::Undo {
            // A full disk has ended the transaction, savepoint included: nothing is left to undo.
            if !self.is_open() {
                return Ok(());
            }
            step(self, "ROLLBACK TO attempt")?;
        }
        step(self, "RELEASE attempt")
    }
}

fn step(connection: &Connection, sql: &str) -> Result<(), StoreError> {
    connection.prepare_cached(sql)?.execute([])?;
    Ok(())
}

/// The parameters in a form that SQLite binds without a copy of ours.
fn bound(params: &[&dyn ToValue]) -> impl rusqlite::Params {
    params_from_iter(params.iter().map(|param| Bound(*param)))
}

struct Bound<'v>(&'v dyn ToValue);

/// No text may hold it: PostgreSQL keeps none, and one data must fit both engines.
#[derive(Debug, thiserror::Error)]
#[error("a text holds the character NUL (U+0000)")]
struct NulInText;

impl ToSql for Bound<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        use rusqlite::types::Value as Owned;
        Ok(match self.0.to_value() {
            Value::Text(text) if text.contains('\0') => {
                return Err(rusqlite::Error::ToSqlConversionFailure(NulInText.into()));
            }
            Value::Null => ToSqlOutput::Borrowed(ValueRef::Null),
            Value::Integer(number) => ToSqlOutput::Borrowed(ValueRef::Integer(number)),
            Value::Real(number) => ToSqlOutput::Borrowed(ValueRef::Real(number)),
            Value::Text(Cow::Borrowed(text)) => {
                ToSqlOutput::Borrowed(ValueRef::Text(text.as_bytes()))
            }
            Value::Text(Cow::Owned(text)) => ToSqlOutput::Owned(Owned::Text(text)),
            Value::Blob(Cow::Borrowed(bytes)) => ToSqlOutput::Borrowed(ValueRef::Blob(bytes)),
            Value::Blob(Cow::Owned(bytes)) => ToSqlOutput::Owned(Owned::Blob(bytes)),
        })
    }
}

impl Columns for rusqlite::Row<'_> {
    fn value(&self, column: usize) -> Result<Value<'_>, StoreError> {
        Ok(match self.get_ref(column)? {
            ValueRef::Null => Value::Null,
            ValueRef::Integer(number) => Value::Integer(number),
            ValueRef::Real(number) => Value::Real(number),
            ValueRef::Text(text) => {
                let text = str::from_utf8(text).map_err(|_not| unexpected(column, "no UTF-8"))?;
                Value::Text(Cow::Borrowed(text))
            }
            ValueRef::Blob(bytes) => Value::Blob(Cow::Borrowed(bytes)),
        })
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        let kind = match error.sqlite_error() {
            Some(cause) if is_uniqueness(cause.extended_code) => EngineErrorKind::Uniqueness,
            Some(cause) => match cause.code {
                ErrorCode::DiskFull => return Self::DiskFull,
                ErrorCode::OperationInterrupted => EngineErrorKind::Interrupted,
                ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => EngineErrorKind::Busy,
                ErrorCode::SystemIoFailure
                | ErrorCode::DatabaseCorrupt
                | ErrorCode::NotADatabase
                | ErrorCode::OutOfMemory => EngineErrorKind::Broken,
                _ => EngineErrorKind::Other,
            },
            None => EngineErrorKind::Other,
        };
        Self::Database(EngineError::new(kind, error))
    }
}

const fn is_uniqueness(extended_code: i32) -> bool {
    matches!(
        extended_code,
        ffi::SQLITE_CONSTRAINT_UNIQUE | ffi::SQLITE_CONSTRAINT_PRIMARYKEY
    )
}
