//! The file of a rendition: a header, the places of its pieces, and the pieces: a block's rows as
//! compressed JSON. Pieces do not refer back to each other, so one whose rows changed can be left
//! out and another one put in its place.

use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::sync::Arc;

use crc32fast::Hasher;
use platen_report::rendition::Piece;
use platen_store::{BlockName, BlockRef};

/// Octets of a [`Header`] in a file.
const HEADER_OCTETS: usize = 12 + STRETCH_OCTETS + CHECKSUM_OCTETS;

/// Octets of a [`Stretch`] in a file.
const STRETCH_OCTETS: usize = 24;

/// Octets of a CRC-32.
const CHECKSUM_OCTETS: usize = 4;

/// What a file says of itself: little-endian numbers in the order of the fields, then the CRC-32
/// of them.
#[derive(Debug, Clone, Copy)]
struct Header {
    /// CRC-32 of the columns it was made of.
    columns: u32,
    /// How many pieces there are.
    pieces: u32,
    /// CRC-32 of the places of the pieces.
    index: u32,
    /// All pieces.
    whole: Stretch,
}

/// Compressed octets. In a file: its fields, little-endian.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stretch {
    /// CRC-32 of what they say.
    plain: u32,
    /// How many octets that is.
    plain_octets: u64,
    /// CRC-32 of them.
    coded: u32,
    /// How many they are.
    octets: u64,
}

/// A part of an answer.
#[derive(Debug)]
enum Part {
    /// Octets of the file, from a place on.
    Kept(u64, Stretch),
    /// A piece that was made anew.
    Made(Box<[u8]>),
}

/// The compressed rows of a block as they are now.
#[derive(Debug, Default)]
pub(crate) struct Parts {
    list: Vec<Part>,
    plain: u32,
    plain_octets: u64,
}

/// The file of a rendition, open for reading.
pub(crate) struct RenditionFile {
    file: File,
    header: Header,
    name: BlockName,
}

/// Compressed rows on their way into an answer.
#[derive(Debug)]
pub struct Rendition {
    name: BlockName,
    file: File,
    parts: Arc<Parts>,
    /// The part that is read, how much of it was, and the checksum of that.
    part: usize,
    read: u64,
    checked: Hasher,
}

/// The octets of a file of these pieces, made of the columns with this checksum.
pub(crate) fn file_of(columns: u32, pieces: &[Piece]) -> Vec<u8> {
    let mut whole = Stretch::EMPTY;
    let (mut index, mut octets) = (Vec::new(), Vec::new());
    for piece in pieces {
        let stretch = Stretch::of(piece);
        stretch.write(&mut index);
        whole = whole.and(stretch);
        octets.extend_from_slice(&piece.octets);
    }
    let header = Header {
        columns,
        pieces: u32::try_from(pieces.len()).unwrap_or(u32::MAX),
        index: crc32fast::hash(&index),
        whole,
    };
    [header.octets(), index, octets].concat()
}

impl RenditionFile {
    /// `None` where the file is longer or shorter than it says, or was made of other columns.
    pub(crate) fn open(mut file: File, block: &BlockRef) -> Option<Self> {
        let mut octets = [0; HEADER_OCTETS];
        file.read_exact(&mut octets).ok()?;
        let header = Header::parse(&octets)?;
        let length = header.begin().checked_add(header.whole.octets)?;
        let is_whole = file.metadata().ok()?.len() == length;
        (is_whole && header.columns == block.checksum).then_some(Self {
            file,
            header,
            name: block.name,
        })
    }

    /// Where each piece begins.
    pub(crate) fn pieces(&mut self) -> Option<Vec<(u64, Stretch)>> {
        let octets = usize::try_from(self.header.index_octets()).ok()?;
        let mut index = vec![0; octets];
        self.file.seek(SeekFrom::Start(HEADER_OCTETS as u64)).ok()?;
        self.file.read_exact(&mut index).ok()?;
        if crc32fast::hash(&index) != self.header.index {
            return None;
        }
        let mut next = self.header.begin();
        let pieces = index.chunks_exact(STRETCH_OCTETS).map(|piece| {
            let (stretch, _) = Stretch::split_off(piece)?;
            let begin = next;
            next = next.checked_add(stretch.octets)?;
            Some((begin, stretch))
        });
        pieces.collect()
    }

