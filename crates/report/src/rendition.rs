//! Compressed answers put together from pieces that were compressed once.
//!
//! A closed block is compressed when it is made, not for every answer. Gzip must stay one member:
//! at the end of the first of several, curl, httpx and Chromium end the body, some without an
//! error. So pieces are raw DEFLATE that ends on a whole octet with a sync flush, and the
//! checksum of the answer is combined from theirs (RFC 1951, RFC 1952).

use std::{io, mem};

use crc32fast::Hasher;
use flate2::{Compress, Compression, FlushCompress};

/// Level of DEFLATE, of 9: beyond it reports get hardly smaller and much slower to write.
const DEFLATE_LEVEL: u32 = 6;

/// Octets by which the compressed piece grows while it is made.
const ROOM_OCTETS: usize = 32 * 1024;

/// Before the pieces of a gzip member: DEFLATE, no name, no time, unknown system (RFC 1952 2.3).
const GZIP_HEADER: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff];

/// Behind them: the last block, with nothing in it, in the fixed code (RFC 1951 3.2.6).
const DEFLATE_END: [u8; 2] = [3, 0];

/// Longest stretch that goes into one stored block, in octets: what its length field can say.
const PLAIN_OCTETS_MAX: usize = u16::MAX as usize;

/// A compressed stretch of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// What goes into the answer: raw DEFLATE up to a whole octet.
    pub octets: Vec<u8>,
    /// CRC-32 of the stretch before it was compressed.
    pub crc32: u32,
    /// Octets of the stretch before it was compressed.
    pub plain_octets: u64,
}

/// Compresses one [`Piece`].
pub struct PieceWriter {
    plain: Hasher,
    plain_octets: u64,
    deflate: Box<Compress>,
    out: Vec<u8>,
}

impl Default for PieceWriter {
    fn default() -> Self {
        Self {
            plain: Hasher::new(),
            plain_octets: 0,
            deflate: Box::new(Compress::new(Compression::new(DEFLATE_LEVEL), false)),
            out: Vec::new(),
        }
    }
}

impl PieceWriter {
    /// Takes octets in.
    pub fn write(&mut self, plain: &[u8]) -> io::Result<()> {
        self.plain.update(plain);
        self.plain_octets = self.plain_octets.wrapping_add(plain.len() as u64);
        deflate_all(&mut self.deflate, plain, &mut self.out)
    }

    /// The piece of all octets taken in.
    pub fn finish(mut self) -> io::Result<Piece> {
        self.cut()
    }

    /// The piece of the octets taken in since the last one. No later one refers back to it: each
    /// of them stands for itself, and another may stand in its place.
    pub fn cut(&mut self) -> io::Result<Piece> {
        flush(&mut self.deflate, &mut self.out)?;
        Ok(Piece {
            octets: mem::take(&mut self.out),
            crc32: mem::take(&mut self.plain).finalize(),
            plain_octets: mem::take(&mut self.plain_octets),
        })
    }
}

fn deflate_all(deflate: &mut Compress, mut plain: &[u8], out: &mut Vec<u8>) -> io::Result<()> {
    while !plain.is_empty() {
        out.reserve(ROOM_OCTETS);
        let before = deflate.total_in();
        deflate.compress_vec(plain, out, FlushCompress::None)?;
        let taken = usize::try_from(deflate.total_in() - before).unwrap_or(usize::MAX);
        plain = plain.get(taken..).unwrap_or_default();
    }
    Ok(())
}

/// Writes out what is held back, and an empty stored block that ends on a whole octet; forgets
/// what was compressed (`Z_FULL_FLUSH`).
fn flush(deflate: &mut Compress, out: &mut Vec<u8>) -> io::Result<()> {
    loop {
        out.reserve(ROOM_OCTETS);
        deflate.compress_vec(&[], out, FlushCompress::Full)?;
        // Room that is left says that everything is out.
        if out.len() < out.capacity() {
            return Ok(());
        }
    }
}

/// Puts an answer together: [`start`](Self::start) once, pieces and what stands between them in
/// their order, [`finish`](Self::finish) once.
#[derive(Debug)]
pub struct Stitcher {
    plain: Hasher,
    plain_octets: u64,
}

impl Default for Stitcher {
    fn default() -> Self {
        Self {
            plain: Hasher::new(),
            plain_octets: 0,
        }
    }
}

