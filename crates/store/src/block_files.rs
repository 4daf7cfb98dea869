//! Block files: derived data beside the database. Each is written whole, synced and then named,
//! so that a name never stands for half a file; what is missing or damaged is made anew from rows.

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use crate::print_blocks::BlockName;

const DIRECTORY: &str = "blocks";

/// Digits of a block's name after which its directory is named: 256 directories at most, so that
/// none of them becomes slow to read.
const DIRECTORY_DIGITS: usize = 2;

/// Ending of a file that is not whole yet.
const UNFINISHED: &str = "tmp";

/// The directory of block files.
#[derive(Debug, Clone)]
pub struct BlockFiles {
    directory: PathBuf,
}

impl BlockFiles {
    pub(crate) fn within(data_directory: &Path) -> Self {
        Self {
            directory: data_directory.join(DIRECTORY),
        }
    }

    /// Keeps a file of `block`; `kind` tells a block's files apart and is the name's ending.
    pub fn write(&self, block: BlockName, kind: &str, octets: &[u8]) -> io::Result<()> {
        let path = self.path(block, kind);
        if let Some(directory) = path.parent() {
            make_private_directory(directory)?;
        }
        let unfinished = self.path(block, &format!("{kind}.{UNFINISHED}"));
        let mut file = create_private(&unfinished)?;
        file.write_all(octets)?;
        file.sync_all()?;
        fs::rename(&unfinished, &path)
    }

    /// Removes a file that turned out to be damaged: it is made anew.
    pub fn remove(&self, block: BlockName, kind: &str) -> io::Result<()> {
        fs::remove_file(self.path(block, kind))
    }

    /// The whole file.
    pub fn read(&self, block: BlockName, kind: &str) -> io::Result<Vec<u8>> {
        fs::read(self.path(block, kind))
    }

    /// The file, open for reading.
    pub fn open(&self, block: BlockName, kind: &str) -> io::Result<File> {
        File::open(self.path(block, kind))
    }

    /// Removes every file that belongs to no block `in_use` or is of none of `kinds`, where those
    /// are named, and says how many. A reader that has one open keeps it.
    pub fn sweep(&self, in_use: &HashSet<BlockName>, kinds: Option<&[String]>) -> io::Result<u64> {
        let in_use: HashSet<String> = in_use.iter().map(BlockName::to_string).collect();
        let mut removed = 0;
        for directory in entries(&self.directory)? {
            for file in entries(&directory)? {
                let used = parts(&file).is_some_and(|(block, kind)| {
                    let of_kind = kinds.is_none_or(|kinds| kinds.iter().any(|k| k == kind));
                    of_kind && in_use.contains(block)
                });
                if !used {
                    fs::remove_file(&file)?;
                    removed += 1;
                }
            }
        }
        Ok(removed)
    }

    fn path(&self, block: BlockName, kind: &str) -> PathBuf {
        let name = block.to_string();
        let directory = name.get(..DIRECTORY_DIGITS).unwrap_or_default();
        self.directory
            .join(directory)
            .join(format!("{name}.{kind}"))
    }
}

/// What lies in a directory; nothing where there is none.
fn entries(directory: &Path) -> io::Result<Vec<PathBuf>> {
    match fs::read_dir(directory) {
        Ok(entries) => entries.map(|entry| Ok(entry?.path())).collect(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}

/// The block's name and the kind in a finished file's name.
fn parts(file: &Path) -> Option<(&str, &str)> {
    let (name, kind) = file.file_name()?.to_str()?.split_once('.')?;
    (!kind.ends_with(UNFINISHED)).then_some((name, kind))
}

fn make_private_directory(directory: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(directory)
}

fn create_private(path: &Path) -> io::Result<File> {
    let mut options = fs::OpenOptions::new();
    options.create(true).truncate(true).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use platen_domain::ids::SeededIds;

    #[test]
    fn files_come_back_whole_and_only_those_in_use_stay() {
        let directory = tempfile::tempdir().unwrap();
        let files = BlockFiles::within(directory.path());
        assert_eq!(files.sweep(&HashSet::new(), None).unwrap(), 0);
        let ids = SeededIds::new(3);
        let [one, two] = [(); 2].map(|()| BlockName::new(&ids));
        files.write(one, "block", b"one").unwrap();
        files.write(one, "json.gz", b"1").unwrap();
        files.write(two, "block", b"two").unwrap();
        assert_eq!(files.read(one, "block").unwrap(), b"one");
        fs::write(files.path(two, "block.tmp"), b"half").unwrap();
        // As files were named before: by the organization's number and their own.
        fs::create_dir(directory.path().join("blocks/2")).unwrap();
        fs::write(directory.path().join("blocks/2/1.block"), b"old").unwrap();
        assert_eq!(files.sweep(&HashSet::from([one]), None).unwrap(), 3);
        assert!(files.read(two, "block").is_err());
        assert_eq!(files.read(one, "json.gz").unwrap(), b"1");
        let columns = ["block".to_owned()];
        let swept = files.sweep(&HashSet::from([one]), Some(&columns));
        assert_eq!(swept.unwrap(), 1);
    }
}
