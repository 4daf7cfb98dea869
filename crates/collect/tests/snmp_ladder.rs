//! What a conversation does with devices of all abilities.

#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "a test fails by panicking"
)]

mod snmp_support;

use platen_collect::snmp::pdu::{ErrorStatus, Operation};
use platen_collect::snmp::{Abilities, Answers, Client, FetchError, Query, Value, Version};

use snmp_support::{Responder, client, column_oid, credential, hasty, oid, patient, poll, printer};

async fn fetch(
    client: &Client,
    responder: &Responder,
    version: Version,
    abilities: &mut Abilities,
    query: &Query,
) -> Result<Answers, FetchError> {
    let credential = credential(version);
    client
        .fetch(responder.address, &credential, abilities, query)
        .await
}

/// All three columns and both scalars, whatever it took.
fn assert_complete(answers: &Answers, supplies: u32) {
    let uptime = answers.get(&oid("1.3.6.1.2.1.1.3.0"));
    assert_eq!(uptime, Some(&Value::TimeTicks(4_711)));
    let life = answers.get(&oid("1.3.6.1.2.1.43.10.2.1.4.1.1"));
    assert_eq!(life, Some(&Value::Counter32(76_498)));
    for column in [6, 8, 9] {
        let rows = u32::try_from(answers.below(&column_oid(column)).count());
        assert_eq!(rows, Ok(supplies), "column {column}");
    }
    assert_eq!(answers.len(), 2 + 3 * supplies as usize);
    assert!(answers.is_complete());
}

#[tokio::test]
async fn a_poll_of_known_size_is_one_message() {
    let device = Responder::honest(printer(4)).await;
    let mut abilities = Abilities::default();
    let answers = fetch(
        &patient(),
        &device,
        Version::V2c,
        &mut abilities,
        &poll(Some(4)),
    )
    .await;
    assert_complete(&answers.unwrap(), 4);
    assert_eq!(device.asked(), ["bulk 2+3x4"]);
}

#[tokio::test]
async fn columns_of_unknown_length_are_walked_to_their_end() {
    for (supplies, messages) in [(0, 1), (1, 1), (7, 1), (8, 2), (40, 3)] {
        let device = Responder::honest(printer(supplies)).await;
        let mut abilities = Abilities::default();
        let answers = fetch(
            &patient(),
            &device,
            Version::V2c,
            &mut abilities,
            &poll(None),
        )
        .await;
        assert_complete(&answers.unwrap(), supplies);
        assert_eq!(
            device.requests().len(),
            messages,
            "{supplies} supplies: {:?}",
            device.asked()
        );
    }
}

#[tokio::test]
async fn a_column_of_one_row_rides_with_the_scalars() {
    let device = Responder::honest(printer(1)).await;
    let mut abilities = Abilities::default();
    let answers = fetch(
        &patient(),
        &device,
        Version::V2c,
        &mut abilities,
        &poll(Some(1)),
    )
    .await;
    assert_complete(&answers.unwrap(), 1);
    assert_eq!(device.asked(), ["next 5"]);
}

#[tokio::test]
async fn objects_alone_are_asked_by_get_and_absent_ones_are_absent() {
    let device = Responder::honest(printer(1)).await;
    let query = Query {
        objects: vec![oid("1.3.6.1.2.1.1.1.0"), oid("1.3.6.1.2.1.1.5.0")],
        columns: Vec::new(),
    };
    let mut abilities = Abilities::default();
    let answers = fetch(&patient(), &device, Version::V2c, &mut abilities, &query)
        .await
        .unwrap();
    assert_eq!(answers.len(), 1);
    assert!(answers.get(&oid("1.3.6.1.2.1.1.1.0")).is_some());
    assert_eq!(device.asked(), ["get 2"]);
}

#[tokio::test]
async fn an_object_whose_predecessor_has_children_is_asked_again_by_get() {
    let mut mib = printer(2);
    mib.push(oid("1.3.6.1.4.1.9.6.7"), Value::Integer(1));
    mib.push(oid("1.3.6.1.4.1.9.7"), Value::Integer(2));
    let device = Responder::honest(mib).await;
    let mut query = poll(Some(2));
    query.objects.push(oid("1.3.6.1.4.1.9.7"));
    let mut abilities = Abilities::default();
    let answers = fetch(&patient(), &device, Version::V2c, &mut abilities, &query)
        .await
        .unwrap();
    assert_eq!(
        answers.get(&oid("1.3.6.1.4.1.9.7")),
        Some(&Value::Integer(2))
    );
    assert_eq!(answers.get(&oid("1.3.6.1.4.1.9.6.7")), None);
    assert_eq!(device.asked(), ["bulk 3+3x2", "get 1"]);
}

