//! SNMP agents that nobody here wrote, run as children on loopback.

#![allow(
    clippy::disallowed_types,
    reason = "tests start the peers they talk to"
)]

use std::fs;
use std::io::{BufRead, BufReader};
use std::net::{SocketAddr, UdpSocket};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use tempfile::TempDir;

/// Debian's package `snmpd`.
const SNMPD: &str = "/usr/sbin/snmpd";

/// Its configuration, in the directory it also keeps its engine's state in.
const SNMPD_FILE: &str = "test.conf";

/// The Python package `snmpsim`, where `cargo xtask test` installs it.
const SNMPSIM: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../.venv/bin/snmpsim-command-responder"
);

/// A running agent. It is killed with the test.
pub struct Peer {
    pub address: SocketAddr,
    child: Child,
    directory: Arc<TempDir>,
}

impl Peer {
    /// Ends net-snmp's agent in order and starts it again with what it stored.
    pub fn start_again(mut self) -> Peer {
        let pid = rustix::process::Pid::from_child(&self.child);
        rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
        self.child.wait().unwrap();
        start_snmpd(self.address, Arc::clone(&self.directory))
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        // It may have ended already; the exit status is nobody's business.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// Net-SNMP's agent with this configuration; `None`, said aloud, where it is not installed.
pub fn snmpd(configuration: &str) -> Option<Peer> {
    installed(Path::new(SNMPD), "snmpd (Debian package snmpd)")?;
    let directory = TempDir::new().unwrap();
    let address = free_address();
    let configuration = format!("agentaddress udp:{address}\n{configuration}");
    fs::write(directory.path().join(SNMPD_FILE), configuration).unwrap();
    Some(start_snmpd(address, Arc::new(directory)))
}

fn start_snmpd(address: SocketAddr, directory: Arc<TempDir>) -> Peer {
    let mut command = Command::new(SNMPD);
    command
        .args(["-f", "-Lo", "-C", "-c"])
        .arg(directory.path().join(SNMPD_FILE))
        .env("SNMP_PERSISTENT_DIR", directory.path())
        .env("MIBS", "")
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    let mut child = command.spawn().unwrap();
    let output = child.stdout.take().unwrap();
    ready(
        child,
        BufReader::new(output),
        "NET-SNMP version",
        address,
        directory,
    )
}

/// snmpsim with these recordings, by community and context name, and a user `fleet` with the
/// passwords `authpass123` and `privpass123` for the given protocols.
pub fn snmpsim(recordings: &[(&str, &str)], auth: &str, privacy: &str) -> Option<Peer> {
    installed(Path::new(SNMPSIM), "snmpsim (cargo xtask test installs it)")?;
    let directory = TempDir::new().unwrap();
    let (data, cache) = (
        open_directory(&directory, "data"),
        open_directory(&directory, "cache"),
    );
    for (name, recording) in recordings {
        fs::write(data.join(format!("{name}.snmprec")), recording).unwrap();
    }
    fs::set_permissions(directory.path(), fs::Permissions::from_mode(0o755)).unwrap();
    let address = free_address();
    let mut command = Command::new(SNMPSIM);
    command
        .arg(format!("--data-dir={}", data.display()))
        .arg(format!("--cache-dir={}", cache.display()))
        .arg(format!("--agent-udpv4-endpoint={address}"))
        .args([
            "--v3-user=fleet",
            "--v3-auth-key=authpass123",
            "--v3-priv-key=privpass123",
        ])
        .arg(format!("--v3-auth-proto={auth}"))
        .arg(format!("--v3-priv-proto={privacy}"))
        .args(["--log-level=info", "--logging-method=stderr"])
        .stdout(Stdio::null())
        .stderr(Stdio::piped());
    // It refuses to run as root, and then needs to be told who to be.
    if rustix::process::geteuid().is_root() {
        command.args(["--process-user=nobody", "--process-group=nogroup"]);
    }
    let mut child = command.spawn().unwrap();
    let output = child.stderr.take().unwrap();
    Some(ready(
        child,
        BufReader::new(output),
        "Listening at",
        address,
        Arc::new(directory),
    ))
}

/// Waits for the line with which an agent says that it serves, then keeps its output flowing.
fn ready(
    child: Child,
    mut output: impl BufRead + Send + 'static,
    sign: &str,
    address: SocketAddr,
    directory: Arc<TempDir>,
) -> Peer {
    let peer = Peer {
        address,
        child,
        directory,
    };
    let mut said = String::new();
    while !said.contains(sign) {
        let read = output.read_line(&mut said).unwrap();
        assert!(read > 0, "the agent ended instead of serving:\n{said}");
    }
    std::thread::spawn(move || std::io::copy(&mut output, &mut std::io::sink()));
    // snmpsim says so a moment before it is true.
    while !is_bound(peer.address) {
        std::thread::sleep(Duration::from_millis(10));
    }
    peer
}

/// Whether a UDP socket is bound to this address, as Linux lists them.
fn is_bound(address: SocketAddr) -> bool {
    let local = format!(" 0100007F:{:04X} ", address.port());
    fs::read_to_string("/proc/net/udp")
        .unwrap()
        .contains(&local)
}

fn installed(program: &Path, name: &str) -> Option<()> {
    if program.exists() {
        return Some(());
    }
    assert!(std::env::var_os("CI").is_none(), "{name} is not installed");
    eprintln!("SKIPPED: {name} is not installed");
    None
}

/// An address nobody listens on, to be taken at once.
fn free_address() -> SocketAddr {
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    socket.local_addr().unwrap()
}

/// A directory that an agent running as nobody can read and write.
fn open_directory(parent: &TempDir, name: &str) -> PathBuf {
    let path = parent.path().join(name);
    fs::create_dir(&path).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o777)).unwrap();
    path
}
