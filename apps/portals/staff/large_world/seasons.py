"""How orders spread over a year: weekdays, holidays, sales, the Spring Festival, and a business that grows."""

import json
from datetime import date, timedelta
from functools import cache
from typing import Any

from django.conf import settings

# Orders a day grow by about half over the year.
FIRST_DAY, LAST_DAY = 0.8, 1.22


@cache
def _seasons() -> dict[str, Any]:
    path = settings.BASE_DIR / "config" / "reference" / "seasons.json"
    return json.loads(path.read_text(encoding="utf-8"))


def weight_of(day: date, *, kind: str) -> float:
    """How many orders of ``parts`` or ``cars`` a day draws, beside an ordinary one."""
    seasons = _seasons()
    weight = seasons["weekdays"][day.weekday()]
    for season in seasons["yearly"]:
        if season["from"] <= f"{day:%m-%d}" <= season["to"]:
            weight *= season[kind]
    for text in seasons["spring_festivals"]:
        distance = (day - date.fromisoformat(text)).days
        for season in seasons["around_spring_festival"]:
            if season["from"] <= distance <= season["to"]:
                weight *= season[kind]
    return float(weight)


def spread(total: int, *, first: date, days: int, kind: str) -> list[int]:
    """Spread ``total`` orders over the days from ``first`` on, by largest remainder."""
    weights = []
    for number in range(days):
        growth = FIRST_DAY + (LAST_DAY - FIRST_DAY) * number / days
        weights.append(growth * weight_of(first + timedelta(days=number), kind=kind))
    return shares(total, [round(weight * 1_000_000) for weight in weights])


def shares(total: int, weights: list[int]) -> list[int]:
    """Divide a whole number by weights; what is left goes one each to the largest remainders, the earlier first."""
    whole = sum(weights)
    if not whole:
        weights, whole = [1] * len(weights), len(weights)
    parts = [total * weight // whole for weight in weights]
    order = sorted(range(len(weights)), key=lambda place: (-(total * weights[place] % whole), place))
    for place in order[: total - sum(parts)]:
        parts[place] += 1
    return parts
