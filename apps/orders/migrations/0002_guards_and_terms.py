"""One open cart per user, order rows that stay as they were written, and the first terms."""

from datetime import UTC, datetime

from django.db import migrations

ONE_CART = """
CREATE UNIQUE INDEX orders_one_open_cart_per_user ON basket_basket (owner_id)
    WHERE status = 'Open' AND owner_id IS NOT NULL;
"""
# What was ordered is history. Links to things that were deleted, and Oscar's free notes, may change.
IMMUTABLE = """
CREATE FUNCTION orders_row_is_immutable() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION '% is kept', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
    END IF;
    IF TG_TABLE_NAME = 'order_order' THEN
        IF (NEW.number, NEW.currency, NEW.total_incl_tax, NEW.total_excl_tax, NEW.shipping_incl_tax, NEW.date_placed)
            IS DISTINCT FROM
           (OLD.number, OLD.currency, OLD.total_incl_tax, OLD.total_excl_tax, OLD.shipping_incl_tax, OLD.date_placed)
        THEN
            RAISE EXCEPTION 'an order is written once' USING ERRCODE = 'restrict_violation';
        END IF;
    ELSIF (NEW.order_id, NEW.title, NEW.quantity, NEW.line_price_incl_tax, NEW.line_price_excl_tax,
           NEW.unit_price_incl_tax)
        IS DISTINCT FROM
          (OLD.order_id, OLD.title, OLD.quantity, OLD.line_price_incl_tax, OLD.line_price_excl_tax,
           OLD.unit_price_incl_tax)
    THEN
        RAISE EXCEPTION 'an order line is written once' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER orders_order_is_immutable BEFORE UPDATE OR DELETE ON order_order
    FOR EACH ROW EXECUTE FUNCTION orders_row_is_immutable();
CREATE TRIGGER orders_line_is_immutable BEFORE UPDATE OR DELETE ON order_line
    FOR EACH ROW EXECUTE FUNCTION orders_row_is_immutable();
"""
MUTABLE = """
DROP TRIGGER orders_line_is_immutable ON order_line;
DROP TRIGGER orders_order_is_immutable ON order_order;
DROP FUNCTION orders_row_is_immutable();
"""
SINCE = datetime(2024, 1, 1, tzinfo=UTC)


def write_terms(apps, schema_editor):
    """Write the terms the shop opens with; later ones are added in the admin with their own dates."""
    rates = apps.get_model("orders", "ShippingRate")
    freight_law = "财税〔2016〕36号; 财政部 税务总局 海关总署公告2019年第39号 (transport services, 9 %)"
    # Source of the amounts: the shop's delivery terms, opening version.
    rates.objects.create(
        kind="parcel", amount="12.00", free_from="99.00", tax_rate="0.0900", valid_from=SINCE, source=freight_law
    )
    rates.objects.create(kind="vehicle", amount="0.00", tax_rate="0.0900", valid_from=SINCE, source=freight_law)
    apps.get_model("orders", "DepositRule").objects.create(
        rate="0.1000", step="1.00", valid_from=SINCE, source="Shop's terms of refundable prepayments (订金), version 1"
    )


def forget_terms(apps, schema_editor):
    """Take the opening terms away."""
    apps.get_model("orders", "ShippingRate").objects.filter(valid_from=SINCE).delete()
    apps.get_model("orders", "DepositRule").objects.filter(valid_from=SINCE).delete()


class Migration(migrations.Migration):
    dependencies = [("orders", "0001_initial")]
    operations = [
        migrations.RunSQL(ONE_CART, "DROP INDEX orders_one_open_cart_per_user;"),
        migrations.RunSQL(IMMUTABLE, MUTABLE),
        migrations.RunPython(write_terms, forget_terms),
    ]
