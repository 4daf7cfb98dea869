//! Lines of a log, each held to a length.

use std::io::{self, BufRead};

use super::{Entry, LineParser, Sink};

/// Longest line taken in, in octets. CUPS cuts its own at 2,047; what is longer than this is no
/// log line, and would let a file without line ends fill the memory.
pub const LINE_MAX_OCTETS: usize = 64 * 1024;

/// The reason for which a longer one is refused.
const TOO_LONG: &str = "longer than 64 KiB";

/// Reads every line to the end of the log and gives each to the parser. A line ends with LF or
/// CRLF; the last one may end with the file. A line beyond [`LINE_MAX_OCTETS`] is refused and
/// read over.
pub(crate) fn parse(
    reader: &mut dyn BufRead,
    parser: &mut dyn LineParser,
    sink: &mut Sink<'_>,
) -> io::Result<()> {
    let mut line = Vec::new();
    let mut number = 0;
    while let Some(read) = next(reader, &mut line)? {
        number += 1;
        give(parser, number, read, &line, sink);
    }
    parser.finish(sink);
    Ok(())
}

/// Gives a line that was read to the parser, or refuses it.
pub(super) fn give(
    parser: &mut dyn LineParser,
    number: u64,
    read: Read,
    line: &[u8],
    sink: &mut Sink<'_>,
) {
    if read.octets > line.len() {
        sink(Entry::refused(number, TOO_LONG));
    } else {
        parser.line(number, without_end(line), sink);
    }
}

/// What was read as one line.
#[derive(Debug, Clone, Copy)]
pub(super) struct Read {
    /// Its length with its end; more than was kept of it where it is too long.
    pub(super) octets: usize,
    /// Whether it has an end.
    pub(super) has_end: bool,
}

/// Reads one line into `line`, at most [`LINE_MAX_OCTETS`] of it. `None` at the end of the log.
pub(super) fn next(reader: &mut dyn BufRead, line: &mut Vec<u8>) -> io::Result<Option<Read>> {
    line.clear();
    let mut octets = 0;
    loop {
        let chunk = match reader.fill_buf() {
            Ok(chunk) => chunk,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        if chunk.is_empty() {
            let has_end = false;
            return Ok((octets > 0).then_some(Read { octets, has_end }));
        }
        let end = chunk.iter().position(|octet| *octet == b'\n');
        let taken = end.map_or(chunk.len(), |end| end + 1);
        let room = LINE_MAX_OCTETS.saturating_sub(line.len());
        line.extend(chunk.iter().take(taken.min(room)));
        octets += taken;
        let has_end = end.is_some();
        reader.consume(taken);
        if has_end {
            return Ok(Some(Read { octets, has_end }));
        }
    }
}

/// The line without LF or CRLF.
fn without_end(line: &[u8]) -> &[u8] {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    line.strip_suffix(b"\r").unwrap_or(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Lengths;

    impl LineParser for Lengths {
        fn line(&mut self, number: u64, line: &[u8], sink: &mut Sink<'_>) {
            sink(Entry::skipped(number, line.len().to_string()));
        }
    }

    #[test]
    fn a_line_without_end_costs_itself_alone() {
        let mut log = b"one\r\n\n".to_vec();
        log.extend(vec![b'x'; LINE_MAX_OCTETS + 1]);
        log.extend(b"\nlast");
        let mut seen = Vec::new();
        // A small buffer, so that lines span several reads.
        let mut reader = io::BufReader::with_capacity(7, log.as_slice());
        parse(&mut reader, &mut Lengths, &mut |entry| seen.push(entry)).unwrap();
        let expected = [
            Entry::skipped(1, "3"),
            Entry::skipped(2, "0"),
            Entry::refused(3, TOO_LONG),
            Entry::skipped(4, "4"),
        ];
        assert_eq!(seen, expected);
    }
}
