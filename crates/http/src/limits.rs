//! What one client may cost: every limit of the HTTP server, with its unit and its reason.

use std::time::Duration;

pub use crate::report_api::throttle::KeyLimits;

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
    /// Batches of print records in memory at the same time, each with up to 16 MiB of records,
    /// counted from before they are read: two keep the writer busy, the others bridge the reading.
    pub batches: usize,
    /// What one Authorization Key may ask.
    pub keys: KeyLimits,
    /// Octets of a request's header, its first line included.
    pub head_octets: usize,
    /// Fields of a request's header.
    pub head_fields: usize,
    /// Octets of a request's target.
    pub target_octets: usize,
    /// Octets of a request's body: forms only, none near it.
    pub body_octets: usize,
    /// Octets of a batch as sent. Compressed, far more records fit than a batch may have.
    pub batch_octets: usize,
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
            keys: KeyLimits::default(),
            head_octets: 16 * 1024,
            head_fields: 64,
            target_octets: 4 * 1024,
            body_octets: 64 * 1024,
            batch_octets: 16 * 1024 * 1024,
        }
    }
}
