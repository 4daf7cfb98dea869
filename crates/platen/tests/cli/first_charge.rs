//! docs/first-charge.md, pasted by a newcomer: every block of its way from nothing to a charge,
//! word for word, and the answers that the page promises.

use std::net::SocketAddr;
use std::path::Path;
use std::process::Command;

use nix::sys::signal::Signal;

use crate::console::Browser;
use crate::init::installation;
use crate::program::Program;

const PAGE: &str = include_str!("../../../../docs/first-charge.md");

/// Between these the page is pasted.
const FROM: &str = "<!-- pasted: from here -->";
const TO: &str = "<!-- pasted: to here -->";

/// Members of answers that differ from run to run. The page shows `…` in their place.
const CHANGING: [&str; 6] = [
    "id",
    "client_id",
    "expires_at",
    "created_at",
    "updated_at",
    "requestId",
];

/// The blocks of this language in the part that is pasted, one after the other.
fn blocks(language: &str) -> String {
    let (_, rest) = PAGE.split_once(FROM).expect("the page says where to begin");
    let (pasted, _) = rest.split_once(TO).expect("the page says where to end");
    let fence = format!("\n```{language}\n");
    let blocks = pasted.split(&fence).skip(1);
    blocks
        .filter_map(|rest| Some(rest.split_once("```")?.0))
        .collect()
}

/// What was printed, without what differs from run to run.
fn redacted(printed: &str) -> String {
    let line = |line: &str| match line.split_once("\": \"") {
        Some((name, value)) if CHANGING.contains(&name.trim_start_matches([' ', '"'])) => {
            let comma = if value.ends_with(',') { "," } else { "" };
            format!("{name}\": \"…\"{comma}\n")
        }
        _ => format!("{line}\n"),
    };
    printed.lines().map(line).collect()
}

/// What the script prints in `directory`, against the server at `address`.
pub(crate) fn pasted(script: &str, directory: &Path, address: SocketAddr) -> String {
    let ran = Command::new("sh")
        .args(["-eu", "-c", script])
        .current_dir(directory)
        .env("PLATEN", format!("http://{address}"))
        .env("NO_PROXY", "127.0.0.1")
        .output()
        .unwrap();
    let [printed, complained] =
        [ran.stdout, ran.stderr].map(|text| String::from_utf8(text).unwrap());
    let ended = (ran.status.code(), complained.as_str());
    assert_eq!(ended, (Some(0), ""), "it printed {printed}");
    printed
}

/// Whether the programs are there that the page needs; where CI could install them, they must be.
#[expect(clippy::print_stderr, reason = "a skipped test says so aloud")]
pub(crate) fn are_installed(programs: &[&str]) -> bool {
    for program in programs {
        if Command::new(program).arg("--version").output().is_err() {
            let in_ci = std::env::var_os("CI").is_some();
            assert!(!in_ci, "{program} is missing, and CI can install it");
            eprintln!("SKIPPED: {program} is not installed");
            return false;
        }
    }
    true
}

#[test]
fn the_way_from_nothing_to_a_charge_works_as_pasted() {
    if !are_installed(&["curl", "jq"]) {
        return;
    }
    let directory = tempfile::tempdir().unwrap();
    let (config, link) = installation(directory.path());
    let server = Program::start(&["serve", "--config", config.to_str().unwrap()]);
    let address = server.address();
    let file = Browser::set_up(address, &link).client_file();
    let place = tempfile::tempdir().unwrap();
    std::fs::write(place.path().join("platen-client.json"), file).unwrap();

    let printed = redacted(&pasted(&blocks("sh"), place.path(), address));
    let promised = blocks("json");
    assert!(
        printed == promised && !printed.is_empty(),
        "docs/first-charge.md promises\n{promised}\nand the server answered\n{printed}"
    );
    assert_eq!(server.end(Signal::SIGTERM).code(), Some(0));
}
