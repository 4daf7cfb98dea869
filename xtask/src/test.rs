//! The test command: every check in its order, cheap ones first, each under its own heading.

use std::fmt::Write as _;
use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use clap::Args;

use crate::{
    browser, clients, corpus, cups, field, kill, kill_accounts, kill_ingest, needs, oauth, openapi,
    shell, snippets, tidy,
};

/// Recordings and advisories are not part of the repository (their licences forbid it). A
/// directory of them may lie beside the checkout; without it those steps are skipped.
const BESIDE: &str = "../shared";

/// Kills on every run; `cargo xtask kill` does more.
const KILLS: u32 = 10;

/// What chance begins with in those kills; `cargo xtask kill-ingest` and `kill-accounts` take another
/// every time.
const KILL_SEED: u64 = 20_260_101;

/// Options of the test command.
#[derive(Args)]
pub(crate) struct Options {
    /// Run only the steps with these names.
    #[arg(value_name = "STEP")]
    only: Vec<String>,
}

/// One step: its name, what it shows, and how. `Ok(false)` says that it was skipped.
struct Step {
    name: &'static str,
    shows: &'static str,
    run: fn() -> Result<bool>,
}

const STEPS: &[Step] = &[
    Step {
        name: "needs",
        shows: "what the tests need is here",
        run: || done(needs::meet()),
    },
    Step {
        name: "fmt",
        shows: "the code is formatted",
        run: || cargo(&["fmt", "--all", "--check"]),
    },
    Step {
        name: "tidy",
        shows: "the rules of the house hold",
        run: || done(tidy::run()),
    },
    Step {
        name: "clippy",
        shows: "no lint fires",
        run: clippy,
    },
    Step {
        name: "docs",
        shows: "the documentation builds",
        run: docs,
    },
    Step {
        name: "program",
        shows: "`cargo run` starts the program, as the README says",
        run: || cargo(&["run", "--locked", "--", "--version"]),
    },
    Step {
        name: "tests",
        shows: "unit, property and black-box tests",
        run: tests,
    },
    Step {
        name: "openapi",
        shows: "the APIs' description is OpenAPI 3.1",
        run: || done(openapi::validate()),
    },
    Step {
        name: "schemathesis",
        shows: "the server answers as its description says",
        run: || done(openapi::exercise(openapi::SHORT_SECONDS)),
    },
    Step {
        name: "browser",
        shows: "the console in a real browser",
        run: || done(browser::walk()),
    },
    Step {
        name: "oauth",
        shows: "independent OAuth clients get, use and end access tokens",
        run: || done(oauth::check()),
    },
    Step {
        name: "clients",
        shows: "generators make clients of every operation, and one of them works",
        run: || done(clients::check()),
    },
    Step {
        name: "snippets",
        shows: "the texts of Analysis > API run as pasted",
        run: || done(snippets::check()),
    },
    Step {
        name: "kill",
        shows: "a server killed while it polls loses nothing",
        run: sudden_death,
    },
    Step {
        name: "cups",
        shows: "what a real print server printed is what the collector says",
        run: print_server,
    },
    Step {
        name: "kill-ingest",
        shows: "no acknowledged print job is lost or there twice",
        run: sudden_death_of_ingest,
    },
    Step {
        name: "kill-accounts",
        shows: "no charge is lost or made twice",
        run: sudden_death_of_accounts,
    },
    Step {
        name: "corpus",
        shows: "recorded printers read as others read them",
        run: recordings,
    },
    Step {
        name: "field",
        shows: "what people reported of other programs is right here",
        run: reported,
    },
    Step {
        name: "advisories",
        shows: "no dependency has a known hole",
        run: advisories,
    },
];

enum Outcome {
    Passed,
    Skipped,
    Failed(anyhow::Error),
}

