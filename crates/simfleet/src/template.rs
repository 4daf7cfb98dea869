//! Printers for load: the objects of a model are encoded once, and each printer stamps its own
//! serial number, MAC address, meter and uptime into them.

use std::sync::Arc;
use std::time::Duration;

use platen_domain::clock::Timestamp;

use crate::behaviour::Behaviour;
use crate::life::{BIRTH, Life};
use crate::mib::{Mib, MibBuilder};
use crate::models::{self, Model, Private};
use crate::objects::{self, MIB_2, PRINTER};
use crate::printer::{SimulatedPrinter, mac_address, serial_number};
use crate::value::Value;
use crate::wire::ber;

/// Where a value differs from printer to printer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Live {
    UpTime,
    SerialNumber,
    PhysAddress,
    LifeCount,
}

/// The objects that all printers of a model share.
#[derive(Debug)]
pub(crate) struct Template {
    model: &'static Model,
    mib: Mib,
}

impl Template {
    /// The template of `model`, in the state that it has at `now`.
    pub(crate) fn new(model: &'static Model, seed: u64, now: Timestamp) -> Self {
        let printer = SimulatedPrinter::new(model, 0, seed);
        let mut builder = MibBuilder::new();
        objects::put_standard(&mut builder, &printer, &Life::at(&printer, now));
        let mut mib = builder.build();
        mib.make_live(&[MIB_2, &[1, 3, 0]].concat(), Live::UpTime);
        mib.make_live(&[MIB_2, &[2, 2, 1, 6, 2]].concat(), Live::PhysAddress);
        mib.make_live(&[PRINTER, &[5, 1, 1, 17, 1]].concat(), Live::SerialNumber);
        mib.make_live(&[PRINTER, &[10, 2, 1, 4, 1, 1]].concat(), Live::LifeCount);
        Self { model, mib }
    }
}

/// The models of which ten thousand printers can be made: those without private objects, which
/// would repeat the serial number and the meter.
#[derive(Debug)]
pub struct Templates(Vec<Arc<Template>>);

impl Templates {
    /// The models in the state that they have at `now`; `seed` decides which.
    pub fn new(seed: u64, now: Timestamp) -> Self {
        let plain = models::ALL
            .into_iter()
            .filter(|model| model.private == Private::None);
        Self(
            plain
                .map(|model| Arc::new(Template::new(model, seed, now)))
                .collect(),
        )
    }

    /// The printer `number`, which decides its serial number, MAC address, meter and, by turns,
    /// its model.
    #[expect(
        clippy::indexing_slicing,
        reason = "some models are plain, and a remainder is in range"
    )]
    pub fn printer(&self, number: u32) -> TemplatePrinter {
        let turn = number as usize % self.0.len();
        let template = Arc::clone(&self.0[turn]);
        TemplatePrinter {
            template,
            number,
            behaviour: Behaviour::default(),
        }
    }
}

/// A printer that differs from others of its model in serial number, MAC address, meter and
/// uptime only; ten thousand of them cost little.
#[derive(Debug, Clone)]
pub struct TemplatePrinter {
    template: Arc<Template>,
    number: u32,
    /// How it answers.
    pub behaviour: Behaviour,
}

impl TemplatePrinter {
    pub(crate) fn mib(&self) -> &Mib {
        &self.template.mib
    }

    pub(crate) fn stamp(&self, now: Timestamp) -> Stamp {
        Stamp {
            model: self.template.model,
            number: self.number,
            age: now.since(BIRTH),
        }
    }
}

/// A printer's own values at an instant.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stamp {
    model: &'static Model,
    number: u32,
    age: Duration,
}

impl Stamp {
    /// Appends the encoding of this printer's value, always fewer than a hundred octets.
    pub(crate) fn write(&self, live: Live, out: &mut Vec<u8>) {
        match live {
            Live::UpTime => {
                const UP: Duration = Duration::from_hours(24 * 365);
                const MILLIS_PER_TICK: u128 = 10;
                let ticks = self.age.as_millis() % UP.as_millis() / MILLIS_PER_TICK;
                Value::TimeTicks(u32::try_from(ticks).unwrap_or(0)).encode(out);
            }
            Live::SerialNumber => {
                let text = serial_number(self.model, self.number);
                ber::write(out, ber::OCTET_STRING, text.as_bytes());
            }
            Live::PhysAddress => ber::write(out, ber::OCTET_STRING, &mac_address(self.number)),
            Live::LifeCount => {
                Value::Counter32(u32::try_from(self.life_count()).unwrap_or(u32::MAX)).encode(out);
            }
        }
    }

    fn life_count(&self) -> u64 {
        let before = 5_000 + u64::from(self.number) * 37 % 60_000;
        before + self.age.as_secs() * u64::from(self.model.units_per_hour) / 3_600
    }
}
