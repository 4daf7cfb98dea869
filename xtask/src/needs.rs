//! What the tests need beyond Rust: independent peers (net-snmp, snmpsim, CUPS, Authlib), curl, a
//! browser.
//!
//! As root on Debian they are installed; otherwise what is missing is named, with the command
//! that brings it. Nothing is installed twice.

use std::path::PathBuf;

use anyhow::{Result, bail};

use crate::shell;

/// A program, the Debian package that brings it, and what it is for.
#[derive(Clone, Copy)]
pub(crate) struct Program {
    pub name: &'static str,
    pub package: &'static str,
    pub purpose: &'static str,
}

const PROGRAMS: &[Program] = &[
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
        purpose: "calls the APIs as the README and docs/first-charge.md do",
    },
    Program {
        name: "jq",
        package: "jq",
        purpose: "reads their JSON, as docs/first-charge.md does",
    },
    Program {
        name: "chromium",
        package: "chromium",
        purpose: "opens the console",
    },
    Program {
        name: "npm",
        package: "npm",
        purpose: "installs the browser tests' driver and a generator of clients",
    },
    Program {
        name: "cupsd",
        package: "cups-daemon",
        purpose: "a print server nobody here wrote",
    },
    Program {
        name: "lp",
        package: "cups-client",
        purpose: "prints as users do",
    },
    Program {
        name: "ippeveprinter",
        package: "cups-ipp-utils",
        purpose: "printers that speak IPP",
    },
    Program {
        name: "/usr/lib/cups/filter/pdftopdf",
        package: "cups-filters",
        purpose: "makes of documents what those printers take",
    },
    Program {
        name: "dbus-daemon",
        package: "dbus-daemon",
        purpose: "those printers do not start without a bus",
    },
];

/// Debian's Python, not another one in `PATH`: snmpsim's cache needs its `dbm` module.
const PYTHON: &str = "/usr/bin/python3";

/// A Python environment of its own, and what it holds, pinned.
pub(crate) struct Environment {
    /// Where it is, in the root of the checkout.
    pub directory: &'static str,
    /// The file that pins what it holds.
    pub requirements: &'static str,
    pub purpose: &'static str,
}

/// What the tests need of Python.
const TESTS: Environment = Environment {
    directory: ".venv",
    requirements: "xtask/requirements.txt",
    purpose: "snmpsim, Authlib, requests-oauthlib, a parser of M and one of PowerShell, a generator of clients: peers nobody here wrote",
};

/// What judges the APIs' description. Apart from the others, whose versions it need not share.
pub(crate) const OPENAPI: Environment = Environment {
    directory: ".venv-openapi",
    requirements: "xtask/requirements-openapi.txt",
    purpose: "a validator of OpenAPI, and schemathesis",
};

/// Packages for Node.js, as a lock file pins them.
pub(crate) struct Packages {
    /// Where `package.json` and the lock file are, in the root of the checkout.
    directory: &'static str,
}

/// The browser tests and their driver.
pub(crate) const BROWSER_TESTS: Packages = Packages {
    directory: "crates/http/tests/browser",
};

/// A generator of clients, and the compiler that reads what it makes.
pub(crate) const TYPESCRIPT: Packages = Packages {
    directory: "xtask/typescript",
};

/// Installs or names everything that is missing.
pub(crate) fn meet() -> Result<()> {
    let missing = PROGRAMS.iter().copied();
    let missing = missing.filter(|program| shell::find(program.name).is_none());
    provide(&missing.collect::<Vec<Program>>())?;
    TESTS.make()?;
    OPENAPI.make()?;
    BROWSER_TESTS.install()?;
    TYPESCRIPT.install()
}

/// The interpreter of the tests' environment, which is made where it is missing.
pub(crate) fn python() -> Result<PathBuf> {
    TESTS.make()?;
    Ok(TESTS.python())
}

/// Installs or names programs that are missing, and what makes Python environments.
pub(crate) fn provide(missing: &[Program]) -> Result<()> {
    let mut packages: Vec<&str> = missing.iter().map(|program| program.package).collect();
    if !makes_environments(PYTHON) {
        packages.push("python3-venv");
    }
    if packages.is_empty() {
        return Ok(());
    }
    for program in missing {
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

/// Whether this runs as root.
pub(crate) fn is_root() -> bool {
    shell::capture("id", &["-u"]).is_ok_and(|id| id.trim() == "0")
}

impl Environment {
    /// Makes it, or makes it anew where something else is pinned by now.
    pub(crate) fn make(&self) -> Result<()> {
        let directory = shell::root().join(self.directory);
        let wanted = std::fs::read_to_string(shell::root().join(self.requirements))?;
        let stamp = directory.join("installed.txt");
        if std::fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
            return Ok(());
        }
        println!(
            "making the Python environment {}: {}",
            self.directory, self.purpose
        );
        shell::run(PYTHON, &["-m", "venv", "--clear", self.directory])?;
        let pip = directory.join("bin/pip");
        let arguments = ["install", "--quiet", "--requirement", self.requirements];
        shell::run(&pip.to_string_lossy(), &arguments)?;
        std::fs::write(stamp, wanted)?;
        Ok(())
    }

    /// Its interpreter.
    pub(crate) fn python(&self) -> PathBuf {
        shell::root().join(self.directory).join("bin/python")
    }
}

impl Packages {
    /// Installs them, unless they are there.
    pub(crate) fn install(&self) -> Result<()> {
        let directory = self.directory();
        let lock = directory.join("package-lock.json");
        let installed = directory.join("node_modules/.package-lock.json");
        let modified = |file: &PathBuf| file.metadata().and_then(|data| data.modified()).ok();
        if modified(&installed) > modified(&lock) {
            return Ok(());
        }
        // What they ask of Node.js does not matter here: npm only unpacks them.
        let quiet = ["ci", "--no-audit", "--no-fund", "--loglevel=error"];
        let mut npm = shell::command("npm", &quiet);
        shell::finish(npm.current_dir(directory))
    }

    /// Where they are.
    pub(crate) fn directory(&self) -> PathBuf {
        shell::root().join(self.directory)
    }
}
