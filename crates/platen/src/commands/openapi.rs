//! `platen openapi`: the description of the APIs, for who has no server at hand.

use platen_http::{Layouts, openapi_document};

use crate::terminal::say;

/// Prints the document, with the catalogue's own names of columns.
pub(crate) fn run() {
    say(&openapi_document(&Layouts::default()));
}
