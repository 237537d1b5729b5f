"""Row-level security on proposals of new products, on dealers' price lists, and on who looked at a buyer's number."""

from django.db import migrations

from apps.kernel.tenancy import TENANT, expose, protect

OWN = f"organization_id = {TENANT}"
OWN_DEALER = f"dealer_id IN (SELECT id FROM dealers_dealer WHERE organization_id = {TENANT})"
POLICIES = {
    "catalog_productproposal": OWN,
    "orders_recipientreveal": OWN,
    # Prices of a region or a segment are everybody's who has an organization at all; a dealer's are that dealer's.
    "catalog_pricelist": f"(dealer_id IS NULL AND {TENANT} IS NOT NULL) OR {OWN_DEALER}",
}


class Migration(migrations.Migration):
    dependencies = [
        ("kernel", "0006_row_security_of_papers_and_leads"),
        ("catalog", "0006_list_shown_prices"),
        ("dealers", "0002_blocked_dealers"),
        ("orders", "0005_checklist"),
    ]

    operations = [migrations.RunSQL(protect(table, condition), expose(table)) for table, condition in POLICIES.items()]
