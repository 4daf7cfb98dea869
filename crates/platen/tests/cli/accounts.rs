//! Accounts by command: files in, files out.

use std::fs;
use std::path::{Path, PathBuf};

use crate::init::installation;
use crate::program::{run, said};

/// A table as somebody keeps it: a line that stands below one that comes later, a code twice.
const TABLE: &str = "\
code,name,parent,tags,points_per_user,period,month_day
FAC,Faculty of Science,,,,,
BIO-101,Biology 101,BIO,course,100,monthly,1
BIO,Biology,fac,,,,
BIO-101,\"Biology, first year\",BIO,course;first year,100,monthly,1
CHEM,Chemistry,FAC,,-5,monthly,1
";

const LINES: &str = r#"
{"user":{"name":"ada","display_name":"Ada Lovelace","email":"ada@example.org"}}
{"user":{"name":"bob","state":"suspended"}}
{"member":{"group":"Staff","user":"ada"}}
{"member":{"group":"Staff","user":"carl"}}
{"account":{"code":"zoo","name":"Zoology","description":"Animals","tags":["b","a"],"valid_from":"2026-09-01"}}
{"account":{"code":"apes","name":"Apes","parent":"ZOO","external_id":"=4711"}}
{"limit":{"account":"apes","points_per_user":0.25,"period":"term","terms":["2026-09-01","2027-02-01"],"carry_over":"all","functions":["print","copy"],"color":"monochrome"}}
{"limit":{"account":"zoo","points_per_user":1000000000,"period":"weekly","week_begins":"sunday","carry_over":12.5,"overdraft":0.000001,"enforcement":"soft","job_points_max":10}}
{"access":{"account":"apes","subject":{"group":"staff"},"verbs":["charge","view"]}}
{"access":{"account":"apes","subject":{"user":"dora"},"verbs":["manage"]}}
{"access":{"account":"zoo","subject":{"everyone":true},"verbs":["charge"]}}
"#;

/// An installation in a directory, and the commands about its accounts.
struct Office {
    directory: tempfile::TempDir,
    config: PathBuf,
}

impl Office {
    fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let (config, _) = installation(directory.path());
        Self { directory, config }
    }

    fn file(&self, name: &str, text: &str) -> String {
        let file = self.directory.path().join(name);
        fs::write(&file, text).unwrap();
        file.to_str().unwrap().to_owned()
    }

    fn arguments<'a>(&'a self, rest: &[&'a str]) -> Vec<&'a str> {
        let config = ["--config", self.config.to_str().unwrap()];
        [&["accounts"], rest, &config[..]].concat()
    }

    /// What a command says that succeeds.
    fn said(&self, rest: &[&str]) -> String {
        without(&said(&self.arguments(rest)), self.directory.path())
    }

    /// What a command says that fails, on both of its outputs.
    fn failed(&self, rest: &[&str]) -> String {
        let output = run(&self.arguments(rest));
        assert_eq!(output.status.code(), Some(1), "{rest:?}");
        let said = [output.stdout, output.stderr].concat();
        without(&String::from_utf8(said).unwrap(), self.directory.path())
    }
}

fn without(text: &str, directory: &Path) -> String {
    text.replace(&directory.display().to_string(), "DIR")
}

