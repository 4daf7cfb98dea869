//! A device at work: its objects, its contexts and its habits.

use std::net::Ipv4Addr;
use std::time::{Duration, Instant};

use platen_domain::clock::Timestamp;

use crate::behaviour::Behaviour;
use crate::life::BIRTH;
use crate::mib::Mib;
use crate::printer::SimulatedPrinter;
use crate::recording::Recording;
use crate::template::TemplatePrinter;
use crate::usm::{Incoming, UsmEngine};
use crate::wire::ber::Reader;
use crate::wire::message::{self, Message};
use crate::wire::pdu::{Dialect, Request};
use crate::wire::respond::{Buffers, View, respond};
use crate::wire::scoped::decode_scoped;

/// Without a request for this long a printer falls asleep, where its behaviour lets it.
const FALLS_ASLEEP_AFTER: Duration = Duration::from_mins(1);

/// How far the objects of a living printer lag behind its life at most, so that the many requests
/// of one poll see one state and pay for it once.
const LIFE_STEP: Duration = Duration::from_secs(1);

/// What to put at an address.
#[derive(Debug, Clone)]
pub enum DeviceSpec {
    /// A printer that exists only here, and lives.
    Simulated(SimulatedPrinter),
    /// One of many that differ in little.
    Template(TemplatePrinter),
    /// A recorded device, which stands still.
    Recording(Recording),
}

impl From<SimulatedPrinter> for DeviceSpec {
    fn from(printer: SimulatedPrinter) -> Self {
        Self::Simulated(printer)
    }
}

impl From<TemplatePrinter> for DeviceSpec {
    fn from(printer: TemplatePrinter) -> Self {
        Self::Template(printer)
    }
}

impl From<Recording> for DeviceSpec {
    fn from(recording: Recording) -> Self {
        Self::Recording(recording)
    }
}

/// A device of a running fleet.
#[derive(Debug)]
pub(crate) struct Device {
    behaviour: Behaviour,
    objects: Objects,
    contexts: Vec<(String, Mib)>,
    usm: UsmEngine,
    asked_at: Option<Instant>,
    awake_at: Option<Instant>,
    lottery: u64,
}

/// Where a device's objects come from.
#[derive(Debug)]
pub(crate) enum Objects {
    /// They never change.
    Fixed(Mib),
    /// They are those of a template.
    Template(TemplatePrinter),
    /// They are made anew when they are older than [`LIFE_STEP`].
    Living {
        printer: Box<SimulatedPrinter>,
        mib: Mib,
        at: Timestamp,
    },
}

impl Objects {
    fn living(printer: SimulatedPrinter, now: Timestamp) -> Self {
        let mib = printer.mib(now);
        Self::Living {
            printer: Box::new(printer),
            mib,
            at: now,
        }
    }

    fn view(&mut self, now: Timestamp) -> View<'_> {
        match self {
            Self::Fixed(mib) => View { mib, stamp: None },
            Self::Template(printer) => View {
                mib: printer.mib(),
                stamp: Some(printer.stamp(now)),
            },
            Self::Living { printer, mib, at } => {
                if now.since(*at) >= LIFE_STEP {
                    *mib = printer.mib(now);
                    *at = now;
                }
                View { mib, stamp: None }
            }
        }
    }
}

impl Device {
    /// The device at `address`; `seed` decides which requests it loses.
    pub(crate) fn new(spec: DeviceSpec, address: Ipv4Addr, seed: u64, now: Timestamp) -> Self {
        let (objects, contexts, behaviour) = match spec {
            DeviceSpec::Simulated(printer) => {
                let behaviour = printer.behaviour.clone();
                (Objects::living(printer, now), Vec::new(), behaviour)
            }
            DeviceSpec::Template(mut printer) => {
                let behaviour = std::mem::take(&mut printer.behaviour);
                (Objects::Template(printer), Vec::new(), behaviour)
            }
            DeviceSpec::Recording(recording) => {
                let (mib, contexts, behaviour) = recording.into_parts();
                (Objects::Fixed(mib), contexts, behaviour)
            }
        };
        let usm = UsmEngine::new(address, &behaviour.users);
        Self {
            usm,
            behaviour,
            objects,
            contexts,
            asked_at: None,
            awake_at: None,
            lottery: seed,
        }
    }

    pub(crate) fn behaviour(&self) -> &Behaviour {
        &self.behaviour
    }

    /// Appends the answer to `datagram` to `out`; `None` when the device does not answer.
    pub(crate) fn answer(
        &mut self,
        datagram: &[u8],
        now: Timestamp,
        buffers: &mut Buffers,
        out: &mut Vec<u8>,
    ) -> Option<()> {
        if self.behaviour.dead || self.loses() {
            return None;
        }
        match message::decode(datagram)? {
            Message::Community {
                dialect,
                community,
                request,
            } => self.answer_community(dialect, community, &request, now, buffers, out),
            Message::V3(message) => self.answer_v3(datagram, message, now, buffers, out),
        }
    }

