//! The body of a report: rows are read, written and coded as the client takes them.
//!
//! Memory does not grow with the report: one page of devices and one chunk of octets at a time.
//! Between two pages no read transaction is open, so a client that reads slowly holds nothing
//! but its place among its key's requests.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::{io, mem, vec};

use bytes::Bytes;
use http_body::Frame;
use platen_app::AppError;
use platen_app::reports::SnapshotPages;
use platen_domain::snapshots::DeviceSnapshot;
use platen_report::encode::Encoder;

use crate::answers::BodyError;
use crate::report_api::compression::Coder;
use crate::report_api::throttle::Slot;

/// Octets of a chunk, about: large enough that the cost per chunk does not count.
const CHUNK_OCTETS: usize = 64 * 1024;

/// Octets written before the task lets others run, when coding makes little of them.
const PLAIN_OCTETS_PER_TURN: usize = 4 * CHUNK_OCTETS;

type Page = Option<Result<Vec<DeviceSnapshot>, AppError>>;
type Reading = Pin<Box<dyn Future<Output = (SnapshotPages, Page)> + Send>>;

/// Where the report stands.
enum Stage {
    /// These devices are written next; more pages may follow.
    Writing(vec::IntoIter<DeviceSnapshot>, SnapshotPages),
    /// The next page is being read.
    Reading(Reading),
    /// Every device was written, or the report broke off.
    Done,
}

/// A report on its way to the client.
pub(super) struct ReportBody {
    stage: Stage,
    encoder: Encoder,
    coder: Coder,
    plain: Vec<u8>,
    _slot: Option<Slot>,
}

impl ReportBody {
    /// A body that begins with the devices of `first`, which were read before the answer began,
    /// so that a store that cannot be read is told with a status.
    pub(super) fn new(
        first: Vec<DeviceSnapshot>,
        rest: SnapshotPages,
        mut encoder: Encoder,
        coder: Coder,
        slot: Option<Slot>,
    ) -> Self {
        let mut plain = Vec::with_capacity(CHUNK_OCTETS);
        encoder.start(&mut plain);
        Self {
            stage: Stage::Writing(first.into_iter(), rest),
            encoder,
            coder,
            plain,
            _slot: slot,
        }
    }

    /// Writes devices until a chunk's worth is written or the page ends. Returns how many octets
    /// that were before coding.
    fn write(
        &mut self,
        mut devices: vec::IntoIter<DeviceSnapshot>,
        pages: SnapshotPages,
    ) -> io::Result<usize> {
        while self.coder.ready() + self.plain.len() < CHUNK_OCTETS
            && let Some(device) = devices.next()
        {
            self.encoder.device(&device, &mut self.plain);
        }
        let written = self.plain.len();
        self.coder.write(&mut self.plain)?;
        self.stage = match devices.len() {
            0 => Stage::Reading(read(pages)),
            _ => Stage::Writing(devices, pages),
        };
        Ok(written)
    }

    /// Takes the page in that was read, or ends the report.
    fn turn(&mut self, pages: SnapshotPages, page: Page) -> Result<(), BodyError> {
        if let Some(devices) = page.transpose()? {
            self.stage = Stage::Writing(devices.into_iter(), pages);
            return Ok(());
        }
        self.encoder.finish(&mut self.plain);
        self.coder.write(&mut self.plain)?;
        Ok(self.coder.finish()?)
    }

    /// Works until a chunk is ready, a page must be waited for, or others should have a turn.
    fn work(&mut self, context: &mut Context<'_>) -> Result<Outlook, BodyError> {
        let mut written = 0;
        while self.coder.ready() < CHUNK_OCTETS {
            match mem::replace(&mut self.stage, Stage::Done) {
                Stage::Writing(devices, pages) => {
                    written += self.write(devices, pages)?;
                    if written >= PLAIN_OCTETS_PER_TURN {
                        context.waker().wake_by_ref();
                        return Ok(Outlook::MoreLater);
                    }
                }
                Stage::Reading(mut reading) => match reading.as_mut().poll(context) {
                    Poll::Ready((pages, page)) => self.turn(pages, page)?,
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

fn read(mut pages: SnapshotPages) -> Reading {
    Box::pin(async move {
        let page = pages.next().await;
        (pages, page)
    })
}

impl http_body::Body for ReportBody {
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
