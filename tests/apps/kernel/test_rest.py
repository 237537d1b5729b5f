"""REST tools: one shape of error for everything, no raw 5xx, money as text, idempotent methods."""

import json
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.http import Http404
from django.utils import translation
from rest_framework import exceptions, serializers
from rest_framework.permissions import AllowAny
from rest_framework.response import Response
from rest_framework.test import APIRequestFactory, force_authenticate
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from apps.kernel.api import Conflict, Money, PrivateFile, Unavailable
from apps.kernel.models import IdempotencyKey, InboxMessage
from apps.kernel.rest import MoneyField, PageNumberPagination, idempotent
from apps.kernel.rest.parsers import JSONParser

factory = APIRequestFactory()


class OutOfStock(Conflict):
    code = "out_of_stock"
    message = "Only %(left)s left, %% sold."


class Line(serializers.Serializer):
    quantity = serializers.IntegerField(min_value=1)


class Order(serializers.Serializer):
    name = serializers.CharField()
    total = MoneyField(min_value=Decimal("0.01"), currency="CNY")
    lines = Line(many=True)


def ask(act=lambda request: Response({}), *, method="get", permission=AllowAny, user=None, throttles=(), **kwargs):
    """Send one request to a view that does ``act``; the status, the body as a client reads it, the headers."""

    class View(APIView):
        permission_classes = [permission]
        throttle_classes = list(throttles)
        parser_classes = [JSONParser]

        def get(self, request):
            return act(request)

        def post(self, request):
            return act(request)

    request = getattr(factory, method)("/api/v1/things/", **kwargs)
    if user is not None:
        force_authenticate(request, user)
    response = View.as_view()(request).render()
    return response.status_code, json.loads(response.content), response.headers


def post_raw(body, act=lambda request: Response(request.data)):
    return ask(act, method="post", data=body, content_type="application/json")


def raising(error):
    def act(request):
        raise error

    return act


def executing(sql):
    def act(request):
        with connection.cursor() as cursor:
            cursor.execute(sql)

    return act


def test_a_refusal_is_told_with_its_own_status_code_and_context():
    status, body, _ = ask(raising(OutOfStock(left=3, price=Money.of("1.00"), fields={"quantity": ["Too many."]})))

    assert status == 409
    assert body == {
        "code": "out_of_stock",
        "message": "Only 3 left, % sold.",
        "fields": {"quantity": ["Too many."]},
        "context": {"left": 3, "price": {"amount": "1.00", "currency": "CNY"}},
    }


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (Http404(), 404, "not_found"),
        (exceptions.NotFound(), 404, "not_found"),
        (PermissionDenied(), 403, "forbidden"),
        (exceptions.PermissionDenied(), 403, "forbidden"),
        (exceptions.NotAuthenticated(), 401, "not_authenticated"),
        (exceptions.AuthenticationFailed(), 401, "not_authenticated"),
        (exceptions.ParseError(), 400, "malformed_json"),
        (exceptions.UnsupportedMediaType("text/plain"), 415, "unsupported_media_type"),
        (Unavailable(), 503, "unavailable"),
    ],
)
def test_every_refusal_of_the_frameworks_has_the_same_shape(error, status, code):
    answered, body, _ = ask(raising(error))

    assert (answered, body["code"]) == (status, code)
    assert body["message"]
    assert set(body) == {"code", "message", "fields", "context"}


def test_a_stranger_is_asked_to_sign_in():
    from rest_framework.permissions import IsAuthenticated

    status, body, headers = ask(permission=IsAuthenticated)

    assert (status, body["code"]) == (401, "not_authenticated")
    assert "WWW-Authenticate" in headers


def test_a_wrong_method_is_405():
    assert ask(method="delete")[0] == 405


def test_a_throttled_client_learns_when_to_return():
    class Full(BaseThrottle):
        def allow_request(self, request, view):
            return False

        def wait(self):
            return 11.2

    status, body, headers = ask(throttles=[Full])

    assert (status, body["code"], body["context"]) == (429, "throttled", {"retry_after": 12})
    assert headers["Retry-After"] == "12"


def test_messages_speak_the_readers_language():
    with translation.override("en"):
        english = ask(raising(Http404()))[1]["message"]

    assert english == "We could not find this."


def check_order(request):
    Order(data=request.data).is_valid(raise_exception=True)
    return Response({})


def test_invalid_input_is_told_field_by_field():
    status, body, _ = post_raw(
        json.dumps({"total": {"amount": "1.00", "currency": "CNY"}, "lines": [{"quantity": 1}, {"quantity": 0}]}),
        check_order,
    )

    assert (status, body["code"]) == (400, "invalid")
    assert set(body["fields"]) == {"name", "lines.1.quantity"}


