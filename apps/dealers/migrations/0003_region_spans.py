"""Functions that the exclusion constraint of territories compares rows by."""

from django.db import migrations

# Regions nest by their codes (GB/T 2260), so each is a range of codes, and two overlap exactly if their ranges do.
REGION_SPAN = """
CREATE FUNCTION dealers_region_span(code text) RETURNS int8range
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT CASE
        WHEN code = '000000' THEN int8range(0, 1000000)
        WHEN code LIKE '__0000' THEN int8range(code::bigint, code::bigint + 10000)
        WHEN code LIKE '____00' THEN int8range(code::bigint, code::bigint + 100)
        ELSE int8range(code::bigint, code::bigint + 1)
    END
$$
"""
# An exclusive territory leaves room for no dealer; an open one for every dealer but its own.
TERRITORY_HOLDERS = """
CREATE FUNCTION dealers_territory_holders(is_exclusive boolean, dealer_id bigint) RETURNS int8range
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT CASE WHEN is_exclusive THEN int8range(NULL, NULL) ELSE int8range(dealer_id, dealer_id, '[]') END
$$
"""


class Migration(migrations.Migration):
    dependencies = [("dealers", "0002_blocked_dealers")]

    operations = [
        migrations.RunSQL(REGION_SPAN, "DROP FUNCTION dealers_region_span(text)"),
        migrations.RunSQL(TERRITORY_HOLDERS, "DROP FUNCTION dealers_territory_holders(boolean, bigint)"),
    ]
