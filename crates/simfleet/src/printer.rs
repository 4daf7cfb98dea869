//! A simulated printer: a model, a number and what is peculiar about it.

use std::sync::Arc;
use std::time::Duration;

use platen_domain::clock::Timestamp;

use crate::behaviour::Behaviour;
use crate::chance;
use crate::life::Life;
use crate::mib::{Mib, MibBuilder};
use crate::models::Model;
use crate::objects;
use crate::print_traffic::Printed;
use crate::work::Work;

/// How late the first answer of a sleeping printer is: longer than one try of a patient manager
/// is rare, shorter than two seconds is usual.
const WAKES_IN: Duration = Duration::from_millis(1_200);

/// Octets of bindings above which the printer of [`Peculiarity::TooBig`] gives up.
const TOO_BIG_ABOVE: usize = 484;

/// A printer of one of the [`models`](crate::models), which lives. Its objects are made anew every
/// second it is asked; for thousands of printers take [`Templates`](crate::Templates).
#[derive(Debug, Clone)]
pub struct SimulatedPrinter {
    pub(crate) model: &'static Model,
    pub(crate) number: u32,
    pub(crate) seed: u64,
    pub(crate) peculiarity: Option<Peculiarity>,
    pub(crate) work: Work,
    /// How it answers.
    pub behaviour: Behaviour,
}

/// What sets a printer apart from others of its model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Peculiarity {
    /// Sleeps most of the time, and wakes late.
    Sleeping,
    /// Its first consumed supply is low.
    LowSupply,
    /// Jams in every period; each jam is cured.
    Jams,
    /// Its receptacle is nearly full.
    WasteNearlyFull,
    /// Has no serial number.
    NoSerialNumber,
    /// Speaks SNMPv1 only.
    V1Only,
    /// Speaks SNMPv3 only.
    V3Only,
    /// Answers `tooBig`, without bindings, to all but small requests.
    TooBig,
    /// Gives at most ten repetitions to a GETBULK.
    TenRows,
}

impl SimulatedPrinter {
    /// The printer `number` of a fleet; number and seed decide its serial number, its MAC
    /// address and its fate.
    pub fn new(model: &'static Model, number: u32, seed: u64) -> Self {
        Self {
            model,
            number,
            seed,
            peculiarity: None,
            work: Work::Steady,
            behaviour: Behaviour::default(),
        }
    }

    /// The printer with a peculiarity, and with the behaviour that belongs to it. The user of
    /// [`Peculiarity::V3Only`] is to be added to [`Behaviour::users`].
    #[must_use]
    pub fn with(mut self, peculiarity: Peculiarity) -> Self {
        self.peculiarity = Some(peculiarity);
        let behaviour = &mut self.behaviour;
        match peculiarity {
            Peculiarity::Sleeping => behaviour.wakes_in = Some(WAKES_IN),
            Peculiarity::V1Only => behaviour.v2c = false,
            Peculiarity::V3Only => (behaviour.v1, behaviour.v2c) = (false, false),
            Peculiarity::TooBig => behaviour.too_big_above = Some(TOO_BIG_ABOVE),
            Peculiarity::TenRows => behaviour.bulk = crate::behaviour::Bulk::MaxRows(10),
            Peculiarity::LowSupply
            | Peculiarity::Jams
            | Peculiarity::WasteNearlyFull
            | Peculiarity::NoSerialNumber => {}
        }
        self
    }

    /// The printer at the `place` (from 0) of print traffic: its meters count what was printed
    /// on it there, and the pages that no job explains: see [`WALK_UP_PERCENT`] and
    /// [`Shares`](crate::models::Shares).
    ///
    /// [`WALK_UP_PERCENT`]: crate::WALK_UP_PERCENT
    #[must_use]
    pub fn printing(mut self, printed: Arc<Printed>, place: usize) -> Self {
        self.work = Work::Jobs { printed, place };
        self
    }

    /// Its model.
    pub fn model(&self) -> &'static Model {
        self.model
    }

    /// What is peculiar about it.
    pub fn peculiarity(&self) -> Option<Peculiarity> {
        self.peculiarity
    }

    /// `prtGeneralSerialNumber`; `None` where it has none.
    pub fn serial_number(&self) -> Option<String> {
        let has_one = self.peculiarity != Some(Peculiarity::NoSerialNumber);
        has_one.then(|| serial_number(self.model, self.number))
    }

    /// `ifPhysAddress` of its network interface, locally administered.
    pub fn mac_address(&self) -> [u8; 6] {
        mac_address(self.number)
    }

    /// `prtMarkerLifeCount` at `now`.
    pub fn life_count(&self, now: Timestamp) -> u64 {
        Life::at(self, now).meters.count
    }

    /// All its objects at `now`.
    pub fn mib(&self, now: Timestamp) -> Mib {
        let mut mib = MibBuilder::new();
        objects::put_all(&mut mib, self, &Life::at(self, now));
        mib.build()
    }

    /// A number that belongs to this printer and to `purpose`.
    pub(crate) fn fate(&self, purpose: u64) -> u64 {
        chance::hash(&[self.seed, u64::from(self.number), purpose])
    }
}

pub(crate) fn serial_number(model: &Model, number: u32) -> String {
    format!("{}{number:07}", model.serial_prefix)
}

pub(crate) fn mac_address(number: u32) -> [u8; 6] {
    let [a, b, c, d] = number.to_be_bytes();
    [0x02, 0x50, a, b, c, d]
}