#[tokio::test]
async fn version_1_reads_tables_by_getnext_and_survives_absent_objects() {
    let device = Responder::start(printer(3), |request| {
        assert_eq!(request.message.version, Version::V1);
        assert!(!request.is_bulk());
        vec![request.encode(request.honest_v1())]
    })
    .await;
    let mut query = poll(None);
    query.objects.insert(1, oid("1.3.6.1.2.1.43.5.1.1.17.1"));
    let mut abilities = Abilities::default();
    let answers = fetch(&patient(), &device, Version::V1, &mut abilities, &query).await;
    assert_complete(&answers.unwrap(), 3);
    assert_eq!(device.asked()[..2], ["get 3", "get 2"]);
}

#[tokio::test]
async fn a_device_that_knows_only_version_1_is_found_out_once() {
    let device = Responder::start(printer(3), |request| {
        let answers = request.message.version == Version::V1;
        answers
            .then(|| request.encode(request.honest_v1()))
            .into_iter()
            .collect()
    })
    .await;
    let mut abilities = Abilities::default();
    let answers = fetch(
        &hasty(),
        &device,
        Version::V2c,
        &mut abilities,
        &poll(Some(3)),
    )
    .await;
    assert_complete(&answers.unwrap(), 3);
    assert!(abilities.only_v1());

    let before = device.requests().len();
    let answers = fetch(
        &patient(),
        &device,
        Version::V2c,
        &mut abilities,
        &poll(Some(3)),
    )
    .await;
    assert_complete(&answers.unwrap(), 3);
    assert_eq!(
        device.asked()[before..],
        ["get 2", "next 3", "next 3", "next 3"]
    );
}

#[tokio::test]
async fn too_big_with_an_empty_list_halves_the_question_for_good() {
    let device = Responder::start(printer(8), |request| {
        let honest = request.honest();
        let reply = if honest.bindings.len() > 10 {
            request.response(ErrorStatus::TooBig, 0, Vec::new())
        } else {
            honest
        };
        vec![request.encode(reply)]
    })
    .await;
    let mut abilities = Abilities::default();
    let answers = fetch(
        &patient(),
        &device,
        Version::V2c,
        &mut abilities,
        &poll(Some(8)),
    )
    .await;
    assert_complete(&answers.unwrap(), 8);
    let before = device.requests().len();
    let answers = fetch(
        &patient(),
        &device,
        Version::V2c,
        &mut abilities,
        &poll(Some(8)),
    )
    .await;
    assert_complete(&answers.unwrap(), 8);
    let again = &device.requests()[before..];
    assert!(
        again
            .iter()
            .all(|pdu| matches!(pdu.operation, Operation::GetBulk { .. }))
    );
    assert_eq!(again.len(), 3, "{:?}", &device.asked()[before..]);
}

#[tokio::test]
async fn a_device_for_which_everything_is_too_big_is_given_up() {
    let device = Responder::start(printer(2), |request| {
        vec![request.encode(request.response(ErrorStatus::TooBig, 0, Vec::new()))]
    })
    .await;
    let mut abilities = Abilities::default();
    let answers = fetch(
        &patient(),
        &device,
        Version::V2c,
        &mut abilities,
        &poll(Some(2)),
    )
    .await;
    assert!(answers.unwrap().is_empty());
}

#[tokio::test]
async fn answers_cut_anywhere_are_continued() {
    for most in 1..=9 {
        let device = Responder::start(printer(5), move |request| {
            let mut honest = request.honest();
            honest.bindings.truncate(most);
            vec![request.encode(honest)]
        })
        .await;
        let mut abilities = Abilities::default();
        let answers = fetch(
            &patient(),
            &device,
            Version::V2c,
            &mut abilities,
            &poll(None),
        )
        .await;
        assert_complete(&answers.unwrap(), 5);
    }
}

