"""Put so many parts into the shop that is measured: ``python tests/load/fill_shelves.py 5000``, its environment set."""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "s2b2c.settings.dev")


def main() -> None:
    """Write the products of a large world, without its people and orders."""
    import django

    django.setup()
    from django.db import connection
    from django.utils import timezone

    from apps.kernel.api import EVERYTHING, forget_pages_now
    from apps.portals.staff.large_world.goods import write_products
    from apps.portals.staff.large_world.scale import Scale

    scale, now = Scale(members=0, products=int(sys.argv[1]), orders=0), timezone.now()
    write_products(scale, anchor=now, now=now, report=lambda line: print(line, file=sys.stderr))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    forget_pages_now([EVERYTHING])


if __name__ == "__main__":
    main()
