"""Purchase tax and subsidies: every row of the dated tables on its first and on its last day."""

import json
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from psycopg2.extras import DateRange

from apps.catalog.api import load_tax_rates
from apps.financing.api import (
    Energy,
    NoLawForTheDay,
    PurchaseTaxRule,
    SubsidyRule,
    list_subsidies,
    load_car_law,
    work_out_purchase_tax,
)
from apps.kernel.api import Money
from tests.architecture.reference_data import FILES, REFERENCE

PRICE = Money.of("339000.00")
DAY = timedelta(days=1)
LAW = json.loads((REFERENCE / "car_law.json").read_text(encoding="utf-8"))


@pytest.fixture
def law(db, now) -> int:
    """The rows of ``car_law.json`` and the value added tax, written."""
    load_tax_rates(FILES["tax"], now=now)
    return load_car_law(LAW, now=now)


def days_of(rows: list[dict]) -> list[tuple[dict, date]]:
    """The first and the last day of each row; of one without an end, a day far away."""
    pairs = []
    for row in rows:
        ends = date.fromisoformat(row["valid_to"]) - DAY if row["valid_to"] else date(2040, 12, 31)
        pairs += [(row, date.fromisoformat(row["valid_from"])), (row, ends)]
    return pairs


def label(value: object) -> str:
    return str(value) if isinstance(value, date) else f"{value.get('kind', 'TAX')}-{value['energy']}"


# What a car of 339,000 with VAT (300,000 without) owes, by the year the law speaks of; written down by hand.
DUE = {
    ("NEV", 2021): "0.00",
    ("NEV", 2022): "0.00",
    ("NEV", 2023): "0.00",
    ("NEV", 2024): "0.00",
    ("NEV", 2025): "0.00",
    ("NEV", 2026): "15000.00",
    ("NEV", 2027): "15000.00",
    ("NEV", 2028): "30000.00",
    ("NEV", 2040): "30000.00",
    ("FUEL", 2019): "30000.00",
    ("FUEL", 2040): "30000.00",
}


@pytest.mark.parametrize("row, day", days_of(LAW["purchase_tax"]), ids=label)
def test_every_row_of_the_purchase_tax_on_its_first_and_last_day(row, day, law):
    view = work_out_purchase_tax(price=PRICE, energy=Energy(row["energy"]), on=day)

    assert view.tax.taxable == Money.of("300000.00")
    assert view.tax.due == Money.of(DUE[row["energy"], day.year])
    assert (str(view.rate.normalize()), view.source) == ("0.1", row["source_zh"])


@pytest.mark.parametrize(
    ("day", "due"),
    [
        (date(2025, 12, 31), "0.00"),
        (date(2026, 1, 1), "15000.00"),
        (date(2027, 12, 31), "15000.00"),
        (date(2028, 1, 1), "30000.00"),
    ],
)
def test_a_new_energy_car_of_339_000_on_the_days_around_each_change(day, due, law):
    assert work_out_purchase_tax(price=PRICE, energy=Energy.NEV, on=day).tax.due == Money.of(due)


@pytest.mark.parametrize(
    ("price", "day", "due"),
    [
        ("452000.00", date(2025, 6, 1), "10000.00"),  # 40,000 of tax, 30,000 of it not collected
        ("452000.00", date(2026, 6, 1), "25000.00"),  # half would be 20,000, but 15,000 at most
        ("113000.00", date(2026, 6, 1), "5000.00"),  # half of 10,000
        ("452000.00", date(2023, 6, 1), "0.00"),  # without a limit until then
    ],
)
def test_relief_has_its_limit(price, day, due, law):
    assert work_out_purchase_tax(price=Money.of(price), energy=Energy.NEV, on=day).tax.due == Money.of(due)


GIVEN = {
    ("SCRAP", "NEV"): "20000.00",
    ("SCRAP", "FUEL"): "15000.00",
    ("REPLACE", "NEV"): "15000.00",
    ("REPLACE", "FUEL"): "13000.00",
}


@pytest.mark.parametrize("row, day", days_of(LAW["subsidies"]), ids=label)
def test_every_row_of_the_subsidies_on_its_first_and_last_day(row, day, law):
    found = {view.kind: view for view in list_subsidies(price=PRICE, energy=Energy(row["energy"]), on=day)}

    assert found[row["kind"]].amount == Money.of(GIVEN[row["kind"], row["energy"]])
    assert found[row["kind"]].source == row["source_zh"]


@pytest.mark.parametrize(
    ("price", "day", "amounts"),
    [
        ("100000.00", date(2025, 12, 31), ["20000.00", "15000.00"]),  # a fixed amount until then
        ("100000.00", date(2026, 1, 1), ["12000.00", "8000.00"]),  # 12 % and 8 % from then on
        ("100000.00", date(2026, 12, 31), ["12000.00", "8000.00"]),
        ("100000.00", date(2027, 1, 1), []),
        ("100000.00", date(2024, 4, 23), []),
        ("100000.00", date(2024, 4, 24), ["20000.00"]),
    ],
)
def test_subsidies_around_each_change(price, day, amounts, law):
    found = list_subsidies(price=Money.of(price), energy=Energy.NEV, on=day)

    assert [view.amount for view in found] == [Money.of(amount) for amount in amounts]


@pytest.mark.parametrize(("energy", "day"), [(Energy.NEV, date(2020, 12, 31)), (Energy.FUEL, date(2019, 6, 30))])
def test_refuses_a_day_the_tables_do_not_know(energy, day, law):
    with pytest.raises(NoLawForTheDay):
        work_out_purchase_tax(price=PRICE, energy=energy, on=day)


@pytest.mark.parametrize("row", [*LAW["purchase_tax"], *LAW["subsidies"]], ids=label)
def test_every_row_says_where_its_figures_were_seen(row):
    assert row["seen_at"]
    assert all(address.startswith(("https://", "http://")) for address in row["seen_at"])


def test_loading_twice_writes_once(law, now):
    before = PurchaseTaxRule.objects.count(), SubsidyRule.objects.count()

    assert load_car_law(LAW, now=now) == law == sum(before)
    assert (PurchaseTaxRule.objects.count(), SubsidyRule.objects.count()) == before


@pytest.mark.parametrize("model", [PurchaseTaxRule, SubsidyRule])
def test_two_rows_never_hold_on_one_day(model, law):
    rule = model.objects.filter(valid__contains=date(2026, 6, 1)).first()
    rule.pk, rule._state.adding = None, True
    rule.valid = DateRange(date(2026, 3, 1), date(2026, 3, 2))

    with pytest.raises(IntegrityError, match="at_a_time"), transaction.atomic():
        rule.save()


@pytest.mark.parametrize(
    ("model", "change"), [(PurchaseTaxRule, {"relief_share": 1}), (SubsidyRule, {"cap": 1})], ids=["tax", "subsidy"]
)
def test_the_law_is_written_once(model, change, law):
    with pytest.raises(DatabaseError), transaction.atomic():
        model.objects.update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        model.objects.all().delete()
