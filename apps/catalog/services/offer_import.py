"""
Importing offers: what the import engine of the kernel asks of an app, answered for one organization's offers.

The scope of a run is the id of the organization, "" is headquarters. An offer is known by its SKU; its image is all a
row can change, the price that waits for review among it: what a jump becomes is decided when rows are laid over images,
so that writing, and undoing, only make offers look like images.
"""

from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.accounts.api import Organization, OrganizationKind
from apps.catalog.models import Offer, OfferPrice, PriceChange, ProductInfo
from apps.catalog.policies.offer_rows import COLUMNS, MESSAGES, parse_offer
from apps.catalog.policies.price_changes import Verdict
from apps.catalog.selectors.price_changes import ChangeJudge, waiting_changes
from apps.catalog.services.bulk import OfferRow, remove_offers, upsert_offers
from apps.catalog.services.offers import create_offer
from apps.catalog.services.projections import index_products, refresh_shown_offers
from apps.catalog.states import PRICE_CHANGE, ProductKind
from apps.events.api import ProductChanged
from apps.kernel.api import Money, imports, outbox, ports
from apps.suppliers.api import SupplierNotApproved, require_approved_supplier

Problem = imports.Problem
LEAD_TIME_DAYS = 3
NEW_NEEDS = ("product", "price", "sites")
CURRENCY = "CNY"


class OfferImport:
    """Answers ``kernel.imports.offers``."""

    code = "offers"
    title = _("Offers and prices")
    permission = "catalog.change_offer"
    refuses_formulas = True
    columns = COLUMNS
    messages = MESSAGES

    def parse(self, cells: Mapping[str, str]) -> "imports.Parsed | list[imports.Problem]":
        """Read one row."""
        return parse_offer(cells)

    def current_rows(self, *, scope: str) -> Iterator[tuple[Any, ...]]:
        """Yield today's terms of a scope's offers by SKU, in the order of the columns."""
        organization_id = imports.organization_in(scope) or _headquarters_id()
        offers = Offer.objects.filter(seller__organization_id=organization_id).select_related("product").order_by("sku")
        in_force = {
            price.offer_id: price for price in OfferPrice.objects.filter(offer__in=offers, valid__upper_inf=True)
        }
        for offer in offers:
            price = in_force.get(offer.pk)
            amounts = (_text(price.amount), _text(price.list_amount)) if price else ("", "")
            terms = (offer.lead_time_days, offer.minimum_quantity, "; ".join(offer.site_codes))
            yield (offer.sku, offer.product.upc, *(amount or "" for amount in amounts), *terms)

    def snapshot(
        self, keys: Collection[str], *, context: "imports.ImportContext", lock: bool = False
    ) -> dict[str, "imports.Image | None"]:
        """The images of the organization's offers by SKU, in three queries."""
        offers = Offer.objects.filter(sku__in=keys, seller__organization_id=_organization_id(context))
        if lock:
            list(offers.select_for_update(of=("self",), no_key=True).order_by("pk").values_list("pk", flat=True))
        rows = {offer.pk: offer for offer in offers}
        in_force = {row.offer_id: row for row in OfferPrice.objects.filter(offer__in=rows, valid__upper_inf=True)}
        waiting = waiting_changes(list(rows))
        images: dict[str, imports.Image | None] = dict.fromkeys(keys)
        for pk, offer in rows.items():
            version, change = in_force.get(pk), waiting.get(pk)
            images[offer.sku] = {
                "product": offer.product_id,
                "price": str(version.amount) if version else None,
                "list_price": _text(version.list_amount) if version else None,
                "waiting": [str(change.amount), _text(change.list_amount)] if change else None,
                "lead_time_days": offer.lead_time_days,
                "minimum_quantity": offer.minimum_quantity,
                "sites": list(offer.site_codes),
            }
        return images

    def merge(
        self,
        rows: Mapping[str, Mapping[str, Any]],
        images: Mapping[str, "imports.Image | None"],
        *,
        context: "imports.ImportContext",
    ) -> dict[str, "imports.Image | list[imports.Problem]"]:
        """Lay rows over images; products, sites and the rules of prices are looked up for all at once."""
        counter = _Counter(rows, images, context)
        return {sku: counter.merge(sku, payload, images.get(sku)) for sku, payload in rows.items()}

    def write(self, images: Mapping[str, "imports.Image"], *, context: "imports.ImportContext") -> None:
        """Make offers look like their images."""
        organization = Organization.objects.get(pk=_organization_id(context))
        now = context.now
        priced = [_offer_row(sku, image, organization) for sku, image in images.items() if image["price"]]
        upsert_offers(priced, now=now)
        known = {offer.sku: offer for offer in Offer.objects.filter(sku__in=images)}
        for sku in set(images) - set(known):
            image = images[sku]
            days, site = image["lead_time_days"], image["sites"][0]
            known[sku] = create_offer(
                sku=sku, organization=organization, product_id=image["product"], site=site, days=days, now=now
            )
        for sku, image in images.items():
            offer = known[sku]
            offer.site_code, *offer.more_site_codes = image["sites"]
            offer.minimum_quantity, offer.lead_time_days = image["minimum_quantity"], image["lead_time_days"]
        fields = ["site_code", "more_site_codes", "minimum_quantity", "lead_time_days"]
        Offer.objects.bulk_update(known.values(), fields, batch_size=500)
        _write_waiting(images, known, context)
        _tell({image["product"] for image in images.values()}, context)

    def remove(self, keys: Collection[str], *, context: "imports.ImportContext") -> None:
        """Remove offers that an import made and that nobody bought or stocked; the audit trail keeps their prices."""
        offers = Offer.objects.filter(sku__in=keys, seller__organization_id=_organization_id(context))
        products = set(offers.values_list("product_id", flat=True))
        remove_offers(list(offers.values_list("sku", flat=True)))
        _tell(products, context)


