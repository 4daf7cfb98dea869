//! What the Accounts API says of itself: a file for each noun, and here what several say alike.

pub(super) mod access;
pub(super) mod accounts;
pub(super) mod balances;
pub(super) mod bulk;
pub(super) mod charges;
pub(super) mod client;
pub(super) mod groups;
pub(super) mod holds;
pub(super) mod ledger;
pub(super) mod limits;
pub(super) mod point_rules;
pub(super) mod print_users;

use http::StatusCode;
use platen_app::accounts::{CURSOR_OCTETS_MAX, PAGE_ITEMS, PAGE_ITEMS_MAX};
use platen_app::operation::idempotency::KEY_OCTETS_MAX;
use schemars::JsonSchema;
use serde_json::Value;

use super::paging::PageAnswer;
use super::wire::Sent;
use super::wire::words::Vocabulary;
use crate::openapi::{
    Components, Header, Json, Media, Operation, Parameter, Response, Tag, object,
};
use crate::problem_kinds as kinds;

/// The identifier that examples use for a thing of this kind.
fn id_of(noun: &str) -> &'static str {
    match noun {
        "charge" => "019ab2c4-5700-7e6f-8a91-b2c3d4e5f607",
        "hold" => "019ab2c4-5800-7e6f-8a91-b2c3d4e5f607",
        "user" => "019ab2c4-6000-7e6f-8a91-b2c3d4e5f607",
        "group" => "019ab2c4-7000-7e6f-8a91-b2c3d4e5f607",
        _account => "019ab2c4-55d0-7e6f-8a91-b2c3d4e5f607",
    }
}

const ETAG: Header = Header {
    name: "ETag",
    description: "The revision; send it as If-Match with a change, or as If-None-Match.",
    example: "\"3\"",
};

const LOCATION: Header = Header {
    name: "Location",
    description: "Where what was made is found.",
    example: "/accounts/v1/accounts/019ab2c4-55d0-7e6f-8a91-b2c3d4e5f607",
};

const LINK: Header = Header {
    name: "Link",
    description: "The next page (RFC 8288); absent on the last one.",
    example: "</accounts/v1/accounts?cursor=b3JkZXI>; rel=\"next\"",
};

const REPLAYED: Header = Header {
    name: "Idempotency-Replayed",
    description: "`true` where the request was answered before, and nothing was done now.",
    example: "true",
};

fn operation(id: &'static str, summary: &str) -> Operation {
    Operation::new(Tag::Accounts, id, summary).problems(&[&kinds::UNKNOWN_PARAMETER])
}

/// Our own examples are JSON; a test reads every one of them.
fn example(text: &str) -> Json {
    Json::from(serde_json::from_str::<Value>(text).unwrap_or_default())
}

/// What cursors are written in.
const CURSOR: &str = "^[A-Za-z0-9_-]+$";

