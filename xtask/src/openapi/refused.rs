//! What a request may be refused for though its form is right: what a JSON Schema cannot say.
//! Found by operation, each with the status of the refusal and why no schema can say it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// Statuses that are no finding for a well-formed request, whatever the operation: it is done, it
/// names what is not there, what is there does not allow it (taken, state, points), it is too long
/// as a whole, or too much is asked at once.
const ALWAYS: [&str; 10] = [
    "2xx", "304", "401", "403", "404", "409", "413", "414", "429", "503",
];

/// Operations, a status they refuse well-formed requests with, and why.
struct Refusal {
    operations: &'static [&'static str],
    status: &'static str,
    #[expect(dead_code, reason = "for who reads this table")]
    why: &'static str,
}

const REFUSALS: &[Refusal] = &[
    Refusal {
        operations: &["getPrintJobs", "getMonthlyPrintJobs"],
        status: "400",
        why: "a period ends after it began; which time zones there are",
    },
    Refusal {
        operations: &["pushBatch"],
        status: "400",
        why: "octets that a content coding can be undone of; lines are records",
    },
    Refusal {
        operations: &["enrolCollector"],
        status: "400",
        why: "codes are good once, and the document cannot know them",
    },
    Refusal {
        operations: CONDITIONAL,
        status: "400",
        why: "If-Match is `*` or entity tags: as a choice of schemas, generators of clients leave the \
              operation out; a pattern for both is broken by schemathesis itself (`If-Match: 0`)",
    },
    Refusal {
        operations: CONDITIONAL,
        status: "412",
        why: "which revision is the current one",
    },
    Refusal {
        operations: &[
            "listAccounts",
            "listAccountBalances",
            "listAccountLedger",
            "listBalances",
            "listCharges",
            "listGroups",
            "listHolds",
            "listLedger",
            "listMembers",
            "listUsers",
        ],
        status: "422",
        why: "a cursor is one that a page of the same list gave",
    },
    Refusal {
        operations: &["createAccount", "updateAccount"],
        status: "422",
        why: "the parent exists and stands not below it; valid_until lies after valid_from",
    },
    Refusal {
        operations: &["updateLimit"],
        status: "422",
        why: "which members belong to the period that the limit has already",
    },
    Refusal {
        operations: &["createCharge", "createHold", "captureHold", "quoteCharge"],
        status: "422",
        why: "pages times copies are a number of 32 bits; sides in colour are some of all sides",
    },
    Refusal {
        operations: &["refundCharge"],
        status: "422",
        why: "how many points the charge still takes",
    },
    Refusal {
        operations: &["transferPoints"],
        status: "422",
        why: "the two balances differ",
    },
    Refusal {
        operations: &["replaceAccess"],
        status: "422",
        why: "no two entries name one subject, whichever names they use",
    },
    Refusal {
        operations: &["runBulk"],
        status: "422",
        why: "with all_or_nothing, what any line may be refused for",
    },
];

/// Operations that take `If-Match`. A stale one is answered before the body is judged.
const CONDITIONAL: &[&str] = &[
    "addMembers",
    "deleteAccount",
    "deleteGroup",
    "deleteUser",
    "refundCharge",
    "removeMember",
    "replaceAccess",
    "replaceLimit",
    "replaceMembers",
    "replacePointRules",
    "retryCharge",
    "setAccessEntry",
    "updateAccount",
    "updateGroup",
    "updateLimit",
    "updateUser",
];

/// Statuses that refuse a malformed request, whatever the operation; 412 is added for [`CONDITIONAL`].
const MALFORMED: [&str; 11] = [
    "400", "401", "403", "404", "405", "409", "413", "414", "415", "422", "429",
];

/// Operations whose body is lines: each is answered by itself within an answer of 200, also one
/// that is nothing of what lines are.
const OF_LINES: [&str; 2] = ["pushBatch", "runBulk"];

/// The part of the configuration that says all this.
pub(super) fn configuration() -> String {
    let mut allowed: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for refusal in REFUSALS {
        for operation in refusal.operations {
            allowed.entry(operation).or_default().insert(refusal.status);
        }
    }
    let mut text = format!(
        "[checks.positive_data_acceptance]\nexpected-statuses = [{}]\n\n\
         [checks.negative_data_rejection]\nexpected-statuses = [{}]\n\n",
        quoted(ALWAYS),
        quoted(MALFORMED)
    );
    for (operation, statuses) in allowed {
        let accepted = ALWAYS.into_iter().chain(statuses);
        let mut refused: Vec<&str> = MALFORMED.to_vec();
        if CONDITIONAL.contains(&operation) {
            refused.push("412");
        }
        if OF_LINES.contains(&operation) {
            refused.push("200");
        }
        // Writing to a String cannot fail.
        let _infallible = writeln!(
            text,
            "[[operations]]\ninclude-operation-id = \"{operation}\"\n\
             checks.positive_data_acceptance.expected-statuses = [{}]\n\
             checks.negative_data_rejection.expected-statuses = [{}]\n",
            quoted(accepted),
            quoted(refused)
        );
    }
    text
}

fn quoted<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    let words: Vec<String> = words.into_iter().map(|word| format!("{word:?}")).collect();
    words.join(", ")
}
