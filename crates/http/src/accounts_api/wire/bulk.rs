//! Lines of a bulk request, and what is said of each.

use platen_app::accounts::{AccountsRefusal, BulkLine};
use platen_domain::accounts::{AccountRef, CODE_CHARS_MAX};
use platen_domain::print_users::{GROUP_NAME_CHARS_MAX, UserRef};
use schemars::JsonSchema;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use super::access::SubjectInput;
use super::accounts::AccountInput;
use super::labels::Named;
use super::limits::LimitForm;
use super::print_users::UserInput;
use super::texts::Line;
use super::words::Word;

/// One line, which has one member.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[schemars(rename = "BulkLine")]
#[serde(rename_all = "snake_case")]
pub(crate) enum LineInput {
    /// The account with this code: created, or given these details. `parent` is a code, which an
    /// earlier line may have made.
    Account(Box<AccountInput>),
    /// An account's limit.
    Limit(Box<LimitLine>),
    /// One entry of an account's access list; no verbs take it away.
    Access(AccessLine),
    /// The user with this name: made known, or given these details.
    User(UserInput),
    /// A member of a group, which is created where there is none.
    Member(MemberLine),
}

/// An account's limit.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema)]
pub(crate) struct LimitLine {
    /// The account's identifier or code.
    #[schemars(with = "Line<CODE_CHARS_MAX>")]
    account: String,
    /// The limit.
    #[schemars(flatten)]
    limit: LimitForm,
}

/// One entry of an account's access list.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, expecting = "an object")]
pub(crate) struct AccessLine {
    /// The account's identifier or code.
    #[schemars(with = "Line<CODE_CHARS_MAX>")]
    account: String,
    /// Who is meant.
    subject: SubjectInput,
    /// What they may do with the account.
    verbs: Vec<Word<platen_domain::account_access::Verb>>,
}

/// A member of a group.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, expecting = "an object")]
pub(crate) struct MemberLine {
    /// The group's name.
    #[schemars(with = "Line<GROUP_NAME_CHARS_MAX>")]
    group: String,
    /// The user.
    user: Named,
}

impl<'de> Deserialize<'de> for LimitLine {
    /// Everything but `account` is the limit's, which refuses what it does not know.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut line = Value::deserialize(deserializer)?;
        let members = line.as_object_mut();
        let account = members.and_then(|members| members.remove("account"));
        let Some(Value::String(account)) = account else {
            return Err(D::Error::missing_field("account"));
        };
        let limit = LimitForm::deserialize(line).map_err(D::Error::custom)?;
        Ok(Self { account, limit })
    }
}

impl LineInput {
    /// What the line asks for.
    pub(crate) fn read(self) -> Result<BulkLine, AccountsRefusal> {
        Ok(match self {
            Self::Account(mut input) => BulkLine::Account {
                parent: input.parent.take().map(|code| AccountRef::read(&code)),
                details: input.read_without_parent(),
            },
            Self::Limit(line) => BulkLine::Limit {
                account: AccountRef::read(&line.account),
                limit: line.limit.read()?,
            },
            Self::Access(line) => BulkLine::Access {
                account: AccountRef::read(&line.account),
                subject: line.subject.read(),
                verbs: line.verbs.into_iter().map(|word| word.0).collect(),
            },
            Self::User(input) => BulkLine::User(input.into()),
            Self::Member(line) => BulkLine::Member {
                group: line.group,
                user: UserRef::read(&line.user.0),
            },
        })
    }
}

/// What became of one line.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "BulkLineAnswer")]
pub(crate) struct LineAnswer {
    /// Which line, from 1.
    pub(crate) line: usize,
    /// `created`, `updated`, `unchanged` or `failed`.
    pub(crate) outcome: &'static str,
    /// The identifier of the account it is about, where there is one by now.
    pub(crate) account: Option<String>,
    /// Why it failed.
    pub(crate) error: Option<LineError>,
}

/// Why a line failed.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "BulkLineError")]
pub(crate) struct LineError {
    /// The code of the problem that the same request would have met by itself.
    pub(crate) code: &'static str,
    /// What happened, and what to do.
    pub(crate) detail: String,
}

/// The last line: what became of all.
#[derive(Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "BulkSummary")]
pub(crate) struct Summary {
    /// Whether the lines that did not fail are kept.
    pub(crate) applied: bool,
    /// Whether it was asked what would happen.
    pub(crate) dry_run: bool,
    /// How many lines made something.
    pub(crate) created: usize,
    /// How many changed something.
    pub(crate) updated: usize,
    /// How many found everything as they want it.
    pub(crate) unchanged: usize,
    /// How many failed.
    pub(crate) failed: usize,
}

#[cfg(test)]
mod tests {
    use super::*;
    use platen_domain::points::Points;

    fn read(json: &str) -> Result<BulkLine, String> {
        let value: Value = serde_json::from_str(json).unwrap();
        let line: LineInput = serde_json::from_value(value).map_err(|error| error.to_string())?;
        line.read().map_err(|refusal| refusal.to_string())
    }

    #[test]
    fn every_form_of_line_is_read() {
        let BulkLine::Account { details, parent } =
            read(r#"{"account":{"code":"BIO-101","name":"Biology","parent":"BIO"}}"#).unwrap()
        else {
            panic!("no account");
        };
        assert_eq!(details.code, "BIO-101");
        assert_eq!(parent, Some(AccountRef::Code("BIO".to_owned())));
        let BulkLine::Limit { account, limit } =
            read(r#"{"limit":{"account":"BIO-101","points_per_user":5}}"#).unwrap()
        else {
            panic!("no limit");
        };
        assert_eq!(account, AccountRef::Code("BIO-101".to_owned()));
        assert_eq!(limit.points_per_user, Some(Points::whole(5)));
        for line in [
            r#"{"access":{"account":"BIO-101","subject":{"everyone":true},"verbs":["charge"]}}"#,
            r#"{"user":{"name":"ada"}}"#,
            r#"{"member":{"group":"Staff","user":"ada"}}"#,
        ] {
            assert!(read(line).is_ok(), "{line}");
        }
    }

    #[test]
    fn a_line_says_what_is_wrong_with_it() {
        let refused = |json: &str| read(json).unwrap_err();
        insta::assert_snapshot!(refused(r#"{"balance":{}}"#), @"unknown variant `balance`, expected one of `account`, `limit`, `access`, `user`, `member`");
        insta::assert_snapshot!(refused(r#"{"limit":{"account":"a","colour":"any"}}"#), @"unknown field `colour`, expected one of `points_per_user`, `period`, `week_begins`, `month_day`, `terms`, `carry_over`, `overdraft`, `enforcement`, `job_points_max`, `functions`, `color`");
        insta::assert_snapshot!(refused(r#"{"limit":{"points_per_user":1}}"#), @"missing field `account`");
        insta::assert_snapshot!(refused(r#"{"user":{"name":"a"},"account":{}}"#), @"invalid value: map, expected map with a single key");
    }
}
