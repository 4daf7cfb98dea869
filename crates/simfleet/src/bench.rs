//! The fleet of the load bench.

use std::io;
use std::net::Ipv4Addr;
use std::sync::Arc;

use platen_domain::clock::Clock;

use crate::chance;
use crate::fleet::{Fleet, FleetBuilder};
use crate::template::Templates;

/// The address before that of the first printer: the bench lives in 127.80.0.0/16.
const BEFORE_FIRST: Ipv4Addr = Ipv4Addr::new(127, 80, 0, 0);

/// Most printers of a bench: the addresses of its network but the first and the last.
const BENCH_MAX: u32 = 65_534;

impl Fleet {
    /// Starts `count` printers (65,534 at most) at 127.80.0.1 and the addresses after it, of
    /// which `dead_percent` never answer; [`Fleet::addresses`] has the dead ones too. The same
    /// seed makes the same fleet.
    pub fn bench(
        count: u32,
        dead_percent: u8,
        port: u16,
        seed: u64,
        clock: Arc<dyn Clock>,
    ) -> io::Result<Self> {
        let templates = Templates::new(seed, clock.now());
        let mut builder = FleetBuilder::new(clock).port(port).seed(seed);
        for number in 1..=count.min(BENCH_MAX) {
            let mut printer = templates.printer(number);
            printer.behaviour.dead = is_dead(seed, number, dead_percent);
            let address = Ipv4Addr::from(u32::from(BEFORE_FIRST).saturating_add(number));
            builder = builder.device(address, printer.into());
        }
        builder.start()
    }
}

/// Whether the printer `number` is one of those that never answer.
fn is_dead(seed: u64, number: u32, dead_percent: u8) -> bool {
    chance::percent(chance::hash(&[seed, u64::from(number)])) < dead_percent
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn about_as_many_are_dead_as_asked_for() {
        let dead = |percent| {
            (1..=10_000)
                .filter(|number| is_dead(3, *number, percent))
                .count()
        };
        assert_eq!((dead(0), dead(100)), (0, 10_000));
        assert!((400..600).contains(&dead(5)), "{} of 10,000", dead(5));
    }
}
