//! Running other programs, and saying which one failed.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use anyhow::{Context as _, Result, bail};

/// The root of the checkout.
pub(crate) fn root() -> &'static Path {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here)
}

/// `program` with `arguments`, to be run in the root of the checkout.
pub(crate) fn command<S: AsRef<OsStr>>(program: &str, arguments: &[S]) -> Command {
    let mut command = Command::new(program);
    command.args(arguments).current_dir(root());
    command
}

/// Runs a program to its end, with its output on the terminal.
pub(crate) fn run<S: AsRef<OsStr>>(program: &str, arguments: &[S]) -> Result<()> {
    finish(&mut command(program, arguments))
}

/// As [`run`] for a prepared command.
pub(crate) fn finish(command: &mut Command) -> Result<()> {
    let words = words(command);
    let status = command
        .status()
        .with_context(|| format!("could not start {words}"))?;
    if !status.success() {
        bail!("{words}: {status}");
    }
    Ok(())
}

/// Runs a program to its end and returns its standard output.
pub(crate) fn capture<S: AsRef<OsStr>>(program: &str, arguments: &[S]) -> Result<String> {
    let mut command = command(program, arguments);
    command.stdin(Stdio::null()).stderr(Stdio::inherit());
    let words = words(&command);
    let Output { status, stdout, .. } = command
        .output()
        .with_context(|| format!("could not start {words}"))?;
    if !status.success() {
        bail!("{words}: {status}");
    }
    Ok(String::from_utf8_lossy(&stdout).into_owned())
}

/// A command as a person types it, without the environment it is given.
fn words(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words
        .map(OsStr::to_string_lossy)
        .collect::<Vec<_>>()
        .join(" ")
}

/// Where `program` is, in `PATH` or in the administrator's directories, which a user's `PATH`
/// leaves out and daemons live in.
pub(crate) fn find(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let administrator = [PathBuf::from("/usr/sbin"), PathBuf::from("/sbin")];
    let mut directories = std::env::split_paths(&path).chain(administrator);
    directories.find_map(|directory| Some(directory.join(program)).filter(|file| file.is_file()))
}

/// The cargo that runs this.
pub(crate) fn cargo() -> String {
    std::env::var_os("CARGO")
        .and_then(|cargo| cargo.into_string().ok())
        .unwrap_or_else(|| "cargo".to_owned())
}

/// Where cargo builds to.
pub(crate) fn target_directory() -> PathBuf {
    match std::env::var_os("CARGO_TARGET_DIR") {
        Some(directory) => root().join(directory),
        None => root().join("target"),
    }
}
