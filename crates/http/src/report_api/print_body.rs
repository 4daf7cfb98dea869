//! The body of Print Transactions Data: blocks and rows, written as the client takes them.
//!
//! Everything is made within the poll that hands it out. A hand-over to another thread would
//! cost as much as the writing; only the reading of files and of rows is done elsewhere. No read
//! transaction is open between two polls, and a client that takes its time costs no block.

use std::future::Future;
use std::mem;
use std::ops::Range;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use bytes::Bytes;
use http_body::Frame;
use platen_app::printing::print_reports::{BlockRef, PrintSegments, Segment};
use platen_app::printing::renditions::{Look, Rendition};
use platen_app::{App, AppError};
use platen_domain::clock::Timestamp;
use platen_report::block::{Place, Rows};

use crate::answers::BodyError;
use crate::report_api::print_output::Output;
use crate::report_api::throttle::Slot;

/// Octets of a chunk, about: large enough that the cost per chunk does not count, small enough
/// for the processor's cache.
const CHUNK_OCTETS: usize = 64 * 1024;

/// Room for the row that passes the chunk's end.
const ROW_OCTETS: usize = 4 * 1024;

/// A client that lets this much time pass between two chunks, some 13 MB/s, is slow: what was
/// prepared for it is given back meanwhile. Preparing it anew costs less than it takes in.
const SLOW: Duration = Duration::from_millis(5);

/// From this many reports on that are on their way at once, every client counts as slow: each
/// keeps its chunk and no more, whatever their number.
const CROWD: usize = 24;

/// Between two rows of JSON, blocks of which go by compressed.
const JSON_SEPARATOR: &[u8] = b",\n";

type Found = (PrintSegments, Option<Result<Segment, AppError>>);
type Pending<T> = Pin<Box<dyn Future<Output = T> + Send>>;

/// Where the report stands.
enum Stage {
    Begin(PrintSegments),
    /// The next part is being looked for.
    Seeking(Pending<Found>),
    /// A compressed block is being put together, jobs of which changed.
    Gathering(Pending<Option<Rendition>>, BlockRef, PrintSegments),
    /// A block is being loaded, of which that was written last.
    Loading(Pending<Option<Rows>>, PrintSegments, Stretch),
    /// These rows are written next; `Some` names the sealed block they can be loaded from again.
    Writing(Rows, Option<BlockRef>, PrintSegments),
    /// A compressed block goes by.
    Passing(Rendition, PrintSegments),
    Done,
}

/// A sealed stretch on its way, and the last job of it that was written.
#[derive(Clone, Copy)]
struct Stretch {
    block: BlockRef,
    behind: Option<Place>,
}

/// A report on its way to the client.
pub(super) struct PrintBody {
    app: App,
    look: Look,
    period: Range<Timestamp>,
    output: Output,
    stage: Stage,
    /// When the last chunk was handed out.
    handed_out: Option<Instant>,
    /// Held by every report that is on its way.
    on_its_way: Arc<()>,
    _slot: Option<Slot>,
}

impl PrintBody {
    /// The body of a report over `period`.
    pub(super) fn new(
        app: App,
        look: Look,
        period: Range<Timestamp>,
        segments: PrintSegments,
        output: Output,
        on_its_way: Arc<()>,
        slot: Option<Slot>,
    ) -> Self {
        Self {
            app,
            look,
            period,
            output,
            stage: Stage::Begin(segments),
            handed_out: None,
            on_its_way,
            _slot: slot,
        }
    }

    /// Takes one step; the octets it makes go to `out`.
    fn step(
        &mut self,
        context: &mut Context<'_>,
        out: &mut Vec<u8>,
    ) -> Poll<Result<(), BodyError>> {
        self.stage = match mem::replace(&mut self.stage, Stage::Done) {
            Stage::Begin(segments) => {
                self.output.start(out)?;
                seek(segments)
            }
            Stage::Seeking(mut found) => match found.as_mut().poll(context) {
                Poll::Ready((segments, found)) => self.found(segments, found, out)?,
                Poll::Pending => {
                    self.stage = Stage::Seeking(found);
                    return Poll::Pending;
                }
            },
            Stage::Gathering(mut gathering, block, segments) => {
                match gathering.as_mut().poll(context) {
                    Poll::Ready(Some(rendition)) => self.pass(rendition, segments, out),
                    Poll::Ready(None) => self.load_anew(segments, block),
                    Poll::Pending => {
                        self.stage = Stage::Gathering(gathering, block, segments);
                        return Poll::Pending;
                    }
                }
            }
            Stage::Loading(mut loading, segments, stretch) => {
                match loading.as_mut().poll(context) {
                    Poll::Ready(block) => self.loaded(block, segments, stretch),
                    Poll::Pending => {
                        self.stage = Stage::Loading(loading, segments, stretch);
                        return Poll::Pending;
                    }
                }
            }
            Stage::Writing(mut rows, sealed, segments) => {
                self.output.rows(&mut rows, out, CHUNK_OCTETS)?;
                if rows.is_empty() {
                    seek(segments)
                } else {
                    Stage::Writing(rows, sealed, segments)
                }
            }
            Stage::Passing(mut rendition, segments) => {
                let wanted = (CHUNK_OCTETS.saturating_sub(out.len())).max(1);
                match rendition.read(wanted, out) {
                    Ok(true) => Stage::Passing(rendition, segments),
                    Ok(false) => seek(segments),
                    Err(error) => {
                        self.app
                            .printing()
                            .remove_rendition(&self.look, &rendition, &error);
                        return Poll::Ready(Err(error.into()));
                    }
                }
            }
            Stage::Done => Stage::Done,
        };
        Poll::Ready(Ok(()))
    }

