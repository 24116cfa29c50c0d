"""The protocol as Protocol/openrpc.json tells it: methods by name, and the schemas as validators."""

import json
import re

try:
    import jsonschema
except ImportError:
    raise SystemExit("jsonschema is missing (Debian: python3-jsonschema)") from None

FORMATS = jsonschema.FormatChecker(formats=())


@FORMATS.checks("date-time")
def is_time(value):
    return not isinstance(value, str) or re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", value) is not None


@FORMATS.checks("uuid")
def is_uuid(value):
    return not isinstance(value, str) or re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", value) is not None


class ProtocolError(Exception):
    pass


class ProtocolDocument:
    """With `closed`, members that a schema does not name are faults: right for checking an agent, wrong for a client.

    A Failure stays open: it names the facts of its case, which are as many as there are cases.
    """

    def __init__(self, document, closed=False):
        self.methods = {method["name"]: method for method in document["methods"]}
        self.notifications = {method["name"]: method for method in document["x-notifications"]}
        self.errors = document["components"]["errors"]
        self.schemas = document["components"]["schemas"]
        if closed:
            self.schemas = {name: schema if name == "Failure" else close(schema) for name, schema in self.schemas.items()}
        self.validators = {}

    def check(self, schema, value, what):
        """`schema` is one of the document, with references into it."""
        key = json.dumps(schema)
        if key not in self.validators:
            # Below the schemas it refers to, so that a reference stays inside of one document.
            whole = {"$schema": "https://json-schema.org/draft/2020-12/schema", "allOf": [schema],
                     "components": {"schemas": self.schemas}}
            jsonschema.Draft202012Validator.check_schema(whole)
            self.validators[key] = jsonschema.Draft202012Validator(whole, format_checker=FORMATS)
        error = jsonschema.exceptions.best_match(self.validators[key].iter_errors(value))
        if error is not None:
            raise ProtocolError(f"{what}: at /{'/'.join(map(str, error.absolute_path))}: {error.message}")

    def check_params(self, method, params):
        entry = self.methods.get(method) or self.notifications[method]
        if isinstance(params, list):
            if entry["paramStructure"] == "by-name":
                raise ProtocolError(f"{method} takes its params by name")
            if len(params) > len(entry["params"]):
                raise ProtocolError(f"{method} takes {len(entry['params'])} params")
            params = {param["name"]: value for param, value in zip(entry["params"], params)}
        known = {param["name"]: param for param in entry["params"]}
        for name in params:
            if name not in known:
                raise ProtocolError(f"{method} has no param {name}")
        for name, param in known.items():
            if name in params:
                self.check(param["schema"], params[name], f"{method}: {name}")
            elif param.get("required"):
                raise ProtocolError(f"{method} needs {name}")

    def check_result(self, method, result):
        self.check(self.methods[method]["result"]["schema"], result, f"result of {method}")

    def error_codes(self, method):
        """The values of `data.code` that the method names."""
        return {error["$ref"].rsplit("/", 1)[1] for error in self.methods[method].get("errors", [])}


def close(schema):
    """The same schema without room for members it does not name."""
    if isinstance(schema, list):
        return [close(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    closed = {key: close(item) for key, item in schema.items()}
    if isinstance(schema.get("properties"), dict) and "type" in schema:
        closed["properties"] = {name: close(item) for name, item in schema["properties"].items()}
        closed.setdefault("additionalProperties", False)
    return closed
