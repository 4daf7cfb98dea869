//! The document: every operation of the registry in the words of OpenAPI 3.1.

use std::collections::BTreeMap;

use http::{Method, StatusCode};

use super::components::Components;
use super::json::{Json, object};
use super::operation::{Header, Media, Operation, Parameter, Response, Tag};
use super::{general, refusals, security};
use crate::oauth::OauthError;
use crate::policy::Policy;
use crate::problem_kinds::ProblemKind;
use crate::problems::ProblemDocument;
use crate::report_api::layouts::Layouts;
use crate::routes::{Audience, Registry};

/// The version of OpenAPI that it is written in.
const OPENAPI: &str = "3.1.1";

/// What holds for all operations, in CommonMark.
const INTRODUCTION: &str = include_str!("introduction.md");

/// An operation with what its route says.
pub(super) struct Documented {
    pub(super) method: Method,
    pub(super) path: &'static str,
    pub(super) audience: Audience,
    pub(super) policy: Policy,
    /// Octets of a body that it takes.
    pub(super) octets_max: usize,
    pub(super) operation: Operation,
}

impl Documented {
    /// Every problem it can answer with, its own first, by status.
    pub(super) fn problems(&self) -> BTreeMap<u16, Vec<&'static ProblemKind>> {
        let own = self.operation.problems.iter().copied();
        let policy = security::of(self.policy).problems.iter().copied();
        let general = general::problems(&self.method, self.path, self.octets_max);
        let mut by_status: BTreeMap<u16, Vec<_>> = BTreeMap::new();
        for kind in own.chain(policy).chain(general) {
            let kinds = by_status.entry(kind.status.as_u16()).or_default();
            if !kinds.contains(&kind) {
                kinds.push(kind);
            }
        }
        by_status
    }
}

/// The whole description.
pub(crate) struct Document {
    pub(super) operations: Vec<Documented>,
    pub(super) schemas: Vec<(String, Json)>,
}

impl Document {
    /// Describes the routes of `registry` that speak to programs.
    pub(crate) fn of(registry: &Registry, layouts: &Layouts) -> Self {
        let mut components = Components::new(layouts);
        let documented = registry.routes().filter_map(|route| {
            Some(Documented {
                method: route.method().clone(),
                path: route.path(),
                audience: route.audience(),
                policy: route.policy(),
                octets_max: route.octets_max(),
                operation: route.operation(&mut components)?,
            })
        });
        let operations = documented.collect();
        // Every operation refers to one of them.
        components.answered::<ProblemDocument<'_>>();
        components.answered::<OauthError>();
        Self {
            operations,
            schemas: components.finish(),
        }
    }

    /// The tags that have operations, each with these.
    pub(super) fn by_tag(&self) -> impl Iterator<Item = (Tag, Vec<&Documented>)> {
        let of_tag = |tag| {
            let of_tag = self.operations.iter();
            let of_tag: Vec<_> = of_tag.filter(|known| known.operation.tag == tag).collect();
            (tag, of_tag)
        };
        let tags = Tag::ALL.into_iter().map(of_tag);
        tags.filter(|(_, operations)| !operations.is_empty())
    }

    /// As it is served and kept in `docs/openapi.json`, the last line ended.
    pub(crate) fn to_json(&self) -> String {
        let document = object([
            ("openapi", OPENAPI.into()),
            ("info", info()),
            ("servers", Json::Array(vec![object([("url", "/".into())])])),
            ("tags", self.tags()),
            ("paths", self.paths()),
            (
                "components",
                object([
                    ("schemas", Json::Object(self.schemas.clone())),
                    ("responses", self.problem_responses()),
                    ("headers", self.headers()),
                    ("examples", refusals::examples(&self.operations)),
                    ("securitySchemes", security::schemes()),
                ]),
            ),
        ]);
        document.pretty() + "\n"
    }

    /// Every header field of an answer, by name.
    fn headers(&self) -> Json {
        let responses = self.operations.iter();
        let responses = responses.flat_map(|known| &known.operation.responses);
        let own = responses.flat_map(|response| &response.headers);
        let all = own.chain(&general::HEADERS);
        let all: BTreeMap<&str, Json> = all.map(|known| (known.name, header(known))).collect();
        let all = all.into_iter();
        Json::Object(
            all.map(|(name, header)| (name.to_owned(), header))
                .collect(),
        )
    }

    /// Every set of problems that operations answer with under one status, by name.
    fn problem_responses(&self) -> Json {
        let mut responses = BTreeMap::new();
        for documented in &self.operations {
            for (status, kinds) in documented.problems() {
                let name = refusals::name(documented.audience, &kinds);
                let response = || problem(status, documented.audience, &kinds);
                responses.entry(name).or_insert_with(response);
            }
        }
        Json::Object(responses.into_iter().collect())
    }

    fn tags(&self) -> Json {
        let tag = |(tag, _): (Tag, _)| {
            object([
                ("name", tag.name().into()),
                ("description", tag.description().into()),
            ])
        };
        Json::array(self.by_tag().map(tag))
    }

