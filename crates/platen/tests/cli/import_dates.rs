//! Dates and times of print logs, as an administrator takes them in.

use std::fs;

use nix::sys::signal::Signal;

use crate::import::Place;
use crate::program::{Program, said};

/// An export of events with one job at this time.
fn events(time: &str) -> String {
    format!(
        "\"TimeCreated\",\"UserName\",\"PrinterName\",\"Pages\"\r\n\"{time}\",\"ada\",\"FIN\",\"4\"\r\n"
    )
}

#[test]
fn dates_that_stay_open_are_asked_for_and_told_by_the_files_beside_them() {
    let place = Place::new();
    let open = place.log("open.csv", events("5/11/2026 4:45:10 PM"));
    let (status, text) = place.import(&[&open]);
    assert_eq!(status, 2, "{text}");
    let question = "line 2: '5/11/2026 4:45:10 PM' is 5 November 2026 or 11 May 2026";
    assert!(text.contains(question), "{text}");
    assert!(text.contains("--date-order dmy"), "{text}");

    let told = place.log("told.csv", events("24/11/2026 9:12:03 AM"));
    let (status, text) = place.import(&[&open, &told, "--dry-run"]);
    assert_eq!(status, 0, "{text}");
    let neighbours = "dates have the day first, as the logs beside it have them";
    assert!(text.contains(neighbours), "{text}");

    let (status, text) = place.import(&[&open, "--date-order=mdy", "--dry-run"]);
    assert_eq!(status, 0, "{text}");
    assert!(text.contains("2026-05-11"), "{text}");
}

#[test]
fn a_file_has_the_same_times_by_import_and_by_a_collector_elsewhere() {
    let place = Place::of_zone("Asia/Tokyo");
    let config = place.config();
    let jobs = "Time,User,Pages,Copies,Printer,Document Name,Client,Paper Size\r\n\
                2026-05-29 07:50:10,amelie,1,2,MFP-01,Budget,PC01,A4\r\n";
    let log = place.log("papercut.csv", jobs);
    let code = said(&["collector", "enrol-code", "--config", config]);
    let code = code.lines().last().unwrap().trim();
    let server = Program::start(&["serve", "--config", config]);
    let url = format!("http://{}", server.address());
    let collected = place.path().join("in");
    fs::create_dir(&collected).unwrap();
    fs::copy(&log, collected.join("papercut.csv")).unwrap();
    let site = place.log(
        "collect.toml",
        "[[drop]]\ninstance = \"site\"\ndirectory = \"in\"\n",
    );
    let collect = ["collect", "--config", &site, "--server", &url];
    said(&[&collect[..], &["--enrol", code, "--name", "Bonn"]].concat());
    said(&[&collect[..], &["--once"]].concat());
    assert_eq!(server.end(Signal::SIGTERM).code(), Some(0));

    let exported = said(&["person", "export", "amelie", "--config", config]);
    assert!(
        exported.contains("2026-05-29T07:50:10.000+09:00"),
        "{exported}"
    );
    let (status, text) = place.import(&[&log, "--instance=site"]);
    assert_eq!(status, 0, "{text}");
    assert!(text.contains("0 new, 0 revised, 1 known already"), "{text}");
}
