//! Recordings of devices: `.snmprec`, the format of snmpsim. A line is `OID|type|value`, where
//! the type is the decimal BER tag, with an `x` behind it when the value is in hexadecimal.

use std::fmt;
use std::io;
use std::path::Path;

use crate::behaviour::Behaviour;
use crate::mib::{Mib, MibBuilder};
use crate::oid::Oid;
use crate::value::Value;

/// The recorded objects of one device, and how the device that plays them behaves.
#[derive(Debug, Clone, Default)]
pub struct Recording {
    objects: MibBuilder,
    contexts: Vec<(String, Mib)>,
    skipped: Vec<RecordingError>,
    /// How the device answers.
    pub behaviour: Behaviour,
}

/// A line that is not a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordingError {
    /// The file, or `<text>`.
    pub file: String,
    /// The line, from 1; 0 when the file cannot be read at all.
    pub line: usize,
    /// What is wrong with it, and what is expected.
    pub reason: String,
}

impl fmt::Display for RecordingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { file, line, reason } = self;
        match line {
            0 => write!(f, "recording {file}: {reason}"),
            _ => write!(f, "recording {file}, line {line}: {reason}"),
        }
    }
}

impl std::error::Error for RecordingError {}

impl Recording {
    /// Reads the recording in the file `path`. A line that is not a record costs that line:
    /// [`Self::skipped`] names it.
    pub fn read(path: &Path) -> Result<Self, RecordingError> {
        let file = path.display().to_string();
        let text = std::fs::read(path).map_err(|error: io::Error| RecordingError {
            file: file.clone(),
            line: 0,
            reason: format!("cannot be read: {error}"),
        })?;
        Ok(Self::parse_lines(&file, &text).0)
    }

    /// Reads the recording in `text`, of which every line must be good. Empty lines and lines that
    /// begin with `#` say nothing.
    pub fn parse(text: &str) -> Result<Self, RecordingError> {
        match Self::parse_lines("<text>", text.as_bytes()) {
            (recording, None) => Ok(recording),
            (_, Some(damage)) => Err(damage),
        }
    }

    /// What can be played, and the first line that is no record at all.
    fn parse_lines(file: &str, text: &[u8]) -> (Self, Option<RecordingError>) {
        let mut damage = None;
        let mut recording = Self::default();
        for (index, line) in text.split(|octet| *octet == b'\n').enumerate() {
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            if line.is_empty() || line.starts_with(b"#") {
                continue;
            }
            let error = |reason| RecordingError {
                file: file.to_owned(),
                line: index + 1,
                reason,
            };
            match parse_record(line) {
                Ok(Record::Object(name, value)) => recording.objects.put(name, value),
                Ok(Record::Unplayable(reason)) => recording.skipped.push(error(reason)),
                Err(reason) => {
                    damage.get_or_insert_with(|| error(reason.clone()));
                    recording.skipped.push(error(reason));
                }
            }
        }
        (recording, damage)
    }

    /// Lets the device serve `objects` in the context `name`.
    pub fn add_context(&mut self, name: &str, objects: &Self) {
        self.contexts.push((name.to_owned(), objects.mib()));
        self.skipped.extend_from_slice(&objects.skipped);
    }

    /// The lines that are not played: values that a variation module of snmpsim would compute,
    /// exceptions, and lines that are damaged.
    pub fn skipped(&self) -> &[RecordingError] {
        &self.skipped
    }

    /// The recorded objects.
    pub fn mib(&self) -> Mib {
        self.objects.build()
    }

    pub(crate) fn into_parts(self) -> (Mib, Vec<(String, Mib)>, Behaviour) {
        (self.objects.build(), self.contexts, self.behaviour)
    }
}

enum Record {
    Object(Oid, Value),
    Unplayable(String),
}

fn parse_record(line: &[u8]) -> Result<Record, String> {
    let mut fields = line.splitn(3, |octet| *octet == b'|');
    let (Some(name), Some(tag), Some(value)) = (fields.next(), fields.next(), fields.next()) else {
        return Err("expected OID|type|value".to_owned());
    };
    let name = ascii(name)?;
    let name: Oid = name
        .parse()
        .map_err(|error| format!("\"{name}\" is {error}"))?;
    let tag = ascii(tag)?;
    if tag.contains(':') {
        return Ok(Record::Unplayable(format!(
            "type \"{tag}\" asks for a variation module; only fixed values are played"
        )));
    }
    let (tag, value) = match tag.strip_suffix('x') {
        Some(tag) => (tag, Text::Hexadecimal(from_hexadecimal(value)?)),
        None => (tag, Text::Plain(value)),
    };
    match tag {
        "128" | "129" | "130" => Ok(Record::Unplayable(format!("type {tag} is an exception"))),
        _ => Ok(Record::Object(name, parse_value(tag, &value)?)),
    }
}

/// A value as it stands in the file.
enum Text<'a> {
    Plain(&'a [u8]),
    Hexadecimal(Vec<u8>),
}

