//! Files and directories only their owner may read.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::Write as _;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::Path;

use anyhow::Context as _;

/// Makes `directory` and those above it, or takes one that is there; closed to others.
pub(crate) fn private_directory(directory: &Path) -> anyhow::Result<()> {
    let name = directory.display();
    let made = DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(directory);
    made.with_context(|| format!("cannot make the directory {name}"))?;
    fs::set_permissions(directory, fs::Permissions::from_mode(0o700))
        .with_context(|| format!("cannot close the directory {name} to others"))
}

/// Writes a new file with `mode`; one that is there is left alone, and an error.
pub(crate) fn create(file: &Path, text: &str, mode: u32) -> anyhow::Result<()> {
    let name = file.display();
    let mut options = OpenOptions::new();
    let mut created = options
        .write(true)
        .create_new(true)
        .mode(mode)
        .open(file)
        .with_context(|| format!("cannot write {name}"))?;
    let written = created.write_all(text.as_bytes());
    let synced = written.and_then(|()| created.sync_all());
    synced.with_context(|| format!("cannot write {name}"))?;
    sync_directory(file)
}

/// Makes the entry of a new file as lasting as the file.
fn sync_directory(file: &Path) -> anyhow::Result<()> {
    let directory = file
        .parent()
        .filter(|directory| !directory.as_os_str().is_empty());
    let directory = directory.unwrap_or(Path::new("."));
    let synced = File::open(directory).and_then(|directory| directory.sync_all());
    synced.with_context(|| format!("cannot write to {}", directory.display()))
}
