//! GETBULK (RFC 3416, section 4.2.3).

use super::ber::{self, Reader};
use super::pdu::Request;
use super::respond::{BINDINGS_MAX, Buffers, View, write_exception};
use crate::behaviour::Bulk;

/// Most bindings of one answer, so that a request for billions costs nothing.
const ANSWER_BINDINGS_MAX: usize = 4_096;

/// Appends the bindings of the answer to `buffers`; `None` when the device stays silent.
pub(crate) fn get_bulk(
    request: &Request<'_>,
    view: View<'_>,
    bulk: Bulk,
    buffers: &mut Buffers,
) -> Option<()> {
    let asked = usize::try_from(request.second).unwrap_or(0);
    let repetitions = match bulk {
        Bulk::Silent => return None,
        Bulk::MaxRows(rows) => asked.min(usize::try_from(rows).unwrap_or(usize::MAX)),
        Bulk::Full | Bulk::Broken => asked,
    };
    let non_repeaters = usize::try_from(request.first).unwrap_or(0);
    buffers.cursors.clear();
    for (position, name) in request.names().take(ANSWER_BINDINGS_MAX).enumerate() {
        ber::read_oid(name, &mut buffers.arcs)?;
        let next = view.mib.after(&buffers.arcs);
        if position < non_repeaters {
            write_next(view, next, name, &mut buffers.bindings);
        } else {
            buffers.cursors.push(next);
        }
    }
    if !buffers.cursors.is_empty() {
        let rows = repetitions.min(ANSWER_BINDINGS_MAX / buffers.cursors.len());
        repeat(request, view, buffers, rows, bulk == Bulk::Broken);
    }
    Some(())
}

/// Appends `rows` repetitions, or as many as a datagram holds, or until nothing follows.
fn repeat(request: &Request<'_>, view: View<'_>, buffers: &mut Buffers, rows: usize, broken: bool) {
    let Buffers {
        bindings, cursors, ..
    } = buffers;
    let non_repeaters = usize::try_from(request.first).unwrap_or(0);
    let end = view.mib.len();
    for row in 0..rows {
        for (cursor, asked) in cursors.iter_mut().zip(request.names().skip(non_repeaters)) {
            let complete = bindings.len();
            let name = if row == 0 { asked } else { last_name(view) };
            write_next(view, *cursor, name, bindings);
            if bindings.len() > BINDINGS_MAX {
                bindings.truncate(complete);
                return;
            }
            *cursor += usize::from(!broken && *cursor < end);
        }
        if cursors.iter().all(|cursor| *cursor == end) {
            return;
        }
    }
}

/// The binding at `next`, or that nothing follows `name`.
fn write_next(view: View<'_>, next: usize, name: &[u8], out: &mut Vec<u8>) {
    if next < view.mib.len() {
        view.mib.write_binding(next, view.stamp.as_ref(), out);
    } else {
        write_exception(out, name, ber::END_OF_MIB_VIEW);
    }
}

fn last_name(view: View<'_>) -> &[u8] {
    let last = view.mib.encoded_name(view.mib.len().saturating_sub(1));
    let content = Reader::new(last).expect(ber::OBJECT_IDENTIFIER);
    content.unwrap_or_default()
}
