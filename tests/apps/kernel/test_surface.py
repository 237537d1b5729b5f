"""The suite as the outside meets it: errors that no view answers, and the actor of a request."""

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader():
    return Client(raise_request_exception=False, headers={"Accept": "text/html", "Accept-Language": "en"})


@pytest.fixture
def program():
    return Client(raise_request_exception=False, headers={"Accept": "application/json", "Accept-Language": "en"})


def test_an_unknown_api_address_is_told_in_json(program):
    response = program.get("/api/v1/no-such-thing/")

    assert response.status_code == 404
    assert response.json() == {
        "code": "not_found",
        "message": "We could not find this.",
        "fields": {},
        "context": {},
    }


def test_an_unknown_page_is_told_in_words(reader):
    response = reader.get("/no-such-page/")

    assert response.status_code == 404
    assert b"We could not find this." in response.content


def test_the_readers_language_is_chinese_unless_asked_otherwise():
    response = Client().get("/no-such-page/")

    assert "没有找到您要的内容" in response.content.decode()


@pytest.mark.parametrize("path", ["/?q=%00", "/api/v1/products/?q=%00", "/a%00b/"])
def test_a_nul_byte_is_the_clients_mistake(reader, path):
    assert reader.get(path).status_code == 400


def test_an_api_call_nobody_signed_for_is_401(program):
    response = program.get("/api/v1/me/")

    assert (response.status_code, response.json()["code"]) == (401, "not_authenticated")


def test_a_private_file_sends_a_stranger_to_sign_in(reader):
    response = reader.get("/files/some-token/")

    assert response.status_code == 302
    assert "/account/" in response["Location"]
