"""Stripe's lists: newest first, in pages.

Source: https://docs.stripe.com/api/pagination
"""

from typing import Any

from .errors import StripeError
from .forms import whole_number

BOUNDS = ("gt", "gte", "lt", "lte")


def page_of(items: list[dict[str, Any]], params: dict[str, Any], *, url: str) -> dict[str, Any]:
    """Return one page of ``items`` as ``limit``, ``starting_after`` and ``created`` ask."""
    limit = whole_number(params.get("limit", "10"), "limit")
    if not 1 <= limit <= 100:
        raise StripeError("limit must be between 1 and 100", code="parameter_invalid_integer", param="limit")
    chosen = [item for item in items if _is_created(item["created"], params.get("created"))]
    after = params.get("starting_after")
    if after:
        position = next((index for index, item in enumerate(chosen) if item["id"] == after), None)
        if position is None:
            raise StripeError(f"No such object: '{after}'", code="resource_missing", param="starting_after")
        chosen = chosen[position + 1 :]
    return {"object": "list", "url": url, "has_more": len(chosen) > limit, "data": chosen[:limit]}


def _is_created(created: int, bounds: Any) -> bool:
    if bounds is None:
        return True
    if isinstance(bounds, str):
        return created == whole_number(bounds, "created")
    if not isinstance(bounds, dict) or not bounds.keys() <= set(BOUNDS):
        raise StripeError("Invalid created filter", param="created")
    limits = {name: whole_number(value, f"created[{name}]") for name, value in bounds.items()}
    return (
        created > limits.get("gt", -1)
        and created >= limits.get("gte", 0)
        and created < limits.get("lt", 2**62)
        and created <= limits.get("lte", 2**62)
    )
