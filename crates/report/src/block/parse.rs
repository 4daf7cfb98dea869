//! Reads blocks back, trusting nothing: what passes here can be written without a doubt left.

use bytes::Bytes;

use super::groups::{GROUPS, Group};
use super::ints::Ints;
use super::{BLOCK_ROWS_MAX, Block, CHECKED_FROM, Columns, HEADER_OCTETS, MAGIC, Tuples, VERSION};

/// Why octets are no block. A block is derived: it is built again from its rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BlockError {
    /// It does not begin as blocks do.
    #[error("this is no block of print jobs")]
    NotABlock,
    /// Another version of Platen wrote it.
    #[error("the block is of version {0}, and {VERSION} is what this program reads")]
    OtherVersion(u32),
    /// It ends too early.
    #[error("the block is cut short")]
    Truncated,
    /// Octets changed since it was written.
    #[error("the block's checksum is wrong: octets changed on disk")]
    Checksum,
    /// Its parts do not fit each other.
    #[error("the block contradicts itself: {0}")]
    Malformed(&'static str),
}

/// What is still to be read.
pub(super) struct Cursor {
    rest: Bytes,
}

impl Cursor {
    pub(super) const fn new(rest: Bytes) -> Self {
        Self { rest }
    }

    /// Takes so many octets off the front.
    pub(super) fn take(&mut self, octets: usize) -> Result<Bytes, BlockError> {
        if octets > self.rest.len() {
            return Err(BlockError::Truncated);
        }
        Ok(self.rest.split_to(octets))
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], BlockError> {
        let taken = self.take(N)?;
        taken.first_chunk().copied().ok_or(BlockError::Truncated)
    }

    pub(super) fn u8(&mut self) -> Result<u8, BlockError> {
        self.array().map(|[octet]| octet)
    }

    pub(super) fn u32(&mut self) -> Result<u32, BlockError> {
        self.array().map(u32::from_le_bytes)
    }

    pub(super) fn u64(&mut self) -> Result<u64, BlockError> {
        self.array().map(u64::from_le_bytes)
    }

    fn count(&mut self) -> Result<usize, BlockError> {
        usize::try_from(self.u32()?).map_err(|_no_room| BlockError::Truncated)
    }
}

pub(super) fn parse(mut octets: Vec<u8>) -> Result<Columns, BlockError> {
    let mut header = Cursor::new(Bytes::copy_from_slice(
        octets
            .first_chunk::<HEADER_OCTETS>()
            .ok_or(BlockError::NotABlock)?,
    ));
    if header.array()? != MAGIC {
        return Err(BlockError::NotABlock);
    }
    match header.u32()? {
        VERSION => {}
        other => return Err(BlockError::OtherVersion(other)),
    }
    let checked = octets.get(CHECKED_FROM..).unwrap_or_default();
    let checksum = header.u32()?;
    if checksum != crc32fast::hash(checked) {
        return Err(BlockError::Checksum);
    }
    let heap_octets = usize::try_from(header.u64()?).map_err(|_no_room| BlockError::Truncated)?;
    let heap_from = octets.len().checked_sub(heap_octets);
    let heap = octets.split_off(heap_from.ok_or(BlockError::Truncated)?);
    let heap =
        String::from_utf8(heap).map_err(|_octets| BlockError::Malformed("a text is not UTF-8"))?;
    octets.shrink_to_fit();
    let mut cursor = Cursor::new(Bytes::from(octets));
    cursor.take(HEADER_OCTETS)?;
    let columns = columns(&mut cursor, heap, checksum)?;
    columns.check()?;
    Ok(columns)
}

fn columns(cursor: &mut Cursor, heap: String, checksum: u32) -> Result<Columns, BlockError> {
    let rows = cursor.u32()?;
    if rows > BLOCK_ROWS_MAX {
        return Err(BlockError::Malformed("it has too many rows"));
    }
    let count = usize::try_from(rows).map_err(|_no_room| BlockError::Truncated)?;
    let completed_at = Ints::parse(count, cursor)?;
    let submitted_before = Ints::parse(count, cursor)?;
    let bytes = Ints::parse(count, cursor)?;
    let job_no = Ints::parse(count, cursor)?;
    let mut groups = Vec::with_capacity(GROUPS);
    for group in Group::ALL {
        groups.push(tuples(group, count, cursor)?);
    }
    let strings = cursor.count()?;
    let ends = Ints::parse(strings, cursor)?;
    if !cursor.rest.is_empty() {
        return Err(BlockError::Malformed("it goes on behind its end"));
    }
    let groups = groups
        .try_into()
        .map_err(|_other_number| BlockError::Truncated)?;
    Ok(Columns {
        checksum,
        rows,
        completed_at,
        submitted_before,
        bytes,
        job_no,
        groups,
        strings,
        ends,
        heap,
    })
}

fn tuples(group: Group, rows: usize, cursor: &mut Cursor) -> Result<Tuples, BlockError> {
    let count = cursor.count()?;
    if count > rows {
        return Err(BlockError::Malformed("it has more tuples than rows"));
    }
    let codes = Ints::parse(rows, cursor)?;
    let slots = (0..group.slots()).map(|_| Ints::parse(count, cursor));
    Ok(Tuples {
        count,
        codes,
        slots: slots.collect::<Result<_, _>>()?,
    })
}

impl Columns {
    /// Checks what the writer of reports relies on, beyond its own care: codes and texts exist,
    /// and rows are in their order, each once.
    fn check(&self) -> Result<(), BlockError> {
        let count = usize::try_from(self.rows).map_err(|_no_room| BlockError::Truncated)?;
        let exist = |tuples: &Tuples| {
            let limit = u64::try_from(tuples.count).unwrap_or(u64::MAX);
            tuples.codes.iter(count).all(|code| code < limit)
        };
        if !self.groups.iter().all(exist) {
            return Err(BlockError::Malformed(
                "a row names a tuple that is not there",
            ));
        }
        let times = self.completed_at.iter(count).map(u64::cast_signed);
        let keys = times.zip(self.job_no.iter(count));
        if !keys.is_sorted_by(|earlier, later| earlier < later) {
            return Err(BlockError::Malformed("its rows are not in their order"));
        }
        self.check_texts()
    }

    fn check_texts(&self) -> Result<(), BlockError> {
        // At most one of them is empty.
        if self.strings > self.heap.len() + 1 {
            return Err(BlockError::Malformed(
                "it has more texts than octets of text",
            ));
        }
        let mut before = 0;
        for end in self.ends.iter(self.strings) {
            let end = usize::try_from(end).map_err(|_no_room| BlockError::Truncated)?;
            if end < before || !self.heap.is_char_boundary(end) {
                return Err(BlockError::Malformed("a text ends where it cannot"));
            }
            before = end;
        }
        Ok(())
    }
}

impl Block {
    /// Reads a block as [`super::BlockBuilder::finish`] made it, and checks all of it.
    pub fn parse(octets: Vec<u8>) -> Result<Self, BlockError> {
        Ok(Self::new(parse(octets)?))
    }
}
