//! Words of a line that stand for one of a few values.

/// A word, or the default where none is stated.
pub(super) fn word<T: Default>(
    field: &str,
    text: Option<&str>,
    read: impl FnOnce(&str) -> Option<T>,
) -> Result<T, String> {
    match text {
        None => Ok(T::default()),
        Some(text) => read(text).ok_or_else(|| format!("{field}: there is no {text:?}")),
    }
}
