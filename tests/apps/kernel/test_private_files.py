"""Private files: sniffed, redrawn, opened by their viewer only, for a while."""

import io
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import Http404
from django.test import RequestFactory
from django.utils import timezone
from PIL import Image

from apps.kernel import private_files as module
from apps.kernel.api import FileRefused, LinkExpired, PrivateFile, private_files
from apps.kernel.web.views import open_private_file

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.apps.kernel.urls")]
PDF = b"%PDF-1.7\n1 0 obj\n(a licence)\nendobj\n%%EOF\n"


def picture(kind="PNG", size=(4, 4), **options):
    content = io.BytesIO()
    Image.new("RGB", size, "red").save(content, kind, **options)
    return content.getvalue()


@pytest.fixture
def store(settings, tmp_path, person, now):
    settings.STORAGES = {
        **settings.STORAGES,
        "private": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}},
    }
    field = PrivateFile._meta.get_field("content")
    field.storage = field._storage_callable()

    def store(content, name="licence.png"):
        return private_files.store(upload=SimpleUploadedFile(name, content), by=person, now=now)

    return store


def token_of(file, viewer, now, **kwargs):
    return private_files.signed_url(file=file, viewer=viewer, now=now, **kwargs).rstrip("/").rsplit("/", 1)[-1]


@pytest.mark.parametrize(
    ("content", "content_type"),
    [(PDF, "application/pdf"), (picture("PNG"), "image/png"), (picture("JPEG"), "image/jpeg")],
)
def test_keeps_pictures_and_pdfs_by_what_they_are(store, content, content_type):
    file = store(content, "whatever.exe")

    assert (file.content_type, file.name) == (content_type, "whatever.exe")
    assert file.size == len(file.content.read())


def test_redraws_pictures_so_that_nothing_hides_in_them(store):
    hidden = picture("JPEG", comment=b"<script>alert(1)</script>") + b"<?php"

    content = store(hidden).content.read()

    assert b"script" not in content
    assert b"php" not in content
    assert Image.open(io.BytesIO(content)).size == (4, 4)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"GIF89a",
        b"PK\x03\x04",
        picture()[:20],
        picture("GIF"),
        picture("WEBP"),
    ],
)
def test_refuses_anything_else(store, content):
    with pytest.raises(FileRefused):
        store(content)

    assert not PrivateFile.objects.exists()


def test_refuses_what_is_too_large(store, monkeypatch):
    monkeypatch.setattr(module, "MOST_PIXELS", 15)
    with pytest.raises(FileRefused):
        store(picture())
    monkeypatch.setattr(module, "MOST_BYTES", 10)
    with pytest.raises(FileRefused):
        store(PDF)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("../../etc/passwd", "passwd"), ("C:\\a\\b.pdf", "b.pdf"), ("执照\u202e.pdf", "执照.pdf"), ("x" * 300, "x" * 200)],
)
def test_a_name_cannot_lead_anywhere(typed, kept):
    assert module._safe_name(typed) == kept


def test_the_path_owes_nothing_to_the_name(store):
    file = store(PDF, "secret name.pdf")

    assert file.content.name == f"{file.pk.hex[:2]}/{file.pk.hex}"


def test_its_viewer_opens_it_until_the_link_expires(store, person, now):
    file = store(PDF)
    token = token_of(file, person, now, lifetime=timedelta(minutes=5))

    opened = private_files.access_private_file(token=token, viewer=person, now=now + timedelta(seconds=299))
    assert opened == file
    with pytest.raises(LinkExpired):
        private_files.access_private_file(token=token, viewer=person, now=now + timedelta(minutes=5))


def test_nobody_else_opens_it(store, person, now):
    token = token_of(store(PDF), person, now)
    stranger = get_user_model().objects.create(email="stranger@kernel.example")

    with pytest.raises(LinkExpired):
        private_files.access_private_file(token=token, viewer=stranger, now=now)


@pytest.mark.parametrize("token", ["", "x", "eyJmaWxlIjoiMSJ9:1:x"])
def test_a_forged_link_opens_nothing(person, now, token):
    with pytest.raises(LinkExpired):
        private_files.access_private_file(token=token, viewer=person, now=now)


def test_the_page_sends_a_download_that_cannot_run(store, person):
    request = RequestFactory().get("/")
    request.user = person
    token = token_of(store(PDF, "执照.pdf"), person, timezone.now())

    response = open_private_file(request, token)

    assert b"".join(response.streaming_content) == PDF
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"].startswith("attachment")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]
    assert "private" in response["Cache-Control"]


def test_the_page_hides_an_expired_link(store, person, now):
    request = RequestFactory().get("/")
    request.user = person
    token = token_of(store(PDF), person, now - timedelta(days=10_000))

    with pytest.raises(Http404):
        open_private_file(request, token)
