//! Renditions: a sealed block as JSON, compressed once, to be put into answers as it is.
//!
//! A file of them says of which columns it was made, and is checked while it goes by: one of other
//! columns is not used, and one that is damaged is removed and made anew.
//!
//! Only as gzip: an answer of several Zstandard frames breaks httpx wherever a frame ends with
//! what it has read, so that coding is written as one stream for each answer.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::io;
use std::sync::Arc;

use platen_domain::organizations::Organization;
use platen_report::block::{RowWriter, Rows};
use platen_report::encode::Format;
use platen_report::instants::InstantWriter;
use platen_report::print_jobs::PrintLayout;
use platen_report::rendition::{Piece, PieceWriter};
use platen_store::{BlockFiles, BlockRef};

use super::Printing;
use super::print_reports::read_columns;
pub use super::rendition_file::Rendition;
use super::rendition_file::{Parts, RenditionFile, file_of};
use crate::AppError;

/// Octets of JSON that are compressed at a time.
const STEP_OCTETS: usize = 256 * 1024;

/// Rows of a piece: some 100 KB of JSON. Fewer are made anew sooner where one of them changes; each
/// piece costs what its first row takes more than those that repeat it, some 500 octets.
const PIECE_ROWS: u32 = 128;

/// How blocks look to programs: the operator's columns in the organization's time zone. Another
/// look has other files.
#[derive(Debug, Clone)]
pub struct Look {
    layout: Arc<PrintLayout>,
    zone: String,
    sign: u64,
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
        PIECE_ROWS.hash(&mut hasher);
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
    pub fn writer(&self, format: Format) -> Result<RowWriter, AppError> {
        let instants = InstantWriter::new(&self.zone);
        let instants = instants.map_err(|error| AppError::Interrupted(Box::new(error)))?;
        Ok(RowWriter::new(format, Arc::clone(&self.layout), instants))
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
        let mut pieces = Pieces::new(self)?;
        let made = Rows::of(block).pieces(PIECE_ROWS).into_iter();
        let made: io::Result<Vec<_>> = made.map(|rows| pieces.of(rows)).collect();
        let octets = file_of(sealed.checksum, &made.map_err(failed)?);
        files
            .write(sealed.name, &self.kind(), &octets)
            .map_err(failed)?;
        Ok(true)
    }

    /// The file of a block; `None` where it is not there, is longer or shorter than it says, or
    /// was made of other columns.
    pub(crate) fn open(&self, files: &BlockFiles, sealed: &BlockRef) -> Option<RenditionFile> {
        RenditionFile::open(files.open(sealed.name, &self.kind()).ok()?, sealed)
    }

    /// The file of a block with those pieces made anew in which jobs changed.
    pub(crate) fn parts(&self, rows: &Rows, file: &mut RenditionFile) -> Option<Parts> {
        let mut pieces = Pieces::new(self).ok()?;
        let mut parts = Parts::default();
        let kept = file.pieces()?;
        let made = rows.pieces(PIECE_ROWS);
        if made.len() != kept.len() {
            return None;
        }
        let mut first = 0;
        for (rows, (begin, stretch)) in made.into_iter().zip(kept) {
            let unchanged = rows.are(first..first + PIECE_ROWS);
            // The first piece of a block begins without a separator, all others with one.
            if unchanged && (first == 0 || !parts.is_empty()) {
                parts.keep(begin, stretch);
                pieces.passed();
            } else if !rows.is_empty() {
                parts.add(pieces.of(rows).ok()?);
            }
            first += PIECE_ROWS;
        }
        Some(parts)
    }
}

/// Compresses the rows of a block piece by piece.
struct Pieces {
    writer: RowWriter,
    deflate: PieceWriter,
    plain: Vec<u8>,
}

impl Pieces {
    fn new(look: &Look) -> Result<Self, AppError> {
        Ok(Self {
            writer: look.writer(Format::Json)?,
            deflate: PieceWriter::default(),
            plain: Vec::with_capacity(STEP_OCTETS),
        })
    }

    /// The next piece.
    fn of(&mut self, mut rows: Rows) -> io::Result<Piece> {
        while !rows.is_empty() {
            self.plain.clear();
            self.writer.write(&mut rows, &mut self.plain, STEP_OCTETS);
            self.deflate.write(&self.plain)?;
        }
        self.deflate.cut()
    }

    /// Takes note that a piece is there already.
    const fn passed(&mut self) {
        self.writer.passed();
    }
}

impl Printing<'_> {
    /// Removes the file of a rendition that turned out to be damaged: the next round makes it
    /// anew, and until then the block is read from its columns.
    pub fn remove_rendition(self, look: &Look, rendition: &Rendition, error: &io::Error) {
        let name = rendition.name();
        tracing::warn!(%name, %error, "a compressed block is damaged; it is made anew");
        if let Err(error) = self.app.store.blocks().remove(name, &look.kind()) {
            tracing::warn!(%name, %error, "a damaged block cannot be removed");
        }
    }
}
