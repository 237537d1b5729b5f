"""Resources to book, for tests: a demonstration car in Pudong, open from nine to six, 45 minutes on the hour."""

from itertools import count
from typing import Any

from apps.dealers.api import Store
from apps.scheduling.api import Resource, ResourceKind, add_resource
from tests.factories.dealers import make_store

numbers = count(1)


def make_resource(
    *, store: Store | None = None, kind: ResourceKind = ResourceKind.DEMO_CAR, code: str = "", **rules: Any
) -> Resource:
    """Something to book."""
    code = code or f"R-{next(numbers)}"
    return add_resource(
        kind=kind, store=store or make_store(), code=code, name_zh=f"试驾车 {code}", name_en=f"Car {code}", **rules
    )
