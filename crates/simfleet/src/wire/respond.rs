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

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;
    use crate::mib::MibBuilder;
    use crate::oid::Oid;
    use crate::value::Value;
    use crate::wire::ber::Reader;

    const GET_NEXT: u8 = 0xA1;
    const GET_BULK: u8 = 0xA5;

    fn mib(names: &BTreeSet<Vec<u32>>) -> Mib {
        let mut builder = MibBuilder::new();
        for name in names {
            builder.put(Oid::new(name), Value::Integer(1));
        }
        builder.build()
    }

    /// The names in the answer to a request with `tag` and `numbers`; no name for an exception.
    fn ask(mib: &Mib, tag: u8, numbers: [i64; 2], names: &[&[u32]]) -> Vec<Option<Vec<u32>>> {
        let mut bindings = Vec::new();
        for name in names {
            let mut binding = Vec::new();
            ber::write_oid(&mut binding, name);
            ber::write(&mut binding, ber::NULL, &[]);
            ber::write(&mut bindings, ber::SEQUENCE, &binding);
        }
        let mut encoded = Vec::new();
        let [first, second] = numbers;
        pdu::write(&mut encoded, tag, [7, first, second], &bindings);
        let request = Request::decode(&mut Reader::new(&encoded)).unwrap();
        let view = View { mib, stamp: None };
        let mut answer = Vec::new();
        let behaviour = Behaviour::default();
        respond(
            &request,
            Dialect::V2,
            view,
            &behaviour,
            &mut Buffers::default(),
            &mut answer,
        )
        .unwrap();
        names_in(&answer)
    }

    fn names_in(response: &[u8]) -> Vec<Option<Vec<u32>>> {
        let (_, content) = Reader::new(response).next().unwrap();
        let mut content = Reader::new(content);
        for expected in [7, 0, 0] {
            assert_eq!(content.integer(), Some(expected));
        }
        let mut bindings = Reader::new(content.expect(ber::SEQUENCE).unwrap());
        let mut names = Vec::new();
        while let Some(binding) = bindings.expect(ber::SEQUENCE) {
            let mut binding = Reader::new(binding);
            let mut name = Vec::new();
            ber::read_oid(binding.expect(ber::OBJECT_IDENTIFIER).unwrap(), &mut name).unwrap();
            let (tag, _) = binding.next().unwrap();
            names.push((tag == ber::INTEGER).then_some(name));
        }
        names
    }

    fn name() -> impl Strategy<Value = Vec<u32>> {
        let arc = prop_oneof![0..4_u32, 120..135_u32, any::<u32>()];
        proptest::collection::vec(arc, 1..5).prop_map(|arcs| [&[1, 3], arcs.as_slice()].concat())
    }

    proptest! {
        #[test]
        fn get_next_answers_the_next_name(
            names in proptest::collection::btree_set(name(), 0..40),
            asked in name(),
        ) {
            let next = names.iter().find(|name| **name > asked).cloned();
            prop_assert_eq!(ask(&mib(&names), GET_NEXT, [0, 0], &[&asked]), [next]);
        }

        #[test]
        fn get_bulk_answers_what_get_next_would(
            names in proptest::collection::btree_set(name(), 1..40),
            asked in proptest::collection::vec(name(), 1..5),
            non_repeaters in 0..6_usize,
            rows in 0..12_usize,
        ) {
            let after = |start: &[u32], row: usize| {
                names.iter().filter(|name| name.as_slice() > start).nth(row).cloned()
            };
            let (once, repeated) = asked.split_at(non_repeaters.min(asked.len()));
            let mut expected: Vec<_> = once.iter().map(|start| after(start, 0)).collect();
            for row in 0..rows {
                expected.extend(repeated.iter().map(|start| after(start, row)));
            }
            let asked: Vec<&[u32]> = asked.iter().map(Vec::as_slice).collect();
            let numbers = [i64::try_from(non_repeaters).unwrap(), i64::try_from(rows).unwrap()];
            let answered = ask(&mib(&names), GET_BULK, numbers, &asked);
            // The answer may end where nothing but "nothing follows" would.
            prop_assert!(expected.starts_with(&answered));
            prop_assert!(expected[answered.len()..].iter().all(Option::is_none));
        }
    }
}
