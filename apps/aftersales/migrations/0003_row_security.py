"""Row-level security on visits with all that hangs on them, and on redemptions."""

from django.db import migrations

from apps.kernel.api import tenancy

OWN = f"organization_id = {tenancy.TENANT}"
# The policy of visits holds inside the subqueries.
OF_A_VISIT = "visit_id IN (SELECT id FROM aftersales_servicevisit)"
POLICIES = {
    "aftersales_servicevisit": OWN,
    "aftersales_redemption": OWN,
    "aftersales_finding": OF_A_VISIT,
    "aftersales_visitline": OF_A_VISIT,
    "aftersales_findingphoto": "finding_id IN (SELECT id FROM aftersales_finding)",
}


class Migration(migrations.Migration):
    dependencies = [("aftersales", "0002_warranties"), ("kernel", "0005_row_security")]

    operations = [
        migrations.RunSQL(tenancy.protect(table, condition), tenancy.expose(table))
        for table, condition in POLICIES.items()
    ]
