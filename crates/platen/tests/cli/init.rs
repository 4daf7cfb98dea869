//! From nothing to a server that is set up.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use nix::sys::signal::Signal;

use crate::http::{get, post};
use crate::program::{Program, refused, said};
use crate::sockets::udp_listeners;

/// A fresh installation of "Northwind" on a free port, and the path of its set-up link.
pub(crate) fn installation(directory: &Path) -> (PathBuf, String) {
    let place = directory.join("platen");
    fs::create_dir(&place).unwrap();
    let arguments = [
        "init",
        "--organization",
        "Northwind",
        "--directory",
        place.to_str().unwrap(),
    ];
    let text = said(&arguments);
    let link = text
        .lines()
        .map(str::trim)
        .find(|line| line.starts_with("http://"))
        .unwrap();
    let (_, path) = link.split_once("8631").unwrap();
    let config = place.join("platen.toml");
    let free = fs::read_to_string(&config)
        .unwrap()
        .replace("127.0.0.1:8631", "127.0.0.1:0");
    fs::write(&config, free).unwrap();
    (config, path.to_owned())
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[test]
fn init_serve_and_set_up_once() {
    let directory = tempfile::tempdir().unwrap();
    let (config, set_up) = installation(directory.path());
    let place = config.parent().unwrap();
    assert_eq!(mode(&place.join("data")), 0o700);
    assert_eq!(mode(&place.join("issuer.key")), 0o600);
    assert_eq!(mode(&place.join("data/platen.db")), 0o600);
    said(&["config", "check", "--config", config.to_str().unwrap()]);

    let server = Program::start(&["serve", "--config", config.to_str().unwrap()]);
    let address = server.address();
    assert_eq!(get(address, &set_up, &[]).unwrap().0, 200);
    assert_eq!(udp_listeners(server.id()), Vec::<String>::new());

    let form = "name=ada&password=correct+horse+battery&confirmation=correct+horse+battery";
    let (status, body) = post(address, &set_up, form).unwrap();
    assert!((200..400).contains(&status), "{status}: {body}");
    let (again, _) = get(address, &set_up, &[]).unwrap();
    assert!((400..500).contains(&again), "the link works twice: {again}");
    assert_eq!(server.end(Signal::SIGTERM).code(), Some(0));

    let link = said(&["user", "link", "Ada", "--config", config.to_str().unwrap()]);
    assert!(link.contains("/sign-in/link/"), "{link}");
}

#[test]
fn init_leaves_what_is_there_alone() {
    let directory = tempfile::tempdir().unwrap();
    let (config, _) = installation(directory.path());
    let place = config.parent().unwrap().to_str().unwrap();
    let text = refused(&["init", "--directory", place], directory.path());
    insta::assert_snapshot!(text, @"platen: DIR/platen/platen.toml is there already: choose another place with --directory, or go on with it");
}

#[test]
fn a_mistake_leaves_nothing_in_the_way_of_the_next_try() {
    let directory = tempfile::tempdir().unwrap();
    let place = directory.path().to_str().unwrap();
    let init = ["init", "--directory", place, "--time-zone"];
    let text = refused(&[&init[..], &["Nowhere"]].concat(), directory.path());
    insta::assert_snapshot!(text, @r#"platen: unknown time zone "Nowhere": expected an IANA name such as Europe/Berlin"#);
    said(&[&init[..], &["UTC"]].concat());
}

#[test]
fn a_second_server_on_the_same_data_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    let (config, _) = installation(directory.path());
    let arguments = ["serve", "--config", config.to_str().unwrap()];
    let server = Program::start(&arguments);
    server.address();
    let text = refused(&arguments, directory.path());
    insta::assert_snapshot!(text, @"platen: the data directory is in use by another Platen (it holds the lock on DIR/platen/data/platen.lock): stop that process, or give this one another data directory");
    assert_eq!(server.end(Signal::SIGINT).code(), Some(0));
}
