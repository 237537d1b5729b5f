"""What a visitor asked of a list: read from the address, and written back into addresses with one thing changed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import Any, Self

from django.http import QueryDict
from django.utils.http import urlencode

from apps.catalog.api import ProductKind, ProductQuery
from apps.portals.storefront.web.numbers import read_number

LONGEST_WORDS, LONGEST_CODE, LONGEST_PRICE = 100, 60, 12
MOST_BRANDS = 20
PAGE_SIZES = (24, 48, 96)
# Nobody turns so many pages; who needs what lies there, narrows the list.
MOST_PAGES = 100
ORDERINGS = ("popular", "price", "-price", "newest")
STARS = (3, 4)
# What pages of lists are told apart by; everything else in an address is none of theirs.
PARAMETERS = (
    "q",
    "kind",
    "category",
    "brand",
    "price_min",
    "price_max",
    "in_stock",
    "rating",
    "fits",
    "ordering",
    "size",
    "page",
)


@dataclass(frozen=True, kw_only=True)
class ListState:
    """One state of a list; empty values are no filters. ``default_kind`` is the kind of a list that holds one kind."""

    words: str = ""
    kind: ProductKind | None = None
    default_kind: ProductKind | None = None
    category: str = ""
    brands: tuple[str, ...] = ()
    price_min: Decimal | None = None
    price_max: Decimal | None = None
    in_stock: bool = False
    rating: int | None = None
    fits: int | None = None
    ordering: str = ""
    size: int = PAGE_SIZES[0]
    page: int = 1

    @classmethod
    def read(cls, data: QueryDict, *, kinds: Sequence[ProductKind], default_kind: ProductKind | None) -> Self:
        """Read the state out of an address; a value that no filter can have is as good as none."""
        asked = data.get("kind", "")
        words = data.get("q", "").strip()[:LONGEST_WORDS]
        ordering = data.get("ordering", "")
        size = read_number(data.get("size"))
        rating = read_number(data.get("rating"))
        fits = read_number(data.get("fits"))
        return cls(
            words=words,
            kind=ProductKind(asked) if asked in kinds else default_kind,
            default_kind=default_kind,
            category=data.get("category", "")[:LONGEST_CODE],
            brands=tuple(dict.fromkeys(code[:LONGEST_CODE].lower() for code in data.getlist("brand") if code))[
                :MOST_BRANDS
            ],
            price_min=_read_price(data.get("price_min")),
            price_max=_read_price(data.get("price_max")),
            in_stock=data.get("in_stock", "") not in ("", "0", "false"),
            rating=rating if rating in STARS else None,
            fits=fits if fits and fits > 0 else None,
            ordering=ordering if ordering in ORDERINGS else "",
            size=size if size in PAGE_SIZES else PAGE_SIZES[0],
            page=min(max(read_number(data.get("page")) or 1, 1), MOST_PAGES),
        )

    @property
    def query(self) -> ProductQuery:
        """What to ask the catalog."""
        return ProductQuery(
            q=self.words,
            kind=self.kind,
            category=self.category or None,
            brand=",".join(self.brands) or None,
            fits=self.fits,
            price_min=self.price_min,
            price_max=self.price_max,
            in_stock=self.in_stock or None,
            rating=self.rating,
            ordering=self.ordering or (None if self.words else "popular"),
            page=self.page,
            page_size=self.size,
        )

    @property
    def is_narrowed(self) -> bool:
        """Whether any filter beside the words and the kind is set."""
        return self != self.cleared()

    def cleared(self) -> Self:
        """The same list with its words and its kind, and without any other filter."""
        return type(self)(
            words=self.words,
            kind=self.kind,
            default_kind=self.default_kind,
            ordering=self.ordering,
            size=self.size,
            page=self.page,
        )

    def params(self) -> list[tuple[str, str]]:
        """The state as names and values of an address, defaults left out."""
        pairs: list[tuple[str, Any]] = [
            ("q", self.words),
            ("kind", self.kind if self.kind != self.default_kind else ""),
            ("category", self.category),
            *(("brand", code) for code in self.brands),
            ("price_min", _plain(self.price_min)),
            ("price_max", _plain(self.price_max)),
            ("in_stock", "1" if self.in_stock else ""),
            ("rating", self.rating),
            ("fits", self.fits),
            ("ordering", self.ordering),
            ("size", self.size if self.size != PAGE_SIZES[0] else ""),
            ("page", self.page if self.page > 1 else ""),
        ]
        return [(name, str(value)) for name, value in pairs if value not in ("", None)]

    def url(self, **changes: Any) -> str:
        """The address of the list with changes; whatever changes, it begins at page one again."""
        return f"?{urlencode(replace(self, **{'page': 1, **changes}).params())}"

    def hidden(self, *without: str) -> list[tuple[str, str]]:
        """What a form must carry along that sets the parameters ``without``."""
        return [(name, value) for name, value in self.params() if name not in without and name != "page"]


def last_page(pages: int) -> int:
    """The last of so many pages that can be turned to."""
    return min(pages, MOST_PAGES)


def _read_price(value: str | None) -> Decimal | None:
    if not value or len(value) > LONGEST_PRICE or not value.isascii():
        return None
    try:
        price = Decimal(value)
    except InvalidOperation:
        return None
    return price if price.is_finite() and 0 <= price < Decimal(10) ** 10 else None


def _plain(price: Decimal | None) -> str:
    return "" if price is None else f"{price:f}"
