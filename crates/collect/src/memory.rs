//! What is remembered of a device between polls, so that a known printer is asked one question.
//!
//! Its place on the ladder of abilities, the profile it was recognised by, the exact question of
//! the next poll, and those of its answers that stay the same between polls. It is a cache: a
//! memory that cannot be read costs one full reading, nothing else.

use serde::{Deserialize, Serialize};

use crate::printer::{Profile, plan, raw};
use crate::snmp::abilities::Abilities;
use crate::snmp::answers::Answers;
use crate::snmp::oid::Oid;
use crate::snmp::query::{Column, Query};
use crate::snmp::value::Value;

/// The format written; another number is another program's memory.
const VERSION: u8 = 1;

/// What one device has shown of itself. [`DeviceMemory::to_bytes`] is for the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceMemory {
    pub(crate) abilities: Abilities,
    /// Name of the profile the device was recognised by.
    pub(crate) profile: String,
    /// Whether its supplies stand in an SNMP context of their own.
    pub(crate) apart: bool,
    /// The question of the next poll.
    pub(crate) question: Query,
    /// Answers that stay the same between polls.
    pub(crate) lasting: Answers,
    /// Rows of the supplies table, as indices below the column.
    pub(crate) supplies: Vec<Vec<u32>>,
    /// By which object the device is known again, and what it said there; at most one.
    pub(crate) witness: Answers,
}

#[derive(Serialize, Deserialize)]
struct Header {
    abilities: Abilities,
    profile: String,
    apart: bool,
    supplies: Vec<Vec<u32>>,
}

impl DeviceMemory {
    /// Remembers a device by its full answers.
    pub(crate) fn of(
        abilities: Abilities,
        profile: &Profile,
        apart: bool,
        known: &Answers,
    ) -> Self {
        Self {
            abilities,
            profile: profile.name().to_owned(),
            apart,
            question: plan::dynamic(known, profile),
            lasting: plan::lasting(known, profile),
            supplies: plan::supply_rows(known),
            witness: plan::witness(known),
        }
    }

    /// Whether `fresh` comes from another device than the one remembered. Silence about it says
    /// nothing.
    pub(crate) fn is_another(&self, fresh: &Answers) -> bool {
        let differs = |(oid, value)| fresh.get(oid).is_some_and(|now| now != value);
        self.witness.iter().any(differs)
    }

    /// Whether `fresh` holds a supply that is not remembered: a cartridge of another kind was put
    /// in, and its row has moved (trap T6).
    pub(crate) fn misses_supplies(&self, fresh: &Answers) -> bool {
        let read = plan::supply_rows(fresh);
        read.iter().any(|row| !self.supplies.contains(row))
    }

    /// Whether a full reading found no supplies where `before` remembers some.
    pub(crate) fn lost_supplies(&self, before: &Self) -> bool {
        self.supplies.is_empty() && !before.supplies.is_empty()
    }

    /// Whether the device, known to have supplies, kept silent about all of them, as some do while
    /// they sleep (trap T16), or a limit ended the conversation before it had told of each.
    pub(crate) fn supplies_withheld(&self, fresh: &Answers) -> bool {
        let told = plan::supply_rows(fresh);
        let missing = self.supplies.iter().any(|row| !told.contains(row));
        missing && (told.is_empty() || !fresh.is_complete())
    }

