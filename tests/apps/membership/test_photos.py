"""Photos are read by content and drawn anew."""

import io
import struct
import zlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from apps.membership.errors import PhotoRefused
from apps.membership.photos import LARGE, MOST_BYTES, SMALL, prepare_photo
from tests.factories.membership import make_picture

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def opened(content: bytes) -> Image.Image:
    picture = Image.open(io.BytesIO(content))
    picture.load()
    return picture


def test_a_photo_becomes_three_files_of_bounded_size():
    photo = prepare_photo(make_picture(size=(4000, 3000)))

    assert (photo.width, photo.height) == (LARGE, 1200)
    assert [opened(content).format for content in (photo.large, photo.small_webp, photo.small_avif)] == [
        "WEBP", "WEBP", "AVIF",
    ]  # fmt: skip
    assert opened(photo.small_webp).size == opened(photo.small_avif).size == (SMALL, 270)


def test_place_camera_and_comments_stay_behind():
    exif = Image.Exif()
    exif[0x010F] = "SecretCamera"
    exif[0x8825] = {1: "N", 2: (31.0, 13.0, 0.0)}
    upload = make_picture(exif=exif.tobytes())
    assert b"SecretCamera" in upload.read()
    upload.seek(0)

    photo = prepare_photo(upload)

    for content in (photo.large, photo.small_webp, photo.small_avif):
        assert b"SecretCamera" not in content
        assert not opened(content).getexif()


def test_a_photo_taken_sideways_stands_upright():
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by 90 degrees
    assert prepare_photo(make_picture(size=(800, 400), exif=exif.tobytes())).width == 400


def test_white_shows_through_what_is_transparent():
    content = io.BytesIO()
    Image.new("RGBA", (200, 200), (0, 0, 0, 0)).save(content, format="PNG")
    photo = prepare_photo(SimpleUploadedFile("a.png", content.getvalue()))
    assert opened(photo.large).getpixel((100, 100)) == (255, 255, 255)


def png_of(width: int, height: int) -> bytes:
    """A PNG that says it is so large, and holds next to nothing."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("empty.jpg", b""),
        ("words.jpg", b"hello, I am a picture"),
        ("drawing.jpg", SVG),
        ("page.png", b"<html><body>no</body></html>"),
        ("bomb.png", png_of(50_000, 50_000)),
        ("large.png", png_of(6_000, 6_000)),
        ("truncated.png", png_of(800, 800)),
        ("paper.jpg", b"%PDF-1.7 not a photo"),
        ("moving.gif", b"GIF89a" + b"\0" * 500),
        ("head.jpg", b"\xff\xd8\xff\xe0" + b"\0" * 300),
    ],
)
def test_refuses_what_is_no_photo(name, content):
    with pytest.raises(PhotoRefused) as refusal:
        prepare_photo(SimpleUploadedFile(name, content, content_type="image/jpeg"))
    assert name in str(refusal.value)


def test_refuses_more_than_seven_megabytes_unread():
    class Unread(SimpleUploadedFile):
        def read(self, *_: object) -> bytes:
            raise AssertionError("It was read.")

    upload = Unread("large.jpg", b"")
    upload.size = MOST_BYTES + 1
    with pytest.raises(PhotoRefused):
        prepare_photo(upload)


def test_refuses_a_stamp():
    with pytest.raises(PhotoRefused):
        prepare_photo(make_picture(size=(40, 40)))


def test_a_large_photo_of_a_phone_is_taken():
    photo = prepare_photo(make_picture(size=(8160, 6144)))
    assert photo.width == LARGE
