"""What is derived from products and offers for lists: the shown offer with its price, and the search vector."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from django.db import connection, transaction
from django.db.models.functions import Now

from apps.catalog.models import Offer, OfferChoice, ProductInfo
from apps.catalog.policies.offers import OfferCandidate, choose_offer
from apps.catalog.policies.text import pinyin_of, pinyin_words_of, search_vector, tails_of, words_of
from apps.catalog.selectors.offers import PricedOffer, candidates_of, priced_offers
from apps.kernel.api import forget_pages

BATCH = 1000


@transaction.atomic
def refresh_shown_offers(product_ids: Iterable[int]) -> None:
    """
    Choose each product's offer anew, for lists, and keep what decided it (``OfferChoice``).

    Two services that change offers of one product take turns here.
    """
    ids = sorted(set(product_ids))
    infos = list(ProductInfo.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=ids).order_by("pk"))
    offers = priced_offers(ids)
    candidates = {info.pk: candidates_of(offers.get(info.pk, []), kind=info.kind) for info in infos}
    winners = _keep_choices(candidates)
    changed = [info for info in infos if _show(info, _find(offers.get(info.pk, []), winners[info.pk]))]
    ProductInfo.objects.bulk_update(changed, ["shown_offer", "shown_price", "shown_list_price"], batch_size=BATCH)
    if changed:
        forget_pages(*(f"product:{info.pk}" for info in changed))


def _find(offers: Sequence[PricedOffer], offer_id: int | None) -> PricedOffer | None:
    return next((offer for offer in offers if offer.offer.pk == offer_id), None)


def _show(info: ProductInfo, chosen: PricedOffer | None) -> bool:
    """Write an offer, and its price where price lists change it, on the product; whether anything is new."""
    before = (info.shown_offer_id, info.shown_price, info.shown_list_price)
    info.shown_offer_id = chosen.offer.pk if chosen else None
    info.shown_price = info.shown_list_price = None
    if chosen and chosen.derived.entry_ids:
        info.shown_price = chosen.price.amount
        info.shown_list_price = chosen.list_price.amount if chosen.list_price else None
    return before != (info.shown_offer_id, info.shown_price, info.shown_list_price)


def _keep_choices(candidates: Mapping[int, Sequence[OfferCandidate]]) -> dict[int, int | None]:
    """Choose among the candidates of each product and keep the choices that are new; the winning offers by product."""
    known = OfferChoice.objects.in_bulk(candidates)
    winners: dict[int, int | None] = {}
    new = []
    for product_id, rows in candidates.items():
        verdicts = choose_offer(rows)
        winners[product_id] = verdicts[0].offer_id if verdicts else None
        kept = known.get(product_id)
        asked = [row.as_json() for row in rows]
        answer = [verdict.as_json() for verdict in verdicts]
        if (kept.candidates, kept.verdicts) != (asked, answer) if kept else asked:
            new.append(OfferChoice(product_id=product_id, candidates=asked, verdicts=answer, decided_at=Now()))
    OfferChoice.objects.bulk_create(
        new,
        update_conflicts=True,
        unique_fields=["product"],
        update_fields=["candidates", "verdicts", "decided_at"],
        batch_size=BATCH,
    )
    return winners


@transaction.atomic
def index_products(product_ids: Collection[int]) -> None:
    """Write the search columns of products from their titles, brands, categories, summaries and SKUs."""
    infos = ProductInfo.objects.filter(pk__in=product_ids).select_related(
        "product__trim__model__series", "brand", "shown_offer"
    )
    infos = infos.prefetch_related("product__categories__info")
    skus = _skus(product_ids)
    rows = [_columns(info, skus.get(info.pk, [])) for info in infos.order_by("pk")]
    with connection.cursor() as cursor:
        for start in range(0, len(rows), BATCH):
            ids, vectors, pinyin, initials = zip(*rows[start : start + BATCH], strict=True)
            cursor.execute(
                """
                UPDATE catalog_productinfo AS info
                SET search = new.vector::tsvector, pinyin = new.pinyin, initials = new.initials
                FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[]) AS new(id, vector, pinyin, initials)
                WHERE info.product_id = new.id
                """,
                [list(ids), list(vectors), list(pinyin), list(initials)],
            )


def _skus(product_ids: Collection[int]) -> dict[int, list[str]]:
    skus: dict[int, list[str]] = {}
    for product_id, sku in Offer.objects.filter(product__in=product_ids).values_list("product_id", "sku"):
        skus.setdefault(product_id, []).append(sku)
    return skus


def _columns(info: ProductInfo, skus: list[str]) -> tuple[int, str, str, str]:
    product = info.product
    titles = [product.title, info.title_en]
    names = [info.brand.name_zh, info.brand.name_en] if info.brand else []
    if hasattr(product, "trim"):
        series = product.trim.model.series
        names += [series.name_zh, series.name_en, series.get_body_type_display(), product.trim.model.name_zh]
    for category in product.categories.all():
        names += [category.name, category.info.name_en if hasattr(category, "info") else ""]
    vector = search_vector(
        [
            ("A", [*words_of(" ".join(titles)), *tails_of(product.title), *pinyin_words_of(product.title)]),
            ("B", [*words_of(" ".join([*names, *skus, product.upc or ""])), *tails_of(" ".join(names))]),
            # One letter in a sentence ("a", "V") is nothing to search by; in a title or a number it may be.
            ("C", [word for word in words_of(f"{info.summary_zh} {info.summary_en}") if len(word) > 1]),
            ("D", pinyin_words_of(" ".join(names))),
        ]
    )
    pinyin, initials = pinyin_of(product.title)
    return info.pk, vector, pinyin[:800], initials[:255]
