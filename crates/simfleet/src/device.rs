//! A device at work: its objects, its contexts and its habits.

use std::time::{Duration, Instant};

use platen_domain::clock::Timestamp;

use crate::behaviour::Behaviour;
use crate::mib::Mib;
use crate::recording::Recording;
use crate::wire::message::{self, Message};
use crate::wire::pdu::{Dialect, Request};
use crate::wire::respond::{Buffers, View, respond};

/// Without a request for this long a printer falls asleep, where its behaviour lets it.
const FALLS_ASLEEP_AFTER: Duration = Duration::from_secs(60);

/// What to put at an address.
#[derive(Debug, Clone)]
pub enum DeviceSpec {
    /// A recorded device.
    Recording(Recording),
}

/// A device of a running fleet.
#[derive(Debug)]
pub(crate) struct Device {
    behaviour: Behaviour,
    objects: Objects,
    contexts: Vec<(String, Mib)>,
    asked_at: Option<Instant>,
    lottery: u64,
}

/// Where a device's objects come from.
#[derive(Debug)]
pub(crate) enum Objects {
    /// They never change.
    Fixed(Mib),
}

impl Objects {
    fn view(&mut self, _now: Timestamp) -> View<'_> {
        match self {
            Self::Fixed(mib) => View { mib, stamp: None },
        }
    }
}

impl Device {
    pub(crate) fn new(spec: DeviceSpec, seed: u64) -> Self {
        let (objects, contexts, behaviour) = match spec {
            DeviceSpec::Recording(recording) => {
                let (mib, contexts, behaviour) = recording.into_parts();
                (Objects::Fixed(mib), contexts, behaviour)
            }
        };
        Self {
            behaviour,
            objects,
            contexts,
            asked_at: None,
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
            Message::V3(_) => None,
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
        let view = match context {
            "" => self.objects.view(now),
            name => View {
                mib: find_context(&self.contexts, name)?,
                stamp: None,
            },
        };
        let answered = respond(request, dialect, view, &self.behaviour, buffers, &mut pdu);
        message::write(out, dialect, community, &pdu);
        buffers.pdu = pdu;
        answered
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

    /// How late the answer to a request at `instant` is.
    pub(crate) fn delay(&mut self, instant: Instant) -> Duration {
        let Some(wakes_in) = self.behaviour.wakes_in else {
            return self.behaviour.latency;
        };
        let asleep = self
            .asked_at
            .is_none_or(|asked_at| instant.duration_since(asked_at) > FALLS_ASLEEP_AFTER);
        self.asked_at = Some(instant);
        if asleep {
            self.behaviour.latency + wakes_in
        } else {
            self.behaviour.latency
        }
    }
}

fn find_context<'a>(contexts: &'a [(String, Mib)], name: &str) -> Option<&'a Mib> {
    let found = contexts.iter().find(|(context, _)| context == name);
    found.map(|(_, mib)| mib)
}
