"""Row-level security on what can be booked at an organization, on its bookings and on who waits for one."""

from django.db import migrations

from apps.kernel.api import tenancy

OWN = f"organization_id = {tenancy.TENANT}"
TABLES = ("scheduling_resource", "scheduling_booking", "scheduling_waitlistentry", "scheduling_calendarfeed")
# The policy of resources holds inside the subquery.
POLICIES = {
    **dict.fromkeys(TABLES, OWN),
    "scheduling_resourceday": "resource_id IN (SELECT id FROM scheduling_resource)",
}


class Migration(migrations.Migration):
    dependencies = [("scheduling", "0002_public_days_2026"), ("kernel", "0005_row_security")]

    operations = [
        migrations.RunSQL(tenancy.protect(table, condition), tenancy.expose(table))
        for table, condition in POLICIES.items()
    ]
