"""Every way to call an operation of the API wrongly, derived from its own schema."""

import copy
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode

METHODS = ("get", "post", "put", "patch", "delete")
BODIES: dict[str, bytes] = {
    "empty": b"",
    "half an object": b'{"quantity": ',
    "not JSON": b"quantity=1",
    "not UTF-8": b'{"quantity": "\xff\xfe"}',
    "NUL bytes": b"\x00" * 20,
    "NUL in a string": b'{"quantity": "\\u0000", "code": "\\u0000"}',
    "NaN": b"NaN",
    "null": b"null",
    "a number": b"1" * 40,
    "a string": b'"quantity"',
    "an array": b'[{"quantity": 1}]',
    "an empty object": b"{}",
    "unknown keys": b'{"nobody": {"knows": ["this"]}}',
    "deeply nested": b'{"a":' * 20_000 + b"1" + b"}" * 20_000,
}
VALUES: dict[str, Any] = {
    "null": None,
    "true": True,
    "minus one": -1,
    "zero": 0,
    "a billion": 10**9,
    "beyond bigint": 2**63,
    "forty digits": 10**40,
    "a fraction": 0.1 + 0.2,
    "the largest float": 1.7e308,
    "empty text": "",
    "NUL": "a\0b",
    "half a character": "\ud800",
    "long text": "长" * 20_000,
    "many digits": "9" * 5_000,
    "not a number": "NaN",
    "markup": "<script>alert(1)</script>' OR 1=1 --",
    "an array": [1, [2]],
    "an object": {"amount": {"amount": []}},
}
TEXTS: dict[str, str] = {
    "nothing": "",
    "minus one": "-1",
    "zero": "0",
    "beyond bigint": str(2**63),
    "many digits": "9" * 5_000,
    "a fraction": "1e999",
    "not a number": "NaN",
    "NUL": "a\0b",
    "long text": "长" * 400,
    "markup": "<b>' OR 1=1 --",
    "commas": ",,,",
    "a pair": "91,181",
}


@dataclass(frozen=True)
class Misuse:
    """One wrong request; ``what`` says what is wrong with it."""

    what: str
    method: str
    path: str
    content: bytes | None = None
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Operation:
    """One operation of the schema; ``path`` still has its parameters' names in braces."""

    method: str
    path: str
    parameters: dict[str, str]
    body: dict[str, Any] | None

    @property
    def role(self) -> str:
        """Who may call it."""
        area = self.path.removeprefix("/api/v1/").split("/")[0]
        if self.path == "/api/v1/orders/":
            return "consumer"
        return {"dealer": "dealer", "supplier": "supplier", "me": "consumer"}.get(area, "guest")

    def address(self, known: dict[str, str], **query: str) -> str:
        """Its path with ``known`` parameters filled in; those nobody knows are 1."""
        path = self.path
        for name, place in self.parameters.items():
            if place == "path":
                path = path.replace(f"{{{name}}}", quote(known.get(name, "1"), safe=""))
        return f"{path}?{urlencode(query)}" if query else path

    def misuses(self, known: dict[str, str]) -> Iterator[Misuse]:
        """Every wrong body, field, path, query and header."""
        method, address = self.method.upper(), self.address(known)
        if self.body is not None:
            for what, content in BODIES.items():
                yield Misuse(f"body: {what}", method, address, content)
            for where, what, values in self._wrong_fields():
                yield Misuse(f"{where}: {what}", method, address, json.dumps(values).encode())
        for name, place in self.parameters.items():
            for what, text in TEXTS.items():
                if place == "path" and text:
                    yield Misuse(f"path {name}: {what}", method, self.address({**known, name: text}), self._body())
                elif place == "query":
                    yield Misuse(f"query {name}: {what}", method, self.address(known, **{name: text}))
                elif place == "header" and text.isascii() and text.isprintable():
                    yield Misuse(f"header {name}: {what}", method, address, self._body(), {name: text})

    def _body(self) -> bytes | None:
        return None if self.body is None else json.dumps(self.body).encode()

    def _wrong_fields(self) -> Iterator[tuple[str, str, dict[str, Any]]]:
        """Every field of the body, at every depth, left out or holding what it should not."""
        for trail in _trails(self.body):
            where = ".".join(map(str, trail))
            without = copy.deepcopy(self.body)
            del _owner(without, trail)[trail[-1]]
            yield where, "missing", without
            for what, value in VALUES.items():
                changed = copy.deepcopy(self.body)
                _owner(changed, trail)[trail[-1]] = value
                yield where, what, changed


def read_operations(schema: dict[str, Any], examples: dict[str, Any]) -> list[Operation]:
    """Every operation of an OpenAPI schema. ``examples`` gives fields values that get past the first checks."""
    return [
        Operation(
            method=method,
            path=path,
            parameters={item["name"]: item["in"] for item in operation.get("parameters", [])},
            body=_example_body(schema, operation, examples),
        )
        for path, operations in schema["paths"].items()
        for method, operation in operations.items()
        if method in METHODS
    ]


def _example_body(schema: dict[str, Any], operation: dict[str, Any], examples: dict[str, Any]) -> Any:
    content = operation.get("requestBody", {}).get("content", {})
    return _example(schema, content["application/json"]["schema"], examples) if content else None


def _example(schema: dict[str, Any], shape: dict[str, Any], examples: dict[str, Any], name: str = "") -> Any:
    if name in examples:
        return examples[name]
    for key in ("allOf", "oneOf", "anyOf"):
        if key in shape:
            return _example(schema, shape[key][0], examples)
    if "$ref" in shape:
        return _example(schema, schema["components"]["schemas"][shape["$ref"].rpartition("/")[2]], examples)
    if "enum" in shape:
        return shape["enum"][0]
    kinds = shape.get("type", "object")
    kind = kinds[0] if isinstance(kinds, list) else kinds
    if kind == "object":
        return {key: _example(schema, item, examples, key) for key, item in shape.get("properties", {}).items()}
    if kind == "array":
        return [_example(schema, shape.get("items", {}), examples)]
    return {"integer": 1, "number": 1, "boolean": True}.get(kind, "x")


def _trails(values: Any, above: tuple = ()) -> Iterator[tuple]:
    items = values.items() if isinstance(values, dict) else enumerate(values) if isinstance(values, list) else ()
    for key, item in items:
        yield (*above, key)
        yield from _trails(item, (*above, key))


def _owner(values: Any, trail: tuple) -> Any:
    for key in trail[:-1]:
        values = values[key]
    return values
