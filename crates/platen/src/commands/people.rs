//! `platen person`: export, erase, merge, domains, known-only.

use std::io::Write as _;

use anyhow::Context as _;

use platen_app::App;
use platen_domain::person_names::{DOMAINS_MAX, NameRule, domain};
use platen_domain::scope::Scope;

use crate::cli::{
    DomainsCommand, ErasePerson, ExportPerson, KnownOnlyCommand, MergePeople, OfOrganization,
    PersonCommand, SetDomains,
};
use crate::files;
use crate::opening::{self, with_app};
use crate::terminal::{complain, say};

pub(crate) fn run(command: &PersonCommand) -> anyhow::Result<()> {
    match command {
        PersonCommand::Export(options) => export(options),
        PersonCommand::Erase(options) => erase(options),
        PersonCommand::Merge(options) => merge(options),
        PersonCommand::Domains(DomainsCommand::Set(options)) => set_domains(options),
        PersonCommand::Domains(DomainsCommand::Reset(target)) => {
            set_rule(target, NameRule::EveryPrefix)
        }
        PersonCommand::Domains(DomainsCommand::Show(target)) => show_domains(target),
        PersonCommand::KnownOnly(KnownOnlyCommand::On(target)) => set_known_only(target, true),
        PersonCommand::KnownOnly(KnownOnlyCommand::Off(target)) => set_known_only(target, false),
        PersonCommand::KnownOnly(KnownOnlyCommand::Show(target)) => show_known_only(target),
    }
}

fn export(options: &ExportPerson) -> anyhow::Result<()> {
    let target = &options.target;
    with_app(&target.config.file, async |_, app| {
        let organization = opening::organization(&app, target.organization.as_deref()).await?;
        let scope = app.access().operator(organization.id);
        let mut export = app.people().export_person(&scope, &options.name).await?;
        let mut out = files::destination(options.out.as_deref())?;
        while let Some(lines) = export.next().await? {
            out.write_all(&lines).context("cannot write the export")?;
        }
        out.flush().context("cannot write the export")?;
        complain(&format!("Exported {} print jobs.\n", export.jobs()));
        tell_namesakes(&app, &scope, &options.name).await?;
        Ok(())
    })
}

fn erase(options: &ErasePerson) -> anyhow::Result<()> {
    let target = &options.target;
    with_app(&target.config.file, async |_, app| {
        let organization = opening::organization(&app, target.organization.as_deref()).await?;
        let scope = app.access().operator(organization.id);
        let jobs = app.people().erase_person(&scope, &options.name).await?;
        say(&format!(
            "{jobs} print jobs are nobody's now. Backups made before still hold the name.\n"
        ));
        tell_namesakes(&app, &scope, &options.name).await?;
        Ok(())
    })
}

/// Other names that a person may have meant as well.
async fn tell_namesakes(app: &App, scope: &Scope, name: &str) -> anyhow::Result<()> {
    let others = app.people().namesakes(scope, name).await?;
    if !others.is_empty() {
        complain(&format!(
            "Not touched, since the domain makes another person of the name: {}. Where they are \
             the same person, list the domain (`platen person domains set`) or merge the names \
             (`platen person merge`).\n",
            others.join(", ")
        ));
    }
    Ok(())
}

fn merge(options: &MergePeople) -> anyhow::Result<()> {
    let target = &options.target;
    with_app(&target.config.file, async |_, app| {
        let organization = opening::organization(&app, target.organization.as_deref()).await?;
        let scope = app.access().operator(organization.id);
        let merged = app
            .people()
            .merge_people(&scope, &options.from, &options.into)
            .await?;
        say(&format!(
            "{} and {} are one person: {} print jobs and {} balances came over. Entries of \
             the ledger stay as they are; what was left of balances was transferred.\n",
            options.from, options.into, merged.jobs, merged.balances
        ));
        tell_namesakes(&app, &scope, &options.into).await
    })
}

fn set_domains(options: &SetDomains) -> anyhow::Result<()> {
    let mut listed = std::collections::BTreeSet::new();
    for text in &options.domains {
        let Some(domain) = domain(text) else {
            anyhow::bail!(
                "{text:?} is no domain: expected a word such as UNI or uni.example, without \
                 blanks, \\ and @"
            );
        };
        listed.insert(domain);
    }
    if listed.len() > DOMAINS_MAX {
        anyhow::bail!(
            "expected {DOMAINS_MAX} domains at most; {} are given",
            listed.len()
        );
    }
    set_rule(&options.target, NameRule::Listed(listed))
}

fn set_rule(target: &OfOrganization, rule: NameRule) -> anyhow::Result<()> {
    with_app(&target.config.file, async |_, app| {
        let organization = opening::organization(&app, target.organization.as_deref()).await?;
        let scope = app.access().operator(organization.id);
        let said = said(&rule);
        let finished = app.people().set_name_rule(&scope, rule).await?;
        say(&format!(
            "Set for {:?}: {said}. Of what is kept, {} print jobs and {} balances came to another \
             name.\n",
            organization.name, finished.jobs, finished.balances
        ));
        Ok(())
    })
}

fn show_domains(target: &OfOrganization) -> anyhow::Result<()> {
    with_app(&target.config.file, async |_, app| {
        let organization = opening::organization(&app, target.organization.as_deref()).await?;
        let scope = app.access().operator(organization.id);
        let said = said(&app.people().name_rule(&scope).await?);
        say(&format!("{}: {said}\n", organization.name));
        let met = app.people().domains_met(&scope).await?;
        if !met.is_empty() {
            say(&format!("Taken off so far: {}\n", met.join(", ")));
        }
        Ok(())
    })
}

/// A rule in words.
fn said(rule: &NameRule) -> String {
    match rule {
        NameRule::EveryPrefix => {
            "taken off names: every DOMAIN\\ before them, and no @realm behind them".to_owned()
        }
        NameRule::Listed(domains) if domains.is_empty() => {
            "taken off names: nothing; every name stays whole".to_owned()
        }
        NameRule::Listed(domains) => {
            let domains: Vec<&str> = domains.iter().map(String::as_str).collect();
            let listed = domains.join(", ");
            format!("taken off names: {listed}, before and behind them; every other domain stays")
        }
    }
}

fn set_known_only(target: &OfOrganization, only: bool) -> anyhow::Result<()> {
    with_app(&target.config.file, async |_, app| {
        let organization = opening::organization(&app, target.organization.as_deref()).await?;
        app.people()
            .set_known_users_only(&app.access().operator(organization.id), only)
            .await?;
        say(&format!(
            "Set for {:?}: {}\n",
            organization.name,
            said_only(only)
        ));
        Ok(())
    })
}

fn show_known_only(target: &OfOrganization) -> anyhow::Result<()> {
    with_app(&target.config.file, async |_, app| {
        let organization = opening::organization(&app, target.organization.as_deref()).await?;
        let only = app
            .people()
            .known_users_only(&app.access().operator(organization.id))
            .await?;
        say(&format!("{}: {}\n", organization.name, said_only(only)));
        Ok(())
    })
}

const fn said_only(only: bool) -> &'static str {
    if only {
        "only users who were made known are charged; others are refused as unknown-user"
    } else {
        "whoever is named is charged, with an allowance of their own"
    }
}
