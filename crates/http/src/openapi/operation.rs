//! What a route for programs takes and answers.

use http::StatusCode;

use super::json::{Json, object};
use crate::problem_kinds::ProblemKind;

/// Which API an operation belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tag {
    Report,
    Accounts,
    OAuth,
    Ingest,
    Server,
}

impl Tag {
    /// In the order of the document.
    pub(crate) const ALL: [Self; 5] = [
        Self::Report,
        Self::Accounts,
        Self::OAuth,
        Self::Ingest,
        Self::Server,
    ];

    /// As people read it.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Report => "Report API",
            Self::Accounts => "Accounts API",
            Self::OAuth => "OAuth",
            Self::Ingest => "Ingest API",
            Self::Server => "Server",
        }
    }

    /// What it is for.
    pub(crate) const fn description(self) -> &'static str {
        match self {
            Self::Report => {
                "Data of the fleet and of its print jobs, for the tools people work with."
            }
            Self::Accounts => "Accounts of people who print: create, change, delete and find them.",
            Self::OAuth => "Access tokens for the Accounts API (RFC 6749, client credentials).",
            Self::Ingest => "Print records from collectors, each with a credential of its own.",
            Self::Server => "Whether the server lives, and this description.",
        }
    }
}

/// Where a parameter stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Path,
    Query,
    Header,
}

impl Place {
    pub(crate) const fn keyword(self) -> &'static str {
        match self {
            Self::Path => "path",
            Self::Query => "query",
            Self::Header => "header",
        }
    }
}

/// A value that a request carries beside its body.
#[derive(Debug, Clone)]
pub(crate) struct Parameter {
    pub(crate) name: &'static str,
    pub(crate) place: Place,
    pub(crate) required: bool,
    pub(crate) description: String,
    pub(crate) schema: Json,
    pub(crate) example: Json,
}

impl Parameter {
    fn new(place: Place, name: &'static str, schema: Json, example: impl Into<Json>) -> Self {
        Self {
            name,
            place,
            required: place == Place::Path,
            description: String::new(),
            schema,
            example: example.into(),
        }
    }

    /// A part of the path.
    pub(crate) fn path(name: &'static str, schema: Json, example: impl Into<Json>) -> Self {
        Self::new(Place::Path, name, schema, example)
    }

    /// A field of the query, which may be left out.
    pub(crate) fn query(name: &'static str, schema: Json, example: impl Into<Json>) -> Self {
        Self::new(Place::Query, name, schema, example)
    }

    /// A header field, which may be left out.
    pub(crate) fn header(name: &'static str, schema: Json, example: impl Into<Json>) -> Self {
        Self::new(Place::Header, name, schema, example)
    }

    /// What it means.
    #[must_use]
    pub(crate) fn describe(mut self, text: impl Into<String>) -> Self {
        self.description = text.into();
        self
    }

    /// A request without it is refused.
    #[must_use]
    pub(crate) const fn required(mut self) -> Self {
        self.required = true;
        self
    }
}

/// One representation of a body, named by its media type.
#[derive(Debug, Clone)]
pub(crate) struct Media {
    pub(crate) name: &'static str,
    pub(crate) schema: Json,
    pub(crate) example: Option<Json>,
}

impl Media {
    /// A body of this form.
    pub(crate) const fn new(name: &'static str, schema: Json) -> Self {
        Self {
            name,
            schema,
            example: None,
        }
    }

    /// A body of text, where its form is told in words.
    pub(crate) fn text(name: &'static str, description: &str, example: &str) -> Self {
        let schema = object([
            ("type", "string".into()),
            ("description", description.into()),
        ]);
        Self::new(name, schema).example(example)
    }

    /// What it looks like.
    #[must_use]
    pub(crate) fn example(mut self, example: impl Into<Json>) -> Self {
        self.example = Some(example.into());
        self
    }
}

/// The body of a request.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    pub(crate) description: &'static str,
    pub(crate) content: Vec<Media>,
}

/// A header field of an answer.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Header {
    pub(crate) name: &'static str,
    pub(crate) description: &'static str,
    pub(crate) example: &'static str,
}

/// An answer that is no problem.
#[derive(Debug, Clone)]
pub(crate) struct Response {
    pub(crate) status: StatusCode,
    pub(crate) description: &'static str,
    pub(crate) headers: Vec<Header>,
    pub(crate) content: Vec<Media>,
}

impl Response {
    /// An answer without content, unless some is added.
    pub(crate) const fn new(status: StatusCode, description: &'static str) -> Self {
        Self {
            status,
            description,
            headers: Vec::new(),
            content: Vec::new(),
        }
    }

    /// With a representation.
    #[must_use]
    pub(crate) fn content(mut self, media: Media) -> Self {
        self.content.push(media);
        self
    }

    /// With a header field that matters.
    #[must_use]
    pub(crate) fn header(mut self, header: Header) -> Self {
        self.headers.push(header);
        self
    }
}

/// What a route takes and answers, beside what its policy and the server say for it.
#[derive(Debug, Clone)]
pub(crate) struct Operation {
    pub(crate) tag: Tag,
    /// Unique, in camel case: generated clients call their functions so.
    pub(crate) id: &'static str,
    pub(crate) summary: String,
    pub(crate) description: String,
    pub(crate) parameters: Vec<Parameter>,
    pub(crate) request: Option<Request>,
    pub(crate) responses: Vec<Response>,
    pub(crate) problems: Vec<&'static ProblemKind>,
}

impl Operation {
    /// An operation. `summary` is one line without a full stop.
    pub(crate) fn new(tag: Tag, id: &'static str, summary: impl Into<String>) -> Self {
        Self {
            tag,
            id,
            summary: summary.into(),
            description: String::new(),
            parameters: Vec::new(),
            request: None,
            responses: Vec::new(),
            problems: Vec::new(),
        }
    }

    /// What is to know about it.
    #[must_use]
    pub(crate) fn describe(mut self, text: impl Into<String>) -> Self {
        self.description = text.into();
        self
    }

    /// Takes a parameter.
    #[must_use]
    pub(crate) fn parameter(mut self, parameter: Parameter) -> Self {
        self.parameters.push(parameter);
        self
    }

    /// Takes a body, in one of these representations.
    #[must_use]
    pub(crate) fn request(
        mut self,
        description: &'static str,
        content: impl Into<Vec<Media>>,
    ) -> Self {
        self.request = Some(Request {
            description,
            content: content.into(),
        });
        self
    }

    /// Answers so when all is well.
    #[must_use]
    pub(crate) fn answer(mut self, response: Response) -> Self {
        self.responses.push(response);
        self
    }

    /// Answers with these problems of its own.
    #[must_use]
    pub(crate) fn problems(mut self, kinds: &[&'static ProblemKind]) -> Self {
        self.problems.extend_from_slice(kinds);
        self
    }
}