    /// All of it, on its way into an answer.
    pub(crate) fn whole(self) -> Rendition {
        let mut parts = Parts::default();
        parts.keep(self.header.begin(), self.header.whole);
        self.with(Arc::new(parts))
    }

    /// These parts of it, with what was made anew among them.
    pub(crate) fn with(self, parts: Arc<Parts>) -> Rendition {
        Rendition {
            name: self.name,
            file: self.file,
            parts,
            part: 0,
            read: 0,
            checked: Hasher::new(),
        }
    }
}

impl Parts {
    /// Appends octets of the file.
    pub(crate) fn keep(&mut self, from: u64, stretch: Stretch) {
        self.count(stretch);
        if let Some(Part::Kept(begin, kept)) = self.list.last_mut()
            && *begin + kept.octets == from
        {
            *kept = kept.and(stretch);
        } else {
            self.list.push(Part::Kept(from, stretch));
        }
    }

    /// Appends a piece that was made anew.
    pub(crate) fn add(&mut self, piece: Piece) {
        self.count(Stretch::of(&piece));
        self.list.push(Part::Made(piece.octets.into()));
    }

    fn count(&mut self, stretch: Stretch) {
        let so_far = Stretch {
            plain: self.plain,
            plain_octets: self.plain_octets,
            ..Stretch::EMPTY
        };
        let now = so_far.and(stretch);
        (self.plain, self.plain_octets) = (now.plain, now.plain_octets);
    }

    /// Whether nothing was appended that says anything.
    pub(crate) const fn is_empty(&self) -> bool {
        self.plain_octets == 0
    }

    /// Octets that they take in memory, about.
    pub(crate) fn octets(&self) -> usize {
        let made = self.list.iter().map(|part| match part {
            Part::Kept(..) => 0,
            Part::Made(octets) => octets.len(),
        });
        made.sum::<usize>() + self.list.len() * size_of::<Part>()
    }
}

impl Rendition {
    /// CRC-32 of what it says.
    pub fn crc32(&self) -> u32 {
        self.parts.plain
    }

    /// How many octets that is; none where no job is left.
    pub fn plain_octets(&self) -> u64 {
        self.parts.plain_octets
    }

    /// Whose files it is read from.
    pub(crate) const fn name(&self) -> BlockName {
        self.name
    }

    /// Appends the next compressed octets, `wanted` at most; says whether more follow. An error
    /// says that the file is damaged: what was read of it so far is not to be relied on.
    pub fn read(&mut self, wanted: usize, out: &mut Vec<u8>) -> io::Result<bool> {
        let wanted = u64::try_from(wanted).unwrap_or(u64::MAX);
        let octets = match self.parts.list.get(self.part) {
            None => return Ok(false),
            Some(Part::Made(octets)) => {
                let read = usize::try_from(self.read).unwrap_or(usize::MAX);
                let rest = octets.get(read..).unwrap_or_default();
                let wanted = usize::try_from(wanted).unwrap_or(usize::MAX);
                let taken = rest.get(..wanted).unwrap_or(rest);
                out.extend_from_slice(taken);
                self.read += taken.len() as u64;
                octets.len() as u64
            }
            Some(Part::Kept(from, stretch)) => {
                if self.read == 0 {
                    self.file.seek(SeekFrom::Start(*from))?;
                }
                let start = out.len();
                let wanted = wanted.min(stretch.octets.saturating_sub(self.read));
                let read = (&self.file).take(wanted).read_to_end(out)? as u64;
                self.checked.update(out.get(start..).unwrap_or_default());
                self.read += read;
                if read == 0 && self.read < stretch.octets {
                    return Err(damaged("a compressed block is cut short"));
                }
                if self.read == stretch.octets {
                    let checked = std::mem::take(&mut self.checked);
                    if checked.finalize() != stretch.coded {
                        return Err(damaged("a compressed block changed on disk"));
                    }
                }
                stretch.octets
            }
        };
        if self.read >= octets {
            self.part += 1;
            self.read = 0;
        }
        Ok(self.part < self.parts.list.len())
    }
}

