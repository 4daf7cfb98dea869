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

#[test]
fn jobs_without_a_cost_are_priced_when_prices_are_set_and_all_on_purpose() {
    let directory = tempfile::tempdir().unwrap();
    let (config, _) = installation(directory.path());
    let config = ["--config", config.to_str().unwrap()];
    let jobs = directory.path().join("jobs.ndjson");
    let job = |id: u32, more: &str| {
        format!(
            "{{\"source\":\"agent|test\",\"id\":\"{id}\",\"completed_at\":\
             \"2026-01-05T12:0{id}:00Z\",\"impressions\":10{more}}}\n"
        )
    };
    let mono = ",\"color_mode\":\"monochrome\"";
    let text = [job(1, mono), job(2, mono), job(3, "")].concat();
    fs::write(&jobs, text).unwrap();
    said(&[&["import", jobs.to_str().unwrap()][..], &config].concat());

    let file = directory.path().join("prices.toml");
    let set = |mono: &str| {
        let prices = format!(
            "currency = 'EUR'\nvalid_from = 2026-01-01\n[default]\nmono_side = {mono}\n\
             color_side = 1\n"
        );
        fs::write(&file, prices).unwrap();
        said(&[&["prices", "set", file.to_str().unwrap()][..], &config].concat())
    };
    insta::assert_snapshot!(set("'0.015'"), @r#"
    Set for "Northwind": version 1: EUR, 1 tariff, valid from 2026-01-01
    2 jobs without a cost priced: 0.30 EUR; 1 job without one still: a price or a count is missing
    "#);
    insta::assert_snapshot!(set("'0.02'"), @r#"
    Set for "Northwind": version 2: EUR, 1 tariff, valid from 2026-01-01
    0 jobs without a cost priced: 0.00 EUR; 1 job without one still: a price or a count is missing
    "#);
    let apply = |from| [&["prices", "apply", "--from", from][..], &config].concat();
    insta::assert_snapshot!(said(&apply("2026-01-01")), @"3 jobs looked at, 2 priced anew: 0.30 EUR before, 0.40 EUR after; 1 without a cost");
    insta::assert_snapshot!(refused(&apply("1.1.2026"), directory.path()), @"platen: --from 1.1.2026: expected a day such as 2026-01-01, or an instant with its offset such as 2026-01-01T06:00:00+01:00");
}
