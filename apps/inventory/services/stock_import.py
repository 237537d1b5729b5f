"""
Importing counts: what the import engine of the kernel asks of an app, answered for stock.

A row is about one offer at one site of its seller. Its image is the pieces on hand, and a place where nothing was ever
counted holds none: so an undo puts every figure back, and nothing is ever removed.
"""

import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from apps.catalog.api import Offer
from apps.events.api import StockChanged
from apps.inventory.models import Movement, Site, StockLevel
from apps.inventory.services.levels import add_on_hand, lock_levels, promised_by_rows
from apps.inventory.states import MovementKind
from apps.kernel.api import imports, outbox

MAX_PIECES = 1_000_000
LONGEST_SKU = 64
LONGEST_SITE = 40
CAUSE = "import"


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where one row's pieces lie: the offer, its product and stock record, the site, and the level if there is one."""

    offer_id: int
    product_id: int
    record_id: int
    site_id: int
    site_code: str
    level: StockLevel | None


class StockImport:
    """Answers ``kernel.imports.stock``."""

    code = "stock"
    title = _("Stock")
    permission = "inventory.change_stocklevel"
    refuses_formulas = True
    columns = (
        imports.Column(
            code="sku",
            name_zh="SKU",
            name_en="SKU",
            is_required=True,
            example="LC-OF-1001",
            help=_("Of your own offer."),
        ),
        imports.Column(
            code="site",
            name_zh="仓库代码",
            name_en="Site",
            is_required=True,
            example="lichuan-suzhou",
            help=_("Code of one of your sites."),
        ),
        imports.Column(
            code="on_hand",
            name_zh="在库数量",
            name_en="On hand",
            is_required=True,
            example="120",
            help=_("Pieces that lie there now, those promised to buyers included."),
        ),
        imports.Column(
            code="title", name_zh="商品名称", name_en="Title", width=40, help=_("For you to read; ignored.")
        ),
        imports.Column(code="promised", name_zh="已承诺", name_en="Promised", help=_("For you to read; ignored.")),
    )
    messages = {
        "not_whole": _("This is no whole number: %(value)s"),
        "unknown_sku": _("You have no offer with the SKU %(value)s."),
        "unknown_site": _("You have no site with the code %(value)s."),
        "below_promised": _("%(promised)s pieces are promised to buyers; the stock cannot be set lower."),
    }

    def parse(self, cells: Mapping[str, str]) -> "imports.Parsed | list[imports.Problem]":
        """Read one row."""
        sku, site = cells.get("sku", ""), cells.get("site", "")
        problems = [
            *_text_problems("sku", sku, LONGEST_SKU),
            *_text_problems("site", site, LONGEST_SITE),
            *_count_problems(cells.get("on_hand", "")),
        ]
        if problems:
            return problems
        pieces = int(unicodedata.normalize("NFKC", cells["on_hand"]))
        return imports.Parsed(key_of(sku, site), {"on_hand": pieces})

    def current_rows(self, *, scope: str) -> Iterator[tuple[str, str, int, str, int]]:
        """Yield today's counts of a scope by SKU and site; an offer never counted with none where it ships from."""
        organization_id = imports.organization_in(scope)
        own = {} if organization_id is None else {"seller__organization_id": organization_id}
        offers = Offer.objects.filter(**own).order_by("sku").select_related("product", "seller")
        levels: dict[tuple[int, int], list[StockLevel]] = {}
        for level in (
            StockLevel.objects.filter(product__offers__in=offers).select_related("site").order_by("site__code")
        ):
            levels.setdefault((level.product_id, level.site.organization_id), []).append(level)
        for offer in offers.iterator(chunk_size=2000):
            counted = {}
            for level in levels.get((offer.product_id, offer.seller.organization_id), []):
                counted[level.site.code] = (level.on_hand, level.reserved + level.allocated)
            for code, (on_hand, promised) in (counted or {offer.site_code: (0, 0)}).items():
                yield offer.sku, code, on_hand, offer.product.title, promised

    def snapshot(
        self, keys: Collection[str], *, context: "imports.ImportContext", lock: bool = False
    ) -> dict[str, "imports.Image | None"]:
        """Return the pieces on hand by key; ``lock`` opens missing levels and locks all in primary-key order."""
        shelves = find_shelves(keys, scope=context.scope)
        if lock:
            if _open_levels(shelves.values()):
                shelves = find_shelves(keys, scope=context.scope)
            levels = lock_levels([shelf.level.pk for shelf in shelves.values() if shelf.level])
            return {key: _image(levels[shelves[key].level.pk]) if key in shelves else None for key in keys}
        return {key: _image(shelves[key].level) if key in shelves else None for key in keys}

    def merge(
        self,
        rows: Mapping[str, Mapping[str, Any]],
        images: Mapping[str, "imports.Image | None"],
        *,
        context: "imports.ImportContext",
    ) -> dict[str, "imports.Image | list[imports.Problem]"]:
        """Return the counts that rows lead to; not below what is promised, and none for what is not the supplier's."""
        shelves = find_shelves(rows, scope=context.scope)
        promised = promised_by_rows([shelf.level.pk for shelf in shelves.values() if shelf.level])
        own_sites = _own_sites([site_in(key) for key in rows], scope=context.scope)
        results: dict[str, imports.Image | list[imports.Problem]] = {}
        for key, payload in rows.items():
            shelf = shelves.get(key)
            if shelf is None:
                results[key] = [_unknown(key, own_sites)]
                continue
            bound = promised.get(shelf.level.pk, 0) if shelf.level else 0
            if payload["on_hand"] < bound:
                results[key] = [imports.Problem("on_hand", "below_promised", {"promised": bound})]
            else:
                results[key] = {"on_hand": payload["on_hand"]}
        return results

    def write(self, images: Mapping[str, "imports.Image"], *, context: "imports.ImportContext") -> None:
        """Make the counts so, in a number of statements that does not grow with theirs; each change is a movement."""
        shelves = find_shelves(images, scope=context.scope)
        levels = lock_levels([shelf.level.pk for shelf in shelves.values() if shelf.level])
        wanted = {shelves[key].level.pk: image["on_hand"] for key, image in images.items()}
        promised = promised_by_rows(levels)
        short = sorted(pk for pk, pieces in wanted.items() if pieces < promised.get(pk, 0))
        if short:
            # The constraint would say the same; the engine halves the chunk until the row stands alone.
            raise IntegrityError(f"{promised[short[0]]} pieces are promised to buyers")
        changes = {pk: wanted[pk] - levels[pk].on_hand for pk in wanted if wanted[pk] != levels[pk].on_hand}
        Movement.objects.bulk_create(
            Movement(
                level_id=pk, kind=MovementKind.ADJUSTED, quantity=change, cause=CAUSE, by=context.by, at=context.now
            )
            for pk, change in changes.items()
        )
        add_on_hand(levels, changes)
        _tell([levels[pk] for pk in changes], context=context)

    def remove(self, keys: Collection[str], *, context: "imports.ImportContext") -> None:
        """Nothing is ever created, so nothing is removed: a place without a count holds none."""
        raise IntegrityError("stock levels are kept")


