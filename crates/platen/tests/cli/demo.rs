//! The demo, as a person tries it.

use std::net::SocketAddr;

use nix::sys::signal::Signal;

use crate::first_charge::{are_installed, pasted};
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

/// The lines that lead into the Accounts API.
fn accounts_lines(demo: &Program) -> String {
    let mut lines = demo.wait_for(|line| line.starts_with("CLIENT_ID=").then(|| line.to_owned()));
    while !lines.contains("/accounts/v1/") {
        lines.push('\n');
        lines += &demo.wait_for(|line| Some(line.to_owned()));
    }
    lines
}

/// Balances in a page of them, and how many of them are not what was allocated.
fn balances(page: &str) -> (usize, usize) {
    let member = |rest: &str| rest.split(',').next().map(str::to_owned);
    let pairs = page.split("\"balance\":").skip(1).map(|rest| {
        let (_, after) = rest.split_once("\"allocated\":").unwrap();
        (member(rest), member(after))
    });
    let pairs: Vec<_> = pairs.collect();
    let moved = pairs
        .iter()
        .filter(|(balance, allocated)| balance != allocated);
    (pairs.len(), moved.count())
}

/// Pastes what the demo shows of the Accounts API: its people have printed on accounts, and
/// nothing of the year before was charged.
fn accounts_are_charged(demo: &Program, address: SocketAddr) {
    let lines = accounts_lines(demo);
    if !are_installed(&["curl"]) {
        return;
    }
    let list = format!(
        "\ncurl -sS -H \"Authorization: Bearer $TOKEN\" http://{address}/accounts/v1/charges?limit=500"
    );
    let script = lines.replace("curl -H", "curl -sS -H") + "; echo" + &list;
    let directory = tempfile::tempdir().unwrap();
    let printed = pasted(&script, directory.path(), address);
    let (page, charges) = printed.split_once('\n').unwrap();
    let (users, moved) = balances(page);
    assert!(users >= moved && moved > 0, "{page}");
    let count = charges.matches("\"state\":\"charged\"").count();
    assert!((moved..=100).contains(&count), "{count} charges");
}

#[test]
fn the_demo_collects_48_printers_charges_accounts_and_ends_by_interrupt() {
    for _ in ["at first", "and right after that"] {
        let demo = Program::start(&["demo", "--listen", "127.0.0.1:0"]);
        let doors = doors(&demo);
        for door in &doors {
            let (status, rows) = door.open().unwrap();
            assert_eq!((status, devices(&rows)), (200, 48), "{}", door.path);
        }
        accounts_are_charged(&demo, doors[0].address);
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
