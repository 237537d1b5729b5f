"""Buyers and suppliers as programs: HTTP, JSON, a cookie jar, many at once."""

import http.client
import json
import threading
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import Any, TypeVar
from urllib.parse import urlsplit

ADDRESS = {
    "name": "李雷",
    "phone": "13800138000",
    "province": "上海市",
    "city": "上海市",
    "district": "浦东新区",
    "line": "世纪大道 100 号",
}
DELIVERY = {"method": "delivery", "address": ADDRESS}
PATIENCE = 60.0
T = TypeVar("T")


class HungUp(Exception):
    """The other side ended the connection without an answer."""


@dataclass(frozen=True)
class Answer:
    """What came back; ``body`` is the JSON, or None where it is none."""

    status: int
    headers: dict[str, str]
    content: bytes

    @property
    def body(self) -> Any:
        """The JSON of the answer."""
        try:
            return json.loads(self.content) if self.content else None
        except ValueError:
            return None

    @property
    def code(self) -> str:
        """The stable code of a refusal."""
        return self.body["code"] if isinstance(self.body, dict) and "code" in self.body else ""


@dataclass
class Client:
    """A client with a cookie jar. It never repeats a request by itself: repeating is what some tests are about."""

    base_url: str
    headers: dict[str, str] = field(default_factory=dict)
    cookies: dict[str, str] = field(default_factory=dict)

    def send(self, method: str, path: str, content: bytes | None = None, **headers: str) -> Answer:
        """
        Send one request; ``x_order_token="…"`` becomes the header X-Order-Token.

        :raises HungUp: if there was no answer
        """
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        sent = {"Content-Type": "application/json", **self.headers, **named}
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        # A connection for each request: which worker answers is then up to the kernel, as with many buyers.
        connection = http.client.HTTPConnection(urlsplit(self.base_url).netloc, timeout=PATIENCE)
        try:
            connection.request(method, path, content, sent)
            response = connection.getresponse()
            answer = Answer(response.status, dict(response.getheaders()), response.read())
            received = response.headers.get_all("Set-Cookie") or []
        except (http.client.HTTPException, OSError) as error:
            raise HungUp(f"{method} {path}: {error!r}") from error
        finally:
            connection.close()
        for line in received:
            self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(line).items()}
        return answer

    def call(self, method: str, path: str, values: Any = None, **headers: str) -> Answer:
        """Send JSON to the API."""
        content = None if values is None else json.dumps(values).encode()
        return self.send(method, f"/api/v1/{path}", content, **headers)

    def sign_in(self, email: str, password: str = "demo-pass-2026") -> "Client":
        """Sign in as an app does."""
        credentials = json.dumps({"email": email, "password": password}).encode()
        answer = self.send("POST", "/_allauth/app/v1/auth/login", credentials)
        assert answer.status == 200, answer
        self.headers["X-Session-Token"] = answer.body["meta"]["session_token"]
        return self


@dataclass(frozen=True)
class Order:
    """An order as its buyer holds it."""

    number: str
    token: str
    provider: str
    payment: str
    action_url: str
    total: dict[str, str]


class Buyer(Client):
    """A guest."""

    cart: dict[str, Any]
    email = "guest@figures.example"

    def fill(self, product_id: int, quantity: int = 1) -> "Buyer":
        """Put pieces of a product into the cart."""
        answer = self.call("POST", "cart/lines/", {"product_id": product_id, "quantity": quantity})
        assert answer.status == 200, answer
        self.cart = answer.body
        return self

    def check_out(self, *, key: str | None = None, provider: str = "wechatpay", **changes: Any) -> Answer:
        """Order what is in the cart."""
        wish = {
            "email": self.email,
            "fulfilment": DELIVERY,
            "payment": {"provider": provider, "plan": "full"},
            "expected_total": self.cart["total"],
            **changes,
        }
        return self.call("POST", "checkout/", wish, idempotency_key=key or str(uuid.uuid4()))

    def buy(self, product_id: int, *, provider: str = "wechatpay", **changes: Any) -> Order:
        """Fill the cart and order; it must succeed."""
        answer = self.fill(product_id).check_out(provider=provider, **changes)
        assert answer.status == 201, answer
        return order_of(answer, provider)

    def read(self, order: Order) -> dict[str, Any]:
        """Read an order with its token."""
        answer = self.call("GET", f"orders/{order.number}/", x_order_token=order.token)
        assert answer.status == 200, answer
        return answer.body

    def cancel(self, order: Order) -> Answer:
        """Call an order off."""
        path = f"orders/{order.number}/cancel/"
        return self.call("POST", path, {"reason": "changed my mind"}, x_order_token=order.token)


def order_of(answer: Answer, provider: str) -> Order:
    """Read what checkout answered."""
    body = answer.body
    return Order(
        number=body["order"]["number"],
        token=body["order_token"],
        provider=provider,
        payment=body["payment"]["id"],
        action_url=body["payment"]["action"]["url"],
        total=body["order"]["total"],
    )


def decide(action_url: str, **decision: Any) -> Answer:
    """Play the buyer at a provider's cashier: ``result``, ``notify``, perhaps ``delay_seconds``."""
    parts = urlsplit(action_url)
    path = f"{parts.path}?{parts.query}" if parts.query else parts.path
    content = json.dumps({"result": "success", "notify": "once", **decision}).encode()
    return Client(f"{parts.scheme}://{parts.netloc}").send("POST", path, content)


def at_once(jobs: Iterable[Callable[[], T]], *, most: int | None = None) -> list[T]:
    """
    Run jobs in threads that start together; return what each returned, in order. ``most`` limits how many run at once.

    An exception in one of them is raised here.
    """
    waiting = list(jobs)
    answers: dict[int, T] = {}
    failures: list[BaseException] = []
    numbers = iter(range(len(waiting)))
    lock, gate = threading.Lock(), threading.Barrier(min(most or len(waiting), len(waiting)) or 1)

    def work() -> None:
        gate.wait()
        while True:
            with lock:
                number = next(numbers, None)
            if number is None:
                return
            try:
                answers[number] = waiting[number]()
            except BaseException as error:  # noqa: BLE001 - raised again below, in the test's own thread
                failures.append(error)

    threads = [threading.Thread(target=work) for _ in range(gate.parties)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    return [answers[number] for number in range(len(waiting))]
