"""The names of brands, categories and cars, which every list needs and hardly anybody changes: kept in memory."""

import time
from dataclasses import dataclass
from functools import cached_property

from django.db import connection

from apps.catalog.models import Brand, Trim
from apps.kernel.api import in_language
from apps.shop.api import Category

# The version moves when a change is made, which is a moment before others see it; what was read in between is
# forgotten after this time.
MAX_AGE_SECONDS = 60.0
VERSION = "SELECT last_value FROM catalog_names_version"


@dataclass(frozen=True, slots=True)
class BrandName:
    """A brand."""

    id: int
    code: str
    is_own: bool
    name_zh: str
    name_en: str

    @property
    def name(self) -> str:
        """Its name in the reader's language."""
        return in_language(self.name_zh, self.name_en)


@dataclass(frozen=True, slots=True)
class CategoryName:
    """A public category; ``depth`` 1 is the top."""

    id: int
    code: str
    slug: str
    path: str
    depth: int
    kind: str
    name_zh: str
    name_en: str

    @property
    def name(self) -> str:
        """Its name in the reader's language."""
        return in_language(self.name_zh, self.name_en)


@dataclass(frozen=True, slots=True)
class CarName:
    """A trim and what fitment asks about it; ``is_ours``: of our own brand and in the shop."""

    product_id: int
    trim_id: int
    model_id: int
    series_id: int
    series_code: str
    series_slug: str
    model_year: int
    is_ours: bool
    series_zh: str
    series_en: str
    model_zh: str
    model_en: str
    trim_zh: str
    trim_en: str

    @property
    def series(self) -> str:
        """The name of its series."""
        return in_language(self.series_zh, self.series_en)

    @property
    def name(self) -> str:
        """Model and trim in the reader's language."""
        return f"{in_language(self.model_zh, self.model_en)} {in_language(self.trim_zh, self.trim_en)}"


@dataclass(frozen=True)
class Names:
    """All of them at one version; ``categories`` by path, ``cars`` as people look through them."""

    version: int
    database: str
    read_at: float
    brands: tuple[BrandName, ...]
    categories: tuple[CategoryName, ...]
    cars: tuple[CarName, ...]

    @cached_property
    def brand_by_id(self) -> dict[int, BrandName]:
        """Brands by id."""
        return {brand.id: brand for brand in self.brands}

    @cached_property
    def brand_by_code(self) -> dict[str, BrandName]:
        """Brands by their code in lower case."""
        return {brand.code.lower(): brand for brand in self.brands}

    @cached_property
    def car_by_product(self) -> dict[int, CarName]:
        """Cars by the id of their product."""
        return {car.product_id: car for car in self.cars}

    def category(self, code: str) -> CategoryName | None:
        """The category of that code or slug."""
        return next((row for row in self.categories if code.lower() == row.code.lower() or code == row.slug), None)


_kept: Names | None = None


def known_names() -> Names:
    """The names as this process last read them; the first time, as they are."""
    is_usable = (
        _kept is not None
        and _kept.database == connection.settings_dict["NAME"]
        and time.monotonic() - _kept.read_at < MAX_AGE_SECONDS
    )
    return _kept if is_usable and _kept is not None else read_names()


def current_names() -> Names:
    """The names as they are; asks for the version only, if nothing changed."""
    names = known_names()
    with connection.cursor() as cursor:
        cursor.execute(VERSION)
        (version,) = cursor.fetchone()
    return names if names.version == version else read_names()


def list_own_cars() -> list[CarName]:
    """Every trim of our own brand in the shop, for the question which car something is for; seldom a query."""
    return [car for car in known_names().cars if car.is_ours]


def read_names() -> Names:
    """Read all names."""
    global _kept  # noqa: PLW0603 - one snapshot a process
    with connection.cursor() as cursor:
        cursor.execute(VERSION)
        (version,) = cursor.fetchone()
    _kept = Names(
        version=version,
        database=connection.settings_dict["NAME"],
        read_at=time.monotonic(),
        brands=tuple(
            BrandName(*row)
            for row in Brand.objects.order_by("code").values_list("pk", "code", "is_own", "name_zh", "name_en")
        ),
        categories=_categories(),
        cars=_cars(),
    )
    return _kept


def _categories() -> tuple[CategoryName, ...]:
    rows = (
        Category.objects.filter(is_public=True, ancestors_are_public=True, code__isnull=False)
        .order_by("path")
        .values_list("pk", "code", "slug", "path", "depth", "info__kind", "name", "info__name_en")
    )
    return tuple(
        CategoryName(pk, code, slug, path, depth, kind or "", name, name_en or "")
        for pk, code, slug, path, depth, kind, name, name_en in rows
    )


def _cars() -> tuple[CarName, ...]:
    rows = (
        Trim.objects.order_by("model__series__position", "model__pk", "position", "pk")
        .values_list(
            "product_id",
            "pk",
            "model_id",
            "model__series_id",
            "model__series__code",
            "model__series__slug",
            "model__model_year",
            "model__series__brand__is_own",
            "model__series__is_public",
            "product__is_public",
            "model__series__name_zh",
            "model__series__name_en",
            "model__name_zh",
            "model__name_en",
            "name_zh",
            "name_en",
        )
        .iterator()
    )
    return tuple(CarName(*row[:7], all(row[7:10]), *row[10:]) for row in rows)
