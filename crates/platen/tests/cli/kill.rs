//! Sudden death, again and again.

use std::time::Duration;

use nix::sys::signal::Signal;

use crate::demo::doors;
use crate::http::wait_until_ready;
use crate::program::Program;

/// How often to kill, unless `PLATEN_KILLS` says otherwise.
const KILLS: u32 = 5;

/// How soon a killed server answers again.
const BACK_WITHIN: Duration = Duration::from_secs(2);

#[test]
fn a_killed_server_comes_back_with_its_keys_and_its_devices() {
    let kills = std::env::var("PLATEN_KILLS")
        .ok()
        .and_then(|count| count.parse().ok());
    let kills = kills.unwrap_or(KILLS);
    let directory = tempfile::tempdir().unwrap();
    let data = directory.path().to_str().unwrap();
    let mut server = Program::start(&["demo", "--data", data, "--listen", "127.0.0.1:0"]);
    let doors = doors(&server);
    let address = doors[0].address;
    let listen = address.to_string();
    let mut slowest = Duration::ZERO;
    for _ in 0..kills {
        server.end(Signal::SIGKILL);
        server = Program::start(&["demo", "--data", data, "--listen", &listen]);
        slowest = slowest.max(wait_until_ready(address));
        for door in &doors {
            let (status, rows) = door.open().unwrap();
            assert_eq!(status, 200, "{}", door.path);
            assert!(rows.contains("DeviceId"), "{}", door.path);
        }
    }
    // Judged on a quiet machine: no test may depend on how busy this one is.
    eprintln!("killed {kills} times; back after {slowest:?} at most, {BACK_WITHIN:?} wanted");
    assert_eq!(server.end(Signal::SIGINT).code(), Some(0));
}
