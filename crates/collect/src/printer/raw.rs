//! The answers as received, kept as evidence with each reading: compact, and readable again.
//!
//! Format, version 1. One octet `01`, then one entry for each object in order:
//!
//! - varint: how many leading arcs it shares with the object before
//! - varint: how many arcs follow, then each as a varint
//! - one octet of type, then the value: integers as zigzag varints, counters as varints, strings
//!   as a varint length and the octets, object identifiers as a varint count and arcs
//!
//! A varint is little-endian in groups of seven bits, the high bit saying that more follow.

use crate::snmp::answers::Answers;
use crate::snmp::oid::{OID_ARCS_MAX, Oid};
use crate::snmp::value::Value;

/// The format written; what carries another number is not read.
const VERSION: u8 = 1;

/// Most objects read back: far above what one poll may bring in, against a damaged length.
const OBJECTS_MAX: usize = 20_000;

const INTEGER: u8 = 2;
const OCTET_STRING: u8 = 4;
const OBJECT_IDENTIFIER: u8 = 6;
const IP_ADDRESS: u8 = 64;
const COUNTER32: u8 = 65;
const GAUGE32: u8 = 66;
const TIME_TICKS: u8 = 67;
const OPAQUE: u8 = 68;
const COUNTER64: u8 = 70;

/// Writes the answers down.
pub fn encode(answers: &Answers) -> Vec<u8> {
    let mut out = vec![VERSION];
    let mut before: &[u32] = &[];
    for (oid, value) in answers.iter() {
        let arcs = oid.arcs();
        let shared = arcs.iter().zip(before).take_while(|(a, b)| a == b).count();
        let rest = arcs.get(shared..).unwrap_or(&[]);
        varint(&mut out, shared as u64);
        arcs_out(&mut out, rest);
        value_out(&mut out, value);
        before = arcs;
    }
    out
}

/// Reads what [`encode`] wrote; `None` for anything else.
pub fn decode(bytes: &[u8]) -> Option<Answers> {
    let (&version, mut rest) = bytes.split_first()?;
    if version != VERSION {
        return None;
    }
    let mut entries: Vec<(Oid, Value)> = Vec::new();
    while !rest.is_empty() {
        if entries.len() == OBJECTS_MAX {
            return None;
        }
        let shared = usize::try_from(take_varint(&mut rest)?).ok()?;
        let before = entries.last().map_or(&[][..], |(oid, _)| oid.arcs());
        let mut arcs = before.get(..shared)?.to_vec();
        arcs.extend(take_arcs(&mut rest)?);
        let oid = Oid::from_arcs(&arcs)?;
        let value = take_value(&mut rest)?;
        entries.push((oid, value));
    }
    Some(entries.into_iter().collect())
}

fn value_out(out: &mut Vec<u8>, value: &Value) {
    let string = |out: &mut Vec<u8>, kind, octets: &[u8]| {
        out.push(kind);
        varint(out, octets.len() as u64);
        out.extend_from_slice(octets);
    };
    let counter = |out: &mut Vec<u8>, kind, number| {
        out.push(kind);
        varint(out, number);
    };
    match value {
        Value::Integer(number) => counter(out, INTEGER, zigzag(*number)),
        Value::OctetString(octets) => string(out, OCTET_STRING, octets),
        Value::Opaque(octets) => string(out, OPAQUE, octets),
        Value::ObjectIdentifier(oid) => {
            out.push(OBJECT_IDENTIFIER);
            arcs_out(out, oid.arcs());
        }
        Value::IpAddress(octets) => {
            out.push(IP_ADDRESS);
            out.extend_from_slice(octets);
        }
        Value::Counter32(number) => counter(out, COUNTER32, (*number).into()),
        Value::Gauge32(number) => counter(out, GAUGE32, (*number).into()),
        Value::TimeTicks(number) => counter(out, TIME_TICKS, (*number).into()),
        Value::Counter64(number) => counter(out, COUNTER64, *number),
        // Answers hold no absences; should one come, it is kept as an empty opaque value.
        Value::Null | Value::NoSuchObject | Value::NoSuchInstance | Value::EndOfMibView => {
            string(out, OPAQUE, &[]);
        }
    }
}

