"""When to remind of an approval; pictures of used cars, which a dealer's readers see of their own house only."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

from apps.kernel.api import tenancy

TABLE = "financing_tradeinphoto"
# The policy of trade-ins holds inside the subquery.
OF_OWN = "trade_in_id IN (SELECT id FROM financing_tradein)"


class Migration(migrations.Migration):
    dependencies = [
        ("financing", "0005_row_security"),
        ("kernel", "0011_row_security_of_webhook_calls"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="TradeInPhoto",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "shows",
                    models.CharField(
                        choices=[
                            ("FRONT", "Front"),
                            ("REAR", "Rear"),
                            ("LEFT", "Left side"),
                            ("RIGHT", "Right side"),
                            ("INTERIOR", "Interior"),
                            ("ODOMETER", "Kilometres on the clock"),
                            ("VIN", "VIN on the car"),
                            ("DAMAGE", "Damage"),
                        ],
                        max_length=10,
                        verbose_name="shows",
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="at")),
            ],
            options={
                "verbose_name": "picture of a used car",
                "verbose_name_plural": "pictures of used cars",
            },
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="financeapplication",
            name="audit",
        ),
        migrations.AddField(
            model_name="financeapplication",
            name="warn_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="reminder at"),
        ),
        migrations.AddIndex(
            model_name="financeapplication",
            index=models.Index(
                condition=models.Q(("warn_at__isnull", False)), fields=["warn_at"], name="financing_warning_queue"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="financeapplication",
            trigger=pgtrigger.compiler.Trigger(
                name="audit",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="PERFORM kernel_audit_row(TG_TABLE_NAME::text, TG_OP::text, 'id', to_jsonb(OLD), to_jsonb(NEW), ARRAY['applicant_name', 'identity_number', 'phone', 'monthly_income', 'signer_name']::text[], ARRAY['next_query_at', 'warn_at']::text[]); RETURN NULL;",
                    hash="3e8c0389062b0d792702dd068916ab68a579c367",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_audit_ae31b",
                    table="financing_financeapplication",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddField(
            model_name="tradeinphoto",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="by",
            ),
        ),
        migrations.AddField(
            model_name="tradeinphoto",
            name="file",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="kernel.privatefile",
                verbose_name="file",
            ),
        ),
        migrations.AddField(
            model_name="tradeinphoto",
            name="trade_in",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="photos",
                to="financing.tradein",
                verbose_name="trade-in",
            ),
        ),
        migrations.AddConstraint(
            model_name="tradeinphoto",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("shows__in", ["FRONT", "REAR", "LEFT", "RIGHT", "INTERIOR", "ODOMETER", "VIN", "DAMAGE"])
                ),
                name="financing_picture_shows_something",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="tradeinphoto",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';",
                    hash="0fce1775651bad4b1090138fd43f144f6a112bf2",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_024e2",
                    table="financing_tradeinphoto",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.RunSQL(tenancy.protect(TABLE, OF_OWN), tenancy.expose(TABLE)),
    ]
