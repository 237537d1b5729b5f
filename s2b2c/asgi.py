"""
The ASGI door: the live server, which holds WebSockets open and answers nothing else.

``WEB_CLASS=asgi gunicorn -c python:s2b2c.gunicorn s2b2c.asgi`` serves it; pages and the API stay with WSGI.
"""

import os
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "s2b2c.settings.prod")
django.setup()

from apps.support.web import live  # noqa: E402 - models load only after the setup


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Serve a WebSocket; tell whoever asks by plain HTTP whether the server lives."""
    if scope["type"] == "websocket":
        await live.serve(scope, receive, send)
    elif scope["type"] == "lifespan":
        await _live_and_end(receive, send)
    else:
        status = 200 if scope["path"] == "/live/health" else 404
        headers = [(b"content-type", b"text/plain"), (b"content-length", b"0")]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": b""})


async def _live_and_end(receive: Any, send: Any) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
