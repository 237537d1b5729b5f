"""Purchase tax and subsidies: dated rows of the law."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("financing", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="SubsidyRule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("valid", django.contrib.postgres.fields.ranges.DateRangeField(verbose_name="valid")),
                (
                    "source_zh",
                    models.CharField(
                        help_text="Title or address of the law.", max_length=300, verbose_name="source in Chinese"
                    ),
                ),
                ("source_en", models.CharField(blank=True, max_length=300, verbose_name="source in English")),
                (
                    "kind",
                    models.CharField(
                        choices=[("SCRAP", "Old car scrapped"), ("REPLACE", "Old car sold or traded in")],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                (
                    "energy",
                    models.CharField(
                        choices=[("NEV", "New energy"), ("FUEL", "Fuel")],
                        max_length=4,
                        verbose_name="energy of the new car",
                    ),
                ),
                ("share", models.DecimalField(decimal_places=4, max_digits=5, verbose_name="share of the price")),
                (
                    "cap",
                    models.DecimalField(decimal_places=2, help_text="Yuan.", max_digits=14, verbose_name="at most"),
                ),
            ],
            options={
                "verbose_name": "subsidy rule",
                "verbose_name_plural": "subsidy rules",
            },
        ),
        migrations.CreateModel(
            name="PurchaseTaxRule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("valid", django.contrib.postgres.fields.ranges.DateRangeField(verbose_name="valid")),
                (
                    "source_zh",
                    models.CharField(
                        help_text="Title or address of the law.", max_length=300, verbose_name="source in Chinese"
                    ),
                ),
                ("source_en", models.CharField(blank=True, max_length=300, verbose_name="source in English")),
                (
                    "energy",
                    models.CharField(
                        choices=[("NEV", "New energy"), ("FUEL", "Fuel")], max_length=4, verbose_name="energy"
                    ),
                ),
                (
                    "rate",
                    models.DecimalField(decimal_places=4, help_text="0.1 is 10 %.", max_digits=5, verbose_name="rate"),
                ),
                (
                    "relief_share",
                    models.DecimalField(
                        decimal_places=4,
                        default=0,
                        help_text="Share of the tax: 0.5 is half of it.",
                        max_digits=5,
                        verbose_name="relief",
                    ),
                ),
                (
                    "relief_cap",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        help_text="Yuan.",
                        max_digits=14,
                        null=True,
                        verbose_name="most relief a car",
                    ),
                ),
            ],
            options={
                "verbose_name": "purchase tax rule",
                "verbose_name_plural": "purchase tax rules",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("rate__gte", 0), ("rate__lt", 1), ("relief_share__gte", 0), ("relief_share__lte", 1)
                        ),
                        name="financing_purchase_tax_in_shares",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("relief_cap__isnull", True), ("relief_cap__gte", 0), _connector="OR"),
                        name="financing_relief_cap_not_negative",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("energy__in", ["NEV", "FUEL"])), name="financing_purchase_tax_energy"
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            (
                                models.Func(
                                    models.Func(models.F("energy"), function="hashtext"),
                                    models.Func(models.F("energy"), function="hashtext"),
                                    models.Value("[]"),
                                    function="int8range",
                                ),
                                "=",
                            ),
                            ("valid", "&&"),
                        ],
                        name="financing_one_purchase_tax_at_a_time",
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="purchasetaxrule",
            trigger=pgtrigger.compiler.Trigger(
                name="audit",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="PERFORM kernel_audit_row(TG_TABLE_NAME::text, TG_OP::text, 'id', to_jsonb(OLD), to_jsonb(NEW), ARRAY[]::text[], ARRAY[]::text[]); RETURN NULL;",
                    hash="66484ba9f55919f2249eeee3c948fb00b047b2f3",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_audit_d0b48",
                    table="financing_purchasetaxrule",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="purchasetaxrule",
            trigger=pgtrigger.compiler.Trigger(
                name="written_once",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."source_zh" IS DISTINCT FROM (NEW."source_zh") OR OLD."source_en" IS DISTINCT FROM (NEW."source_en") OR OLD."energy" IS DISTINCT FROM (NEW."energy") OR OLD."rate" IS DISTINCT FROM (NEW."rate") OR OLD."relief_share" IS DISTINCT FROM (NEW."relief_share") OR OLD."relief_cap" IS DISTINCT FROM (NEW."relief_cap"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="da8f49c48fd25b53d02a4821b27159267bbad9b4",
                    operation="UPDATE",
                    pgid="pgtrigger_written_once_d8bfc",
                    table="financing_purchasetaxrule",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="purchasetaxrule",
            trigger=pgtrigger.compiler.Trigger(
                name="never_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="9f39b49733953ebc38ddcc24f00e0af644e9ffcc",
                    operation="DELETE",
                    pgid="pgtrigger_never_deleted_24ad8",
                    table="financing_purchasetaxrule",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="subsidyrule",
            constraint=models.CheckConstraint(
                condition=models.Q(("share__gt", 0), ("share__lte", 1)), name="financing_subsidy_is_a_share"
            ),
        ),
        migrations.AddConstraint(
            model_name="subsidyrule",
            constraint=models.CheckConstraint(condition=models.Q(("cap__gt", 0)), name="financing_subsidy_has_a_cap"),
        ),
        migrations.AddConstraint(
            model_name="subsidyrule",
            constraint=models.CheckConstraint(
                condition=models.Q(("energy__in", ["NEV", "FUEL"]), ("kind__in", ["SCRAP", "REPLACE"])),
                name="financing_subsidy_kinds",
            ),
        ),
        migrations.AddConstraint(
            model_name="subsidyrule",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[
                    (
                        models.Func(
                            models.Func(models.F("kind"), function="hashtext"),
                            models.Func(models.F("kind"), function="hashtext"),
                            models.Value("[]"),
                            function="int8range",
                        ),
                        "=",
                    ),
                    (
                        models.Func(
                            models.Func(models.F("energy"), function="hashtext"),
                            models.Func(models.F("energy"), function="hashtext"),
                            models.Value("[]"),
                            function="int8range",
                        ),
                        "=",
                    ),
                    ("valid", "&&"),
                ],
                name="financing_one_subsidy_at_a_time",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="subsidyrule",
            trigger=pgtrigger.compiler.Trigger(
                name="audit",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="PERFORM kernel_audit_row(TG_TABLE_NAME::text, TG_OP::text, 'id', to_jsonb(OLD), to_jsonb(NEW), ARRAY[]::text[], ARRAY[]::text[]); RETURN NULL;",
                    hash="0c3cd598281c64544e3ff5bfb5b112d5447565af",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_audit_2a01d",
                    table="financing_subsidyrule",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="subsidyrule",
            trigger=pgtrigger.compiler.Trigger(
                name="written_once",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."source_zh" IS DISTINCT FROM (NEW."source_zh") OR OLD."source_en" IS DISTINCT FROM (NEW."source_en") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."energy" IS DISTINCT FROM (NEW."energy") OR OLD."share" IS DISTINCT FROM (NEW."share") OR OLD."cap" IS DISTINCT FROM (NEW."cap"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="ec5288bf7d131c127deef0a63533ce060cb6dd14",
                    operation="UPDATE",
                    pgid="pgtrigger_written_once_dfc6a",
                    table="financing_subsidyrule",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="subsidyrule",
            trigger=pgtrigger.compiler.Trigger(
                name="never_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="c67a6c77d6eb78bc7bedfe73c8718bd45718ae44",
                    operation="DELETE",
                    pgid="pgtrigger_never_deleted_0c664",
                    table="financing_subsidyrule",
                    when="BEFORE",
                ),
            ),
        ),
    ]
