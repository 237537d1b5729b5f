"""A process that imports is killed with SIGKILL; another one goes on exactly where it was; the undo is exact."""

import os
import subprocess
import sys

import pytest
from django.conf import settings

from apps.inventory.models import Site
from apps.kernel.api import ImportRow, ImportRun, imports
from apps.kernel.imports import working
from tests.apps.catalog import part_files as files
from tests.factories.catalog import make_headquarters
from tests.plugins import database, servers

pytestmark = pytest.mark.django_db(transaction=True)
ROWS = 33
KILLED = -9


def work_in_a_process(run_id: int, point: str, chunk: int = 4) -> int:
    """Work on the run in a process of its own; how that ended."""
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "s2b2c.settings.test",
        "DATABASE_URL": database.url_of(settings.DATABASES["default"]["NAME"]),
        "S2B2C_HOME": str(servers.HOME),
    }
    command = [
        sys.executable,
        "-W",
        "ignore",
        "-m",
        "tests.apps.catalog.import_process",
        str(run_id),
        point,
        str(chunk),
    ]
    return subprocess.run(command, env=environment, cwd=servers.PROJECT, check=False).returncode


@pytest.fixture
def seller() -> str:
    code = files.furnish()
    Site.objects.create(
        code=files.SITE,
        kind="HQ_WAREHOUSE",
        name_zh="测试仓",
        name_en="Test warehouse",
        organization=make_headquarters(),
        latitude=30,
        longitude=120,
    )
    return code


@pytest.fixture
def before(seller, now) -> dict:
    """A few of the parts are there already, at other prices."""
    files.run_import(files.as_csv([files.part(number, seller=seller, price="9.00") for number in range(12)]), now=now)
    return files.picture()


@pytest.fixture
def run(seller, before, now) -> ImportRun:
    """A checked run that is about to be written."""
    content = files.as_csv([files.part(number, seller=seller) for number in range(ROWS)])
    run = files.run_import(content, now=now, apply=False)
    return imports.request_apply(run_id=run.pk, by=None, now=now)


def outcomes(run: ImportRun) -> dict[str, int]:
    found: dict[str, int] = {}
    for outcome in ImportRow.objects.filter(run=run).values_list("outcome", flat=True):
        found[outcome] = found.get(outcome, 0) + 1
    return found


def undo(run: ImportRun, now) -> None:
    imports.request_undo(run_id=run.pk, by=None, now=now)
    imports.work(run_id=run.pk, clock=lambda: now)


@pytest.mark.parametrize("point", ["inside", "between"])
def test_what_was_killed_goes_on_where_it_was(point, run, before, now):
    assert work_in_a_process(run.pk, point) == KILLED
    run.refresh_from_db()
    # The heading is line 1; rows of whole chunks of five, and no other, are done.
    assert (run.status, run.done, run.cursor) == (("APPLYING", 15, 16) if point == "inside" else ("APPLYING", 20, 21))
    assert ImportRow.objects.filter(run=run).exclude(outcome="").count() == run.done

    with pytest.raises(imports.ImportTaken):
        imports.work(run_id=run.pk, clock=lambda: run.beat_at)
    later = run.beat_at + working.SILENCE * 2
    assert imports.stuck_runs(now=later) == [run.pk]
    run = imports.work(run_id=run.pk, clock=lambda: later)

    assert run.status == "APPLIED"
    assert run.counts["applied"] == {"UPDATED": 12, "CREATED": ROWS - 12, "REFUSED": 0}
    assert outcomes(run) == {"UPDATED": 12, "CREATED": ROWS - 12}
    undo(run, later)
    assert files.picture() == before


def test_killed_twice_and_resumed_by_another_process(run, now):
    assert work_in_a_process(run.pk, "inside", 2) == KILLED
    assert work_in_a_process(run.pk, "between", 3) == KILLED
    assert work_in_a_process(run.pk, "never") == 0

    run.refresh_from_db()
    assert outcomes(run) == {"UPDATED": 12, "CREATED": ROWS - 12}


def test_with_the_cursor_outside_of_the_chunk_it_is_not_exact(run, before, now):
    """The control: rows that were written before their cursor are taken for others' when the run goes on."""
    assert work_in_a_process(run.pk, "unguarded") == KILLED
    run.refresh_from_db()
    later = run.beat_at + working.SILENCE * 2
    run = imports.work(run_id=run.pk, clock=lambda: later)

    assert outcomes(run) != {"UPDATED": 12, "CREATED": ROWS - 12}
    undo(run, later)
    assert files.picture() != before
