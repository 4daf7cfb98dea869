//! The collector at another site, beside a real server.

use std::fs;
use std::path::Path;

use nix::sys::signal::Signal;

use crate::init::installation;
use crate::program::{Program, refused, said};

const RECORDS: &str = "\
{\"source\":\"agent|a\",\"id\":\"1\",\"completed_at\":\"2026-01-02T03:04:05Z\",\"impressions\":2}
{\"source\":\"agent|a\",\"id\":\"2\",\"completed_at\":\"1970-01-02T03:04:05Z\"}
{\"source\":\"agent|a\",\"id\":\"3\",\"completed_at\":\"2026-01-02T03:04:05Z\",\"user\":\"ada\"}
";

/// What `status` says of a label.
fn told<'a>(status: &'a str, label: &str) -> &'a str {
    let line = status.lines().find_map(|line| line.strip_prefix(label));
    line.expect("the label is there").trim()
}

fn configured(place: &Path) -> String {
    fs::create_dir(place.join("in")).unwrap();
    let config = place.join("collect.toml");
    let text = "[[drop]]\ninstance = \"site\"\ndirectory = \"in\"\n";
    fs::write(&config, text).unwrap();
    config.to_str().unwrap().to_owned()
}

#[test]
fn a_site_enrols_and_everything_it_has_arrives_once() {
    let directory = tempfile::tempdir().unwrap();
    let (server_config, _) = installation(directory.path());
    let server_config = server_config.to_str().unwrap();
    let code = said(&["collector", "enrol-code", "--config", server_config]);
    let code = code.lines().last().unwrap().trim();

    let server = Program::start(&["serve", "--config", server_config]);
    let url = format!("http://{}", server.address());
    let config = configured(directory.path());
    let collect = ["collect", "--config", &config, "--server", &url];
    let enrol = [&collect[..], &["--enrol", code, "--name", "Bonn"]].concat();
    let text = said(&enrol);
    assert!(text.starts_with("\"Bonn\" is enrolled"), "{text}");

    fs::write(directory.path().join("in/jobs.ndjson"), RECORDS).unwrap();
    for _ in 0..2 {
        said(&[&collect[..], &["--once"]].concat());
    }
    let status = said(&["collect", "status", "--config", &config]);
    assert_eq!(told(&status, "waiting"), "nothing");
    assert_eq!(told(&status, "sent"), "2 records");
    assert!(told(&status, "rejected").starts_with("1 records, the last: completed_at"));

    let on_spool = |words: &[&str]| {
        let text = said(&[&["collect"], words, &["--config", &config]].concat());
        text.replace(&directory.path().display().to_string(), "DIR")
    };
    insta::assert_snapshot!(on_spool(&["retry"]), @"1 records wait to be sent again: platen collect");
    said(&[&collect[..], &["--once"]].concat());
    let out = directory.path().join("refused.ndjson");
    let take_out = ["take-out", out.to_str().unwrap()];
    insta::assert_snapshot!(on_spool(&take_out), @"1 records are in DIR/refused.ndjson, and in the spool no more.");
    let line = fs::read_to_string(&out).unwrap();
    assert!(line.contains(r#""id":"2""#), "{line}");
    assert_eq!(told(&on_spool(&["status"]), "rejected"), "0 records");
    insta::assert_snapshot!(on_spool(&["retry"]), @"The server has refused nothing that is kept.");

    let text = refused(&enrol, directory.path());
    insta::assert_snapshot!(text, @"platen: this collector is enrolled already; to enrol it anew, move DIR/spool/credential away");
    assert_eq!(server.end(Signal::SIGTERM).code(), Some(0));
}

#[test]
fn a_running_collector_ends_with_a_signal_while_its_server_is_away() {
    let directory = tempfile::tempdir().unwrap();
    let config = configured(directory.path());
    let spool = directory.path().join("spool");
    fs::create_dir(&spool).unwrap();
    fs::write(spool.join("credential"), "5".repeat(64)).unwrap();
    let away = "http://127.0.0.1:9";
    let collector = Program::start(&["collect", "--config", &config, "--server", away]);
    while !spool.join("spool.db").exists() {
        std::thread::yield_now();
    }
    assert_eq!(collector.end(Signal::SIGTERM).code(), Some(0));
}

#[test]
fn what_is_missing_is_said_with_what_to_do() {
    let directory = tempfile::tempdir().unwrap();
    let config = configured(directory.path());
    let collect = |words: &[&str]| {
        let arguments = [&["collect", "--config", &config], words].concat();
        refused(&arguments, directory.path())
    };
    insta::assert_snapshot!(collect(&[]), @"platen: no server is named: give --server URL, or server = \"URL\" in DIR/collect.toml");
    insta::assert_snapshot!(collect(&["--server", "http://print.example"]), @r#"platen: --server: records and credentials are sent over TLS, or within this machine: write https:, found "http://print.example""#);
    insta::assert_snapshot!(collect(&["--server", "http://127.0.0.1:9"]), @r#"platen: this collector is not enrolled: there is no DIR/spool/credential. Make a code on the server with `platen collector enrol-code`, then: platen collect --server URL --enrol CODE --name NAME"#);
    let status = ["collect", "status", "--config", &config];
    insta::assert_snapshot!(refused(&status, directory.path()), @"platen: there is no spool in DIR/spool: nothing was collected yet");
}
