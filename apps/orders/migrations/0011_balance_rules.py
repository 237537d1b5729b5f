"""How long a called balance may stay unpaid; what is open today counts from today."""

from datetime import UTC, datetime

import django.contrib.postgres.constraints
from django.conf import settings
from django.db import migrations, models

import apps.orders.models.terms

SINCE = datetime(2024, 1, 1, tzinfo=UTC)
DAYS, REMIND_DAYS = 14, 3
# The goods are there: what is still on the road is dated when it arrives.
DATE_OPEN = f"""
UPDATE orders_customerorder AS o
    SET balance_due_at = now() + interval '{DAYS} days', balance_remind_at = now() + interval '{DAYS - REMIND_DAYS} days'
    WHERE o.status = 'AWAITING_BALANCE' AND EXISTS (
        SELECT FROM orders_fulfilment AS f
            WHERE f.order_id = o.order_id AND f.status IN ('PICKED', 'ARRIVED', 'PDI_PASSED', 'READY')
    );
"""


def write_rule(apps, schema_editor):
    """Write the rule the shop begins with; later ones are added in the admin with their own dates."""
    apps.get_model("orders", "BalanceRule").objects.create(
        days=DAYS,
        remind_days=REMIND_DAYS,
        valid_from=SINCE,
        source="Shop's terms of refundable prepayments (订金), version 1",
    )


def forget_rule(apps, schema_editor):
    """Take the rule away."""
    apps.get_model("orders", "BalanceRule").objects.filter(valid_from=SINCE).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("basket", "0012_line_code"),
        ("dealers", "0005_concessions"),
        ("order", "0021_billingaddress_code_shippingaddress_code"),
        ("orders", "0010_handover_row_security"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="BalanceRule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("valid_from", models.DateTimeField(verbose_name="valid from")),
                ("valid_until", models.DateTimeField(blank=True, null=True, verbose_name="valid until")),
                (
                    "source",
                    models.CharField(
                        help_text="Title or URL of the decision or law.", max_length=200, verbose_name="source"
                    ),
                ),
                (
                    "days",
                    models.PositiveSmallIntegerField(
                        help_text="Counted from the day the goods are there. Then the order is released and the prepayment goes back.",
                        verbose_name="days to pay the balance",
                    ),
                ),
                ("remind_days", models.PositiveSmallIntegerField(verbose_name="reminded so many days before")),
            ],
            options={
                "verbose_name": "balance rule",
                "verbose_name_plural": "balance rules",
            },
        ),
        migrations.AddField(
            model_name="customerorder",
            name="balance_due_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="balance due at"),
        ),
        migrations.AddField(
            model_name="customerorder",
            name="balance_remind_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="remind of the balance at"),
        ),
        migrations.AddIndex(
            model_name="customerorder",
            index=models.Index(
                condition=models.Q(("status", "AWAITING_BALANCE")),
                fields=["balance_due_at"],
                name="orders_order_balance",
            ),
        ),
        migrations.AddConstraint(
            model_name="balancerule",
            constraint=models.CheckConstraint(
                condition=models.Q(("days__gte", 1), ("remind_days__lt", models.F("days"))),
                name="orders_balance_in_range",
            ),
        ),
        migrations.AddConstraint(
            model_name="balancerule",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[(apps.orders.models.terms.Validity("valid_from", "valid_until"), "&&")],
                name="orders_balance_row_never_two_at_once",
            ),
        ),
        migrations.RunPython(write_rule, forget_rule),
        migrations.RunSQL(DATE_OPEN, migrations.RunSQL.noop),
    ]
