//! Renditions: a sealed block as JSON, compressed once, to be put into answers as it is.
//!
//! A file of them says of which columns it was made, and is checked while it goes by: one of other
//! columns is not used, and one that is damaged is removed and made anew.
//!
//! Only as gzip: an answer of several Zstandard frames breaks httpx wherever a frame ends with
//! what it has read, so that coding is written as one stream for each answer.

use std::fs::File;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::io::{self, Read as _, Take};
use std::sync::Arc;

use crc32fast::Hasher;
use platen_domain::organizations::Organization;
use platen_report::block::{Block, Renderer};
use platen_report::encode::Format;
use platen_report::instants::InstantWriter;
use platen_report::print_jobs::PrintLayout;
use platen_report::rendition::PieceWriter;
use platen_store::{BlockFiles, BlockName, BlockRef};

use crate::print_reports::read_columns;
use crate::{App, AppError};

/// Octets of JSON that are compressed at a time.
const STEP_OCTETS: usize = 256 * 1024;

/// Before the compressed octets in a file: see [`Header`].
const HEADER_OCTETS: usize = 32;

/// What a file says of itself: numbers of four and eight octets, little-endian, in the order of
/// the fields, and the CRC-32 of them.
struct Header {
    /// CRC-32 of the columns it was made of.
    columns: u32,
    /// CRC-32 of what the compressed octets say.
    plain: u32,
    /// How many octets that is.
    plain_octets: u64,
    /// CRC-32 of the compressed octets.
    coded: u32,
    /// How many those are.
    octets: u64,
}

/// How blocks look to programs: the operator's columns in the organization's time zone. Another
/// look has other files.
#[derive(Debug, Clone)]
pub struct Look {
    layout: Arc<PrintLayout>,
    zone: String,
    sign: u64,
}

/// A compressed block, open for reading.
#[derive(Debug)]
pub struct Rendition {
    /// CRC-32 of what the compressed octets say.
    pub crc32: u32,
    /// How many octets that is.
    pub plain_octets: u64,
    name: BlockName,
    /// The compressed octets that are still to be read.
    file: Take<File>,
    checked: Hasher,
    /// CRC-32 that they shall have.
    coded: u32,
}

impl Rendition {
    /// Appends the next compressed octets, `wanted` at most; says whether more follow. An error
    /// says that the file is damaged: what was read of it so far is not to be relied on.
    pub fn read(&mut self, wanted: usize, out: &mut Vec<u8>) -> io::Result<bool> {
        let start = out.len();
        let read = self.file.by_ref().take(wanted as u64).read_to_end(out)?;
        self.checked.update(out.get(start..).unwrap_or_default());
        match (self.file.limit(), read) {
            (0, _) if self.checked.clone().finalize() == self.coded => Ok(false),
            (0, _) => Err(damaged("a compressed block changed on disk")),
            (_, 0) => Err(damaged("a compressed block is cut short")),
            _ => Ok(true),
        }
    }
}

fn damaged(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what)
}

impl Look {
    /// The look of `layout` in an organization's time zone.
    pub fn new(layout: Arc<PrintLayout>, organization: &Organization) -> Self {
        Self::in_zone(layout, organization.time_zone.clone())
    }

    /// The look of `layout` in a time zone.
    pub fn in_zone(layout: Arc<PrintLayout>, zone: String) -> Self {
        let mut hasher = DefaultHasher::new();
        // Another version may write another text.
        env!("CARGO_PKG_VERSION").hash(&mut hasher);
        zone.hash(&mut hasher);
        for (name, column) in layout.columns() {
            (name, column.name).hash(&mut hasher);
        }
        Self {
            layout,
            zone,
            sign: hasher.finish(),
        }
    }

    /// A number that tells this look from others.
    pub const fn sign(&self) -> u64 {
        self.sign
    }

    /// A writer of it.
    pub fn renderer(&self, format: Format) -> Result<Renderer, AppError> {
        let instants = InstantWriter::new(&self.zone);
        let instants = instants.map_err(|error| AppError::Interrupted(Box::new(error)))?;
        Ok(Renderer::new(format, Arc::clone(&self.layout), instants))
    }

    /// The kind of files that hold it.
    pub(crate) fn kind(&self) -> String {
        format!("{:016x}.json.gz", self.sign)
    }

