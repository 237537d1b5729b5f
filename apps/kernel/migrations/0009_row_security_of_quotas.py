"""Row-level security on dealers' quotas, and on what was decided about a dealer."""

from django.db import migrations

from apps.kernel.tenancy import TENANT, expose, protect

OWN_DEALER = f"dealer_id IN (SELECT id FROM dealers_dealer WHERE organization_id = {TENANT})"
POLICIES = {
    "dealers_quota": OWN_DEALER,
    "dealers_quotause": "quota_id IN (SELECT id FROM dealers_quota)",
    "dealers_channelchange": OWN_DEALER,
}


class Migration(migrations.Migration):
    dependencies = [
        ("kernel", "0008_row_security_of_notices"),
        ("dealers", "0004_territories_levels_quotas"),
    ]

    operations = [migrations.RunSQL(protect(table, condition), expose(table)) for table, condition in POLICIES.items()]
