"""Lenders, dated finance products and their rates."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import django.db.models.expressions
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    # The audit triggers call the kernel's function.
    dependencies = [("kernel", "0002_audit_trail_functions")]

    operations = [
        migrations.CreateModel(
            name="Lender",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.SlugField(max_length=40, verbose_name="code")),
                ("name_zh", models.CharField(max_length=120, verbose_name="name in Chinese")),
                ("name_en", models.CharField(max_length=120, verbose_name="name in English")),
            ],
            options={
                "verbose_name": "lender",
                "verbose_name_plural": "lenders",
                "constraints": [models.UniqueConstraint(fields=("code",), name="financing_one_lender_per_code")],
            },
        ),
        migrations.CreateModel(
            name="FinanceProduct",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.SlugField(max_length=40, verbose_name="code")),
                ("name_zh", models.CharField(max_length=120, verbose_name="name in Chinese")),
                ("name_en", models.CharField(max_length=120, verbose_name="name in English")),
                (
                    "repayment",
                    models.CharField(
                        choices=[
                            ("EQUAL_INSTALMENT", "Equal instalments"),
                            ("EQUAL_PRINCIPAL", "Equal principal"),
                            ("BALLOON", "Low instalments with a final payment"),
                            ("FLAT", "Equal instalments at a flat rate"),
                        ],
                        max_length=16,
                        verbose_name="repayment",
                    ),
                ),
                (
                    "lowest_down_payment",
                    models.DecimalField(
                        decimal_places=4,
                        help_text="Share of the price: 0.2 is 20 %.",
                        max_digits=5,
                        verbose_name="lowest down payment",
                    ),
                ),
                (
                    "highest_down_payment",
                    models.DecimalField(decimal_places=4, max_digits=5, verbose_name="highest down payment"),
                ),
                (
                    "fee_rate",
                    models.DecimalField(
                        decimal_places=5,
                        default=0,
                        help_text="Share of the amount financed.",
                        max_digits=6,
                        verbose_name="fee",
                    ),
                ),
                (
                    "balloon_share",
                    models.DecimalField(
                        decimal_places=4,
                        default=0,
                        help_text="Share of the price.",
                        max_digits=5,
                        verbose_name="final payment",
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="position")),
                ("valid", django.contrib.postgres.fields.ranges.DateTimeRangeField(verbose_name="valid")),
                (
                    "source_zh",
                    models.CharField(
                        help_text="Title or address of the terms.", max_length=300, verbose_name="source in Chinese"
                    ),
                ),
                ("source_en", models.CharField(blank=True, max_length=300, verbose_name="source in English")),
                (
                    "lender",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="products",
                        to="financing.lender",
                        verbose_name="lender",
                    ),
                ),
            ],
            options={
                "verbose_name": "finance product",
                "verbose_name_plural": "finance products",
            },
        ),
        migrations.CreateModel(
            name="FinanceRate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("months", models.PositiveSmallIntegerField(verbose_name="months")),
                (
                    "yearly_rate",
                    models.DecimalField(
                        decimal_places=5, help_text="0.0399 is 3.99 % a year.", max_digits=6, verbose_name="yearly rate"
                    ),
                ),
                ("subsidy", models.DecimalField(decimal_places=5, default=0, max_digits=6, verbose_name="subsidy")),
                (
                    "product",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rates",
                        to="financing.financeproduct",
                        verbose_name="product",
                    ),
                ),
            ],
            options={
                "verbose_name": "finance rate",
                "verbose_name_plural": "finance rates",
                "constraints": [
                    models.UniqueConstraint(fields=("product", "months"), name="financing_one_rate_per_term"),
                    models.CheckConstraint(
                        condition=models.Q(("months__range", (1, 60))), name="financing_at_most_five_years"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("yearly_rate__gte", 0),
                            ("yearly_rate__lt", 1),
                            ("subsidy__gte", 0),
                            ("subsidy__lte", models.F("yearly_rate")),
                        ),
                        name="financing_rate_less_subsidy_is_a_rate",
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="financerate",
            trigger=pgtrigger.compiler.Trigger(
                name="audit",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="PERFORM kernel_audit_row(TG_TABLE_NAME::text, TG_OP::text, 'id', to_jsonb(OLD), to_jsonb(NEW), ARRAY[]::text[], ARRAY[]::text[]); RETURN NULL;",
                    hash="85961f11f8f7747cf5cfc6beaffb03c2f64e6378",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_audit_b528d",
                    table="financing_financerate",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="financerate",
            trigger=pgtrigger.compiler.Trigger(
                name="written_once",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="cb262bdc68d87c5cf26b0b44df7a793d5e0b45c1",
                    operation="UPDATE",
                    pgid="pgtrigger_written_once_b402e",
                    table="financing_financerate",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="financerate",
            trigger=pgtrigger.compiler.Trigger(
                name="never_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="084fd02f6f2f2a0144d79293c4e07cabacb6fb5d",
                    operation="DELETE",
                    pgid="pgtrigger_never_deleted_d81ad",
                    table="financing_financerate",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="financeproduct",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("lowest_down_payment__gte", 0),
                    ("highest_down_payment__lt", 1),
                    ("lowest_down_payment__lte", models.F("highest_down_payment")),
                ),
                name="financing_down_payment_is_a_range",
            ),
        ),
        migrations.AddConstraint(
            model_name="financeproduct",
            constraint=models.CheckConstraint(
                condition=models.Q(("fee_rate__range", (0, 0.2)), ("balloon_share__gte", 0), ("balloon_share__lt", 1)),
                name="financing_fee_and_balloon_are_shares",
            ),
        ),
        migrations.AddConstraint(
            model_name="financeproduct",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "balloon_share__lte",
                        django.db.models.expressions.CombinedExpression(
                            models.Value(1), "-", models.F("highest_down_payment")
                        ),
                    )
                ),
                name="financing_balloon_within_the_loan",
            ),
        ),
        migrations.AddConstraint(
            model_name="financeproduct",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[
                    (
                        models.Func(
                            models.Func(models.F("code"), function="hashtext"),
                            models.Func(models.F("code"), function="hashtext"),
                            models.Value("[]"),
                            function="int8range",
                        ),
                        "=",
                    ),
                    ("valid", "&&"),
                ],
                name="financing_one_version_at_a_time",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="financeproduct",
            trigger=pgtrigger.compiler.Trigger(
                name="audit",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="PERFORM kernel_audit_row(TG_TABLE_NAME::text, TG_OP::text, 'id', to_jsonb(OLD), to_jsonb(NEW), ARRAY[]::text[], ARRAY[]::text[]); RETURN NULL;",
                    hash="df6dac4f18e0bab201092103643dcf7b9016239b",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_audit_70174",
                    table="financing_financeproduct",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="financeproduct",
            trigger=pgtrigger.compiler.Trigger(
                name="written_once",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."code" IS DISTINCT FROM (NEW."code") OR OLD."name_zh" IS DISTINCT FROM (NEW."name_zh") OR OLD."name_en" IS DISTINCT FROM (NEW."name_en") OR OLD."lender_id" IS DISTINCT FROM (NEW."lender_id") OR OLD."repayment" IS DISTINCT FROM (NEW."repayment") OR OLD."lowest_down_payment" IS DISTINCT FROM (NEW."lowest_down_payment") OR OLD."highest_down_payment" IS DISTINCT FROM (NEW."highest_down_payment") OR OLD."fee_rate" IS DISTINCT FROM (NEW."fee_rate") OR OLD."balloon_share" IS DISTINCT FROM (NEW."balloon_share") OR OLD."position" IS DISTINCT FROM (NEW."position") OR OLD."source_zh" IS DISTINCT FROM (NEW."source_zh") OR OLD."source_en" IS DISTINCT FROM (NEW."source_en"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="258fd2cd08928891eca9f0d0c46ba5dde629c51a",
                    operation="UPDATE",
                    pgid="pgtrigger_written_once_23149",
                    table="financing_financeproduct",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="financeproduct",
            trigger=pgtrigger.compiler.Trigger(
                name="never_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="01010efc69fbe76b61f54cda7e8223f1fb10fc54",
                    operation="DELETE",
                    pgid="pgtrigger_never_deleted_814bd",
                    table="financing_financeproduct",
                    when="BEFORE",
                ),
            ),
        ),
    ]
