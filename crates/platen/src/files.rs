//! Files and directories only their owner may read, and files that people hand over.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::Path;

use anyhow::Context as _;

/// Makes `directory` and those above it, closed to others. One that is there is taken as it is:
/// whoever made it chose who may enter.
pub(crate) fn private_directory(directory: &Path) -> anyhow::Result<()> {
    let name = directory.display();
    let made = DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(directory);
    made.with_context(|| format!("cannot make the directory {name}"))
}

/// The text of a file that is said to be `what` and cannot be longer than `bytes_max`.
pub(crate) fn read(file: &Path, what: &str, bytes_max: usize) -> anyhow::Result<String> {
    let name = file.display();
    let unreadable = || format!("cannot read the {what} {name}");
    let size = fs::metadata(file).with_context(unreadable)?.len();
    let fits = usize::try_from(size).is_ok_and(|size| size <= bytes_max);
    anyhow::ensure!(
        fits,
        "{name} is no {what}: it is longer than {bytes_max} bytes"
    );
    fs::read_to_string(file).with_context(unreadable)
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

/// Where an export goes: a new file that only its owner may read, or standard output.
pub(crate) fn destination(file: Option<&Path>) -> anyhow::Result<Box<dyn Write>> {
    let Some(file) = file else {
        return Ok(Box::new(io::stdout()));
    };
    let mut options = OpenOptions::new();
    let created: io::Result<File> = options.write(true).create_new(true).mode(0o600).open(file);
    let created = created.with_context(|| format!("cannot write {}", file.display()))?;
    Ok(Box::new(created))
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

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    fn mode(directory: &Path) -> u32 {
        fs::metadata(directory).unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn a_new_directory_is_closed_and_one_that_is_there_stays_as_it_is() {
        let place = tempfile::tempdir().unwrap();
        let new = place.path().join("new/data");
        private_directory(&new).unwrap();
        assert_eq!(mode(&new), 0o700);

        let open = place.path().join("open");
        fs::create_dir(&open).unwrap();
        fs::set_permissions(&open, fs::Permissions::from_mode(0o755)).unwrap();
        private_directory(&open).unwrap();
        assert_eq!(mode(&open), 0o755);
    }
}
