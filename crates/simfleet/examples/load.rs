//! Measures how many GETBULK messages a fleet of printers answers in a second of CPU time.
//!
//! ```text
//! cargo run --release -p platen-simfleet --example load -- 10000
//! ```

use std::error::Error;
use std::io;
use std::net::{Ipv4Addr, UdpSocket};
use std::sync::Arc;
use std::time::{Duration, Instant};

use nix::time::{ClockId, clock_gettime};
use platen_domain::clock::{ManualClock, Timestamp};
use platen_simfleet::Fleet;

/// Requests under way at a time.
const IN_FLIGHT: usize = 64;

/// How often each printer is asked.
const ROUNDS: usize = 20;

/// 2026-06-01T09:00:00Z.
const MORNING: Timestamp = Timestamp::from_millis(1_780_304_400_000);

/// GETBULK, SNMPv2c, community public: 5 non-repeaters (uptime, device and printer status, error
/// state, life count), then 8 repetitions of level, capacity and alert code: 29 bindings.
const REQUEST: &[u8] = &[
    0x30, 0x81, 0x96, 0x02, 0x01, 0x01, 0x04, 0x06, b'p', b'u', b'b', b'l', b'i', b'c', 0xA5, 0x81,
    0x88, 0x02, 0x01, 0x01, 0x02, 0x01, 0x05, 0x02, 0x01, 0x08, 0x30, 0x7D, // bindings
    0x30, 0x0B, 0x06, 0x07, 0x2B, 0x06, 0x01, 0x02, 0x01, 0x01, 0x03, 0x05, 0x00, // sysUpTime
    0x30, 0x0E, 0x06, 0x0A, 0x2B, 0x06, 0x01, 0x02, 0x01, 0x19, 0x03, 0x02, 0x01, 0x05, 0x05, 0x00,
    0x30, 0x0E, 0x06, 0x0A, 0x2B, 0x06, 0x01, 0x02, 0x01, 0x19, 0x03, 0x05, 0x01, 0x01, 0x05, 0x00,
    0x30, 0x0E, 0x06, 0x0A, 0x2B, 0x06, 0x01, 0x02, 0x01, 0x19, 0x03, 0x05, 0x01, 0x02, 0x05, 0x00,
    0x30, 0x0E, 0x06, 0x0A, 0x2B, 0x06, 0x01, 0x02, 0x01, 0x2B, 0x0A, 0x02, 0x01, 0x04, 0x05, 0x00,
    0x30, 0x0E, 0x06, 0x0A, 0x2B, 0x06, 0x01, 0x02, 0x01, 0x2B, 0x0B, 0x01, 0x01, 0x08, 0x05, 0x00,
    0x30, 0x0E, 0x06, 0x0A, 0x2B, 0x06, 0x01, 0x02, 0x01, 0x2B, 0x0B, 0x01, 0x01, 0x09, 0x05, 0x00,
    0x30, 0x0E, 0x06, 0x0A, 0x2B, 0x06, 0x01, 0x02, 0x01, 0x2B, 0x12, 0x01, 0x01, 0x07, 0x05, 0x00,
];

#[expect(clippy::print_stdout, reason = "that is what it is for")]
fn main() -> Result<(), Box<dyn Error>> {
    let count = std::env::args()
        .nth(1)
        .map_or(Ok(10_000), |count| count.parse())?;
    let fleet = Fleet::bench(count, 0, 0, 1, Arc::new(ManualClock::at(MORNING)))?;
    let socket = UdpSocket::bind("127.0.0.1:0")?;
    socket.set_read_timeout(Some(Duration::from_secs(1)))?;

    let (wall, process, own) = (Instant::now(), cpu(PROCESS)?, cpu(THREAD)?);
    let (mut answered, mut octets) = (0_usize, 0_usize);
    let mut buffer = vec![0; 65_535];
    let addresses: Vec<Ipv4Addr> = (0..ROUNDS)
        .flat_map(|_| fleet.addresses().to_vec())
        .collect();
    for window in addresses.chunks(IN_FLIGHT) {
        for address in window {
            socket.send_to(REQUEST, (*address, fleet.port()))?;
        }
        for _ in window {
            match socket.recv(&mut buffer) {
                Ok(length) => (answered, octets) = (answered + 1, octets + length),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => break,
                Err(error) => return Err(error.into()),
            }
        }
    }
    let own = cpu(THREAD)? - own;
    let fleet_cpu = cpu(PROCESS)? - process - own;
    println!(
        "asked={} answered={answered} octets_each={} wall_s={:.2} fleet_cpu_s={fleet_cpu:.2} per_fleet_cpu_s={:.0}",
        addresses.len(),
        octets / answered.max(1),
        wall.elapsed().as_secs_f64(),
        f64::from(u32::try_from(answered)?) / fleet_cpu,
    );
    Ok(())
}

const PROCESS: ClockId = ClockId::CLOCK_PROCESS_CPUTIME_ID;
const THREAD: ClockId = ClockId::CLOCK_THREAD_CPUTIME_ID;

/// Seconds of CPU time used so far.
fn cpu(clock: ClockId) -> nix::Result<f64> {
    clock_gettime(clock).map(|time| Duration::from(time).as_secs_f64())
}
