"""What search engines read: robots.txt, sitemaps, data blocks, what a shared link shows."""

import json
import re
from types import SimpleNamespace

import defusedxml.ElementTree as ElementTree
import pytest

from apps.kernel.api import Money
from apps.portals.storefront import seo
from apps.portals.storefront.web import engines

NAMES = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}
BLOCK = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)


def blocks_of(page: str) -> list[dict]:
    """The data blocks of a page."""
    return [json.loads(block) for block in BLOCK.findall(page)]


@pytest.mark.django_db
def test_robots_may_read_the_shop_and_nothing_personal(visitor):
    text = visitor.get("/robots.txt").content.decode()

    assert "Disallow: /checkout/" in text
    assert "Disallow: /orders/" in text
    assert "Disallow: /\n" not in text
    assert re.search(r"Sitemap: http.*/sitemap.xml", text)


@pytest.mark.django_db
def test_the_sitemap_lists_every_product_once_in_each_language(visitor, monkeypatch, settings):
    settings.SITE_URL = "https://xingchi.example"
    monkeypatch.setattr(engines, "PRODUCTS_A_FILE", 50)
    index = ElementTree.fromstring(visitor.get("/sitemap.xml").content)
    files = [entry.text.removeprefix("https://xingchi.example") for entry in index.findall("s:sitemap/s:loc", NAMES)]

    found = []
    for file in files:
        answer = visitor.get(file)
        assert answer.headers["Content-Type"].startswith("application/xml")
        urls = ElementTree.fromstring(answer.content).findall("s:url", NAMES)
        assert all(len(url.findall("x:link", NAMES)) == 2 for url in urls)
        found += [url.find("s:loc", NAMES).text for url in urls]

    assert len(found) == len(set(found))
    assert "https://xingchi.example/vehicles/jinghong/?hl=en" in found
    products = {address for address in found if "/products/" in address}
    assert len(products) == 2 * engines.count_sold_products()


@pytest.mark.django_db
@pytest.mark.parametrize("file", ["products-0", "products-9999", "pages-2", "secrets-1", f"products-{'9' * 30}"])
def test_a_file_that_is_not_there_is_not_found(visitor, file):
    assert visitor.get(f"/sitemap-{file}.xml").status_code == 404


@pytest.mark.django_db
def test_a_part_of_the_sitemap_costs_one_question(visitor, django_assert_num_queries):
    with django_assert_num_queries(1):
        visitor.get("/sitemap-products-1.xml")


@pytest.mark.django_db
def test_the_front_page_says_who_we_are_and_how_to_search(reader):
    (site,) = blocks_of(reader.get("/").content.decode())

    assert site["publisher"]["@type"] == "Organization"
    assert site["potentialAction"]["target"]["urlTemplate"].endswith("/search/?q={words}")


def test_a_product_is_what_its_page_shows(settings):
    settings.SITE_URL = "https://xingchi.example"
    part = SimpleNamespace(
        title="Filter",
        sku="A1",
        summary="s",
        price=Money.of("38.50", "CNY"),
        in_stock=True,
        seller="Yancai",
        image="/a.webp",
    )

    data = seo.product(part, "/products/filter/", 4.25, 4)

    assert data["offers"]["price"] == "38.50"
    assert data["offers"]["availability"] == "https://schema.org/InStock"
    assert data["image"] == "https://xingchi.example/a.webp"
    assert data["aggregateRating"]["reviewCount"] == 4


def test_nothing_is_claimed_that_is_not_known():
    part = SimpleNamespace(title="Filter", sku="A1", summary="", price=None, in_stock=False, seller=None, image="")

    assert not {"offers", "image", "aggregateRating", "description"} & set(seo.product(part, "/products/filter/"))


def test_a_data_block_cannot_be_left_by_what_a_supplier_wrote():
    block = seo.script({"name": "</script><script>alert(1)</script>&<!--"})

    assert block.count("<script") == 1
    assert block.count("</script>") == 1
    assert "<!--" not in block
    assert blocks_of(block)[0]["name"] == "</script><script>alert(1)</script>&<!--"


def test_breadcrumbs_are_numbered_and_the_last_needs_no_address():
    steps = seo.breadcrumbs([("Home", "/"), ("Parts", "")])["itemListElement"]

    assert [step["position"] for step in steps] == [1, 2]
    assert "item" not in steps[1]


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/", "/vehicles/", "/cookies/"])
def test_a_shared_link_has_title_words_and_picture(reader, address):
    page = reader.get(address).content.decode()

    for name in ("og:title", "og:description", "og:image", "og:url"):
        found = re.search(f'<meta property="{name}" content="([^"]+)">', page)
        assert found, name
    assert re.search(r'<meta property="og:image" content="http[^"]+\.(png|webp)">', page)


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/account/login/", "/account/signup/"])
def test_what_is_the_visitors_own_is_not_for_engines(reader, address):
    page = reader.get(address).content.decode()

    assert '<meta name="robots" content="noindex">' in page
    assert 'rel="canonical"' not in page