fn parse_value(tag: &str, text: &Text<'_>) -> Result<Value, String> {
    Ok(match tag {
        "2" => Value::Integer(text.number()?),
        "4" => Value::OctetString(text.octets()),
        "5" => Value::Null,
        "6" => {
            let Text::Plain(dotted) = text else {
                return Err("an OBJECT IDENTIFIER has no hexadecimal form".to_owned());
            };
            let dotted = ascii(dotted)?;
            Value::ObjectIdentifier(
                dotted
                    .parse()
                    .map_err(|error| format!("\"{dotted}\" is {error}"))?,
            )
        }
        "64" => Value::IpAddress(text.address()?),
        "65" => Value::Counter32(text.number()?),
        "66" => Value::Gauge32(text.number()?),
        "67" => Value::TimeTicks(text.number()?),
        "68" => Value::Opaque(text.octets()),
        "70" => Value::Counter64(text.number()?),
        _ => {
            return Err(format!(
                "unknown type \"{tag}\"; expected 2, 4, 5, 6, 64, 65, 66, 67, 68 or 70, with x for hexadecimal"
            ));
        }
    })
}

impl Text<'_> {
    fn octets(&self) -> Vec<u8> {
        match self {
            Self::Plain(octets) => octets.to_vec(),
            Self::Hexadecimal(octets) => octets.clone(),
        }
    }

    fn number<N: TryFrom<i128>>(&self) -> Result<N, String> {
        let number = match self {
            Self::Plain(digits) => {
                let digits = ascii(digits)?.trim();
                digits
                    .parse()
                    .map_err(|error| format!("\"{digits}\" is not a number: {error}"))?
            }
            Self::Hexadecimal(octets) if octets.len() <= 8 => octets
                .iter()
                .fold(0_i128, |sum, octet| (sum << 8) | i128::from(*octet)),
            Self::Hexadecimal(_) => return Err("more than 64 bits".to_owned()),
        };
        N::try_from(number).map_err(|_unspecific| format!("{number} does not fit the type"))
    }

    fn address(&self) -> Result<[u8; 4], String> {
        match self {
            Self::Hexadecimal(octets) => octets.as_slice().try_into().ok(),
            Self::Plain(dotted) => {
                let parsed: Option<std::net::Ipv4Addr> = ascii(dotted)?.parse().ok();
                parsed.map(|address| address.octets())
            }
        }
        .ok_or_else(|| "not an IPv4 address".to_owned())
    }
}

fn ascii(field: &[u8]) -> Result<&str, String> {
    std::str::from_utf8(field).map_err(|error| format!("not text: {error}"))
}

fn from_hexadecimal(digits: &[u8]) -> Result<Vec<u8>, String> {
    let (pairs, odd) = digits.as_chunks::<2>();
    if !odd.is_empty() {
        return Err("an odd number of hexadecimal digits".to_owned());
    }
    let octet = |[high, low]: &[u8; 2]| {
        let digit = |octet: u8| {
            char::from(octet)
                .to_digit(16)
                .and_then(|digit| u8::try_from(digit).ok())
        };
        Some(digit(*high)? << 4 | digit(*low)?)
    };
    let octets: Option<Vec<u8>> = pairs.iter().map(octet).collect();
    octets.ok_or_else(|| "not hexadecimal digits".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reason(text: &str) -> String {
        Recording::parse(text).unwrap_err().to_string()
    }

    #[test]
    fn plays_every_type_and_skips_what_it_cannot() {
        let recording = Recording::parse(concat!(
            "# a comment\r\n",
            "1.3.1.0|2|-3\n1.3.2.0|4|a|b\n1.3.3.0|4x|00fF\n1.3.4.0|5|\n1.3.5.0|6|1.3.6\n",
            "1.3.6.0|64|10.0.0.1\n1.3.7.0|64x|0a000001\n1.3.8.0|65|4294967295\n1.3.9.0|66|1\n",
            "1.3.10.0|67|2\n1.3.11.0|70|18446744073709551615\n\n1.3.12.0|2:numeric|rate=1\n",
        ))
        .unwrap();
        assert_eq!(recording.mib().len(), 11);
        let [skipped] = recording.skipped() else {
            panic!("one line is skipped")
        };
        assert!(
            skipped.to_string().contains("line 14: type \"2:numeric\""),
            "{skipped}"
        );
    }

    #[test]
    fn a_damaged_line_of_a_file_costs_that_line_and_is_named() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("a.snmprec");
        let lines =
            b"1.3.1.0|2|1\n1.3.2.0|2\n\xff\xfe|4|x\n1.3.3.0|4|\xff\n1.3.4.0|65|99999999999\n";
        std::fs::write(&path, lines).unwrap();
        let recording = Recording::read(&path).unwrap();
        assert_eq!(recording.mib().len(), 2);
        let named: Vec<usize> = recording.skipped().iter().map(|line| line.line).collect();
        assert_eq!(named, [2, 3, 5]);
        let first = recording.skipped()[0].to_string();
        assert!(
            first.ends_with("a.snmprec, line 2: expected OID|type|value"),
            "{first}"
        );
    }

    #[test]
    fn a_bad_line_is_named_with_its_reason() {
        assert_eq!(
            reason("1.3.1.0|2|1\n1.3.2.0|2"),
            "recording <text>, line 2: expected OID|type|value"
        );
        assert!(reason("printer|2|1").contains("not an object identifier"));
        assert!(reason("1.3.1|99|1").contains("unknown type \"99\""));
        assert!(reason("1.3.1|65|4294967296").contains("does not fit"));
        assert!(reason("1.3.1|4x|abc").contains("odd number"));
    }
}
