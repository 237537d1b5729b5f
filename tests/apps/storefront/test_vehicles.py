"""The configurator: price, picture and conflicts of what is chosen."""

import pytest
from django.utils import timezone

from apps.orders.api import CartRef, get_cart


@pytest.mark.django_db
def test_opens_with_the_standard_car(reader, series):
    page = reader.get("/vehicles/jinghong/")

    assert page.context["remedies"] == []
    assert page.context["view"].price == page.context["chosen"].card.price
    assert "/vehicles/jinghong/" in page.context["picture"]


@pytest.mark.django_db
def test_the_picture_follows_the_paint(reader, trim):
    page = reader.get(f"/vehicles/jinghong/?trim={trim.code}&option-exterior=PAINT-CINNABAR")

    assert "cinnabar" in page.context["picture"]


@pytest.mark.django_db
def test_htmx_gets_the_configurator_alone(reader, trim):
    part = reader.get(f"/vehicles/jinghong/?trim={trim.code}", headers={"HX-Request": "true"})

    assert part.content.decode().lstrip().startswith('<form id="configurator"')
    assert "HX-Request" in part.headers["Vary"]


@pytest.mark.django_db
def test_a_pack_brings_its_wheels_although_the_form_sends_the_standard_ones(reader, trim):
    page = reader.get(
        f"/vehicles/jinghong/?trim={trim.code}&option-exterior=PAINT-GLACIER&option-wheels=WHEEL-19-BLADE"
        "&option-packs=PACK-PERFORMANCE"
    )

    assert page.context["remedies"] == []
    assert "WHEEL-20-FORGED" in page.context["view"].selected


@pytest.mark.django_db
def test_a_conflict_says_why_offers_a_way_out_and_cannot_be_ordered(reader, trim):
    query = f"trim={trim.code}&option=PACK-PERFORMANCE&option=PACK-WINTER"

    page = reader.get(f"/vehicles/jinghong/?{query}")

    ((remedy, way_out),) = page.context["remedies"]
    assert remedy.reason
    assert remedy.reason in page.content.decode()
    assert reader.get(way_out.partition("#")[0]).context["remedies"] == []
    refused = reader.post(
        "/vehicles/jinghong/order/", {"trim": trim.code, "option": ["PACK-PERFORMANCE", "PACK-WINTER"]}, follow=True
    )
    assert refused.redirect_chain[-1][0].startswith("/vehicles/jinghong/?trim=")
    assert "notice--bad" in refused.content.decode()
    assert reader.get("/cart/").context["cart"].lines == ()


@pytest.mark.django_db
def test_options_of_nobody_are_left_out(reader, trim):
    page = reader.get(f"/vehicles/jinghong/?trim={trim.code}&option=PACK-NOBODY&option-exterior=%3Cscript%3E")

    assert page.status_code == 200
    assert page.context["remedies"] == []


@pytest.mark.django_db
def test_an_unknown_trim_shows_the_first_one(reader, series):
    assert reader.get("/vehicles/jinghong/?trim=NOBODY").context["chosen"].trim.model.series == series


@pytest.mark.django_db
def test_the_car_goes_into_the_cart_as_configured(signed_in, buyer, trim):
    answer = signed_in.post("/vehicles/jinghong/order/", {"trim": trim.code, "option-exterior": "PAINT-CINNABAR"})

    assert answer.url == "/cart/"
    (line,) = get_cart(CartRef(user_id=buyer.pk), now=timezone.now()).lines
    assert line.product_id == trim.product_id
    cart = signed_in.get("/cart/")
    assert cart.context["lines"][0].picture.rpartition("/")[2].count("cinnabar") == 1
    assert "PAINT-CINNABAR" in cart.context["lines"][0].url


@pytest.mark.django_db
def test_ordering_an_unknown_trim_is_404_and_adds_nothing(signed_in, series):
    assert signed_in.post("/vehicles/jinghong/order/", {"trim": "NOBODY"}).status_code == 404
    assert signed_in.get("/cart/").context["cart"].lines == ()


@pytest.mark.django_db
def test_the_product_page_of_a_car_leads_to_its_configurator(reader, trim):
    answer = reader.get(f"/products/{trim.product.slug}/")

    assert answer.url == f"/vehicles/jinghong/?trim={trim.code}"