def key_of(sku: str, site_code: str) -> str:
    """Return a row's key; site codes hold no ``@``."""
    return f"{sku}@{site_code}"


def sku_in(key: str) -> str:
    """Return the SKU of a key."""
    return key.rpartition("@")[0]


def site_in(key: str) -> str:
    """Return the site's code of a key."""
    return key.rpartition("@")[2]


def find_shelves(keys: Iterable[str], *, scope: str) -> dict[str, Shelf]:
    """Return where the keys' pieces lie, within the scope; what is not its own is left out. Three queries."""
    wanted = {key: (sku_in(key), site_in(key)) for key in keys}
    organization_id = imports.organization_in(scope)
    own_offers = {} if organization_id is None else {"seller__organization_id": organization_id}
    offers = {
        row[1]: row
        for row in Offer.objects.filter(sku__in={sku for sku, _site in wanted.values()}, **own_offers).values_list(
            "pk", "sku", "product_id", "stock_record_id", "seller__organization_id"
        )
    }
    sites = _own_sites([site for _sku, site in wanted.values()], scope=scope)
    pairs = {
        key: (offers[sku], sites[site])
        for key, (sku, site) in wanted.items()
        if sku in offers and site in sites and offers[sku][4] == sites[site].organization_id
    }
    levels = {
        (level.product_id, level.site_id): level
        for level in StockLevel.objects.filter(
            product_id__in={offer[2] for offer, _site in pairs.values()},
            site_id__in={site.pk for _offer, site in pairs.values()},
        )
    }
    return {
        key: Shelf(
            offer_id=offer[0],
            product_id=offer[2],
            record_id=offer[3],
            site_id=site.pk,
            site_code=site.code,
            level=levels.get((offer[2], site.pk)),
        )
        for key, (offer, site) in pairs.items()
    }


def _own_sites(codes: Iterable[str], *, scope: str) -> dict[str, Site]:
    organization_id = imports.organization_in(scope)
    own = {} if organization_id is None else {"organization_id": organization_id}
    return {site.code: site for site in Site.objects.filter(code__in=set(codes), closed_at=None, **own)}


def _open_levels(shelves: Iterable[Shelf]) -> bool:
    """Make the levels that are missing; whether any was."""
    missing = [
        StockLevel(product_id=shelf.product_id, site_id=shelf.site_id, stock_record_id=shelf.record_id)
        for shelf in shelves
        if shelf.level is None
    ]
    StockLevel.objects.bulk_create(missing, ignore_conflicts=True)
    return bool(missing)


def _image(level: StockLevel | None) -> dict[str, int]:
    return {"on_hand": level.on_hand if level else 0}


def _unknown(key: str, own_sites: Mapping[str, Site]) -> "imports.Problem":
    if site_in(key) not in own_sites:
        return imports.Problem("site", "unknown_site", {"value": site_in(key)})
    return imports.Problem("sku", "unknown_sku", {"value": sku_in(key)})


def _tell(levels: Iterable[StockLevel], *, context: "imports.ImportContext") -> None:
    """Record the facts; those of one product at several sites go in rounds, so that their order is kept."""
    left = list(levels)
    while left:
        first = {level.product_id: level for level in reversed(left)}
        facts = [StockChanged(product_id=level.product_id, site_code=level.site.code) for level in first.values()]
        outbox.record_many(facts, at=context.now)
        left = [level for level in left if first[level.product_id] is not level]


def _text_problems(field: str, text: str, longest: int) -> "list[imports.Problem]":
    if not text:
        return [imports.Problem(field, "required")]
    return [imports.Problem(field, "too_long", {"maximum": longest})] if len(text) > longest else []


def _count_problems(text: str) -> "list[imports.Problem]":
    if not text:
        return [imports.Problem("on_hand", "required")]
    digits = unicodedata.normalize("NFKC", text)
    if not (digits.removeprefix("-").isascii() and digits.removeprefix("-").isdecimal()) or len(digits) > 20:
        return [imports.Problem("on_hand", "not_whole", {"value": text[:40]})]
    if not 0 <= int(digits) <= MAX_PIECES:
        return [imports.Problem("on_hand", "out_of_range", {"minimum": 0, "maximum": MAX_PIECES})]
    return []
