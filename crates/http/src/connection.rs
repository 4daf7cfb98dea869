//! The deadlines of one connection.
//!
//! A [`Watched`] stream stands between hyper and the socket (or TLS) and ends the connection when
//! the client is too slow: with the header of a request, with the next request, or in taking what
//! is sent to it. hyper's own header deadline counts the idle time between two requests as part
//! of the header, so all three are kept here, in one place.

use std::io;
use std::pin::Pin;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Waker, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep, sleep};

use crate::limits::Limits;

/// What the connection is waiting for from its client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// The first request's header, from the very beginning.
    FirstHead = 0,
    /// A further request, whose first byte has not come.
    Idle = 1,
    /// The rest of a further request's header.
    Head = 2,
    /// Nothing: a request is being answered. Its body has a deadline elsewhere.
    Answering = 3,
}

/// The phase, shared between the stream and the service.
#[derive(Debug, Default)]
pub(crate) struct Progress {
    phase: AtomicU8,
    /// Who reads from the stream; it must look at its deadline again when the phase changes.
    reader: Mutex<Option<Waker>>,
}

impl Progress {
    /// A request's header is complete: its answer is being made and sent.
    pub(crate) fn answering(self: &Arc<Self>) -> Answering {
        self.set(Phase::Answering);
        Answering(Arc::clone(self))
    }

    fn phase(&self) -> Phase {
        match self.phase.load(Ordering::Acquire) {
            0 => Phase::FirstHead,
            1 => Phase::Idle,
            2 => Phase::Head,
            _ => Phase::Answering,
        }
    }

    fn set(&self, phase: Phase) {
        self.phase.store(phase as u8, Ordering::Release);
    }

    fn remember(&self, waker: &Waker) {
        let mut reader = self.reader.lock().unwrap_or_else(PoisonError::into_inner);
        match &mut *reader {
            Some(known) => known.clone_from(waker),
            none => *none = Some(waker.clone()),
        }
    }

    fn wake(&self) {
        let reader = self
            .reader
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if let Some(reader) = reader {
            reader.wake();
        }
    }
}

/// Lives as long as the answer of a request; then the connection is idle.
#[derive(Debug)]
pub(crate) struct Answering(Arc<Progress>);

impl Drop for Answering {
    fn drop(&mut self) {
        self.0.set(Phase::Idle);
        self.0.wake();
    }
}

/// A timer that is set, or is not.
#[derive(Default)]
struct Deadline {
    sleep: Option<Pin<Box<Sleep>>>,
    set_for: Option<Phase>,
}

impl Deadline {
    /// Sets the timer for `phase`, unless it is set for it already.
    fn set(&mut self, phase: Phase, after: Duration) {
        if self.set_for == Some(phase) {
            return;
        }
        self.set_for = Some(phase);
        match &mut self.sleep {
            Some(timer) => timer.as_mut().reset(Instant::now() + after),
            none => *none = Some(Box::pin(sleep(after))),
        }
    }

    fn clear(&mut self) {
        self.set_for = None;
    }

    fn poll(&mut self, context: &mut Context<'_>) -> Poll<()> {
        match (&mut self.sleep, self.set_for) {
            (Some(timer), Some(_)) => timer.as_mut().poll(context),
            _ => Poll::Pending,
        }
    }
}

/// A stream that fails with [`io::ErrorKind::TimedOut`] when its client is too slow.
pub(crate) struct Watched<S> {
    stream: S,
    progress: Arc<Progress>,
    reading: Deadline,
    writing: Deadline,
    head: Duration,
    idle: Duration,
    write_stall: Duration,
}

impl<S> Watched<S> {
    pub(crate) fn new(stream: S, limits: &Limits) -> (Self, Arc<Progress>) {
        let progress = Arc::new(Progress::default());
        let watched = Self {
            stream,
            progress: Arc::clone(&progress),
            reading: Deadline::default(),
            writing: Deadline::default(),
            head: limits.head,
            idle: limits.idle,
            write_stall: limits.write_stall,
        };
        (watched, progress)
    }

    /// Nothing came: how long may it stay so?
    fn poll_read_deadline(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.progress.remember(context.waker());
        let phase = self.progress.phase();
        match phase {
            Phase::FirstHead | Phase::Head => self.reading.set(phase, self.head),
            Phase::Idle => self.reading.set(phase, self.idle),
            Phase::Answering => self.reading.clear(),
        }
        ready!(self.reading.poll(context));
        Poll::Ready(Err(too_slow("the client was too slow with its request")))
    }

    /// Bytes wait and the client takes none: how long may it stay so?
    fn poll_write_deadline<T>(&mut self, context: &mut Context<'_>) -> Poll<io::Result<T>> {
        self.writing.set(Phase::Answering, self.write_stall);
        ready!(self.writing.poll(context));
        Poll::Ready(Err(too_slow("the client stopped taking the answer")))
    }

    fn after_write<T>(
        &mut self,
        polled: Poll<io::Result<T>>,
        context: &mut Context<'_>,
    ) -> Poll<io::Result<T>> {
        if polled.is_pending() {
            return self.poll_write_deadline(context);
        }
        self.writing.clear();
        polled
    }
}

fn too_slow(what: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::TimedOut, what)
}

impl<S: AsyncRead + Unpin> AsyncRead for Watched<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let polled = Pin::new(&mut self.stream).poll_read(context, buffer);
        if polled.is_pending() {
            return self.poll_read_deadline(context);
        }
        if buffer.filled().len() > before && self.progress.phase() == Phase::Idle {
            self.progress.set(Phase::Head);
            let head = self.head;
            self.reading.set(Phase::Head, head);
        }
        polled
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Watched<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let polled = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.after_write(polled, context)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let polled = Pin::new(&mut self.stream).poll_flush(context);
        self.after_write(polled, context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let polled = Pin::new(&mut self.stream).poll_shutdown(context);
        self.after_write(polled, context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffers: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let polled = Pin::new(&mut self.stream).poll_write_vectored(context, buffers);
        self.after_write(polled, context)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}
