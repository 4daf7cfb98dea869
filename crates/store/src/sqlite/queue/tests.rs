//! Whose turn it is.

use super::*;
use crate::access::Writer;
use crate::sqlite::group::{Ran, Verdict};

/// A unit that says who it is.
struct Named {
    name: &'static str,
    shares: bool,
    taken: std::sync::mpsc::SyncSender<&'static str>,
}

impl Job for Named {
    fn run(&mut self, _writer: &Writer<'_>) -> Ran {
        Ran::Kept
    }

    fn finish(self: Box<Self>, _verdict: Verdict) {
        self.taken.send(self.name).unwrap();
    }

    fn shares_transaction(&self) -> bool {
        self.shares
    }
}

struct Names {
    sender: std::sync::mpsc::SyncSender<&'static str>,
    receiver: std::sync::mpsc::Receiver<&'static str>,
}

impl Names {
    fn new() -> Self {
        let (sender, receiver) = std::sync::mpsc::sync_channel(64);
        Self { sender, receiver }
    }

    fn job(&self, name: &'static str, shares: bool) -> Box<dyn Job> {
        let taken = self.sender.clone();
        Box::new(Named {
            name,
            shares,
            taken,
        })
    }

    /// What `take` hands out until it has nothing.
    fn taken(&self, mut take: impl FnMut() -> Option<Box<dyn Job>>) -> Vec<&'static str> {
        while let Some(job) = take() {
            job.finish(Verdict::Committed);
        }
        self.receiver.try_iter().collect()
    }
}

fn organization(number: u8) -> Line {
    Line::Organization(OrganizationId::from_bytes([number; 16]))
}

#[test]
fn lines_take_turns_and_each_keeps_its_order() {
    let (names, (queue, receiver)) = (Names::new(), queue(64));
    let (a, b) = (organization(1), organization(2));
    let sent = [
        (a, "a1"),
        (a, "a2"),
        (a, "a3"),
        (b, "b1"),
        (Line::Server, "s1"),
        (b, "b2"),
    ];
    for (line, name) in sent {
        queue.try_send(line, names.job(name, true)).unwrap();
    }
    assert_eq!(queue.waiting(), 6);
    drop(queue);
    let taken = names.taken(|| receiver.next());
    assert_eq!(taken, ["a1", "b1", "s1", "a2", "b2", "a3"]);
    let state = receiver.0.lock();
    assert!(state.rooms.is_empty() && state.lines.is_empty());
}

#[test]
fn a_unit_that_shares_no_transaction_ends_the_group_before_it() {
    let (names, (queue, receiver)) = (Names::new(), queue(64));
    let (a, b) = (organization(1), organization(2));
    for (line, name, shares) in [(a, "a1", true), (b, "large", false), (a, "a2", true)] {
        queue.try_send(line, names.job(name, shares)).unwrap();
    }
    drop(queue);
    assert_eq!(names.taken(|| receiver.next_to_share()), ["a1"]);
    assert_eq!(names.taken(|| receiver.next()), ["large", "a2"]);
}

#[test]
fn one_line_leaves_room_for_others() {
    let (names, (queue, receiver)) = (Names::new(), queue(8));
    let (a, b) = (organization(1), organization(2));
    let send = |line| queue.try_send(line, names.job("x", true));
    for _ in 0..2 {
        send(a).unwrap();
    }
    assert!(matches!(send(a), Err(StoreError::Busy)));
    send(b).unwrap();
    names.taken(|| receiver.next_to_share());
    assert_eq!(queue.waiting(), 0);
    send(a).unwrap();
}

#[tokio::test]
async fn who_waits_for_room_hears_that_the_receiver_is_gone() {
    let (names, (queue, receiver)) = (Names::new(), queue(1));
    let line = Line::Server;
    queue.try_send(line, names.job("first", true)).unwrap();
    let other = queue.clone();
    let job = names.job("second", true);
    let waiting = tokio::spawn(async move { other.send(line, job).await });
    tokio::task::yield_now().await;
    drop(receiver);
    assert!(matches!(waiting.await.unwrap(), Err(StoreError::Closed)));
    let refused = queue.try_send(line, names.job("third", true));
    assert!(matches!(refused, Err(StoreError::Closed)));
    assert_eq!(names.receiver.try_iter().count(), 0, "answered by nobody");
}
