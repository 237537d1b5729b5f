"""``manage.py import_parts``: what an operator types and reads."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from openpyxl import load_workbook

from apps.kernel.api import ImportRun, ports
from apps.shop.api import Product
from tests.apps.catalog import part_files as files

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def sites():
    with ports.using({"catalog.site_directory": files.Sites()}):
        yield


@pytest.fixture
def table(tmp_path):
    """A file of two good rows and a bad one."""
    seller = files.furnish()
    path = tmp_path / "parts.csv"
    path.write_bytes(files.as_csv([files.part(1, seller=seller), files.part(2, seller=seller, price="x")]))
    return path


def command(*arguments: object) -> tuple[str, str]:
    said, complained = StringIO(), StringIO()
    call_command("import_parts", *map(str, arguments), stdout=said, stderr=complained)
    return said.getvalue(), complained.getvalue()


def test_a_dry_run_says_what_would_be(table, tmp_path):
    said, complained = command(table, "--dry-run", "--report", tmp_path / "report.csv")

    assert "Dry run, nothing written. Run 1 CHECKED: 2 rows: 1 new, 1 refused." in said.replace(
        f"Run {ImportRun.objects.get().pk}", "Run 1"
    )
    assert "line 3 (IMP-00002): price: bad_price: " in complained
    assert len((tmp_path / "report.csv").read_text(encoding="utf-8-sig").splitlines()) == 2
    assert not Product.objects.exists()


def test_it_writes_and_undoes(table):
    said, _complained = command(table)
    run = ImportRun.objects.get()
    assert f"Run {run.pk} APPLIED: 2 rows: 1 created, 1 refused." in said
    assert Product.objects.count() == 1

    said, _complained = command("--undo", run.pk)
    assert f"Run {run.pk} UNDONE: 2 rows: 1 undone." in said
    assert not Product.objects.exists()


def test_a_dry_run_is_applied_later(table):
    command(table, "--dry-run")

    said, _complained = command("--apply", ImportRun.objects.get().pk)

    assert "1 created" in said


@pytest.mark.parametrize(
    "arguments, complaint",
    [
        ((), "Name a file"),
        (("/nowhere/parts.csv",), "No such file"),
        (("--undo", 999), "not_found"),
        (("TABLE", "--strict"), "1 rows were left out"),
    ],
)
def test_it_fails_with_a_sentence(arguments, complaint, table):
    with pytest.raises(CommandError, match=complaint):
        command(*[table if argument == "TABLE" else argument for argument in arguments])


def test_a_file_that_is_none_fails_with_its_code(tmp_path):
    (tmp_path / "parts.xlsx").write_bytes(b"PK\x03\x04 no archive")

    with pytest.raises(CommandError, match="import_file_unreadable"):
        command(tmp_path / "parts.xlsx")


def test_the_empty_table_it_writes_can_be_imported(tmp_path):
    """Its example row as well: what we tell people to type is what we take."""
    command("--template", tmp_path / "parts.xlsx")

    sheet = load_workbook(tmp_path / "parts.xlsx")["data"]
    assert sheet.max_column == 19
    said, complained = command(tmp_path / "parts.xlsx", "--dry-run")
    assert "1 rows" in said
    assert "bad_" not in complained
