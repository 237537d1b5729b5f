"""When to remind somebody that an offer for a used car soon runs out; offers that run on get a reminder as well."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

# Three days before; with less time left than that the next sweep reminds.
FILL = """
UPDATE financing_tradein SET warn_at = expires_at - interval '3 days'
WHERE expires_at IS NOT NULL AND status IN ('OFFERED', 'ACCEPTED', 'INSPECTED')
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0007_test_drive_permissions"),
        ("dealers", "0005_concessions"),
        ("financing", "0006_warnings_and_photos"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="tradein",
            name="audit",
        ),
        migrations.AddField(
            model_name="tradein",
            name="warn_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="reminder at"),
        ),
        migrations.AddIndex(
            model_name="tradein",
            index=models.Index(
                condition=models.Q(("warn_at__isnull", False)), fields=["warn_at"], name="financing_trade_in_warnings"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="tradein",
            trigger=pgtrigger.compiler.Trigger(
                name="audit",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="PERFORM kernel_audit_row(TG_TABLE_NAME::text, TG_OP::text, 'id', to_jsonb(OLD), to_jsonb(NEW), ARRAY[]::text[], ARRAY['warn_at']::text[]); RETURN NULL;",
                    hash="17f6e684d36e62768a6907f4a852cf3565ea2283",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_audit_333b9",
                    table="financing_tradein",
                    when="AFTER",
                ),
            ),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
