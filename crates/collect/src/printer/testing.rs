//! Answers for tests, in the format of snmpsim recordings: `OID|type|value` a line.

use crate::snmp::answers::Answers;
use crate::snmp::oid::Oid;
use crate::snmp::value::Value;

/// Reads recorded lines; what is no object, or of a type no printer sends, is an error of the
/// test and panics.
pub(crate) fn answers(recording: &str) -> Answers {
    recording
        .lines()
        .map(str::trim_start)
        .filter(|line| !line.is_empty())
        .map(|line| binding(line).unwrap_or_else(|| panic!("not a recorded line: {line}")))
        .collect()
}

/// Reads a recording made elsewhere: lines that are no binding are passed over, as snmpsim does.
pub(crate) fn recording(text: &str) -> Answers {
    text.lines().filter_map(binding).collect()
}

fn binding(line: &str) -> Option<(Oid, Value)> {
    let mut parts = line.splitn(3, '|');
    let (oid, kind, value) = (parts.next()?, parts.next()?, parts.next()?);
    let value = match kind {
        "2" => Value::Integer(value.trim().parse().ok()?),
        "4" => Value::OctetString(value.as_bytes().to_vec()),
        "4x" => Value::OctetString(octets(value)?),
        "6" => Value::ObjectIdentifier(value.parse().ok()?),
        "65" => Value::Counter32(value.parse().ok()?),
        "66" => Value::Gauge32(value.parse().ok()?),
        "67" => Value::TimeTicks(value.parse().ok()?),
        "64" => Value::IpAddress([0; 4]),
        "70" => Value::Counter64(value.parse().ok()?),
        _ => return None,
    };
    Some((oid.parse().ok()?, value))
}

fn octets(hex: &str) -> Option<Vec<u8>> {
    let digits: Vec<u8> = hex
        .chars()
        .map(|c| c.to_digit(16).and_then(|d| u8::try_from(d).ok()))
        .collect::<Option<_>>()?;
    Some(
        digits
            .chunks(2)
            .map(|pair| pair[0] * 16 + pair[1])
            .collect(),
    )
}
