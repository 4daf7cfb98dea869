//! UTF-16 as UTF-8: what `PowerShell` writes when it redirects the output of a program.

use std::io::{self, BufRead, Read};
use std::ops::Range;

use encoding_rs::{CoderResult, Decoder, Encoding, UTF_16BE, UTF_16LE};

/// The encoding that a byte order mark of UTF-16 names or, where there is none, that four ASCII
/// characters tell: no other encoding of logs has zeros beside them.
pub(super) fn sniff(start: &[u8]) -> Option<&'static Encoding> {
    if let Some((encoding, _)) = Encoding::for_bom(start) {
        return [UTF_16LE, UTF_16BE].contains(&encoding).then_some(encoding);
    }
    let is_ascii = |octet: u8| octet.is_ascii() && octet != 0;
    match *start.first_chunk::<8>()? {
        [a, 0, b, 0, c, 0, d, 0] if [a, b, c, d].into_iter().all(is_ascii) => Some(UTF_16LE),
        [0, a, 0, b, 0, c, 0, d] if [a, b, c, d].into_iter().all(is_ascii) => Some(UTF_16BE),
        _ => None,
    }
}

/// Octets of UTF-8 that are decoded at once.
const BUFFER_OCTETS: usize = 16 * 1024;

/// Reads UTF-8 from a reader of another encoding; what is invalid becomes U+FFFD.
pub(super) struct Transcoded<'a> {
    inner: &'a mut dyn BufRead,
    decoder: Decoder,
    buffer: Vec<u8>,
    /// What of the buffer is decoded and not yet consumed.
    ready: Range<usize>,
    is_done: bool,
}

impl<'a> Transcoded<'a> {
    pub(super) fn new(inner: &'a mut dyn BufRead, encoding: &'static Encoding) -> Self {
        Self {
            inner,
            decoder: encoding.new_decoder(),
            buffer: vec![0; BUFFER_OCTETS],
            ready: 0..0,
            is_done: false,
        }
    }
}

impl BufRead for Transcoded<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        while self.ready.is_empty() && !self.is_done {
            let chunk = self.inner.fill_buf()?;
            let last = chunk.is_empty();
            let decoder = &mut self.decoder;
            let (result, read, written, _) = decoder.decode_to_utf8(chunk, &mut self.buffer, last);
            self.inner.consume(read);
            self.ready = 0..written;
            self.is_done = last && result == CoderResult::InputEmpty;
        }
        Ok(self.buffer.get(self.ready.clone()).unwrap_or_default())
    }

    fn consume(&mut self, amount: usize) {
        self.ready.start = (self.ready.start + amount).min(self.ready.end);
    }
}

impl Read for Transcoded<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let read = self.fill_buf()?.read(out)?;
        self.consume(read);
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_orders_are_read_in_any_pieces() {
        let text = "Отчёт 🖨 «x»";
        let units: Vec<u16> = std::iter::once(0xFEFF).chain(text.encode_utf16()).collect();
        let little: Vec<u8> = units.iter().flat_map(|unit| unit.to_le_bytes()).collect();
        let big: Vec<u8> = units.iter().flat_map(|unit| unit.to_be_bytes()).collect();
        for octets in [little, big] {
            let encoding = sniff(&octets).unwrap();
            let mut pieces = io::BufReader::with_capacity(3, octets.as_slice());
            let mut read = String::new();
            let mut transcoded = Transcoded::new(&mut pieces, encoding);
            transcoded.read_to_string(&mut read).unwrap();
            assert_eq!(read, text);
        }
        assert_eq!(sniff(b"\xEF\xBB\xBFplain"), None);
        assert_eq!(sniff(b"T\0i\0m\0e\0"), Some(UTF_16LE));
        assert_eq!(sniff(b"\0T\0i\0m\0e"), Some(UTF_16BE));
        assert_eq!(sniff(b"Time"), None);
    }
}
