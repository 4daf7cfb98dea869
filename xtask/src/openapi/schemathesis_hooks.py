"""What schemathesis cannot know by itself: what lines are, and what is there for the run."""

import json
import os
import re
from datetime import datetime

import schemathesis
from hypothesis import strategies as st
from schemathesis import GenerationMode

WORDS = st.text(max_size=20)

RECORDS = st.fixed_dictionaries(
    {
        "source": st.sampled_from(["agent|made-up", "agent|another"]),
        "id": st.integers(min_value=0, max_value=99).map(str),
        "completed_at": st.datetimes(
            min_value=datetime(2026, 1, 1),
            max_value=datetime(2026, 11, 20),
        ).map(lambda at: at.isoformat() + "Z"),
    },
    optional={
        "user": WORDS,
        "document": WORDS,
        "queue": WORDS,
        "impressions": st.integers(min_value=-1, max_value=2**70),
        "sides": st.sampled_from(["one-sided", "two-sided-long-edge", "round"]),
        "cost": st.floats(allow_nan=False),
    },
)

CODES = st.sampled_from(["BIO-101", "BIO", "none"]) | WORDS
USERS = st.sampled_from(["ada", "grace"]) | WORDS
SUBJECTS = st.one_of(
    st.just({"everyone": True}),
    USERS.map(lambda user: {"user": user}),
    st.just({"group": "Staff"}),
)
VERBS = st.lists(st.sampled_from(["charge", "view", "manage", "print"]), max_size=3)

CHANGES = st.one_of(
    st.fixed_dictionaries({"code": CODES, "name": WORDS}, optional={"parent": CODES}).map(
        lambda account: {"account": account}
    ),
    st.fixed_dictionaries(
        {"account": CODES}, optional={"points_per_user": st.integers(-1, 500)}
    ).map(lambda limit: {"limit": limit}),
    st.fixed_dictionaries({"account": CODES, "subject": SUBJECTS, "verbs": VERBS}).map(
        lambda access: {"access": access}
    ),
    USERS.map(lambda user: {"user": {"name": user}}),
    USERS.map(lambda user: {"member": {"group": "Staff", "user": user}}),
)


def lines(things):
    """Mostly what lines are, and texts that are none."""
    line = st.one_of(things.map(json.dumps), things.map(json.dumps), WORDS)
    return st.lists(line, min_size=1, max_size=20).map("\n".join)


LINES = {"pushBatch": lines(RECORDS), "runBulk": lines(CHANGES).filter(str.strip)}

# Identifiers of the document's examples, and those of the same things on this server.
EXAMPLES = json.loads(os.environ.get("PLATEN_EXAMPLES", "{}"))

# What If-Match takes (RFC 9110 13.1.1). The document cannot say it: see `refused.rs`.
CONDITION = re.compile(r'\*|(W/)?"[!#-~]*"([ \t]*,[ \t]*(W/)?"[!#-~]*")*')

# Every Idempotency-Key that was sent.
SENT = set()


@schemathesis.serializer("application/x-ndjson")
def ndjson(_context, value):
    """A text as it is; what is no text, which negative tests make up, as JSON."""
    return (value if isinstance(value, str) else json.dumps(value)).encode()


@schemathesis.hook
def flatmap_body(context, body):
    """Lines in place of any text: to the document both are lines."""
    operation = context.operation.definition.raw.get("operationId")
    if operation in LINES and isinstance(body, str):
        return LINES[operation]
    return st.just(body)


@schemathesis.hook
def before_call(_context, case, _kwargs):
    """Examples name what there is, every other malformed condition is `*`, and no key is sent twice.

    That a key stands for one request no schema can say: operations would answer with nothing but
    that refusal, or with what was made once and is deleted by now.
    """
    for values in (case.path_parameters, case.query):
        for name, value in (values or {}).items():
            if isinstance(value, str):
                values[name] = EXAMPLES.get(value, value)
    condition = (case.headers or {}).get("If-Match")
    if condition is not None and is_positive(case) and not CONDITION.fullmatch(condition):
        # These do what they ask for; the others show that a malformed one is refused.
        if len(condition) % 2:
            case.headers["If-Match"] = "*"
    key = (case.headers or {}).get("Idempotency-Key")
    if key is not None:
        if bare(key) in SENT and is_positive(case):
            key = case.headers["Idempotency-Key"] = f'"made-up-{len(SENT)}"'
        SENT.add(bare(key))


def bare(key):
    """The key without its quotes and escapes, which are no part of it."""
    return re.sub(r"\\(.)", r"\1", key.strip().strip('"'))


def is_positive(case):
    """Whether the document allows the request as a whole."""
    return case.meta is None or case.meta.generation.mode == GenerationMode.POSITIVE