class _Counter:
    """The things the rows of one chunk need, and what becomes of each row."""

    def __init__(
        self,
        rows: Mapping[str, Mapping[str, Any]],
        images: Mapping[str, "imports.Image | None"],
        context: "imports.ImportContext",
    ) -> None:
        self.organization_id = _organization_id(context)
        organization = Organization.objects.get(pk=self.organization_id)
        self.is_headquarters = organization.kind == OrganizationKind.HQ
        self.may_sell = self.is_headquarters or _is_approved(self.organization_id)
        numbers = {row["product"] for row in rows.values() if row.get("product")}
        infos = ProductInfo.objects.filter(product__upc__in=numbers, product__is_public=True)
        self.products = {upc: (pk, kind) for upc, pk, kind in infos.values_list("product__upc", "pk", "kind")}
        ids = {pk for pk, _kind in self.products.values()} | {image["product"] for image in images.values() if image}
        own = Offer.objects.filter(seller__organization_id=self.organization_id, product__in=ids)
        offers = list(own.values_list("sku", "product_id", "pk", "product__upc"))
        self.offer_ids = {sku: pk for sku, _product, pk, _upc in offers}
        self.upcs = {product: upc for _sku, product, _pk, upc in offers}
        # Which SKU offers a product: those there are, then the rows of the file in their order.
        self.sku_of = {product: sku for sku, product, _pk, _upc in offers}
        self.taken = set(
            Offer.objects.filter(sku__in=rows)
            .exclude(seller__organization_id=self.organization_id)
            .values_list("sku", flat=True)
        )
        self.judge = ChangeJudge(product_ids=ids, offer_ids=list(self.offer_ids.values()), at=context.now)
        self.sites: dict[str, bool] = {}

    def merge(
        self, sku: str, payload: Mapping[str, Any], image: "imports.Image | None"
    ) -> "imports.Image | list[imports.Problem]":
        """The image a row makes, or what forbids it."""
        problems = [*self._problems(sku, payload, image)]
        if problems:
            return problems
        product_id = image["product"] if image else self.products[payload["product"]][0]
        self.sku_of.setdefault(product_id, sku)
        usual = {"price": None, "list_price": None, "waiting": None, "minimum_quantity": 1}
        new = {**usual, "lead_time_days": LEAD_TIME_DAYS, **(image or {}), "product": product_id}
        for name in ("lead_time_days", "minimum_quantity", "sites"):
            new[name] = payload.get(name, new.get(name))
        if "price" in payload or "list_price" in payload:
            return self._priced(sku, payload, new)
        return new

    def _problems(self, sku: str, payload: Mapping[str, Any], image: "imports.Image | None") -> Any:
        if not self.may_sell:
            yield Problem("", "supplier_not_approved")
        if sku in self.taken:
            yield Problem("sku", "sku_taken")
        number = payload.get("product")
        if number and number not in self.products and not (image and self.upcs.get(image["product"]) == number):
            yield Problem("product", "unknown_product", {"value": number})
        elif number and image and self.upcs.get(image["product"]) != number:
            yield Problem("product", "product_fixed", {"value": self.upcs.get(image["product"], "")})
        elif number and not image:
            product_id, kind = self.products[number]
            other = self.sku_of.get(product_id, sku)
            if other != sku:
                yield Problem("product", "already_offered", {"value": other})
            if kind == ProductKind.VEHICLE and payload.get("minimum_quantity", 1) != 1:
                yield Problem("minimum_quantity", "cars_one_by_one")
        if image is None:
            yield from (Problem(name, "required_for_new") for name in NEW_NEEDS if not payload.get(name))
        yield from (
            Problem("sites", "unknown_site", {"value": site})
            for site in payload.get("sites", [])
            if not self._is_own(site)
        )

    def _is_own(self, site: str) -> bool:
        if site not in self.sites:
            directory = ports.adapter("catalog.site_directory")
            self.sites[site] = directory.ships_for(site_code=site, organization_id=self.organization_id)
        return self.sites[site]

    def _priced(
        self, sku: str, payload: Mapping[str, Any], new: dict[str, Any]
    ) -> "imports.Image | list[imports.Problem]":
        """The image with its price, or with a price that waits."""
        price = payload.get("price") or new["price"] or (new["waiting"] or [None])[0]
        list_price = payload.get("list_price", new["list_price"])
        if list_price and Decimal(list_price) < Decimal(price):
            return [Problem("list_price", "list_below_price")]
        if not self.is_headquarters and price != new["price"]:
            judged = self.judge.judge(product_id=new["product"], offer_id=self.offer_ids.get(sku), price=Decimal(price))
            if judged.verdict.verdict is Verdict.REFUSED:
                return [Problem("price", "absurd_price", {"value": str(judged.before)})]
            if judged.verdict.verdict is Verdict.REVIEW:
                return {**new, "waiting": [price, list_price]}
        return {**new, "price": price, "list_price": list_price, "waiting": None}


