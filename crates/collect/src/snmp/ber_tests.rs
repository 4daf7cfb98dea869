use proptest::prelude::*;

use super::*;

#[test]
fn sloppy_numbers_of_devices_are_read() {
    assert_eq!(signed(&[]), Ok(0));
    assert_eq!(signed(&[0xFF, 0xFE]), Ok(-2));
    assert_eq!(signed(&[0, 0, 0, 0, 0, 0, 0, 0, 0, 7]), Ok(7));
    assert_eq!(unsigned(&[0xFF, 0xFF, 0xFF, 0xFF]), Ok(4_294_967_295));
    assert_eq!(unsigned(&[0, 0xFF, 0xFF, 0xFF, 0xFF]), Ok(4_294_967_295));
    assert_eq!(unsigned(&[1; 9]), Err(DecodeError::Number));
    assert_eq!(signed(&[0x80; 9]), Err(DecodeError::Number));
}

#[test]
fn a_claimed_length_beyond_the_bytes_is_refused() {
    for bytes in [
        &[0x30][..],
        &[0x30, 0x84, 0x7F, 0xFF, 0xFF, 0xFF],
        &[0x30, 0x05, 0x01],
    ] {
        assert_eq!(
            Reader::new(bytes).value().unwrap_err(),
            DecodeError::Truncated,
            "{bytes:x?}"
        );
    }
    for bytes in [[0x30, 0x80, 0, 0, 0, 0, 0], [0x30, 0x85, 0, 0, 0, 0, 0]] {
        let error = Reader::new(&bytes).value().unwrap_err();
        assert_eq!(error, DecodeError::Length);
    }
}

#[test]
fn malformed_identifiers_are_refused() {
    assert_eq!(oid(&[0x2B, 0x86]), Err(DecodeError::Oid));
    assert_eq!(
        oid(&[0x2B, 0x9F, 0xFF, 0xFF, 0xFF, 0x7F]),
        Err(DecodeError::Oid)
    );
    assert_eq!(oid(&[0x2B; 200]), Err(DecodeError::Oid));
    assert_eq!(oid(&[0x2B, 0x06]).unwrap().to_string(), "1.3.6");
    assert_eq!(oid(&[0x88, 0x37, 0x03]).unwrap().to_string(), "2.999.3");
}

#[test]
fn readers_know_where_they_stand() {
    let bytes = [0x30, 0x05, 0x02, 0x01, 0x07, 0x04, 0x00];
    let mut inner = Reader::new(&bytes).expect(tag::SEQUENCE).unwrap();
    assert_eq!(inner.offset(), 2);
    assert_eq!(inner.int32(), Ok(7));
    assert_eq!(inner.offset(), 5);
    assert_eq!(inner.value().unwrap().1.offset(), 7);
}

proptest! {
    #[test]
    fn numbers_read_back(number: i64, wide: u64) {
        let mut w = Writer::new();
        w.signed(tag::INTEGER, number);
        w.unsigned(tag::COUNTER64, wide);
        let bytes = w.into_bytes();
        let mut reader = Reader::new(&bytes);
        prop_assert_eq!(signed(reader.expect(tag::INTEGER).unwrap().rest()), Ok(number));
        prop_assert_eq!(unsigned(reader.expect(tag::COUNTER64).unwrap().rest()), Ok(wide));
        prop_assert!(reader.is_empty());
    }

    #[test]
    fn identifiers_read_back(first in 0_u32..3, second in 0_u32..40, rest in prop::collection::vec(any::<u32>(), 0..126)) {
        let mut arcs = vec![first, second];
        arcs.extend(rest);
        let wanted = Oid::from_arcs(&arcs).unwrap();
        let mut w = Writer::new();
        w.oid(&wanted);
        prop_assert_eq!(Reader::new(&w.into_bytes()).oid(), Ok(wanted));
    }

    #[test]
    fn content_of_any_size_reads_back(content in prop::collection::vec(any::<u8>(), 0..70_000)) {
        let mut w = Writer::new();
        w.nested(tag::SEQUENCE, |w| w.primitive(tag::OCTET_STRING, &content));
        let bytes = w.into_bytes();
        let mut sequence = Reader::new(&bytes).expect(tag::SEQUENCE).unwrap();
        prop_assert_eq!(sequence.octets(), Ok(content.as_slice()));
    }
}
