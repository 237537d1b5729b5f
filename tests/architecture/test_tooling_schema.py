"""The API's schema: checked in, current, and about nothing but the API."""

import json
from pathlib import Path

import pytest
from django.core.management import call_command

CHECKED_IN = Path(__file__).resolve().parent.parent.parent / "config" / "openapi.json"


@pytest.fixture(scope="module")
def fresh(tmp_path_factory) -> str:
    path = tmp_path_factory.mktemp("schema") / "openapi.json"
    call_command("spectacular", lang="en", format="openapi-json", validate=True, fail_on_warn=True, file=str(path))
    return path.read_text().rstrip("\n") + "\n"


def test_the_checked_in_schema_is_current(fresh):
    assert CHECKED_IN.read_text() == fresh, "The API changed. If the change is meant: make schema"


def test_it_is_openapi_3_1_about_our_own_endpoints(fresh):
    schema = json.loads(fresh)
    assert schema["openapi"].startswith("3.1")
    assert schema["paths"]
    assert all(path.startswith("/api/v1/") for path in schema["paths"])


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_everybody_is_served_what_is_checked_in(language, client, fresh):
    answer = client.get("/api/v1/schema/", headers={"Accept-Language": language})

    assert answer.headers["Content-Type"] == "application/json"
    assert answer.json() == json.loads(fresh)
