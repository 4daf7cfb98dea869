//! Questions to octets. There are words for reading only.

/// What can be asked. Every operation reads; the protocol's others cannot be said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Operation {
    /// Jobs of a spooler, a queue or a printer (RFC 8011 4.2.6).
    GetJobs,
    /// What a printer or a queue says of itself (RFC 8011 4.2.5).
    GetPrinterAttributes,
    /// The queues of a CUPS server (CUPS implementation of IPP).
    CupsGetPrinters,
}

impl Operation {
    const fn code(self) -> u16 {
        match self {
            Self::GetJobs => 0x000A,
            Self::GetPrinterAttributes => 0x000B,
            Self::CupsGetPrinters => 0x4002,
        }
    }
}

/// The version spoken, 1.1, which every later one includes (PWG 5100.12 4).
const VERSION: [u8; 2] = [1, 1];

/// The number of every request. One exchange a connection needs no others.
pub(crate) const REQUEST_ID: u32 = 1;

/// Longest value written in octets: names are at most this long (RFC 8011 5.1.3).
const VALUE_MAX_OCTETS: usize = 255;

const TAG_OPERATION: u8 = 0x01;
const TAG_END: u8 = 0x03;
const TAG_INTEGER: u8 = 0x21;
const TAG_NAME: u8 = 0x42;
const TAG_KEYWORD: u8 = 0x44;
const TAG_URI: u8 = 0x45;
const TAG_CHARSET: u8 = 0x47;
const TAG_LANGUAGE: u8 = 0x48;

/// A request in the making.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    octets: Vec<u8>,
}

impl Question {
    /// A question about `target`, a printer, a queue or a server (`printer-uri`).
    pub fn new(operation: Operation, target: &str) -> Self {
        let mut octets = VERSION.to_vec();
        octets.extend(operation.code().to_be_bytes());
        octets.extend(REQUEST_ID.to_be_bytes());
        octets.push(TAG_OPERATION);
        Self { octets }
            .put(TAG_CHARSET, "attributes-charset", b"utf-8")
            .put(TAG_LANGUAGE, "attributes-natural-language", b"en")
            .put(TAG_URI, "printer-uri", target.as_bytes())
    }

    /// With an integer.
    #[must_use]
    pub fn integer(self, name: &str, value: i32) -> Self {
        self.put(TAG_INTEGER, name, &value.to_be_bytes())
    }

    /// With a name.
    #[must_use]
    pub fn name(self, name: &str, value: &str) -> Self {
        self.put(TAG_NAME, name, value.as_bytes())
    }

    /// With a keyword.
    #[must_use]
    pub fn keyword(self, name: &str, value: &str) -> Self {
        self.put(TAG_KEYWORD, name, value.as_bytes())
    }

    /// With the names of the attributes wanted: CUPS tells of old jobs only what is named.
    #[must_use]
    pub fn wanting(self, names: &[&str]) -> Self {
        let attribute = std::iter::once("requested-attributes").chain(std::iter::repeat(""));
        let wanted = names.iter().zip(attribute);
        wanted.fold(self, |question, (name, attribute)| {
            question.put(TAG_KEYWORD, attribute, name.as_bytes())
        })
    }

    /// The request as it is sent.
    pub fn into_octets(mut self) -> Vec<u8> {
        self.octets.push(TAG_END);
        self.octets
    }

    fn put(mut self, tag: u8, name: &str, value: &[u8]) -> Self {
        self.octets.push(tag);
        self.field(name.as_bytes());
        self.field(value);
        self
    }

    /// A length and the octets, cut where no name is that long.
    fn field(&mut self, octets: &[u8]) {
        let kept = octets.iter().take(VALUE_MAX_OCTETS);
        let length = u16::try_from(kept.len()).unwrap_or(0);
        self.octets.extend(length.to_be_bytes());
        self.octets.extend(kept);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ipp::{Message, Value};

    #[test]
    fn a_question_reads_back() {
        let octets = Question::new(Operation::GetJobs, "ipp://localhost/")
            .keyword("which-jobs", "completed")
            .integer("first-index", 476)
            .wanting(&["job-id", "job-uuid"])
            .into_octets();
        assert_eq!(octets.get(..8).unwrap(), [1, 1, 0, 0x0A, 0, 0, 0, 1]);
        let message = Message::decode(&octets).unwrap();
        let operation = message.groups.first().unwrap();
        assert_eq!(operation.text("attributes-charset"), Some("utf-8"));
        assert_eq!(operation.text("printer-uri"), Some("ipp://localhost/"));
        assert_eq!(operation.integer("first-index"), Some(476));
        assert_eq!(
            operation.values("requested-attributes"),
            ["job-id", "job-uuid"].map(|name| Value::Text(name.to_owned()))
        );
    }
}
