"""The shop's pages out of the page cache: no question on a hit, right at once after a change, nobody's own."""

import re
from datetime import UTC, datetime
from decimal import Decimal
from urllib.parse import quote

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apps.catalog.api import Offer, Series, list_own_cars, set_offer_price, withdraw_products
from apps.dealers.api import list_stores
from apps.inventory.api import StockLevel, set_on_hand
from apps.kernel.api import Money, outbox
from apps.kernel.page_cache import client as page_cache_client
from apps.kernel.web import page_cache
from apps.membership.api import add_car
from apps.shop.api import Product

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([a-zA-Z0-9]{64})"')
PAGES = ["/", "/vehicles/", "/vehicles/jinghong/", "/parts/", "/packages/", f"/search/?q={quote('滤清器')}", "/stores/"]
# The front page shows something of everything; any other page asks eight questions at most.
MOST_COLD = {"/": 12}


@pytest.fixture(autouse=True)
def _kept(redis_url, settings):
    settings.PAGE_CACHE_URL = redis_url
    page_cache._policy_of_path.cache_clear()
    page_cache_client._client_of.cache_clear()
    yield
    page_cache._policy_of_path.cache_clear()


@pytest.fixture
def browser() -> Client:
    """A browser that sends what its forms hold, and nothing else."""
    return Client(enforce_csrf_checks=True, HTTP_ACCEPT_LANGUAGE="zh-CN")


@pytest.fixture
def offer(part) -> Offer:
    """The offer whose price the part shows."""
    return part.info.shown_offer


