"""The page of a series, and the configurator: price, picture, conflicts and what becomes of a choice."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from django.utils import timezone

from apps.membership.api import SavedConfiguration
from apps.orders.api import CartRef, get_cart

PAGE, CONFIGURE = "/vehicles/jinghong/", "/vehicles/jinghong/configure/"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def car(trim) -> str:
    """The beginning of an address of a car."""
    return f"{CONFIGURE}?trim={trim.code}"


@pytest.mark.django_db
def test_the_page_of_a_series_sells_it(reader):
    page = reader.get(PAGE)

    text = page.content.decode()
    assert len(page.context["figures"]) == 4
    assert "application/ld+json" in text
    assert "% a year" in text
    assert f'href="{CONFIGURE}"' in text


@pytest.mark.django_db
def test_a_link_that_names_a_car_leads_to_the_configurator_with_it(reader, trim):
    answer = reader.get(f"{PAGE}?trim={trim.code}&option=PAINT-CINNABAR,PACK-AUDIO")

    assert answer.url == f"{CONFIGURE}?trim={trim.code}&option=PAINT-CINNABAR,PACK-AUDIO"


@pytest.mark.django_db
def test_opens_with_the_standard_car(reader):
    page = reader.get(CONFIGURE)

    assert page.context["remedies"] == []
    assert page.context["view"].price == page.context["chosen"].price
    assert page.context["car"].options == ()
    assert "/vehicles/jinghong/" in page.context["sight"].shot.picture.picture.src


@pytest.mark.django_db
def test_the_picture_follows_the_paint(reader, car):
    page = reader.get(f"{car}&option-exterior=PAINT-CINNABAR")

    assert page.context["sight"].shot.picture.paint == "PAINT-CINNABAR"
    assert "Cinnabar" in page.context["sight"].shot.alt


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("step", "field"), [("exterior", "option-exterior"), ("packs", "option-packs"), ("finance", "down")]
)
def test_the_step_is_in_the_address(step, field, reader, car):
    page = reader.get(f"{car}&step={step}")

    assert page.context["current"].code == step
    assert f'name="{field}"' in page.content.decode()


@pytest.mark.django_db
def test_htmx_gets_the_configurator_alone_the_short_address_and_the_news(reader, car):
    part = reader.get(f"{car}&at=exterior&option-exterior=PAINT-CINNABAR&is=X:Y", headers=HTMX)

    text = part.content.decode()
    assert text.lstrip().startswith('<div id="configure"')
    assert "HX-Request" in part.headers["Vary"]
    assert part.headers["HX-Push-Url"] == f"{car}&option=PAINT-CINNABAR&step=exterior"
    assert re.search(r'id="configure-said" hx-swap-oob="innerHTML">[^<]*¥295,800[^<]*% a year', text)


@pytest.mark.django_db
def test_choices_of_other_steps_are_carried_along(reader, car):
    page = reader.get(f"{car}&option=PAINT-CINNABAR&step=packs")

    assert page.context["carried"] == ["PAINT-CINNABAR"]
    kept = reader.get(f"{car}&option=PAINT-CINNABAR&at=packs&option-packs=PACK-AUDIO")
    assert kept.context["car"].options == ("PAINT-CINNABAR", "PACK-AUDIO")


@pytest.mark.django_db
def test_another_trim_keeps_what_it_offers_and_says_what_it_does_not(reader):
    page = reader.get(f"{CONFIGURE}?trim=JINGHONG-EV-580&option=PAINT-CINNABAR,PACK-PERFORMANCE")

    assert page.context["car"].options == ("PAINT-CINNABAR",)
    assert "What is not offered was left out" in page.content.decode()


@pytest.mark.django_db
def test_a_conflict_says_why_offers_a_way_out_and_cannot_be_ordered(reader, car, trim):
    page = reader.get(f"{car}&option=PACK-PERFORMANCE,PACK-WINTER&step=packs")

    ((remedy, way_out),) = page.context["remedies"]
    assert remedy.reason
    assert remedy.reason in page.content.decode()
    assert reader.get(way_out).context["remedies"] == []
    last = reader.get(f"{car}&option=PACK-PERFORMANCE,PACK-WINTER&step=finance").content.decode()
    assert re.search(r'id="order-now"[^>]*disabled', last)
    refused = reader.post(
        "/vehicles/jinghong/order/", {"trim": trim.code, "option": "PACK-PERFORMANCE,PACK-WINTER"}, follow=True
    )
    assert refused.redirect_chain[-1][0].startswith(f"{CONFIGURE}?trim=")
    assert "notice--bad" in refused.content.decode()
    assert reader.get("/cart/").context["cart"].lines == ()


@pytest.mark.django_db
def test_undo_is_a_link_back_to_the_car_before_and_the_one_before_that(reader, car, trim):
    first = reader.get(f"{car}&at=exterior&option-exterior=PAINT-CINNABAR&is={trim.code}")
    again = f"is={trim.code}:PAINT-CINNABAR&was={trim.code}"
    second = reader.get(f"{car}&at=packs&option=PAINT-CINNABAR&option-packs=PACK-AUDIO&{again}")

    back = reader.get(second.context["undo_url"])
    assert back.context["car"].options == ("PAINT-CINNABAR",)
    assert reader.get(back.context["undo_url"]).context["car"].options == ()
    assert first.context["undo_url"]
    assert reader.get(car).context["undo_url"] == ""


@pytest.mark.django_db
def test_a_shared_link_is_short_and_shows_the_same_car(reader, car):
    noisy = f"{car}&at=packs&seen=side&option=PAINT-CINNABAR&option-packs=PACK-AUDIO&is=A:B&was=C&months=36&down=90000"
    link = reader.get(noisy).context["share_link"]

    assert urlsplit(link).query == f"trim={parse_qs(urlsplit(link).query)['trim'][0]}&option=PAINT-CINNABAR,PACK-AUDIO"
    path = link.partition("://")[2].partition("/")[2]
    assert reader.get(f"/{path}").context["view"].price == reader.get(noisy).context["view"].price


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("query", "problem"),
    [("down=1", True), ("down=999999999", True), ("down=-5", True), ("down=abc", False), ("months=7", False)],
)
def test_the_calculator_answers_any_question_with_terms_that_are_offered(query, problem, reader, car):
    page = reader.get(f"{car}&step=finance&{query}")

    finance = page.context["finance"]
    assert finance.is_out_of_range is problem
    assert finance.lowest <= finance.quote.down_payment <= finance.highest
    assert finance.quote.months in finance.product.months


@pytest.mark.django_db
def test_the_month_never_stands_without_its_yearly_percentage(reader, car):
    for step in ("trim", "packs", "finance"):
        text = reader.get(f"{car}&step={step}").content.decode()
        assert text.count("a month ·") == len(re.findall(r"a month · \d+\.\d\d % a year", text)) > 0


@pytest.mark.django_db
@pytest.mark.parametrize(
    "query",
    [
        "trim=NOBODY",
        "option=PACK-NOBODY&option-exterior=%3Cscript%3E",
        "&".join(f"option=X-{number}" for number in range(200)),
        f"trim={'Z' * 10_000}&step={'Z' * 10_000}&view={'Z' * 10_000}&plan={'Z' * 10_000}&down={'9' * 5000}",
        f"option={'Z' * 10_000}&was={'Z' * 10_000}&is={'Z' * 10_000}&vs={'Z' * 10_000}",
        "was=%00&vs=%27%22%3E%3Cimg",
        "months=99999999999999&down=1e9&plan=' OR 1=1 --",
    ],
)
@pytest.mark.parametrize("headers", [{}, HTMX])
def test_nonsense_gets_a_car_and_never_an_error(query, headers, reader, db):
    answer = reader.get(f"{CONFIGURE}?{query}", headers=headers)

    assert answer.status_code in {200, 400}
    assert "<script>" not in answer.content.decode().replace("<script>self", "")


@pytest.mark.django_db
def test_the_car_goes_into_the_cart_as_configured(signed_in, buyer, trim):
    answer = signed_in.post("/vehicles/jinghong/order/", {"trim": trim.code, "option-exterior": "PAINT-CINNABAR"})

    assert answer.url == "/cart/"
    (line,) = get_cart(CartRef(user_id=buyer.pk), now=timezone.now()).lines
    assert line.product_id == trim.product_id
    cart = signed_in.get("/cart/")
    assert "PAINT-CINNABAR" in cart.context["lines"][0].url


@pytest.mark.django_db
def test_ordering_an_unknown_trim_is_404_and_adds_nothing(signed_in):
    assert signed_in.post("/vehicles/jinghong/order/", {"trim": "NOBODY"}).status_code == 404
    assert signed_in.get("/cart/").context["cart"].lines == ()


@pytest.mark.django_db
def test_a_car_is_saved_under_a_name(signed_in, buyer, trim):
    query = f"trim={trim.code}&option=PAINT-CINNABAR"
    assert 'name="name"' in signed_in.get(f"/vehicles/jinghong/save/?{query}").content.decode()

    answer = signed_in.post(
        "/vehicles/jinghong/save/", {"trim": trim.code, "option": "PAINT-CINNABAR", "name": "The red one"}
    )

    assert answer.url == "/account/configurations/"
    saved = SavedConfiguration.objects.get(member=buyer)
    assert (saved.name, "PAINT-CINNABAR" in saved.configuration.option_codes) == ("The red one", True)


@pytest.mark.django_db
def test_whoever_is_signed_out_signs_in_first_and_comes_back_with_the_car(reader, trim):
    here = f"/vehicles/jinghong/save/?trim={trim.code}&option=PAINT-CINNABAR"

    for answer in (
        reader.get(here),
        reader.post("/vehicles/jinghong/save/", {"trim": trim.code, "option": "PAINT-CINNABAR"}),
    ):
        assert answer.status_code == 302
        assert parse_qs(urlsplit(answer.url).query)["next"] == [here]
    assert not SavedConfiguration.objects.exists()


@pytest.mark.django_db
def test_an_impossible_car_is_not_saved(signed_in, trim):
    answer = signed_in.post(
        "/vehicles/jinghong/save/", {"trim": trim.code, "option": "PACK-PERFORMANCE,PACK-WINTER"}, follow=True
    )

    assert "notice--bad" in answer.content.decode()
    assert not SavedConfiguration.objects.exists()


@pytest.mark.django_db
def test_two_cars_stand_side_by_side_with_what_differs(reader, trim):
    page = reader.get(f"/vehicles/compare/?a={trim.code}&b={trim.code}:PAINT-CINNABAR,PACK-AUDIO")

    differs = {row.name for row in page.context["options"] if row.is_different}
    assert differs == {"Exterior color", "Packs"}
    assert page.context["difference"].amount == 12_800
    assert not any(row.is_different for row in page.context["facts"])
    only = reader.get(f"/vehicles/compare/?a={trim.code}&b={trim.code}:PAINT-CINNABAR&only=different").content.decode()
    assert "Wheels" not in only.partition("options-compared")[2].partition("facts-compared")[0]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "query", ["", "a=NOBODY&b=NOBODY", "a=JINGHONG-EV-680", f"a={'Z' * 10_000}&b={'Z,' * 5000}", "a=%27;--&b=%3Cb%3E"]
)
def test_comparing_what_is_not_there_says_what_is_needed(query, reader, db):
    page = reader.get(f"/vehicles/compare/?{query}")

    assert page.status_code == 200
    assert "Two cars are needed" in page.content.decode()


@pytest.mark.django_db
def test_cars_of_two_series_compare_too(reader):
    page = reader.get("/vehicles/compare/?a=JINGHONG-EV-680&b=YUNZHOU-EV-600")

    assert len(page.context["sides"]) == 2
    assert any(row.is_different for row in page.context["facts"])


@pytest.mark.django_db
def test_the_product_page_of_a_car_leads_to_its_configurator(reader, trim):
    answer = reader.get(f"/products/{trim.product.slug}/", follow=True)

    assert answer.redirect_chain[-1][0] == f"{CONFIGURE}?trim={trim.code}"
