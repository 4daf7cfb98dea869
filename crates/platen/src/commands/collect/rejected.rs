//! `platen collect retry` and `take-out`: what becomes of records that the server refused.

use std::path::Path;

use platen_domain::clock::Clock as _;
use platen_store::{Spool, SpoolLimits, SpoolStatus};

use super::status::no_spool;
use crate::files;
use crate::system::{SystemClock, SystemIds};
use crate::terminal::say;

/// Records read at a time.
const RECORDS_PER_READ: u32 = 1_000;

pub(super) fn retry(spool: &Path) -> anyhow::Result<()> {
    let mut spool = open(spool)?;
    let records = spool.retry_rejected(SystemClock.now())?;
    spool.close()?;
    say(&match records {
        0 => "The server has refused nothing that is kept.\n".to_owned(),
        records => format!("{records} records wait to be sent again: platen collect\n"),
    });
    Ok(())
}

pub(super) fn take_out(spool: &Path, target: &Path) -> anyhow::Result<()> {
    let mut spool = open(spool)?;
    let (mut lines, mut last, mut records) = (Vec::new(), 0, 0_u64);
    loop {
        let part = spool.rejected(last, RECORDS_PER_READ)?;
        if part.is_empty() {
            break;
        }
        for (number, record, _reason) in part {
            lines.extend_from_slice(&record);
            lines.push(b'\n');
            (last, records) = (number, records + 1);
        }
    }
    if records == 0 {
        say("The server has refused nothing that is kept.\n");
        return Ok(());
    }
    let text = String::from_utf8(lines)?;
    files::create(target, &text, 0o600)?;
    // They are on disk there, and only then gone here.
    spool.forget_rejected(last)?;
    spool.close()?;
    say(&format!(
        "{records} records are in {}, and in the spool no more.\n",
        target.display()
    ));
    Ok(())
}

fn open(directory: &Path) -> anyhow::Result<Spool> {
    anyhow::ensure!(SpoolStatus::of(directory)?.is_some(), no_spool(directory));
    let now = SystemClock.now();
    Ok(Spool::open(
        directory,
        SpoolLimits::default(),
        now,
        &SystemIds,
    )?)
}
