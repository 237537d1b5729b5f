import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, InternalError, transaction

from apps.inventory.api import StockLevel, reserve, set_on_hand
from apps.inventory.errors import StockBelowPromised, UnknownSite
from apps.inventory.models import Movement

pytestmark = pytest.mark.django_db


def test_a_count_is_an_adjusting_movement(stocked, figures, now):
    product = stocked(5)

    stock = set_on_hand(product_id=product.pk, site_code="east", on_hand=3, by=None, now=now)

    assert (stock.on_hand, stock.available) == (3, 3)
    assert list(Movement.objects.values_list("kind", "quantity").order_by("pk")) == [("RECEIVED", 5), ("ADJUSTED", -2)]


def test_the_same_count_again_writes_nothing(stocked, now):
    product = stocked(5)

    set_on_hand(product_id=product.pk, site_code="east", on_hand=5, by=None, now=now)

    assert Movement.objects.count() == 1


def test_refuses_a_count_below_what_is_promised(stocked, demand, figures, now, expires_at):
    product = stocked(5)
    reserve(cause="A", demands=[demand(product, 4)], expires_at=expires_at, by=None, now=now)

    with pytest.raises(StockBelowPromised) as refusal:
        set_on_hand(product_id=product.pk, site_code="east", on_hand=3, by=None, now=now)

    assert refusal.value.context == {"promised": 4}
    assert figures(product) == {"east": (5, 4, 0)}


def test_refuses_an_unknown_site(make_product, now):
    with pytest.raises(UnknownSite):
        set_on_hand(product_id=make_product().pk, site_code="nowhere", on_hand=3, by=None, now=now)

    assert not StockLevel.objects.exists()


def test_the_database_refuses_more_promises_than_pieces(stocked):
    product = stocked(2)

    with pytest.raises(IntegrityError), transaction.atomic():
        StockLevel.objects.filter(product=product).update(reserved=2, allocated=1)


@pytest.mark.parametrize("change", [lambda rows: rows.update(quantity=9), lambda rows: rows.delete()])
def test_the_database_keeps_movements_as_they_are(stocked, change):
    stocked(2)

    with pytest.raises(InternalError), transaction.atomic():
        change(Movement.objects.all())

    assert Movement.objects.get().quantity == 2


def test_the_command_fails_on_a_difference_and_repairs_it(stocked):
    product = stocked(2)
    StockLevel.objects.filter(product=product).update(on_hand=7)

    with pytest.raises(CommandError, match="1 figures differ"):
        call_command("check_stock")
    call_command("check_stock", "--repair")
    call_command("check_stock")

    assert StockLevel.objects.get(product=product).on_hand == 2
