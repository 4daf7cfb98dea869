//! Bodies with many lines or members, several at a time.

use std::net::{IpAddr, Ipv4Addr};
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::{Method, Request, StatusCode};
use http_body::Frame;
use platen_domain::clients::OauthScopes;

use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::support::World;

const BULK: &str = "/accounts/v1/bulk";

/// A body of which nothing comes, and that does not say how long it is. It tells when it is waited
/// for.
struct Stalled(Option<oneshot::Sender<()>>);

impl http_body::Body for Stalled {
    type Data = Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        if let Some(waited_for) = self.0.take() {
            waited_for.send(()).unwrap();
        }
        Poll::Pending
    }
}

/// Sends a body that does not come, and waits until it is waited for.
async fn stalled(world: &World, bearer: &str) -> JoinHandle<StatusCode> {
    let (sender, waited_for) = oneshot::channel();
    let request = Request::post(BULK).header("authorization", bearer);
    let request = request.body(Stalled(Some(sender))).unwrap();
    let (service, peer) = (world.service.clone(), IpAddr::V4(Ipv4Addr::LOCALHOST));
    let stalled = tokio::spawn(async move { service.answer(peer, request).await.status() });
    waited_for.await.unwrap();
    stalled
}

async fn bearer(world: &World, name: &str) -> String {
    let organization = world.organization(name, None).await;
    let client = world.client(&organization).await;
    format!("Bearer {}", client.token(world, OauthScopes::ALL).await)
}

#[tokio::test]
async fn a_client_has_two_at_a_time_and_leaves_room_for_others() {
    let world = World::new().await;
    let (theirs, others) = (
        bearer(&world, "Northwind").await,
        bearer(&world, "Contoso").await,
    );
    let sent = async |bearer: &str, blanks: usize| {
        let line = r#"{"user":{"name":"ada"}}"#;
        let body = format!("{line}{}", "\n".repeat(blanks));
        let headers = [
            ("authorization", bearer),
            ("content-type", "application/x-ndjson"),
        ];
        world.send(&Method::POST, BULK, &headers, &body).await
    };
    let held = [
        stalled(&world, &theirs).await,
        stalled(&world, &theirs).await,
    ];
    let refused = sent(&theirs, 70_000).await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(refused.json()["code"], "too-many-requests");
    assert_eq!(refused.header("retry-after"), Some("1"));
    let small = sent(&theirs, 0).await;
    assert_eq!(small.status, StatusCode::OK, "{}", small.text());
    let large = sent(&others, 70_000).await;
    assert_eq!(large.status, StatusCode::OK, "{}", large.text());
    for held in held {
        held.abort();
    }
}
