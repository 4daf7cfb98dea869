//! Block files: derived data beside the database. Each is written whole, synced and then named,
//! so that a name never stands for half a file; what is missing or damaged is made anew from rows.

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use crate::print_blocks::BlockNo;

const DIRECTORY: &str = "blocks";

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
    pub fn write(&self, block: BlockNo, kind: &str, octets: &[u8]) -> io::Result<()> {
        let directory = self.of_organization(block);
        make_private_directory(&directory)?;
        let path = self.path(block, kind);
        let unfinished = self.path(block, &format!("{kind}.{UNFINISHED}"));
        let mut file = create_private(&unfinished)?;
        file.write_all(octets)?;
        file.sync_all()?;
        fs::rename(&unfinished, &path)
    }

    /// The whole file.
    pub fn read(&self, block: BlockNo, kind: &str) -> io::Result<Vec<u8>> {
        fs::read(self.path(block, kind))
    }

    /// The file, open for reading.
    pub fn open(&self, block: BlockNo, kind: &str) -> io::Result<File> {
        File::open(self.path(block, kind))
    }

    /// Removes every file that belongs to no block `in_use` or is of none of `kinds`, where those
    /// are named, and says how many. A reader that has one open keeps it.
    pub fn sweep(&self, in_use: &HashSet<BlockNo>, kinds: Option<&[String]>) -> io::Result<u64> {
        let mut removed = 0;
        for organization in entries(&self.directory)? {
            let name = organization.file_name();
            let Some(organization_no) = name.and_then(|name| name.to_str()?.parse().ok()) else {
                continue;
            };
            for file in entries(&organization)? {
                let used = parts(&file).is_some_and(|(block_no, kind)| {
                    let block = BlockNo {
                        organization_no,
                        block_no,
                    };
                    let of_kind = kinds.is_none_or(|kinds| kinds.iter().any(|k| k == kind));
                    of_kind && in_use.contains(&block)
                });
                if !used {
                    fs::remove_file(&file)?;
                    removed += 1;
                }
            }
        }
        Ok(removed)
    }

    fn of_organization(&self, block: BlockNo) -> PathBuf {
        self.directory.join(block.organization_no.to_string())
    }

    fn path(&self, block: BlockNo, kind: &str) -> PathBuf {
        let name = format!("{}.{kind}", block.block_no);
        self.of_organization(block).join(name)
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

/// The number and the kind in a finished file's name.
fn parts(file: &Path) -> Option<(i64, &str)> {
    let (number, kind) = file.file_name()?.to_str()?.split_once('.')?;
    let number = number.parse().ok()?;
    (!kind.ends_with(UNFINISHED)).then_some((number, kind))
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

    #[test]
    fn files_come_back_whole_and_only_those_in_use_stay() {
        let directory = tempfile::tempdir().unwrap();
        let files = BlockFiles::within(directory.path());
        assert_eq!(files.sweep(&HashSet::new(), None).unwrap(), 0);
        let block = |block_no| BlockNo {
            organization_no: 3,
            block_no,
        };
        files.write(block(1), "block", b"one").unwrap();
        files.write(block(1), "json.gz", b"1").unwrap();
        files.write(block(2), "block", b"two").unwrap();
        assert_eq!(files.read(block(1), "block").unwrap(), b"one");
        fs::write(directory.path().join("blocks/3/2.block.tmp"), b"half").unwrap();
        assert_eq!(files.sweep(&HashSet::from([block(1)]), None).unwrap(), 2);
        assert!(files.read(block(2), "block").is_err());
        assert_eq!(files.read(block(1), "json.gz").unwrap(), b"1");
        let columns = ["block".to_owned()];
        let swept = files.sweep(&HashSet::from([block(1)]), Some(&columns));
        assert_eq!(swept.unwrap(), 1);
    }
}
