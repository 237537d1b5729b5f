"""Narrower listings: all words stay with the product, and products alike to every facet are counted together."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
from django.db import migrations, models
from django.db.models import Func

EMPTY = "DELETE FROM catalog_listing;"
SHAPE = """
CREATE FUNCTION catalog_shape(
  kind text, brand_id bigint, price_step smallint, rating numeric, in_stock boolean, category_ids bigint[]
) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$
  SELECT hashtextextended(concat_ws(
    '/', kind, coalesce(brand_id::text, '-'), price_step, coalesce(floor(rating)::text, '-'), in_stock, category_ids::text
  ), 0)
$$;
"""
SHAPES = """
CREATE FUNCTION catalog_keep_shapes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO catalog_listingshape (id, kind, brand_id, price_step, rating_step, in_stock, category_ids)
  SELECT DISTINCT ON (shape) shape, kind, brand_id, price_step, floor(rating_average), in_stock, category_ids
    FROM changed WHERE NOT EXISTS (SELECT FROM catalog_listingshape known WHERE known.id = changed.shape)
   ORDER BY shape
  ON CONFLICT (id) DO NOTHING;
  RETURN NULL;
END $$;
CREATE TRIGGER shape_of_new_listing AFTER INSERT ON catalog_listing REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION catalog_keep_shapes();
CREATE TRIGGER shape_of_listing AFTER UPDATE ON catalog_listing REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION catalog_keep_shapes();
"""
DROP_SHAPES = """
DROP TRIGGER shape_of_new_listing ON catalog_listing;
DROP TRIGGER shape_of_listing ON catalog_listing;
DROP FUNCTION catalog_keep_shapes;
"""
WRITE = """
CREATE OR REPLACE FUNCTION catalog_write_listings(ids bigint[]) RETURNS void LANGUAGE plpgsql AS $$
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
    is_universal, popularity, rating_average, rating_count, created_at, title_words
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
         ts_filter(info.search, '{a}')
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
    title_words = excluded.title_words
  WHERE (
    catalog_listing.kind, catalog_listing.brand_id, catalog_listing.category_ids, catalog_listing.sku,
    catalog_listing.offer_id, catalog_listing.price, catalog_listing.list_price, catalog_listing.currency,
    catalog_listing.price_step, catalog_listing.in_stock, catalog_listing.is_universal,
    catalog_listing.popularity, catalog_listing.rating_average, catalog_listing.rating_count,
    catalog_listing.created_at, catalog_listing.title_words
  ) IS DISTINCT FROM (
    excluded.kind, excluded.brand_id, excluded.category_ids, excluded.sku, excluded.offer_id, excluded.price,
    excluded.list_price, excluded.currency, excluded.price_step, excluded.in_stock, excluded.is_universal,
    excluded.popularity, excluded.rating_average, excluded.rating_count, excluded.created_at,
    excluded.title_words
  );
END $$;
"""
WRITE_AS_BEFORE = """
CREATE OR REPLACE FUNCTION catalog_write_listings(ids bigint[]) RETURNS void LANGUAGE plpgsql AS $$
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
"""
ROWS = "SELECT catalog_write_listings(ARRAY(SELECT product_id FROM catalog_productinfo ORDER BY product_id));"


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0003_keep_listings"),
    ]

    operations = [
        migrations.RunSQL(EMPTY, ROWS),
        migrations.RunSQL(SHAPE, "DROP FUNCTION catalog_shape;"),
        migrations.RunSQL(migrations.RunSQL.noop, WRITE_AS_BEFORE),
        migrations.RemoveIndex(model_name="listing", name="catalog_listing_search"),
        migrations.RemoveField(model_name="listing", name="search"),
        migrations.AddField(
            model_name="listing",
            name="shape",
            field=models.GeneratedField(
                db_persist=True,
                expression=Func(
                    "kind",
                    "brand",
                    "price_step",
                    "rating_average",
                    "in_stock",
                    "category_ids",
                    function="catalog_shape",
                ),
                output_field=models.BigIntegerField(),
            ),
        ),
        migrations.AddIndex(
            model_name="listing",
            index=models.Index(fields=["shape"], name="catalog_listing_shape"),
        ),
        migrations.CreateModel(
            name="ListingShape",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=10)),
                ("brand_id", models.BigIntegerField(null=True)),
                ("price_step", models.SmallIntegerField()),
                ("rating_step", models.SmallIntegerField(null=True)),
                ("in_stock", models.BooleanField()),
                (
                    "category_ids",
                    django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None),
                ),
            ],
            options={"verbose_name": "listing shape", "verbose_name_plural": "listing shapes"},
        ),
        migrations.AddIndex(
            model_name="productinfo",
            index=django.contrib.postgres.indexes.GinIndex(
                fastupdate=False, fields=["search"], name="catalog_product_search"
            ),
        ),
        migrations.RunSQL(SHAPES, DROP_SHAPES),
        migrations.RunSQL(WRITE, migrations.RunSQL.noop),
        migrations.RunSQL(ROWS, EMPTY),
    ]
