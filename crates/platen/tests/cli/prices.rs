//! Prices by command.

use std::fs;

use crate::init::installation;
use crate::program::{refused, said};

#[test]
fn prices_are_set_shown_and_refused_in_words() {
    let directory = tempfile::tempdir().unwrap();
    let (config, _) = installation(directory.path());
    let config = ["--config", config.to_str().unwrap()];
    let file = directory.path().join("prices.toml");
    let set = ["prices", "set", file.to_str().unwrap()];
    let set = [&set[..], &config].concat();
    let show = [&["prices", "show"][..], &config].concat();
    insta::assert_snapshot!(said(&show), @"# Northwind has no prices now");

    fs::write(&file, "currency = 'EUR'\n[default]\nmono_side = '0,015'\n").unwrap();
    insta::assert_snapshot!(refused(&set, directory.path()), @r#"platen: DIR/prices.toml: line 3: default.mono_side: expected a price from 0 to 1000000 with at most 6 digits after the point, such as "0.015"; found "0,015""#);

    let prices = "[default]\nmono_side = '0.015'\ncolor_side = 0.12\nsheet = '0.005'\n";
    let write = |from: &str, more: &str| {
        let text = format!("currency = 'EUR'\nvalid_from = {from}\n{prices}{more}");
        fs::write(&file, text).unwrap();
    };
    write("2024-01-01T06:00:00Z", "");
    said(&set);
    write(
        "2224-01-01T06:30:00Z",
        "[models.MX711.papers.iso_a3_297x420mm]\nsheet = 1\n",
    );
    let shown = said(&set);
    assert!(
        shown.starts_with(
            "Set for \"Northwind\": version 2: EUR, 2 tariffs, valid from 2224-01-01T"
        ),
        "{shown}"
    );
    let shown = said(&show);
    let (now, to_come) = shown
        .split_once("# Northwind, version 2: to come\n")
        .unwrap();
    assert!(
        now.starts_with("# Northwind, version 1: holds now\n"),
        "{now}"
    );
    assert!(
        to_come.contains("[models.\"mx711\".papers.\"iso_a3_297x420mm\"]\nsheet = \"1\"\n"),
        "{to_come}"
    );

    // What is shown can be set again.
    fs::write(&file, now).unwrap();
    assert!(said(&set).contains("version 3"));
}
