//! Lines of NDJSON: those of `POST /accounts/v1/bulk`.

use platen_app::accounts::{BulkLine, SubjectRef};
use platen_domain::account_access::{Verb, Verbs};
use platen_domain::accounts::{AccountDetails, AccountRef, AccountState};
use platen_domain::days::Day;
use platen_domain::print_users::{GroupRef, PrintUserDetails, PrintUserState, UserRef};
use serde::{Deserialize, Serialize};

use super::limit_lines::LimitLine;
use super::words::word;

/// One line, which has one member.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Line {
    Account(AccountLine),
    Limit(Box<LimitLine>),
    Access(AccessLine),
    User(UserLine),
    Member(MemberLine),
}

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, expecting = "an object")]
pub(super) struct AccountLine {
    code: String,
    name: String,
    description: Option<String>,
    external_id: Option<String>,
    parent: Option<String>,
    valid_from: Option<String>,
    valid_until: Option<String>,
    state: Option<String>,
    tags: Vec<String>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
pub(super) struct AccessLine {
    pub(super) account: String,
    pub(super) subject: SubjectMember,
    pub(super) verbs: Vec<String>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum SubjectMember {
    Everyone(bool),
    Group(String),
    User(String),
}

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, expecting = "an object")]
pub(super) struct UserLine {
    name: String,
    display_name: Option<String>,
    email: Option<String>,
    external_id: Option<String>,
    state: Option<String>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
pub(super) struct MemberLine {
    pub(super) group: String,
    pub(super) user: String,
}

/// What a line asks for, or what is wrong with it.
pub(super) fn read(text: &str) -> BulkLine {
    let line = serde_json::from_str::<Line>(text).map_err(|error| error.to_string());
    let read = line.and_then(Line::read);
    read.unwrap_or_else(BulkLine::Unreadable)
}

impl Line {
    fn read(self) -> Result<BulkLine, String> {
        Ok(match self {
            Self::Account(line) => BulkLine::Account {
                parent: line.parent.as_deref().map(AccountRef::read),
                details: line.read()?,
            },
            Self::Limit(line) => BulkLine::Limit {
                account: AccountRef::read(&line.account),
                limit: line.read()?,
            },
            Self::Access(line) => BulkLine::Access {
                account: AccountRef::read(&line.account),
                subject: line.subject.read()?,
                verbs: verbs(&line.verbs)?,
            },
            Self::User(line) => BulkLine::User(line.read()?),
            Self::Member(line) => BulkLine::Member {
                group: line.group,
                user: UserRef::read(&line.user),
            },
        })
    }
}

impl AccountLine {
    /// `parent` is a code.
    pub(super) fn of(details: &AccountDetails, parent: Option<&str>) -> Self {
        let details = details.clone();
        Self {
            code: details.code,
            name: details.name,
            description: details.description,
            external_id: details.external_id,
            parent: parent.map(str::to_owned),
            valid_from: details.valid_from.map(|day| day.to_string()),
            valid_until: details.valid_until.map(|day| day.to_string()),
            state: Some(details.state.keyword().to_owned()),
            tags: details.tags.into_iter().collect(),
        }
    }

    fn read(self) -> Result<AccountDetails, String> {
        Ok(AccountDetails {
            code: self.code,
            name: self.name,
            description: self.description,
            external_id: self.external_id,
            parent: None,
            valid_from: day("valid_from", self.valid_from.as_deref())?,
            valid_until: day("valid_until", self.valid_until.as_deref())?,
            state: word("state", self.state.as_deref(), AccountState::from_keyword)?,
            tags: self.tags.into_iter().collect(),
        })
    }
}

impl UserLine {
    pub(super) fn of(details: PrintUserDetails) -> Self {
        Self {
            name: details.name,
            display_name: details.display_name,
            email: details.email,
            external_id: details.external_id,
            state: Some(details.state.keyword().to_owned()),
        }
    }

    fn read(self) -> Result<PrintUserDetails, String> {
        Ok(PrintUserDetails {
            name: self.name,
            display_name: self.display_name,
            email: self.email,
            external_id: self.external_id,
            state: word("state", self.state.as_deref(), PrintUserState::from_keyword)?,
        })
    }
}

impl SubjectMember {
    fn read(self) -> Result<SubjectRef, String> {
        match self {
            Self::Everyone(true) => Ok(SubjectRef::Everyone),
            Self::Everyone(false) => Err("subject: expected {\"everyone\":true}".to_owned()),
            Self::Group(name) => Ok(SubjectRef::Group(GroupRef::read(&name))),
            Self::User(name) => Ok(SubjectRef::User(UserRef::read(&name))),
        }
    }
}

fn verbs(words: &[String]) -> Result<Verbs, String> {
    let read = |word: &String| {
        let verb = Verb::from_keyword(word);
        verb.ok_or_else(|| format!("verbs: there is no {word:?}"))
    };
    words.iter().map(read).collect()
}

fn day(field: &str, text: Option<&str>) -> Result<Option<Day>, String> {
    let day = text.map(str::parse).transpose();
    day.map_err(|error| format!("{field}: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_says_what_is_wrong_with_it() {
        let refused = |line: &str| match read(line) {
            BulkLine::Unreadable(reason) => reason,
            other => panic!("{other:?}"),
        };
        insta::assert_snapshot!(refused("nonsense"), @"expected value at line 1 column 1");
        insta::assert_snapshot!(refused(r#"{"balance":{}}"#), @"unknown variant `balance`, expected one of `account`, `limit`, `access`, `user`, `member` at line 1 column 10");
        insta::assert_snapshot!(refused(r#"{"account":{"code":"a","colour":1}}"#), @"unknown field `colour`, expected one of `code`, `name`, `description`, `external_id`, `parent`, `valid_from`, `valid_until`, `state`, `tags` at line 1 column 31");
        insta::assert_snapshot!(refused(r#"{"account":{"code":"a","valid_from":"1.9.26"}}"#), @"valid_from: expected a day as YYYY-MM-DD, such as 2026-09-01");
        insta::assert_snapshot!(refused(r#"{"account":{"code":"a","state":"open"}}"#), @r#"state: there is no "open""#);
        insta::assert_snapshot!(refused(r#"{"access":{"account":"a","subject":{"everyone":false},"verbs":[]}}"#), @r#"subject: expected {"everyone":true}"#);
        insta::assert_snapshot!(refused(r#"{"access":{"account":"a","subject":{"everyone":true},"verbs":["own"]}}"#), @r#"verbs: there is no "own""#);
        insta::assert_snapshot!(refused(r#"{"limit":{"account":"a","points_per_user":"12"}}"#), @r#"invalid type: string "12", expected a JSON number at line 1 column 46"#);
        insta::assert_snapshot!(refused(r#"{"limit":{"account":"a","points_per_user":0.0000001}}"#), @"points_per_user: expected a number of points such as 12 or 0.25, six decimals and 1000000000 at most");
        insta::assert_snapshot!(refused(r#"{"limit":{"account":"a","carry_over":"some"}}"#), @r#"expected a number of points or "all" at line 1 column 44"#);
        insta::assert_snapshot!(refused(r#"{"limit":{"account":"a","period":"daily","month_day":3}}"#), @"month_day: belongs to the period monthly");
    }
}
