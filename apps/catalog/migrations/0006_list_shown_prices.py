"""Listings show the price of the price lists that hold for everybody; choices of offers leave with their product."""

from importlib import import_module

from django.db import migrations

before = import_module("apps.catalog.migrations.0004_shape_listings").WRITE

CHANGES = (
    (
        "coalesce(price.amount, record.price),\n         CASE",
        "coalesce(info.shown_price, price.amount, record.price),\n         CASE",
    ),
    (
        "CASE WHEN price.list_amount",
        "CASE WHEN info.shown_price IS NOT NULL THEN info.shown_list_price WHEN price.list_amount",
    ),
    (
        "catalog_price_step(coalesce(price.amount, record.price))",
        "catalog_price_step(coalesce(info.shown_price, price.amount, record.price))",
    ),
)


def _changed(sql: str) -> str:
    for old, new in CHANGES:
        if sql.count(old) != 1:
            raise AssertionError(f"Migration 0004 reads otherwise than this one expects: {old}")
        sql = sql.replace(old, new)
    return sql


UNLIST = """
CREATE OR REPLACE FUNCTION catalog_unlist() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM catalog_listing WHERE product_id IN (SELECT product_id FROM changed);
  DELETE FROM catalog_offerchoice WHERE product_id IN (SELECT product_id FROM changed);
  RETURN NULL;
END $$;
"""
UNLIST_AS_BEFORE = UNLIST.replace(
    "  DELETE FROM catalog_offerchoice WHERE product_id IN (SELECT product_id FROM changed);\n", ""
)


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0005_supply_side"),
    ]

    operations = [
        migrations.RunSQL(_changed(before), before),
        migrations.RunSQL(UNLIST, UNLIST_AS_BEFORE),
    ]
