//! The demo's accounts: one for each department, open to everybody, and a project that only its
//! members print on.

use platen_app::accounts::{
    AccountFilter, AccountSort, BulkLine, BulkMode, ImportLine, PAGE_ITEMS_MAX, PageRequest,
    SubjectRef,
};
use platen_app::{App, AppError};
use platen_domain::account_access::{Verb, Verbs};
use platen_domain::account_limits::{Enforcement, Limit, Period};
use platen_domain::accounts::{AccountDetails, AccountRef};
use platen_domain::points::{PointRates, PointRules, Points};
use platen_domain::print_users::{GroupRef, UserRef};
use platen_domain::scope::Scope;
use platen_simfleet::print_traffic::Traffic;

/// The code of the project's account.
const PROJECT: &str = "6000";

/// Who may print on it.
const MEMBERS: &str = "Project members";

/// Of those whose jobs name the project, one in so many is no member: refused, as happens.
const STRANGERS: usize = 4;

/// Points a month of each user of a department. Who prints more is reminded, not stopped.
const DEPARTMENT_POINTS: i64 = 300;

/// Points a month of each member of the project, and not one more.
const PROJECT_POINTS: i64 = 100;

/// What a side takes, in black and in colour.
const MONO_SIDE: i64 = 1;
const COLOR_SIDE: i64 = 4;

/// How many accounts there are.
pub(super) async fn count(app: &App, scope: &Scope) -> Result<usize, AppError> {
    let page = PageRequest {
        after: None,
        items: PAGE_ITEMS_MAX,
    };
    let known = app
        .accounts()
        .list(
            scope,
            AccountFilter::default(),
            AccountSort::default(),
            page,
        )
        .await?;
    Ok(known.items.len())
}

/// Makes the accounts that the traffic names, with limits, access and point rules.
pub(super) async fn make(app: &App, scope: &Scope, traffic: &Traffic) -> Result<(), AppError> {
    let rules = PointRules {
        any: PointRates {
            mono_side: Points::whole(MONO_SIDE),
            color_side: Points::whole(COLOR_SIDE),
            sheet: Points::ZERO,
        },
        ..PointRules::default()
    };
    app.accounts().set_point_rules(scope, rules, None).await?;
    let accounts = traffic.accounts().into_iter();
    let lines = accounts.flat_map(|(named, people)| lines(named, &people));
    let lines = lines.map(ImportLine::Bulk).collect();
    let mode = BulkMode {
        all_or_nothing: true,
        ..BulkMode::default()
    };
    let done = app
        .accounts()
        .import(scope, lines, mode, |_line| {})
        .await?;
    for answer in done.answers {
        answer.outcome?;
    }
    Ok(())
}

/// The code of the account that jobs name `1000 Administration`.
pub(super) fn code(named: &str) -> &str {
    named.split_once(' ').map_or(named, |(code, _)| code)
}

/// What makes one account, which `people` name in their jobs.
fn lines(named: &str, people: &[&str]) -> Vec<BulkLine> {
    let account = AccountRef::Code(code(named).to_owned());
    let is_project = code(named) == PROJECT;
    let mut lines = vec![BulkLine::Account {
        details: details(named),
        parent: None,
    }];
    lines.push(BulkLine::Limit {
        account: account.clone(),
        limit: limit(is_project),
    });
    if is_project {
        lines.extend(members(people));
    }
    let subject = if is_project {
        SubjectRef::Group(GroupRef::Name(MEMBERS.to_owned()))
    } else {
        SubjectRef::Everyone
    };
    lines.push(BulkLine::Access {
        account,
        subject,
        verbs: Verbs::NONE.with(Verb::Charge),
    });
    lines
}

/// Print jobs name an account by its code or by what another system calls it: here by the latter.
fn details(named: &str) -> AccountDetails {
    AccountDetails {
        code: code(named).to_owned(),
        name: named
            .split_once(' ')
            .map_or(named, |(_, name)| name)
            .to_owned(),
        external_id: Some(named.to_owned()),
        ..AccountDetails::default()
    }
}

fn limit(is_project: bool) -> Limit {
    let (points, enforcement) = if is_project {
        (PROJECT_POINTS, Enforcement::Hard)
    } else {
        (DEPARTMENT_POINTS, Enforcement::Soft)
    };
    Limit {
        points_per_user: Some(Points::whole(points)),
        period: Period::Monthly(1),
        enforcement,
        ..Limit::default()
    }
}

fn members(people: &[&str]) -> impl Iterator<Item = BulkLine> {
    let members = (1..)
        .zip(people)
        .filter(|(number, _)| number % STRANGERS != 0);
    members.map(|(_, name)| BulkLine::Member {
        group: MEMBERS.to_owned(),
        user: UserRef::Name((*name).to_owned()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_project_has_members_and_not_everybody_is_one() {
        let people = ["a", "b", "c", "d", "e"];
        let members = |named| {
            let lines = lines(named, &people).into_iter();
            let members = lines.filter_map(|line| match line {
                BulkLine::Member {
                    user: UserRef::Name(name),
                    ..
                } => Some(name),
                _ => None,
            });
            members.collect::<Vec<_>>()
        };
        assert_eq!(members("6000 \"Open\" Projects"), ["a", "b", "c", "e"]);
        assert_eq!(members("1000 Administration"), Vec::<String>::new());
    }
}
