#!/bin/sh
# Checks that Protocol/ and the code name the same methods, params and error codes, that the examples and the requests of the
# transcripts fit the schemas, and that the pages list what openrpc.json does.
#
#   Tests/check-protocol.sh [ROOT]
#
# ROOT is the project, by default the one this script is in. Exit status 1 and one line per difference when they differ.
set -eu
root=${1:-$(dirname "$0")/..}
PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=$root/Tests/support${PYTHONPATH:+:$PYTHONPATH} exec python3 - "$root" <<'PYTHON'
import json, pathlib, re, sys
from protocol_document import ProtocolDocument, ProtocolError

root = pathlib.Path(sys.argv[1])
sources = root / "Sources" / "RunnerProtocol"
protocol = root / "Protocol"
faults = []


def read(path):
    return path.read_text(encoding="utf-8")


def compare(what, code, document):
    faults.extend(f"{what}: {name} is in the code but not in Protocol/" for name in sorted(code - document))
    faults.extend(f"{what}: {name} is in Protocol/ but not in the code" for name in sorted(document - code))


def stem(name):
    return name.replace("$/", "").replace("/", ".")


registry = dict(re.findall(r'^    case (\w+) = "([^"]+)"$', read(sources / "WireMethod.swift"), re.M))
if not registry:
    sys.exit("check-protocol: no methods found in WireMethod.swift")
kinds = re.search(r"var kind: Kind \{(.*?)\n    \}", read(sources / "WireMethod.swift"), re.S)[1]
agent_cases = re.search(r"case ([^:]+): \.agentNotification", kinds)[1]
client_cases = re.search(r"case ([^:]+): \.clientNotification", kinds)[1]
from_agent = {registry[case] for case in re.findall(r"\w+", agent_cases)}
unanswered = from_agent | {registry[case] for case in re.findall(r"\w+", client_cases)}

openrpc = json.loads(read(protocol / "openrpc.json"))
methods = {method["name"]: method for method in openrpc["methods"]}
notifications = {method["name"]: method for method in openrpc["x-notifications"]}
entries = {**methods, **notifications}
if len(entries) != len(openrpc["methods"]) + len(openrpc["x-notifications"]):
    faults.append("openrpc.json: a method is listed twice")
compare("openrpc.json methods", set(registry.values()) - from_agent, set(methods))
compare("openrpc.json x-notifications", from_agent, set(notifications))

# One page per method, titled with its name.
pages = {path.name: read(path) for path in (protocol / "methods").glob("*.md")}
compare("methods/", {f"{stem(name)}.md: # `{name}`" for name in registry.values()},
        {f"{name}: {text.splitlines()[0]}" for name, text in pages.items()})
for name, entry in entries.items():
    text = pages.get(f"{stem(name)}.md", "")
    codes = [error["$ref"].rsplit("/", 1)[1] for error in entry.get("errors", [])]
    listed = re.findall(r"`(\w+)`", (re.search(r"^Errors: (.*)$", text, re.M) or [""])[0])
    if listed != codes:
        faults.append(f"methods/{stem(name)}.md lists the errors {listed}, openrpc.json {codes}")
    listed = re.findall(r"^\| `(\w+)` \|", text, re.M)
    if listed != [param["name"] for param in entry["params"]]:
        faults.append(f"methods/{stem(name)}.md lists the params {listed}")

# Params by position, in the order the code reads them.
positions = {}
for path in (sources / "Methods").glob("*.swift"):
    text = read(path)
    cases = re.findall(r"static let method = WireMethod\.(\w+)", text)
    orders = re.findall(r"positional: \[([^\]]*)\]", text)
    if "EmptyParams" in text:
        orders = [""] * len(cases)
    for case, order in zip(cases, orders):
        positions[registry[case]] = re.findall(r'"(\w+)"', order)
for name, order in positions.items():
    documented = [param["name"] for param in entries.get(name, {}).get("params", [])]
    if documented != order:
        faults.append(f"{name}: params are {documented} in openrpc.json and {order} in the code")