def _write_waiting(
    images: Mapping[str, "imports.Image"], known: Mapping[str, Offer], context: "imports.ImportContext"
) -> None:
    """Withdraw the changes that images do not name, make those they do."""
    waiting = waiting_changes([known[sku].pk for sku in images])
    new = {}
    for sku, image in images.items():
        change = waiting.get(known[sku].pk)
        has = [str(change.amount), _text(change.list_amount)] if change else None
        if has == image["waiting"]:
            continue
        if change:
            PRICE_CHANGE.move(change, "withdraw", by=context.by, at=context.now, reason="import")
        if image["waiting"]:
            new[known[sku]] = image["waiting"]
    if not new:
        return
    judge = ChangeJudge(
        product_ids=[offer.product_id for offer in new], offer_ids=[offer.pk for offer in new], at=context.now
    )
    changes = []
    for offer, (price, list_price) in new.items():
        judged = judge.judge(product_id=offer.product_id, offer_id=offer.pk, price=Decimal(price))
        changes.append(
            PriceChange(
                offer=offer,
                old_amount=judged.before,
                amount=Decimal(price),
                list_amount=Decimal(list_price) if list_price else None,
                currency=CURRENCY,
                reasons=list(judged.verdict.reasons),
                rule=judged.rule,
                asked_by_id=context.by.pk if context.by else None,
                asked_at=context.now,
            )
        )
    PriceChange.objects.bulk_create(changes, batch_size=500)


def _offer_row(sku: str, image: "imports.Image", organization: Organization) -> OfferRow:
    return OfferRow(
        sku=sku,
        product_id=image["product"],
        organization=organization.code,
        price=Money(Decimal(image["price"]), CURRENCY),
        list_price=Money(Decimal(image["list_price"]), CURRENCY) if image["list_price"] else None,
        lead_time_days=image["lead_time_days"],
        site=image["sites"][0],
    )


def _tell(products: Collection[int], context: "imports.ImportContext") -> None:
    ids = sorted(products)
    refresh_shown_offers(ids)
    index_products(ids)
    outbox.record_many([ProductChanged(product_id=pk) for pk in ids], at=context.now)


def _organization_id(context: "imports.ImportContext") -> int:
    if context.scope:
        return int(context.scope.rpartition(":")[2])
    return _headquarters_id()


def _headquarters_id() -> int:
    return Organization.objects.get(kind=OrganizationKind.HQ).pk


def _is_approved(organization_id: int) -> bool:
    try:
        require_approved_supplier(organization_id=organization_id)
    except SupplierNotApproved:
        return False
    return True


def _text(amount: Decimal | None) -> str | None:
    return None if amount is None else str(amount)
