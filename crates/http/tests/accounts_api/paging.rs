//! Lists in pages.

use serde_json::{Value, json};

use crate::office::{Office, problem, refused};

fn codes(page: &Value) -> Vec<String> {
    let items = page["items"].as_array().unwrap().iter();
    items
        .map(|item| item["code"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn the_links_lead_through_the_whole_list() {
    let office = Office::open().await;
    for number in [3, 1, 5, 2, 4] {
        let code = format!("a{number}");
        let account = json!({"code": code, "name": code, "tags": ["x y"]});
        office.made("/accounts", account).await;
    }
    let mut path = "/accounts?tag=x+y&sort=-code&limit=2".to_owned();
    let mut seen = Vec::new();
    loop {
        let got = office.get(&path).await;
        let page = got.json();
        seen.push(codes(&page));
        let Some(link) = got.header("link") else {
            assert_eq!(page["next"], json!(null));
            break;
        };
        let target = link.strip_prefix("</accounts/v1").unwrap();
        let (target, relation) = target.split_once('>').unwrap();
        assert_eq!(relation, "; rel=\"next\"");
        path = target.to_owned();
    }
    assert_eq!(seen, [vec!["a5", "a4"], vec!["a3", "a2"], vec!["a1"]]);
}

#[tokio::test]
async fn a_cursor_that_no_page_gave_is_refused() {
    let office = Office::open().await;
    let got = office.get("/accounts?cursor=nonsense").await;
    assert_eq!(got.json()["field"], "cursor");
    assert_eq!(refused(&got), problem(422, "invalid"));
}
