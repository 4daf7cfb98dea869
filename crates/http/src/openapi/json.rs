//! JSON whose objects keep the order they were written in, however `serde_json` was built.

use serde::{Serialize, Serializer};
use serde_json::Value;

/// A value. Objects made here keep their order; those of a [`Value`] are sorted by name.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Json {
    /// A scalar, or what another library made.
    Value(Value),
    /// Members in order.
    Object(Vec<(String, Self)>),
    /// Elements in order.
    Array(Vec<Self>),
}

/// An object with these members, in this order.
pub(crate) fn object<const N: usize>(members: [(&str, Json); N]) -> Json {
    let members = members.map(|(name, value)| (name.to_owned(), value));
    Json::Object(members.into())
}

impl Json {
    /// A list.
    pub(crate) fn array<T: Into<Self>>(elements: impl IntoIterator<Item = T>) -> Self {
        Self::Array(elements.into_iter().map(Into::into).collect())
    }

    /// A reference to a component: `#/components/schemas/Problem`.
    pub(crate) fn reference(section: &str, name: &str) -> Self {
        object([("$ref", format!("#/components/{section}/{name}").into())])
    }

    /// With one more member, where this is an object.
    #[must_use]
    pub(crate) fn with(mut self, name: &str, value: impl Into<Self>) -> Self {
        if let Self::Object(members) = &mut self {
            members.push((name.to_owned(), value.into()));
        }
        self
    }

    /// The member `name` of an object.
    pub(crate) fn get(&self, name: &str) -> Option<Self> {
        match self {
            Self::Object(members) => {
                let found = members.iter().find(|(known, _)| known == name);
                found.map(|(_, value)| value.clone())
            }
            Self::Value(value) => value.get(name).cloned().map(Self::Value),
            Self::Array(_) => None,
        }
    }

    /// The members of an object, in order.
    pub(crate) fn members(&self) -> Vec<(String, Self)> {
        match self {
            Self::Object(members) => members.clone(),
            Self::Value(Value::Object(members)) => members
                .iter()
                .map(|(name, value)| (name.clone(), Self::Value(value.clone())))
                .collect(),
            Self::Value(_) | Self::Array(_) => Vec::new(),
        }
    }

    /// The elements of an array.
    pub(crate) fn elements(&self) -> Vec<Self> {
        match self {
            Self::Array(elements) => elements.clone(),
            Self::Value(Value::Array(elements)) => {
                elements.iter().cloned().map(Self::Value).collect()
            }
            Self::Value(_) | Self::Object(_) => Vec::new(),
        }
    }

    /// A text's characters.
    pub(crate) fn text(&self) -> Option<&str> {
        match self {
            Self::Value(value) => value.as_str(),
            Self::Object(_) | Self::Array(_) => None,
        }
    }

    /// As people read it: indented by two spaces.
    pub(crate) fn pretty(&self) -> String {
        serde_json::to_string_pretty(self).unwrap_or_default()
    }
}

impl Serialize for Json {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Value(value) => value.serialize(serializer),
            Self::Object(members) => serializer.collect_map(members.iter().map(|(n, v)| (n, v))),
            Self::Array(elements) => serializer.collect_seq(elements),
        }
    }
}

impl From<Value> for Json {
    fn from(mut value: Value) -> Self {
        value.sort_all_objects();
        Self::Value(value)
    }
}

impl From<&str> for Json {
    fn from(text: &str) -> Self {
        Self::Value(text.into())
    }
}

impl From<String> for Json {
    fn from(text: String) -> Self {
        Self::Value(text.into())
    }
}

impl From<bool> for Json {
    fn from(value: bool) -> Self {
        Self::Value(value.into())
    }
}

impl From<u64> for Json {
    fn from(value: u64) -> Self {
        Self::Value(value.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_stay_where_they_were_put() {
        let made = object([("zebra", 1.into()), ("ant", Json::array(["b", "a"]))]);
        let sorted = serde_json::json!({"zebra": {"y": 1, "x": 2}, "ant": null});
        let text = serde_json::to_string(&made.with("value", sorted)).unwrap();
        insta::assert_snapshot!(text, @r#"{"zebra":1,"ant":["b","a"],"value":{"ant":null,"zebra":{"x":2,"y":1}}}"#);
    }
}
