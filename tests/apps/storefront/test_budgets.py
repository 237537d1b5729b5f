"""
What every page costs a phone before it shows anything: measured as it travels, compressed by Brotli at full quality.

Islands and files of single pages are not counted: they come when they are wanted.
"""

from pathlib import Path

import brotli
import django_htmx
import pytest

PROJECT = Path(__file__).resolve().parent.parent.parent.parent
STATIC = PROJECT / "static"
HTMX = Path(django_htmx.__file__).parent / "static" / "django_htmx" / "htmx-2.min.js"
KILOBYTE = 1024


def weigh(*paths: Path) -> float:
    """How many kilobytes the files have, each compressed by itself."""
    return sum(len(brotli.compress(path.read_bytes())) for path in paths) / KILOBYTE


def test_core_styles_stay_under_15_kilobytes():
    assert weigh(STATIC / "css" / "shop.css") <= 15


def test_core_scripts_with_htmx_stay_under_30_kilobytes():
    assert weigh(STATIC / "js" / "shop.js", HTMX) <= 30


@pytest.mark.django_db
def test_the_base_page_loads_these_files_and_no_other(reader):
    page = reader.get("/cookies/").content.decode()

    assert page.count('rel="stylesheet"') == 1
    assert page.count("<script src=") == 2
