//! Licences by command.

use std::fs;

use crate::init::installation;
use crate::program::{refused, said};

#[test]
fn licences_are_issued_installed_and_shown_and_refused_in_words() {
    let directory = tempfile::tempdir().unwrap();
    let (config, _) = installation(directory.path());
    let config = config.to_str().unwrap();
    let key = directory.path().join("platen/issuer.key");
    let file = directory.path().join("licence");
    let issue = |organization, until: &[&str]| {
        let key = key.to_str().unwrap();
        let fixed = [
            "licence",
            "issue",
            "--key",
            key,
            "--organization",
            organization,
        ];
        let document = said(&[&fixed, until].concat());
        fs::write(&file, &document).unwrap();
        document
    };
    let install = [
        "licence",
        "install",
        "--config",
        config,
        file.to_str().unwrap(),
    ];

    issue("Southwind", &[]);
    insta::assert_snapshot!(refused(&install, directory.path()), @r#"platen: the licence was issued to "Southwind", and this organization is "Northwind""#);

    let document = issue("Northwind", &["--devices", "10"]);
    fs::write(
        &file,
        document.replace("device_limit = 10", "device_limit = 99"),
    )
    .unwrap();
    insta::assert_snapshot!(refused(&install, directory.path()), @"platen: the licence was changed after it was issued: its signature does not fit its text");

    issue(
        "Northwind",
        &[
            "--until",
            "2024-01-31",
            "--features",
            "fleet",
            "--devices",
            "10",
        ],
    );
    insta::assert_snapshot!(said(&install), @r#"
    Installed for "Northwind": fleet; up to 10 devices; until 2024-02-01T00:00:00Z
    Warning: the licence has expired, so the report APIs stay closed.
    "#);
    let show = ["licence", "show", "--config", config];
    insta::assert_snapshot!(said(&show), @"
    Northwind: fleet; up to 10 devices; until 2024-02-01T00:00:00Z
      fleet: closed, the licence has expired
      print: closed, the licence has expired
      accounts: closed, the licence has expired
    ");
}