#[test]
fn a_table_is_taken_in_line_by_line() {
    let office = Office::new();
    let file = office.file("accounts.csv", TABLE);
    let import = |rest: &[&str]| office.failed(&[&["import", &file], rest].concat());
    insta::assert_snapshot!(import(&["--all-or-nothing"]), @r"
    DIR/accounts.csv: 5 lines: 3 created, 0 updated, 0 unchanged, 2 failed
      line 3: parent: there is no such account
      line 6: points_per_user: expected 0 to 1000000000 points
    Nothing was changed: all lines were to be done, or none.
    platen: lines that failed: 2
    ");
    insta::assert_snapshot!(import(&["--dry-run"]), @r"
    DIR/accounts.csv: 5 lines: 3 created, 0 updated, 0 unchanged, 2 failed
      line 3: parent: there is no such account
      line 6: points_per_user: expected 0 to 1000000000 points
    Nothing was changed: this was a dry run.
    platen: lines that failed: 2
    ");
    insta::assert_snapshot!(office.said(&["export"]), @"code,name,description,external_id,parent,valid_from,valid_until,state,tags,points_per_user,period,week_begins,month_day,terms,carry_over,overdraft,enforcement,job_points_max,functions,color");
    insta::assert_snapshot!(import(&[]), @r"
    DIR/accounts.csv: 5 lines: 3 created, 0 updated, 0 unchanged, 2 failed
      line 3: parent: there is no such account
      line 6: points_per_user: expected 0 to 1000000000 points
    platen: lines that failed: 2
    ");
    insta::assert_snapshot!(import(&[]), @r"
    DIR/accounts.csv: 5 lines: 0 created, 2 updated, 2 unchanged, 1 failed
      line 6: points_per_user: expected 0 to 1000000000 points
    platen: lines that failed: 1
    ");

    insta::assert_snapshot!(office.said(&["check"]), @"Every balance is the sum of its ledger's entries.");

    let export = office.said(&["export"]);
    insta::assert_snapshot!(export, @r#"
    code,name,description,external_id,parent,valid_from,valid_until,state,tags,points_per_user,period,week_begins,month_day,terms,carry_over,overdraft,enforcement,job_points_max,functions,color
    FAC,Faculty of Science,,,,,,active,,,none,,,,0,0,hard,,"print;copy;scan;fax;other",any
    BIO,Biology,,,FAC,,,active,,,none,,,,0,0,hard,,"print;copy;scan;fax;other",any
    BIO-101,"Biology, first year",,,BIO,,,active,"course;first year",100,monthly,,1,,0,0,hard,,"print;copy;scan;fax;other",any
    "#);
    let again = office.file("again.csv", &export);
    insta::assert_snapshot!(office.said(&["import", &again]), @"DIR/again.csv: 3 lines: 0 created, 0 updated, 3 unchanged, 0 failed");
    // Codes and names alone change codes and names alone.
    let renamed = office.file("names.csv", "code;name\nbio-101;Biology I\n");
    insta::assert_snapshot!(office.said(&["import", &renamed]), @"DIR/names.csv: 1 line: 0 created, 1 updated, 0 unchanged, 0 failed");
    let kept = office.said(&["export"]);
    let expected = export.replace("BIO-101,\"Biology, first year\"", "bio-101,Biology I");
    assert_eq!(kept, expected);
}

#[test]
fn lines_go_out_and_into_another_place_unchanged() {
    let (one, other) = (Office::new(), Office::new());
    let lines = one.file("accounts.ndjson", LINES);
    insta::assert_snapshot!(one.said(&["import", &lines]), @"DIR/accounts.ndjson: 11 lines: 5 created, 6 updated, 0 unchanged, 0 failed");
    insta::assert_snapshot!(one.said(&["import", &lines, "--all-or-nothing"]), @"DIR/accounts.ndjson: 11 lines: 0 created, 0 updated, 11 unchanged, 0 failed");
    let export = one.said(&["export", "--format=ndjson"]);
    insta::assert_snapshot!(export, @r#"
    {"user":{"name":"ada","display_name":"Ada Lovelace","email":"ada@example.org","external_id":null,"state":"active"}}
    {"user":{"name":"bob","display_name":null,"email":null,"external_id":null,"state":"suspended"}}
    {"user":{"name":"carl","display_name":null,"email":null,"external_id":null,"state":"active"}}
    {"user":{"name":"dora","display_name":null,"email":null,"external_id":null,"state":"active"}}
    {"member":{"group":"Staff","user":"ada"}}
    {"member":{"group":"Staff","user":"carl"}}
    {"account":{"code":"zoo","name":"Zoology","description":"Animals","external_id":null,"parent":null,"valid_from":"2026-09-01","valid_until":null,"state":"active","tags":["a","b"]}}
    {"limit":{"account":"zoo","points_per_user":1000000000,"period":"weekly","week_begins":"sunday","carry_over":12.5,"overdraft":1e-6,"enforcement":"soft","job_points_max":10,"functions":["print","copy","scan","fax","other"],"color":"any"}}
    {"access":{"account":"zoo","subject":{"everyone":true},"verbs":["charge"]}}
    {"account":{"code":"apes","name":"Apes","description":null,"external_id":"=4711","parent":"zoo","valid_from":null,"valid_until":null,"state":"active","tags":[]}}
    {"limit":{"account":"apes","points_per_user":0.25,"period":"term","terms":["2026-09-01","2027-02-01"],"carry_over":"all","overdraft":0,"enforcement":"hard","job_points_max":null,"functions":["print","copy"],"color":"monochrome"}}
    {"access":{"account":"apes","subject":{"group":"Staff"},"verbs":["charge","view"]}}
    {"access":{"account":"apes","subject":{"user":"dora"},"verbs":["manage"]}}
    "#);
    let moved = other.file("export.ndjson", &export);
    other.said(&["import", &moved]);
    assert_eq!(other.said(&["export", "--format=ndjson"]), export);
    assert_eq!(other.said(&["export"]), one.said(&["export"]));
    let table = other.file("export.csv", &one.said(&["export"]));
    insta::assert_snapshot!(other.said(&["import", &table]), @"DIR/export.csv: 2 lines: 0 created, 0 updated, 2 unchanged, 0 failed");
}

#[test]
fn users_come_with_their_groups_and_keep_what_the_table_does_not_say() {
    let office = Office::new();
    let lines = office.file("first.ndjson", LINES);
    office.said(&["import", &lines]);
    let table = "user,display_name,groups\nBob,Bob B.,Choir;Staff\neve,,choir\n,,\n";
    let users = office.file("users.csv", table);
    insta::assert_snapshot!(office.failed(&["users", "import", &users]), @r"
    DIR/users.csv: 3 lines: 1 created, 1 updated, 0 unchanged, 1 failed
      line 4: name: expected 1 to 255 characters, no control characters, no blanks at the ends and no two in a row
    platen: lines that failed: 1
    ");
    let export = office.said(&["export", "--format=ndjson"]);
    let people: Vec<_> = export
        .lines()
        .filter(|line| !line.contains("\"account\""))
        .collect();
    insta::assert_snapshot!(people.join("\n"), @r#"
    {"user":{"name":"ada","display_name":"Ada Lovelace","email":"ada@example.org","external_id":null,"state":"active"}}
    {"user":{"name":"Bob","display_name":"Bob B.","email":null,"external_id":null,"state":"suspended"}}
    {"user":{"name":"carl","display_name":null,"email":null,"external_id":null,"state":"active"}}
    {"user":{"name":"dora","display_name":null,"email":null,"external_id":null,"state":"active"}}
    {"user":{"name":"eve","display_name":null,"email":null,"external_id":null,"state":"active"}}
    {"member":{"group":"Choir","user":"Bob"}}
    {"member":{"group":"Choir","user":"eve"}}
    {"member":{"group":"Staff","user":"ada"}}
    {"member":{"group":"Staff","user":"Bob"}}
    {"member":{"group":"Staff","user":"carl"}}
    "#);
}

#[test]
fn a_file_that_cannot_be_read_is_refused_in_words() {
    let office = Office::new();
    let wrong = office.file("wrong.csv", "Kostenstelle,Name\n");
    insta::assert_snapshot!(office.failed(&["import", &wrong]), @r#"platen: DIR/wrong.csv: line 1: there is no column "Kostenstelle"; expected some of code, name, description, external_id, parent, valid_from, valid_until, state, tags, points_per_user, period, week_begins, month_day, terms, carry_over, overdraft, enforcement, job_points_max, functions, color"#);
    let users = office.file("users.csv", "code,name\n");
    insta::assert_snapshot!(office.failed(&["users", "import", &users]), @r#"platen: DIR/users.csv: line 1: there is no column "code"; expected some of user, display_name, email, external_id, state, groups"#);
    let out = office.file("there.csv", "");
    insta::assert_snapshot!(office.failed(&["export", "--out", &out]), @"platen: cannot write DIR/there.csv: File exists (os error 17)");
}
