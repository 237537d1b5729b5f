"""A merchant's hook in miniature: keeps what providers post and answers what the test tells it to."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Condition, Thread

WAIT_SECONDS = 10.0


@dataclass(frozen=True)
class Received:
    """One notification as it arrived."""

    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Receiver:
    """What arrived so far, and what to answer: ``(status, body)`` for each notification."""

    url: str = ""
    received: list[Received] = field(default_factory=list)
    answer: Callable[[Received], tuple[int, str]] = lambda _: (200, "success")
    changed: Condition = field(default_factory=Condition)

    def clear(self) -> None:
        with self.changed:
            self.received.clear()
            self.answer = lambda _: (200, "success")

    def wait_for(self, count: int, *, below: str = "/", seconds: float = WAIT_SECONDS) -> list[Received]:
        """Return everything that arrived at addresses ``below`` a path as soon as there are ``count`` of them."""

        def arrived() -> list[Received]:
            return [item for item in self.received if item.path.startswith(below)]

        with self.changed:
            if not self.changed.wait_for(lambda: len(arrived()) >= count, timeout=seconds):
                raise AssertionError(f"{len(arrived())} notifications arrived in {seconds} s, not {count}")
            return arrived()

    def stays_at(self, count: int, *, seconds: float = 0.7) -> bool:
        """Tell whether nothing beyond ``count`` arrives for a while."""
        deadline = time.monotonic() + seconds
        with self.changed:
            return not self.changed.wait_for(
                lambda: len(self.received) != count, timeout=max(0.0, deadline - time.monotonic())
            )


@contextmanager
def running_receiver() -> Iterator[Receiver]:
    """Listen on a free port for the length of the block."""
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            item = Received(path=self.path, headers=dict(self.headers.items()), body=self.rfile.read(length))
            with receiver.changed:
                status, text = receiver.answer(item)
                receiver.received.append(item)
                receiver.changed.notify_all()
            self.send_response(status)
            self.send_header("Content-Length", str(len(text.encode())))
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *args: object) -> None:
            """Keep the tests' output for the tests."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    receiver.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
