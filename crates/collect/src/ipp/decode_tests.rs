use super::*;
use crate::ipp::group_tag;
use proptest::prelude::*;

/// A response to a request with number 7, without its end.
fn head() -> Vec<u8> {
    vec![2, 0, 0, 0, 0, 0, 0, 7]
}

fn attribute(tag: u8, name: &str, value: &[u8]) -> Vec<u8> {
    let length = |octets: &[u8]| u16::try_from(octets.len()).unwrap().to_be_bytes();
    [
        &[tag][..],
        &length(name.as_bytes()),
        name.as_bytes(),
        &length(value),
        value,
    ]
    .concat()
}

fn decoded(parts: &[Vec<u8>]) -> Result<Message, DecodeError> {
    message(&[head(), parts.concat(), vec![END_OF_ATTRIBUTES]].concat())
}

#[test]
fn one_title_of_1500_octets_costs_no_other_job() {
    let long = "x".repeat(1_500);
    let message = decoded(&[
        vec![group_tag::JOB],
        attribute(0x42, "job-name", long.as_bytes()),
        vec![group_tag::JOB],
        attribute(0x42, "job-name", b"after"),
        attribute(0x21, "job-id", &[0, 0, 0, 9]),
    ])
    .unwrap();
    let jobs: Vec<&Group> = message.groups_of(group_tag::JOB).collect();
    assert_eq!(jobs[0].text("job-name"), Some(long.as_str()));
    assert_eq!(jobs[1].text("job-name"), Some("after"));
    assert_eq!(jobs[1].integer("job-id"), Some(9));
}

#[test]
fn values_of_every_kind() {
    let with_language = [&[0, 2][..], b"de", &[0, 5], "Büro".as_bytes()].concat();
    let message = decoded(&[
        vec![group_tag::PRINTER],
        attribute(0x23, "printer-state", &[0, 0, 0, 3]),
        attribute(0x22, "printer-is-accepting-jobs", &[1]),
        attribute(0x33, "copies-supported", &[0, 0, 0, 1, 0, 0, 3, 231]),
        attribute(0x35, "printer-info", &with_language),
        attribute(0x30, "printer-alert", b"code=jam"),
        attribute(0x30, "", b"code=coverOpen"),
        attribute(0x12, "printer-location", b""),
        attribute(0x41, "printer-name", &[b'a', 0xFF]),
    ])
    .unwrap();
    let printer = &message.groups[0];
    assert_eq!(printer.integer("printer-state"), Some(3));
    assert_eq!(
        printer.values("printer-is-accepting-jobs"),
        [Value::Boolean(true)]
    );
    assert_eq!(printer.values("copies-supported"), [Value::Range(1, 999)]);
    assert_eq!(printer.text("printer-info"), Some("Büro"));
    assert_eq!(printer.values("printer-alert").len(), 2);
    assert_eq!(printer.values("printer-location"), []);
    assert_eq!(printer.text("printer-name"), Some("a\u{FFFD}"));
}

#[test]
fn what_is_not_known_is_left_out_and_the_rest_is_read() {
    let message = decoded(&[
        attribute(0x44, "before-any-group", b"x"),
        vec![0x0C],
        attribute(0x7F, "extension", &[0, 0, 1, 0, 42]),
        attribute(0x21, "odd-length", &[1, 2]),
        attribute(0x44, "known", b"yes"),
    ])
    .unwrap();
    let group = &message.groups[0];
    assert_eq!(group.tag, 0x0C);
    assert_eq!(group.values("extension"), []);
    assert_eq!(group.values("odd-length"), []);
    assert_eq!(group.text("known"), Some("yes"));
}

#[test]
fn collections_hold_collections() {
    let message = decoded(&[
        vec![group_tag::JOB],
        attribute(BEGIN_COLLECTION, "media-col", b""),
        attribute(MEMBER_NAME, "", b"media-size"),
        attribute(BEGIN_COLLECTION, "", b""),
        attribute(MEMBER_NAME, "", b"x-dimension"),
        attribute(0x21, "", &[0, 0, 0x52, 0x08]),
        attribute(END_COLLECTION, "", b""),
        attribute(MEMBER_NAME, "", b"media-type"),
        attribute(0x44, "", b"stationery"),
        attribute(END_COLLECTION, "", b""),
        attribute(0x21, "copies", &[0, 0, 0, 2]),
    ])
    .unwrap();
    let job = &message.groups[0];
    let media = job.values("media-col")[0].as_collection().unwrap();
    let size = crate::ipp::message::values(media, "media-size")[0]
        .as_collection()
        .unwrap();
    assert_eq!(size[0].values, [Value::Integer(21_000)]);
    assert_eq!(
        crate::ipp::message::values(media, "media-type"),
        [Value::Text("stationery".to_owned())]
    );
    assert_eq!(job.integer("copies"), Some(2));
}

#[test]
fn caps_end_the_decoding() {
    let deep = |depth: usize| {
        let member = [
            attribute(MEMBER_NAME, "", b"m"),
            attribute(BEGIN_COLLECTION, "", b""),
        ];
        let ends = attribute(END_COLLECTION, "", b"").repeat(depth);
        decoded(&[
            vec![group_tag::JOB],
            attribute(BEGIN_COLLECTION, "c", b""),
            member.concat().repeat(depth - 1),
            ends,
        ])
    };
    assert!(deep(usize::from(DEPTH_MAX)).is_ok());
    assert!(matches!(
        deep(usize::from(DEPTH_MAX) + 1),
        Err(DecodeError::TooMany { .. })
    ));
    let many = attribute(0x21, "", &[0; 4]).repeat(VALUES_MAX + 1);
    assert_eq!(
        decoded(&[vec![group_tag::JOB], many]),
        Err(DecodeError::TooMany {
            what: "values",
            max: VALUES_MAX
        })
    );
    assert!(decoded(&[[group_tag::JOB].repeat(GROUPS_MAX + 1)]).is_err());
}

#[test]
fn a_message_without_its_end_is_truncated() {
    let whole = [
        head(),
        vec![group_tag::JOB],
        attribute(0x21, "job-id", &[0, 0, 0, 9]),
        vec![END_OF_ATTRIBUTES],
    ]
    .concat();
    assert!(message(&whole).is_ok());
    for length in 0..whole.len() {
        assert_eq!(message(&whole[..length]), Err(DecodeError::Truncated));
    }
}

#[test]
fn an_end_inside_a_collection_is_malformed() {
    let open = attribute(BEGIN_COLLECTION, "media-col", b"");
    assert_eq!(
        decoded(&[vec![group_tag::JOB], open]),
        Err(DecodeError::Malformed)
    );
}

proptest! {
    #[test]
    fn no_octets_make_it_fail(body in proptest::collection::vec(any::<u8>(), 0..400)) {
        let _read = message(&[head(), body].concat());
    }

    #[test]
    fn every_value_of_a_simple_kind_survives(
        values in proptest::collection::vec((0x40_u8..=0x49, "[a-z]{1,8}", "\\PC{0,40}"), 0..20)
    ) {
        let attributes = values.iter().map(|(tag, name, text)| {
            attribute(*tag, name, text.as_bytes())
        });
        let message = decoded(&[vec![group_tag::JOB], attributes.flatten().collect()]).unwrap();
        let read = &message.groups[0].attributes;
        prop_assert_eq!(read.len(), values.len());
        for (attribute, (_, name, text)) in read.iter().zip(&values) {
            prop_assert_eq!(&attribute.name, name);
            prop_assert_eq!(&attribute.values, &vec![Value::Text(text.clone())]);
        }
    }
}
