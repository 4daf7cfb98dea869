//! Reports that are larger than a page, and clients that do not read them.

#![expect(clippy::unwrap_used, reason = "a failed step fails the test")]

mod support;

use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr};

use bytes::Bytes;
use http::{Request, StatusCode};
use http_body_util::{BodyExt as _, Empty};
use platen_domain::report_apis::ReportApi;
use platen_http::Service;
use support::World;

const PEER: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

fn request(bearer: &str) -> Request<Empty<Bytes>> {
    Request::get(ReportApi::Meters.path())
        .header("authorization", bearer)
        .body(Empty::new())
        .unwrap()
}

async fn status(service: &Service, bearer: &str) -> StatusCode {
    service.answer(PEER, request(bearer)).await.status()
}

#[tokio::test]
async fn a_report_of_several_pages_comes_in_chunks_and_holds_every_device_once() {
    const DEVICES: u16 = 2_100;
    let world = World::new().await;
    let organization = world.organization("Northwind", None).await;
    world.devices(&organization, DEVICES).await;
    let bearer = format!(
        "bearer {}",
        world.enable(&organization, ReportApi::Meters).await
    );
    let mut body = world
        .service
        .answer(PEER, request(&bearer))
        .await
        .into_body();
    let mut whole = Vec::new();
    let mut chunks = 0;
    while let Some(frame) = body.frame().await {
        let data = frame.unwrap().into_data().unwrap();
        assert!(data.len() < 80 * 1_024, "a chunk of {} octets", data.len());
        whole.extend_from_slice(&data);
        chunks += 1;
    }
    assert!(chunks > 10, "{chunks} chunks");
    let rows: Vec<serde_json::Value> = serde_json::from_slice(&whole).unwrap();
    let serials: BTreeSet<_> = rows
        .iter()
        .map(|row| row["SerialNumber"].to_string())
        .collect();
    assert_eq!(
        (rows.len(), serials.len()),
        (usize::from(DEVICES), usize::from(DEVICES))
    );
}

#[tokio::test]
async fn an_answer_that_nobody_reads_holds_its_keys_place_until_it_is_dropped() {
    let world = World::new().await;
    let organization = world.organization("Northwind", None).await;
    world.devices(&organization, 5).await;
    let bearer = format!(
        "bearer {}",
        world.enable(&organization, ReportApi::Meters).await
    );
    let service = &world.service;
    let first = service.answer(PEER, request(&bearer)).await;
    let second = service.answer(PEER, request(&bearer)).await;
    let third = service.answer(PEER, request(&bearer)).await;
    assert_eq!(third.status(), StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(third.headers()["retry-after"], "1");
    // An unread answer keeps no transaction open: the store still takes and shows changes.
    world.device(&organization, 200, "New").await;
    drop(first);
    assert_eq!(status(service, &bearer).await, StatusCode::OK);
    let read = second.into_body().collect().await.unwrap().to_bytes();
    assert!(serde_json::from_slice::<serde_json::Value>(&read).is_ok());
}
