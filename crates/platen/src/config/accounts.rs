//! `[accounts]`: what a Client Application may ask.

use platen_http::limits::ClientLimits;

use super::problems::Problems;
use super::section::Section;

/// Most requests a minute that a client can be given: more than a server answers.
const REQUESTS_MAX: u32 = 1_000_000;

pub(super) fn read(root: &mut Section<'_, '_>, problems: &mut Problems) -> ClientLimits {
    let mut clients = ClientLimits::default();
    if let Some(mut accounts) = root.section("accounts", problems) {
        if let Some(count) = accounts.count("requests_per_minute", REQUESTS_MAX, problems) {
            clients.requests_per_minute = count;
        }
        accounts.finish(problems);
    }
    clients
}
