"""Writing lenders, their products, and what the law says."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from psycopg2.extras import DateRange, DateTimeTZRange

from apps.financing.models import (
    FinanceProduct,
    FinanceRate,
    Lender,
    PurchaseTaxRule,
    SubsidyRule,
    TradeInAge,
    TradeInCondition,
    TradeInTable,
)


@transaction.atomic
def load_finance(data: Mapping[str, Any], *, now: datetime) -> int:
    """
    Write the lenders and the product versions of ``finance.json`` that are not there yet; how many versions it names.

    A version once written is history and stays. Times are ISO 8601 with an offset; an end of null is open.
    """
    lenders = {lender.code: lender for lender in Lender.objects.all()}
    for row in data["lenders"]:
        if row["code"] not in lenders:
            names = {"name_zh": row["name_zh"], "name_en": row["name_en"]}
            lenders[row["code"]] = Lender.objects.create(code=row["code"], **names)
    known = {(product.code, product.valid.lower) for product in FinanceProduct.objects.all()}
    versions = [{**product, **version} for product in data["products"] for version in product["versions"]]
    for row in versions:
        begins = datetime.fromisoformat(row["valid_from"])
        if (row["code"], begins) not in known:
            _write_version(row, lender=lenders[row["lender"]], begins=begins)
    return len(versions)


def _write_version(row: Mapping[str, Any], *, lender: Lender, begins: datetime) -> None:
    ends = datetime.fromisoformat(row["valid_to"]) if row["valid_to"] else None
    product = FinanceProduct.objects.create(
        code=row["code"],
        name_zh=row["name_zh"],
        name_en=row["name_en"],
        lender=lender,
        repayment=row["repayment"],
        lowest_down_payment=Decimal(row["lowest_down_payment"]),
        highest_down_payment=Decimal(row["highest_down_payment"]),
        fee_rate=Decimal(row["fee_rate"]),
        balloon_share=Decimal(row["balloon_share"]),
        position=row["position"],
        valid=DateTimeTZRange(begins, ends),
        source_zh=row["source_zh"],
        source_en=row["source_en"],
    )
    FinanceRate.objects.bulk_create(
        FinanceRate(
            product=product,
            months=rate["months"],
            yearly_rate=Decimal(rate["yearly_rate"]),
            subsidy=Decimal(rate["subsidy"]),
        )
        for rate in row["rates"]
    )


@transaction.atomic
def load_car_law(data: Mapping[str, Any], *, now: datetime) -> int:
    """
    Write the rows of ``car_law.json`` that are not there yet; how many rows it names.

    A row once written is history and stays. Days are ISO dates, half-open; an end of null is open.
    """
    taxed = {(row.energy, row.valid.lower) for row in PurchaseTaxRule.objects.all()}
    PurchaseTaxRule.objects.bulk_create(
        PurchaseTaxRule(
            energy=row["energy"],
            rate=Decimal(row["rate"]),
            relief_share=Decimal(row["relief_share"]),
            relief_cap=Decimal(row["relief_cap"]) if row["relief_cap"] else None,
            **_dated(row),
        )
        for row in data["purchase_tax"]
        if (row["energy"], date.fromisoformat(row["valid_from"])) not in taxed
    )
    given = {(row.kind, row.energy, row.valid.lower) for row in SubsidyRule.objects.all()}
    SubsidyRule.objects.bulk_create(
        SubsidyRule(
            kind=row["kind"],
            energy=row["energy"],
            share=Decimal(row["share"]),
            cap=Decimal(row["cap"]),
            **_dated(row),
        )
        for row in data["subsidies"]
        if (row["kind"], row["energy"], date.fromisoformat(row["valid_from"])) not in given
    )
    return len(data["purchase_tax"]) + len(data["subsidies"])


def _dated(row: Mapping[str, Any]) -> dict[str, Any]:
    ends = date.fromisoformat(row["valid_to"]) if row["valid_to"] else None
    return {
        "valid": DateRange(date.fromisoformat(row["valid_from"]), ends),
        "source_zh": row["source_zh"],
        "source_en": row["source_en"],
    }


@transaction.atomic
def load_trade_in_tables(data: Mapping[str, Any], *, now: datetime) -> int:
    """Write the tables of ``trade_ins.json`` that are not there yet; how many it names. A table once written stays."""
    known = {table.valid.lower for table in TradeInTable.objects.all()}
    for row in data["tables"]:
        if date.fromisoformat(row["valid_from"]) in known:
            continue
        table = TradeInTable.objects.create(
            km_a_year=row["km_a_year"],
            share_per_1000_km=Decimal(row["share_per_1000_km"]),
            most_for_km=Decimal(row["most_for_km"]),
            offer_days=row["offer_days"],
            credit_days=row["credit_days"],
            **_dated(row),
        )
        TradeInAge.objects.bulk_create(
            TradeInAge(table=table, months=months, share=Decimal(share)) for months, share in row["ages"]
        )
        TradeInCondition.objects.bulk_create(
            TradeInCondition(table=table, condition=condition, factor=Decimal(factor))
            for condition, factor in row["conditions"].items()
        )
    return len(data["tables"])
