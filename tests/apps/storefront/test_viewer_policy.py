"""The content policy lets the 3D viewer's own style sheet stand, and nothing else."""

import base64
import hashlib
from pathlib import Path

import pytest
from django.conf import settings

VENDOR = Path(settings.BASE_DIR) / "static" / "vendor" / "model-viewer-4.4.0"


def test_the_policy_names_the_style_sheet_of_the_vendored_viewer():
    library = (VENDOR / "model-viewer.min.js").read_text(encoding="utf-8")
    style = library.partition("<style>")[2].partition("</style>")[0]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()

    assert library.count("<style>") == 1
    assert f"'sha256-{digest}'" in settings.CONTENT_POLICY_BY_PREFIX["/vehicles/"]["style-src"]


def test_the_vendored_viewer_names_no_file_that_is_not_here():
    """A source map that is missing would stop the hashing of static files."""
    assert "sourceMappingURL" not in (VENDOR / "model-viewer.min.js").read_text(encoding="utf-8")
    assert (VENDOR / "LICENSE").exists()


@pytest.mark.django_db
def test_the_pages_of_cars_run_neither_inline_scripts_nor_assembly(reader):
    policy = reader.get("/vehicles/jinghong/configure/").headers["Content-Security-Policy"]

    assert "unsafe" not in policy
    assert "script-src 'self';" in f"{policy};"
    assert "connect-src 'self'" in policy
    assert "img-src 'self' data:" in policy
