//! Print logs from files, as an administrator takes them in.

use std::fs;
use std::path::{Path, PathBuf};

use crate::program::{run, said};

/// Three jobs, one of them without pages.
const PRINT_LOG: &str = "\
PaperCut Print Logger - http://www.papercut.com/
Time,User,Pages,Copies,Printer,Document Name,Client,Paper Size,Language,Height,Width,Duplex,Grayscale,Size
2026-05-29 17:50:10,amelie,1,2,MFP-01,\"Budget, draft\",PC01,A4,PCL6,,,NOT DUPLEX,GRAYSCALE,19kb,
2026-05-29 17:51:10,amelie,many,1,MFP-01,Budget,PC01,A4,PCL6,,,NOT DUPLEX,GRAYSCALE,19kb,
2026-05-30 08:00:00,bob,3,1,MFP-01,Notes,PC02,A4,PCL6,,,DUPLEX,NOT GRAYSCALE,7kb,
";

/// A line of NDJSON that no printer can have printed yet.
const OF_THE_FUTURE: &str = r#"{"source":"agent|test","id":"2","completed_at":"2126-01-05T09:31:00+01:00","user":"ada","queue":"hall"}"#;
const OF_TODAY: &str = r#"{"source":"agent|test","id":"1","completed_at":"2026-01-05T09:31:00+01:00","user":"ada","queue":"hall"}"#;

/// An installation with a directory of logs.
pub(crate) struct Place {
    directory: tempfile::TempDir,
    config: PathBuf,
}

impl Place {
    pub(crate) fn new() -> Self {
        Self::of_zone("Europe/Berlin")
    }

    /// One whose organization is in this time zone.
    pub(crate) fn of_zone(zone: &str) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let data = directory.path().join("platen");
        said(&[
            "init",
            "--organization=Northwind",
            "--time-zone",
            zone,
            "--directory",
            data.to_str().unwrap(),
        ]);
        let config = data.join("platen.toml");
        let text = fs::read_to_string(&config).unwrap();
        let text = text.replace("127.0.0.1:8631", "127.0.0.1:0");
        fs::write(&config, text).unwrap();
        Self { directory, config }
    }

    pub(crate) fn config(&self) -> &str {
        self.config.to_str().unwrap()
    }

    pub(crate) fn path(&self) -> &Path {
        self.directory.path()
    }

    pub(crate) fn log(&self, name: &str, text: impl AsRef<[u8]>) -> String {
        let path = self.path().join(name);
        fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    }

    /// The exit status of `platen import` and what it says, with `DIR` for the directory.
    pub(crate) fn import(&self, arguments: &[&str]) -> (i32, String) {
        let config = ["--config", self.config.to_str().unwrap()];
        let output = run(&[&["import"], arguments, &config].concat());
        let text = [output.stdout, output.stderr].concat();
        let text = String::from_utf8(text).unwrap();
        let text = text.replace(self.path().to_str().unwrap(), "DIR");
        (output.status.code().unwrap(), text)
    }
}

