"""Row-level security on demonstration cars and on drives with all that hangs on them."""

from django.db import migrations

from apps.kernel.api import tenancy

OWN = f"organization_id = {tenancy.TENANT}"
# The policy of drives holds inside the subqueries.
OF_A_DRIVE = "test_drive_id IN (SELECT id FROM testdrives_testdrive)"
POLICIES = {
    "testdrives_democar": OWN,
    "testdrives_testdrive": OWN,
    "testdrives_agreement": OF_A_DRIVE,
    "testdrives_damagephoto": OF_A_DRIVE,
    "testdrives_survey": OF_A_DRIVE,
}


class Migration(migrations.Migration):
    dependencies = [("testdrives", "0002_rules_and_agreement"), ("kernel", "0005_row_security")]

    operations = [
        migrations.RunSQL(tenancy.protect(table, condition), tenancy.expose(table))
        for table, condition in POLICIES.items()
    ]
