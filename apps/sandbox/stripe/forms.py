"""Stripe's form encoding: ``line_items[0][price_data][currency]=cny`` is a tree."""

import re
from typing import Any
from urllib.parse import parse_qsl

from .errors import StripeError

NAME = re.compile(r"([^\[\]]+)((?:\[[^\[\]]*\])*)")


def decode_form(text: str) -> dict[str, Any]:
    """
    Return the tree a form or query string stands for; lists come from ``[0]``, ``[1]`` … and from ``[]``.

    :raises StripeError: if a name is not well formed
    """
    tree: dict[str, Any] = {}
    for name, value in parse_qsl(text, keep_blank_values=True):
        match = NAME.fullmatch(name)
        if match is None:
            raise StripeError(f"Invalid parameter name: {name}", param=name)
        keys = [match[1], *re.findall(r"\[([^\[\]]*)\]", match[2])]
        node = tree
        for position, key in enumerate(keys):
            step = key or str(len(node))
            if position == len(keys) - 1:
                node[step] = value
                break
            node = node.setdefault(step, {})
            if not isinstance(node, dict):
                raise StripeError(f"Invalid parameter: {name}", param=name)
    return {name: _as_lists(value) for name, value in tree.items()}


def _as_lists(node: Any) -> Any:
    if not isinstance(node, dict):
        return node
    values = {key: _as_lists(value) for key, value in node.items()}
    if values and all(key.isdigit() for key in values):
        return [values[key] for key in sorted(values, key=int)]
    return values


def whole_number(value: Any, param: str) -> int:
    """Return a parameter as an integer."""
    if not isinstance(value, str) or not re.fullmatch(r"-?[0-9]{1,15}", value):
        raise StripeError(f"Invalid integer: {value}", code="parameter_invalid_integer", param=param)
    return int(value)
