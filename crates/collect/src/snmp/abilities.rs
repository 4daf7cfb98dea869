//! What a device has shown it can answer.
//!
//! Agents in printers differ: some answer a hundred objects at once, some cut at 484 or 1,400
//! bytes, say `tooBig` (with an empty list at that), fall silent, or know no `GETBULK` at all.
//! The ladder goes from the fewest messages to the humblest, and the device's step on it is
//! remembered, so that each lesson is paid for once.

use serde::{Deserialize, Serialize};

/// Bindings in the first `GETBULK` a device is asked: six scalars and eight columns of eight
/// rows are about 1.4 kB, one unfragmented Ethernet frame.
const BULK_BINDINGS: u16 = 72;

/// Below so many bindings `GETBULK` gains nothing over `GETNEXT`.
const BULK_BINDINGS_MIN: u16 = 9;

/// Bindings in the first `GET` or `GETNEXT` of a device that cannot do `GETBULK`.
const SINGLE_BINDINGS: u16 = 16;

/// How rows are asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
enum Step {
    /// Many rows a message.
    Bulk,
    /// One row a message.
    Next,
}

/// Which versions a credential can be used in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Versions {
    OnlyV1,
    /// SNMPv2c, or SNMPv1 where a device knows no better.
    Either,
    NeverV1,
}

/// A device's place on the ladder; starts at the top.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Abilities {
    step: Step,
    /// Most bindings to ask for at once.
    bindings: u16,
    /// Most bindings that were asked for at once and answered, on this step.
    proven: u16,
    /// Whether it answers SNMPv1 and not SNMPv2c.
    only_v1: bool,
    /// Whether it ever answered.
    answered: bool,
}

impl Default for Abilities {
    fn default() -> Self {
        Self {
            step: Step::Bulk,
            bindings: BULK_BINDINGS,
            proven: 0,
            only_v1: false,
            answered: false,
        }
    }
}

impl Abilities {
    /// Fits what was learnt to what the credential allows, which may have changed since.
    pub(crate) fn suit(&mut self, versions: Versions) {
        match versions {
            Versions::OnlyV1 if !self.only_v1 => self.speaks_only_v1(),
            Versions::NeverV1 if self.only_v1 => *self = Self::default(),
            _ => {}
        }
    }

    /// Whether it is asked by `GETBULK`.
    pub(crate) fn bulk(&self) -> bool {
        self.step == Step::Bulk && !self.only_v1
    }

    /// Most bindings to ask for at once; within limits whatever was stored.
    pub(crate) fn bindings(&self) -> usize {
        let most = if self.bulk() {
            BULK_BINDINGS
        } else {
            SINGLE_BINDINGS
        };
        usize::from(self.bindings.clamp(1, most))
    }

    /// Whether a device asked in SNMPv2c has to be asked in SNMPv1.
    pub fn only_v1(&self) -> bool {
        self.only_v1
    }

    /// Whether it ever answered.
    pub(crate) fn answered(&self) -> bool {
        self.answered
    }

    /// Whether it has answered as much as this at once before, so that silence is not for the
    /// size of the question.
    pub(crate) fn proven(&self, bindings: usize) -> bool {
        self.answered && bindings <= usize::from(self.proven)
    }

    /// Remembers an answer to a question for so many bindings.
    pub(crate) fn prove(&mut self, bindings: usize) {
        self.answered = true;
        let bindings = u16::try_from(bindings).unwrap_or(u16::MAX);
        self.proven = self.proven.max(bindings);
    }

    /// Remembers that it speaks SNMPv1 only.
    pub(crate) fn speaks_only_v1(&mut self) {
        self.only_v1 = true;
        self.give_up_bulk();
    }

    /// Remembers that its `GETBULK` is not to be trusted.
    pub(crate) fn give_up_bulk(&mut self) {
        self.step = Step::Next;
        self.bindings = SINGLE_BINDINGS;
        self.proven = 1;
    }

    /// One step up, for a full reading now and then: what was learnt on a bad day, or from an
    /// older firmware, need not hold for ever. A step that fails costs one question, and leads
    /// back to what was proven.
    pub(crate) fn climb(&mut self) {
        let now = u16::try_from(self.bindings()).unwrap_or(1);
        match self.step {
            Step::Next if now >= SINGLE_BINDINGS && !self.only_v1 => {
                self.step = Step::Bulk;
                self.bindings = 2 * BULK_BINDINGS_MIN;
                self.proven = 0;
            }
            Step::Next => self.bindings = now.saturating_mul(2).min(SINGLE_BINDINGS),
            Step::Bulk => self.bindings = now.saturating_mul(2).min(BULK_BINDINGS),
        }
    }

    /// Asks for half as much from now on; `false` at the foot of the ladder.
    pub(crate) fn halve(&mut self) -> bool {
        self.divide(2, 1)
    }

    /// As [`Abilities::halve`], in larger strides, since each try costs a timeout, though not
    /// below what was answered before.
    pub(crate) fn quarter(&mut self) -> bool {
        self.divide(4, self.proven)
    }

    fn divide(&mut self, by: u16, least: u16) -> bool {
        let now = u16::try_from(self.bindings()).unwrap_or(1);
        if now == 1 {
            return false;
        }
        self.bindings = (now / by).max(least.clamp(1, now - 1));
        if self.bulk() && self.bindings < BULK_BINDINGS_MIN {
            self.give_up_bulk();
        }
        self.proven = self.proven.min(self.bindings);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ladder_ends_at_one_object_a_message() {
        let mut abilities = Abilities::default();
        let mut steps = vec![(abilities.bulk(), abilities.bindings())];
        while abilities.halve() {
            steps.push((abilities.bulk(), abilities.bindings()));
        }
        let bulk = [72, 36, 18, 9].map(|bindings| (true, bindings));
        let next = [16, 8, 4, 2, 1].map(|bindings| (false, bindings));
        assert_eq!(steps, [&bulk[..], &next[..]].concat());
    }

    #[test]
    fn a_lesson_is_not_for_ever_and_a_failed_step_up_leads_back() {
        let mut abilities = Abilities::default();
        while abilities.halve() {}
        let mut steps = Vec::new();
        while (abilities.bulk(), abilities.bindings()) != (true, 72) {
            abilities.climb();
            abilities.prove(abilities.bindings());
            steps.push(abilities.bindings());
        }
        assert_eq!(steps, [2, 4, 8, 16, 18, 36, 72]);

        while abilities.bindings() > 18 {
            abilities.halve();
        }
        abilities.climb();
        assert!(!abilities.proven(36));
        abilities.quarter();
        assert_eq!((abilities.bulk(), abilities.bindings()), (true, 18));
        abilities.give_up_bulk();
        abilities.climb();
        abilities.quarter();
        assert_eq!((abilities.bulk(), abilities.bindings()), (false, 16));
    }

    #[test]
    fn stored_nonsense_stays_within_the_limits() {
        let wild = Abilities {
            bindings: u16::MAX,
            ..Abilities::default()
        };
        assert_eq!(wild.bindings(), 72);
        let none = Abilities {
            bindings: 0,
            only_v1: true,
            ..Abilities::default()
        };
        assert_eq!((none.bulk(), none.bindings()), (false, 1));
    }
}
