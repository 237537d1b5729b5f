"""Quoting lines."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from psycopg2.extras import DateRange

from apps.catalog.api import (
    Configuration,
    ImpossibleConfiguration,
    InvalidQuantity,
    LineRequest,
    NotForSale,
    PartDoesNotFit,
    ProductKind,
    ProductNotFound,
    TaxRate,
    UnknownConfiguration,
    UnknownVehicle,
    configure,
    quote_lines,
    set_offer_price,
    try_quote_lines,
)
from apps.kernel.api import Money
from apps.suppliers.api import suspend_supplier
from tests.factories.catalog import (
    make_fitment,
    make_headquarters,
    make_model,
    make_offer,
    make_package,
    make_part,
    make_product,
    make_rule,
    make_trim,
)
from tests.factories.dealers import make_supplier

pytestmark = pytest.mark.django_db


def quote_one(product, now, quantity=1, **request):
    return quote_lines([LineRequest(product.pk, quantity, **request)], at=now)[0]


def test_a_part_is_quoted_with_price_tax_seller_and_site(now):
    supplier = make_supplier(score=Decimal(90))
    part = make_part(
        price="120.00", organization=supplier.organization, site_code="WH-1", sku="OIL-1", list_price="150.00"
    )

    quote = quote_one(part, now, quantity=3)

    assert quote.unit_price == Money.of("120.00")
    assert quote.list_price == Money.of("150.00")
    assert quote.total == Money.of("360.00")
    assert quote.tax_rate == Decimal("0.13")
    assert (quote.kind, quote.sku, quote.site_code) == (ProductKind.PART, "OIL-1", "WH-1")
    assert quote.seller_organization_id == supplier.organization_id
    assert quote.needs_stock
    assert quote.brand_code == "XINGCHI"


def test_a_package_needs_no_stock(now):
    quote = quote_one(make_package(price="1999.00"), now)

    assert not quote.needs_stock
    assert quote.total == Money.of("1999.00")


def test_tax_follows_the_class_of_the_product_and_the_day_in_china(now):
    service = make_part(kind=ProductKind.SERVICE)
    TaxRate.objects.filter(tax_class="SERVICES").update(valid=DateRange(date(2019, 4, 1), date(2026, 7, 1)))
    TaxRate.objects.create(
        tax_class="SERVICES", rate=Decimal("0.05"), valid=DateRange(date(2026, 7, 1)), source_zh="法"
    )
    midnight = datetime(2026, 7, 1, tzinfo=ZoneInfo("Asia/Shanghai"))

    assert quote_one(service, midnight - timedelta(seconds=1)).tax_rate == Decimal("0.06")
    assert quote_one(service, midnight).tax_rate == Decimal("0.05")


def test_a_car_without_configuration_has_the_defaults_of_its_trim(now):
    trim = make_trim(price="169900.00")

    quote = quote_one(trim.product, now)

    assert quote.unit_price == Money.of("169900.00")
    assert quote.option_codes == ("PAINT-WHITE", "WHEEL-18")
    assert [line["name_en"] for line in quote.option_summary] == ["Paint-White", "Wheel-18"]


def test_a_configured_car_costs_its_options(now):
    trim = make_trim(price="169900.00")
    configuration = configure(product_id=trim.product_id, option_codes=["PAINT-RED", "PACK-WINTER"], by=None, now=now)

    quote = quote_one(trim.product, now, configuration_id=configuration.pk)

    assert quote.unit_price == Money.of("175500.00")
    assert quote.configuration_id == configuration.pk


def test_a_stored_configuration_is_never_sold_at_its_old_price(now):
    trim = make_trim(price="169900.00")
    configuration = configure(product_id=trim.product_id, option_codes=["PAINT-RED"], by=None, now=now)
    trim.trim_options.filter(option__code="PAINT-RED").update(price_delta=Decimal("3500.00"))
    offer = trim.product.offers.get()
    set_offer_price(offer_id=offer.pk, amount=Money.of("165900.00"), by=None, now=now)

    quote = quote_one(trim.product, now + timedelta(seconds=1), configuration_id=str(configuration.pk))

    assert quote.unit_price == Money.of("169400.00")


def test_a_stored_configuration_that_became_impossible_is_refused(now):
    trim = make_trim()
    configuration = configure(product_id=trim.product_id, option_codes=["PACK-SPORT", "PACK-TOW"], by=None, now=now)
    make_rule("EXCLUDES", "PACK-SPORT", "PACK-TOW")

    with pytest.raises(ImpossibleConfiguration) as refusal:
        quote_one(trim.product, now, configuration_id=configuration.pk)

    assert refusal.value.context["rule"]["kind"] == "excludes"


def test_refuses_the_configuration_of_another_car(now):
    mine, other = make_trim(), make_trim()
    configuration = configure(product_id=other.product_id, option_codes=[], by=None, now=now)

    for wrong in (configuration.pk, uuid4(), "no-uuid", ""):
        with pytest.raises(UnknownConfiguration):
            quote_one(mine.product, now, configuration_id=wrong)
    assert Configuration.objects.count() == 1


@pytest.mark.parametrize("quantity", [0, -1, 1000, 10**9])
def test_refuses_an_absurd_quantity(quantity, now):
    part = make_part()

    with pytest.raises(InvalidQuantity):
        quote_one(part, now, quantity=quantity)


def test_refuses_more_than_five_cars_on_a_line(now):
    trim = make_trim()

    with pytest.raises(InvalidQuantity) as refusal:
        quote_one(trim.product, now, quantity=6)

    assert refusal.value.context["maximum"] == 5


@pytest.mark.parametrize("product_id", [0, -1, 999_999, 2**63, 10**30])
def test_refuses_an_unknown_product(product_id, now, db):
    with pytest.raises(ProductNotFound):
        quote_lines([LineRequest(product_id, 1)], at=now)


def test_refuses_a_product_that_is_not_public(now):
    part = make_part(is_public=False)

    with pytest.raises(ProductNotFound):
        quote_one(part, now)


def test_refuses_what_nobody_offers(now):
    with pytest.raises(NotForSale):
        quote_one(make_product(), now)


def test_refuses_the_offer_of_a_suspended_supplier(now):
    supplier = make_supplier()
    part = make_part(organization=supplier.organization)
    suspend_supplier(organization_id=supplier.organization_id, reason="licence expired", by=None, now=now)

    with pytest.raises(NotForSale):
        quote_one(part, now)


def test_refuses_a_part_that_does_not_fit_the_car(now):
    trim, other = make_trim(), make_trim()
    part = make_part()
    make_fitment(part, trim)

    assert quote_one(part, now, vehicle_id=trim.product_id)
    with pytest.raises(PartDoesNotFit) as refusal:
        quote_one(part, now, vehicle_id=other.product_id)
    assert refusal.value.context["vehicle_id"] == other.product_id


def test_refuses_a_vehicle_that_is_no_car(now):
    part = make_part()

    for wrong in (part.pk, 0, 2**70):
        with pytest.raises(UnknownVehicle):
            quote_one(part, now, vehicle_id=wrong)


def test_of_two_offers_the_cheaper_one_in_stock_is_sold_and_the_loser_keeps_its_reason(now):
    part = make_part(price="120.00", stock=0)
    dearer = make_offer(product=part, price="125.00", stock=4)

    quote = quote_one(part, now)

    assert quote.offer_id == dearer.pk
    assert [verdict["lost_by"] for verdict in quote.offer_choice] == [None, "sold_out"]


def test_answers_each_line_when_asked_to_try(now):
    part = make_part()

    answers = try_quote_lines([LineRequest(part.pk, 1), LineRequest(999_999, 1)], at=now)

    assert answers[0].product_id == part.pk
    assert isinstance(answers[1], ProductNotFound)


def test_takes_six_queries_for_any_number_of_lines(now, django_assert_max_num_queries):
    model = make_model()
    requests = []
    for _ in range(5):
        trim = make_trim(model=model, organization=make_headquarters())
        configuration = configure(product_id=trim.product_id, option_codes=["PAINT-RED"], by=None, now=now)
        part = make_part()
        make_fitment(part, trim)
        requests.append(LineRequest(trim.product_id, 1, configuration_id=configuration.pk))
        requests.append(LineRequest(part.pk, 2, vehicle_id=trim.product_id))

    for lines in (requests[:2], requests):
        with django_assert_max_num_queries(6):
            assert len(quote_lines(lines, at=now)) == len(lines)
