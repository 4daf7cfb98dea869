//! The body of a report: rows are read, written and coded as the client takes them.
//!
//! Memory does not grow with the report: one page and one chunk of octets at a time.
//! Between two pages no read transaction is open, so a client that reads slowly holds nothing
//! but its place among its key's requests.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::{io, mem, vec};

use bytes::Bytes;
use http_body::Frame;
use platen_app::AppError;

use crate::answers::BodyError;
use crate::report_api::compression::Coder;
use crate::report_api::throttle::Slot;

/// Octets of a chunk, about: large enough that the cost per chunk does not count.
const CHUNK_OCTETS: usize = 64 * 1024;

/// Octets written before the task lets others run, when coding makes little of them.
const PLAIN_OCTETS_PER_TURN: usize = 4 * CHUNK_OCTETS;

/// A page of what a report is made of; `None` after the last one.
pub(super) type Page<T> = Option<Result<Vec<T>, AppError>>;

type Reading<S> = Pin<Box<dyn Future<Output = (S, Page<<S as Source>::Item>)> + Send>>;

/// Reads what a report is made of, a page at a time, and writes it.
pub(super) trait Source: Send + Sized + Unpin + 'static {
    /// What a page is made of.
    type Item: Send + Unpin;
    /// The next page.
    fn next(&mut self) -> impl Future<Output = Page<Self::Item>> + Send;
    /// Appends what stands before everything.
    fn start(&mut self, out: &mut Vec<u8>);
    /// Appends the rows of an item.
    fn write(&mut self, item: &Self::Item, out: &mut Vec<u8>);
    /// Appends what stands behind everything.
    fn finish(&mut self, out: &mut Vec<u8>);
}

/// Where the report stands.
enum Stage<S: Source> {
    /// These items are written next; more pages may follow.
    Writing(vec::IntoIter<S::Item>, S),
    /// The next page is being read.
    Reading(Reading<S>),
    /// Every item was written, or the report broke off.
    Done,
}

/// A report on its way to the client.
pub(super) struct ReportBody<S: Source> {
    stage: Stage<S>,
    coder: Coder,
    plain: Vec<u8>,
    _slot: Option<Slot>,
}

impl<S: Source> ReportBody<S> {
    /// A body that begins with the items of `first`, which were read before the answer began, so
    /// that a store that cannot be read is told with a status.
    pub(super) fn new(
        first: Vec<S::Item>,
        mut source: S,
        coder: Coder,
        slot: Option<Slot>,
    ) -> Self {
        let mut plain = Vec::with_capacity(CHUNK_OCTETS);
        source.start(&mut plain);
        Self {
            stage: Stage::Writing(first.into_iter(), source),
            coder,
            plain,
            _slot: slot,
        }
    }

    /// Writes items until a chunk's worth is written or the page ends. Returns how many octets
    /// that were before coding.
    fn write(&mut self, mut items: vec::IntoIter<S::Item>, mut source: S) -> io::Result<usize> {
        while self.coder.ready() + self.plain.len() < CHUNK_OCTETS
            && let Some(item) = items.next()
        {
            source.write(&item, &mut self.plain);
        }
        let written = self.plain.len();
        self.coder.write(&mut self.plain)?;
        self.stage = match items.len() {
            0 => Stage::Reading(read(source)),
            _ => Stage::Writing(items, source),
        };
        Ok(written)
    }

    /// Takes the page in that was read, or ends the report.
    fn turn(&mut self, mut source: S, page: Page<S::Item>) -> Result<(), BodyError> {
        if let Some(items) = page.transpose()? {
            self.stage = Stage::Writing(items.into_iter(), source);
            return Ok(());
        }
        source.finish(&mut self.plain);
        self.coder.write(&mut self.plain)?;
        Ok(self.coder.finish()?)
    }

    /// Works until a chunk is ready, a page must be waited for, or others should have a turn.
    fn work(&mut self, context: &mut Context<'_>) -> Result<Outlook, BodyError> {
        let mut written = 0;
        while self.coder.ready() < CHUNK_OCTETS {
            match mem::replace(&mut self.stage, Stage::Done) {
                Stage::Writing(items, source) => {
                    written += self.write(items, source)?;
                    if written >= PLAIN_OCTETS_PER_TURN {
                        context.waker().wake_by_ref();
                        return Ok(Outlook::MoreLater);
                    }
                }
                Stage::Reading(mut reading) => match reading.as_mut().poll(context) {
                    Poll::Ready((source, page)) => self.turn(source, page)?,
                    Poll::Pending => {
                        self.stage = Stage::Reading(reading);
                        return Ok(Outlook::MoreLater);
                    }
                },
                Stage::Done => return Ok(Outlook::NoMore),
            }
        }
        Ok(Outlook::MoreLater)
    }
}

/// What follows after the octets that are ready.
enum Outlook {
    MoreLater,
    NoMore,
}

fn read<S: Source>(mut source: S) -> Reading<S> {
    Box::pin(async move {
        let page = source.next().await;
        (source, page)
    })
}

impl<S: Source> http_body::Body for ReportBody<S> {
    type Data = Bytes;
    type Error = BodyError;

    /// An error cuts the connection, so that the client cannot take a broken report for a whole.
    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        let outlook = match self.work(context) {
            Ok(outlook) => outlook,
            Err(error) => {
                tracing::error!(error = &*error, "a report broke off");
                return Poll::Ready(Some(Err(error)));
            }
        };
        let chunk = self.coder.take();
        match outlook {
            _ if !chunk.is_empty() => Poll::Ready(Some(Ok(Frame::data(chunk.into())))),
            Outlook::MoreLater => Poll::Pending,
            Outlook::NoMore => Poll::Ready(None),
        }
    }
}
