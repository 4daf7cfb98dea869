//! Inputs that people reported in public about other programs, each with the right answer: the
//! folder `field` of the corpus beside the checkout.
//!
//! `devices/` holds answers of printers, all collected by one Platen and compared by
//! `lib/devices.py`; each folder of `jobs/` has a `run.sh` that says OK or WRONG. The checkers came
//! with the inputs: nobody here wrote them.

use std::path::{Path, PathBuf};
use std::process::{ExitCode, Stdio};

use anyhow::{Context as _, Result, bail};
use clap::Args;

use crate::{installation, shell};

/// Where the folder lies beside the checkout.
pub(crate) const BESIDE: &str = "../shared/corpus/field";

/// Longest run of one checker, in seconds. All devices take one minute; a checker of print jobs
/// starts a server or two.
const CHECKER_MAX_SECONDS: &str = "300";

/// Options of the field cases.
#[derive(Args)]
pub(crate) struct Options {
    /// The folder with `devices`, `jobs` and `lib` [default: ../shared/corpus/field].
    directory: Option<PathBuf>,
}

/// Runs the cases by themselves.
pub(crate) fn run(options: &Options) -> Result<ExitCode> {
    let beside = || shell::root().join(BESIDE);
    check(&options.directory.clone().unwrap_or_else(beside))?;
    Ok(ExitCode::SUCCESS)
}

/// Runs every case below `directory`, prints what is wrong, and fails where anything is.
pub(crate) fn check(directory: &Path) -> Result<()> {
    let build = ["build", "--workspace", "--bin", "platen", "--locked"];
    shell::run(&shell::cargo(), &build)?;
    let program = installation::program();
    let mut cases = devices(directory, &program)?;
    cases.extend(jobs(directory, &program)?);
    let (text, wrong) = summary(&cases);
    println!("{text}");
    if cases.is_empty() {
        bail!("{} holds no cases in devices or jobs", directory.display());
    }
    if wrong > 0 {
        bail!("{wrong} of {} field cases are wrong", cases.len());
    }
    Ok(())
}

/// A case and what its checker said.
#[derive(Debug, PartialEq, Eq)]
struct Case {
    name: String,
    /// What is wrong; none where it is right.
    wrong: Option<String>,
}

/// All devices in one run.
fn devices(directory: &Path, program: &str) -> Result<Vec<Case>> {
    let folder = directory.join("devices");
    let names = cases(&folder, "want.json")?;
    if names.is_empty() {
        return Ok(Vec::new());
    }
    let script = directory.join("lib/devices.py");
    let said = ask("python3", &[&script, Path::new(program), &folder])?;
    let judged = |name: String| Case {
        wrong: verdict(&said, &name),
        name: format!("devices/{name}"),
    };
    Ok(names.into_iter().map(judged).collect())
}

/// What the line `OK name` or `WRONG name: …` says of a case; none of them is wrong as well.
fn verdict(said: &str, name: &str) -> Option<String> {
    let mut lines = said.lines();
    if lines.clone().any(|line| line == format!("OK {name}")) {
        return None;
    }
    let wrong = lines.find_map(|line| line.strip_prefix(&format!("WRONG {name}: ")));
    Some(wrong.map_or_else(|| short(said), str::to_owned))
}

fn jobs(directory: &Path, program: &str) -> Result<Vec<Case>> {
    let folder = directory.join("jobs");
    let mut judged = Vec::new();
    for name in cases(&folder, "run.sh")? {
        let script = folder.join(&name).join("run.sh");
        let said = ask("sh", &[&script, Path::new(program)])?;
        let any = |word: &str| said.lines().any(|line| line.starts_with(word));
        let wrong = (!any("OK") || any("WRONG")).then(|| reason(&said));
        judged.push(Case {
            name: format!("jobs/{name}"),
            wrong,
        });
    }
    Ok(judged)
}

/// The folders in `folder` that hold a file of this name, in the order of their names.
fn cases(folder: &Path, file: &str) -> Result<Vec<String>> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let mut names = Vec::new();
    for entry in folder.read_dir()? {
        let path = entry?.path();
        let name = path.file_name().map(|name| name.to_string_lossy());
        names.extend(name.filter(|_| path.join(file).is_file()).map(String::from));
    }
    names.sort_unstable();
    Ok(names)
}

