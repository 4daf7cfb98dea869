//! What a device answers to a request (RFC 3416, section 4.2; RFC 1157, section 4.1).

use super::ber;
use super::bulk;
use super::pdu::{self, Dialect, ErrorStatus, Operation, Request};
use crate::behaviour::Behaviour;
use crate::mib::Mib;
use crate::template::Stamp;

/// Most octets of a datagram over IPv4, less room for the message around the bindings.
pub(crate) const BINDINGS_MAX: usize = 65_507 - 300;

/// The objects of one device at one instant.
#[derive(Clone, Copy)]
pub(crate) struct View<'a> {
    pub(crate) mib: &'a Mib,
    pub(crate) stamp: Option<Stamp>,
}

/// Buffers that live as long as the fleet's thread, so that answering allocates little.
#[derive(Debug, Default)]
pub(crate) struct Buffers {
    pub(crate) arcs: Vec<u32>,
    pub(crate) bindings: Vec<u8>,
    /// Where each repeater of a GETBULK stands.
    pub(crate) cursors: Vec<usize>,
    /// A response before its message is put around it.
    pub(crate) pdu: Vec<u8>,
    /// The datagram that leaves.
    pub(crate) answer: Vec<u8>,
}

/// What became of the bindings.
type Outcome = Result<(), (ErrorStatus, usize)>;

/// Appends the response PDU to `out`; `None` when the device stays silent.
pub(crate) fn respond(
    request: &Request<'_>,
    dialect: Dialect,
    view: View<'_>,
    behaviour: &Behaviour,
    buffers: &mut Buffers,
    out: &mut Vec<u8>,
) -> Option<()> {
    buffers.bindings.clear();
    let outcome = match (request.operation, dialect) {
        (Operation::Get, _) => get(request, dialect, view, buffers)?,
        (Operation::GetNext, _) => get_next(request, dialect, view, buffers)?,
        (Operation::GetBulk, Dialect::V2) => {
            bulk::get_bulk(request, view, behaviour.bulk, buffers)?;
            Ok(())
        }
        (Operation::GetBulk, Dialect::V1) => return None,
        (Operation::Set, Dialect::V1) => Err((ErrorStatus::NoSuchName, 1)),
        (Operation::Set, Dialect::V2) => Err((ErrorStatus::NotWritable, 1)),
    };
    let limit = behaviour.too_big_above.unwrap_or(BINDINGS_MAX);
    if buffers.bindings.len() > limit {
        pdu::write_response(out, request.id, (ErrorStatus::TooBig, 0), &[]);
        return Some(());
    }
    match outcome {
        Ok(()) => {
            pdu::write_response(
                out,
                request.id,
                (ErrorStatus::NoError, 0),
                &buffers.bindings,
            );
        }
        Err(error) => pdu::write_response(out, request.id, error, request.bindings.rest()),
    }
    Some(())
}

fn get(
    request: &Request<'_>,
    dialect: Dialect,
    view: View<'_>,
    buffers: &mut Buffers,
) -> Option<Outcome> {
    for (position, name) in request.names().enumerate() {
        ber::read_oid(name, &mut buffers.arcs)?;
        let found = view.mib.find(&buffers.arcs);
        match (found, dialect) {
            (Some(found), Dialect::V1) if view.mib.is_counter64(found) => {
                return Some(Err((ErrorStatus::NoSuchName, position + 1)));
            }
            (Some(found), _) => {
                view.mib
                    .write_binding(found, view.stamp.as_ref(), &mut buffers.bindings);
            }
            (None, Dialect::V1) => return Some(Err((ErrorStatus::NoSuchName, position + 1))),
            (None, Dialect::V2) => {
                write_exception(
                    &mut buffers.bindings,
                    name,
                    absence(view.mib, &buffers.arcs),
                );
            }
        }
    }
    Some(Ok(()))
}

/// `noSuchInstance` where the column has other rows, `noSuchObject` where nothing is known of it.
fn absence(mib: &Mib, name: &[u32]) -> u8 {
    match name.split_last() {
        Some((_, column)) if mib.has_below(column) => ber::NO_SUCH_INSTANCE,
        _ => ber::NO_SUCH_OBJECT,
    }
}

fn get_next(
    request: &Request<'_>,
    dialect: Dialect,
    view: View<'_>,
    buffers: &mut Buffers,
) -> Option<Outcome> {
    for (position, name) in request.names().enumerate() {
        ber::read_oid(name, &mut buffers.arcs)?;
        let mut next = view.mib.after(&buffers.arcs);
        while dialect == Dialect::V1 && view.mib.is_counter64(next) {
            next += 1;
        }
        if next < view.mib.len() {
            view.mib
                .write_binding(next, view.stamp.as_ref(), &mut buffers.bindings);
        } else if dialect == Dialect::V1 {
            return Some(Err((ErrorStatus::NoSuchName, position + 1)));
        } else {
            write_exception(&mut buffers.bindings, name, ber::END_OF_MIB_VIEW);
        }
    }
    Some(Ok(()))
}

/// Appends a binding of the name with this content and one of the three exceptions.
pub(crate) fn write_exception(out: &mut Vec<u8>, name: &[u8], exception: u8) {
    let length = ber::header_length(name.len()) + name.len() + 2;
    ber::write_header(out, ber::SEQUENCE, length);
    ber::write(out, ber::OBJECT_IDENTIFIER, name);
    ber::write(out, exception, &[]);
}
