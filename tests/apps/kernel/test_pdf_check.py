"""A PDF is kept only if it is a plain document."""

import zlib

import pytest
from django.core.files.base import ContentFile

from apps.kernel.api import FileNotPlain, FileTooLarge, PrivateFile, private_files
from apps.kernel.pdf_check import trouble_of

HEAD = b"%PDF-1.7\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n2 0 obj\n<</Type/Pages/Kids[]/Count 0>>\nendobj\n"
TAIL = b"trailer\n<</Root 1 0 R>>\n%%EOF\n"


def pdf(*parts: bytes, tail: bytes = TAIL) -> bytes:
    return HEAD + b"".join(parts) + tail


def stream(content: bytes, head: bytes = b"<</Length 9/Filter/FlateDecode>>") -> bytes:
    return b"3 0 obj\n" + head + b"\nstream\n" + content + b"\nendstream\nendobj\n"


OBJECT_STREAM = b"<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length 9>>"


@pytest.mark.parametrize(
    "content",
    [
        pdf(),
        pdf(tail=TAIL + b"\r\n"),
        pdf(stream(zlib.compress(b"BT (Licence) Tj ET"))),
        # Three bytes that look like a name are no name where they are compressed.
        pdf(stream(b"\x00/JS \x01\x02")),
        pdf(stream(zlib.compress(b"5 0 <</Type/Page>>"), OBJECT_STREAM)),
        pdf(b"4 0 obj\n<</OpenAction[3 0 R/Fit]/A<</S/URI/URI(https://example.com)>>>>\nendobj\n"),
    ],
)
def test_keeps_plain_documents(content):
    assert trouble_of(content) == ""


@pytest.mark.parametrize(
    ("trouble", "content"),
    [
        ("active", pdf(b"4 0 obj\n<</S/JavaScript/JS(app.alert(1))>>\nendobj\n")),
        ("active", pdf(b"4 0 obj\n<</S/J#61vaScript>>\nendobj\n")),
        ("active", pdf(b"4 0 obj\n<</S/Launch/F(cmd.exe)>>\nendobj\n")),
        ("active", pdf(b"4 0 obj\n<</Names<</EmbeddedFiles 5 0 R>>>>\nendobj\n")),
        ("active", pdf(stream(zlib.compress(b"5 0 <</S/JavaScript>>"), OBJECT_STREAM))),
        ("active", pdf(stream(b"5 0 <</S/JavaScript>>", b"<</Type/ObjStm/N 1/First 4/Length 9>>"))),
        ("locked", pdf(tail=b"trailer\n<</Root 1 0 R/Encrypt 9 0 R>>\n%%EOF\n")),
        ("polyglot", pdf(tail=TAIL + b"<html><script>alert(1)</script>")),
        ("polyglot", pdf(b"<script>alert(1)</script>\n")),
        ("polyglot", pdf(tail=b"PK\x05\x06" + bytes(18) + TAIL)),
        ("polyglot", pdf(tail=TAIL + b"MZ\x90\x00")),
        ("polyglot", pdf(b"% >>\nstream\n4 0 obj\n<</S/JavaScript>>\nendobj\nendstream\n")),
        ("broken", HEAD),
        ("broken", pdf(stream(zlib.compress(bytes(60 * 1024 * 1024)), OBJECT_STREAM))),
    ],
)
def test_names_what_is_wrong(trouble, content):
    assert trouble_of(content) == trouble


@pytest.mark.django_db
def test_nothing_is_kept_of_a_refused_file(now, settings, tmp_path):
    with pytest.raises(FileNotPlain) as refusal:
        private_files.store(
            upload=ContentFile(pdf(b"4 0 obj\n<</S/JavaScript>>\nendobj\n"), name="a.pdf"), by=None, now=now
        )

    assert refusal.value.context == {"trouble": "active"}
    assert not PrivateFile.objects.exists()


@pytest.mark.django_db
def test_refuses_giants_by_name(now):
    with pytest.raises(FileTooLarge):
        private_files.store(upload=ContentFile(bytes(11 * 1024 * 1024), name="a.pdf"), by=None, now=now)

    assert not PrivateFile.objects.exists()
