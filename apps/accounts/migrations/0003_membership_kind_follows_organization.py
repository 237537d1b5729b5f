from django.db import migrations

# Django has no composite foreign keys. This one keeps a membership's copy of the kind equal to its organization's, so
# that the constraints which compare kind and role compare the truth.
ADD = """
ALTER TABLE accounts_organizationmember
    ADD CONSTRAINT accounts_member_kind_of_organization
    FOREIGN KEY (organization_id, kind) REFERENCES accounts_organization (id, kind)
    DEFERRABLE INITIALLY IMMEDIATE
"""
DROP = "ALTER TABLE accounts_organizationmember DROP CONSTRAINT accounts_member_kind_of_organization"


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_audit_trail")]

    operations = [migrations.RunSQL(ADD, DROP)]