fn damaged(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what)
}

impl Header {
    /// Where the first piece begins.
    fn begin(&self) -> u64 {
        HEADER_OCTETS as u64 + self.index_octets()
    }

    fn index_octets(&self) -> u64 {
        u64::from(self.pieces) * STRETCH_OCTETS as u64
    }

    fn octets(&self) -> Vec<u8> {
        let mut octets = Vec::with_capacity(HEADER_OCTETS);
        for number in [self.columns, self.pieces, self.index] {
            octets.extend_from_slice(&number.to_le_bytes());
        }
        self.whole.write(&mut octets);
        let checksum = crc32fast::hash(&octets);
        octets.extend_from_slice(&checksum.to_le_bytes());
        octets
    }

    /// `None` where it was damaged, or is none.
    fn parse(octets: &[u8; HEADER_OCTETS]) -> Option<Self> {
        let (fields, checksum) = octets.split_last_chunk()?;
        if u32::from_le_bytes(*checksum) != crc32fast::hash(fields) {
            return None;
        }
        let (columns, rest) = fields.split_first_chunk()?;
        let (pieces, rest) = rest.split_first_chunk()?;
        let (index, rest) = rest.split_first_chunk()?;
        let (whole, _) = Stretch::split_off(rest)?;
        Some(Self {
            columns: u32::from_le_bytes(*columns),
            pieces: u32::from_le_bytes(*pieces),
            index: u32::from_le_bytes(*index),
            whole,
        })
    }
}

impl Stretch {
    const EMPTY: Self = Self {
        plain: 0,
        plain_octets: 0,
        coded: 0,
        octets: 0,
    };

    fn of(piece: &Piece) -> Self {
        Self {
            plain: piece.crc32,
            plain_octets: piece.plain_octets,
            coded: crc32fast::hash(&piece.octets),
            octets: piece.octets.len() as u64,
        }
    }

    /// This one and the `next` one behind it.
    fn and(self, next: Self) -> Self {
        let joined = |(crc, octets), (next_crc, next_octets)| {
            let mut joined = Hasher::new_with_initial_len(crc, octets);
            joined.combine(&Hasher::new_with_initial_len(next_crc, next_octets));
            joined.finalize()
        };
        let plain = (next.plain, next.plain_octets);
        let coded = (next.coded, next.octets);
        Self {
            plain: joined((self.plain, self.plain_octets), plain),
            plain_octets: self.plain_octets.wrapping_add(next.plain_octets),
            coded: joined((self.coded, self.octets), coded),
            octets: self.octets.wrapping_add(next.octets),
        }
    }

    fn write(self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.plain.to_le_bytes());
        out.extend_from_slice(&self.plain_octets.to_le_bytes());
        out.extend_from_slice(&self.coded.to_le_bytes());
        out.extend_from_slice(&self.octets.to_le_bytes());
    }

    fn split_off(octets: &[u8]) -> Option<(Self, &[u8])> {
        let (plain, rest) = octets.split_first_chunk()?;
        let (plain_octets, rest) = rest.split_first_chunk()?;
        let (coded, rest) = rest.split_first_chunk()?;
        let (octets, rest) = rest.split_first_chunk()?;
        let stretch = Self {
            plain: u32::from_le_bytes(*plain),
            plain_octets: u64::from_le_bytes(*plain_octets),
            coded: u32::from_le_bytes(*coded),
            octets: u64::from_le_bytes(*octets),
        };
        Some((stretch, rest))
    }
}
