//! How answers and requests name accounts, users, groups and print jobs.

use std::borrow::Cow;
use std::fmt;

use platen_domain::accounts::AccountLabel;
use platen_domain::print_jobs::{SOURCE_ID_MAX_OCTETS, SOURCE_MAX_OCTETS, SourceKey};
use platen_domain::print_users::{USER_NAME_CHARS_MAX, UserLabel};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use super::texts::{JobNamePart, Line};

/// An account by its identifier and its code.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "AccountLabel")]
pub(crate) struct AccountLabelAnswer {
    /// Its identifier.
    id: String,
    /// Its code.
    code: String,
}

impl From<&AccountLabel> for AccountLabelAnswer {
    fn from(label: &AccountLabel) -> Self {
        Self {
            id: label.id.to_string(),
            code: label.code.clone(),
        }
    }
}

/// A user or a group by identifier and name.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Label")]
pub(crate) struct LabelAnswer {
    /// The identifier.
    pub(crate) id: String,
    /// The name.
    pub(crate) name: String,
}

impl From<&UserLabel> for LabelAnswer {
    fn from(label: &UserLabel) -> Self {
        Self {
            id: label.id.to_string(),
            name: label.name.clone(),
        }
    }
}

/// The name of a print job: who numbered it, and its number there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "PrintJobName")]
#[serde(deny_unknown_fields, expecting = "an object")]
pub(crate) struct PrintJobName {
    /// Kind and instance of the source, such as `cups|3f0c9a52`.
    #[schemars(with = "JobNamePart<SOURCE_MAX_OCTETS>")]
    source: String,
    /// The job's identifier there.
    #[schemars(with = "JobNamePart<SOURCE_ID_MAX_OCTETS>")]
    id: String,
}

impl From<&SourceKey> for PrintJobName {
    fn from(key: &SourceKey) -> Self {
        Self {
            source: key.source.clone(),
            id: key.id.clone(),
        }
    }
}

impl From<PrintJobName> for SourceKey {
    fn from(name: PrintJobName) -> Self {
        Self::new(name.source, name.id)
    }
}

/// What a request names a user or a group by: an identifier or a name, or the label that an
/// answer gave, of which the identifier counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Named(pub(crate) String);

impl<'de> Deserialize<'de> for Named {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TextOrLabel;

        impl<'de> Visitor<'de> for TextOrLabel {
            type Value = Named;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an identifier or a name")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Named, E> {
                Ok(Named(text.to_owned()))
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Named, A::Error> {
                let map = serde::de::value::MapAccessDeserializer::new(map);
                Label::deserialize(map).map(|label| Named(label.id))
            }
        }

        #[derive(Deserialize)]
        #[serde(deny_unknown_fields, expecting = "an object")]
        struct Label {
            id: String,
            #[serde(rename = "name")]
            _name: Option<String>,
        }

        deserializer.deserialize_any(TextOrLabel)
    }
}

impl JsonSchema for Named {
    fn schema_name() -> Cow<'static, str> {
        "Named".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let text = generator.subschema_for::<Line<USER_NAME_CHARS_MAX>>();
        json_schema!({
            "description": "An identifier or a name; or the label that an answer gave.",
            "oneOf": [
                text,
                {
                    "type": "object",
                    "properties": {"id": text, "name": {"type": ["string", "null"]}},
                    "required": ["id"],
                    "additionalProperties": false,
                },
            ],
        })
    }
}
