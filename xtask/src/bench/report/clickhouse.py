"""ClickHouse in a process of its own (chDB), told what to do by lines of JSON, one answer each.

load:   rows of NDJSON into a table ordered by completion; answers how many there are
size:   octets of a window as JSONEachRow
report: the rows of a window in order, as JSONEachRow to /dev/null
"""

import json
import sys

from chdb import session

DIRECTORY = sys.argv[1]
FORMAT = (
    "max_threads = 1, max_execution_time = 600, date_time_output_format = 'iso', "
    "output_format_json_quote_64bit_integers = 0, output_format_json_escape_forward_slashes = 0"
)


def window(order):
    instant = "parseDateTime64BestEffort('{}', 3, 'UTC')"
    return (
        f"FROM jobs WHERE CompletedAt >= {instant.format(order['from'])} "
        f"AND CompletedAt < {instant.format(order['until'])}"
    )


def load(order):
    server.query(f"CREATE TABLE jobs ({order['columns']}) ENGINE = MergeTree ORDER BY CompletedAt")
    server.query(
        f"INSERT INTO jobs SELECT * FROM file('{order['file']}', JSONEachRow) "
        "SETTINGS date_time_input_format = 'best_effort', max_execution_time = 600"
    )
    # One part, as after a night: no merge runs beside what is measured.
    server.query("OPTIMIZE TABLE jobs FINAL")
    return int(server.query("SELECT count() FROM jobs", "TSV").bytes())


def size(order):
    row = "length(formatRow('JSONEachRow', *))"
    return int(server.query(f"SELECT sum({row}) {window(order)} SETTINGS {FORMAT}", "TSV").bytes())


def report(order):
    server.query(
        f"SELECT * {window(order)} ORDER BY CompletedAt "
        f"INTO OUTFILE '/dev/null' APPEND FORMAT JSONEachRow SETTINGS {FORMAT}"
    )
    return 0


server = session.Session(DIRECTORY)
server.query("CREATE DATABASE bench")
server.query("USE bench")
DO = {"load": load, "size": size, "report": report}
for line in sys.stdin:
    order = json.loads(line)
    try:
        answer = {"number": DO[order["do"]](order)}
    except Exception as error:  # Whatever it is, the other side can say it.
        answer = {"error": str(error)}
    print(json.dumps(answer), flush=True)
