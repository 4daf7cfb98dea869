//! Puts simulated printers on loopback addresses, for any SNMP tool to look at.
//!
//! `cargo run -p platen-simfleet --example fleet -- --recordings DIRECTORY --port 16161`

use std::error::Error;
use std::net::Ipv4Addr;
use std::path::Path;
use std::sync::Arc;
use std::time::SystemTime;

use platen_domain::clock::{Clock, Timestamp};
use platen_simfleet::{DeviceSpec, FleetBuilder, recorded_devices};

/// The computer's clock.
struct WallClock;

impl Clock for WallClock {
    #[expect(clippy::disallowed_methods, reason = "an example is a binary")]
    fn now(&self) -> Timestamp {
        let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
        Timestamp::from_millis(0).plus(since.unwrap_or_default())
    }
}

#[expect(clippy::print_stdout, reason = "that is what it is for")]
fn main() -> Result<(), Box<dyn Error>> {
    let mut builder = FleetBuilder::new(Arc::new(WallClock));
    let mut next = Ipv4Addr::new(127, 78, 0, 1);
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        let value = arguments
            .next()
            .ok_or_else(|| format!("{argument} wants a value"))?;
        match argument.as_str() {
            "--port" => builder = builder.port(value.parse()?),
            "--recordings" => {
                for device in recorded_devices(Path::new(&value))? {
                    println!("{next} {}", device.name);
                    for skipped in device.recording.skipped() {
                        println!("  passed over: {skipped}");
                    }
                    builder = builder.device(next, DeviceSpec::Recording(device.recording));
                    next = Ipv4Addr::from(u32::from(next) + 1);
                }
            }
            _ => return Err(format!("unknown argument {argument}").into()),
        }
    }
    let fleet = builder.start()?;
    println!(
        "UDP port {}, community public; Ctrl-C ends it",
        fleet.port()
    );
    loop {
        std::thread::park();
    }
}
