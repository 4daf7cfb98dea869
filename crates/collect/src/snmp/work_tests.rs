use proptest::prelude::*;

use super::*;
use crate::snmp::fetch::CONVERSATION_BINDINGS_MAX;
use crate::snmp::pdu::BINDINGS_MAX;

/// What a device does with one request.
#[derive(Debug, Clone)]
enum Answer {
    Error(i32, u32),
    Bindings(Vec<Binding>),
    /// The first so many bindings of what was asked, each followed by one arc.
    Children(usize, u32),
}

fn query() -> Query {
    let column = |oid: &str, rows| Column {
        oid: oid.parse().unwrap(),
        rows,
    };
    Query {
        objects: ["1.3.1.0", "1.3.2.7", "1.3.5.1.1"]
            .map(|oid| oid.parse().unwrap())
            .to_vec(),
        columns: vec![
            column("1.3.3.1", None),
            column("1.3.3.2", Some(3)),
            column("1.3.4.1", Some(1)),
        ],
    }
}

fn any_value() -> impl Strategy<Value = Value> {
    prop_oneof![
        any::<i64>().prop_map(Value::Integer),
        Just(Value::Null),
        Just(Value::NoSuchInstance),
        Just(Value::EndOfMibView),
    ]
}

/// Identifiers in and around what is asked.
fn any_oid() -> impl Strategy<Value = Oid> {
    prop::collection::vec(0_u32..6, 0..4)
        .prop_map(|tail| Oid::from_arcs(&[&[1, 3], tail.as_slice()].concat()).unwrap())
}

fn any_answer() -> impl Strategy<Value = Answer> {
    prop_oneof![
        (0..20, 0_u32..12).prop_map(|(status, index)| Answer::Error(status, index)),
        prop::collection::vec((any_oid(), any_value()), 0..30).prop_map(Answer::Bindings),
        (0_usize..10, 0_u32..4).prop_map(|(count, arc)| Answer::Children(count, arc)),
    ]
}

fn response(request: &Pdu, answer: &Answer) -> Pdu {
    let (status, index, bindings) = match answer {
        Answer::Error(code, index) => (ErrorStatus::from_code(*code), *index, Vec::new()),
        Answer::Bindings(bindings) => (ErrorStatus::NoError, 0, bindings.clone()),
        Answer::Children(count, arc) => {
            let asked = request.bindings.iter().take(*count);
            let child = |(oid, _): &Binding| (oid.child(&[*arc]), Value::Integer(1));
            (ErrorStatus::NoError, 0, asked.map(child).collect())
        }
    };
    Pdu {
        operation: Operation::Response { status, index },
        request_id: request.request_id,
        bindings,
    }
}

proptest! {
    /// Whatever a device answers, over and over: the conversation ends, asks for no more than
    /// fits, and brings in only what was asked.
    #[test]
    fn any_device_is_done_with(answers in prop::collection::vec(any_answer(), 1..20), v1: bool) {
        let query = query();
        let mut work = Work::new(&query);
        let mut abilities = Abilities::default();
        if v1 {
            abilities.speaks_only_v1();
        }
        let mut bindings = 0;
        let mut answers = answers.iter().cycle();
        // Every message settles an item, takes a row, or goes down a rung of the ladder.
        for _ in 0..CONVERSATION_BINDINGS_MAX + 20 {
            let Some(plan) = work.plan(&abilities) else { break };
            prop_assert!(plan.expected() <= BINDINGS_MAX);
            let request = work.request(&plan, 7);
            prop_assert!(!request.bindings.is_empty());
            let answer = response(&request, answers.next().unwrap());
            bindings += answer.bindings.len();
            work.take(&plan, answer, &mut abilities);
            if bindings >= CONVERSATION_BINDINGS_MAX {
                break;
            }
        }
        prop_assert!(bindings >= CONVERSATION_BINDINGS_MAX || work.plan(&abilities).is_none(), "it never ends");
        let asked = |oid: &Oid| {
            query.objects.contains(oid) || query.columns.iter().any(|column| oid.is_below(&column.oid))
        };
        prop_assert!(work.into_answers().iter().all(|(oid, _)| asked(oid)));
    }
}

#[test]
fn a_plan_asks_for_everything_at_once_where_it_fits() {
    let query = query();
    let work = Work::new(&query);
    let plan = work.plan(&Abilities::default()).unwrap();
    assert_eq!(plan.expected(), 4 + 2 * 8);
    let request = work.request(&plan, 7);
    let asked: Vec<String> = request
        .bindings
        .iter()
        .map(|(oid, _)| oid.to_string())
        .collect();
    assert_eq!(
        asked,
        [
            "1.3.1",
            "1.3.2.6",
            "1.3.5.1.0",
            "1.3.4.1",
            "1.3.3.1",
            "1.3.3.2"
        ]
    );
}
