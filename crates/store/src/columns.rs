//! Columns to domain types and back, for what the engine does not know.

use std::collections::BTreeSet;
use std::net::IpAddr;

use platen_domain::clock::Timestamp;
use platen_domain::days::Day;
use platen_domain::points::Points;
use rusqlite::Row;
use rusqlite::types::Type;

/// A word or address in the store that this program does not know.
#[derive(Debug, thiserror::Error)]
#[error("unexpected {0:?}")]
struct Unexpected(String);

/// A time.
pub(crate) fn time(row: &Row<'_>, column: usize) -> rusqlite::Result<Timestamp> {
    row.get(column).map(Timestamp::from_millis)
}

/// A time that may be missing.
pub(crate) fn time_opt(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<Timestamp>> {
    let millis: Option<i64> = row.get(column)?;
    Ok(millis.map(Timestamp::from_millis))
}

/// The form of a time that may be missing.
pub(crate) fn millis(time: Option<Timestamp>) -> Option<i64> {
    time.map(Timestamp::as_millis)
}

/// A word that `read` knows.
pub(crate) fn word<T>(
    row: &Row<'_>,
    column: usize,
    read: impl FnOnce(&str) -> Option<T>,
) -> rusqlite::Result<T> {
    let text = row.get_ref(column)?.as_str()?;
    read(text).ok_or_else(|| unexpected(column, text))
}

/// A word that may be missing.
pub(crate) fn word_opt<T>(
    row: &Row<'_>,
    column: usize,
    read: impl FnOnce(&str) -> Option<T>,
) -> rusqlite::Result<Option<T>> {
    let Some(text) = row.get_ref(column)?.as_str_or_null()? else {
        return Ok(None);
    };
    let value = read(text).ok_or_else(|| unexpected(column, text))?;
    Ok(Some(value))
}

/// A word kept as its number.
pub(crate) fn numbered<T>(
    row: &Row<'_>,
    column: usize,
    read: impl FnOnce(u8) -> Option<T>,
) -> rusqlite::Result<T> {
    let number = row.get(column)?;
    read(number).ok_or_else(|| unexpected(column, &number.to_string()))
}

/// A word kept as its number that may be missing.
pub(crate) fn numbered_opt<T>(
    row: &Row<'_>,
    column: usize,
    read: impl FnOnce(u8) -> Option<T>,
) -> rusqlite::Result<Option<T>> {
    let Some(number) = row.get::<_, Option<u8>>(column)? else {
        return Ok(None);
    };
    let value = read(number).ok_or_else(|| unexpected(column, &number.to_string()))?;
    Ok(Some(value))
}

/// An IP address.
pub(crate) fn address(row: &Row<'_>, column: usize) -> rusqlite::Result<IpAddr> {
    word(row, column, |text| text.parse().ok())
}

/// A count up to the range of `u64`; [`count_form`] made it.
pub(crate) fn count(row: &Row<'_>, column: usize) -> rusqlite::Result<u64> {
    row.get(column).map(i64::cast_unsigned)
}

/// A count that may be missing.
pub(crate) fn count_opt(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<u64>> {
    let form: Option<i64> = row.get(column)?;
    Ok(form.map(i64::cast_unsigned))
}

/// The form of a count. Counts beyond `i64`, which only a hostile device states, come back
/// exactly and sort as negative.
pub(crate) const fn count_form(count: u64) -> i64 {
    count.cast_signed()
}

/// A number of points.
pub(crate) fn points(row: &Row<'_>, column: usize) -> rusqlite::Result<Points> {
    row.get(column).map(Points::from_millionths)
}

/// A number of points that may be missing.
pub(crate) fn points_opt(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<Points>> {
    let millionths: Option<i64> = row.get(column)?;
    Ok(millionths.map(Points::from_millionths))
}

/// A day that may be missing.
pub(crate) fn day_opt(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<Day>> {
    let Some(number) = row.get::<_, Option<u32>>(column)? else {
        return Ok(None);
    };
    let day = Day::from_number(number);
    day.map(Some)
        .ok_or_else(|| unexpected(column, &number.to_string()))
}

/// Days by their numbers, one a line; none where nothing is.
pub(crate) fn day_lines(row: &Row<'_>, column: usize) -> rusqlite::Result<BTreeSet<Day>> {
    let text = row.get_ref(column)?.as_str_or_null()?.unwrap_or_default();
    let day = |line: &str| {
        let day = line.parse().ok().and_then(Day::from_number);
        day.ok_or_else(|| unexpected(column, line))
    };
    text.lines().map(day).collect()
}

/// Different texts, one a line; none where nothing is.
pub(crate) fn line_set(row: &Row<'_>, column: usize) -> rusqlite::Result<BTreeSet<String>> {
    let text = row.get_ref(column)?.as_str_or_null()?.unwrap_or_default();
    Ok(text.split_terminator('\n').map(str::to_owned).collect())
}

/// Texts, each ended by a line break.
pub(crate) fn lines(row: &Row<'_>, column: usize) -> rusqlite::Result<Vec<String>> {
    let text = row.get_ref(column)?.as_str()?;
    Ok(text.split_terminator('\n').map(str::to_owned).collect())
}

/// The form of texts; a line break within a text becomes a blank.
pub(crate) fn lines_form(lines: &[String]) -> String {
    let mut form = String::with_capacity(lines.iter().map(|line| line.len() + 1).sum());
    for line in lines {
        form.extend(line.chars().map(|c| if c == '\n' { ' ' } else { c }));
        form.push('\n');
    }
    form
}

fn unexpected(column: usize, text: &str) -> rusqlite::Error {
    let error = Box::new(Unexpected(text.to_owned()));
    rusqlite::Error::FromSqlConversionFailure(column, Type::Text, error)
}
