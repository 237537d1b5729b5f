"""
Time of finding the free slots of many stores.

    python tests/load/slots.py [--stores 60] [--cars 4] [--days 14]

Fills a scratch database of the tests' own server with stores whose demonstration cars are booked for a third of the
time, looks for slots five times, and prints the milliseconds of the best and of the middle time, and the statements.
"""

import argparse
import os
import statistics
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import django

from tests.plugins import database, servers

NOW = datetime(2026, 6, 10, 2, 0, tzinfo=UTC)
TIMES = 5


def measure(stores: int, cars: int, days: int) -> None:
    """Fill, look, print."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from apps.scheduling.api import ResourceKind, find_slots, list_resources
    from tests.factories.scheduling import make_busy_stores

    make_busy_stores(stores=stores, cars=cars, days=days, now=NOW)
    taken = []
    for _ in range(TIMES):
        begun = time.perf_counter()
        with CaptureQueriesContext(connection) as captured:
            resources = list_resources(kind=ResourceKind.DEMO_CAR)
            found = find_slots(resources=resources, first_day=(NOW + timedelta(days=1)).date(), days=days, now=NOW)
        taken.append((time.perf_counter() - begun) * 1000)
    print(
        f"{sum(map(len, found.values()))} slots of {stores} stores, {cars} cars each, {days} days: "
        f"best {min(taken):.0f} ms, middle {statistics.median(taken):.0f} ms, {len(captured)} statements, "
        f"load {os.getloadavg()[0]:.1f}"
    )


def main() -> None:
    """Read the options, and leave nothing behind."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[1])
    parser.add_argument("--stores", type=int, default=60)
    parser.add_argument("--cars", type=int, default=4)
    parser.add_argument("--days", type=int, default=14)
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "s2b2c.settings.test")
    django.setup()
    with servers.running_postgres():
        name = "s2b2c_load_slots"
        database.clone(database.migrated_template(), name)
        database.use(name)
        try:
            measure(options.stores, options.cars, options.days)
        finally:
            database.use("postgres")
            database.drop(name)


if __name__ == "__main__":
    main()
