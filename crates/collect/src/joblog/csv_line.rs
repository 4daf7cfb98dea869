//! One line of CSV taken apart (RFC 4180), with memory that is used again.
//!
//! A line at a time, so that a quotation mark too many costs its own line and not the file.

/// More fields than any log has; what stands behind them is not looked at.
const FIELDS_MAX: usize = 256;

/// Takes lines apart.
#[derive(Debug)]
pub struct CsvLine {
    reader: csv_core::Reader,
    /// The fields without their quotes, one behind the other.
    text: Vec<u8>,
    /// Where each field ends in `text`.
    ends: Vec<usize>,
    fields: usize,
}

impl CsvLine {
    /// Lines whose fields are parted by this octet.
    pub fn new(delimiter: u8) -> Self {
        let mut builder = csv_core::ReaderBuilder::new();
        Self {
            reader: builder.delimiter(delimiter).build(),
            text: Vec::new(),
            ends: vec![0; FIELDS_MAX],
            fields: 0,
        }
    }

    /// Takes a line apart; its fields stay until the next one.
    pub fn parse(&mut self, line: &str) {
        self.reader.reset();
        // No field is longer than the line.
        self.text.resize(line.len().max(1), 0);
        let (text, ends) = (&mut self.text, &mut self.ends);
        let (_, _, written, fields) = self.reader.read_record(line.as_bytes(), text, ends);
        let behind = text.get_mut(written..).unwrap_or_default();
        let ends = ends.get_mut(fields..).unwrap_or_default();
        // An empty input says that the line is over.
        let (_, _, _, last) = self.reader.read_record(&[], behind, ends);
        self.fields = fields + last;
    }

    /// How many fields the line has.
    pub const fn len(&self) -> usize {
        self.fields
    }

    /// Whether it has none, being blank.
    pub const fn is_empty(&self) -> bool {
        self.fields == 0
    }

    /// The field at this place, from 0, without surrounding blanks.
    pub fn get(&self, index: usize) -> Option<&str> {
        let ends = self.ends.get(..self.fields)?;
        let end = *ends.get(index)?;
        let start = match index.checked_sub(1) {
            Some(before) => *ends.get(before)?,
            None => 0,
        };
        // Quotes and delimiters are ASCII: fields of UTF-8 are UTF-8.
        let field = std::str::from_utf8(self.text.get(start..end)?).ok()?;
        Some(field.trim())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn fields(line: &str) -> Vec<String> {
        let mut csv = CsvLine::new(b',');
        csv.parse(line);
        let fields = 0..csv.len();
        fields.map(|at| csv.get(at).unwrap().to_owned()).collect()
    }

    #[test]
    fn quotes_are_taken_off() {
        assert_eq!(fields(r#"a,"b ""c"", d", ,"#), ["a", r#"b "c", d"#, "", ""]);
        assert_eq!(fields(r#"a,"open"#), ["a", "open"]);
        assert_eq!(fields(""), [""; 0]);
    }

    proptest! {
        #[test]
        fn any_line_is_taken_apart(line in "[a\",é ]{0,40}") {
            prop_assert!(fields(&line).len() <= line.len() + 1);
        }
    }
}
