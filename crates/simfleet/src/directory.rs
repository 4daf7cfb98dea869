//! A directory of recordings: `name.snmprec` is a device, `name@Context.snmprec` what that device
//! serves in a context.

use std::ffi::OsStr;
use std::io;
use std::path::{Path, PathBuf};

use crate::recording::{Recording, RecordingError};

/// A device read from a directory.
#[derive(Debug, Clone)]
pub struct RecordedDevice {
    /// The file's name without `.snmprec`.
    pub name: String,
    /// What it recorded, contexts included.
    pub recording: Recording,
}

/// Why a directory of recordings cannot be played.
#[derive(Debug, thiserror::Error)]
pub enum DirectoryError {
    /// The directory itself.
    #[error("cannot read the recordings in {directory}: {source}")]
    Unreadable {
        /// The directory.
        directory: PathBuf,
        /// What the operating system says.
        source: io::Error,
    },
    /// One of its files, which cannot be read at all.
    #[error(transparent)]
    Recording(#[from] RecordingError),
    /// A context without its device.
    #[error("{context}.snmprec is a context of {device}.snmprec, which is not there")]
    ContextWithoutDevice {
        /// The context file's name without `.snmprec`.
        context: String,
        /// The name of the missing device.
        device: String,
    },
}

/// The devices in `directory`, in the order of their names. Other files are passed over, and so are
/// damaged lines: [`Recording::skipped`] names them.
pub fn recorded_devices(directory: &Path) -> Result<Vec<RecordedDevice>, DirectoryError> {
    let unreadable = |source| DirectoryError::Unreadable {
        directory: directory.to_owned(),
        source,
    };
    let mut names = Vec::new();
    for entry in directory.read_dir().map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        if path.extension() == Some(OsStr::new("snmprec")) {
            names.extend(path.file_stem().and_then(OsStr::to_str).map(str::to_owned));
        }
    }
    names.sort_unstable();
    let (contexts, plain): (Vec<_>, Vec<_>) =
        names.into_iter().partition(|name| name.contains('@'));
    let read = |name: &str| Recording::read(&directory.join(format!("{name}.snmprec")));
    let mut devices = Vec::with_capacity(plain.len());
    for name in plain {
        let recording = read(&name)?;
        devices.push(RecordedDevice { name, recording });
    }
    for file in contexts {
        let (device, context) = file.split_once('@').unwrap_or((&file, ""));
        let Some(found) = devices
            .iter_mut()
            .find(|candidate| candidate.name == device)
        else {
            let device = device.to_owned();
            return Err(DirectoryError::ContextWithoutDevice {
                context: file,
                device,
            });
        };
        found.recording.add_context(context, &read(&file)?);
    }
    Ok(devices)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_context_belongs_to_its_device() {
        let directory = tempfile::tempdir().unwrap();
        let write =
            |name: &str| std::fs::write(directory.path().join(name), "1.3.1.0|2|1").unwrap();
        write("b.snmprec");
        write("a.snmprec");
        write("a@Jetdirect.snmprec");
        write("README");
        let devices = recorded_devices(directory.path()).unwrap();
        let names: Vec<_> = devices.iter().map(|device| device.name.as_str()).collect();
        assert_eq!(names, ["a", "b"]);

        write("c@Jetdirect.snmprec");
        let error = recorded_devices(directory.path()).unwrap_err().to_string();
        assert_eq!(
            error,
            "c@Jetdirect.snmprec is a context of c.snmprec, which is not there"
        );
    }
}