    fn found(
        &mut self,
        segments: PrintSegments,
        found: Option<Result<Segment, AppError>>,
        out: &mut Vec<u8>,
    ) -> Result<Stage, BodyError> {
        Ok(match found.transpose()? {
            None => {
                self.output.finish(out)?;
                Stage::Done
            }
            Some(Segment::Open(block)) => Stage::Writing(Rows::of(block), None, segments),
            Some(Segment::Sealed(block)) => self.sealed(block, segments, out),
        })
    }

    /// A sealed block as it was compressed, where the answer takes it whole; else its rows.
    fn sealed(&mut self, block: BlockRef, segments: PrintSegments, out: &mut Vec<u8>) -> Stage {
        let whole = self.period.start <= block.from && block.until <= self.period.end;
        if !whole || !self.output.takes_renditions() {
            return self.load_anew(segments, block);
        }
        if let Some(rendition) = self.app.printing().ready_rendition(&self.look, &block) {
            return self.pass(rendition, segments, out);
        }
        let (app, look, scope) = (
            self.app.clone(),
            self.look.clone(),
            segments.scope().clone(),
        );
        let gathering = async move { app.printing().rendition(&scope, &look, &block).await };
        Stage::Gathering(Box::pin(gathering), block, segments)
    }

    fn pass(&mut self, rendition: Rendition, segments: PrintSegments, out: &mut Vec<u8>) -> Stage {
        self.output.passed(&rendition, JSON_SEPARATOR, out);
        Stage::Passing(rendition, segments)
    }

    fn load_anew(&self, segments: PrintSegments, block: BlockRef) -> Stage {
        let stretch = Stretch {
            block,
            behind: None,
        };
        self.load(segments, stretch)
    }

    fn load(&self, segments: PrintSegments, stretch: Stretch) -> Stage {
        let (app, block, scope) = (self.app.clone(), stretch.block, segments.scope().clone());
        let loading = async move { app.printing().sealed_rows(&scope, &block).await };
        Stage::Loading(Box::pin(loading), segments, stretch)
    }

    fn loaded(&self, rows: Option<Rows>, mut segments: PrintSegments, stretch: Stretch) -> Stage {
        let Some(rows) = rows else {
            segments.read_as_rows(&stretch.block, stretch.behind);
            return seek(segments);
        };
        let rows = rows.between(self.period.start, self.period.end);
        let rows = match stretch.behind {
            Some(behind) => rows.behind(behind),
            None => rows,
        };
        if rows.is_empty() {
            seek(segments)
        } else {
            Stage::Writing(rows, Some(stretch.block), segments)
        }
    }

    /// Gives back what a slow client does not need meanwhile.
    fn rest(&mut self) {
        self.output.forget();
        self.stage = match mem::replace(&mut self.stage, Stage::Done) {
            Stage::Writing(rows, Some(block), segments) => {
                let behind = rows.written();
                self.load(segments, Stretch { block, behind })
            }
            other => other,
        };
    }
}

fn seek(mut segments: PrintSegments) -> Stage {
    Stage::Seeking(Box::pin(async move {
        let found = segments.next().await;
        (segments, found)
    }))
}

impl http_body::Body for PrintBody {
    type Data = Bytes;
    type Error = BodyError;

    /// An error cuts the connection, so that the client cannot take a broken report for a whole.
    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        let slow = self.handed_out.is_some_and(|at| at.elapsed() > SLOW)
            || Arc::strong_count(&self.on_its_way) > CROWD;
        let mut out = Vec::with_capacity(CHUNK_OCTETS + ROW_OCTETS);
        while out.len() < CHUNK_OCTETS && !matches!(self.stage, Stage::Done) {
            match self.step(context, &mut out) {
                Poll::Ready(Ok(())) => {}
                Poll::Ready(Err(error)) => {
                    tracing::error!(error = &*error, "a report broke off");
                    return Poll::Ready(Some(Err(error)));
                }
                Poll::Pending if out.is_empty() => return Poll::Pending,
                Poll::Pending => break,
            }
        }
        if out.is_empty() {
            return Poll::Ready(None);
        }
        if slow {
            self.rest();
        }
        self.handed_out = Some(Instant::now());
        Poll::Ready(Some(Ok(Frame::data(out.into()))))
    }
}