/// Runs the steps; every step runs even when an earlier one failed, so that one run tells all.
pub(crate) fn run(options: &Options) -> ExitCode {
    let wanted =
        |step: &&Step| options.only.is_empty() || options.only.iter().any(|name| name == step.name);
    let mut outcomes = Vec::new();
    for step in STEPS.iter().filter(wanted) {
        println!("\n==== {}: {} ====", step.name, step.shows);
        let started = Instant::now();
        let outcome = match (step.run)() {
            Ok(true) => Outcome::Passed,
            Ok(false) => Outcome::Skipped,
            Err(error) => Outcome::Failed(error),
        };
        outcomes.push((step.name, started.elapsed(), outcome));
    }
    let (text, failed) = summary(&outcomes);
    println!("\n==== summary ====\n{text}");
    if failed == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// The table of steps, ending with the line `N passed, N failed`.
fn summary(outcomes: &[(&str, Duration, Outcome)]) -> (String, usize) {
    let mut text = String::new();
    let (mut passed, mut failed) = (0, 0);
    for (name, took, outcome) in outcomes {
        let word = match outcome {
            Outcome::Passed => {
                passed += 1;
                "passed".to_owned()
            }
            Outcome::Skipped => "skipped".to_owned(),
            Outcome::Failed(error) => {
                failed += 1;
                format!("FAILED: {error:#}")
            }
        };
        // Writing to a String cannot fail.
        let _infallible = writeln!(text, "{name:<13}{:>8.1} s  {word}", took.as_secs_f64());
    }
    let _infallible = write!(text, "{passed} passed, {failed} failed");
    (text, failed)
}

fn done(result: Result<()>) -> Result<bool> {
    result.map(|()| true)
}

fn cargo(arguments: &[&str]) -> Result<bool> {
    done(shell::run(&shell::cargo(), arguments))
}

fn clippy() -> Result<bool> {
    cargo(&[
        "clippy",
        "--workspace",
        "--all-targets",
        "--locked",
        "--",
        "-D",
        "warnings",
    ])
}

fn docs() -> Result<bool> {
    let arguments = [
        "doc",
        "--workspace",
        "--no-deps",
        "--document-private-items",
        "--locked",
    ];
    let mut command = shell::command(&shell::cargo(), &arguments);
    done(shell::finish(command.env("RUSTDOCFLAGS", "-D warnings")))
}

fn tests() -> Result<bool> {
    cargo(&["test", "--workspace", "--locked", "--no-fail-fast"])
}

fn sudden_death() -> Result<bool> {
    done(kill::kill(KILLS))
}

fn print_server() -> Result<bool> {
    if !needs::is_root() {
        return Ok(skip(
            "cupsd needs root, since its filters run as another user",
        ));
    }
    done(cups::check())
}

fn sudden_death_of_ingest() -> Result<bool> {
    done(kill_ingest::kill(KILLS, KILL_SEED))
}

fn sudden_death_of_accounts() -> Result<bool> {
    done(kill_accounts::kill(KILLS, KILL_SEED))
}

fn recordings() -> Result<bool> {
    let directory = shell::root().join(BESIDE).join("corpus/snmp");
    if !directory.is_dir() {
        return Ok(skip("no recordings beside this checkout"));
    }
    done(corpus::check(&directory))
}

fn reported() -> Result<bool> {
    let directory = shell::root().join(field::BESIDE);
    if !directory.is_dir() {
        return Ok(skip("no field cases beside this checkout"));
    }
    done(field::check(&directory))
}

fn advisories() -> Result<bool> {
    let script = Path::new(BESIDE).join("tools/advisories.py");
    if !shell::root().join(&script).is_file() {
        return Ok(skip("no advisory database beside this checkout"));
    }
    match script.to_str() {
        Some(script) => done(shell::run("/usr/bin/python3", &[script, "Cargo.lock"])),
        None => bail!("{} is not a name in UTF-8", script.display()),
    }
}

fn skip(why: &str) -> bool {
    println!("SKIPPED: {why}");
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_line_counts_steps_and_a_skipped_one_is_neither() {
        let outcomes = [
            ("fmt", Duration::from_millis(1_250), Outcome::Passed),
            ("corpus", Duration::ZERO, Outcome::Skipped),
            (
                "tests",
                Duration::from_secs(90),
                Outcome::Failed(anyhow::anyhow!("exit status: 101")),
            ),
        ];
        let (text, failed) = summary(&outcomes);
        assert_eq!(failed, 1);
        assert_eq!(
            text,
            "fmt               1.2 s  passed\n\
             corpus            0.0 s  skipped\n\
             tests            90.0 s  FAILED: exit status: 101\n\
             1 passed, 1 failed"
        );
    }
}
