//! Identifiers, and the randomness they are made of.

use std::fmt;
use std::str::FromStr;
use std::sync::Mutex;

use crate::clock::Timestamp;

/// Where randomness comes from. The binary asks the operating system; tests use [`SeededIds`].
pub trait Ids: Send + Sync {
    /// Fills `bytes` with random bytes fit for secrets.
    fn fill(&self, bytes: &mut [u8]);
}

/// Repeatable pseudo-randomness for tests (`SplitMix64`). Never fit for secrets.
#[derive(Debug)]
pub struct SeededIds(Mutex<u64>);

impl SeededIds {
    /// The sequence that belongs to `seed`.
    pub const fn new(seed: u64) -> Self {
        Self(Mutex::new(seed))
    }
}

impl Ids for SeededIds {
    fn fill(&self, bytes: &mut [u8]) {
        let mut state = self
            .0
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        for chunk in bytes.chunks_mut(8) {
            *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
            let mut z = *state;
            z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            z ^= z >> 31;
            for (byte, random) in chunk.iter_mut().zip(z.to_le_bytes()) {
                *byte = random;
            }
        }
    }
}

/// Sixteen bytes of a UUID version 7 (RFC 9562): ordered by `now`, unguessable in the rest.
fn uuid_v7(now: Timestamp, ids: &dyn Ids) -> [u8; 16] {
    let mut random = [0; 10];
    ids.fill(&mut random);
    let millis = u64::try_from(now.as_millis()).unwrap_or(0);
    uuid::Builder::from_unix_timestamp_millis(millis, &random)
        .into_uuid()
        .into_bytes()
}

/// The text is not a UUID.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not an identifier: expected a UUID such as 018f3f3e-7c1a-7b6e-9d54-0242ac120002")]
pub struct ParseIdError;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name([u8; 16]);

        impl $name {
            /// A new identifier, ordered by `now` (UUID version 7).
            pub fn new(now: Timestamp, ids: &dyn Ids) -> Self {
                Self(uuid_v7(now, ids))
            }

            /// The identifier with these bytes, as the store keeps them.
            pub const fn from_bytes(bytes: [u8; 16]) -> Self {
                Self(bytes)
            }

            /// The bytes the store keeps.
            pub const fn as_bytes(&self) -> &[u8; 16] {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                uuid::Uuid::from_bytes(self.0).hyphenated().fmt(f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self)
            }
        }

        impl FromStr for $name {
            type Err = ParseIdError;

            fn from_str(text: &str) -> Result<Self, ParseIdError> {
                let parsed = uuid::Uuid::try_parse(text);
                parsed.map(|uuid| Self(uuid.into_bytes())).map_err(|_unspecific| ParseIdError)
            }
        }
    )+};
}

ids! {
    /// Names an [organization](crate::organizations).
    OrganizationId;
    /// Names a [device](crate::devices).
    DeviceId;
    /// Names a [user](crate::users) of the console.
    UserId;
    /// Names an [Authorization Key](crate::keys).
    KeyId;
    /// Names a [collector](crate::collectors).
    CollectorId;
    /// Names an [account](crate::accounts).
    AccountId;
    /// Names a [user who prints](crate::print_users).
    PrintUserId;
    /// Names a [group](crate::print_users) of them.
    GroupId;
    /// Names a [charge](crate::charges).
    ChargeId;
    /// Names a [hold](crate::holds).
    HoldId;
    /// Names a transfer in the [ledger](crate::ledger).
    TransferId;
    /// Names a [Client Application](crate::clients): the Client ID.
    ClientId;
    /// Names an entry of the audit log.
    AuditId;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_ordered_by_time_and_read_back() {
        let ids = SeededIds::new(7);
        let first = DeviceId::new(Timestamp::from_millis(1_000), &ids);
        let second = DeviceId::new(Timestamp::from_millis(1_001), &ids);
        assert!(first < second);
        assert_eq!(first.to_string().parse(), Ok(first));
        assert_eq!("printer-7".parse::<DeviceId>(), Err(ParseIdError));
    }
}
