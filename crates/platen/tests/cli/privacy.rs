//! Privacy by command.

use crate::init::installation;
use crate::program::{run, said};

#[test]
fn a_policy_is_changed_field_by_field() {
    let directory = tempfile::tempdir().unwrap();
    let (config, _) = installation(directory.path());
    let config = ["--config", config.to_str().unwrap()];
    let command = |words: &[&str]| said(&[&["privacy"], words, &config].concat());
    insta::assert_snapshot!(command(&["show"]), @"Northwind: user collect, document collect, client collect");
    let set = [
        "set",
        "--user",
        "hash",
        "--document",
        "extension",
        "--document-days",
        "30",
    ];
    insta::assert_snapshot!(command(&set), @r#"Set for "Northwind", for jobs that come from now on: user hash, document extension for 30 days, client collect"#);
    insta::assert_snapshot!(command(&["set", "--client", "drop", "--document-days", "forever"]), @r#"Set for "Northwind", for jobs that come from now on: user hash, document extension, client drop"#);
    insta::assert_snapshot!(command(&["show"]), @"Northwind: user hash, document extension, client drop");

    for wrong in [
        &["--user", "extension"][..],
        &["--document-days", "0"],
        &["--document-days", "70000"],
        &[],
    ] {
        let output = run(&[&["privacy", "set"], wrong, &config].concat());
        assert_eq!(output.status.code(), Some(2), "{wrong:?}");
    }
}
