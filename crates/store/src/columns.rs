//! Columns to domain types and back, for what the engine does not know.

use std::collections::BTreeSet;
use std::net::IpAddr;

use platen_domain::clock::Timestamp;
use platen_domain::days::Day;
use platen_domain::points::Points;

use crate::error::StoreError;
use crate::session::{Row, unexpected};

/// A time.
pub(crate) fn time(row: &Row<'_>, column: usize) -> Result<Timestamp, StoreError> {
    row.get(column).map(Timestamp::from_millis)
}

/// A time that may be missing.
pub(crate) fn time_opt(row: &Row<'_>, column: usize) -> Result<Option<Timestamp>, StoreError> {
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
) -> Result<T, StoreError> {
    let text = row.text(column)?;
    read(&text).ok_or_else(|| unexpected(column, &text))
}

/// A word that may be missing.
pub(crate) fn word_opt<T>(
    row: &Row<'_>,
    column: usize,
    read: impl FnOnce(&str) -> Option<T>,
) -> Result<Option<T>, StoreError> {
    let Some(text) = row.text_opt(column)? else {
        return Ok(None);
    };
    let value = read(&text).ok_or_else(|| unexpected(column, &text))?;
    Ok(Some(value))
}

/// A word kept as its number.
pub(crate) fn numbered<T>(
    row: &Row<'_>,
    column: usize,
    read: impl FnOnce(u8) -> Option<T>,
) -> Result<T, StoreError> {
    let number = row.get(column)?;
    read(number).ok_or_else(|| unexpected(column, &number.to_string()))
}

/// A word kept as its number that may be missing.
pub(crate) fn numbered_opt<T>(
    row: &Row<'_>,
    column: usize,
    read: impl FnOnce(u8) -> Option<T>,
) -> Result<Option<T>, StoreError> {
    let Some(number) = row.get::<Option<u8>>(column)? else {
        return Ok(None);
    };
    let value = read(number).ok_or_else(|| unexpected(column, &number.to_string()))?;
    Ok(Some(value))
}

/// An IP address.
pub(crate) fn address(row: &Row<'_>, column: usize) -> Result<IpAddr, StoreError> {
    word(row, column, |text| text.parse().ok())
}

/// A count up to the range of `u64`; [`count_form`] made it.
pub(crate) fn count(row: &Row<'_>, column: usize) -> Result<u64, StoreError> {
    row.get(column).map(i64::cast_unsigned)
}

/// A count that may be missing.
pub(crate) fn count_opt(row: &Row<'_>, column: usize) -> Result<Option<u64>, StoreError> {
    let form: Option<i64> = row.get(column)?;
    Ok(form.map(i64::cast_unsigned))
}

/// The form of a count. Counts beyond `i64`, which only a hostile device states, come back
/// exactly and sort as negative.
pub(crate) const fn count_form(count: u64) -> i64 {
    count.cast_signed()
}

/// A number of points.
pub(crate) fn points(row: &Row<'_>, column: usize) -> Result<Points, StoreError> {
    row.get(column).map(Points::from_millionths)
}

/// A number of points that may be missing.
pub(crate) fn points_opt(row: &Row<'_>, column: usize) -> Result<Option<Points>, StoreError> {
    let millionths: Option<i64> = row.get(column)?;
    Ok(millionths.map(Points::from_millionths))
}

/// A day that may be missing.
pub(crate) fn day_opt(row: &Row<'_>, column: usize) -> Result<Option<Day>, StoreError> {
    let Some(number) = row.get::<Option<u32>>(column)? else {
        return Ok(None);
    };
    let day = Day::from_number(number);
    day.map(Some)
        .ok_or_else(|| unexpected(column, &number.to_string()))
}

/// Days by their numbers, one a line; none where nothing is.
pub(crate) fn day_lines(row: &Row<'_>, column: usize) -> Result<BTreeSet<Day>, StoreError> {
    let text = row.text_opt(column)?.unwrap_or_default();
    let day = |line: &str| {
        let day = line.parse().ok().and_then(Day::from_number);
        day.ok_or_else(|| unexpected(column, line))
    };
    text.lines().map(day).collect()
}

/// Different texts, one a line; none where nothing is.
pub(crate) fn line_set(row: &Row<'_>, column: usize) -> Result<BTreeSet<String>, StoreError> {
    let text = row.text_opt(column)?.unwrap_or_default();
    Ok(text.split_terminator('\n').map(str::to_owned).collect())
}

/// Texts, each ended by a line break.
pub(crate) fn lines(row: &Row<'_>, column: usize) -> Result<Vec<String>, StoreError> {
    let text = row.text(column)?;
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
