//! How a problem is told: as problem details (RFC 9457), to OAuth clients as RFC 6749 5.2 has it.

use std::collections::BTreeMap;

use super::document::Documented;
use super::examples;
use super::json::{Json, object};
use crate::oauth::OauthError;
use crate::problem_kinds::{self, ProblemKind};
use crate::routes::Audience;

/// Form and examples of the problems of one status.
pub(super) fn content(audience: Audience, kinds: &[&ProblemKind]) -> Json {
    let form = Form::of(audience);
    let mut words: Vec<&str> = Vec::new();
    for word in kinds.iter().map(|kind| form.word(kind)) {
        if !words.contains(&word) {
            words.push(word);
        }
    }
    let words = object([("enum", Json::array(words))]);
    // Beside the reference, not together with it in `allOf`: of that, generators of clients make a type
    // for each status of each operation.
    let schema = Json::reference("schemas", form.schema());
    let schema = schema.with("properties", object([(form.member(), words)]));
    let example = |kind: &&ProblemKind| {
        let name = form.example_name(kind);
        let reference = Json::reference("examples", &name);
        (name, reference)
    };
    let media = object([
        ("schema", schema),
        (
            "examples",
            Json::Object(kinds.iter().map(example).collect()),
        ),
    ]);
    object([(form.media_type(), media)])
}

/// What the problems of one status are called together.
pub(super) fn name(audience: Audience, kinds: &[&ProblemKind]) -> String {
    let form = Form::of(audience);
    let names: Vec<_> = kinds.iter().map(|kind| form.example_name(kind)).collect();
    names.join(".")
}

/// The word that programs branch on.
pub(super) fn word(audience: Audience, kind: &ProblemKind) -> &'static str {
    Form::of(audience).word(kind)
}

/// What every problem looks like, by name: all of the catalogue, and what OAuth clients meet.
pub(super) fn examples(operations: &[Documented]) -> Json {
    let problems = problem_kinds::ALL.iter();
    let problems = problems.map(|kind| example(Form::Problem, kind));
    let oauth = operations.iter();
    let oauth = oauth.filter(|known| known.audience == Audience::OauthClients);
    let oauth = oauth.flat_map(|known| known.problems().into_values().flatten());
    let oauth: BTreeMap<_, _> = oauth.map(|kind| example(Form::OauthError, kind)).collect();
    Json::Object(problems.chain(oauth).collect())
}

fn example(form: Form, kind: &ProblemKind) -> (String, Json) {
    let body = match form {
        Form::Problem => examples::body(kind),
        Form::OauthError => examples::oauth_body(kind),
    };
    let example = object([("summary", kind.title.into()), ("value", body)]);
    (form.example_name(kind), example)
}

/// The body of a problem.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Problem,
    OauthError,
}

impl Form {
    const fn of(audience: Audience) -> Self {
        match audience {
            Audience::OauthClients => Self::OauthError,
            // Pages have no place in the document.
            Audience::Programs | Audience::People => Self::Problem,
        }
    }

    const fn media_type(self) -> &'static str {
        match self {
            Self::Problem => "application/problem+json",
            Self::OauthError => "application/json",
        }
    }

    const fn schema(self) -> &'static str {
        match self {
            Self::Problem => "Problem",
            Self::OauthError => "OAuthError",
        }
    }

    /// Which member holds the word that programs branch on.
    const fn member(self) -> &'static str {
        match self {
            Self::Problem => "code",
            Self::OauthError => "error",
        }
    }

    fn word(self, kind: &ProblemKind) -> &'static str {
        match self {
            Self::Problem => kind.code,
            Self::OauthError => OauthError::word(kind.status, kind.code),
        }
    }

    fn example_name(self, kind: &ProblemKind) -> String {
        match self {
            Self::Problem => kind.name.to_owned(),
            Self::OauthError => format!("oauth-{}", kind.name),
        }
    }
}
