//! Queries and paths: what a request asks for in its address.

use std::str::FromStr;

use platen_domain::clock::Timestamp;

use super::refusals;
use super::wire::times::read_instant;
use super::wire::words::Vocabulary;
use crate::fields::Fields;
pub(super) use crate::fields::bad_parameter as bad;
use crate::policy::Call;
use crate::problems::Problem;

/// The parameters of a query, all of them known.
#[derive(Debug)]
pub(super) struct Query(Fields);

impl Query {
    /// Reads the query. A parameter that is not among `known`, or there twice, is refused.
    pub(super) fn read(call: &Call, known: &[&str]) -> Result<Self, Problem> {
        Self::of(call.query()?, known)
    }

    pub(super) fn of(fields: Fields, known: &[&str]) -> Result<Self, Problem> {
        fields.only(known).map(Self)
    }

    /// The text of a parameter.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name)
    }

    /// A parameter that takes words.
    pub(super) fn word<T: Vocabulary>(&self, name: &str) -> Result<Option<T>, Problem> {
        let word = |text| T::spelt(text).ok_or_else(|| bad(name, &expected(&T::choices())));
        self.text(name).map(word).transpose()
    }

    /// A parameter that takes an identifier.
    pub(super) fn id<T: FromStr>(&self, name: &str) -> Result<Option<T>, Problem> {
        let id = |text: &str| text.parse();
        let id = self.text(name).map(id).transpose();
        id.map_err(|_unspecific| bad(name, &expected("an identifier (UUID)")))
    }

    /// A parameter that takes an instant.
    pub(super) fn instant(&self, name: &str) -> Result<Option<Timestamp>, Problem> {
        let form = "an instant as RFC 3339 has it, such as 2026-09-01T00:00:00Z";
        let instant = |text| read_instant(text).ok_or_else(|| bad(name, &expected(form)));
        self.text(name).map(instant).transpose()
    }

    /// A parameter that is `true` or `false`; `false` where it is missing.
    pub(super) fn flag(&self, name: &str) -> Result<bool, Problem> {
        match self.text(name) {
            None | Some("false") => Ok(false),
            Some("true") => Ok(true),
            Some(_) => Err(bad(name, &expected("true or false"))),
        }
    }

    /// Every parameter but `left_out`, in the order sent.
    pub(super) fn others<'a>(
        &'a self,
        left_out: &'a str,
    ) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.0.iter().filter(move |(name, _)| *name != left_out)
    }
}

fn expected(what: &str) -> String {
    format!("expected {what}")
}

/// The identifier in a part of the path. What is no identifier is answered like one that nobody
/// has.
pub(super) fn id<T: FromStr>(call: &Call, part: &str, noun: &str) -> Result<T, Problem> {
    let id = call.parameter(part).parse();
    id.map_err(|_unspecific| refusals::missing(noun))
}

#[cfg(test)]
mod tests {
    use super::*;
    use platen_domain::accounts::AccountState;
    use platen_domain::ids::AccountId;

    fn query(text: &str) -> Result<Query, Problem> {
        let known = ["state", "parent", "from", "dry_run"];
        Query::of(Fields::parse(text.as_bytes()).unwrap(), &known)
    }

    fn told<T: std::fmt::Debug>(result: Result<T, Problem>) -> String {
        let problem = result.unwrap_err();
        format!("{}: {}", problem.code, problem.detail)
    }

    #[test]
    fn parameters_are_read_by_their_form() {
        let query = query("state=suspended&from=2026-11-23T12:00:00%2B01:00&dry_run=true").unwrap();
        let state = query.word::<AccountState>("state").unwrap();
        assert_eq!(state, Some(AccountState::Suspended));
        let from = query.instant("from").unwrap();
        assert_eq!(from, Some(Timestamp::from_millis(1_795_431_600_000)));
        assert!(query.flag("dry_run").unwrap());
        assert_eq!(query.id::<AccountId>("parent").unwrap(), None);
    }

    #[test]
    fn what_is_not_understood_is_named() {
        insta::assert_snapshot!(told(query("colour=red")), @"unknown-parameter: Unknown parameter 'colour'; known here: state, parent, from, dry_run.");
        insta::assert_snapshot!(told(query("state=active&state=archived")), @"bad-parameter: The parameter 'state': it is stated twice.");
        let wrong = query("state=closed&parent=top&from=yesterday&dry_run=yes").unwrap();
        insta::assert_snapshot!(told(wrong.word::<AccountState>("state")), @"bad-parameter: The parameter 'state': expected active, suspended or archived.");
        insta::assert_snapshot!(told(wrong.id::<AccountId>("parent")), @"bad-parameter: The parameter 'parent': expected an identifier (UUID).");
        insta::assert_snapshot!(told(wrong.instant("from")), @"bad-parameter: The parameter 'from': expected an instant as RFC 3339 has it, such as 2026-09-01T00:00:00Z.");
        insta::assert_snapshot!(told(wrong.flag("dry_run")), @"bad-parameter: The parameter 'dry_run': expected true or false.");
    }
}
