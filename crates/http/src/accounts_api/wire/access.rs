//! Access lists of accounts.

use platen_app::accounts::{Access, SubjectLabel, SubjectRef};
use platen_domain::account_access::{ACCESS_ENTRIES_MAX, Verb, Verbs};
use platen_domain::print_users::{GroupRef, UserRef};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::Sent;
use super::labels::{LabelAnswer, Named};
use super::words::Word;

/// Who is meant: one of `{"everyone": true}`, `{"group": …}` and `{"user": …}`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[schemars(rename = "SubjectInput")]
#[serde(rename_all = "snake_case")]
pub(crate) enum SubjectInput {
    /// Every user of the organization.
    Everyone(True),
    /// The members of a group, which must exist.
    Group(Named),
    /// A user. One that is named for the first time is made known.
    User(Named),
}

/// The one value that says yes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct True;

/// An entry of an access list.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, expecting = "an object")]
pub(crate) struct AccessEntryInput {
    /// Who is meant.
    subject: SubjectInput,
    /// What they may do with the account.
    verbs: Vec<Word<Verb>>,
}

/// An access list as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, expecting = "an object")]
pub(crate) struct AccessInput {
    /// Its entries.
    #[schemars(length(max = ACCESS_ENTRIES_MAX))]
    entries: Vec<AccessEntryInput>,
}

impl Sent for AccessEntryInput {
    const EXAMPLE: &'static str = r#"{"subject":{"group":"Staff"},"verbs":["charge","view"]}"#;
}

impl Sent for AccessInput {
    const EXAMPLE: &'static str = r#"{"entries":[{"subject":{"everyone":true},"verbs":["charge"]},{"subject":{"user":"ada"},"verbs":["view","manage"]}]}"#;
}

impl SubjectInput {
    /// Who is meant.
    pub(crate) fn read(self) -> SubjectRef {
        match self {
            Self::Everyone(True) => SubjectRef::Everyone,
            Self::Group(Named(text)) => SubjectRef::Group(GroupRef::read(&text)),
            Self::User(Named(text)) => SubjectRef::User(UserRef::read(&text)),
        }
    }
}

impl AccessEntryInput {
    /// The entry.
    pub(crate) fn read(self) -> (SubjectRef, Verbs) {
        let verbs = self.verbs.into_iter().map(|word| word.0);
        (self.subject.read(), verbs.collect())
    }
}

impl AccessInput {
    /// The entries.
    pub(crate) fn read(self) -> Vec<(SubjectRef, Verbs)> {
        let entries = self.entries.into_iter();
        entries.map(AccessEntryInput::read).collect()
    }
}

/// Who is meant.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Subject")]
#[serde(rename_all = "snake_case")]
enum SubjectAnswer {
    /// Every user of the organization.
    Everyone(True),
    /// The members of a group.
    Group(LabelAnswer),
    /// A user.
    User(LabelAnswer),
}

/// An entry of an access list.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "AccessEntry")]
struct AccessEntryAnswer {
    /// Who is meant.
    subject: SubjectAnswer,
    /// What they may do with the account.
    verbs: Vec<Word<Verb>>,
}

/// The access list of an account: everyone, then groups and users by name.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Access")]
pub(crate) struct AccessAnswer {
    /// Its entries. What none of them allows is refused; verbs add up.
    entries: Vec<AccessEntryAnswer>,
}

impl From<&SubjectLabel> for SubjectAnswer {
    fn from(subject: &SubjectLabel) -> Self {
        match subject {
            SubjectLabel::Everyone => Self::Everyone(True),
            SubjectLabel::Group { id, name } => Self::Group(LabelAnswer {
                id: id.to_string(),
                name: name.clone(),
            }),
            SubjectLabel::User(label) => Self::User(label.into()),
        }
    }
}

impl From<&Access> for AccessAnswer {
    fn from(access: &Access) -> Self {
        let entries = access.entries.iter();
        let entries = entries.map(|(subject, verbs)| AccessEntryAnswer {
            subject: subject.into(),
            verbs: verbs.iter().map(Word).collect(),
        });
        Self {
            entries: entries.collect(),
        }
    }
}

impl Serialize for True {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bool(true)
    }
}

impl<'de> Deserialize<'de> for True {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let yes = bool::deserialize(deserializer)?;
        let no = || serde::de::Error::custom("expected true: leave the entry out for no access");
        yes.then_some(Self).ok_or_else(no)
    }
}

impl JsonSchema for True {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "True".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "boolean", "const": true})
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use platen_domain::ids::{GroupId, PrintUserId};
    use platen_domain::print_users::UserLabel;

    fn read(json: &str) -> Result<Vec<(SubjectRef, Verbs)>, String> {
        let input: Result<AccessInput, _> = serde_json::from_str(json);
        input
            .map(AccessInput::read)
            .map_err(|error| error.to_string())
    }

    #[test]
    fn an_access_list_is_put_as_it_was_got() {
        let group = GroupId::from_bytes([1; 16]);
        let user = UserLabel {
            id: PrintUserId::from_bytes([2; 16]),
            name: "ada".to_owned(),
        };
        let charge = Verbs::NONE.with(Verb::Charge);
        let staff = SubjectLabel::Group {
            id: group,
            name: "Staff".to_owned(),
        };
        let access = Access {
            entries: vec![
                (SubjectLabel::Everyone, charge),
                (staff, charge.with(Verb::View)),
                (SubjectLabel::User(user.clone()), charge),
            ],
            revision: 2,
        };
        let got = serde_json::to_string(&AccessAnswer::from(&access)).unwrap();
        insta::assert_snapshot!(got, @r#"{"entries":[{"subject":{"everyone":true},"verbs":["charge"]},{"subject":{"group":{"id":"01010101-0101-0101-0101-010101010101","name":"Staff"}},"verbs":["charge","view"]},{"subject":{"user":{"id":"02020202-0202-0202-0202-020202020202","name":"ada"}},"verbs":["charge"]}]}"#);
        let expected = vec![
            (SubjectRef::Everyone, charge),
            (
                SubjectRef::Group(GroupRef::Id(group)),
                charge.with(Verb::View),
            ),
            (SubjectRef::User(UserRef::Id(user.id)), charge),
        ];
        assert_eq!(read(&got), Ok(expected));
    }

    #[test]
    fn subjects_are_named_in_one_way_at_a_time() {
        let entry = |subject: &str| {
            let json = format!(r#"{{"entries":[{{"subject":{subject},"verbs":["view"]}}]}}"#);
            read(&json)
        };
        let named = SubjectRef::User(UserRef::Name("ada".to_owned()));
        let view = Verbs::NONE.with(Verb::View);
        assert_eq!(entry(r#"{"user":"ada"}"#), Ok(vec![(named, view)]));
        insta::assert_snapshot!(entry(r#"{"role":"ada"}"#).unwrap_err(), @"unknown variant `role`, expected one of `everyone`, `group`, `user` at line 1 column 30");
        insta::assert_snapshot!(entry(r#"{"everyone":false}"#).unwrap_err(), @"expected true: leave the entry out for no access at line 1 column 41");
        assert!(entry(r#"{"user":"ada","group":"staff"}"#).is_err());
        assert!(entry("{}").is_err());
    }
}
