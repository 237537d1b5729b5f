"""Finds the guards of a service in its source, and writes the source without one of them."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

# Calls whose only purpose is to refuse.
REFUSING = (
    "check_",
    "require_",
    "refuse_",
    "ensure_",
    "forbid_",
    "verify_",
    "_check_",
    "_require_",
    "_keep_",
    "_refuse_",
)
# Conditions that keep one organization's rows from another's.
SCOPES = ("organization", "organization_id", "operator", "seller", "supplier", "dealer", "receiver", "source")
QUERIES = ("filter", "get", "exclude")


@dataclass(frozen=True)
class Guard:
    """One guard: what it is, in which function, on which line, and the source without it."""

    kind: str
    function: str
    line: int
    text: str
    mutated: str


def find_guards(source: str) -> list[Guard]:
    """Return the guards of a module: refusals, row locks and conditions on the organization, in order of lines."""
    tree = ast.parse(source)
    found = [
        Guard(kind, function.name, node.lineno, _line(source, node.lineno), mutated)
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef)
        for node in ast.walk(function)
        for kind, mutated in _without(source, node)
    ]
    unique = {(guard.line, guard.mutated): guard for guard in found}
    return sorted(unique.values(), key=lambda guard: guard.line)


def _without(source: str, node: ast.AST) -> Iterator[tuple[str, str]]:
    if isinstance(node, ast.If) and len(node.body) == 1 and isinstance(node.body[0], ast.Raise):
        yield "permission", _replace(source, node.test, "False")
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) and _name(node.value).startswith(REFUSING):
        yield "permission", _replace(source, node, "pass")
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        if node.func.attr == "select_for_update":
            yield "lock", _replace(source, node, ast.get_source_segment(source, node.func.value) or "")
        if node.func.attr in QUERIES:
            yield from _without_scope(source, node)


def _without_scope(source: str, call: ast.Call) -> Iterator[tuple[str, str]]:
    for keyword in call.keywords:
        if keyword.arg and keyword.arg.split("__")[0] in SCOPES:
            kept = [ast.get_source_segment(source, part) or "" for part in call.args]
            kept += [ast.get_source_segment(source, other) or "" for other in call.keywords if other is not keyword]
            called = ast.get_source_segment(source, call.func) or ""
            yield "scope", _replace(source, call, f"{called}({', '.join(kept)})")


def _name(call: ast.Call) -> str:
    function = call.func
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _replace(source: str, node: ast.AST, text: str) -> str:
    """The source with one node's text replaced; columns count bytes, so the work is done on bytes."""
    lines = source.encode().splitlines(keepends=True)
    start = sum(map(len, lines[: node.lineno - 1])) + node.col_offset  # type: ignore[attr-defined]
    end = sum(map(len, lines[: node.end_lineno - 1])) + node.end_col_offset  # type: ignore[attr-defined]
    raw = source.encode()
    return (raw[:start] + text.encode() + raw[end:]).decode()


def _line(source: str, number: int) -> str:
    return source.splitlines()[number - 1].strip()
