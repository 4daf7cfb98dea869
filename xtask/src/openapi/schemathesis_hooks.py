"""Bodies that schemathesis cannot make by itself: lines of print records, good and bad ones."""

import json
from datetime import datetime

import schemathesis
from hypothesis import strategies as st

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

LINES = st.one_of(RECORDS.map(json.dumps), RECORDS.map(json.dumps), WORDS)



@schemathesis.serializer("application/x-ndjson")
def ndjson(_context, value):
    """A text as it is; what is no text, which negative tests make up, as JSON."""
    return (value if isinstance(value, str) else json.dumps(value)).encode()


@schemathesis.hook
def flatmap_body(context, body):
    """Records in place of any text: to the document both are lines."""
    if context.operation.definition.raw.get("operationId") == "pushBatch" and isinstance(body, str):
        return st.lists(LINES, max_size=20).map("\n".join)
    return st.just(body)
