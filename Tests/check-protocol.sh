#!/bin/sh
# Checks that Protocol/ and the code name the same methods, params and error codes, and that the examples fit the schemas.
#
#   Tests/check-protocol.sh [ROOT]
#
# ROOT is the project, by default the one this script is in. Exit status 1 and one line per difference when they differ.
# Schemas are checked when Python's jsonschema is installed; without it that part is skipped, and said so.
set -eu
root=${1:-$(dirname "$0")/..}
exec python3 - "$root" <<'PYTHON'
import json, pathlib, re, sys

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
pages = {path.name: read(path).split("\n", 1)[0] for path in (protocol / "methods").glob("*.md")}
compare("methods/", {f"{stem(name)}.md: # `{name}`" for name in registry.values()}, {f"{k}: {v}" for k, v in pages.items()})

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


schemas = {path.name[:-5]: json.loads(read(path)) for path in (protocol / "schema").glob("*.json")}
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
    try:
        import jsonschema
        from referencing import Registry, Resource
    except ImportError:
        print("check-protocol: jsonschema is not installed; examples were not checked")
        return
    resources = Registry().with_resources((f"{name}.json", Resource.from_contents(schema)) for name, schema in schemas.items())

    def check(name, value):
        jsonschema.Draft202012Validator.check_schema(schemas[name])
        validator = jsonschema.Draft202012Validator(schemas[name], registry=resources)
        faults.extend(f"{name}: {error.json_path}: {error.message}" for error in validator.iter_errors(value))

    for name, entry in entries.items():
        for example in entry.get("examples", []):
            check(f"{stem(name)}.params", {param["name"]: param["value"] for param in example["params"]})
            if "result" in entry:
                check(f"{stem(name)}.result", example["result"]["value"])


if not faults:
    check_examples()
for fault in faults:
    print(f"check-protocol: {fault}")
sys.exit(1 if faults else 0)
PYTHON
