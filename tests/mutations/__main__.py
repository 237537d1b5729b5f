"""
Removes permission, scope and lock lines from services one by one, and runs the tests that pass there.

``python -m tests.mutations accounts catalog/offers`` runs the tests of these apps once and notes which lines each of
them passes. Then it takes one guard away at a time, runs the tests that pass it, the shortest first, until one fails,
and sees that this one passes again once the guard is back. Everything happens in one process and on one database: a
guard costs no more than its tests.

It prints for every guard which test noticed that it was gone, and how many were caught. ``--list`` only says what would
be removed; ``--only team.py:226`` takes the guards whose module and line begin with that; ``--tests`` runs other tests.
What may go unnoticed, and why, is written in ``equivalent.py``.
"""

import argparse
import sys

import pytest

from tests.mutations.removals import list_removals
from tests.mutations.watching import Watch

# The apps of suppliers, dealers and what they offer.
APPS = ("accounts", "onboarding", "suppliers", "dealers", "leads")


def main() -> int:
    """Remove each guard in turn; 1 if fewer than 95 of 100 were caught."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutations", description=__doc__.split("\n")[1])
    parser.add_argument("apps", nargs="*", default=APPS, help="an app, or a module of its services: catalog/offers")
    parser.add_argument("--list", action="store_true", help="say what would be removed")
    parser.add_argument("--only", default="", help="only guards whose module and line begin so: team.py:226")
    parser.add_argument("--tests", nargs="*", help="other tests than those of the apps")
    chosen = parser.parse_args()
    removals = list_removals(chosen.apps, chosen.only)
    if chosen.list:
        print(*removals, f"{len(removals)} guards", sep="\n")
        return 0
    watch = Watch(removals)
    tests = chosen.tests or list(dict.fromkeys(f"tests/apps/{name.partition('/')[0]}" for name in chosen.apps))
    without = [part for plugin in ("cacheprovider", "xdist", "playwright") for part in ("-p", f"no:{plugin}")]
    pytest.main([*without, "--capture=sys", *tests], plugins=[watch])
    if not watch.is_finished:
        return 2
    noticeable = len(removals) - watch.equivalent
    print(f"{len(removals)} guards, {watch.equivalent} equivalent, caught {watch.caught} / {noticeable}")
    return 0 if watch.caught >= 0.95 * noticeable else 1


if __name__ == "__main__":
    sys.exit(main())
