//! What makes a device difficult.

use std::time::Duration;

use crate::usm::UsmUser;

/// How a device answers; [`Behaviour::default`] is a well-behaved one that speaks SNMPv1 and
/// SNMPv2c with the community `public`.
#[derive(Debug, Clone)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is one habit, independent of the others"
)]
pub struct Behaviour {
    /// Answers SNMPv1.
    pub v1: bool,
    /// Answers SNMPv2c.
    pub v2c: bool,
    /// The users it answers over SNMPv3; none means that it drops SNMPv3.
    pub users: Vec<UsmUser>,
    /// Its read community. `community@Context` asks for the objects of a context.
    pub community: String,
    /// Requests it loses, in percent (0 to 100).
    pub drop_percent: u8,
    /// How long it takes to answer.
    pub latency: Duration,
    /// Answers longer than this many octets become `tooBig` with an empty binding list.
    pub too_big_above: Option<usize>,
    /// What it makes of GETBULK.
    pub bulk: Bulk,
    /// Answers from another address than it was asked at.
    pub wrong_source: bool,
    /// Sends every answer twice.
    pub duplicate_answers: bool,
    /// Never answers.
    pub dead: bool,
    /// After a minute without requests the next answer is this late: the printer wakes up.
    pub wakes_in: Option<Duration>,
}

/// What a device makes of GETBULK.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Bulk {
    /// Answers as RFC 3416 says.
    #[default]
    Full,
    /// Answers at most this many repetitions.
    MaxRows(u32),
    /// Repeats the first row, so that object identifiers do not increase.
    Broken,
    /// Does not answer.
    Silent,
}

impl Default for Behaviour {
    fn default() -> Self {
        Self {
            v1: true,
            v2c: true,
            users: Vec::new(),
            community: "public".to_owned(),
            drop_percent: 0,
            latency: Duration::ZERO,
            too_big_above: None,
            bulk: Bulk::Full,
            wrong_source: false,
            duplicate_answers: false,
            dead: false,
            wakes_in: None,
        }
    }
}
