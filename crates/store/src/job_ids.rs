//! The id of a print job at its source, as it is kept: octets always, so that ids of two kinds are
//! one type to every engine.

use platen_domain::print_jobs::SourceKey;
use platen_domain::source_job_ids::SourceJobId;

use crate::error::StoreError;
use crate::session::{Row, ToValue, Value, unexpected};

/// Stands before the octets of a UUID. No text in UTF-8 holds this octet.
pub(crate) const UUID_MARK: u8 = 0xFF;

/// An id: [`UUID_MARK`] and the 16 octets of a UUID, or any other text in UTF-8.
pub(crate) enum JobId<'a> {
    Uuid([u8; 17]),
    Text(&'a str),
}

impl<'a> JobId<'a> {
    pub(crate) fn of(key: &'a SourceKey) -> Self {
        match SourceJobId::of(&key.id) {
            SourceJobId::Uuid(uuid) => {
                let mut octets = [UUID_MARK; 17];
                octets[1..].copy_from_slice(&uuid);
                Self::Uuid(octets)
            }
            SourceJobId::Text(text) => Self::Text(text),
        }
    }
}

impl ToValue for JobId<'_> {
    fn to_value(&self) -> Value<'_> {
        match self {
            Self::Uuid(octets) => octets.to_value(),
            Self::Text(text) => text.as_bytes().to_value(),
        }
    }
}

/// The id that a column's octets stand for; `None` where they are neither kind.
pub(crate) fn from_octets(octets: &[u8]) -> Option<SourceJobId<'_>> {
    match octets.split_first() {
        Some((&UUID_MARK, uuid)) => uuid.try_into().ok().map(SourceJobId::Uuid),
        _ => str::from_utf8(octets).ok().map(SourceJobId::Text),
    }
}

/// Two columns, source and id, as a key; `None` where the source is NULL.
pub(crate) fn job_key(row: &Row<'_>, first: usize) -> Result<Option<SourceKey>, StoreError> {
    let Some(source) = row.get::<Option<String>>(first)? else {
        return Ok(None);
    };
    let octets: Vec<u8> = row.get(first + 1)?;
    let id = from_octets(&octets).ok_or_else(|| unexpected(first + 1, "neither UUID nor text"))?;
    let id = id.to_string();
    Ok(Some(SourceKey { source, id }))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn an_id_is_read_back_as_it_was(id in prop_oneof![
            "\\PC{1,40}",
            any::<[u8; 16]>().prop_map(|uuid| SourceJobId::Uuid(uuid).to_string()),
        ]) {
            let key = SourceKey::new("cups", &id);
            let id = JobId::of(&key);
            let Value::Blob(octets) = id.to_value() else {
                panic!("not octets");
            };
            prop_assert_eq!(from_octets(&octets), Some(SourceJobId::of(&key.id)));
        }
    }
}