@pytest.mark.parametrize("body", ["[]", "1", '"text"', "null"])
def test_a_body_that_is_no_object_is_invalid(body):
    status, answer, _ = post_raw(body, check_order)

    assert (status, answer["code"]) == (400, "invalid")


@pytest.mark.parametrize(
    "body", ["{", "{'a': 1}", '{"a": NaN}', b"\xff\xfe{", "[" * 100_000, '{"a": ' + "9" * 5000 + "}"]
)
def test_what_is_not_json_is_malformed(body):
    status, answer, _ = post_raw(body)

    assert (status, answer["code"]) == (400, "malformed_json")


@pytest.mark.parametrize(
    "body",
    [
        r'{"a": "\u0000"}',
        r'{"a": [{"\u0000": 1}]}',
        r'{"a": "\ud800"}',
        '{"a": 9223372036854775808}',
        '{"a": -9223372036854775809}',
        '{"a": 1e999}',
    ],
)
def test_what_no_database_can_hold_is_refused_at_the_door(body):
    status, answer, _ = post_raw(body)

    assert (status, answer["code"]) == (400, "invalid")


def test_a_body_beyond_the_limit_is_not_even_read(settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100

    status, answer, _ = post_raw(json.dumps({"a": "x" * 100}))

    assert (status, answer["code"]) == (413, "payload_too_large")


@pytest.mark.django_db
def test_an_id_of_the_wrong_kind_is_invalid():
    status, answer, _ = ask(lambda request: list(PrivateFile.objects.filter(pk="not a uuid")))

    assert (status, answer["code"]) == (400, "invalid")
    assert answer["fields"]["non_field_errors"]


def test_what_a_database_can_hold_passes():
    body = {"a": [9223372036854775807, 1.5, True, None, "汉字 🚗"], "b": {}}

    assert post_raw(json.dumps(body))[:2] == (200, body)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "act",
    [
        lambda request: InboxMessage.objects.filter(message_id="a\0b").exists(),
        lambda request: InboxMessage.objects.filter(message_id="\ud800").exists(),
        lambda request: InboxMessage.objects.filter(pk=1).update(message_id="x" * 300),
        executing("SELECT 99999999999::integer"),
        executing("SELECT 'x'::integer"),
    ],
)
def test_input_out_of_the_databases_range_is_the_clients_mistake(act):
    def act_in_a_transaction(request):
        with transaction.atomic():
            InboxMessage.objects.create(pk=1, consumer="x", message_id="1", received_at="2026-01-01T00:00Z")
            act(request)

    status, body, _ = ask(act_in_a_transaction)

    assert (status, body["code"]) == (400, "invalid")


def raising_in_database(sqlstate):
    return executing(f"DO $$ BEGIN RAISE EXCEPTION 'told so' USING ERRCODE = '{sqlstate}'; END $$")


@pytest.mark.django_db
@pytest.mark.parametrize("sqlstate", ["55P03", "57014", "40P01", "40001", "57P01", "53300"])
def test_a_lost_race_for_a_lock_may_be_tried_again(sqlstate):
    status, body, headers = ask(raising_in_database(sqlstate))

    assert (status, body["code"]) == (503, "try_again")
    assert headers["Retry-After"] == "1"


@pytest.mark.django_db(transaction=True)
def test_a_lock_held_by_another_may_be_tried_again(now, race):
    InboxMessage.objects.create(consumer="x", message_id="1", received_at=now)

    def act(request):
        with transaction.atomic():
            return list(InboxMessage.objects.select_for_update(nowait=True))

    with transaction.atomic():
        list(InboxMessage.objects.select_for_update())
        [(status, body, _)] = race(lambda: ask(act))

    assert (status, body["code"]) == (503, "try_again")


@pytest.mark.django_db
def test_a_bug_stays_a_bug():
    with pytest.raises(ZeroDivisionError):
        ask(raising(ZeroDivisionError()))
    with pytest.raises(IntegrityError):
        ask(raising_in_database("23514"))


@pytest.mark.parametrize(
    ("data", "is_fine"),
    [
        ({"amount": "169900.00", "currency": "CNY"}, True),
        ({"amount": "0.5", "currency": "CNY"}, True),
        ({"amount": "0.00", "currency": "CNY"}, False),
        ({"amount": "1.001", "currency": "CNY"}, False),
        ({"amount": "1" * 13, "currency": "CNY"}, False),
        ({"amount": 1.5, "currency": "CNY"}, False),
        ({"amount": 1, "currency": "CNY"}, False),
        ({"amount": "1e3", "currency": "CNY"}, False),
        ({"amount": "١", "currency": "CNY"}, False),
        ({"amount": "1.00\n", "currency": "CNY"}, False),
        ({"amount": "1.00", "currency": "USD"}, False),
        ({"amount": "1.00", "currency": ["CNY"]}, False),
        ({"amount": "1.00"}, False),
        ({"amount": "1.00", "currency": "CNY", "more": 1}, False),
        ("1.00", False),
        (None, False),
        ([], False),
    ],
)
def test_money_is_read_strictly(data, is_fine):
    order = Order(data={"name": "x", "total": data, "lines": []})

    assert order.is_valid() is is_fine
    if is_fine:
        assert order.validated_data["total"] == Money.of(data["amount"])
    else:
        assert order.errors["total"]


