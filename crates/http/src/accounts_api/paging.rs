//! Lists in pages.

use form_urlencoded::Serializer;
use http::header::LINK;
use http::{HeaderValue, StatusCode};
use platen_app::accounts::{PAGE_ITEMS, PAGE_ITEMS_MAX, Page, PageRequest};
use schemars::JsonSchema;
use serde::Serialize;

use super::query::{self, Query};
use crate::answers::{self, Answer};
use crate::problems::Problem;

/// The parameters that every list in pages takes.
pub(super) const CURSOR: &str = "cursor";
pub(super) const LIMIT: &str = "limit";

/// A page of a list.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "{T}Page")]
pub(super) struct PageAnswer<T> {
    /// Its items, in the list's order.
    pub(super) items: Vec<T>,
    /// The cursor of the next page; `null` on the last one.
    pub(super) next: Option<String>,
}

/// Which page a query asks for.
pub(super) fn request(query: &Query) -> Result<PageRequest, Problem> {
    let items = query.text(LIMIT).map_or(Ok(PAGE_ITEMS), |text| {
        let limit = text.parse().ok();
        let limit = limit.filter(|items| (1..=PAGE_ITEMS_MAX).contains(items));
        let reason = format!("expected a number from 1 to {PAGE_ITEMS_MAX}");
        limit.ok_or_else(|| query::bad(LIMIT, &reason))
    });
    Ok(PageRequest {
        after: query.text(CURSOR).map(ToOwned::to_owned),
        items: items?,
    })
}

/// The page of the list at `path`, with a link to the next one (RFC 8288).
pub(super) fn answer<T, A>(path: &str, query: &Query, page: &Page<T>) -> Answer
where
    for<'a> A: From<&'a T> + Serialize,
{
    answer_with(path, query, page, |item| A::from(item))
}

/// The same, each item written by `write`.
pub(super) fn answer_with<T, A: Serialize>(
    path: &str,
    query: &Query,
    page: &Page<T>,
    write: impl Fn(&T) -> A,
) -> Answer {
    let document = PageAnswer {
        items: page.items.iter().map(write).collect(),
        next: page.next.clone(),
    };
    let mut answer = answers::private_json(StatusCode::OK, &document);
    let link = page.next.as_ref().map(|next| link(path, query, next));
    // What is encoded for an address is a valid value of a header field.
    let link = link.and_then(|link| HeaderValue::from_str(&link).ok());
    answer.headers_mut().extend(link.map(|link| (LINK, link)));
    answer
}

fn link(path: &str, query: &Query, next: &str) -> String {
    let mut encoded = Serializer::new(String::new());
    encoded.extend_pairs(query.others(CURSOR));
    encoded.append_pair(CURSOR, next);
    format!("<{path}?{}>; rel=\"next\"", encoded.finish())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fields::Fields;

    fn query(text: &str) -> Query {
        let fields = Fields::parse(text.as_bytes()).unwrap();
        Query::of(fields, &["tag", CURSOR, LIMIT]).unwrap()
    }

    #[test]
    fn a_page_has_a_hundred_items_unless_another_number_is_asked_for() {
        let request = |text: &str| super::request(&query(text)).map_err(|problem| problem.code);
        let first = PageRequest {
            after: None,
            items: 100,
        };
        assert_eq!(request(""), Ok(first));
        let other = PageRequest {
            after: Some("abc".to_owned()),
            items: 7,
        };
        assert_eq!(request("limit=7&cursor=abc"), Ok(other));
        for limit in ["0", "1001", "-1", "ten", ""] {
            let wrong = request(&format!("limit={limit}"));
            assert_eq!(wrong, Err("bad-parameter"), "{limit}");
        }
    }

    #[test]
    fn the_link_asks_for_the_next_page_of_the_same_list() {
        let page = Page {
            items: vec!["a"],
            next: Some("c+d".to_owned()),
        };
        let query = query("tag=a%20b&cursor=a&limit=1");
        let answer = answer_with("/accounts/v1/accounts", &query, &page, |item| *item);
        insta::assert_snapshot!(answer.headers()[LINK].to_str().unwrap(), @r#"</accounts/v1/accounts?tag=a+b&limit=1&cursor=c%2Bd>; rel="next""#);
    }
}
