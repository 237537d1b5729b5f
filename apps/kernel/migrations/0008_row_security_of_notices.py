"""Row-level security on what headquarters and an organization tell each other."""

from django.db import migrations

from apps.kernel.tenancy import TENANT, expose, protect

OWN = f"organization_id = {TENANT}"
TABLES = ("notifications_notice", "notifications_noticereading", "notifications_threadmessage")


class Migration(migrations.Migration):
    dependencies = [
        ("kernel", "0007_row_security_of_proposals_and_price_lists"),
        ("notifications", "0002_organization_notices"),
    ]

    operations = [migrations.RunSQL(protect(table, OWN), expose(table)) for table in TABLES]
