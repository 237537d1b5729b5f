"""What is compressed on its way out, and pages whose blanks are filled after they were compressed."""

import gzip
import random
import zlib

import brotli
import pytest
from django.http import HttpResponse, StreamingHttpResponse
from django.test import RequestFactory

from apps.kernel.page_cache import blanks
from apps.kernel.web.compression import CompressionMiddleware

PAGE = "星驰 Xingchi <p>words</p> " * 200
UNPACK = {"": bytes, "gzip": gzip.decompress, "br": brotli.decompress}
TOKENS = [b"A" * 64, b"0123456789abcdef" * 4, bytes(random.Random(3).choices(range(97, 123), k=64))]


@pytest.fixture
def ask():
    def ask(response, accepts="gzip, br", **request):
        asked = RequestFactory().get("/", headers={"Accept-Encoding": accepts})
        for name, value in request.items():
            setattr(asked, name, value)
        return CompressionMiddleware(lambda _: response)(asked)

    return ask


@pytest.mark.parametrize(
    ("accepts", "encoding"), [("gzip, deflate, br", "br"), ("gzip", "gzip"), ("br;q=0,gzip", "gzip")]
)
def test_text_is_compressed_as_the_browser_likes_it(ask, accepts, encoding):
    answer = ask(HttpResponse(PAGE), accepts)

    assert answer["Content-Encoding"] == encoding
    assert answer["Content-Length"] == str(len(answer.content))
    assert "Accept-Encoding" in answer["Vary"]
    assert UNPACK[encoding](answer.content).decode() == PAGE


@pytest.mark.parametrize(
    "response",
    [
        HttpResponse("short"),
        HttpResponse(PAGE, content_type="image/png"),
        HttpResponse(PAGE, headers={"Content-Encoding": "zstd"}),
        StreamingHttpResponse([PAGE]),
    ],
)
def test_what_is_small_packed_already_streamed_or_no_text_is_left_alone(ask, response):
    assert ask(response).get("Content-Encoding") in (None, "zstd")


def test_a_browser_that_takes_nothing_gets_the_plain_text(ask):
    answer = ask(HttpResponse(PAGE), "identity")

    assert answer.content.decode() == PAGE
    assert "Accept-Encoding" in answer["Vary"]


def test_a_strong_tag_becomes_a_weak_one(ask):
    assert ask(HttpResponse(PAGE, headers={"ETag": '"abc"'}))["ETag"] == 'W/"abc"'


def test_a_page_of_the_page_cache_is_left_to_it(ask):
    assert "Content-Encoding" not in ask(HttpResponse(PAGE), page_visit=object())


@pytest.mark.parametrize("forms", [0, 1, 2, 30])
@pytest.mark.parametrize("apart", [40, 3000, 50_000])
def test_a_page_is_completed_in_every_encoding_as_if_it_had_been_rendered_for_the_visitor(forms, apart):
    chance = random.Random(f"{forms} {apart}")
    words = ["".join(chance.choices("abcdefghijklmnop 星驰汽车", k=chance.randint(2, 9))) for _ in range(300)]
    size = min(apart, 400_000 // max(forms, 1))
    text = f'<input value="{blanks.blank()}">'.join(
        "".join(chance.choices(words, k=size // 7)) for _ in range(forms + 1)
    )

    bodies = {body.encoding: body for body in blanks.encode(text.encode())}

    assert set(bodies) == {"", "gzip", "br"}
    for token in TOKENS:
        rendered = text.replace(blanks.blank(), token.decode()).encode()
        for encoding, body in bodies.items():
            assert UNPACK[encoding](body.fill(token)) == rendered
    assert len(bodies["gzip"].data) < 1.1 * len(zlib.compress(text.encode(), 6)) + 200


def test_the_length_of_a_compressed_page_does_not_depend_on_the_token():
    bodies = blanks.encode((PAGE + blanks.blank() + PAGE + blanks.blank()).encode())

    for body in bodies:
        assert len({len(body.fill(token)) for token in TOKENS}) == 1
