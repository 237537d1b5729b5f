"""A running suite with all that a figure needs: its books, the provider sandbox, a supplier who fills the shelves."""

import itertools
import json
import os
import re
import signal
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
from celery import Celery

from tests.journeys.figures.books import Books, eventually
from tests.journeys.figures.buyers import Buyer, Client
from tests.plugins.live_suite import LiveSuite


@dataclass
class Shop:
    """One suite for all figures. ``faults`` is the directory that its processes look for faults in."""

    suite: LiveSuite
    faults: Path
    books: Books = field(init=False)
    supplier: Client = field(init=False)
    _parts: Iterator[dict[str, Any]] = field(init=False)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self.books = Books(self.suite.database_url)
        self.supplier = Client(self.suite.base_url).sign_in("supplier@demo.example")
        self._parts = iter(self._list_parts())

    # Shelves

    def fresh_part(self, *, stock: int) -> int:
        """Product id of a part that nobody here sold yet, with so many pieces on its only shelf."""
        with self._lock:
            offer = next(self._parts)
            self.stock_up(offer, stock)
        return offer["product_id"]

    def stock_up(self, offer: dict[str, Any], stock: int) -> None:
        """Count a shelf."""
        answer = self.supplier.call(
            "PUT",
            f"supplier/stock/{offer['sku']}/",
            {"site": offer["site"], "on_hand": stock},
            idempotency_key=str(uuid.uuid4()),
        )
        assert answer.status == 200, answer

    def _list_parts(self) -> list[dict[str, Any]]:
        """Offers of parts that lie on one shelf and that nobody ever ordered."""
        fresh = {
            row[0]
            for row in self.books.rows(
                "SELECT l.product_id FROM inventory_stocklevel l JOIN catalog_productinfo i USING (product_id)"
                " LEFT JOIN inventory_reservation r ON r.level_id = l.id WHERE i.kind = 'part'"
                " GROUP BY l.product_id HAVING count(DISTINCT l.id) = 1 AND count(r.id) = 0"
            )
        }
        offers: list[dict[str, Any]] = []
        for page in itertools.count(1):
            answer = self.supplier.call("GET", f"supplier/offers/?page_size=100&page={page}")
            assert answer.status == 200, answer
            offers += answer.body["results"]
            if answer.body["next"] is None:
                break
        return [offer for offer in offers if offer["product_id"] in fresh]

    @property
    def merchant(self) -> dict[str, str]:
        """What the providers told the merchant: numbers and addresses, public keys' names, its own secrets."""
        lines = (self.suite.home / "sandbox" / "merchant.env").read_text(encoding="utf-8").splitlines()
        return dict(line.split("=", 1) for line in lines if "=" in line)

    def buyer(self) -> Buyer:
        """A guest who just came in."""
        return Buyer(self.suite.base_url)

    # Providers

    def control(self, action: str, **values: Any) -> dict[str, Any]:
        """Ask the sandbox for trouble, or for its end."""
        content = json.dumps({"action": action, **values}).encode()
        answer = Client(self.suite.sandbox_url).send("POST", "/_control/", content)
        assert answer.status == 200, answer
        return answer.body

    def deliveries(self) -> list[dict[str, Any]]:
        """The sandbox's latest 200 notifications, latest first."""
        return Client(self.suite.sandbox_url).send("GET", "/_control/").body["deliveries"]

    # The suite's own processes

    def python(self, *lines: str) -> str:
        """Run Python in the suite's environment, with ``now``; what it printed."""
        code = ["from django.utils import timezone", "now = timezone.now()", *lines]
        return self.suite.manage("shell", "-v", "0", "-c", "\n".join(code))

    def server_errors(self) -> int:
        """How many answers of the web process began with a 5 so far."""
        text = Client(self.suite.base_url).send("GET", "/metrics").content.decode()
        found = re.findall(r'^django_http_responses_total_by_status_total{status="5\d\d"} (\S+)$', text, re.MULTILINE)
        return round(sum(map(float, found)))

    def tick(self, task: str) -> None:
        """Have a worker do now what beat asks for every half minute."""
        broker = Celery(broker=self.redis_url, set_as_current=False)
        broker.send_task(task, queue="critical")
        broker.close()

    @property
    def redis_url(self) -> str:
        """The address of the suite's Redis."""
        return psutil.Process(self.suite.pid("web")).environ()["REDIS_URL"]

    def await_outbox(self, *, seconds: float = 60) -> None:
        """Wait until every fact is delivered; a dead letter fails the test."""
        query = "SELECT status, count(*) FROM kernel_outboxdelivery WHERE status <> 'DONE' GROUP BY status"
        left = eventually(
            lambda: dict(self.books.rows(query)), lambda found: not found or "DEAD" in found, seconds=seconds
        )
        assert left == {}

    @contextmanager
    def without_redis(self) -> Iterator[None]:
        """Have no Redis for a while: killed, and nobody there to start it again."""
        redis = self.suite.pid("redis")
        os.kill(self.suite.supervisor_pid, signal.SIGSTOP)
        try:
            os.killpg(redis, signal.SIGKILL)
            yield
        finally:
            os.kill(self.suite.supervisor_pid, signal.SIGCONT)
        self.suite.wait_restarted("redis", since=redis)

    @contextmanager
    def frozen(self, name: str) -> Iterator[None]:
        """Stop a process where it is for a while."""
        self.suite.freeze(name)
        try:
            yield
        finally:
            self.suite.thaw(name)

    # Faults

    @contextmanager
    def without_guards(self) -> Iterator[None]:
        """Take the guards of stock away for a while: the row lock, and the constraint behind it."""
        table, name = "inventory_stocklevel", "inventory_never_promise_more_than_on_hand"
        definition = self.books.value("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = %s", name)
        self.books.rows(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
        switch = self.faults / "patched"
        switch.touch()
        try:
            yield
        finally:
            switch.unlink()
            self.books.rows(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")

    def arm(self, point: str, whom: str = "self") -> None:
        """Have the next process that comes to ``point`` die there, alone (``self``) or with its ``group``."""
        (self.faults / "armed" / point).write_text(whom)

    def has_died_at(self, point: str) -> bool:
        """Whether a process died at ``point``."""
        return (self.faults / "fired" / point).exists()
