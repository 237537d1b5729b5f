"""Whatever is sent to the API, it answers with a named refusal in the reader's language, never with a failure."""

import uuid

import pytest

from tests.journeys.figures.buyers import DELIVERY, Client, at_once
from tests.journeys.figures.misuse import read_operations

pytestmark = pytest.mark.journey

SHAPE = {"code", "message", "fields", "context"}


@pytest.fixture(scope="module")
def callers(shop):
    """One signed-in client for each role, and a guest with a cart."""
    guest = shop.buyer().fill(shop.fresh_part(stock=100_000))
    names = {"dealer": "dealer@demo.example", "consumer": "consumer@demo.example", "supplier": "supplier@demo.example"}
    signed_in = {role: Client(shop.suite.base_url).sign_in(email) for role, email in names.items()}
    return {**signed_in, "guest": guest}


@pytest.fixture(scope="module")
def known(shop, callers):
    """Parameters that lead to rows which exist: the guest's own, or the role's."""
    buyer = shop.buyer()
    order = buyer.buy(shop.fresh_part(stock=10))
    callers["guest"].headers["X-Order-Token"] = order.token
    offers = callers["supplier"].call("GET", "supplier/offers/?page_size=100").body["results"]
    return {
        "number": order.number,
        "line_id": str(callers["guest"].cart["lines"][0]["id"]),
        "sku": offers[-1]["sku"],
        "product_id": str(offers[-1]["product_id"]),
    }


@pytest.fixture(scope="module")
def operations(shop, callers, known):
    """Every operation that the running server's own schema names."""
    answer = Client(shop.suite.base_url).send("GET", "/api/v1/schema/")
    assert answer.status == 200, answer
    cart = callers["guest"].cart
    examples = {
        **DELIVERY,
        "email": "misuse@figures.example",
        "phone": "13800138000",
        "expected_total": cart["total"],
        "price": {"amount": "1.00", "currency": "CNY"},
        "product_id": cart["lines"][0]["product_id"],
        "site": "WH-NOWHERE",
        "provider": "alipay",
    }
    found = read_operations(answer.body, examples)
    assert len(found) > 30
    return found


def what_is_wrong_with(answer):
    """Say what an answer lacks of a clean one; nothing if it is clean."""
    if answer.status >= 500:
        return f"{answer.status} {answer.content[:200]!r}"
    if answer.status < 400:
        return ""
    body = answer.body
    if not isinstance(body, dict) or set(body) != SHAPE:
        return f"{answer.status} shape {answer.content[:200]!r}"
    if not (isinstance(body["code"], str) and body["code"] and isinstance(body["message"], str) and body["message"]):
        return f"{answer.status} words {body!r}"
    are_lists = all(isinstance(messages, list) for messages in body["fields"].values())
    return "" if are_lists and isinstance(body["context"], dict) else f"{answer.status} details {body!r}"


def send(caller, misuse):
    """Send one wrong request as ``caller``."""
    headers = {"Idempotency-Key": str(uuid.uuid4()), **misuse.headers}
    answer = caller.send(misuse.method, misuse.path, misuse.content, **headers)
    found = what_is_wrong_with(answer)
    return [f"{misuse.method} {misuse.path[:80]} {misuse.what}: {found}"] if found else []


def test_every_wrong_request_is_refused_by_name(operations, callers, known):
    misuses = [(callers[one.role], misuse) for one in operations for misuse in one.misuses(known)]
    assert len(misuses) > 1000

    answers = at_once([lambda c=caller, m=misuse: send(c, m) for caller, misuse in misuses], most=8)

    assert [line for lines in answers for line in lines] == []


def test_a_stranger_is_told_so_in_the_same_shape(operations, callers, known, shop):
    stranger = Client(shop.suite.base_url)
    for operation in operations:
        content = b"{}" if operation.body is not None else None
        answer = stranger.send(operation.method.upper(), operation.address(known), content, idempotency_key="1")
        assert what_is_wrong_with(answer) == "", (operation, answer)
        if operation.role != "guest":
            assert answer.status == 401, (operation, answer)


@pytest.mark.parametrize(("language", "word"), [("en", "JSON"), ("zh-hans", "。")])
def test_a_refusal_is_in_the_readers_language(shop, language, word):
    answer = Client(shop.suite.base_url).send("POST", "/api/v1/cart/lines/", b"{", Accept_Language=language)
    assert (answer.status, answer.code) == (400, "malformed_json")
    assert word in answer.body["message"]
    assert answer.headers["Content-Language"] == language


def test_addresses_and_methods_that_are_not_there_are_refused_alike(shop):
    stranger = Client(shop.suite.base_url)
    for method, path, status in (
        ("GET", "", 404),
        ("GET", "nothing/", 404),
        ("POST", "nothing/", 404),
        ("GET", "products/x/", 404),
        ("DELETE", "cart/lines/x/", 404),
        ("BREW", "cart/", 405),
        ("DELETE", "checkout/", 405),
    ):
        answer = stranger.call(method, path)
        assert answer.status == status, answer
        assert what_is_wrong_with(answer) == "", answer
