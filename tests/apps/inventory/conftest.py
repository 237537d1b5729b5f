"""Two sites of one organization, and products that lie there."""

from datetime import UTC, datetime, timedelta
from itertools import count

import pytest

from apps.accounts.api import Organization, OrganizationKind
from apps.inventory.api import Demand, Site, SiteKind, StockLevel, receive
from apps.shop.api import Product, ProductClass

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
_serial = count(1)


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def organization(db) -> Organization:
    return Organization.objects.create(kind=OrganizationKind.HQ, code="hq", name_zh="总部", name_en="HQ")


@pytest.fixture
def make_site(organization):
    def make(code: str, kind: SiteKind = SiteKind.HQ_WAREHOUSE) -> Site:
        return Site.objects.create(
            code=code, kind=kind, name_zh=code, name_en=code, organization=organization, latitude=31, longitude=121
        )

    return make


@pytest.fixture
def make_product(db):
    def make() -> Product:
        kind, _ = ProductClass.objects.get_or_create(name="part", defaults={"track_stock": True})
        serial = next(_serial)
        return Product.objects.create(
            title=f"机油滤清器 {serial}", slug=f"p{serial}", upc=f"P{serial}", product_class=kind
        )

    return make


@pytest.fixture
def east(make_site) -> Site:
    return make_site("east")


@pytest.fixture
def west(make_site) -> Site:
    return make_site("west")


@pytest.fixture
def stocked(make_product, east, west, now):
    """Return a function: a product with so many pieces in the east and in the west."""

    def make(in_east: int, in_west: int = 0) -> Product:
        product = make_product()
        for site, pieces in ((east, in_east), (west, in_west)):
            if pieces:
                receive(product_id=product.pk, site_code=site.code, quantity=pieces, cause="seed", by=None, now=now)
        return product

    return make


@pytest.fixture
def demand():
    def make(product: Product, quantity: int, *sites: str, line_ref: str = "1") -> Demand:
        return Demand(line_ref=line_ref, product_id=product.pk, quantity=quantity, site_codes=sites or ("east", "west"))

    return make


@pytest.fixture
def expires_at(now) -> datetime:
    return now + timedelta(minutes=15)


@pytest.fixture
def figures():
    """Return a function: (on hand, reserved, allocated) of a product per site code."""

    def read(product: Product) -> dict[str, tuple[int, int, int]]:
        rows = StockLevel.objects.filter(product=product).select_related("site")
        return {row.site.code: (row.on_hand, row.reserved, row.allocated) for row in rows}

    return read
