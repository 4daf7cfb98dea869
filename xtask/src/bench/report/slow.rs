//! Many slow clients at once: a report must not pile up in memory before them.

use std::time::Duration;

use anyhow::{Context as _, Result, bail};

use super::super::client::{self, Request};
use super::memory::{self, Memory};

/// How many.
pub(super) const CLIENTS: usize = 100;

/// How fast each reads, in octets a second.
const OCTETS_PER_SECOND: u64 = 2_000_000;

/// How long they read before they go away.
const DURATION: Duration = Duration::from_secs(8);

/// The server's memory while the clients read. Fails when one of them is refused.
pub(super) fn measure(pid: u32, request: impl Fn(usize) -> Request) -> Result<Memory> {
    let requests: Vec<Request> = (0..CLIENTS).map(request).collect();
    let (memory, ()) = memory::watched(pid, || read_all(&requests))?;
    Ok(memory)
}

fn read_all(requests: &[Request]) -> Result<()> {
    std::thread::scope(|scope| {
        let clients: Vec<_> = requests
            .iter()
            .map(|request| {
                scope.spawn(|| client::open(request)?.read_slowly(OCTETS_PER_SECOND, DURATION))
            })
            .collect();
        for client in clients {
            let Ok(read) = client.join() else {
                bail!("a client panicked");
            };
            read.context("a slow client")?;
        }
        Ok(())
    })
}
