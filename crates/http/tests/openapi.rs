//! The APIs' description: the committed document, and how a server hands it out.

mod support;

use std::path::Path;

use http::StatusCode;
use platen_http::{Layouts, openapi_document};
use support::World;

#[test]
fn the_committed_document_is_what_the_code_says() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/openapi.json");
    let document = openapi_document(&Layouts::default());
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, &document).unwrap();
        return;
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    for (number, (committed, made)) in committed.lines().zip(document.lines()).enumerate() {
        let line = number + 1;
        assert_eq!(made, committed, "line {line} (UPDATE_GOLDEN=1 rewrites it)");
    }
    let lines = (document.lines().count(), committed.lines().count());
    assert_eq!(lines.0, lines.1, "lines came or went (UPDATE_GOLDEN=1)");
}

#[tokio::test]
async fn a_server_hands_it_out_to_anybody_and_not_twice() {
    let world = World::new().await;
    let got = world.get("/openapi.json", &[]).await;
    assert_eq!(got.status, StatusCode::OK);
    assert_eq!(got.text(), openapi_document(&Layouts::default()));
    assert_eq!(got.header("cache-control"), Some("public, no-cache"));
    let etag = got.header("etag").unwrap();
    let again = world.get("/openapi.json", &[("if-none-match", etag)]).await;
    assert_eq!(again.status, StatusCode::NOT_MODIFIED);
    assert!(again.body.is_empty());
}

#[tokio::test]
async fn the_page_names_every_operation() {
    let world = World::new().await;
    let got = world.get("/openapi", &[]).await;
    assert_eq!(got.status, StatusCode::OK);
    let page = got.text();
    let document = world.get("/openapi.json", &[]).await.json();
    for methods in document["paths"].as_object().unwrap().values() {
        for operation in methods.as_object().unwrap().values() {
            let id = operation["operationId"].as_str().unwrap();
            assert!(page.contains(&format!("id=\"{id}\"")), "{id}");
            assert!(
                page.contains(operation["summary"].as_str().unwrap()),
                "{id}"
            );
        }
    }
    assert!(!page.contains("<script"), "the page needs no script");
}
