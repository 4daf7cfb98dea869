//! Renditions: a sealed block as JSON, compressed once, to be put into answers as it is.
//!
//! Only as gzip: an answer of several Zstandard frames breaks httpx wherever a frame ends with
//! what it has read, so that coding is written as one stream for each answer.

use std::fs::File;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::io::{self, Read as _};
use std::sync::Arc;

use platen_domain::organizations::Organization;
use platen_report::block::{Block, Renderer};
use platen_report::encode::Format;
use platen_report::instants::InstantWriter;
use platen_report::print_jobs::PrintLayout;
use platen_report::rendition::PieceWriter;
use platen_store::{BlockFiles, BlockNo};

use crate::{App, AppError};

/// Octets of JSON that are compressed at a time.
const STEP_OCTETS: usize = 256 * 1024;

/// Before the compressed octets in a file: checksum and length of what they say, and how many
/// they are themselves.
const HEADER_OCTETS: usize = 20;

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
    /// The compressed octets, from the first one on.
    pub file: File,
    /// CRC-32 of what they say.
    pub crc32: u32,
    /// How many octets that is.
    pub plain_octets: u64,
    /// How many compressed octets there are.
    pub octets: u64,
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
        number: BlockNo,
        block: impl FnOnce() -> Option<Block>,
    ) -> Result<bool, AppError> {
        let kind = self.kind();
        if files.open(number, &kind).ok().and_then(open).is_some() {
            return Ok(false);
        }
        let Some(block) = block() else {
            return Ok(false);
        };
        let failed = |error: io::Error| AppError::Interrupted(Box::new(error));
        let piece = self.piece(&block)?.finish().map_err(failed)?;
        let octets = [
            &piece.crc32.to_le_bytes()[..],
            &piece.plain_octets.to_le_bytes(),
            &(piece.octets.len() as u64).to_le_bytes(),
            &piece.octets,
        ];
        files
            .write(number, &kind, &octets.concat())
            .map_err(failed)?;
        Ok(true)
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
    /// A sealed block in this look, where it was compressed already and its file is whole.
    pub fn open_rendition(&self, look: &Look, number: BlockNo) -> Option<Rendition> {
        open(self.store.blocks().open(number, &look.kind()).ok()?)
    }
}

/// Reads the header; `None` where the file is longer or shorter than it says.
fn open(mut file: File) -> Option<Rendition> {
    let mut header = [0; HEADER_OCTETS];
    file.read_exact(&mut header).ok()?;
    let (crc32, lengths) = header.split_first_chunk()?;
    let (plain_octets, octets) = lengths.split_first_chunk()?;
    let octets = u64::from_le_bytes(*octets.first_chunk()?);
    let whole = octets.checked_add(HEADER_OCTETS as u64)?;
    (file.metadata().ok()?.len() == whole).then_some(Rendition {
        file,
        crc32: u32::from_le_bytes(*crc32),
        plain_octets: u64::from_le_bytes(*plain_octets),
        octets,
    })
}
