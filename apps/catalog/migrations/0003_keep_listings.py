"""The triggers that keep ``catalog_listing`` true, whoever writes the tables it is drawn from, and its first rows."""

from django.db import migrations

STORAGE = """
-- The long vector lies outside of the row: a list reads thousands of rows and hardly ever a vector.
ALTER TABLE catalog_listing ALTER COLUMN search SET STORAGE EXTERNAL;
ALTER TABLE catalog_listing ALTER COLUMN title_words SET STORAGE MAIN;
ALTER TABLE catalog_listing SET (toast_tuple_target = 256, autovacuum_vacuum_scale_factor = 0.05);
-- Changes with the names of brands, categories and cars, so that whoever keeps them in memory knows when to read anew.
CREATE SEQUENCE catalog_names_version;
"""

DROP_STORAGE = "DROP SEQUENCE catalog_names_version;"

FUNCTIONS = """
CREATE FUNCTION catalog_price_step(price numeric) RETURNS smallint LANGUAGE sql IMMUTABLE AS $$
  SELECT (width_bucket(price, ARRAY[0, 100, 300, 1000, 3000, 10000, 50000, 100000, 150000, 200000, 300000, 500000]
    ::numeric[]) - 1)::smallint
$$;

CREATE FUNCTION catalog_has_stock(kind text, num_in_stock integer, num_allocated integer) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$
  SELECT kind NOT IN ('vehicle', 'part', 'accessory') OR coalesce(num_in_stock, 0) > coalesce(num_allocated, 0)
$$;

CREATE FUNCTION catalog_write_listings(ids bigint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF coalesce(cardinality(ids), 0) = 0 THEN
    RETURN;
  END IF;
  DELETE FROM catalog_listing AS listing WHERE listing.product_id = ANY (ids) AND NOT EXISTS (
    SELECT FROM catalog_productinfo info
      JOIN catalogue_product product ON product.id = info.product_id
      JOIN catalog_offer offer ON offer.id = info.shown_offer_id
      JOIN partner_stockrecord record ON record.id = offer.stock_record_id
     WHERE info.product_id = listing.product_id AND product.is_public AND record.price IS NOT NULL
  );
  INSERT INTO catalog_listing (
    product_id, kind, brand_id, category_ids, sku, offer_id, price, list_price, currency, price_step, in_stock,
    is_universal, popularity, rating_average, rating_count, created_at, title_words, search
  )
  SELECT info.product_id, info.kind, info.brand_id,
         coalesce((
           SELECT array_agg(DISTINCT above.id ORDER BY above.id)
             FROM catalogue_productcategory place
             JOIN catalogue_category category ON category.id = place.category_id
             JOIN catalogue_category above ON starts_with(category.path, above.path)
            WHERE place.product_id = info.product_id
         ), '{}'),
         offer.sku, offer.id, coalesce(price.amount, record.price),
         CASE WHEN price.list_amount > price.amount THEN price.list_amount END,
         coalesce(price.currency, record.price_currency),
         catalog_price_step(coalesce(price.amount, record.price)),
         catalog_has_stock(info.kind, record.num_in_stock, record.num_allocated),
         NOT EXISTS (SELECT FROM catalog_fitment fitment WHERE fitment.product_id = info.product_id),
         info.popularity, info.rating_average, info.rating_count, product.date_created,
         ts_filter(info.search, '{a}'), info.search
    FROM catalog_productinfo info
    JOIN catalogue_product product ON product.id = info.product_id
    JOIN catalog_offer offer ON offer.id = info.shown_offer_id
    JOIN partner_stockrecord record ON record.id = offer.stock_record_id
    LEFT JOIN catalog_offerprice price ON price.offer_id = offer.id AND upper_inf(price.valid)
   WHERE info.product_id = ANY (ids) AND product.is_public AND record.price IS NOT NULL
   ORDER BY info.product_id
  ON CONFLICT (product_id) DO UPDATE SET
    kind = excluded.kind, brand_id = excluded.brand_id, category_ids = excluded.category_ids, sku = excluded.sku,
    offer_id = excluded.offer_id, price = excluded.price, list_price = excluded.list_price,
    currency = excluded.currency, price_step = excluded.price_step, in_stock = excluded.in_stock,
    is_universal = excluded.is_universal, popularity = excluded.popularity,
    rating_average = excluded.rating_average, rating_count = excluded.rating_count, created_at = excluded.created_at,
    title_words = excluded.title_words, search = excluded.search
  WHERE (catalog_listing.*) IS DISTINCT FROM (excluded.*);
END $$;

CREATE FUNCTION catalog_list_changed_products() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM catalog_write_listings(ARRAY(SELECT id FROM changed));
  RETURN NULL;
END $$;

CREATE FUNCTION catalog_list_changed_companions() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM catalog_write_listings(ARRAY(SELECT DISTINCT product_id FROM changed));
  RETURN NULL;
END $$;

CREATE FUNCTION catalog_list_changed_prices() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM catalog_write_listings(ARRAY(
    SELECT info.product_id FROM catalog_productinfo info WHERE info.shown_offer_id IN (SELECT offer_id FROM changed)
  ));
  RETURN NULL;
END $$;

CREATE FUNCTION catalog_list_moved_category() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM catalog_write_listings(ARRAY(
    SELECT product_id FROM catalogue_productcategory WHERE category_id = NEW.id
  ));
  RETURN NULL;
END $$;

CREATE FUNCTION catalog_list_changed_stock() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE catalog_listing AS listing
     SET in_stock = catalog_has_stock(listing.kind, NEW.num_in_stock, NEW.num_allocated)
   WHERE listing.product_id = NEW.product_id
     AND listing.offer_id = (SELECT id FROM catalog_offer WHERE stock_record_id = NEW.id)
     AND listing.in_stock <> catalog_has_stock(listing.kind, NEW.num_in_stock, NEW.num_allocated);
  RETURN NULL;
END $$;

CREATE FUNCTION catalog_unlist() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM catalog_listing WHERE product_id IN (SELECT product_id FROM changed);
  RETURN NULL;
END $$;

CREATE FUNCTION catalog_names_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM nextval('catalog_names_version');
  RETURN NULL;
END $$;
"""

