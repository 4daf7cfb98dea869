//! Bodies of lines (NDJSON), which are described twice.

use super::json::{Json, object};
use super::operation::Media;

/// The media type of lines.
pub(crate) const NDJSON: &str = "application/x-ndjson";

/// The media type of the same lines where a client cannot say that they are lines.
pub(crate) const OCTETS: &str = "application/octet-stream";

/// Lines of the form `schema`, in both media types.
///
/// Octets come first, since generators of clients take the first media type they know. Of NDJSON some make
/// no operation, and others send the lines as one JSON string.
pub(crate) fn lines(schema: Json, example: &str) -> [Media; 2] {
    let octets = object([
        ("type", "string".into()),
        ("format", "binary".into()),
        (
            "description",
            "The lines of `application/x-ndjson`, from clients that do not know that type.".into(),
        ),
    ]);
    [
        Media::new(OCTETS, octets).example(example),
        Media::new(NDJSON, schema).example(example),
    ]
}