    fn answer_community(
        &mut self,
        dialect: Dialect,
        community: &[u8],
        request: &Request<'_>,
        now: Timestamp,
        buffers: &mut Buffers,
        out: &mut Vec<u8>,
    ) -> Option<()> {
        let spoken = match dialect {
            Dialect::V1 => self.behaviour.v1,
            Dialect::V2 => self.behaviour.v2c,
        };
        let after_community = community.strip_prefix(self.behaviour.community.as_bytes())?;
        let context = match after_community {
            [] => "",
            [b'@', context @ ..] => std::str::from_utf8(context).ok()?,
            _ => return None,
        };
        if !spoken {
            return None;
        }
        let mut pdu = std::mem::take(&mut buffers.pdu);
        pdu.clear();
        let view = find_view(&mut self.objects, &self.contexts, context, now)?;
        let answered = respond(request, dialect, view, &self.behaviour, buffers, &mut pdu);
        message::write(out, dialect, community, &pdu);
        buffers.pdu = pdu;
        answered
    }

    fn answer_v3(
        &mut self,
        datagram: &[u8],
        message: Reader<'_>,
        now: Timestamp,
        buffers: &mut Buffers,
        out: &mut Vec<u8>,
    ) -> Option<()> {
        if self.behaviour.users.is_empty() {
            return None;
        }
        let time = u32::try_from(now.since(BIRTH).as_secs()).unwrap_or(u32::MAX);
        match self.usm.open(datagram, message, time)? {
            Incoming::Report(report) => {
                out.extend_from_slice(&report);
                Some(())
            }
            Incoming::Scoped(scoped, envelope) => {
                let (context, request) = decode_scoped(&scoped)?;
                let name = std::str::from_utf8(context).ok()?;
                let view = find_view(&mut self.objects, &self.contexts, name, now)?;
                let mut pdu = Vec::new();
                respond(
                    &request,
                    Dialect::V2,
                    view,
                    &self.behaviour,
                    buffers,
                    &mut pdu,
                )?;
                self.usm.seal(&envelope, context, &pdu, time, out)
            }
        }
    }

    /// Whether this request is one of the [`Behaviour::drop_percent`] that get lost.
    fn loses(&mut self) -> bool {
        if self.behaviour.drop_percent == 0 {
            return false;
        }
        self.lottery = crate::chance::next(self.lottery);
        crate::chance::percent(self.lottery) < self.behaviour.drop_percent
    }

    /// Whether it ever answers late.
    pub(crate) fn delays(&self) -> bool {
        self.behaviour.wakes_in.is_some() || !self.behaviour.latency.is_zero()
    }

    /// How late the answer to a request at `instant` is. What comes while it wakes up waits too.
    pub(crate) fn delay(&mut self, instant: Instant) -> Duration {
        let asked_at = self.asked_at.replace(instant);
        let asleep = asked_at.is_none_or(|at| instant.duration_since(at) > FALLS_ASLEEP_AFTER);
        if let Some(wakes_in) = self.behaviour.wakes_in
            && asleep
        {
            self.awake_at = Some(instant + wakes_in);
        }
        let waking = self.awake_at.map_or(Duration::ZERO, |awake_at| {
            awake_at.saturating_duration_since(instant)
        });
        self.behaviour.latency + waking
    }
}

/// The objects of the context `name`; those of the device itself for the empty name.
fn find_view<'a>(
    objects: &'a mut Objects,
    contexts: &'a [(String, Mib)],
    name: &str,
    now: Timestamp,
) -> Option<View<'a>> {
    if name.is_empty() {
        return Some(objects.view(now));
    }
    let found = contexts.iter().find(|(context, _)| context == name);
    found.map(|(_, mib)| View { mib, stamp: None })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::demo::demo_user;
    use crate::models;

    fn answer(device: &mut Device, datagram: &[u8]) -> Option<Vec<u8>> {
        let mut out = Vec::new();
        device.answer(datagram, BIRTH, &mut Buffers::default(), &mut out)?;
        Some(out)
    }

    /// GETBULK over SNMPv2c, and the discovery of SNMPv3 with an empty user.
    const REQUESTS: [&[u8]; 2] = [
        b"\x30\x25\x02\x01\x01\x04\x06public\xA5\x18\x02\x01\x2A\x02\x01\x00\x02\x01\x0A\x30\x0D\x30\x0B\x06\x07\x2B\x06\x01\x02\x01\x2B\x05\x05\x00",
        b"\x30\x38\x02\x01\x03\x30\x0E\x02\x01\x01\x02\x03\x00\xFF\xE3\x04\x01\x04\x02\x01\x03\x04\x10\x30\x0E\x04\x00\x02\x01\x00\x02\x01\x00\x04\x00\x04\x00\x04\x00\x30\x11\x04\x00\x04\x00\xA0\x0B\x02\x01\x01\x02\x01\x00\x02\x01\x00\x30\x00",
    ];

    fn device() -> Device {
        let mut printer = SimulatedPrinter::new(models::ALL[0], 1, 1);
        printer.behaviour.users.push(demo_user());
        Device::new(printer.into(), Ipv4Addr::LOCALHOST, 1, BIRTH)
    }

    #[test]
    fn both_requests_are_answered() {
        let mut device = device();
        for request in REQUESTS {
            assert!(answer(&mut device, request).is_some());
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn a_damaged_request_is_answered_or_dropped(
            damages in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 64),
            cut in any::<prop::sample::Index>(),
        ) {
            let mut device = device();
            for request in REQUESTS {
                for (place, octet) in &damages {
                    let mut damaged = request.to_vec();
                    damaged[place.index(request.len())] = *octet;
                    answer(&mut device, &damaged);
                }
                answer(&mut device, &request[..cut.index(request.len())]);
            }
        }
    }
}
