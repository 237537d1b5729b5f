"""Thousands of parts from some ninety families: by car, model years, specification and brand."""

import json
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import islice
from random import Random
from typing import Any

from django.conf import settings

GENUINE = ("星驰原厂", "Xingchi Genuine")
LAST_YEAR = 2026
# Cars sold with a combustion engine as well.
ENGINE_SUFFIX = "-PHEV"
HOUSE = {"seller": "XINGCHI-HQ", "site": "WH-HQ-JIAXING"}


@cache
def reference(name: str) -> Any:
    """A file of ``config/reference``."""
    return json.loads((settings.BASE_DIR / "config" / "reference" / f"{name}.json").read_text(encoding="utf-8"))


def parts_of(number: int, *, seed: str) -> list[dict[str, Any]]:
    """``number`` parts in the shape of ``parts.json``; the same ones for the same seed, whatever the number."""
    suppliers = {row["code"]: row for row in reference("suppliers")["suppliers"]}
    makers = [_family(row, suppliers[row["supplier"]], seed) for row in reference("part_families")["families"]]
    return list(islice(_in_turn(makers), number))


def pace_of(sku: str) -> float:
    """How often a family's parts are asked for, beside one another."""
    return _paces().get(sku.split("-")[1] if sku.startswith("LW-") else "", 4.0)


@cache
def _paces() -> dict[str, float]:
    return {row["code"]: float(row["pace"]) for row in reference("part_families")["families"]}


def _in_turn(makers: list[Iterator[dict[str, Any]]]) -> Iterator[dict[str, Any]]:
    """One part of each family after the other, until all families have run out."""
    while makers:
        left = []
        for maker in makers:
            part = next(maker, None)
            if part is not None:
                yield part
                left.append(maker)
        makers = left


def _family(family: Mapping[str, Any], supplier: Mapping[str, Any], seed: str) -> Iterator[dict[str, Any]]:
    random = Random(f"{seed}:family:{family['code']}")  # noqa: S311 - a picture of a business, no secret
    choices = list(_choices(family))
    random.shuffle(choices)
    brands = (GENUINE, (supplier["brand_zh"], supplier["brand_en"]))
    numbered = ((car, spec, brand) for car, spec in choices for brand in brands)
    for number, (car, spec, brand) in enumerate(numbered, start=1):
        yield _part(family, supplier, car, spec, brand, number, random)


def _choices(family: Mapping[str, Any]) -> Iterator[tuple[Mapping[str, Any] | None, list[str]]]:
    if family["fits"] == "none":
        # No car to tell them apart: packs of one, two and four.
        for pack in ("", "两件装|pack of two", "四件装|pack of four", "八件装|pack of eight"):
            for spec in family["specs"]:
                yield None, [f"{a}{' ' + b if b else ''}" for a, b in zip(spec, pack.split("|") * 2, strict=False)]
        return
    for car in _cars(needs_engine=family["fits"] == "engine"):
        for spec in family["specs"]:
            yield car, list(spec)


def _cars(*, needs_engine: bool) -> Iterator[dict[str, Any]]:
    models = {row["code"] for row in reference("vehicles")["models"]}
    for series in reference("vehicles")["series"]:
        model = series["code"] + ENGINE_SUFFIX if needs_engine else None
        if model and model not in models:
            continue
        names = {"series": series["code"], "model": model, "zh": series["name_zh"], "en": series["name_en"]}
        first = series["launch_year"]
        spans = [(first, None)]
        if first < LAST_YEAR - 1:
            spans += [(first, LAST_YEAR - 2), (LAST_YEAR - 1, None)]
        for year_from, year_to in spans:
            yield {**names, "year_from": year_from, "year_to": year_to}


def _part(
    family: Mapping[str, Any],
    supplier: Mapping[str, Any],
    car: Mapping[str, Any] | None,
    spec: list[str],
    brand: tuple[str, str],
    number: int,
    random: Random,
) -> dict[str, Any]:
    is_genuine = brand == GENUINE
    price = _price(family["price"], is_genuine, random)
    years_zh, years_en = _years(car)
    title_zh = " ".join(filter(None, [family["title_zh"], car and car["zh"], years_zh, spec[0]]))
    title_en = ", ".join(filter(None, [family["title_en"], spec[1], car and f"{car['en']} {years_en}"]))
    if not is_genuine:
        title_zh, title_en = f"{title_zh} {brand[0]}", f"{title_en} ({brand[1]})"
    fitment = [{key: car[key] for key in ("series", "model", "year_from", "year_to") if car[key]}] if car else []
    for line in fitment:
        line.setdefault("year_from", None)
        line.setdefault("year_to", None)
    facts = [
        ("spec", "规格", "Specification", spec[0], spec[1]),
        ("origin", "产地", "Made in", "中国", "China"),
        ("warranty", "质保", "Warranty", "24 个月" if is_genuine else "12 个月", f"{24 if is_genuine else 12} months"),
    ]
    house = {**HOUSE, "price": f"{round(price * 1.06)}.00", "lead_time_days": 1}
    return {
        "sku": f"LW-{family['code']}-{number:04d}",
        "kind": family["kind"],
        "category": family["category"],
        "icon": family["icon"],
        "title_zh": title_zh,
        "title_en": title_en,
        "summary_zh": family["summary_zh"],
        "summary_en": family["summary_en"],
        "brand_zh": brand[0],
        "brand_en": brand[1],
        "price": f"{price}.00",
        "list_price": f"{round(price * random.choice((1, 1, 1.1, 1.2)))}.00",
        "weight_g": family["weight_g"],
        "supplier": supplier["code"],
        "site": supplier["site"],
        "lead_time_days": random.choice((1, 2, 2, 3, 3, 5)),
        "other_offers": [house] if number % 9 == 0 else [],
        "universal": car is None,
        "fitment": fitment,
        "attributes": [
            {"key": key, "name_zh": zh, "name_en": en, "value_zh": value_zh, "value_en": value_en}
            for key, zh, en, value_zh, value_en in facts
        ],
        "stock": {supplier["site"]: random.choice((0, 2, 6, 15, 40, 90, 160))},
    }


def _price(span: list[int], is_genuine: bool, random: Random) -> int:
    """A whole price that ends in 8, as shops write them; genuine parts cost a quarter more."""
    price = random.uniform(*span) * (1.12 if is_genuine else 0.88)
    return max(8, round(price / 10) * 10 - 2)


def _years(car: Mapping[str, Any] | None) -> tuple[str, str]:
    if car is None:
        return "", ""
    last = car["year_to"] or LAST_YEAR
    if last == car["year_from"]:
        return f"{last} 款", str(last)
    return f"{car['year_from']}–{last} 款", f"{car['year_from']}–{last}"
