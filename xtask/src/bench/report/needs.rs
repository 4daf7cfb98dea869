//! What only this measurement needs: nginx, PostgreSQL's server, and ClickHouse as chDB.

use std::path::PathBuf;

use anyhow::{Context as _, Result};

use super::peer::User;
use crate::needs::{self, Environment, Program};
use crate::shell;

/// Where Debian keeps the programs of each version.
const POSTGRES: &str = "/usr/lib/postgresql";

/// Python with chDB; about a gigabyte.
const ENVIRONMENT: Environment = Environment {
    directory: ".venv-bench",
    requirements: "xtask/requirements-bench.txt",
    purpose: "chDB, which is ClickHouse in a library",
};

/// Installs or names what is missing.
pub(super) fn meet() -> Result<()> {
    let nginx = Program {
        name: "nginx",
        package: "nginx-light",
        purpose: "serves the same octets from a file",
    };
    let mut missing: Vec<_> = Some(nginx)
        .filter(|nginx| shell::find(nginx.name).is_none())
        .into_iter()
        .collect();
    if postgres_programs().is_none() {
        missing.push(Program {
            name: "postgres",
            package: "postgresql",
            purpose: "gives the same rows as JSON",
        });
    }
    needs::provide(&missing)?;
    ENVIRONMENT.make()
}

/// The Python that has chDB.
pub(super) fn python() -> PathBuf {
    ENVIRONMENT.python()
}

/// Where the programs of the newest PostgreSQL are.
pub(super) fn postgres_programs() -> Option<PathBuf> {
    let versions = std::fs::read_dir(POSTGRES).ok()?.flatten();
    let programs = versions.filter_map(|version| {
        let number: u32 = version.file_name().to_str()?.parse().ok()?;
        let programs = version.path().join("bin");
        Some((number, programs)).filter(|(_, programs)| programs.join("postgres").is_file())
    });
    programs.max().map(|(_, programs)| programs)
}

/// User and group of the user with this name where we are root; `None` where we are not, and
/// run things as ourselves.
pub(super) fn unprivileged_user(name: &str) -> Result<Option<User>> {
    if !needs::is_root() {
        return Ok(None);
    }
    let id = |what| {
        let id = shell::capture("id", &[what, name])?;
        id.trim()
            .parse()
            .with_context(|| format!("there is no user {name}"))
    };
    Ok(Some((id("-u")?, id("-g")?)))
}
