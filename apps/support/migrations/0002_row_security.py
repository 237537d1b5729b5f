"""Row-level security on conversations with all that hangs on them, on desks, agents and prepared replies."""

from django.db import migrations

from apps.kernel.api import tenancy

OWN = f"organization_id = {tenancy.TENANT}"
# The policies of conversations and agents hold inside the subqueries.
OF_A_CONVERSATION = "conversation_id IN (SELECT id FROM support_conversation)"
OF_AN_AGENT = "agent_id IN (SELECT id FROM support_agent)"
POLICIES = {
    "support_desk": OWN,
    "support_agent": OWN,
    "support_agent_stores": OF_AN_AGENT,
    "support_cannedreply": f"organization_id IS NULL OR {OWN}",
    "support_conversation": OWN,
    "support_message": OF_A_CONVERSATION,
    "support_assignment": OF_A_CONVERSATION,
    "support_rating": OF_A_CONVERSATION,
}


class Migration(migrations.Migration):
    dependencies = [("support", "0001_initial"), ("kernel", "0005_row_security")]

    operations = [
        migrations.RunSQL(tenancy.protect(table, condition), tenancy.expose(table))
        for table, condition in POLICIES.items()
    ]
