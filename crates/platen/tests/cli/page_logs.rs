//! Page logs of CUPS as an administrator takes them in: what is said of their form.

use std::fs;
use std::path::Path;

use crate::init::installation;
use crate::program::{run, said};

/// In the order of no CUPS: the job first, and then who knows.
const TWO_WAYS: &str = "9 hall rita [02/Oct/2026:15:01:38 +0000] total 4 Plan b\n";

/// The exit status of an import of a file with this content, and what it says.
fn import(directory: &Path, log: &str, rest: &[&str]) -> (i32, String) {
    let config = directory.join("platen/platen.toml");
    if !config.exists() {
        installation(directory);
    }
    let file = directory.join("log");
    fs::write(&file, log).unwrap();
    let (file, config) = (file.to_str().unwrap(), config.to_str().unwrap());
    let output = run(&[&["import", file, "--config", config], rest].concat());
    let text = [output.stdout, output.stderr].concat();
    let text = String::from_utf8(text).unwrap();
    let text = text.replace(&directory.display().to_string(), "DIR");
    (output.status.code().unwrap(), text)
}

#[test]
fn a_form_is_said_where_it_is_recognised_and_asked_for_where_it_is_not() {
    let directory = tempfile::tempdir().unwrap();
    let quoted = "\"hall rita 9 [02/Oct/2026:15:01:38 +0000] total 4 4 2 Plan b A4 one-sided\"\n\
        \"hall olga 10 [02/Oct/2026:15:02:38 +0000] total 1 1 1 a A4 one-sided\"\n";
    let (status, told) = import(directory.path(), quoted, &[]);
    assert_eq!(status, 0);
    insta::assert_snapshot!(told.lines().take(2).collect::<Vec<_>>().join("\n"), @r"
    DIR/log (page-log): 2 jobs: 2 new, 0 revised, 0 known already
      read as: printer user job time page count impressions - title media sides
    ");
    let (status, told) = import(directory.path(), TWO_WAYS, &[]);
    assert_eq!(status, 2);
    insta::assert_snapshot!(told.lines().take(4).collect::<Vec<_>>().join("\n"), @r#"
    DIR/log (page-log): refused whole: line 1 can be read in more than one way: 9 hall rita [02/Oct/2026:15:01:38 +0000] total 4 Plan b
      '%j %p %u %T %P %C %{job-name}' reads: job "9", printer "hall", user "rita", page "total", count "4", title "Plan b"
      '%j %u %p %T %P %C %{job-name}' reads: job "9", user "hall", printer "rita", page "total", count "4", title "Plan b"
      say what PageLogFormat in cupsd.conf says: --page-log-format '%j %p %u %T %P %C %{job-name}', or in a section format = "…"
    "#);
    // The format says as well that it is a page log.
    let format = ["--page-log-format", "\"%j %u %p %T %P %C %{job-name}\""];
    let (status, told) = import(directory.path(), TWO_WAYS, &format);
    assert_eq!(status, 0, "{told}");
    assert!(told.contains("(page-log): 1 job: 1 new"), "{told}");
}

#[test]
fn the_check_says_by_which_form_a_log_is_read() {
    let directory = tempfile::tempdir().unwrap();
    let config = directory.path().join("collect.toml");
    let section = |name: &str| format!("[[page_log]]\ninstance = \"{name}\"\npath = \"{name}\"\n");
    fs::write(&config, section("old") + &section("odd") + &section("none")).unwrap();
    let old = "hall rita 9 [02/Oct/2010:15:01:38 +0000] 1 1 - localhost\n";
    fs::write(directory.path().join("old"), old).unwrap();
    fs::write(directory.path().join("odd"), TWO_WAYS).unwrap();
    let told = said(&["collect", "check", "--config", config.to_str().unwrap()]);
    let told = told.replace(&directory.path().display().to_string(), "DIR");
    let told = told.split_once("\n\nDIR/old").unwrap().1;
    insta::assert_snapshot!(told, @r#"
     is read as: printer user job time page count account computer
    DIR/odd: line 1 can be read in more than one way: 9 hall rita [02/Oct/2026:15:01:38 +0000] total 4 Plan b
      '%j %p %u %T %P %C %{job-name}' reads: job "9", printer "hall", user "rita", page "total", count "4", title "Plan b"
      '%j %u %p %T %P %C %{job-name}' reads: job "9", user "hall", printer "rita", page "total", count "4", title "Plan b"
      say what PageLogFormat in cupsd.conf says: --page-log-format '%j %p %u %T %P %C %{job-name}', or in a section format = "…"
    DIR/none: no line tells its form yet
    "#);
}
