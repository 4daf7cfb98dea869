//! How rows of print jobs become octets of an answer: as they are, coded as one stream, or put
//! together from blocks that were compressed once.

use std::io;

use platen_app::printing::renditions::{Look, Rendition};
use platen_report::block::{RowWriter, Rows};
use platen_report::encode::Format;
use platen_report::rendition::{PieceWriter, Stitcher};

use crate::report_api::compression::Coder;
use crate::report_api::negotiation::Coding;

/// Octets that are compressed into one piece where no block was compressed before.
const PIECE_OCTETS: usize = 256 * 1024;

/// Writes the parts of an answer in their order.
pub(super) struct Output {
    writer: RowWriter,
    way: Way,
}

enum Way {
    /// Nothing is done to the octets.
    Plain,
    /// Compressed as they are written, as one stream.
    Coded(Box<Coder>),
    /// JSON as gzip.
    Stitched(Option<Stitcher>),
}

impl Output {
    pub(super) fn new(
        look: &Look,
        format: Format,
        coding: Coding,
    ) -> Result<Self, platen_app::AppError> {
        let writer = look.writer(format)?;
        let way = match (format, coding) {
            (_, Coding::Identity) => Way::Plain,
            (Format::Json, Coding::Gzip) => Way::Stitched(Some(Stitcher::default())),
            (_, coding) => {
                let coder = Coder::new(coding);
                let no_memory = |error| platen_app::AppError::Interrupted(Box::new(error));
                Way::Coded(Box::new(coder.map_err(no_memory)?))
            }
        };
        Ok(Self { writer, way })
    }

    /// Whether whole blocks may go by as they were compressed.
    pub(super) const fn takes_renditions(&self) -> bool {
        matches!(self.way, Way::Stitched(_))
    }

    /// Appends what stands before the first row.
    pub(super) fn start(&mut self, out: &mut Vec<u8>) -> io::Result<()> {
        let mut plain = Vec::new();
        self.writer.start(&mut plain);
        if let Way::Stitched(Some(stitcher)) = &self.way {
            stitcher.start(out);
        }
        self.few(plain, out)
    }

    /// Appends rows until all are written or a chunk is full.
    pub(super) fn rows(
        &mut self,
        rows: &mut Rows,
        out: &mut Vec<u8>,
        chunk: usize,
    ) -> io::Result<()> {
        match &mut self.way {
            Way::Plain => self.writer.write(rows, out, chunk),
            Way::Coded(coder) => {
                let mut plain = Vec::with_capacity(chunk);
                self.writer.write(rows, &mut plain, chunk);
                coder.write(&mut plain)?;
                out.append(&mut coder.take());
            }
            Way::Stitched(stitcher) => {
                let mut plain = Vec::with_capacity(PIECE_OCTETS);
                self.writer.write(rows, &mut plain, PIECE_OCTETS);
                let mut piece = PieceWriter::default();
                piece.write(&plain)?;
                if let Some(stitcher) = stitcher {
                    stitcher.piece(&piece.finish()?, out);
                }
            }
        }
        Ok(())
    }

    /// Appends what stands before a block that goes by compressed, and takes note of it.
    pub(super) fn passed(&mut self, rendition: &Rendition, separator: &[u8], out: &mut Vec<u8>) {
        if let Way::Stitched(Some(stitcher)) = &mut self.way
            && rendition.plain_octets() > 0
        {
            if !self.writer.is_first() {
                stitcher.plain(separator, out);
            }
            stitcher.passed(rendition.crc32(), rendition.plain_octets());
            self.writer.passed();
        }
    }

    /// Appends what stands behind the last row and ends the stream.
    pub(super) fn finish(&mut self, out: &mut Vec<u8>) -> io::Result<()> {
        let mut plain = Vec::new();
        self.writer.finish(&mut plain);
        self.few(plain, out)?;
        match &mut self.way {
            Way::Plain => {}
            Way::Coded(coder) => {
                coder.finish()?;
                out.append(&mut coder.take());
            }
            Way::Stitched(stitcher) => {
                if let Some(stitcher) = stitcher.take() {
                    stitcher.finish(out);
                }
            }
        }
        Ok(())
    }

    /// Gives memory back that would only make going on faster.
    pub(super) fn forget(&mut self) {
        self.writer.forget();
    }

    fn few(&mut self, mut plain: Vec<u8>, out: &mut Vec<u8>) -> io::Result<()> {
        match &mut self.way {
            Way::Plain => out.append(&mut plain),
            Way::Coded(coder) => {
                coder.write(&mut plain)?;
                out.append(&mut coder.take());
            }
            Way::Stitched(Some(stitcher)) => stitcher.plain(&plain, out),
            Way::Stitched(None) => {}
        }
        Ok(())
    }
}
