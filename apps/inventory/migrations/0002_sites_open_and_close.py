"""Sites get an address, are opened and closed, and leave a trail."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("inventory", "0001_initial"),
        ("kernel", "0002_audit_trail_functions"),
    ]

    operations = [
        migrations.AddField(
            model_name="site",
            name="address",
            field=models.CharField(blank=True, db_default="", default="", max_length=200, verbose_name="address"),
        ),
        migrations.AddField(
            model_name="site",
            name="closed_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="closed at"),
        ),
        migrations.AddField(
            model_name="site",
            name="opened_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="opened at"),
        ),
        migrations.AddField(
            model_name="site",
            name="region_code",
            field=models.CharField(blank=True, db_default="", default="", max_length=6, verbose_name="region"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="site",
            trigger=pgtrigger.compiler.Trigger(
                name="audit",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="PERFORM kernel_audit_row(TG_TABLE_NAME::text, TG_OP::text, 'id', to_jsonb(OLD), to_jsonb(NEW), ARRAY[]::text[], ARRAY[]::text[]); RETURN NULL;",
                    hash="0d790e3930f82f2a723b30a47ca9a33a9d8ee054",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_audit_78cce",
                    table="inventory_site",
                    when="AFTER",
                ),
            ),
        ),
    ]