impl Stitcher {
    /// Appends what stands before everything.
    pub fn start(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&GZIP_HEADER);
    }

    /// Appends a few octets as they are, such as a bracket or a header line.
    pub fn plain(&mut self, plain: &[u8], out: &mut Vec<u8>) {
        self.plain.update(plain);
        self.plain_octets = self.plain_octets.wrapping_add(plain.len() as u64);
        for part in plain.chunks(PLAIN_OCTETS_MAX) {
            stored_block(part, out);
        }
    }

    /// Appends a piece.
    pub fn piece(&mut self, piece: &Piece, out: &mut Vec<u8>) {
        self.passed(piece.crc32, piece.plain_octets);
        out.extend_from_slice(&piece.octets);
    }

    /// Takes note of a piece whose octets reach the client without passing through here. Its
    /// checksum and its length are those before compression.
    pub fn passed(&mut self, crc32: u32, plain_octets: u64) {
        let other = Hasher::new_with_initial_len(crc32, plain_octets);
        self.plain.combine(&other);
        self.plain_octets = self.plain_octets.wrapping_add(plain_octets);
    }

    /// Appends what stands behind everything.
    pub fn finish(self, out: &mut Vec<u8>) {
        out.extend_from_slice(&DEFLATE_END);
        out.extend_from_slice(&self.plain.finalize().to_le_bytes());
        // The length modulo 2^32 (RFC 1952 2.3.1).
        let [a, b, c, d, ..] = self.plain_octets.to_le_bytes();
        out.extend_from_slice(&[a, b, c, d]);
    }
}

/// DEFLATE's way to carry octets as they are, begun on a whole octet (RFC 1951 3.2.4).
fn stored_block(plain: &[u8], out: &mut Vec<u8>) {
    let octets = u16::try_from(plain.len()).unwrap_or(u16::MAX);
    out.push(0);
    out.extend_from_slice(&octets.to_le_bytes());
    out.extend_from_slice(&(!octets).to_le_bytes());
    out.extend_from_slice(plain);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::io::Read as _;

    /// A part of an answer: a piece of these writes, or octets as they are.
    #[derive(Debug, Clone)]
    enum Part {
        Piece(Vec<Vec<u8>>),
        Passed(Vec<u8>),
        Plain(Vec<u8>),
    }

    fn piece(writes: &[Vec<u8>]) -> Piece {
        let mut compressing = PieceWriter::default();
        for write in writes {
            compressing.write(write).unwrap();
        }
        compressing.finish().unwrap()
    }

    /// The answer, and what it must say.
    fn stitched(parts: &[Part]) -> (Vec<u8>, Vec<u8>) {
        let (mut out, mut said) = (Vec::new(), Vec::new());
        let mut stitcher = Stitcher::default();
        stitcher.start(&mut out);
        for part in parts {
            match part {
                Part::Piece(writes) => {
                    stitcher.piece(&piece(writes), &mut out);
                    said.extend(writes.concat());
                }
                Part::Passed(plain) => {
                    let piece = piece(std::slice::from_ref(plain));
                    stitcher.passed(piece.crc32, piece.plain_octets);
                    out.extend(piece.octets);
                    said.extend(plain);
                }
                Part::Plain(plain) => {
                    stitcher.plain(plain, &mut out);
                    said.extend(plain);
                }
            }
        }
        stitcher.finish(&mut out);
        (out, said)
    }

    fn texts(most: usize) -> impl Strategy<Value = Vec<u8>> {
        prop_oneof![
            prop::collection::vec(any::<u8>(), 0..most),
            (0..most).prop_map(|count| b"{\"Pages\":1},\n".repeat(count)),
        ]
    }

    fn parts() -> impl Strategy<Value = Vec<Part>> {
        let part = prop_oneof![
            prop::collection::vec(texts(3_000), 0..4).prop_map(Part::Piece),
            texts(3_000).prop_map(Part::Passed),
            texts(60).prop_map(Part::Plain),
        ];
        prop::collection::vec(part, 0..8)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn gzip_is_one_member_that_says_the_same(parts in parts()) {
            let (octets, said) = stitched(&parts);
            let mut decoder = flate2::bufread::GzDecoder::new(&octets[..]);
            let mut read = Vec::new();
            decoder.read_to_end(&mut read).unwrap();
            prop_assert_eq!(read, said);
            prop_assert!(decoder.into_inner().is_empty(), "something follows the first member");
        }
    }

    #[test]
    fn a_changed_piece_does_not_pass_for_the_answer() {
        let mut piece = piece(&[b"[1]".to_vec()]);
        piece.crc32 ^= 1;
        let (mut out, mut stitcher) = (Vec::new(), Stitcher::default());
        stitcher.start(&mut out);
        stitcher.piece(&piece, &mut out);
        stitcher.finish(&mut out);
        let mut decoder = flate2::bufread::GzDecoder::new(&out[..]);
        assert!(decoder.read_to_end(&mut Vec::new()).is_err());
    }
}
