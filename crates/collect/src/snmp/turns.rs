//! One conversation with a device at a time, whoever wants one.
//!
//! A sweep may reach a device while it is visited, and two organizations may share one; printers
//! are asked one thing at a time all the same (trap T18).

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::{Mutex as Queue, OwnedMutexGuard};

type Queues = HashMap<SocketAddr, Arc<Queue<()>>>;

/// Who is spoken to now. It holds no more devices than that.
#[derive(Debug, Default)]
pub(crate) struct Turns(Mutex<Queues>);

/// The right to speak to a device, until it is dropped.
#[derive(Debug)]
pub(crate) struct Turn<'t> {
    turns: &'t Turns,
    device: SocketAddr,
    held: Option<OwnedMutexGuard<()>>,
}

impl Turns {
    /// Waits until nobody else speaks to `device`; first come, first served.
    pub(crate) async fn take(&self, device: SocketAddr) -> Turn<'_> {
        let queue = Arc::clone(self.queues().entry(device).or_default());
        // Made before the wait, so that one given up leaves nothing behind.
        let mut turn = Turn {
            turns: self,
            device,
            held: None,
        };
        turn.held = Some(queue.lock_owned().await);
        turn
    }

    fn queues(&self) -> MutexGuard<'_, Queues> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        let mut queues = self.turns.queues();
        self.held = None;
        let unused = |queue: &Arc<Queue<()>>| Arc::strong_count(queue) == 1;
        if queues.get(&self.device).is_some_and(unused) {
            queues.remove(&self.device);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::future::{Future, poll_fn};
    use std::pin::{Pin, pin};
    use std::task::Poll;

    async fn is_ready<F: Future>(mut future: Pin<&mut F>) -> bool {
        poll_fn(|context| Poll::Ready(future.as_mut().poll(context).is_ready())).await
    }

    #[tokio::test]
    async fn a_device_is_spoken_to_by_one_and_others_wait() {
        let turns = Turns::default();
        let [device, other] = [[10, 0, 0, 1], [10, 0, 0, 2]].map(|host| (host, 161).into());
        let first = turns.take(device).await;
        let mut second = pin!(turns.take(device));
        assert!(!is_ready(second.as_mut()).await);
        drop(turns.take(other).await);
        {
            let mut impatient = pin!(turns.take(device));
            assert!(!is_ready(impatient.as_mut()).await);
        }
        drop(first);
        drop(second.await);
        assert!(turns.queues().is_empty());
    }
}