#[test]
fn a_log_is_taken_in_once_and_what_is_wrong_in_it_is_named() {
    let place = Place::new();
    let log = place.log("papercut-print-log-2026-05.csv", PRINT_LOG);
    let import = |rest: &[&str]| {
        let fixed = [log.as_str(), "--instance=office", "--zone=Europe/Berlin"];
        place.import(&[&fixed, rest].concat())
    };
    let (status, text) = import(&["--dry-run"]);
    assert_eq!(status, 1);
    insta::assert_snapshot!(text, @r"
    DIR/papercut-print-log-2026-05.csv (papercut): 2 jobs would be taken in
      1 line skipped: before the header
      1 line skipped: header
      1 line refused: field 'pages': expected a whole number from 0 to 4294967295
        line 4: field 'pages': expected a whole number from 0 to 4294967295
          seen: 2026-05-29 17:51:10,amelie,many,1,MFP-01,Budget,PC01,A4,PCL6,,,NOT DUPLEX,GRAYSCALE,19kb,
      mend these lines and import the file again: what is kept already stays as it is
      first record, as it would be kept:
        when      2026-05-29 17:50:10 +02 Europe/Berlin, time quality: assumed-zone
        user      amelie
        printer   MFP-01
        pages     1, copies 2, sides marked 2, sheets 2
        colour    monochrome
        sides     one-sided
        document  Budget, draft
        computer  PC01
        paper     iso_a4_210x297mm
        state     completed
        key       pcpl|office|2026-05-29|956f30bffdb987f1|1
      last record, as it would be kept:
        when      2026-05-30 08:00:00 +02 Europe/Berlin, time quality: assumed-zone
        user      bob
        printer   MFP-01
        pages     3, copies 1, sides marked 3, sheets 2
        colour    color
        sides     two-sided
        document  Notes
        computer  PC02
        paper     iso_a4_210x297mm
        state     completed
        key       pcpl|office|2026-05-30|46393f0839163961|1
    platen: lines would be refused
    ");
    let (status, text) = import(&[]);
    assert_eq!(status, 1);
    insta::assert_snapshot!(text, @r"
    DIR/papercut-print-log-2026-05.csv (papercut): 2 jobs: 2 new, 0 revised, 0 known already
      1 line skipped: before the header
      1 line skipped: header
      1 line refused: field 'pages': expected a whole number from 0 to 4294967295
        line 4: field 'pages': expected a whole number from 0 to 4294967295
          seen: 2026-05-29 17:51:10,amelie,many,1,MFP-01,Budget,PC01,A4,PCL6,,,NOT DUPLEX,GRAYSCALE,19kb,
      mend these lines and import the file again: what is kept already stays as it is
    import 1 ended; to take it back: platen import undo 1
    2 blocks of finished days made ready for reports
    platen: lines were refused; all others are kept
    ");
    for _ in 0..2 {
        let (status, again) = import(&[]);
        assert_eq!(status, 1);
        assert!(
            again.contains("2 jobs: 0 new, 0 revised, 2 known already"),
            "{again}"
        );
    }
}

#[test]
fn a_job_that_cannot_be_is_named_with_its_line_before_it_is_counted() {
    let place = Place::new();
    let log = place.log("jobs.ndjson", format!("{OF_TODAY}\n{OF_THE_FUTURE}\n"));
    let (status, text) = place.import(&[&log, "--dry-run"]);
    assert_eq!(status, 1);
    let shown: Vec<_> = text.lines().take(5).collect();
    insta::assert_snapshot!(shown.join("\n"), @r"
    DIR/jobs.ndjson (ndjson): 1 job would be taken in
      1 line refused: completed_at lies more than a day ahead of this server's clock
        line 2: completed_at lies more than a day ahead of this server's clock
          seen: 2126-01-05 09:31:00 +01 Europe/Berlin, time quality: exact; user ada; printer hall; key agent|test|2
      mend these lines and import the file again: what is kept already stays as it is
    ");
    let (status, text) = place.import(&[&log]);
    assert_eq!(status, 1);
    assert!(
        text.contains("1 job: 1 new, 0 revised, 0 known already\n"),
        "{text}"
    );
    assert!(
        text.contains("  1 line refused: completed_at lies more than"),
        "{text}"
    );
}

#[test]
fn a_file_that_is_no_log_is_refused_in_words_and_costs_the_others_nothing() {
    let place = Place::new();
    let notes = place.log("notes.txt", "Dear diary\n");
    let jobs = place.log("jobs.ndjson", OF_TODAY);
    let (status, text) = place.import(&[&notes, &jobs]);
    assert_eq!(status, 2);
    let kinds = |line: &str| match line.split_once("one of ") {
        Some((before, _)) => format!("{before}one of KINDS"),
        None => line.to_owned(),
    };
    let text: Vec<_> = text.lines().map(kinds).collect();
    insta::assert_snapshot!(text.join("\n"), @r#"
    DIR/notes.txt: refused whole: nothing tells which kind of print log this is; it begins with "Dear diary"; say the kind: --kind KIND, one of KINDS
    DIR/jobs.ndjson (ndjson): 1 job: 1 new, 0 revised, 0 known already
    import 1 ended; to take it back: platen import undo 1
    1 blocks of finished days made ready for reports
    platen: of a file nothing was taken in
    "#);
    let (status, text) = place.import(&[&notes, "--kind=table"]);
    assert_eq!(status, 2);
    insta::assert_snapshot!(text, @r#"
    DIR/notes.txt (table): refused whole: a table needs a column map that says which column holds what: --columns map.toml, or in a [[drop]] section column_map = "map.toml"; docs/tables.md has examples
    import 2 ended; to take it back: platen import undo 2
    0 blocks of finished days made ready for reports
    platen: of a file nothing was taken in
    "#);
    let (status, text) = place.import(&["missing.csv"]);
    assert_eq!(status, 2);
    insta::assert_snapshot!(text, @r"
    missing.csv: refused whole: cannot be read: No such file or directory (os error 2)
    import 3 ended; to take it back: platen import undo 3
    0 blocks of finished days made ready for reports
    platen: of a file nothing was taken in
    ");
}

#[test]
fn an_import_has_a_number_by_which_it_is_listed_and_taken_back() {
    let place = Place::new();
    let log = place.log("jobs.ndjson", OF_TODAY);
    let list = || {
        let (status, text) = place.import(&["list"]);
        assert_eq!(status, 0);
        // When it was is the only thing that differs.
        let dated = |line: &str| {
            let words: Vec<_> = line.split(' ').collect();
            match words[..] {
                ["import", number, "of", _, _, _, ref rest @ ..] => {
                    format!("import {number} of TIME {}", rest.join(" "))
                }
                _ => line.to_owned(),
            }
        };
        let lines: Vec<_> = text.lines().map(dated).collect();
        lines.join("\n")
    };
    insta::assert_snapshot!(list(), @r#"nothing was imported for "Northwind" so far"#);
    place.import(&[&log]);
    place.import(&[&log, "missing.csv"]);
    insta::assert_snapshot!(list(), @r"
    import 2 of TIME by operator, ended
      DIR/jobs.ndjson (ndjson): 0 new, 0 revised, 1 known already, 0 refused
      missing.csv: refused whole
    import 1 of TIME by operator, ended
      DIR/jobs.ndjson (ndjson): 1 new, 0 revised, 0 known already, 0 refused
    ");

    let (status, text) = place.import(&["undo", "1"]);
    assert_eq!(status, 0);
    insta::assert_snapshot!(text, @r"
    import 1 taken back: 1 job removed, 0 as before it, 0 left as they are
      later imports found jobs known already, some perhaps by this one: import their files again (import 2)
    ");
    let (status, text) = place.import(&["undo", "1"]);
    assert_eq!(status, 1);
    insta::assert_snapshot!(text, @"platen: import 1 was taken back already, and that cannot be undone: import its files again (platen import FILE...)");
    let (status, text) = place.import(&["undo", "9"]);
    assert_eq!(status, 1);
    insta::assert_snapshot!(text, @"platen: there is no import 9; `platen import list` shows those there are");
    let taken_back = list();
    assert!(taken_back.contains("taken back on "), "{taken_back}");

    // The same file yields the same.
    let (status, text) = place.import(&[&log]);
    assert_eq!(status, 0);
    assert!(
        text.contains("1 job: 1 new, 0 revised, 0 known already\n"),
        "{text}"
    );
    assert!(
        text.contains("import 3 ended; to take it back: platen import undo 3\n"),
        "{text}"
    );

    // A file that is named as a command is said to be a file.
    let list = place.log("list", OF_TODAY);
    let (status, text) = place.import(&[&list, "--kind=ndjson", "--dry-run"]);
    assert_eq!(status, 0, "{text}");
}

#[test]
fn a_log_without_faults_ends_with_0_and_what_cannot_begin_with_2() {
    let place = Place::new();
    let log = place.log("jobs.ndjson", OF_TODAY);
    assert_eq!(place.import(&[&log, "--dry-run"]).0, 0);
    assert_eq!(place.import(&[&log]).0, 0);
    let (status, text) = place.import(&[&log, "--zone=Mars/Phobos"]);
    assert_eq!(status, 2);
    insta::assert_snapshot!(text, @"platen: --zone Mars/Phobos: not an IANA time zone");
    let (status, text) = place.import(&[&log, "--organization=Southwind"]);
    assert_eq!(status, 2);
    insta::assert_snapshot!(text, @r#"platen: there is no organization named "Southwind"; there is "Northwind""#);
}
