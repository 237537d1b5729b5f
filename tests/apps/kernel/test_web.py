"""HTML refusals: as a message, on a form, as a page, as JSON for programs."""

import json

import pytest
from django import forms
from django.contrib.messages.storage.base import BaseStorage
from django.db import DataError, OperationalError
from django.test import RequestFactory
from django.utils.translation import override

from apps.kernel.api import Conflict, NotFound
from apps.kernel.web import add_to_form, errors, show_message
from apps.kernel.web.middleware import RefuseNulBytes


class SlotTaken(Conflict):
    code = "slot_taken"
    message = "Somebody was <faster>."


class SlotForm(forms.Form):
    slot = forms.CharField()


@pytest.fixture(autouse=True)
def _english():
    with override("en"):
        yield


@pytest.fixture
def get():
    def get(path="/cart/", accept="text/html", **kwargs):
        return RequestFactory().get(path, headers={"Accept": accept}, **kwargs)

    return get


@pytest.fixture
def form():
    form = SlotForm({"slot": "9:00"})
    assert form.is_valid()
    return form


def test_a_refusal_lands_on_the_inputs_it_names(form):
    add_to_form(form, SlotTaken(fields={"slot": ["Taken."], "elsewhere": ["Unknown."]}))

    assert form.errors == {"slot": ["Taken."]}


def test_a_refusal_that_names_no_input_lands_on_the_form(form):
    add_to_form(form, SlotTaken(fields={"elsewhere": ["Unknown."]}))

    assert form.non_field_errors() == ["Somebody was <faster>."]


def test_a_refusal_becomes_a_message(get):
    class Messages(BaseStorage):
        def _get(self, *args, **kwargs):
            return [], True

    request = get()
    request._messages = Messages(request)

    show_message(request, SlotTaken())

    assert [str(message) for message in request._messages] == ["Somebody was <faster>."]


def test_a_person_gets_a_page_with_the_refusals_status(get):
    response = errors.answer(get(), SlotTaken())

    assert response.status_code == 409
    assert b'<h1 class="h2">Somebody was &lt;faster&gt;.</h1>' in response.content


@pytest.mark.parametrize(("path", "accept"), [("/api/v1/nothing/", "text/html"), ("/cart/", "application/json")])
def test_a_program_gets_json(get, path, accept):
    response = errors.page_not_found(get(path, accept))

    assert response.status_code == 404
    assert json.loads(response.content)["code"] == "not_found"


def test_the_root_handlers_answer_with_their_status(get):
    assert errors.bad_request(get()).status_code == 400
    assert errors.permission_denied(get()).status_code == 403
    assert errors.page_not_found(get()).status_code == 404
    assert errors.csrf_failure(get(), "no token").status_code == 403


def server_error_while_handling(error, request):
    try:
        raise error
    except type(error):
        return errors.server_error(request)


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (RuntimeError("a bug"), 500),
        (OperationalError("the database is away"), 503),
        (DataError("out of range"), 400),
        (ValueError("A string literal cannot contain NUL (0x00) characters."), 400),
        (NotFound(), 404),
    ],
)
def test_what_no_view_caught_keeps_its_meaning(get, error, status):
    response = server_error_while_handling(error, get())

    assert response.status_code == status
    assert b"a bug" not in response.content


def test_a_broken_api_call_answers_json(get):
    response = server_error_while_handling(RuntimeError("a bug"), get("/api/v1/things/"))

    assert json.loads(response.content)["code"] == "server_error"


@pytest.mark.parametrize("path", ["/cart/?q=a%00b", "/cart/?%00", "/cart/a%00b/"])
def test_a_nul_byte_reaches_no_view(get, path):
    reached = []

    response = RefuseNulBytes(reached.append)(get(path))

    assert response.status_code == 400
    assert reached == []


def test_other_requests_pass(get):
    request = get("/cart/?q=%E6%9C%BA%E6%B2%B9")

    assert RefuseNulBytes(lambda request: request)(request) is request
