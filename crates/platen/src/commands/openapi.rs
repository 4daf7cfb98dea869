//! `platen openapi`: the description of the APIs, for who has no server at hand.

use crate::terminal::say;

/// Prints the document, with the catalogue's own names of columns.
pub(crate) fn run() {
    say(&platen_http::openapi::document(
        &platen_http::Layouts::default(),
    ));
}
