//! What the client's sockets look like from outside; alone in its process, so that every socket
//! of the process is known.

#![allow(
    clippy::indexing_slicing,
    clippy::print_stderr,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

mod snmp_support;

use std::fs;

use platen_collect::snmp::{Abilities, Version};

use snmp_support::{Responder, credential, patient, poll, printer};

#[tokio::test]
async fn no_socket_of_the_client_listens() {
    let devices = [
        Responder::honest(printer(1)).await,
        Responder::honest(printer(2)).await,
    ];
    let client = patient();
    for device in &devices {
        let mut abilities = Abilities::default();
        let credential = credential(Version::V2c);
        let query = poll(None);
        let fetch = client.fetch(device.address, &credential, &mut abilities, &query);
        fetch.await.unwrap();
        let bound_by_devices: Vec<String> = devices.iter().map(local).collect();
        let mut sockets = own_udp_sockets();
        sockets.retain(|(local, _)| !bound_by_devices.contains(local));
        assert_eq!(sockets.len(), 1, "one socket serves both devices");
        assert!(
            sockets.iter().all(|(_, remote)| !remote.ends_with(":0000")),
            "{sockets:?}"
        );
    }
}

fn local(device: &Responder) -> String {
    format!("0100007F:{:04X}", device.address.port())
}

/// Local and remote address of every IPv4 UDP socket of this process, as Linux writes them.
fn own_udp_sockets() -> Vec<(String, String)> {
    let descriptors = fs::read_dir("/proc/self/fd").unwrap();
    let links = descriptors.filter_map(|entry| fs::read_link(entry.unwrap().path()).ok());
    let own: Vec<String> = links.map(|link| link.display().to_string()).collect();
    let table = fs::read_to_string("/proc/net/udp").unwrap();
    let rows = table
        .lines()
        .skip(1)
        .map(|line| line.split_whitespace().collect::<Vec<_>>());
    rows.filter(|fields| own.contains(&format!("socket:[{}]", fields[9])))
        .map(|fields| (fields[1].to_owned(), fields[2].to_owned()))
        .collect()
}
