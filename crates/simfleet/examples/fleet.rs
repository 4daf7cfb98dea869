//! Puts simulated printers on loopback addresses, for any SNMP tool to look at.
//!
//! ```text
//! cargo run -p platen-simfleet --example fleet -- --count 48 --port 16161
//! cargo run -p platen-simfleet --example fleet -- --recordings DIRECTORY --port 16161
//! ```

use std::error::Error;
use std::net::Ipv4Addr;
use std::path::Path;
use std::sync::Arc;
use std::time::SystemTime;

use platen_domain::clock::{Clock, Timestamp};
use platen_simfleet::{
    DEMO_ADDRESS, DEMO_COUNT, DeviceSpec, Fleet, FleetBuilder, demo_printers, demo_user,
    recorded_devices,
};

const USAGE: &str =
    "usage: fleet [--port PORT] [--count PRINTERS] [--seed SEED] [--recordings DIRECTORY]";

/// The address of the first recorded device.
const FIRST_RECORDING: Ipv4Addr = Ipv4Addr::new(127, 78, 0, 1);

/// The computer's clock.
struct WallClock;

impl Clock for WallClock {
    #[expect(clippy::disallowed_methods, reason = "an example is a binary")]
    fn now(&self) -> Timestamp {
        let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
        Timestamp::from_millis(0).plus(since.unwrap_or_default())
    }
}

struct Options {
    port: u16,
    count: u32,
    seed: u64,
    recordings: Option<String>,
}

fn options() -> Result<Options, Box<dyn Error>> {
    let mut options = Options {
        port: 0,
        count: DEMO_COUNT,
        seed: 1,
        recordings: None,
    };
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        let value = arguments.next().ok_or(USAGE)?;
        match argument.as_str() {
            "--port" => options.port = value.parse()?,
            "--count" => options.count = value.parse()?,
            "--seed" => options.seed = value.parse()?,
            "--recordings" => options.recordings = Some(value),
            _ => return Err(USAGE.into()),
        }
    }
    Ok(options)
}

#[expect(clippy::print_stdout, reason = "that is what it is for")]
fn main() -> Result<(), Box<dyn Error>> {
    let options = options()?;
    let fleet = match &options.recordings {
        Some(directory) => recorded(&options, Path::new(directory))?,
        None => simulated(&options)?,
    };
    println!("UDP port {}; Ctrl-C ends it", fleet.port());
    loop {
        std::thread::park();
    }
}

#[expect(clippy::print_stdout, reason = "that is what it is for")]
fn simulated(options: &Options) -> Result<Fleet, Box<dyn Error>> {
    let printers = demo_printers(options.count, options.seed);
    for (offset, printer) in (0..).zip(&printers) {
        let address = Ipv4Addr::from(u32::from(DEMO_ADDRESS) + offset);
        let peculiarity = printer
            .peculiarity()
            .map_or(String::new(), |what| format!("  ({what:?})"));
        println!("{address}  {}{peculiarity}", printer.model().full_name());
    }
    println!("community public; SNMPv3 user {}", demo_user().name);
    let clock = Arc::new(WallClock);
    Ok(Fleet::demo(
        options.count,
        DEMO_ADDRESS,
        options.port,
        options.seed,
        clock,
    )?)
}

#[expect(clippy::print_stdout, reason = "that is what it is for")]
fn recorded(options: &Options, directory: &Path) -> Result<Fleet, Box<dyn Error>> {
    let mut builder = FleetBuilder::new(Arc::new(WallClock)).port(options.port);
    for (offset, device) in (0..).zip(recorded_devices(directory)?) {
        let address = Ipv4Addr::from(u32::from(FIRST_RECORDING) + offset);
        println!("{address}  {}", device.name);
        for skipped in device.recording.skipped() {
            println!("  passed over: {skipped}");
        }
        builder = builder.device(address, DeviceSpec::Recording(device.recording));
    }
    println!("community public");
    Ok(builder.start()?)
}
