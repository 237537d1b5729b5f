"""Cars taken in part exchange, and the dated tables by which they are valued."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0005_invitations_keys_impersonation"),
        ("dealers", "0005_concessions"),
        ("financing", "0003_applications"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="TradeInTable",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("valid", django.contrib.postgres.fields.ranges.DateRangeField(verbose_name="valid")),
                ("km_a_year", models.PositiveIntegerField(verbose_name="kilometres a year")),
                (
                    "share_per_1000_km",
                    models.DecimalField(decimal_places=5, max_digits=6, verbose_name="share for 1,000 km"),
                ),
                (
                    "most_for_km",
                    models.DecimalField(decimal_places=4, max_digits=5, verbose_name="at most for kilometres"),
                ),
                ("offer_days", models.PositiveSmallIntegerField(verbose_name="days an offer holds")),
                ("credit_days", models.PositiveSmallIntegerField(verbose_name="days an inspection holds")),
                ("source_zh", models.CharField(max_length=300, verbose_name="source in Chinese")),
                ("source_en", models.CharField(max_length=300, verbose_name="source in English")),
            ],
            options={
                "verbose_name": "trade-in table",
                "verbose_name_plural": "trade-in tables",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("most_for_km__gte", 0),
                            ("most_for_km__lt", 1),
                            ("share_per_1000_km__gte", 0),
                            ("share_per_1000_km__lt", 1),
                        ),
                        name="financing_trade_in_kilometres_in_shares",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("credit_days__gt", 0), ("offer_days__gt", 0)),
                        name="financing_trade_in_offers_hold",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[("valid", "&&")], name="financing_one_trade_in_table_at_a_time"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TradeInCondition",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "condition",
                    models.CharField(
                        choices=[
                            ("EXCELLENT", "Excellent: as new, full service record"),
                            ("GOOD", "Good: small traces of use"),
                            ("FAIR", "Fair: scratches or dents, all works"),
                            ("POOR", "Poor: damage or faults to repair"),
                        ],
                        max_length=10,
                        verbose_name="condition",
                    ),
                ),
                ("factor", models.DecimalField(decimal_places=4, max_digits=5, verbose_name="factor")),
                (
                    "table",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="conditions",
                        to="financing.tradeintable",
                        verbose_name="trade-in table",
                    ),
                ),
            ],
            options={
                "verbose_name": "value by condition",
                "verbose_name_plural": "values by condition",
            },
        ),
        migrations.CreateModel(
            name="TradeInAge",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("months", models.PositiveSmallIntegerField(verbose_name="months")),
                (
                    "share",
                    models.DecimalField(decimal_places=4, max_digits=5, verbose_name="share of the price as new"),
                ),
                (
                    "table",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="ages",
                        to="financing.tradeintable",
                        verbose_name="trade-in table",
                    ),
                ),
            ],
            options={
                "verbose_name": "value by age",
                "verbose_name_plural": "values by age",
            },
        ),
        migrations.CreateModel(
            name="TradeIn",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=32, unique=True, verbose_name="number")),
                ("car", models.CharField(max_length=120, verbose_name="car")),
                ("vin", models.CharField(max_length=17, verbose_name="VIN")),
                ("first_registered", models.DateField(verbose_name="first registered")),
                ("mileage_km", models.PositiveIntegerField(verbose_name="mileage in km")),
                (
                    "condition",
                    models.CharField(
                        choices=[
                            ("EXCELLENT", "Excellent: as new, full service record"),
                            ("GOOD", "Good: small traces of use"),
                            ("FAIR", "Fair: scratches or dents, all works"),
                            ("POOR", "Poor: damage or faults to repair"),
                        ],
                        max_length=10,
                        verbose_name="condition",
                    ),
                ),
                ("price_as_new", models.DecimalField(decimal_places=2, max_digits=14, verbose_name="price as new")),
                ("currency", models.CharField(default="CNY", max_length=3, verbose_name="currency")),
                ("offered", models.DecimalField(decimal_places=2, max_digits=14, verbose_name="offered")),
                ("offered_at", models.DateTimeField(verbose_name="offered at")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("OFFERED", "Offered"),
                            ("ACCEPTED", "Waiting for inspection"),
                            ("INSPECTED", "Inspected"),
                            ("CREDITED", "Credited"),
                            ("DECLINED", "Declined by the store"),
                            ("WITHDRAWN", "Withdrawn"),
                            ("EXPIRED", "Expired"),
                        ],
                        default="OFFERED",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                ("expires_at", models.DateTimeField(blank=True, null=True, verbose_name="expires at")),
                (
                    "inspected_mileage_km",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="mileage found in km"),
                ),
                (
                    "inspected_condition",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("EXCELLENT", "Excellent: as new, full service record"),
                            ("GOOD", "Good: small traces of use"),
                            ("FAIR", "Fair: scratches or dents, all works"),
                            ("POOR", "Poor: damage or faults to repair"),
                        ],
                        default="",
                        max_length=10,
                        verbose_name="condition found",
                    ),
                ),
                (
                    "deduction",
                    models.DecimalField(
                        decimal_places=2, default=0, max_digits=14, verbose_name="deduction for repairs"
                    ),
                ),
                ("note", models.CharField(blank=True, default="", max_length=500, verbose_name="the store's words")),
                (
                    "value",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=14, null=True, verbose_name="the store's figure"
                    ),
                ),
                ("inspected_at", models.DateTimeField(blank=True, null=True, verbose_name="inspected at")),
                ("order_number", models.CharField(blank=True, default="", max_length=64, verbose_name="order number")),
                ("credited_at", models.DateTimeField(blank=True, null=True, verbose_name="credited at")),
                (
                    "payment_number",
                    models.CharField(blank=True, default="", max_length=32, verbose_name="payment number"),
                ),
                (
                    "inspected_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="inspected by",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.organization",
                        verbose_name="dealer",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="trade_ins",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="owner",
                    ),
                ),
                (
                    "store",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="dealers.store",
                        verbose_name="store",
                    ),
                ),
                (
                    "table",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="financing.tradeintable",
                        verbose_name="trade-in table",
                    ),
                ),
            ],
            options={
                "verbose_name": "trade-in",
                "verbose_name_plural": "trade-ins",
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="tradeintable",
            trigger=pgtrigger.compiler.Trigger(
                name="audit",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="PERFORM kernel_audit_row(TG_TABLE_NAME::text, TG_OP::text, 'id', to_jsonb(OLD), to_jsonb(NEW), ARRAY[]::text[], ARRAY[]::text[]); RETURN NULL;",
                    hash="cc945b89eb1339201c9706fd74b259dec214e881",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_audit_64f3b",
                    table="financing_tradeintable",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="tradeintable",
            trigger=pgtrigger.compiler.Trigger(
                name="written_once",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."km_a_year" IS DISTINCT FROM (NEW."km_a_year") OR OLD."share_per_1000_km" IS DISTINCT FROM (NEW."share_per_1000_km") OR OLD."most_for_km" IS DISTINCT FROM (NEW."most_for_km") OR OLD."offer_days" IS DISTINCT FROM (NEW."offer_days") OR OLD."credit_days" IS DISTINCT FROM (NEW."credit_days") OR OLD."source_zh" IS DISTINCT FROM (NEW."source_zh") OR OLD."source_en" IS DISTINCT FROM (NEW."source_en"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="fe9b24a264ae66d3dc83cf004e975da1b025e3bd",
                    operation="UPDATE",
                    pgid="pgtrigger_written_once_a3ab3",
                    table="financing_tradeintable",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="tradeintable",
            trigger=pgtrigger.compiler.Trigger(
                name="never_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="34fad91ca8fc222a76a347cfd51598c62a23c147",
                    operation="DELETE",
                    pgid="pgtrigger_never_deleted_1df02",
                    table="financing_tradeintable",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="tradeincondition",
            constraint=models.UniqueConstraint(
                fields=("table", "condition"), name="financing_one_factor_per_condition"
            ),
        ),
        migrations.AddConstraint(
            model_name="tradeincondition",
            constraint=models.CheckConstraint(
                condition=models.Q(("factor__gt", 0), ("factor__lte", 1.2)), name="financing_factor_is_sensible"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="tradeincondition",
            trigger=pgtrigger.compiler.Trigger(
                name="written_once",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="b71cfb3d328df912a9153e4cab9ab3fb9f4ee784",
                    operation="UPDATE",
                    pgid="pgtrigger_written_once_29ea5",
                    table="financing_tradeincondition",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="tradeinage",
            constraint=models.UniqueConstraint(fields=("table", "months"), name="financing_one_value_per_age"),
        ),
        migrations.AddConstraint(
            model_name="tradeinage",
            constraint=models.CheckConstraint(
                condition=models.Q(("share__gte", 0), ("share__lte", 1)), name="financing_value_by_age_is_a_share"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="tradeinage",
            trigger=pgtrigger.compiler.Trigger(
                name="written_once",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="f889235c1ef85eef1455fb887c56b45a773ad2cc",
                    operation="UPDATE",
                    pgid="pgtrigger_written_once_ff43b",
                    table="financing_tradeinage",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="tradein",
            index=models.Index(
                condition=models.Q(("expires_at__isnull", False)),
                fields=["expires_at"],
                name="financing_trade_in_clock",
            ),
        ),
        migrations.AddIndex(
            model_name="tradein",
            index=models.Index(fields=["organization", "status"], name="financing_trade_in_of_dealer"),
        ),
        migrations.AddConstraint(
            model_name="tradein",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status__in", ("OFFERED", "ACCEPTED", "INSPECTED", "CREDITED"))),
                fields=("vin",),
                name="financing_one_live_trade_in_per_car",
            ),
        ),
        migrations.AddConstraint(
            model_name="tradein",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("status__in", ["OFFERED", "ACCEPTED", "INSPECTED", "CREDITED", "DECLINED", "WITHDRAWN", "EXPIRED"])
                ),
                name="financing_trade_in_status",
            ),
        ),
        migrations.AddConstraint(
            model_name="tradein",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("offered__gt", 0),
                    models.Q(("value__isnull", True), ("value__gte", 0), _connector="OR"),
                    ("deduction__gte", 0),
                ),
                name="financing_trade_in_amounts",
            ),
        ),
        migrations.AddConstraint(
            model_name="tradein",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("status__in", ["OFFERED", "WITHDRAWN", "EXPIRED"]),
                    models.Q(("organization__isnull", False), ("store__isnull", False)),
                    _connector="OR",
                ),
                name="financing_accepted_trade_in_has_a_store",
            ),
        ),
        migrations.AddConstraint(
            model_name="tradein",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status__in", ["INSPECTED", "CREDITED"]), _negated=True),
                    ("value__isnull", False),
                    _connector="OR",
                ),
                name="financing_inspected_trade_in_has_a_value",
            ),
        ),
        migrations.AddConstraint(
            model_name="tradein",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "CREDITED"), _negated=True),
                    models.Q(
                        ("credited_at__isnull", False),
                        models.Q(("payment_number", ""), _negated=True),
                        models.Q(("order_number", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="financing_credited_trade_in_has_a_payment",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="tradein",
            trigger=pgtrigger.compiler.Trigger(
                name="audit",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="PERFORM kernel_audit_row(TG_TABLE_NAME::text, TG_OP::text, 'id', to_jsonb(OLD), to_jsonb(NEW), ARRAY[]::text[], ARRAY[]::text[]); RETURN NULL;",
                    hash="3e11b17d8a530d8267c51a001a3468e86b9df646",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_audit_333b9",
                    table="financing_tradein",
                    when="AFTER",
                ),
            ),
        ),
    ]
