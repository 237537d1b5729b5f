"""Wish lists and saved configurations."""

from datetime import timedelta
from decimal import Decimal

import pytest

from apps.catalog.api import ProductNotFound, UnknownConfiguration, configure, set_offer_price
from apps.kernel.api import Money
from apps.membership import api
from tests.factories.catalog import make_part, make_trim

pytestmark = pytest.mark.django_db


def test_a_wish_is_there_once(member, part, now):
    first = api.add_wish(member=member, product_id=part.pk, now=now)
    again = api.add_wish(member=member, product_id=part.pk, now=now)

    assert first == again
    assert api.list_wished_ids(member) == [part.pk]


def test_the_newest_wish_comes_first(member, now):
    parts = [make_part() for _ in range(3)]
    for minutes, part in enumerate(parts):
        api.add_wish(member=member, product_id=part.pk, now=now + timedelta(minutes=minutes))

    assert api.list_wished_ids(member) == [part.pk for part in reversed(parts)]


def test_a_configured_car_is_a_wish_of_its_own(member, now):
    trim = make_trim()
    configuration = configure(product_id=trim.product_id, option_codes=["PAINT-RED"], by=member, now=now)

    api.add_wish(member=member, product_id=trim.product_id, now=now)
    api.add_wish(member=member, product_id=trim.product_id, configuration_id=configuration.pk, now=now)

    assert {wish.configuration_id for wish in api.list_wishes(member)} == {None, configuration.pk}
    api.remove_wish(member=member, product_id=trim.product_id, configuration_id=configuration.pk)
    assert [wish.configuration_id for wish in api.list_wishes(member)] == [None]


@pytest.mark.parametrize("product_id", [0, -5, 2**70, 999_999_999])
def test_refuses_what_is_not_in_the_shop(product_id, member, now):
    with pytest.raises(ProductNotFound):
        api.add_wish(member=member, product_id=product_id, now=now)
    assert api.list_wishes(member) == []


def test_refuses_the_configuration_of_another_car(member, part, now):
    trim = make_trim()
    configuration = configure(product_id=trim.product_id, option_codes=[], by=member, now=now)
    with pytest.raises(UnknownConfiguration):
        api.add_wish(member=member, product_id=part.pk, configuration_id=configuration.pk, now=now)
    with pytest.raises(UnknownConfiguration):
        api.add_wish(member=member, product_id=part.pk, configuration_id="no uuid", now=now)


def test_removing_what_is_not_there_changes_nothing(member, part, now):
    api.add_wish(member=member, product_id=part.pk, now=now)
    api.remove_wish(member=member, product_id=part.pk, configuration_id="no uuid")
    api.remove_wish(member=member, product_id=2**70)
    assert api.list_wished_ids(member) == [part.pk]


def test_a_guests_wishes_come_along_once(member, part, now):
    new, gone = make_part(), make_part(is_public=False)
    api.add_wish(member=member, product_id=part.pk, now=now)

    assert api.merge_wishes(member=member, product_ids=[part.pk, new.pk, gone.pk, 2**70, -1], now=now) == 1
    assert api.merge_wishes(member=member, product_ids=[part.pk, new.pk], now=now) == 0
    assert set(api.list_wished_ids(member)) == {part.pk, new.pk}


def test_a_list_has_an_end(member, part, now, monkeypatch):
    from apps.membership.services import wishes

    monkeypatch.setattr(wishes, "MOST_WISHES", 2)
    for _ in range(2):
        api.add_wish(member=member, product_id=make_part().pk, now=now)
    with pytest.raises(api.WishListFull):
        api.add_wish(member=member, product_id=part.pk, now=now)
    assert api.merge_wishes(member=member, product_ids=[part.pk], now=now) == 0


def test_the_same_car_is_saved_once_and_renamed(member, now):
    trim = make_trim()
    for name in ("周末车", "家用车"):
        configuration = configure(product_id=trim.product_id, option_codes=["PAINT-RED"], by=member, now=now)
        api.save_configuration(member=member, configuration_id=configuration.pk, name=name, now=now)

    (saved,) = api.list_saved_configurations(member, at=now)
    assert saved.name == "家用车"
    assert "PAINT-RED" in saved.codes


def test_a_saved_car_is_called_after_its_trim_without_a_name(member, now):
    trim = make_trim()
    configuration = configure(product_id=trim.product_id, option_codes=[], by=member, now=now)
    saved = api.save_configuration(member=member, configuration_id=str(configuration.pk), now=now)
    assert saved.name == f"{trim.model.name} {trim.name}"[:60]


def test_a_saved_car_costs_what_it_costs_now(member, now):
    trim = make_trim(price="169900.00")
    configuration = configure(product_id=trim.product_id, option_codes=[], by=member, now=now)
    api.save_configuration(member=member, configuration_id=configuration.pk, now=now)
    offer = trim.product.offers.get()
    later = now + timedelta(days=1)
    set_offer_price(offer_id=offer.pk, amount=Money(Decimal("159900.00")), by=None, now=later)

    (saved,) = api.list_saved_configurations(member, at=later + timedelta(minutes=1))

    assert saved.price == Money(Decimal("159900.00"))
    assert saved.price_then == Money(Decimal("169900.00"))


def test_a_car_nobody_sells_any_more_says_so(member, now):
    trim = make_trim()
    configuration = configure(product_id=trim.product_id, option_codes=[], by=member, now=now)
    api.save_configuration(member=member, configuration_id=configuration.pk, now=now)
    trim.product.is_public = False
    trim.product.save()

    (saved,) = api.list_saved_configurations(member, at=now)

    assert saved.price is None
    assert saved.problem


def test_anothers_configuration_reads_like_none(member, other, now):
    configuration = configure(product_id=make_trim().product_id, option_codes=[], by=member, now=now)
    saved = api.save_configuration(member=other, configuration_id=configuration.pk, now=now)
    with pytest.raises(api.SavedConfigurationNotFound):
        api.forget_configuration(saved_id=saved.pk, member=member)
    with pytest.raises(api.SavedConfigurationNotFound):
        api.rename_configuration(saved_id=saved.pk, name="x", member=member, now=now)
    assert api.list_saved_configurations(member, at=now) == []


def test_saved_cars_are_listed_with_as_many_questions_for_five_as_for_one(member, now, django_assert_max_num_queries):
    for _ in range(5):
        configuration = configure(product_id=make_trim().product_id, option_codes=[], by=member, now=now)
        api.save_configuration(member=member, configuration_id=configuration.pk, now=now)
    with django_assert_max_num_queries(8):
        assert len(api.list_saved_configurations(member, at=now)) == 5
