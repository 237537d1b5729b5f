"""One JSON line on standard output for each request and each delivery; no keys, tokens or message bodies."""

import json
import sys

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .clock import as_utc, read_clock


def write_log(*, at: float, **fields: object) -> None:
    """Print one line."""
    sys.stdout.write(json.dumps({"at": as_utc(at), **fields}, ensure_ascii=False) + "\n")
    sys.stdout.flush()


class RequestLog:
    """ASGI middleware that logs each request when it ends, however it ends."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = read_clock()
        status = 0

        async def watch(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, watch)
        finally:
            # Provider packages leave what they were asked and why they refused in the scope's state.
            notes = scope.get("state", {}).get("notes", {})
            now = read_clock()
            request = {
                "method": scope["method"],
                "path": scope["path"],
                "status": status,
                "ms": round((now - started) * 1000),
            }
            # A note may carry any name; an exception here would cut the connection under an answer.
            write_log(at=now, **(notes | request))
