//! Which UDP ports a process listens on, as `ss -lun` shows them.

use std::fs;

/// State of a UDP socket that takes datagrams from anybody (`TCP_CLOSE` in Linux's
/// `include/net/tcp_states.h`); a connected one takes them from its peer only.
const UNCONNECTED: &str = "07";

/// Local addresses, in hex, of the UDP sockets on which `process` listens.
pub(crate) fn udp_listeners(process: u32) -> Vec<String> {
    let inodes: Vec<String> = fs::read_dir(format!("/proc/{process}/fd"))
        .expect("the process is running")
        .filter_map(|entry| fs::read_link(entry.ok()?.path()).ok())
        .filter_map(|target| {
            let name = target.to_str()?.strip_prefix("socket:[")?;
            name.strip_suffix(']').map(str::to_owned)
        })
        .collect();
    let tables =
        ["udp", "udp6"].map(|table| fs::read_to_string(format!("/proc/{process}/net/{table}")));
    let tables: Vec<_> = tables.into_iter().flatten().collect();
    let rows = tables.iter().flat_map(|table| table.lines().skip(1));
    rows.filter_map(|row| {
        let fields: Vec<_> = row.split_whitespace().collect();
        let (local, state, inode) = (fields.get(1)?, fields.get(3)?, fields.get(9)?);
        let listens = *state == UNCONNECTED && inodes.iter().any(|own| own == inode);
        listens.then(|| (*local).to_owned())
    })
    .collect()
}
