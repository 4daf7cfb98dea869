//! What `platen config check` answers.

use std::fs;

use crate::program::refused;

#[test]
fn a_typo_is_named_with_its_line_and_what_was_meant() {
    let directory = tempfile::tempdir().unwrap();
    let config = directory.path().join("platen.toml");
    fs::write(
        &config,
        "data_directory = \"data\"\n\n[schedule]\ndinamic = \"2 hours\"\n",
    )
    .unwrap();
    let arguments = ["config", "check", "--config", config.to_str().unwrap()];
    let text = refused(&arguments, directory.path());
    insta::assert_snapshot!(text, @"
    platen: DIR/platen.toml:4: unknown key `schedule.dinamic`; did you mean `dynamic`?
    1 problem
    ");
}

#[test]
fn a_missing_file_says_what_to_do() {
    let directory = tempfile::tempdir().unwrap();
    let config = directory.path().join("platen.toml");
    let arguments = ["serve", "--config", config.to_str().unwrap()];
    let text = refused(&arguments, directory.path());
    insta::assert_snapshot!(text, @"platen: cannot read the configuration DIR/platen.toml; `platen init` makes a new one: No such file or directory (os error 2)");
}