    /// Writes the file of a block that is not there yet, and says whether it was missing.
    pub(crate) fn write_missing(
        &self,
        files: &BlockFiles,
        sealed: &BlockRef,
    ) -> Result<bool, AppError> {
        if self.open(files, sealed).is_some() {
            return Ok(false);
        }
        let Ok(block) = read_columns(files, sealed) else {
            return Ok(false);
        };
        let failed = |error: io::Error| AppError::Interrupted(Box::new(error));
        let piece = self.piece(&block)?.finish().map_err(failed)?;
        let header = Header {
            columns: block.checksum(),
            plain: piece.crc32,
            plain_octets: piece.plain_octets,
            coded: crc32fast::hash(&piece.octets),
            octets: piece.octets.len() as u64,
        };
        let octets = [&header.octets()[..], &piece.octets].concat();
        files
            .write(sealed.name, &self.kind(), &octets)
            .map_err(failed)?;
        Ok(true)
    }

    /// The file of a block; `None` where it is not there, is longer or shorter than it says, or
    /// was made of other columns.
    fn open(&self, files: &BlockFiles, sealed: &BlockRef) -> Option<Rendition> {
        let mut file = files.open(sealed.name, &self.kind()).ok()?;
        let mut octets = [0; HEADER_OCTETS];
        file.read_exact(&mut octets).ok()?;
        let header = Header::of(&octets)?;
        let whole = header.octets.checked_add(HEADER_OCTETS as u64)?;
        let is_whole = file.metadata().ok()?.len() == whole;
        (is_whole && header.columns == sealed.checksum).then_some(Rendition {
            crc32: header.plain,
            plain_octets: header.plain_octets,
            name: sealed.name,
            file: file.take(header.octets),
            checked: Hasher::new(),
            coded: header.coded,
        })
    }

    fn piece(&self, block: &Block) -> Result<PieceWriter, AppError> {
        let failed = |error: io::Error| AppError::Interrupted(Box::new(error));
        let mut renderer = self.renderer(Format::Json)?;
        let mut piece = PieceWriter::default();
        let (mut row, mut plain) = (0, Vec::with_capacity(STEP_OCTETS));
        while row < block.rows() {
            plain.clear();
            row += renderer.render(block, row..block.rows(), &mut plain, STEP_OCTETS);
            piece.write(&plain).map_err(failed)?;
        }
        Ok(piece)
    }
}

impl App {
    /// A sealed block in this look, where it was compressed already.
    pub fn open_rendition(&self, look: &Look, block: &BlockRef) -> Option<Rendition> {
        look.open(self.store.blocks(), block)
    }

    /// Removes the file of a rendition that turned out to be damaged: the next round makes it
    /// anew, and until then the block is read from its columns.
    pub fn remove_rendition(&self, look: &Look, rendition: &Rendition, error: &io::Error) {
        let name = rendition.name;
        tracing::warn!(%name, %error, "a compressed block is damaged; it is made anew");
        if let Err(error) = self.store.blocks().remove(name, &look.kind()) {
            tracing::warn!(%name, %error, "a damaged block cannot be removed");
        }
    }
}

impl Header {
    fn octets(&self) -> [u8; HEADER_OCTETS] {
        let mut octets = [0; HEADER_OCTETS];
        let (fields, checksum) = octets.split_at_mut(HEADER_OCTETS - 4);
        let parts = [
            &self.columns.to_le_bytes()[..],
            &self.plain.to_le_bytes(),
            &self.plain_octets.to_le_bytes(),
            &self.coded.to_le_bytes(),
            &self.octets.to_le_bytes(),
        ];
        fields.copy_from_slice(&parts.concat());
        checksum.copy_from_slice(&crc32fast::hash(fields).to_le_bytes());
        octets
    }

    /// `None` where a header was damaged, or is none.
    fn of(octets: &[u8; HEADER_OCTETS]) -> Option<Self> {
        let (fields, checksum) = octets.split_last_chunk()?;
        if u32::from_le_bytes(*checksum) != crc32fast::hash(fields) {
            return None;
        }
        let (columns, rest) = fields.split_first_chunk()?;
        let (plain, rest) = rest.split_first_chunk()?;
        let (plain_octets, rest) = rest.split_first_chunk()?;
        let (coded, rest) = rest.split_first_chunk()?;
        Some(Self {
            columns: u32::from_le_bytes(*columns),
            plain: u32::from_le_bytes(*plain),
            plain_octets: u64::from_le_bytes(*plain_octets),
            coded: u32::from_le_bytes(*coded),
            octets: u64::from_le_bytes(*rest.first_chunk()?),
        })
    }
}
