"""Row-level security on handover appointments and records with all that hangs on them."""

from django.db import migrations

from apps.kernel.api import tenancy

OWN = f"organization_id = {tenancy.TENANT}"
# The policy of records holds inside the subqueries.
OF_A_RECORD = "record_id IN (SELECT id FROM orders_handoverrecord)"
POLICIES = {
    "orders_handoverappointment": OWN,
    "orders_handoverrecord": OWN,
    "orders_handeditem": OF_A_RECORD,
    "orders_handoverphoto": OF_A_RECORD,
}


class Migration(migrations.Migration):
    dependencies = [("orders", "0009_handover_rows"), ("kernel", "0005_row_security")]

    operations = [
        migrations.RunSQL(tenancy.protect(table, condition), tenancy.expose(table))
        for table, condition in POLICIES.items()
    ]