#[tokio::test]
async fn a_device_silenced_by_bulk_is_asked_for_less_and_remembered() {
    let device = Responder::start(printer(4), |request| {
        let answers = !request.is_bulk();
        answers
            .then(|| request.encode(request.honest()))
            .into_iter()
            .collect()
    })
    .await;
    let mut abilities = Abilities::default();
    let answers = fetch(
        &hasty(),
        &device,
        Version::V2c,
        &mut abilities,
        &poll(Some(4)),
    )
    .await;
    assert_complete(&answers.unwrap(), 4);
    assert!(!abilities.only_v1());
    let before = device.requests().len();
    let answers = fetch(
        &patient(),
        &device,
        Version::V2c,
        &mut abilities,
        &poll(Some(4)),
    )
    .await;
    assert_complete(&answers.unwrap(), 4);
    assert_eq!(device.asked()[before], "get 2");
}

#[tokio::test]
async fn a_bulk_that_repeats_itself_is_replaced_by_getnext() {
    let device = Responder::start(printer(4), |request| {
        let mut honest = request.honest();
        if request.is_bulk() {
            let first_row = honest.bindings[2..5].to_vec();
            for (position, binding) in honest.bindings.iter_mut().skip(2).enumerate() {
                *binding = first_row[position % 3].clone();
            }
        }
        vec![request.encode(honest)]
    })
    .await;
    let mut abilities = Abilities::default();
    let answers = fetch(
        &patient(),
        &device,
        Version::V2c,
        &mut abilities,
        &poll(Some(4)),
    )
    .await;
    assert_complete(&answers.unwrap(), 4);
    assert_eq!(device.asked(), ["bulk 2+3x4", "next 3", "next 3", "next 3"]);
}

#[tokio::test]
async fn a_column_that_goes_backwards_ends_there() {
    let device = Responder::start(printer(4), |request| {
        let mut honest = request.honest();
        for (oid, _) in &mut honest.bindings {
            if *oid == column_oid(8).child(&[1, 3]) {
                *oid = column_oid(8).child(&[1, 1]);
            }
        }
        vec![request.encode(honest)]
    })
    .await;
    let mut abilities = Abilities::default();
    let answers = fetch(
        &patient(),
        &device,
        Version::V2c,
        &mut abilities,
        &poll(None),
    )
    .await
    .unwrap();
    let rows = [6, 8, 9].map(|column| answers.below(&column_oid(column)).count());
    assert_eq!(rows, [4, 2, 4]);
}

#[tokio::test]
async fn an_error_that_names_a_column_costs_only_that_column() {
    let device = Responder::start(printer(4), |request| {
        let bad = request
            .pdu()
            .bindings
            .iter()
            .position(|(oid, _)| oid.is_below(&column_oid(8)) || *oid == column_oid(8));
        let reply = match bad {
            Some(index) => request.response(
                ErrorStatus::GenErr,
                u32::try_from(index + 1).unwrap(),
                Vec::new(),
            ),
            None => request.honest(),
        };
        vec![request.encode(reply)]
    })
    .await;
    let mut abilities = Abilities::default();
    let answers = fetch(
        &patient(),
        &device,
        Version::V2c,
        &mut abilities,
        &poll(Some(4)),
    )
    .await
    .unwrap();
    let rows = [6, 8, 9].map(|column| answers.below(&column_oid(column)).count());
    assert_eq!(rows, [4, 0, 4]);
}

#[tokio::test]
async fn a_lost_message_is_sent_again_and_costs_no_ability() {
    let mut dropped = false;
    let device = Responder::start(printer(4), move |request| {
        let answers = std::mem::replace(&mut dropped, true);
        answers
            .then(|| request.encode(request.honest()))
            .into_iter()
            .collect()
    })
    .await;
    let mut abilities = Abilities::default();
    let client = client(std::time::Duration::from_millis(300));
    let answers = fetch(
        &client,
        &device,
        Version::V2c,
        &mut abilities,
        &poll(Some(4)),
    )
    .await;
    assert_complete(&answers.unwrap(), 4);
    let requests = device.requests();
    assert!(requests.len() >= 2);
    assert!(
        requests.iter().all(|pdu| pdu == &requests[0]),
        "the same message"
    );
}
