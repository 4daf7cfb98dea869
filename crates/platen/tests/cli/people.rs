//! One person's print jobs by command.

use crate::init::installation;
use crate::program::run;

#[test]
fn a_person_nobody_knows_is_neither_exported_nor_erased() {
    let directory = tempfile::tempdir().unwrap();
    let (config, _) = installation(directory.path());
    let config = ["--config", config.to_str().unwrap()];
    for command in [&["export", "ada"][..], &["erase", "ada", "--yes"]] {
        let output = run(&[&["person"], command, &config].concat());
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        insta::allow_duplicates! {
            insta::assert_snapshot!(told.trim(), @"platen: no print job is kept of a user with this name, and no account knows one");
        }
        assert_eq!(output.status.code(), Some(1));
    }
    let output = run(&[&["person", "erase", "ada"], &config[..]].concat());
    assert_eq!(output.status.code(), Some(2), "it asks for --yes");
}