NAMES = (
    "price_step(numeric)",
    "has_stock(text, integer, integer)",
    "write_listings(bigint[])",
    "list_changed_products()",
    "list_changed_companions()",
    "list_changed_prices()",
    "list_moved_category()",
    "list_changed_stock()",
    "unlist()",
    "names_changed()",
)
DROP_FUNCTIONS = "".join(f"DROP FUNCTION catalog_{name};" for name in NAMES)

# Trigger name, table, event, what it sees, function.
FOLLOWERS = (
    ("listing_follows_new_info", "catalog_productinfo", "INSERT", "NEW", "list_changed_companions"),
    ("listing_follows_info", "catalog_productinfo", "UPDATE", "NEW", "list_changed_companions"),
    ("listing_follows_gone_info", "catalog_productinfo", "DELETE", "OLD", "unlist"),
    ("listing_follows_product", "catalogue_product", "UPDATE", "NEW", "list_changed_products"),
    ("listing_follows_new_category", "catalogue_productcategory", "INSERT", "NEW", "list_changed_companions"),
    ("listing_follows_gone_category", "catalogue_productcategory", "DELETE", "OLD", "list_changed_companions"),
    ("listing_follows_new_fitment", "catalog_fitment", "INSERT", "NEW", "list_changed_companions"),
    ("listing_follows_gone_fitment", "catalog_fitment", "DELETE", "OLD", "list_changed_companions"),
    ("listing_follows_new_price", "catalog_offerprice", "INSERT", "NEW", "list_changed_prices"),
)
NAMED = (
    "catalog_brand",
    "catalogue_category",
    "catalog_categoryinfo",
    "catalog_series",
    "catalog_vehiclemodel",
    "catalog_trim",
)

TRIGGERS = "".join(
    f"CREATE TRIGGER {name} AFTER {event} ON {table} REFERENCING {seen} TABLE AS changed "
    f"FOR EACH STATEMENT EXECUTE FUNCTION catalog_{function}();"
    for name, table, event, seen, function in FOLLOWERS
) + """
CREATE TRIGGER listing_follows_moved_category AFTER UPDATE OF path ON catalogue_category
  FOR EACH ROW WHEN (OLD.path IS DISTINCT FROM NEW.path) EXECUTE FUNCTION catalog_list_moved_category();
-- A reservation changes these numbers all the time, and hardly ever whether there is anything left.
CREATE TRIGGER listing_follows_stock AFTER UPDATE OF num_in_stock, num_allocated ON partner_stockrecord
  FOR EACH ROW WHEN (
    (coalesce(OLD.num_in_stock, 0) > coalesce(OLD.num_allocated, 0))
    <> (coalesce(NEW.num_in_stock, 0) > coalesce(NEW.num_allocated, 0))
  ) EXECUTE FUNCTION catalog_list_changed_stock();
""" + "".join(
    f"CREATE TRIGGER names_of_{table} AFTER INSERT OR UPDATE OR DELETE ON {table} "
    "FOR EACH STATEMENT EXECUTE FUNCTION catalog_names_changed();"
    for table in NAMED
)  # fmt: skip

DROP_TRIGGERS = (
    "".join(f"DROP TRIGGER {name} ON {table};" for name, table, *_ in FOLLOWERS)
    + "DROP TRIGGER listing_follows_moved_category ON catalogue_category;"
    + "DROP TRIGGER listing_follows_stock ON partner_stockrecord;"
    + "".join(f"DROP TRIGGER names_of_{table} ON {table};" for table in NAMED)
)

FIRST_ROWS = "SELECT catalog_write_listings(ARRAY(SELECT product_id FROM catalog_productinfo ORDER BY product_id));"


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0002_listings_and_ratings"),
    ]

    operations = [
        migrations.RunSQL(STORAGE, DROP_STORAGE),
        migrations.RunSQL(FUNCTIONS, DROP_FUNCTIONS),
        migrations.RunSQL(TRIGGERS, DROP_TRIGGERS),
        migrations.RunSQL(FIRST_ROWS, migrations.RunSQL.noop),
    ]
