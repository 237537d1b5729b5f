"""The shop on a home screen: what is kept on the phone, and that nothing personal is."""

import json
import re

import pytest
from django.contrib.staticfiles import finders


@pytest.mark.django_db
def test_the_manifest_names_icons_that_exist_in_the_readers_language(visitor, reader):
    chinese, english = (json.loads(client.get("/manifest.webmanifest").content) for client in (visitor, reader))

    assert (chinese["name"], english["name"]) == ("星驰", "Xingchi")
    assert {icon["purpose"] for icon in chinese["icons"]} == {"any", "maskable"}
    for icon in chinese["icons"]:
        assert finders.find(icon["src"].removeprefix("/static/"))


@pytest.mark.django_db
def test_the_worker_keeps_what_pages_are_drawn_with_and_nothing_else(visitor):
    answer = visitor.get("/service-worker.js")
    script = answer.content.decode()

    assert answer.headers["Content-Type"].startswith("text/javascript")
    assert "no-cache" in answer.headers["Cache-Control"]
    kept = json.loads(re.search(r"const KEPT = (\[.*?\]);", script)[1])
    assert [path for path in kept if not path.startswith("/static/")] == ["/offline/"]
    assert "cache.put" not in script


@pytest.mark.django_db
def test_another_style_sheet_makes_another_cache(visitor, monkeypatch):
    from apps.portals.storefront.web import installed

    before = visitor.get("/service-worker.js").content
    monkeypatch.setattr(installed, "KEPT", (*installed.KEPT, "img/icons/icon-512.png"))
    assert visitor.get("/service-worker.js").content != before


@pytest.mark.django_db
def test_the_page_without_a_network_holds_nothing_of_anybody(signed_in, buyer):
    page = signed_in.get("/offline/").content.decode()

    assert "No connection" in page
    assert buyer.email not in page
    assert "csrf" not in page
