//! Where the demo keeps its data: a directory of its own that goes with it, or a given one.

use std::path::{Path, PathBuf};

use platen_domain::keys::random_secret;

use crate::files;
use crate::system::SystemIds;
use crate::terminal::complain;

/// Random characters in the name of a directory of the demo's own.
const NAME_CHARS: usize = 12;

/// A data directory, removed at the end when the demo made it.
pub(super) struct DataDirectory {
    path: PathBuf,
    own: bool,
}

impl DataDirectory {
    pub(super) fn new(given: Option<&Path>) -> anyhow::Result<Self> {
        let name = || {
            let random = random_secret(&SystemIds);
            let random: String = random.expose().chars().take(NAME_CHARS).collect();
            std::env::temp_dir().join(format!("platen-demo-{random}"))
        };
        let directory = Self {
            path: given.map_or_else(name, Path::to_owned),
            own: given.is_none(),
        };
        files::private_directory(&directory.path)?;
        Ok(directory)
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for DataDirectory {
    fn drop(&mut self) {
        if !self.own {
            return;
        }
        if let Err(error) = std::fs::remove_dir_all(&self.path) {
            let path = self.path.display();
            complain(&format!("platen: {path} could not be removed: {error}\n"));
        }
    }
}
