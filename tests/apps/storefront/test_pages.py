"""Every page answers in both languages, says nothing untranslated, and loads nothing from elsewhere."""

import re
from html import unescape

import pytest
from django.test import Client

PAGES = (
    "/",
    "/vehicles/",
    "/vehicles/?body=suv&power=phev",
    "/vehicles/?body=convertible",
    "/vehicles/jinghong/",
    "/parts/",
    "/parts/?kind=accessory&in_stock=1&ordering=price",
    "/parts/?q=zzzzzz",
    "/packages/",
    "/search/?q=滤清器",
    "/stores/",
    "/stores/?city=上海市&service=sales",
    "/cart/",
    "/account/login/",
)
CHINESE = re.compile(r"[\u4e00-\u9fff]")
# What stays as it is in every language: the switch itself, and data of the pages.
TEXT = re.compile(r"<(script|style|svg|title)\b.*?</\1>|<[^>]+>", re.DOTALL)


@pytest.mark.django_db
@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize(("header", "language"), [("zh-CN", "zh-CN"), ("en", "en")])
def test_answers_in_the_readers_language(address, header, language):
    answer = Client(HTTP_ACCEPT_LANGUAGE=header).get(address)

    assert answer.status_code == 200
    assert f'<html lang="{language}">' in answer.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/", "/vehicles/", "/vehicles/jinghong/", "/parts/", "/packages/", "/stores/"])
def test_speaks_english_throughout(address, reader):
    page = reader.get(address).content.decode().replace("中文", "")

    assert CHINESE.findall(TEXT.sub(" ", page)) == []


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/", "/vehicles/", "/parts/", "/packages/", "/stores/", "/cart/"])
def test_speaks_chinese_throughout(address, visitor):
    page = visitor.get(address).content.decode()

    words = set(re.findall(r"[A-Za-z]{4,}", unescape(TEXT.sub(" ", page))))
    assert words <= {"English", "MagSafe", "Type", "Cookie", "CLTC"}, words


@pytest.mark.django_db
def test_one_policy_forbids_what_the_pages_do_not_need(visitor):
    answer = visitor.get("/")

    policy = answer.headers["Content-Security-Policy"]
    assert "script-src 'self';" in policy + ";"
    assert "style-src 'self';" in policy + ";"
    assert "unsafe" not in policy
    page = answer.content.decode()
    assert not re.search(r"\sstyle=|<style|\son\w+=|javascript:", page)
    # Data blocks are not run, so no policy asks about them.
    assert not re.findall(r'<script(?![^>]*\bsrc=)(?! type="application/ld\+json">)', page)


@pytest.mark.django_db
def test_relaxes_the_policy_for_the_admin_alone(visitor):
    assert "'unsafe-eval'" in visitor.get("/admin/login/").headers["Content-Security-Policy"]
    assert "'unsafe-eval'" not in visitor.get("/parts/").headers["Content-Security-Policy"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address",
    ["/vehicles/nobody/", "/products/nobody/", "/orders/XC0/", "/checkout/pay/XC0/", "/parts/9/", "/nowhere/"],
)
def test_unknown_addresses_are_404_in_the_shops_look(address, visitor):
    answer = visitor.get(address)

    assert answer.status_code == 404
    assert "shop.css" in answer.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "query",
    ["page=0", "page=-1", "page=999999999", "page=x", "fits=99999999999", "fits=abc", "ordering=x", "category=nope"],
)
def test_filters_with_values_they_cannot_have_do_no_harm(query, visitor):
    assert visitor.get(f"/parts/?{query}").status_code == 200


@pytest.mark.django_db
def test_changes_the_language_for_the_rest_of_the_visit(visitor):
    visitor.post("/language/setlang/", {"language": "en", "next": "/vehicles/"})

    assert '<html lang="en">' in visitor.get("/vehicles/").content.decode()


@pytest.mark.django_db
def test_the_account_asks_for_signing_in_first(visitor, signed_in):
    assert visitor.get("/account/").url == "/account/login/?next=/account/"
    assert signed_in.get("/account/").status_code == 200