start = re.search(r"private static let members = \[(.*?)\]", read(sources / "Methods" / "Start.swift"), re.S)[1]
compare("runner.start params", set(re.findall(r'"(\w+)"', start)) | {"_meta"},
        {param["name"] for param in entries["runner.start"]["params"]})

codes = set(re.findall(r'DomainErrorCode\(rawValue: "(\w+)"\)', read(sources / "Envelope" / "DomainErrorCode.swift")))
compare("components.errors", codes, set(openrpc["components"]["errors"]))
for name, entry in entries.items():
    for error in entry.get("errors", []):
        if error["$ref"].rsplit("/", 1)[1] not in codes:
            faults.append(f"{name}: unknown error {error['$ref']}")
    if ("result" in entry) == (name in unanswered):
        faults.append(f"{name}: openrpc.json and the code differ on whether it is answered")
    if not entry.get("examples"):
        faults.append(f"{name}: no example")


# The files of schema/ are the components of openrpc.json, each on its own.
def as_component(value):
    if isinstance(value, dict):
        return {key: "#/components/schemas/" + item[:-5] if key == "$ref" else as_component(item)
                for key, item in value.items() if key not in ("$schema", "$id")}
    return [as_component(item) for item in value] if isinstance(value, list) else value


# component-config.json is not of the wire: it describes a file, and the tests of its parser check it.
schemas = {path.name[:-5]: json.loads(read(path)) for path in (protocol / "schema").glob("*.json")
           if path.name != "component-config.json"}
components = openrpc["components"]["schemas"]
faults.extend(f"schema/: {name} is in one of schema/ and openrpc.json only" for name in sorted(set(schemas) ^ set(components)))
faults.extend(f"schema/{name}.json differs from openrpc.json" for name in sorted(set(schemas) & set(components))
              if as_component(schemas[name]) != components[name])
for name, entry in entries.items():
    wanted = [f"{stem(name)}.params"] + ([f"{stem(name)}.result"] if "result" in entry else [])
    faults.extend(f"schema/{schema}.json is missing" for schema in wanted if schema not in schemas)
    params = components.get(wanted[0], {}).get("properties", {})
    for param in entry["params"]:
        if params.get(param["name"]) != param["schema"]:
            faults.append(f"{name}: param {param['name']} differs between openrpc.json and schema/")


def check_examples():
    document = ProtocolDocument(openrpc, closed=True)

    def check(function, *arguments):
        try:
            function(*arguments)
        except (ProtocolError, KeyError) as fault:
            faults.append(f"example of {arguments[0]}: {fault}")

    for name, entry in entries.items():
        for example in entry.get("examples", []):
            check(document.check_params, name, {param["name"]: param["value"] for param in example["params"]})
            if "result" in entry:
                check(document.check_result, name, example["result"]["value"])


# The transcripts are complete: every method and notification is in one of them, and what is answered was asked.
def check_transcripts():
    seen = set()
    for path in sorted((protocol / "transcripts").glob("*.ndjson")):
        first, *lines = read(path).splitlines()
        if first not in ("# needs: nothing", "# needs: engine"):
            faults.append(f"transcripts/{path.name}: the first line does not say what it needs")
        for line in lines:
            mark, _, text = line.partition(" ")
            if mark not in ("#", ">", "<", "<+", "<*"):
                faults.append(f"transcripts/{path.name}: not a line of a transcript: {line[:80]}")
            try:
                value = json.loads(text) if mark != "#" else None
            except ValueError:
                if mark != ">":
                    faults.append(f"transcripts/{path.name}: no JSON: {line[:80]}")
                continue
            for message in value if isinstance(value, list) else [value]:
                if isinstance(message, dict) and isinstance(message.get("method"), str):
                    seen.add(message["method"])
    # `exit` ends the session that a transcript describes.
    faults.extend(f"{name} is in no transcript" for name in sorted(set(entries) - seen - {"exit"}))


check_transcripts()
if not faults:
    check_examples()
for fault in faults:
    print(f"check-protocol: {fault}")
sys.exit(1 if faults else 0)
PYTHON
