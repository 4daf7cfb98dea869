//! `/openapi`: the same description as a page, for people.

use askama::Template;

use super::document::{Document, Documented};
use super::json::Json;
use super::operation::{Media, Parameter, Response};
use super::{refusals, security};
use crate::problem_kinds::ProblemKind;
use crate::routes::Audience;

/// The page.
#[derive(Debug, Template)]
#[template(path = "openapi.html")]
pub(super) struct ApiPage {
    apis: Vec<Api>,
}

/// The operations of one API.
#[derive(Debug)]
struct Api {
    anchor: String,
    name: &'static str,
    description: &'static str,
    operations: Vec<OperationView>,
}

#[derive(Debug)]
struct OperationView {
    id: &'static str,
    method: String,
    path: &'static str,
    summary: String,
    description: String,
    /// What a program shows.
    authentication: &'static str,
    parameters: Vec<Field>,
    request: Vec<Body>,
    answers: Vec<AnswerView>,
    problems: Vec<ProblemView>,
}

/// A named value: a parameter, or a member of a body.
#[derive(Debug)]
struct Field {
    name: String,
    /// Where it stands or what its values are, and whether it is needed.
    kind: String,
    description: String,
    example: String,
}

/// One form of a body.
#[derive(Debug)]
struct Body {
    media_type: &'static str,
    /// Its form in words.
    description: String,
    example: String,
    members: Vec<Field>,
}

#[derive(Debug)]
struct AnswerView {
    status: u16,
    description: &'static str,
    headers: Vec<(&'static str, &'static str)>,
    content: Vec<Body>,
}

#[derive(Debug)]
struct ProblemView {
    status: u16,
    code: &'static str,
    detail: &'static str,
}

impl ApiPage {
    pub(super) fn of(document: &Document) -> Self {
        let schemas = Schemas(&document.schemas);
        let apis = document.by_tag().map(|(tag, operations)| Api {
            anchor: tag.name().to_ascii_lowercase().replace(' ', "-"),
            name: tag.name(),
            description: tag.description(),
            operations: operations
                .into_iter()
                .map(|documented| schemas.operation(documented))
                .collect(),
        });
        Self {
            apis: apis.collect(),
        }
    }
}

/// The forms that bodies refer to.
struct Schemas<'a>(&'a [(String, Json)]);

impl Schemas<'_> {
    fn operation(&self, documented: &Documented) -> OperationView {
        let operation = &documented.operation;
        let request = operation.request.iter().flat_map(|body| &body.content);
        let problems = documented.problems().into_values().flatten();
        let problem = |kind| problem(documented.audience, kind);
        OperationView {
            id: operation.id,
            method: documented.method.to_string(),
            path: documented.path,
            summary: operation.summary.clone(),
            description: operation.description.clone(),
            authentication: security::of(documented.policy).words,
            parameters: operation.parameters.iter().map(parameter).collect(),
            request: request.map(|media| self.body(media)).collect(),
            answers: operation
                .responses
                .iter()
                .map(|answer| self.answer(answer))
                .collect(),
            problems: problems.map(problem).collect(),
        }
    }

    fn answer(&self, response: &Response) -> AnswerView {
        let headers = response.headers.iter();
        AnswerView {
            status: response.status.as_u16(),
            description: response.description,
            headers: headers
                .map(|header| (header.name, header.description))
                .collect(),
            content: response
                .content
                .iter()
                .map(|media| self.body(media))
                .collect(),
        }
    }

    fn body(&self, media: &Media) -> Body {
        let example = media.example.as_ref();
        let example = example.map(|example| match example.text() {
            Some(text) => text.to_owned(),
            None => example.pretty(),
        });
        Body {
            media_type: media.name,
            description: description_of(&media.schema),
            example: example.unwrap_or_default(),
            members: self.members(&media.schema),
        }
    }

    /// The members of an object, or of the objects of a list; of alternatives, the first's.
    fn members(&self, schema: &Json) -> Vec<Field> {
        let schema = self.resolved(schema);
        if let Some(items) = schema.get("items") {
            return self.members(&items);
        }
        if let Some(first) = schema
            .get("anyOf")
            .and_then(|any| any.elements().into_iter().next())
        {
            return self.members(&first);
        }
        let properties = schema.get("properties");
        let members = properties.map(|properties| properties.members());
        let members = members.unwrap_or_default().into_iter();
        members
            .map(|(name, schema)| member(name, &schema))
            .collect()
    }

    fn resolved(&self, schema: &Json) -> Json {
        let reference = schema.get("$ref");
        let name = reference.as_ref().and_then(Json::text);
        let name = name.and_then(|name| name.strip_prefix("#/components/schemas/"));
        let found = self
            .0
            .iter()
            .find(|(known, _)| Some(known.as_str()) == name);
        found.map_or_else(|| schema.clone(), |(_, schema)| schema.clone())
    }
}

fn member(name: String, schema: &Json) -> Field {
    Field {
        name,
        kind: type_of(schema),
        description: description_of(schema),
        example: String::new(),
    }
}

fn description_of(schema: &Json) -> String {
    let description = schema.get("description");
    let description = description.as_ref().and_then(Json::text);
    description.unwrap_or_default().to_owned()
}

/// `integer or null`, or the words a value may have.
fn type_of(schema: &Json) -> String {
    let words = schema.get("enum").map(|words| words.elements());
    let types = schema.get("type").map(|types| match types.text() {
        Some(one) => vec![one.into()],
        None => types.elements(),
    });
    let texts = words.or(types).unwrap_or_default();
    let texts: Vec<&str> = texts.iter().filter_map(Json::text).collect();
    texts.join(" or ")
}

fn parameter(parameter: &Parameter) -> Field {
    let needed = if parameter.required {
        "needed"
    } else {
        "may be left out"
    };
    let example = &parameter.example;
    Field {
        name: parameter.name.to_owned(),
        kind: format!("{}, {needed}", parameter.place.keyword()),
        description: parameter.description.clone(),
        example: example
            .text()
            .map_or_else(|| example.pretty(), str::to_owned),
    }
}

fn problem(audience: Audience, kind: &'static ProblemKind) -> ProblemView {
    ProblemView {
        status: kind.status.as_u16(),
        code: refusals::word(audience, kind),
        detail: kind.detail,
    }
}
