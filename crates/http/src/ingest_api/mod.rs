//! The Ingest API: print records from collectors, each with a credential of its own.

pub(crate) mod authorization;
mod batches;
mod coding;
mod documentation;
mod enrolments;
mod privacy;

use http::Method;

use crate::limits::BATCH_OCTETS;
use crate::routes::Route;

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::collector(Method::POST, "/ingest/v1/batches", batches::push)
            .with_octets_max(BATCH_OCTETS)
            .documented(documentation::push),
        Route::collector(Method::GET, "/ingest/v1/privacy", privacy::show)
            .documented(documentation::privacy),
        Route::enrolment("/ingest/v1/enrolments", enrolments::enrol)
            .documented(documentation::enrol),
    ]
}
