//! `platen accounts export`.

use std::collections::HashMap;
use std::io::Write;

use anyhow::Context as _;
use platen_app::App;
use platen_app::accounts::{
    AccountFilter, AccountSort, AccountsRefusal, PAGE_ITEMS_MAX, Page, PageRequest,
    PrintUserFilter, SubjectLabel, tables,
};
use platen_domain::account_limits::Limit;
use platen_domain::accounts::{Account, DEPTH_MAX};
use platen_domain::ids::AccountId;
use platen_domain::scope::Scope;

use crate::cli::{AccountsFormat, ExportAccounts};
use crate::files;
use crate::opening::{self, with_app};

use super::limit_lines::LimitLine;
use super::lines::{AccessLine, AccountLine, Line, MemberLine, SubjectMember, UserLine};

pub(crate) fn run(options: &ExportAccounts) -> anyhow::Result<()> {
    with_app(&options.target.config.file, async |_, app| {
        let organization = options.target.organization.as_deref();
        let organization = opening::organization(&app, organization).await?;
        let scope = app.access().operator(organization.id);
        let mut out = files::destination(options.out.as_deref())?;
        let export = Export {
            app: &app,
            scope: &scope,
            codes: codes(&app, &scope).await?,
        };
        match options.format {
            AccountsFormat::Csv => export.csv(&mut out).await?,
            AccountsFormat::Ndjson => export.ndjson(&mut out).await?,
        }
        out.flush().context("cannot write the export")
    })
}

/// What is told of an account to those below it.
struct Code {
    code: String,
    parent: Option<AccountId>,
}

struct Export<'a> {
    app: &'a App,
    scope: &'a Scope,
    codes: HashMap<AccountId, Code>,
}

/// Every page of a list, handed to `each`.
macro_rules! pages {
    (|$page:ident| $read:expr, |$items:ident| $each:expr) => {{
        let mut after = None;
        loop {
            let $page = PageRequest {
                after,
                items: PAGE_ITEMS_MAX,
            };
            let Page {
                items: $items,
                next,
            } = $read.await?;
            $each;
            after = next;
            if after.is_none() {
                break;
            }
        }
    }};
}

async fn codes(app: &App, scope: &Scope) -> Result<HashMap<AccountId, Code>, AccountsRefusal> {
    let mut codes = HashMap::new();
    let (all, sort) = (AccountFilter::default, AccountSort::Code);
    pages!(
        |page| app.accounts().list(scope, all(), sort, page),
        |accounts| {
            codes.extend(accounts.into_iter().map(|account| {
                let Account { id, details, .. } = account;
                let (code, parent) = (details.code, details.parent);
                (id, Code { code, parent })
            }));
        }
    );
    Ok(codes)
}

impl Export<'_> {
    async fn csv(&self, out: &mut impl Write) -> anyhow::Result<()> {
        let mut lines = String::new();
        tables::write_account_columns(&mut lines);
        write(out, &lines)?;
        self.each_account(async |account, limit| {
            let mut line = String::new();
            let parent = self.parent_of(account);
            tables::write_account(&account.details, parent, limit, &mut line);
            write(out, &line)
        })
        .await
    }

    async fn ndjson(&self, out: &mut impl Write) -> anyhow::Result<()> {
        let (app, scope) = (self.app, self.scope);
        let all = PrintUserFilter::default;
        pages!(|page| app.print_users().list(scope, all(), page), |users| {
            for user in users {
                write_line(out, &Line::User(UserLine::of(user.details)))?;
            }
        });
        pages!(|page| app.groups().list(scope, None, page), |groups| {
            for group in groups {
                let name = &group.details.name;
                pages!(
                    |page| app.groups().members(scope, group.id, page),
                    |members| {
                        for member in members {
                            let (group, user) = (name.clone(), member.name);
                            write_line(out, &Line::Member(MemberLine { group, user }))?;
                        }
                    }
                );
            }
        });
        self.each_account(async |account, limit| {
            let details = &account.details;
            let line = AccountLine::of(details, self.parent_of(account));
            write_line(out, &Line::Account(line))?;
            let line = LimitLine::of(&details.code, limit);
            write_line(out, &Line::Limit(Box::new(line)))?;
            let access = app.accounts().access(scope, account.id).await?;
            for (subject, verbs) in access.entries {
                let line = AccessLine {
                    account: details.code.clone(),
                    subject: subject_member(subject),
                    verbs: verbs.iter().map(|verb| verb.keyword().to_owned()).collect(),
                };
                write_line(out, &Line::Access(line))?;
            }
            Ok(())
        })
        .await
    }

    /// Accounts by code, those above before those below: each line finds its parent.
    async fn each_account(
        &self,
        mut each: impl AsyncFnMut(&Account, &Limit) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        let (app, scope) = (self.app, self.scope);
        let deepest = self.codes.keys().map(|id| self.level(*id)).max();
        let (all, sort) = (AccountFilter::default, AccountSort::Code);
        for level in 0..=deepest.unwrap_or(0) {
            pages!(
                |page| app.accounts().list_with_limits(scope, all(), sort, page),
                |accounts| {
                    for (account, limit) in &accounts {
                        if self.level(account.id) == level {
                            each(account, limit).await?;
                        }
                    }
                }
            );
        }
        Ok(())
    }

    /// How many accounts stand above this one.
    fn level(&self, id: AccountId) -> usize {
        let above = |id: &AccountId| self.codes.get(id).and_then(|known| known.parent);
        std::iter::successors(Some(id), above)
            .skip(1)
            .take(DEPTH_MAX)
            .count()
    }

    fn parent_of(&self, account: &Account) -> Option<&str> {
        let parent = self.codes.get(&account.details.parent?)?;
        Some(&parent.code)
    }
}

fn subject_member(subject: SubjectLabel) -> SubjectMember {
    match subject {
        SubjectLabel::Everyone => SubjectMember::Everyone(true),
        SubjectLabel::Group { name, .. } => SubjectMember::Group(name),
        SubjectLabel::User(label) => SubjectMember::User(label.name),
    }
}

fn write_line(out: &mut impl Write, line: &Line) -> anyhow::Result<()> {
    let mut text = serde_json::to_string(line)?;
    text.push('\n');
    write(out, &text)
}

fn write(out: &mut impl Write, text: &str) -> anyhow::Result<()> {
    out.write_all(text.as_bytes())
        .context("cannot write the export")
}
