//! `platen config check`: every mistake at once, or what is in effect.

use std::path::Path;

use super::collect::read_as;
use crate::config::Config;
use crate::terminal::say;

pub(crate) fn check(file: &Path) -> anyhow::Result<()> {
    let config = Config::load(file)?;
    say(&format!(
        "{}: no problems. In effect:\n\n{config}",
        file.display()
    ));
    say(&read_as(&config.sources));
    Ok(())
}