fn take_value(rest: &mut &[u8]) -> Option<Value> {
    let kind = take_octet(rest)?;
    Some(match kind {
        INTEGER => Value::Integer(unzigzag(take_varint(rest)?)),
        OCTET_STRING => Value::OctetString(take_octets(rest)?.to_vec()),
        OPAQUE => Value::Opaque(take_octets(rest)?.to_vec()),
        OBJECT_IDENTIFIER => Value::ObjectIdentifier(Oid::from_arcs(&take_arcs(rest)?)?),
        IP_ADDRESS => {
            let (octets, after) = rest.split_first_chunk::<4>()?;
            *rest = after;
            Value::IpAddress(*octets)
        }
        COUNTER32 => Value::Counter32(u32::try_from(take_varint(rest)?).ok()?),
        GAUGE32 => Value::Gauge32(u32::try_from(take_varint(rest)?).ok()?),
        TIME_TICKS => Value::TimeTicks(u32::try_from(take_varint(rest)?).ok()?),
        COUNTER64 => Value::Counter64(take_varint(rest)?),
        _ => return None,
    })
}

const fn zigzag(number: i64) -> u64 {
    (number.cast_unsigned() << 1) ^ (number >> 63).cast_unsigned()
}

const fn unzigzag(number: u64) -> i64 {
    (number >> 1).cast_signed() ^ -((number & 1).cast_signed())
}

fn varint(out: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        out.push(low_octet(number & 0x7F) | 0x80);
        number >>= 7;
    }
    out.push(low_octet(number));
}

const fn low_octet(number: u64) -> u8 {
    let [low, ..] = number.to_le_bytes();
    low
}

fn arcs_out(out: &mut Vec<u8>, arcs: &[u32]) {
    varint(out, arcs.len() as u64);
    for arc in arcs {
        varint(out, (*arc).into());
    }
}

fn take_octet(rest: &mut &[u8]) -> Option<u8> {
    let (&octet, after) = rest.split_first()?;
    *rest = after;
    Some(octet)
}

fn take_varint(rest: &mut &[u8]) -> Option<u64> {
    let mut number = 0;
    for shift in (0..64).step_by(7) {
        let octet = take_octet(rest)?;
        number |= u64::from(octet & 0x7F).checked_shl(shift)?;
        if octet & 0x80 == 0 {
            return Some(number);
        }
    }
    None
}

fn take_arcs(rest: &mut &[u8]) -> Option<Vec<u32>> {
    let count = usize::try_from(take_varint(rest)?).ok()?;
    if count > OID_ARCS_MAX {
        return None;
    }
    (0..count)
        .map(|_| u32::try_from(take_varint(rest)?).ok())
        .collect()
}

fn take_octets<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    let length = usize::try_from(take_varint(rest)?).ok()?;
    let (octets, after) = rest.split_at_checked(length)?;
    *rest = after;
    Some(octets)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::collection::vec;
    use proptest::prelude::*;

    fn oid() -> impl Strategy<Value = Oid> {
        vec(any::<u32>(), 1..20).prop_map(|arcs| Oid::from_arcs(&arcs).unwrap())
    }

    fn value() -> impl Strategy<Value = Value> {
        prop_oneof![
            any::<i64>().prop_map(Value::Integer),
            vec(any::<u8>(), 0..300).prop_map(Value::OctetString),
            oid().prop_map(Value::ObjectIdentifier),
            any::<[u8; 4]>().prop_map(Value::IpAddress),
            any::<u32>().prop_map(Value::Counter32),
            any::<u32>().prop_map(Value::Gauge32),
            any::<u32>().prop_map(Value::TimeTicks),
            any::<u64>().prop_map(Value::Counter64),
            vec(any::<u8>(), 0..9).prop_map(Value::Opaque),
        ]
    }

    proptest! {
        #[test]
        fn what_was_received_reads_back(entries in vec((oid(), value()), 0..60)) {
            let answers: Answers = entries.into_iter().collect();
            prop_assert_eq!(decode(&encode(&answers)), Some(answers));
        }

        #[test]
        fn damage_is_refused_and_never_fails(bytes in vec(any::<u8>(), 0..400)) {
            let _read = decode(&bytes);
            let mut versioned = vec![VERSION];
            versioned.extend(bytes);
            let _read = decode(&versioned);
        }
    }

    #[test]
    fn neighbours_share_their_arcs() {
        let answers = crate::printer::testing::answers(
            "1.3.6.1.2.1.43.11.1.1.9.1.1|2|70
             1.3.6.1.2.1.43.11.1.1.9.1.2|2|-3",
        );
        assert_eq!(encode(&answers).len(), 1 + 2 + 13 + 3 + 2 + 1 + 2);
    }
}
