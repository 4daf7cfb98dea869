//! Collectors by command.

use crate::init::installation;
use crate::program::{refused, said};

#[test]
fn codes_are_made_and_nobody_is_revoked_who_is_not_there() {
    let directory = tempfile::tempdir().unwrap();
    let (config, _) = installation(directory.path());
    let config = ["--config", config.to_str().unwrap()];
    let with = |words: &[&'static str]| [&["collector"], words, &config].concat();

    let text = said(&with(&["enrol-code", "--name", "Bonn"]));
    let (heading, code) = text.split_once('\n').unwrap();
    insta::assert_snapshot!(heading, @r#"This code enrols one collector of "Northwind", once, within 24 hours:"#);
    let code = code.trim();
    assert_eq!(code.len(), 64, "{code}");
    assert!(code.bytes().all(|b| b.is_ascii_hexdigit()), "{code}");

    insta::assert_snapshot!(said(&with(&["list"])), @"Northwind: 0 collectors");
    insta::assert_snapshot!(refused(&with(&["revoke", "Bonn"]), directory.path()), @r#"platen: Northwind: there is no live collector named "Bonn""#);
}
