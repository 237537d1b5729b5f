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
SCOPES = {"organization", "organization_id", "operator", "seller", "supplier", "dealer", "receiver", "source"}
QUERIES = ("filter", "get", "exclude")


@dataclass(frozen=True)
class Guard:
    """
    One guard: what it is, in which function, on which lines, and the source without it.

    ``function`` is the outermost function or method, as ``open_lead`` or ``Demand.check``.
    """

    kind: str
    function: str
    line: int
    last_line: int
    text: str
    mutated: str


def find_guards(source: str) -> list[Guard]:
    """
    Return the guards of a module: refusals, row locks and conditions on the organization, in order of lines.

    What an ``except`` passes on with a bare ``raise`` is no refusal of ours.
    """
    found = [
        Guard(kind, name, part.lineno, part.end_lineno or part.lineno, _line(source, part.lineno), mutated)
        for name, function in _functions(ast.parse(source))
        for node in ast.walk(function)
        for kind, part, mutated in _without(source, node)
    ]
    return sorted(found, key=lambda guard: guard.line)


def _functions(tree: ast.Module) -> Iterator[tuple[str, ast.FunctionDef]]:
    """The functions and methods of a module, by qualified name."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            yield node.name, node
        if isinstance(node, ast.ClassDef):
            yield from ((f"{node.name}.{part.name}", part) for part in node.body if isinstance(part, ast.FunctionDef))


def _without(source: str, node: ast.AST) -> Iterator[tuple[str, ast.expr | ast.stmt, str]]:
    """The kind of guard that a node is, the part of it that decides, and the source without it."""
    if isinstance(node, ast.If) and isinstance(node.body[-1], ast.Raise) and node.body[-1].exc is not None:
        yield "permission", node.test, _replace(source, node.test, "False")
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) and _name(node.value).startswith(REFUSING):
        yield "permission", node, _replace(source, node, "pass")
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        if node.func.attr == "select_for_update":
            yield "lock", node, _replace(source, node, ast.get_source_segment(source, node.func.value) or "")
        if node.func.attr in QUERIES:
            yield from (("scope", node, mutated) for mutated in _without_scope(source, node))


def _without_scope(source: str, call: ast.Call) -> Iterator[str]:
    for keyword in call.keywords:
        if keyword.arg and not SCOPES.isdisjoint(keyword.arg.split("__")):
            kept = [ast.get_source_segment(source, part) or "" for part in call.args]
            kept += [ast.get_source_segment(source, other) or "" for other in call.keywords if other is not keyword]
            called = ast.get_source_segment(source, call.func) or ""
            yield _replace(source, call, f"{called}({', '.join(kept)})")


def _name(call: ast.Call) -> str:
    function = call.func
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _replace(source: str, node: ast.expr | ast.stmt, text: str) -> str:
    """The source with one node's text replaced; columns count bytes, so the work is done on bytes."""
    lines = source.encode().splitlines(keepends=True)
    start = sum(map(len, lines[: node.lineno - 1])) + node.col_offset
    end = sum(map(len, lines[: (node.end_lineno or node.lineno) - 1])) + (node.end_col_offset or 0)
    raw = source.encode()
    return (raw[:start] + text.encode() + raw[end:]).decode()


def _line(source: str, number: int) -> str:
    return source.splitlines()[number - 1].strip()
