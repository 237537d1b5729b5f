"""Row-level security: a dealer's readers see the trade-ins of their own house."""

from django.db import migrations

from apps.kernel.api import tenancy

TABLE = "financing_tradein"


class Migration(migrations.Migration):
    dependencies = [("financing", "0004_trade_ins"), ("kernel", "0004_tenant_role")]

    operations = [
        migrations.RunSQL(tenancy.protect(TABLE, f"organization_id = {tenancy.TENANT}"), tenancy.expose(TABLE)),
    ]