    /// Methods of one path stand together, paths in the order of their tags.
    fn paths(&self) -> Json {
        let mut paths: Vec<(String, Json)> = Vec::new();
        for documented in self.by_tag().flat_map(|(_, operations)| operations) {
            let method = documented.method.as_str().to_ascii_lowercase();
            let known = paths.iter_mut().find(|(path, _)| path == documented.path);
            if let Some((_, Json::Object(methods))) = known {
                methods.push((method, operation(documented)));
            } else {
                let methods = Json::Object(vec![(method, operation(documented))]);
                paths.push((documented.path.to_owned(), methods));
            }
        }
        Json::Object(paths)
    }
}

fn info() -> Json {
    object([
        ("title", "Platen".into()),
        ("version", env!("CARGO_PKG_VERSION").into()),
        ("description", INTRODUCTION.trim().into()),
        (
            "license",
            object([
                ("name", env!("CARGO_PKG_LICENSE").into()),
                ("identifier", env!("CARGO_PKG_LICENSE").into()),
            ]),
        ),
    ])
}

fn operation(documented: &Documented) -> Json {
    let operation = &documented.operation;
    let mut json = object([
        ("tags", Json::array([operation.tag.name()])),
        ("operationId", operation.id.into()),
        ("summary", operation.summary.as_str().into()),
    ]);
    if !operation.description.is_empty() {
        json = json.with("description", operation.description.as_str());
    }
    let ways = security::of(documented.policy).ways.iter();
    let ways =
        ways.map(|(scheme, scopes)| object([(*scheme, Json::array(scopes.iter().copied()))]));
    json = json.with("security", Json::array(ways));
    if !operation.parameters.is_empty() {
        json = json.with(
            "parameters",
            Json::array(operation.parameters.iter().map(parameter)),
        );
    }
    if let Some(request) = &operation.request {
        let body = object([
            ("description", request.description.into()),
            ("required", true.into()),
            ("content", content(&request.content)),
        ]);
        json = json.with("requestBody", body);
    }
    json.with("responses", responses(documented))
}

fn parameter(parameter: &Parameter) -> Json {
    object([
        ("name", parameter.name.into()),
        ("in", parameter.place.keyword().into()),
        ("description", parameter.description.as_str().into()),
        ("required", parameter.required.into()),
        ("schema", parameter.schema.clone()),
        ("example", parameter.example.clone()),
    ])
}

fn content(media: &[Media]) -> Json {
    let one = |media: &Media| {
        let mut json = object([("schema", media.schema.clone())]);
        if let Some(example) = &media.example {
            json = json.with("example", example.clone());
        }
        (media.name.to_owned(), json)
    };
    Json::Object(media.iter().map(one).collect())
}

/// The operation's own answers in its order, then references to problems by status.
fn responses(documented: &Documented) -> Json {
    let mut problems = documented.problems();
    let own = documented.operation.responses.iter();
    let own = own.map(|answer| {
        let status = answer.status.as_u16();
        let kinds = problems.remove(&status).unwrap_or_default();
        (
            status.to_string(),
            response(answer, documented.audience, &kinds),
        )
    });
    let mut responses: Vec<(String, Json)> = own.collect();
    responses.extend(problems.into_iter().map(|(status, kinds)| {
        let name = refusals::name(documented.audience, &kinds);
        (status.to_string(), Json::reference("responses", &name))
    }));
    Json::Object(responses)
}

/// An answer, with the problems that have the same status.
fn response(response: &Response, audience: Audience, kinds: &[&ProblemKind]) -> Json {
    let json = object([
        ("description", response.description.into()),
        ("headers", headers(&response.headers)),
    ]);
    let mut media = content(&response.content).members();
    if !kinds.is_empty() {
        media.extend(refusals::content(audience, kinds).members());
    }
    if media.is_empty() {
        return json;
    }
    json.with("content", Json::Object(media))
}

/// Header fields are written down once, and referred to.
fn headers(own: &[Header]) -> Json {
    let reference = |header: &Header| {
        let reference = Json::reference("headers", header.name);
        (header.name.to_owned(), reference)
    };
    let all = own.iter().chain([&general::REQUEST_ID]);
    Json::Object(all.map(reference).collect())
}

fn header(header: &Header) -> Json {
    object([
        ("description", header.description.into()),
        ("schema", object([("type", "string".into())])),
        ("example", header.example.into()),
    ])
}

/// The problems of one status: which codes it can have, and what each looks like.
fn problem(status: u16, audience: Audience, kinds: &[&ProblemKind]) -> Json {
    let mut titles: Vec<&str> = kinds.iter().map(|kind| kind.title).collect();
    titles.dedup();
    let status = StatusCode::from_u16(status).unwrap_or_default();
    object([
        ("description", format!("{}.", titles.join("; ")).into()),
        ("headers", headers(general::headers(status))),
        ("content", refusals::content(audience, kinds)),
    ])
}