    /// The form kept in the store: the version, then its parts with their lengths before them
    /// (4 octets, big-endian): a JSON header, the lasting answers, the question, objects as
    /// integers 0 and columns as their number of rows, and the witness.
    pub fn to_bytes(&self) -> Vec<u8> {
        let header = Header {
            abilities: self.abilities.clone(),
            profile: self.profile.clone(),
            apart: self.apart,
            supplies: self.supplies.clone(),
        };
        let header = serde_json::to_vec(&header).unwrap_or_default();
        let mut bytes = vec![VERSION];
        let objects = self
            .question
            .objects
            .iter()
            .map(|oid| (oid.clone(), Value::Integer(0)));
        let columns = self.question.columns.iter().map(|column| {
            let rows = column
                .rows
                .map_or(Value::Integer(-1), |rows| Value::Integer(rows.into()));
            (column.oid.clone(), rows)
        });
        let parts = [
            header,
            raw::encode(&self.lasting),
            raw::encode(&objects.collect()),
            raw::encode(&columns.collect()),
            raw::encode(&self.witness),
        ];
        for part in parts {
            let length = u32::try_from(part.len()).unwrap_or(u32::MAX);
            bytes.extend_from_slice(&length.to_be_bytes());
            bytes.extend_from_slice(&part);
        }
        bytes
    }

    /// Reads what [`DeviceMemory::to_bytes`] wrote; `None` for anything else, such as the memory
    /// of another version.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (&version, mut rest) = bytes.split_first()?;
        if version != VERSION {
            return None;
        }
        let mut part = || {
            let (length, after) = rest.split_first_chunk::<4>()?;
            let length = usize::try_from(u32::from_be_bytes(*length)).ok()?;
            let (part, after) = after.split_at_checked(length)?;
            rest = after;
            Some(part)
        };
        let header: Header = serde_json::from_slice(part()?).ok()?;
        let (lasting, objects, columns, witness) = (part()?, part()?, part()?, part()?);
        let column = |(oid, rows): (&Oid, &Value)| Column {
            oid: oid.clone(),
            rows: rows.as_i64().and_then(|rows| u16::try_from(rows).ok()),
        };
        Some(Self {
            abilities: header.abilities,
            profile: header.profile,
            apart: header.apart,
            supplies: header.supplies,
            lasting: raw::decode(lasting)?,
            witness: raw::decode(witness)?,
            question: Query {
                objects: raw::decode(objects)?
                    .iter()
                    .map(|(oid, _)| oid.clone())
                    .collect(),
                columns: raw::decode(columns)?.iter().map(column).collect(),
            },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::printer::Profiles;
    use crate::printer::testing::answers;
    use proptest::prelude::*;

    fn memory() -> DeviceMemory {
        let known = answers(
            "1.3.6.1.2.1.1.3.0|67|100
             1.3.6.1.2.1.25.3.2.1.5.1|2|2
             1.3.6.1.2.1.43.10.2.1.4.1.1|65|7432
             1.3.6.1.2.1.43.11.1.1.6.1.1|4|TK-1162
             1.3.6.1.2.1.43.11.1.1.8.1.1|2|7200
             1.3.6.1.2.1.43.11.1.1.9.1.1|2|7056",
        );
        let profiles = Profiles::built_in();
        let profile = profiles
            .iter()
            .find(|profile| profile.name() == "kyocera")
            .unwrap();
        DeviceMemory::of(Abilities::default(), profile, false, &known)
    }

    #[test]
    fn a_memory_reads_back() {
        let memory = memory();
        let mut read = DeviceMemory::from_bytes(&memory.to_bytes()).unwrap();
        // The order of columns in a question does not matter.
        let mut expected = memory;
        expected.question.columns.sort_by(|a, b| a.oid.cmp(&b.oid));
        read.question.columns.sort_by(|a, b| a.oid.cmp(&b.oid));
        assert_eq!(read, expected);
    }

    #[test]
    fn another_version_and_garbage_are_forgotten() {
        let mut bytes = memory().to_bytes();
        bytes[0] = 99;
        assert_eq!(DeviceMemory::from_bytes(&bytes), None);
        assert_eq!(DeviceMemory::from_bytes(&[]), None);
        assert_eq!(
            DeviceMemory::from_bytes(b"\x01garbage that is long enough"),
            None
        );
    }

    proptest! {
        #[test]
        fn no_octets_make_it_fail(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let mut versioned = vec![VERSION];
            versioned.extend(bytes);
            let _read = DeviceMemory::from_bytes(&versioned);
        }
    }
}
