//! What the tests need beyond Rust: independent peers (net-snmp, snmpsim), curl, a browser.
//!
//! As root on Debian they are installed; otherwise what is missing is named, with the command
//! that brings it. Nothing is installed twice.

use std::path::PathBuf;

use anyhow::{Result, bail};

use crate::shell;

/// A program, the Debian package that brings it, and what it is for.
struct Program {
    name: &'static str,
    package: &'static str,
    purpose: &'static str,
}

const PROGRAMS: [Program; 6] = [
    Program {
        name: "snmpget",
        package: "snmp",
        purpose: "asks the simulated printers",
    },
    Program {
        name: "snmpd",
        package: "snmpd",
        purpose: "an SNMP peer nobody here wrote",
    },
    Program {
        name: "curl",
        package: "curl",
        purpose: "calls the Report API as the README does",
    },
    Program {
        name: "jq",
        package: "jq",
        purpose: "reads its JSON",
    },
    Program {
        name: "chromium",
        package: "chromium",
        purpose: "opens the console",
    },
    Program {
        name: "npm",
        package: "npm",
        purpose: "installs the browser tests' driver",
    },
];

/// Debian's Python, not another one in `PATH`: snmpsim's cache needs its `dbm` module.
const PYTHON: &str = "/usr/bin/python3";

/// What the Python environment holds, pinned.
const REQUIREMENTS: &str = "xtask/requirements.txt";

/// Where the browser tests and their lock file are.
const BROWSER_TESTS: &str = "crates/http/tests/browser";

/// Installs or names everything that is missing.
pub(crate) fn meet() -> Result<()> {
    packages()?;
    python()?;
    browser_tests()
}

fn packages() -> Result<()> {
    let missing: Vec<&Program> = PROGRAMS
        .iter()
        .filter(|program| shell::find(program.name).is_none())
        .collect();
    let mut packages: Vec<&str> = missing.iter().map(|program| program.package).collect();
    if !makes_environments(PYTHON) {
        packages.push("python3-venv");
    }
    if packages.is_empty() {
        return Ok(());
    }
    for program in &missing {
        println!("missing: {} ({})", program.name, program.purpose);
    }
    if !is_root() || shell::find("apt-get").is_none() {
        bail!(
            "install what is missing and run this again: sudo apt-get install {}",
            packages.join(" ")
        );
    }
    install(&packages)
}

/// Debian's Python comes without what makes an environment of its own.
fn makes_environments(python: &str) -> bool {
    let mut probe = shell::command(python, &["-c", "import ensurepip, venv"]);
    probe.output().is_ok_and(|output| output.status.success())
}

fn install(packages: &[&str]) -> Result<()> {
    let apt = |arguments: &[&str]| {
        let mut command = shell::command("apt-get", arguments);
        // Run level 1: the daemons among them are wanted as programs, not started.
        command
            .env("DEBIAN_FRONTEND", "noninteractive")
            .env("RUNLEVEL", "1");
        shell::finish(&mut command)
    };
    let arguments = [&["install", "--yes", "--no-install-recommends"], packages].concat();
    apt(&["update"])?;
    apt(&arguments)
}

fn is_root() -> bool {
    shell::capture("id", &["-u"]).is_ok_and(|id| id.trim() == "0")
}

fn python() -> Result<()> {
    let environment = shell::root().join(".venv");
    let wanted = std::fs::read_to_string(shell::root().join(REQUIREMENTS))?;
    let stamp = environment.join("installed.txt");
    if std::fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    println!("making the Python environment .venv: snmpsim, an SNMP peer nobody here wrote");
    shell::run(PYTHON, &["-m", "venv", "--clear", ".venv"])?;
    shell::run(
        ".venv/bin/pip",
        &["install", "--quiet", "--requirement", REQUIREMENTS],
    )?;
    std::fs::write(stamp, wanted)?;
    Ok(())
}

/// Installs the browser tests' driver, as their lock file has it.
pub(crate) fn browser_tests() -> Result<()> {
    let directory = browser_test_directory();
    let lock = directory.join("package-lock.json");
    let installed = directory.join("node_modules/.package-lock.json");
    let modified = |file: &PathBuf| file.metadata().and_then(|data| data.modified()).ok();
    if !lock.is_file() || modified(&installed) > modified(&lock) {
        return Ok(());
    }
    let mut npm = shell::command("npm", &["ci", "--no-audit", "--no-fund"]);
    shell::finish(npm.current_dir(directory))
}

/// Where the browser tests are.
pub(crate) fn browser_test_directory() -> PathBuf {
    shell::root().join(BROWSER_TESTS)
}
