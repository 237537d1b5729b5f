"""A receiver of webhooks: a real HTTP server on this machine that verifies what it is sent."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from apps.accounts.api import Organization
from apps.integrations.webhooks.api import WebhookEndpoint, create_endpoint


@dataclass
class Receiver:
    """What came in. ``answer`` says how to answer: a status, or a function of the request handler that answers."""

    url: str = ""
    secrets: list[str] = field(default_factory=list)
    answer: int | Callable[[Any], None] = 204
    headers: list[dict[str, str]] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    verified: list[dict[str, Any]] = field(default_factory=list)
    forged: int = 0

    def take(self, handler: BaseHTTPRequestHandler) -> None:
        """Read one request, verify it as the standard's library does, answer."""
        body = handler.rfile.read(int(handler.headers.get("Content-Length", 0)))
        headers = {name.lower(): value for name, value in handler.headers.items()}
        self.headers.append(headers)
        self.bodies.append(body)
        for secret in self.secrets:
            try:
                self.verified.append(Webhook(secret).verify(body, headers))
                break
            except WebhookVerificationError:
                continue
        else:
            self.forged += 1
        if callable(self.answer):
            self.answer(handler)
            return
        handler.send_response(self.answer)
        handler.end_headers()

    @property
    def ids(self) -> list[str]:
        """The ids of the messages, as they came."""
        return [headers["webhook-id"] for headers in self.headers]

    def data(self) -> list[dict[str, Any]]:
        """The data of the messages, as they came."""
        return [json.loads(body)["data"] for body in self.bodies]


@contextmanager
def receiving(host: str = "127.0.0.1") -> Iterator[Receiver]:
    """A receiver on a free port, until the block ends."""
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            receiver.take(self)

        def do_GET(self) -> None:
            receiver.take(self)

        def log_message(self, *args: object) -> None:
            """Keep still."""

    server = ThreadingHTTPServer((host, 0), Handler)
    server.daemon_threads = True
    receiver.url = f"http://{host}:{server.server_address[1]}/hook"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()


def make_endpoint(organization: Organization, url: str, *event_types: str, now: Any) -> WebhookEndpoint:
    """A webhook of an organization, for these events."""
    return create_endpoint(
        organization=organization, url=url, event_types=event_types or ["stock.changed"], note="", by=None, now=now
    )
