"""Lists, search and the page of a part with its fitment check."""

import pytest

from apps.catalog.api import Trim, fits


@pytest.mark.django_db
def test_a_search_finds_parts_and_cars(visitor):
    page = visitor.get("/search/?q=刹车片").context["shown"]

    assert page.count > 0
    assert all("刹车片" in card.title_zh for card in page.cards)


@pytest.mark.django_db
def test_an_empty_result_shows_the_way_back(reader):
    page = reader.get("/search/?q=zzzzzz").content.decode()

    assert "Nothing found" in page
    assert 'href="/search/"' in page


@pytest.mark.django_db
def test_pages_keep_the_filters(reader):
    page = reader.get("/parts/?kind=accessory&ordering=price").content.decode()

    assert "kind=accessory&amp;ordering=price&amp;page=2" in page


@pytest.mark.django_db
def test_narrows_by_car(reader, part):
    trim = next(trim for trim in Trim.objects.order_by("pk") if not fits(part.pk, trim.product_id))

    page = reader.get(f"/parts/?fits={trim.product_id}").context["shown"]

    assert page.count > 0
    assert part.pk not in [card.id for card in page.cards]


@pytest.mark.django_db
def test_says_whether_a_part_fits(reader, part):
    trims = list(Trim.objects.order_by("pk"))
    good = next(trim for trim in trims if fits(part.pk, trim.product_id))
    bad = next(trim for trim in trims if not fits(part.pk, trim.product_id))

    assert "Yes, it fits" in reader.get(f"/products/{part.slug}/?fits={good.product_id}").content.decode()
    refused = reader.get(f"/products/{part.slug}/?fits={bad.product_id}").content.decode()
    assert "No, it does not fit" in refused


@pytest.mark.django_db
def test_refuses_a_part_for_a_car_it_does_not_fit_and_comes_back(reader, part):
    bad = next(trim for trim in Trim.objects.order_by("pk") if not fits(part.pk, trim.product_id))
    here = f"/products/{part.slug}/?fits={bad.product_id}"

    answer = reader.post(
        f"/products/{part.slug}/add/", {"quantity": 1, "vehicle_id": bad.product_id, "next": here}, follow=True
    )

    assert answer.redirect_chain == [(here, 302)]
    assert "notice--bad" in answer.content.decode()
    assert reader.get("/cart/").context["cart"].lines == ()


@pytest.mark.django_db
@pytest.mark.parametrize("quantity", ["0", "-1", "1000000000", "1e3", "", "many", "1.5", "99999999999999999999"])
def test_refuses_quantities_nobody_can_order(quantity, reader, part):
    answer = reader.post(f"/products/{part.slug}/add/", {"quantity": quantity}, follow=True)

    assert answer.redirect_chain == [(f"/products/{part.slug}/", 302)]
    assert "notice--bad" in answer.content.decode()
    assert reader.get("/cart/").context["cart"].lines == ()


@pytest.mark.django_db
def test_leads_nowhere_else(reader, part):
    answer = reader.post(f"/products/{part.slug}/add/", {"quantity": "0", "next": "https://evil.example/"})

    assert answer.url == f"/products/{part.slug}/"


@pytest.mark.django_db
def test_every_part_and_package_has_a_picture(reader):
    for address in ("/parts/", "/parts/?kind=accessory", "/packages/"):
        assert all(card.image for card in reader.get(address).context["shown"].cards)
