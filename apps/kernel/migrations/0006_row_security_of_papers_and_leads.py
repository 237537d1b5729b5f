"""Row-level security on what organizations file with headquarters, and on leads, quotes and webhooks."""

from django.db import migrations

from apps.kernel.tenancy import TENANT, expose, protect

OWN = f"organization_id = {TENANT}"
TABLES = (
    "onboarding_application",
    "onboarding_submission",
    "onboarding_contract",
    "leads_lead",
    "leads_quote",
    "webhooks_webhookendpoint",
)


class Migration(migrations.Migration):
    dependencies = [
        ("kernel", "0005_row_security"),
        ("onboarding", "0001_initial"),
        ("leads", "0001_initial"),
        ("webhooks", "0001_initial"),
    ]

    operations = [migrations.RunSQL(protect(table, OWN), expose(table)) for table in TABLES]
