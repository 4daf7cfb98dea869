//! The demo, as a person tries it.

use std::net::SocketAddr;

use nix::sys::signal::Signal;

use crate::http::get;
use crate::program::{Program, refused};
use crate::sockets::udp_listeners;

/// A `curl` line of the demo, taken apart.
pub(crate) struct Door {
    pub(crate) address: SocketAddr,
    pub(crate) path: String,
    header: String,
}

impl Door {
    pub(crate) fn parse(line: &str) -> Option<Self> {
        let (header, url) = line.strip_prefix("curl -H '")?.split_once("' http://")?;
        let (address, path) = url.split_once('/')?;
        Some(Self {
            address: address.parse().ok()?,
            path: format!("/{path}"),
            header: header.to_owned(),
        })
    }

    /// What the line, pasted, brings in.
    pub(crate) fn open(&self) -> std::io::Result<(u16, String)> {
        get(self.address, &self.path, &[&self.header])
    }
}

/// The three doors the demo shows.
pub(crate) fn doors(demo: &Program) -> Vec<Door> {
    (0..3).map(|_| demo.wait_for(Door::parse)).collect()
}

/// Devices in a JSON array of rows, told apart by their identifier.
fn devices(rows: &str) -> usize {
    let mut ids: Vec<_> = rows
        .split("\"DeviceId\":\"")
        .skip(1)
        .map(|rest| rest.get(..36))
        .collect();
    ids.sort_unstable();
    ids.dedup();
    ids.len()
}

#[test]
fn the_demo_collects_48_printers_serves_them_and_ends_by_interrupt() {
    for _ in ["at first", "and right after that"] {
        let demo = Program::start(&["demo", "--listen", "127.0.0.1:0"]);
        let doors = doors(&demo);
        for door in &doors {
            let (status, rows) = door.open().unwrap();
            assert_eq!((status, devices(&rows)), (200, 48), "{}", door.path);
        }
        // The simulated fleet itself listens; nothing else does.
        assert_eq!(udp_listeners(demo.id()).len(), 1);
        assert_eq!(demo.end(Signal::SIGINT).code(), Some(0));
    }
}

#[test]
fn an_address_that_is_taken_names_the_option() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let directory = tempfile::tempdir().unwrap();
    let text = refused(&["demo", "--listen", &address], directory.path());
    let text = text.replace(&address, "ADDRESS");
    insta::assert_snapshot!(text, @"platen: cannot listen on ADDRESS: is another Platen running? Choose another address with --listen, such as --listen 127.0.0.1:0: Address already in use (os error 98)");
}
