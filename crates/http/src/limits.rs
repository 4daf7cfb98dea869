//! What one client may cost: every limit of the HTTP server, with its unit and its reason.

use std::time::Duration;

pub use crate::report_api::throttle::KeyLimits;

/// Octets of a request's body: forms and single records, none near it.
pub(crate) const BODY_OCTETS: usize = 64 * 1024;

/// Octets of a body with many records, as sent. Compressed, far more fit than one may have.
pub(crate) const BATCH_OCTETS: usize = 16 * 1024 * 1024;

/// What one Client Application may ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClientLimits {
    /// Requests within a minute, with all its access tokens together.
    pub requests_per_minute: u32,
    /// Access tokens issued within a minute. Each is a row on disk for a quarter of an hour.
    pub tokens_per_minute: u32,
    /// Large bodies at the same time: one is written while the next one comes, and others find a
    /// place too.
    pub large_changes: usize,
}

impl Default for ClientLimits {
    /// A hundred requests a second let a directory of some hundred thousand users be matched in a
    /// night; a token a second is what a program asks for that keeps none.
    fn default() -> Self {
        Self {
            requests_per_minute: 6_000,
            tokens_per_minute: 60,
            large_changes: 2,
        }
    }
}

/// The limits of a server. The default is what production runs with; tests shorten deadlines.
#[derive(Debug, Clone)]
pub struct Limits {
    /// From the connection to the end of the first request's header, a connection that sends no
    /// byte included: the defence against half-sent requests ("slowloris").
    pub head: Duration,
    /// From the end of the header to the end of the request's body.
    pub body: Duration,
    /// Without one byte taken by the client while bytes wait to be sent to it.
    pub write_stall: Duration,
    /// Between an answer and the first byte of the next request on the same connection.
    pub idle: Duration,
    /// For the TLS handshake, in which a client can be as slow as in a header.
    pub handshake: Duration,
    /// For requests in flight to finish when the server stops.
    pub drain: Duration,
    /// Connections at the same time. Each costs a file descriptor and some 20 KiB.
    pub connections: usize,
    /// Connections at the same time from one address (version 6: from one /64), so that one client
    /// cannot take all. An office behind one address stays below it.
    pub connections_per_address: usize,
    /// Requests being answered at the same time; more are told to come back.
    pub in_flight: usize,
    /// Requests whose bodies are being read at the same time; more are told to come back. Counted
    /// apart: a body costs the server nothing while it does not come, and whoever sends many of
    /// them slowly must not hold up the reports.
    pub bodies: usize,
    /// Batches of collectors in memory at the same time, each with up to 16 MiB, counted from
    /// before they are read: two keep the writer busy, the others bridge the reading.
    pub batches: usize,
    /// Batches that wait for such a place; more are told to come back. A batch that waits was not
    /// read: it costs its connection and no more.
    pub batches_waiting: usize,
    /// For a batch to get such a place. Less than a collector waits for its answer.
    pub batch_place: Duration,
    /// Large bodies of the Accounts API in memory at the same time, each with up to 16 MiB. Apart
    /// from batches, so that no program keeps collectors out; enough for two clients.
    pub large_changes: usize,
    /// What one Authorization Key may ask.
    pub keys: KeyLimits,
    /// What one Client Application may ask.
    pub clients: ClientLimits,
    /// Octets of a request's header, its first line included.
    pub head_octets: usize,
    /// Fields of a request's header.
    pub head_fields: usize,
    /// Octets of a request's target.
    pub target_octets: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            head: Duration::from_secs(10),
            body: Duration::from_secs(30),
            write_stall: Duration::from_secs(30),
            idle: Duration::from_mins(1),
            handshake: Duration::from_secs(10),
            drain: Duration::from_secs(30),
            connections: 10_000,
            connections_per_address: 256,
            in_flight: 512,
            bodies: 512,
            batches: 8,
            batches_waiting: 1_024,
            batch_place: Duration::from_secs(20),
            large_changes: 4,
            keys: KeyLimits::default(),
            clients: ClientLimits::default(),
            head_octets: 16 * 1024,
            head_fields: 64,
            target_octets: 4 * 1024,
        }
    }
}
