//! Sudden death, again and again.

use std::time::Duration;

use nix::sys::signal::Signal;

use crate::demo::doors;
use crate::http::wait_until_ready;
use crate::program::Program;

/// How often to kill, unless `PLATEN_KILLS` says otherwise.
const KILLS: u32 = 5;

/// How soon a killed server answers again. Reported here, judged on a quiet machine.
const BACK_WITHIN: Duration = Duration::from_secs(2);

#[test]
fn a_killed_server_comes_back_with_its_keys_and_its_devices() {
    let kills = std::env::var("PLATEN_KILLS")
        .ok()
        .and_then(|count| count.parse().ok());
    let directory = tempfile::tempdir().unwrap();
    let data = directory.path().to_str().unwrap();
    let mut server = Program::start(&["demo", "--data", data, "--listen", "127.0.0.1:0"]);
    let doors = doors(&server);
    let address = doors[0].address;
    let listen = address.to_string();
    for _ in 0..kills.unwrap_or(KILLS) {
        server.end(Signal::SIGKILL);
        server = Program::start(&["demo", "--data", data, "--listen", &listen]);
        let took = wait_until_ready(address);
        if took > BACK_WITHIN {
            eprintln!("back after {took:?}, later than {BACK_WITHIN:?}: a busy machine?");
        }
        for door in &doors {
            let (status, rows) = door.open().unwrap();
            assert_eq!(status, 200, "{}", door.path);
            assert!(rows.contains("DeviceId"), "{}", door.path);
        }
    }
    assert_eq!(server.end(Signal::SIGINT).code(), Some(0));
}