def test_money_is_written_as_text():
    assert MoneyField().to_representation(Money.of(5)) == {"amount": "5.00", "currency": "CNY"}


@pytest.mark.parametrize(
    ("query", "status", "count"),
    [
        ("", 200, 20),
        ("?page_size=7", 200, 7),
        ("?page_size=1000", 200, 100),
        ("?page_size=0", 200, 20),
        ("?page=2&page_size=100", 200, 50),
        ("?page=3&page_size=100", 404, None),
        ("?page=0", 404, None),
        ("?page=x", 404, None),
        ("?page=" + "9" * 30, 404, None),
        ("?page=" + "9" * 5000, 404, None),
    ],
)
def test_lists_come_in_pages(query, status, count):
    class View(APIView):
        permission_classes = [AllowAny]
        throttle_classes = []

        def get(self, request):
            pages = PageNumberPagination()
            return pages.get_paginated_response(pages.paginate_queryset(list(range(150)), request, view=self))

    response = View.as_view()(factory.get(f"/api/v1/things/{query}"))

    assert response.status_code == status
    if count is None:
        assert response.data["code"] == "not_found"
    else:
        assert set(response.data) == {"count", "next", "previous", "results"}
        assert (response.data["count"], len(response.data["results"])) == (150, count)


class Counting(APIView):
    permission_classes = [AllowAny]
    throttle_classes = []
    parser_classes = [JSONParser]
    times = 0

    @idempotent(scope="tests.count")
    def post(self, request):
        if request.data.get("refuse"):
            raise OutOfStock(left=0)
        if request.data.get("invalid"):
            raise serializers.ValidationError({"name": ["Wrong."]})
        type(self).times += 1
        return Response({"times": self.times}, status=201)


@pytest.fixture
def post_counting(db):
    Counting.times = 0

    def post(data, *, key=None, user=None):
        headers = {} if key is None else {"Idempotency-Key": key}
        request = factory.post("/api/v1/count/", data, format="json", headers=headers)
        if user is not None:
            force_authenticate(request, user)
        response = Counting.as_view()(request).render()
        return response.status_code, json.loads(response.content), response.headers.get("Idempotency-Replayed")

    return post


def test_an_idempotent_method_wants_a_key(post_counting):
    status, body, _ = post_counting({})

    assert (status, body["code"]) == (400, "idempotency_key_required")
    assert Counting.times == 0


def test_a_key_that_is_not_sensible_is_refused(post_counting):
    status, body, _ = post_counting({}, key="k" * 201)

    assert (status, body["code"]) == (400, "idempotency_key_invalid")


def test_an_idempotent_method_replays(post_counting):
    assert post_counting({"a": 1}, key="k") == (201, {"times": 1}, None)
    assert post_counting({"a": 1}, key="k") == (201, {"times": 1}, "true")
    assert post_counting({"a": 2}, key="k")[:2][0] == 409
    assert Counting.times == 1


def test_a_key_belongs_to_its_actor(post_counting, person):
    assert post_counting({}, key="k", user=person)[1] == {"times": 1}
    assert post_counting({}, key="k")[1] == {"times": 2}


def test_a_refusal_is_replayed(post_counting):
    first, again = post_counting({"refuse": True}, key="k"), post_counting({"refuse": True}, key="k")

    assert first[:2] == again[:2]
    assert (first[0], again[2]) == (409, "true")


def test_invalid_input_does_not_use_up_the_key(post_counting):
    assert post_counting({"invalid": True}, key="k")[0] == 400
    assert post_counting({}, key="k")[0] == 201
    assert IdempotencyKey.objects.count() == 1


def test_a_twin_in_progress_is_409(post_counting, now, monkeypatch):
    from django.utils import timezone

    from apps.kernel import idempotency

    monkeypatch.setattr(idempotency, "TWIN_PATIENCE", timedelta(0))
    post_counting({}, key="k")
    IdempotencyKey.objects.update(
        status="STARTED", response_status=None, response_body=None, lease_ends_at=timezone.now() + timedelta(hours=1)
    )

    status, body, _ = post_counting({}, key="k")

    assert (status, body["code"]) == (409, "request_in_progress")
