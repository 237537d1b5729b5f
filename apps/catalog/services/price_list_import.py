"""
Importing price lists: what the import engine of the kernel asks of an app, answered for the entries of lists.

A row is about one product in one list. What it says goes into the list's draft, which is begun, as a copy of its newest
version, where there is none: nothing counts before somebody publishes it. An entry's image is what the newest version
says of the product, so that undo leads back to it, and never touches what was published.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal
from typing import Any

from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext_lazy as _

from apps.catalog.models import PriceEntry, PriceList, PriceListVersion, ProductInfo
from apps.catalog.policies.price_list_rows import COLUMNS, MESSAGES, parse_entry
from apps.catalog.services.price_lists import EntryWish, draft_version, lock_version, set_entries
from apps.catalog.states import ListVersionStatus
from apps.kernel.api import imports

Problem = imports.Problem


class PriceListImport:
    """Answers ``kernel.imports.price_lists``."""

    code = "price_lists"
    title = _("Price lists")
    permission = "catalog.change_pricelistversion"
    refuses_formulas = True
    columns = COLUMNS
    messages = MESSAGES

    def parse(self, cells: Mapping[str, str]) -> "imports.Parsed | list[imports.Problem]":
        """Read one row."""
        return parse_entry(cells)

    def current_rows(self, *, scope: str) -> Iterator[tuple[Any, ...]]:
        """Yield what the newest version of every list says, in the order of the columns."""
        entries = _newest_entries().order_by("version__price_list__code", "product__upc")
        for entry in entries.select_related("version__price_list", "product"):
            yield (entry.version.price_list.code, entry.product.upc, entry.method, entry.value)

    def snapshot(
        self, keys: Collection[str], *, context: "imports.ImportContext", lock: bool = False
    ) -> dict[str, "imports.Image | None"]:
        """What the newest versions of the lists say of the products; ``lock`` keeps the lists from new versions."""
        pairs = {key: _pair(key) for key in keys}
        codes = {code for code, _number in pairs.values()}
        if lock:
            lists = PriceList.objects.filter(code__in=codes).select_for_update(no_key=True).order_by("pk")
            list(lists.values_list("pk", flat=True))
        found = _newest_entries().filter(
            version__price_list__code__in=codes, product__upc__in={number for _code, number in pairs.values()}
        )
        rows = found.values_list("version__price_list__code", "product__upc", "method", "value")
        said = {(code, number): {"method": method, "value": f"{value:.2f}"} for code, number, method, value in rows}
        return {key: said.get(pair) for key, pair in pairs.items()}

    def merge(
        self,
        rows: Mapping[str, Mapping[str, Any]],
        images: Mapping[str, "imports.Image | None"],
        *,
        context: "imports.ImportContext",
    ) -> dict[str, "imports.Image | list[imports.Problem]"]:
        """What each row makes of its entry; lists and products are looked up for all at once."""
        lists = set(
            PriceList.objects.filter(code__in={row["list"] for row in rows.values()}).values_list("code", flat=True)
        )
        products = _products({row["product"] for row in rows.values()})
        merged: dict[str, imports.Image | list[imports.Problem]] = {}
        for key, row in rows.items():
            problems = []
            if row["list"] not in lists:
                problems.append(Problem("list", "unknown_list", {"value": row["list"]}))
            if row["product"] not in products:
                problems.append(Problem("product", "unknown_product", {"value": row["product"]}))
            merged[key] = problems or {"method": row["method"], "value": row["value"]}
        return merged

    def write(self, images: Mapping[str, "imports.Image"], *, context: "imports.ImportContext") -> None:
        """Have the drafts of the lists say what the images say, beside what they say of other products."""
        products = _products({_pair(key)[1] for key in images})
        for code, keys in _by_list(images).items():
            wishes = {}
            for key in keys:
                product_id = products[_pair(key)[1]]
                wishes[product_id] = EntryWish(product_id, images[key]["method"], Decimal(images[key]["value"]))
            _rewrite(code, wishes, context)

    def remove(self, keys: Collection[str], *, context: "imports.ImportContext") -> None:
        """Have the drafts of the lists say nothing of these products."""
        products = _products({_pair(key)[1] for key in keys})
        for code, own in _by_list(keys).items():
            _rewrite(code, dict.fromkeys(products[_pair(key)[1]] for key in own), context)


def _rewrite(code: str, wishes: Mapping[int, EntryWish | None], context: "imports.ImportContext") -> None:
    """Lay wishes over a list's draft; None takes an entry away."""
    price_list = PriceList.objects.get(code=code)
    newest = price_list.versions.order_by("-number").first()
    common: dict[str, Any] = {"by": context.by, "now": context.now}
    draft = newest
    if draft is None or draft.status != ListVersionStatus.DRAFT:
        draft = draft_version(price_list_id=price_list.pk, copy_of=newest.pk if newest else None, **common)
    # Before reading it: what somebody says of other products at the same moment stays.
    lock_version(draft.pk)
    entries: dict[int, EntryWish | None] = {
        row.product_id: EntryWish(row.product_id, row.method, row.value) for row in draft.entries.order_by("pk")
    }
    entries |= wishes
    set_entries(version_id=draft.pk, entries=[wish for wish in entries.values() if wish is not None], **common)


def _newest_entries() -> Any:
    """The entries of the newest version of each list, whatever became of it."""
    versions = PriceListVersion.objects.filter(price_list=OuterRef("version__price_list"))
    return PriceEntry.objects.filter(version=Subquery(versions.order_by("-number").values("pk")[:1]))


def _products(numbers: Collection[str]) -> dict[str, int]:
    return dict(ProductInfo.objects.filter(product__upc__in=numbers).values_list("product__upc", "pk"))


def _by_list(keys: Collection[str]) -> dict[str, list[str]]:
    grouped: dict[str, list[str]] = defaultdict(list)
    for key in keys:
        grouped[_pair(key)[0]].append(key)
    return dict(sorted(grouped.items()))


def _pair(key: str) -> tuple[str, str]:
    """The code of the list (a slug, so without spaces) and the number of the product."""
    code, _space, number = key.partition(" ")
    return code, number