/// A string of structured fields (RFC 9651 3.3.3), or a token without quotes.
fn idempotency_key() -> String {
    let most = KEY_OCTETS_MAX;
    format!(r#"^("([ !#-\[\]-~]|\\["\\]){{1,{most}}}"|[A-Za-z0-9!#$%&'*+.^_`|~:/-]{{1,{most}}})$"#)
}

/// A filter by identifier.
fn by_id(name: &'static str, noun: &str, description: &str) -> Parameter {
    Parameter::query(name, identifier(), id_of(noun)).describe(description)
}

fn text() -> Json {
    object([("type", "string".into())])
}

fn identifier() -> Json {
    text().with("format", "uuid")
}

/// What requests and answers have in common, said of an operation.
trait Describe: Sized {
    /// It is about the thing of this identifier.
    fn of_one(self, noun: &str) -> Self;

    /// It takes a filter.
    fn filter(self, name: &'static str, description: &str, example: &str) -> Self;

    /// It takes a filter by one of a few words.
    fn filter_by<T: Vocabulary>(self, name: &'static str, description: &str) -> Self;

    /// It takes a body of this form.
    fn takes<T: Sent + JsonSchema>(self, components: &mut Components<'_>) -> Self;

    /// It takes a merge patch.
    fn takes_patch<T: JsonSchema>(
        self,
        components: &mut Components<'_>,
        description: &'static str,
        patch: &str,
    ) -> Self;

    /// It answers with one document.
    fn gives<T: JsonSchema>(self, components: &mut Components<'_>, document: &str) -> Self;

    /// It answers with what has another revision now.
    fn becomes<T: JsonSchema>(self, components: &mut Components<'_>, document: &str) -> Self;

    /// It answers with one document that has a revision.
    fn shows<T: JsonSchema>(self, components: &mut Components<'_>, document: &str) -> Self;

    /// It makes something, once for each key.
    fn makes<T: JsonSchema>(self, components: &mut Components<'_>, document: &str) -> Self;

    /// It does something to what is there, once for each key.
    fn does<T: JsonSchema>(self, components: &mut Components<'_>, document: &str) -> Self;

    /// It answers with a page of a list.
    fn lists<T: JsonSchema>(self, components: &mut Components<'_>, item: &str) -> Self;

    /// It changes what has a revision.
    fn changes(self) -> Self;

    /// It answers with nothing.
    fn deletes(self) -> Self;
}

impl Describe for Operation {
    fn of_one(self, noun: &str) -> Self {
        let id = Parameter::path("id", identifier(), id_of(noun));
        self.parameter(id.describe(format!("Identifier of the {noun}.")))
            .problems(&[&kinds::NO_SUCH_THING])
    }

    fn filter(self, name: &'static str, description: &str, example: &str) -> Self {
        self.parameter(Parameter::query(name, text(), example).describe(description))
    }

    fn filter_by<T: Vocabulary>(self, name: &'static str, description: &str) -> Self {
        let words = T::WORDS.iter().map(|word| word.spelling());
        let first = T::WORDS.first().map_or("", |word| word.spelling());
        let schema = text().with("enum", Json::array(words));
        self.parameter(Parameter::query(name, schema, first).describe(description))
    }

    fn takes<T: Sent + JsonSchema>(self, components: &mut Components<'_>) -> Self {
        let media = Media::new("application/json", components.sent::<T>());
        self.request("What is asked for.", [media.example(example(T::EXAMPLE))])
            .problems(&BODY)
    }

    fn takes_patch<T: JsonSchema>(
        self,
        components: &mut Components<'_>,
        description: &'static str,
        patch: &str,
    ) -> Self {
        let media = Media::new("application/merge-patch+json", components.patch::<T>());
        self.request(description, [media.example(example(patch))])
            .problems(&BODY)
            .changes()
            .problems(&[&kinds::CHANGED])
    }

    fn gives<T: JsonSchema>(self, components: &mut Components<'_>, document: &str) -> Self {
        let media = json::<T>(components, document);
        self.answer(Response::new(StatusCode::OK, "Done.").content(media))
    }

    fn becomes<T: JsonSchema>(self, components: &mut Components<'_>, document: &str) -> Self {
        let media = json::<T>(components, document);
        let response = Response::new(StatusCode::OK, "As it is now.").header(ETAG);
        self.answer(response.content(media))
    }

    fn shows<T: JsonSchema>(self, components: &mut Components<'_>, document: &str) -> Self {
        let known = Parameter::header("If-None-Match", text(), "\"3\"");
        let media = json::<T>(components, document);
        let unchanged = "It is what If-None-Match names.";
        self.parameter(known.describe("The ETag of what the program has already."))
            .answer(
                Response::new(StatusCode::OK, "As it is now.")
                    .header(ETAG)
                    .content(media),
            )
            .answer(Response::new(StatusCode::NOT_MODIFIED, unchanged).header(ETAG))
    }

    fn makes<T: JsonSchema>(self, components: &mut Components<'_>, document: &str) -> Self {
        let media = json::<T>(components, document);
        let made = Response::new(StatusCode::CREATED, "It is made.").header(REPLAYED);
        once(self).answer(made.content(media))
    }

    fn does<T: JsonSchema>(self, components: &mut Components<'_>, document: &str) -> Self {
        let media = json::<T>(components, document);
        let done = Response::new(StatusCode::OK, "It is done.").header(REPLAYED);
        once(self).answer(done.content(media))
    }

    fn lists<T: JsonSchema>(self, components: &mut Components<'_>, item: &str) -> Self {
        let limit = object([
            ("type", "integer".into()),
            ("minimum", 1.into()),
            ("maximum", u64::from(PAGE_ITEMS_MAX).into()),
            ("default", u64::from(PAGE_ITEMS).into()),
        ]);
        let limit = Parameter::query("limit", limit, u64::from(PAGE_ITEMS));
        let cursor = text().with("pattern", CURSOR).with(
            "maxLength",
            u64::try_from(CURSOR_OCTETS_MAX).unwrap_or_default(),
        );
        let cursor = Parameter::query("cursor", cursor, "b3JkZXI");
        let page = format!(r#"{{"items":[{item}],"next":null}}"#);
        let media = json::<PageAnswer<T>>(components, &page);
        let page = Response::new(StatusCode::OK, "A page of the list.").header(LINK);
        self.parameter(limit.describe("Items on a page at most."))
            .parameter(cursor.describe("`next` of the page before; opaque."))
            .answer(page.content(media))
            .problems(&[&kinds::BAD_PARAMETER, &kinds::INVALID])
    }

    fn changes(self) -> Self {
        // `*` or entity tags: as a choice of schemas, generators of clients leave the operation out.
        let condition = Parameter::header("If-Match", text(), "\"3\"");
        self.parameter(condition.describe(
            "The ETag that the change is based on; without it the change is made to whatever is \
             there.",
        ))
        .problems(&[&kinds::BAD_IF_MATCH, &kinds::PRECONDITION_FAILED])
    }

    fn deletes(self) -> Self {
        self.changes()
            .answer(Response::new(StatusCode::NO_CONTENT, "It is gone."))
    }
}

/// What bodies are refused for.
const BODY: [&kinds::ProblemKind; 3] = [
    &kinds::BAD_JSON,
    &kinds::UNSUPPORTED_MEDIA_TYPE,
    &kinds::INVALID,
];

fn json<T: JsonSchema>(components: &mut Components<'_>, document: &str) -> Media {
    Media::new("application/json", components.answered::<T>()).example(example(document))
}

fn once(operation: Operation) -> Operation {
    let key = text().with("pattern", idempotency_key());
    let key = Parameter::header(
        "Idempotency-Key",
        key,
        "\"8e03978e-40d5-43dd-bc93-6894a57f9324\"",
    );
    let description = "A name for this request, unique among the program's, in quotes. Sent again \
                       under it within 24 hours, the request changes nothing and is answered as it \
                       was.";
    operation
        .parameter(key.describe(description))
        .problems(&[&kinds::BAD_IDEMPOTENCY_KEY, &kinds::IDEMPOTENCY_KEY_REUSED])
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::Value;

    use crate::openapi::document;
    use crate::report_api::layouts::Layouts;

    fn names(value: &Value) -> BTreeSet<&str> {
        let members = value.as_object();
        members.map_or_else(BTreeSet::new, |members| {
            members.keys().map(String::as_str).collect()
        })
    }

    /// Every example of an answer has every member of its form, and no other.
    #[test]
    fn examples_are_what_their_forms_say() {
        let document: Value = serde_json::from_str(&document(&Layouts::default())).unwrap();
        let mut examples = 0;
        for (path, methods) in document["paths"].as_object().unwrap() {
            let is_ours = path.starts_with("/accounts/v1/");
            for operation in methods.as_object().unwrap().values().filter(|_| is_ours) {
                for (status, answer) in operation["responses"].as_object().unwrap() {
                    let media = &answer["content"]["application/json"];
                    let Some(form) = media["schema"]["$ref"].as_str() else {
                        continue;
                    };
                    let form = document.pointer(form.trim_start_matches('#')).unwrap();
                    let (example, form) = (names(&media["example"]), names(&form["properties"]));
                    assert_eq!(example, form, "{path} {status}");
                    examples += 1;
                }
            }
        }
        assert!(examples > 30, "{examples}");
    }
}