@pytest.fixture
def committed(django_capture_on_commit_callbacks):
    """``with committed():`` what follows a commit happens at the end of the block."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


def questions(work) -> list[str]:
    """What was asked of the database."""
    with CaptureQueriesContext(connection) as captured:
        work()
    return [query["sql"][:160] for query in captured.captured_queries]


@pytest.mark.django_db
@pytest.mark.parametrize("address", PAGES)
def test_a_page_asks_little_when_it_is_rendered_and_nothing_when_it_is_kept(browser, address):
    # Names of brands, categories and cars stay in each process until they change.
    browser.get("/parts/?page=2")

    cold = questions(lambda: browser.get(address))
    kept = questions(lambda: Client(HTTP_ACCEPT_LANGUAGE="zh-CN").get(address))

    assert len(cold) <= MOST_COLD.get(address, 8), "\n".join(cold)
    assert kept == []


@pytest.mark.django_db
def test_a_products_page_asks_little_and_then_nothing(browser, part):
    address = f"/products/{part.slug}/"

    cold = questions(lambda: browser.get(address))

    assert len(cold) <= 8, "\n".join(cold)
    assert questions(lambda: browser.get(address)) == []


@pytest.mark.django_db
def test_a_changed_price_shows_at_once_on_every_page_that_names_it(browser, part, offer, committed):
    pages = [f"/products/{part.slug}/", f"/search/?q={offer.sku}", f"/parts/?q={offer.sku}"]
    before = [browser.get(page).content.decode() for page in pages]

    with committed():
        set_offer_price(offer_id=offer.pk, amount=Money(Decimal("98765.43"), "CNY"), by=None, now=timezone.now())

    for page, old in zip(pages, before, strict=True):
        assert "98,765.43" not in old
        assert "98,765.43" in browser.get(page).content.decode(), page


@pytest.mark.django_db
def test_a_cart_is_quoted_anew_whatever_the_page_said(browser, part, offer):
    page = browser.get(f"/products/{part.slug}/").content.decode()
    # Nothing that follows the commit happens here: the page stays wrong, the cart must not.
    set_offer_price(offer_id=offer.pk, amount=Money(Decimal("98765.43"), "CNY"), by=None, now=timezone.now())

    browser.post(f"/products/{part.slug}/add/", {"quantity": 1, "csrfmiddlewaretoken": TOKEN.search(page)[1]})

    assert "98,765.43" in browser.get("/cart/").content.decode()


@pytest.mark.django_db
def test_a_withdrawn_product_is_gone_at_once(browser, part, committed):
    address = f"/products/{part.slug}/"
    assert browser.get(address).status_code == 200

    with committed():
        withdraw_products([part.pk], by=None, now=timezone.now())

    assert browser.get(address).status_code == 404


@pytest.mark.django_db
def test_a_part_that_sells_out_says_so_when_the_last_piece_is_counted_away(browser, shop, committed):
    sold = shop.part(stock=2)
    address = f"/products/{sold.slug}/"
    in_stock = browser.get(address).content
    level = StockLevel.objects.select_related("site").get(product=sold, site=shop.warehouse)

    with committed():
        set_on_hand(product_id=sold.pk, site_code=level.site.code, on_hand=0, by=None, now=timezone.now())

    assert browser.get(address).content != in_stock


@pytest.mark.django_db
def test_the_last_piece_put_into_an_order_shows_at_once(browser, shop, committed):
    rare = shop.part(stock=1)
    address = f"/products/{rare.slug}/"
    in_stock = browser.get(address).content

    with committed():
        shop.order(rare)

    assert browser.get(address).content != in_stock


@pytest.mark.django_db
def test_the_relay_forgets_again_what_was_lost_at_the_commit(browser, part, offer, settings, redis_url, committed):
    address = f"/products/{part.slug}/"
    browser.get(address)
    settings.PAGE_CACHE_URL = "redis://127.0.0.1:9/0"
    with committed():
        set_offer_price(offer_id=offer.pk, amount=Money(Decimal("98765.43"), "CNY"), by=None, now=timezone.now())
    settings.PAGE_CACHE_URL = redis_url
    assert "98,765.43" not in browser.get(address).content.decode()

    outbox.drain(now=datetime.max.replace(tzinfo=UTC))

    assert "98,765.43" in browser.get(address).content.decode()


@pytest.mark.django_db
def test_what_staff_save_shows_at_once(browser, committed):
    series = Series.objects.get(code="JINGHONG")
    browser.get("/vehicles/")
    series.name_zh = "改了名"
    with committed():
        series.save()
    assert "改了名" in browser.get("/vehicles/").content.decode()

    browser.get("/stores/")
    store = list_stores()[0]
    store.name_zh = "搬了家"
    with committed():
        store.save()
    assert "搬了家" in browser.get("/stores/").content.decode()


@pytest.mark.django_db
def test_what_is_one_visitors_own_comes_by_holes(browser, put_in_cart, part, visitor, signed_in):
    put_in_cart(visitor, part, 3)
    tokens = re.compile(r"[a-zA-Z0-9]{64}")

    mine, yours = visitor.get("/parts/").content.decode(), browser.get("/parts/").content.decode()

    assert tokens.sub("", mine) == tokens.sub("", yours)
    assert visitor.get("/me/holes/").json()["cart-count"] == 3
    assert browser.get("/me/holes/").json()["cart-count"] == 0
    assert signed_in.get("/me/holes/").json()["account"] == "My account"


@pytest.mark.django_db
def test_holes_ask_little(browser, visitor, put_in_cart, part, signed_in):
    put_in_cart(visitor, part)
    put_in_cart(signed_in, part)

    assert questions(lambda: browser.get("/me/holes/")) == []
    assert len(questions(lambda: visitor.get("/me/holes/"))) <= 1
    assert len(questions(lambda: signed_in.get("/me/holes/"))) <= 4


OWN = re.compile(r"[a-zA-Z0-9]{64}")


@pytest.mark.django_db
@pytest.mark.parametrize("address", [*PAGES, "/stores/?service=service", "/compare/", "part", "part and its car"])
def test_a_member_is_shown_by_a_kept_page_what_would_be_rendered_for_it(
    signed_in, put_in_cart, part, address, settings, redis_url
):
    """Byte by byte, tokens apart: the doors to account and cart are all that is a member's own on these pages."""
    put_in_cart(signed_in, part, 3)
    own = {"part": f"/products/{part.slug}/", "part and its car": f"/products/{part.slug}/?fits={_a_car()}"}
    address = own.get(address, address)
    settings.PAGE_CACHE_URL = ""
    rendered = signed_in.get(address)
    settings.PAGE_CACHE_URL = redis_url
    guest = Client(HTTP_ACCEPT_LANGUAGE="en").get(address)

    completed = []
    asked = questions(lambda: completed.append(signed_in.get(address)))

    assert OWN.sub("", completed[0].content.decode()) == OWN.sub("", rendered.content.decode())
    assert OWN.sub("", completed[0].content.decode()) != OWN.sub("", guest.content.decode())
    assert dict(completed[0].headers) == {**rendered.headers, "Content-Length": completed[0]["Content-Length"]}
    assert "My account" in completed[0].content.decode()
    # Session, member, cart; on lists the garage.
    assert len(asked) <= 5, "\n".join(asked)


@pytest.mark.django_db
def test_a_member_with_a_car_in_the_garage_is_rendered_lists(browser, signed_in, buyer, part):
    browser.get("/parts/", headers={"Accept-Language": "en"})
    add_car(member=buyer, product_id=_a_car(), now=timezone.now())

    asked = questions(lambda: signed_in.get("/parts/"))

    assert len(asked) > 5


def _a_car() -> int:
    return list_own_cars()[0].product_id


@pytest.mark.django_db
def test_a_cart_of_twenty_lines_with_fifty_live_offers_asks_little(visitor, put_in_cart):
    from tests.factories.catalog import make_offer

    parts = Product.objects.filter(info__kind="part", stockrecords__num_in_stock__gt=5).distinct().order_by("pk")[:20]
    for product in parts:
        put_in_cart(visitor, product)
        while product.offers.count() < 3:
            make_offer(product=product, price="99999.00", stock=3)
    assert Offer.objects.filter(product__in=parts).count() >= 50

    asked = questions(lambda: visitor.get("/cart/"))

    assert len(asked) <= 15, "\n".join(asked)
