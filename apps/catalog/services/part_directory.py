"""What rows of parts name: categories, brands, cars, sellers and sites, looked up for a whole chunk at once."""

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any

from django.db.models import F, Q

from apps.accounts.api import Organization
from apps.catalog.models import Brand, CategoryInfo, Offer, Series, Trim, VehicleModel
from apps.catalog.policies.part_rows import KINDS
from apps.kernel.api import imports, ports
from apps.suppliers.api import may_sell

Problem = imports.Problem
NEW_NEEDS = ("title_zh", "title_en", "category")
NEW_OFFER_NEEDS = ("price", "seller", "site")


class PartDirectory:
    """The things the rows of one chunk name, and what is wrong with a row that names something else."""

    def __init__(self, rows: Mapping[str, Mapping[str, Any]]) -> None:
        self.skus = list(rows)
        self.categories = dict(
            CategoryInfo.objects.filter(
                category__code__in=_values(rows, "category"), kind__in=KINDS, category__numchild=0
            ).values_list("category__code", "kind")
        )
        self.brands = _brands(_values(rows, "brand"))
        self.sellers = _sellers(_values(rows, "seller"))
        self.cars = CarPaths(line for row in rows.values() for line in row.get("fitment", []))

    @cached_property
    def foreign_skus(self) -> set[str]:
        """SKUs under which another product is offered."""
        offers = Offer.objects.filter(sku__in=self.skus).exclude(product__upc=F("sku"))
        return set(offers.values_list("sku", flat=True))

    @cached_property
    def _sites(self) -> dict[tuple[str, int], bool]:
        return {}

    def kind_of(self, category: str) -> str:
        """The kind of product a category holds."""
        return self.categories[category]

    def fitment_of(self, lines: Iterable[list[Any]]) -> list[list[Any]]:
        """Lines with ids in place of codes."""
        return [[*(self.cars.find(*line[:3]) or ()), *line[3:]] for line in lines]

    def problems_of(
        self, sku: str, payload: Mapping[str, Any], image: "imports.Image | None"
    ) -> "list[imports.Problem]":
        """Everything that forbids a row."""
        problems = [*self._unknown(payload), *self._offer_problems(payload, image)]
        if sku in self.foreign_skus:
            problems.append(Problem("sku", "sku_of_other_product"))
        if image is None:
            problems += [Problem(name, "required_for_new") for name in NEW_NEEDS if not payload.get(name)]
        elif image["kind"] not in KINDS:
            problems.append(Problem("sku", "not_a_part"))
        else:
            emptied = [name for name in ("title_zh", "title_en") if payload.get(name) == ""]
            problems += [Problem(name, "required") for name in emptied]
        return problems

    def _unknown(self, payload: Mapping[str, Any]) -> "Iterable[imports.Problem]":
        category, brand = payload.get("category"), payload.get("brand")
        if category and category not in self.categories:
            yield Problem("category", "unknown_category", {"value": category})
        if brand and brand not in self.brands:
            yield Problem("brand", "unknown_brand", {"value": brand})
        for line in payload.get("fitment", []):
            if self.cars.find(*line[:3]) is None:
                yield Problem("fitment", "unknown_car", {"value": "/".join(filter(None, line[:3]))})

    def _offer_problems(self, payload: Mapping[str, Any], image: "imports.Image | None") -> "Iterable[imports.Problem]":
        offer = image["offer"] if image else None
        given = [name for name in (*NEW_OFFER_NEEDS, "list_price") if payload.get(name)]
        if offer is None and given:
            yield from (Problem(name, "required_for_new") for name in NEW_OFFER_NEEDS if not payload.get(name))
        seller = payload.get("seller") or (offer["seller"] if offer else "")
        if offer and seller != offer["seller"]:
            yield Problem("seller", "seller_fixed", {"value": offer["seller"]})
        elif payload.get("seller") and seller not in self.sellers:
            yield Problem("seller", "unknown_seller", {"value": seller})
        elif payload.get("site") and seller and not self._ships_for(payload["site"], seller):
            yield Problem("site", "unknown_site", {"value": payload["site"]})
        price = payload.get("price") or (offer["price"] if offer else "")
        list_price = payload["list_price"] if "list_price" in payload else (offer["list_price"] if offer else "")
        if price and list_price and float(list_price) < float(price) and not {"price", "list_price"} <= set(payload):
            yield Problem("list_price", "list_below_price")

    def _ships_for(self, site: str, seller: str) -> bool:
        organization = self.sellers.get(seller)
        if organization is None:
            organization = Organization.objects.filter(code=seller).values_list("pk", flat=True).first() or 0
            self.sellers[seller] = organization
        key = (site, organization)
        if key not in self._sites:
            directory = ports.adapter("catalog.site_directory")
            self._sites[key] = directory.ships_for(site_code=site, organization_id=organization)
        return self._sites[key]


class CarPaths:
    """Series, models and trims of our own brand by their codes."""

    def __init__(self, lines: Iterable[list[Any]]) -> None:
        self.paths = {tuple(line[:3]) for line in lines}
        own = Q(brand__is_own=True, code__in={path[0] for path in self.paths})
        self.series = dict(Series.objects.filter(own).values_list("code", "pk"))
        models = VehicleModel.objects.filter(series__in=self.series.values(), code__in={path[1] for path in self.paths})
        self.models = {(series, code): pk for pk, series, code in models.values_list("pk", "series_id", "code")}
        trims = Trim.objects.filter(model__in=self.models.values(), code__in={path[2] for path in self.paths})
        self.trims = {(model, code): pk for pk, model, code in trims.values_list("pk", "model_id", "code")}

    def find(self, series: str, model: str, trim: str) -> tuple[int, int | None, int | None] | None:
        """The ids of a path, None where one of its codes is unknown."""
        series_id = self.series.get(series)
        if series_id is None:
            return None
        model_id = self.models.get((series_id, model)) if model else None
        if model and model_id is None:
            return None
        trim_id = self.trims.get((model_id, trim)) if model_id and trim else None
        return None if trim and trim_id is None else (series_id, model_id, trim_id)


def _values(rows: Mapping[str, Mapping[str, Any]], name: str) -> set[str]:
    return {row[name] for row in rows.values() if row.get(name)}


def _brands(wanted: set[str]) -> dict[str, int]:
    """Ids of brands by whatever they were called: code or one of the names."""
    rows = Brand.objects.filter(Q(code__in=wanted) | Q(name_zh__in=wanted) | Q(name_en__in=wanted)).order_by("-pk")
    found = {}
    for brand in rows:
        found |= dict.fromkeys({brand.name_zh, brand.name_en} & wanted, brand.pk)
    return found | {brand.code: brand.pk for brand in rows if brand.code in wanted}


def _sellers(wanted: set[str]) -> dict[str, int]:
    """Ids of organizations that may sell today."""
    supplier_may = Q(supplier__isnull=True) | may_sell("supplier__")
    return dict(Organization.objects.filter(supplier_may, code__in=wanted, is_active=True).values_list("code", "pk"))
