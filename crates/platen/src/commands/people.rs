//! `platen person`: export, erase.

use std::io::Write as _;

use anyhow::Context as _;

use crate::cli::{ErasePerson, ExportPerson};
use crate::files;
use crate::opening::{self, with_app};
use crate::terminal::{complain, say};

pub(crate) fn export(options: &ExportPerson) -> anyhow::Result<()> {
    let target = &options.target;
    with_app(&target.config.file, async |_, app| {
        let organization = opening::organization(&app, target.organization.as_deref()).await?;
        let scope = app.operator(organization.id);
        let mut export = app.export_person(&scope, &options.name).await?;
        let mut out = files::destination(options.out.as_deref())?;
        while let Some(lines) = export.next().await? {
            out.write_all(&lines).context("cannot write the export")?;
        }
        out.flush().context("cannot write the export")?;
        complain(&format!("Exported {} print jobs.\n", export.jobs()));
        Ok(())
    })
}

pub(crate) fn erase(options: &ErasePerson) -> anyhow::Result<()> {
    let target = &options.target;
    with_app(&target.config.file, async |_, app| {
        let organization = opening::organization(&app, target.organization.as_deref()).await?;
        let scope = app.operator(organization.id);
        let jobs = app.erase_person(&scope, &options.name).await?;
        say(&format!(
            "{jobs} print jobs are nobody's now. Backups made before still hold the name.\n"
        ));
        Ok(())
    })
}
