//! Turns a panic of a handler into an answer, so that a defect costs one request.

use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::{Pin, pin};
use std::task::Poll;

/// The future panicked.
#[derive(Debug)]
pub(crate) struct Panicked;

/// Runs `future`; a panic in it becomes an error. The panic hook has logged it by then.
///
/// What the future held is dropped by the unwinding and never looked at again, which makes it
/// sound to assert unwind safety.
pub(crate) async fn caught<F: Future>(future: F) -> Result<F::Output, Panicked> {
    let mut future = pin!(future);
    std::future::poll_fn(move |context| {
        let poll = AssertUnwindSafe(|| Pin::as_mut(&mut future).poll(context));
        match catch_unwind(poll) {
            Ok(Poll::Pending) => Poll::Pending,
            Ok(Poll::Ready(output)) => Poll::Ready(Ok(output)),
            Err(_payload) => Poll::Ready(Err(Panicked)),
        }
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_panic_becomes_an_error_and_a_value_passes() {
        assert_eq!(caught(async { 7 }).await.unwrap(), 7);
        let defect = async {
            tokio::task::yield_now().await;
            assert_eq!(1, 2, "a defect");
        };
        assert!(caught(defect).await.is_err());
    }
}