/// What a checker says, whether it ends well or not: its words count, and silence is no OK.
fn ask(checker: &str, arguments: &[&Path]) -> Result<String> {
    let checker = [CHECKER_MAX_SECONDS.as_ref(), checker.as_ref()];
    let paths = arguments.iter().map(|path| path.as_os_str());
    let words: Vec<_> = checker.into_iter().chain(paths).collect();
    let mut command = shell::command("timeout", &words);
    // The folder may be somebody else's: nothing is left in it.
    command
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .stdin(Stdio::null());
    let output = command.output().context("could not start timeout")?;
    let text = [output.stdout, output.stderr].concat();
    Ok(String::from_utf8_lossy(&text).into_owned())
}

/// Why a case of print jobs is wrong: the lines that its checker sets in, else the end of what it
/// says.
fn reason(said: &str) -> String {
    let set_in = said.lines().filter(|line| line.starts_with("   "));
    let set_in: Vec<&str> = set_in.collect();
    if set_in.is_empty() {
        let start = said.char_indices().rev().nth(SHOWN_CHARS_MAX - 1);
        short(start.and_then(|(at, _)| said.get(at..)).unwrap_or(said))
    } else {
        short(&set_in.join("; "))
    }
}

/// Most letters shown of what a checker says.
const SHOWN_CHARS_MAX: usize = 400;

/// What a checker says, on one line.
fn short(said: &str) -> String {
    let words: Vec<&str> = said.split_whitespace().collect();
    let line: String = words.join(" ").chars().take(SHOWN_CHARS_MAX).collect();
    if line.is_empty() {
        "the checker said nothing".to_owned()
    } else {
        line
    }
}

/// The wrong cases, a line each, and the line `field: devices=A/B jobs=A/B`.
fn summary(cases: &[Case]) -> (String, usize) {
    let of = |kind: &str| {
        let of_kind = || cases.iter().filter(|case| case.name.starts_with(kind));
        let right = of_kind().filter(|case| case.wrong.is_none()).count();
        format!("{right}/{}", of_kind().count())
    };
    let lines = cases.iter().filter_map(|case| {
        let wrong = case.wrong.as_ref()?;
        Some(format!("WRONG {}: {wrong}\n", case.name))
    });
    let wrong: Vec<String> = lines.collect();
    let last = format!("field: devices={} jobs={}", of("devices/"), of("jobs/"));
    (wrong.concat() + &last, wrong.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn directory() -> tempfile::TempDir {
        let directory = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| {
            let path = directory.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        };
        write("jobs/1/run.sh", "echo OK\n");
        write(
            "jobs/2/run.sh",
            "echo told\necho '   3 pages of 4'\necho WRONG\nexit 1\n",
        );
        write("jobs/3/run.sh", "exit 0\n");
        write("jobs/4/run.sh", "echo OK >&2\nexit 1\n");
        write("jobs/notes/README", "");
        write("devices/a/want.json", "{}");
        write("devices/b/want.json", "{}");
        write(
            "lib/devices.py",
            "print('OK a\\nWRONG b: Model want 1 got 2')\n",
        );
        directory
    }

    #[test]
    fn every_case_that_does_not_say_ok_is_wrong_and_named() {
        let directory = directory();
        let mut cases = devices(directory.path(), "platen").unwrap();
        cases.extend(jobs(directory.path(), "platen").unwrap());
        let (text, wrong) = summary(&cases);
        assert_eq!(wrong, 3, "{text}");
        assert_eq!(
            text,
            "WRONG devices/b: Model want 1 got 2\n\
             WRONG jobs/2: 3 pages of 4\n\
             WRONG jobs/3: the checker said nothing\n\
             field: devices=1/2 jobs=2/4"
        );
    }

    #[test]
    fn devices_whose_checker_breaks_are_wrong() {
        assert_eq!(verdict("OK ab\nOK a\n", "a"), None);
        let said = "Traceback\n  no UDP port is free\n";
        assert_eq!(
            verdict(said, "a").as_deref(),
            Some("Traceback no UDP port is free")
        );
    }
}
