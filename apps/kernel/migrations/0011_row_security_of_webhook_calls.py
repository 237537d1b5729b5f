"""Row-level security on what an organization's webhooks are told and how each call went."""

from django.db import migrations

from apps.kernel.tenancy import expose, protect

# The policy of the tables below holds inside these subqueries, down to the webhook, which names its organization.
POLICIES = {
    "webhooks_webhookdelivery": "endpoint_id IN (SELECT id FROM webhooks_webhookendpoint)",
    "webhooks_webhookattempt": "delivery_id IN (SELECT id FROM webhooks_webhookdelivery)",
}


class Migration(migrations.Migration):
    dependencies = [("kernel", "0010_refused_attempts"), ("webhooks", "0001_initial")]

    operations = [migrations.RunSQL(protect(table, condition), expose(table)) for table, condition in POLICIES.items()]
