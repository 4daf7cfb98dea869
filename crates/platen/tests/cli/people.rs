//! One person's print jobs by command.

use std::fs;

use crate::init::installation;
use crate::program::{run, said};

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

/// One job each in NDJSON, a page log and a table of PaperCut's.
const RECORD: &str = r#"{"source":"agent|a","id":"1","completed_at":"2026-05-04T08:00:00Z","user":"UNI\\Kim2","impressions":1}
{"source":"agent|a","id":"2","completed_at":"2026-05-04T08:01:00Z","user":"B\\kim2","impressions":1}
"#;
const PAGE_LOG: &str =
    "lobby kim2@uni.example 17 [04/May/2026:10:00:00 +0200] total 3 - pc-1 notes A4 one-sided\n";
const TABLE: &str = "\
PaperCut Print Logger - http://www.papercut.com/
Time,User,Pages,Copies,Printer,Document Name,Client,Paper Size,Language,Height,Width,Duplex,Grayscale,Size
2026-05-04 10:00:00,uni\\KIM2,1,2,MFP-01,Budget,PC01,A4,PCL6,,,NOT DUPLEX,GRAYSCALE,19kb,
";

#[test]
fn a_person_comes_in_by_many_doors_and_is_one() {
    let directory = tempfile::tempdir().unwrap();
    let (config, _) = installation(directory.path());
    let config = ["--config", config.to_str().unwrap()];
    let person = |rest: &[&str]| {
        let output = run(&[&["person"], rest, &config].concat());
        let told = [output.stdout, output.stderr].map(|text| String::from_utf8(text).unwrap());
        assert!(output.status.success(), "{rest:?}: {told:?}");
        told.concat()
    };
    insta::assert_snapshot!(person(&["domains", "set", "UNI", "uni.example"]), @r#"Set for "Northwind": taken off names: uni, uni.example, before and behind them; every other domain stays. Of what is kept, 0 print jobs and 0 balances came to another name."#);
    for (name, text, kind) in [
        ("jobs.ndjson", RECORD, "ndjson"),
        ("page_log", PAGE_LOG, "page-log"),
        ("papercut-print-log-2026-05.csv", TABLE, "papercut"),
    ] {
        let file = directory.path().join(name);
        fs::write(&file, text).unwrap();
        let file = file.to_str().unwrap();
        let reading = ["--kind", kind, "--instance=a", "--zone=Europe/Berlin"];
        said(&[&["import", file], &reading[..], &config].concat());
    }
    let exported = person(&["export", "KIM2"]);
    let users: Vec<_> = exported
        .lines()
        .filter_map(|line| line.split_once("\"UserName\":\"")?.1.split('"').next())
        .collect();
    assert_eq!(users, ["Kim2"; 3], "{exported}");
    assert!(
        exported.contains("B\\kim2"),
        "a namesake is told: {exported}"
    );
    insta::assert_snapshot!(person(&["domains", "show"]), @r"
    Northwind: taken off names: uni, uni.example, before and behind them; every other domain stays
    Taken off so far: UNI, uni, uni.example
    ");
    insta::assert_snapshot!(person(&["merge", "b\\KIM2", "kim2"]), @r"b\KIM2 and kim2 are one person: 1 print jobs and 0 balances came over. Entries of the ledger stay as they are; what was left of balances was transferred.");
    insta::assert_snapshot!(person(&["known-only", "on"]), @r#"Set for "Northwind": only users who were made known are charged; others are refused as unknown-user"#);
    insta::assert_snapshot!(person(&["erase", "uni\\kim2", "--yes"]), @"4 print jobs are nobody's now. Backups made before still hold the name.");
    let gone = run(&[&["person", "export", "kim2"], &config[..]].concat());
    assert_eq!(gone.status.code(), Some(1));
}
