"""How long ahead owners are told that service is due, from a day on; and whom we told."""

from datetime import date

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.core.validators
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models
from psycopg2.extras import DateRange

SOURCE = "星驰售后服务规范：保养到期提醒"


def write(apps, schema_editor):
    """Date the rule."""
    rules = apps.get_model("aftersales", "ReminderRule")
    rules.objects.create(days=30, km=1_500, valid=DateRange(date(2024, 1, 1), None), source=SOURCE)


def remove(apps, schema_editor):
    """Take it away again."""
    apps.get_model("aftersales", "ReminderRule").objects.filter(source=SOURCE).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("aftersales", "0004_online_payment_and_warranty"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ServiceReminder",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("months", models.PositiveSmallIntegerField(verbose_name="service at months")),
                ("due_on", models.DateField(verbose_name="due on")),
                ("km", models.PositiveIntegerField(verbose_name="or at kilometres")),
                ("told_at", models.DateTimeField(verbose_name="told at")),
            ],
            options={
                "verbose_name": "service reminder",
                "verbose_name_plural": "service reminders",
            },
        ),
        migrations.CreateModel(
            name="ReminderRule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "days",
                    models.PositiveSmallIntegerField(
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(180),
                        ],
                        verbose_name="days ahead",
                    ),
                ),
                (
                    "km",
                    models.PositiveIntegerField(
                        validators=[django.core.validators.MaxValueValidator(20000)], verbose_name="kilometres ahead"
                    ),
                ),
                (
                    "valid",
                    django.contrib.postgres.fields.ranges.DateRangeField(
                        help_text="From the first day until before the last.", verbose_name="valid"
                    ),
                ),
                ("source", models.CharField(max_length=200, verbose_name="source")),
            ],
            options={
                "verbose_name": "rule of service reminders",
                "verbose_name_plural": "rules of service reminders",
                "constraints": [
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[("valid", "&&")], name="aftersales_one_reminder_rule_per_day"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("valid__isempty", False)), name="aftersales_reminder_rule_runs_for_a_day"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("days__range", (1, 180)), ("km__lte", 20000)),
                        name="aftersales_reminder_in_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("source", ""), _negated=True), name="aftersales_reminder_rule_has_a_source"
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="reminderrule",
            trigger=pgtrigger.compiler.Trigger(
                name="audit",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="PERFORM kernel_audit_row(TG_TABLE_NAME::text, TG_OP::text, 'id', to_jsonb(OLD), to_jsonb(NEW), ARRAY[]::text[], ARRAY[]::text[]); RETURN NULL;",
                    hash="b1c9395d903fe3f262711b1f2d60cc09bb615c31",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_audit_151c1",
                    table="aftersales_reminderrule",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddField(
            model_name="servicereminder",
            name="member",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="owner",
            ),
        ),
        migrations.AddField(
            model_name="servicereminder",
            name="vehicle",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="reminders",
                to="aftersales.vehicle",
                verbose_name="car",
            ),
        ),
        migrations.AddConstraint(
            model_name="servicereminder",
            constraint=models.UniqueConstraint(
                fields=("vehicle", "months"), name="aftersales_reminded_once_per_service"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="servicereminder",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';",
                    hash="2ea3e578c13a0cde1c8033369869830ae892b8d3",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_666c2",
                    table="aftersales_servicereminder",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.RunPython(write, remove),
    ]
