//! Print logs from files, as an administrator takes them in.

use std::fs;

use crate::init::installation;
use crate::program::{refused, said};

/// Three jobs, one of them without pages.
const PRINT_LOG: &str = "\
PaperCut Print Logger - http://www.papercut.com/
Time,User,Pages,Copies,Printer,Document Name,Client,Paper Size,Language,Height,Width,Duplex,Grayscale,Size
2026-05-29 17:50:10,amelie,1,2,MFP-01,\"Budget, draft\",PC01,A4,PCL6,,,NOT DUPLEX,GRAYSCALE,19kb,
2026-05-29 17:51:10,amelie,many,1,MFP-01,Budget,PC01,A4,PCL6,,,NOT DUPLEX,GRAYSCALE,19kb,
2026-05-30 08:00:00,bob,3,1,MFP-01,Notes,PC02,A4,PCL6,,,DUPLEX,NOT GRAYSCALE,7kb,
";

#[test]
fn a_log_is_taken_in_once_and_what_is_wrong_in_it_is_named() {
    let directory = tempfile::tempdir().unwrap();
    let (config, _) = installation(directory.path());
    let log = directory.path().join("papercut-print-log-2026-05.csv");
    fs::write(&log, PRINT_LOG).unwrap();
    let import = |rest: &[&str]| {
        let fixed = [
            "import",
            log.to_str().unwrap(),
            "--instance=office",
            "--zone=Europe/Berlin",
            "--config",
            config.to_str().unwrap(),
        ];
        let text = said(&[&fixed, rest].concat());
        text.replace(&directory.path().display().to_string(), "DIR")
    };
    insta::assert_snapshot!(import(&["--dry-run"]), @r"
    DIR/papercut-print-log-2026-05.csv (papercut): 2 jobs would be taken in
      1 line skipped: before the header
      1 line skipped: header
      1 line refused: field 'pages': expected a whole number from 0 to 4294967295
        line 4: field 'pages': expected a whole number from 0 to 4294967295
    ");
    insta::assert_snapshot!(import(&[]), @r"
    DIR/papercut-print-log-2026-05.csv (papercut): 2 jobs: 2 new, 0 revised, 0 known already
      1 line skipped: before the header
      1 line skipped: header
      1 line refused: field 'pages': expected a whole number from 0 to 4294967295
        line 4: field 'pages': expected a whole number from 0 to 4294967295
    2 blocks of finished days made ready for reports
    ");
    for _ in 0..2 {
        let again = import(&[]);
        assert!(
            again.contains("2 jobs: 0 new, 0 revised, 2 known already"),
            "{again}"
        );
    }
}

#[test]
fn a_file_that_is_no_log_is_refused_in_words() {
    let directory = tempfile::tempdir().unwrap();
    let (config, _) = installation(directory.path());
    let file = directory.path().join("notes.txt");
    fs::write(&file, "Dear diary\n").unwrap();
    let (file, config) = (file.to_str().unwrap(), config.to_str().unwrap());
    let import = ["import", file, "--config", config];
    insta::assert_snapshot!(refused(&import, directory.path()), @"platen: DIR/notes.txt: nothing tells which kind of print log this is; say it with --kind");
    let wrong = ["import", file, "--kind=table", "--config", config];
    insta::assert_snapshot!(refused(&wrong, directory.path()), @"platen: 1 of the files could not be read to their end");
}
