"""
Row-level security on the crown jewels: offers and their prices, stock, seller orders, fulfilments.

It stands here, and not beside each table, because a policy says one thing about all of them: whose row it is.
"""

from django.db import migrations

from apps.kernel.tenancy import TENANT, expose, protect

# Whoever hands over or ships a part of a seller order sees it. Not by a subquery: the policies of the two tables would
# ask each other for ever. The function reads as the tables' owner and tells nothing but yes or no.
TOUCHES = """
CREATE FUNCTION s2b2c_tenant_fulfils(seller_order bigint) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
    SELECT EXISTS (
        SELECT FROM orders_fulfilment
        WHERE seller_order_id = seller_order AND s2b2c_tenant_id() IN (source_id, receiver_id)
    )
$$
"""
OWN_SITE = f"site_id IN (SELECT id FROM inventory_site WHERE organization_id = {TENANT})"
POLICIES = {
    "catalog_offer": f"seller_id IN (SELECT id FROM catalog_seller WHERE organization_id = {TENANT})",
    "catalog_offerprice": "offer_id IN (SELECT id FROM catalog_offer)",
    "inventory_stocklevel": OWN_SITE,
    "inventory_reservation": "level_id IN (SELECT id FROM inventory_stocklevel)",
    "inventory_movement": "level_id IN (SELECT id FROM inventory_stocklevel)",
    "inventory_unit": OWN_SITE,
    "orders_fulfilment": f"{TENANT} IN (source_id, receiver_id)",
    "orders_fulfilmentline": "fulfilment_id IN (SELECT id FROM orders_fulfilment)",
    "orders_sellerorder": f"seller_id = {TENANT} OR s2b2c_tenant_fulfils(id)",
}


class Migration(migrations.Migration):
    dependencies = [
        ("kernel", "0004_tenant_role"),
        ("catalog", "0004_shape_listings"),
        ("inventory", "0001_initial"),
        ("orders", "0002_guards_and_terms"),
    ]

    operations = [
        migrations.RunSQL(TOUCHES, "DROP FUNCTION s2b2c_tenant_fulfils(bigint)"),
        *(migrations.RunSQL(protect(table, condition), expose(table)) for table, condition in POLICIES.items()),
    ]
