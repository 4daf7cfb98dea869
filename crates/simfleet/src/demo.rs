//! The demo's fleet: printers of every model, with everything that is peculiar about printers.

use std::io;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use jiff::tz::TimeZone;
use platen_domain::clock::Clock;

use crate::device::DeviceSpec;
use crate::fleet::{Fleet, FleetBuilder};
use crate::models::{self, Level, Model};
use crate::print_traffic::{PrintedOn, Traffic, TrafficOptions, TrafficSource};
use crate::printer::{Peculiarity, SimulatedPrinter};
use crate::usm::{AuthProtocol, PrivacyProtocol, UsmUser};

/// How many printers a demo has.
pub const DEMO_COUNT: u32 = 48;

/// The address of its first printer; the others follow.
pub const DEMO_ADDRESS: Ipv4Addr = Ipv4Addr::new(127, 77, 0, 1);

/// The community of its printers.
pub const DEMO_COMMUNITY: &str = "public";

/// How many people print on them.
const USERS: u32 = 200;

/// Impressions of a person on a working day: an office's average (facts of print audits lie
/// between 5 and 24).
const PAGES_PER_USER_DAY: f64 = 10.0;

/// The number of the printer whose queue is bypassed: a mono printer that makes no copies, so that
/// nothing else explains what it counts.
pub const DEMO_BYPASSED: u32 = 8;

/// The SNMPv3 user of the printers that speak nothing else: authPriv by SHA-256 and AES-128. Its
/// pass phrases are public, as everything about a simulated printer is.
pub fn demo_user() -> UsmUser {
    UsmUser {
        name: "platen".to_owned(),
        auth: Some((AuthProtocol::Sha256, "demo-authentication".to_owned())),
        privacy: Some((PrivacyProtocol::Aes128, "demo-privacy".to_owned())),
    }
}

/// What is peculiar, in the order in which it is dealt out: each goes to the next printer it
/// applies to in a turn of peculiar printers, and after the last the first follows again.
const PECULIARITIES: [Peculiarity; 9] = [
    Peculiarity::LowSupply,
    Peculiarity::Jams,
    Peculiarity::V1Only,
    Peculiarity::WasteNearlyFull,
    Peculiarity::TooBig,
    Peculiarity::Sleeping,
    Peculiarity::V3Only,
    Peculiarity::NoSerialNumber,
    Peculiarity::TenRows,
];

impl Fleet {
    /// Starts `count` printers at `first` and the addresses after it. The models take turns; in
    /// every second turn each printer has a peculiarity. [`DEMO_COUNT`] printers show all of
    /// them. The same seed makes the same fleet.
    pub fn demo(
        count: u32,
        first: Ipv4Addr,
        port: u16,
        seed: u64,
        clock: Arc<dyn Clock>,
    ) -> io::Result<Self> {
        let printers = (0..).zip(demo_printers(count, seed));
        let builder = FleetBuilder::new(clock).port(port).seed(seed);
        let at = |offset| Ipv4Addr::from(u32::from(first).saturating_add(offset));
        printers
            .fold(builder, |builder, (offset, printer)| {
                builder.device(at(offset), DeviceSpec::from(printer))
            })
            .start()
    }
}

/// The printers of [`Fleet::demo`], in the order of their addresses.
pub fn demo_printers(count: u32, seed: u64) -> Vec<SimulatedPrinter> {
    let models = models::ALL.into_iter().cycle();
    let mut peculiarities = PECULIARITIES.into_iter().cycle().peekable();
    let mut printers = Vec::new();
    for (number, model) in (1..=count).zip(models) {
        let printer = SimulatedPrinter::new(model, number, seed);
        let plain_turn = (number - 1) / 12 % 2 == 0;
        let next = peculiarities.next_if(|next| !plain_turn && applies(*next, model));
        printers.push(match next {
            Some(peculiarity) => with(printer, peculiarity),
            None => printer,
        });
    }
    printers
}

/// What people print on [`demo_printers`] in this time zone, through a print server but for the
/// jobs that bypass it on the printer [`DEMO_BYPASSED`].
pub fn demo_traffic(seed: u64, time_zone: TimeZone) -> Traffic {
    let addresses = (u32::from(DEMO_ADDRESS)..).map(Ipv4Addr::from);
    let printers = demo_printers(DEMO_COUNT, seed);
    let printers = printers
        .iter()
        .zip(addresses)
        .map(|(printer, address)| PrintedOn {
            bypassed: printer.number == DEMO_BYPASSED,
            ..PrintedOn::simulated(printer, IpAddr::from(address))
        });
    let options = TrafficOptions {
        seed,
        users: USERS,
        pages_per_user_day: PAGES_PER_USER_DAY,
        time_zone,
        source: TrafficSource::cups("demo"),
    };
    Traffic::new(options, printers.collect())
}

fn applies(peculiarity: Peculiarity, model: &Model) -> bool {
    let has =
        |wanted: fn(&Level) -> bool| model.supplies.iter().any(|supply| wanted(&supply.level));
    match peculiarity {
        Peculiarity::LowSupply => has(|level| matches!(level, Level::Consumed { .. })),
        Peculiarity::WasteNearlyFull => has(|level| matches!(level, Level::Room { .. })),
        _ => true,
    }
}

fn with(printer: SimulatedPrinter, peculiarity: Peculiarity) -> SimulatedPrinter {
    let mut printer = printer.with(peculiarity);
    if peculiarity == Peculiarity::V3Only {
        printer.behaviour.users.push(demo_user());
    }
    printer
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn a_demo_shows_every_model_and_every_peculiarity() {
        let printers = demo_printers(DEMO_COUNT, 1);
        let models: HashSet<_> = printers
            .iter()
            .map(|printer| printer.model().full_name())
            .collect();
        assert_eq!(models.len(), models::ALL.len());
        let shown: HashSet<_> = printers
            .iter()
            .filter_map(SimulatedPrinter::peculiarity)
            .collect();
        assert_eq!(shown.len(), PECULIARITIES.len());
    }

    #[test]
    fn no_two_printers_share_an_identity() {
        let printers = demo_printers(DEMO_COUNT, 1);
        let addresses: HashSet<_> = printers.iter().map(SimulatedPrinter::mac_address).collect();
        assert_eq!(addresses.len(), printers.len());
        let serials: Vec<_> = printers
            .iter()
            .filter_map(SimulatedPrinter::serial_number)
            .collect();
        let distinct: HashSet<_> = serials.iter().collect();
        assert_eq!(distinct.len(), serials.len());
    }
}
