"""The page cache's own way to Redis: short waits, and none at all for a while after a failure."""

import hashlib
import logging
import os
import threading
import time
from functools import lru_cache
from typing import Any

from django.conf import settings
from redis import Redis
from redis.exceptions import ConnectionError as ConnectionLost
from redis.exceptions import NoScriptError, RedisError

logger = logging.getLogger(__name__)
# As long as the other cache waits: on a busy machine, giving up early would make it busier still.
TIMEOUT_SECONDS = 1.0
REST_SECONDS = 2.0


class Unreachable(Exception):
    """Redis did not answer, or did not a moment ago. A page is rendered instead."""


class Script:
    """A Lua script, known to Redis by its digest once it was sent there."""

    def __init__(self, source: str) -> None:
        self.source = source.encode()
        self.digest = hashlib.sha1(self.source, usedforsecurity=False).hexdigest().encode()


class Client:
    """
    Runs scripts in one Redis, over one connection for each thread.

    A question for a page costs more in a client's pools, retries and metrics than in Redis; so it goes straight to the
    connection. After a failure nobody is asked for ``REST_SECONDS``.
    """

    def __init__(self, url: str) -> None:
        client = Redis.from_url(url, socket_timeout=TIMEOUT_SECONDS, socket_connect_timeout=TIMEOUT_SECONDS)
        pool = client.connection_pool
        self._connect = lambda: pool.connection_class(**pool.connection_kwargs)
        self._mine = threading.local()
        self._rests_until = 0.0

    def run(self, script: Script, *, keys: list[str], args: list[Any], even_now: bool = False) -> Any:
        """
        Run a script.

        ``even_now``: ask although it failed a moment ago.

        :raises Unreachable: if there is no answer
        """
        if not even_now and time.monotonic() < self._rests_until:
            raise Unreachable
        try:
            try:
                return self._ask(b"EVALSHA", script.digest, len(keys), *keys, *args)
            except NoScriptError:
                return self._ask(b"EVAL", script.source, len(keys), *keys, *args)
        except RedisError as failure:
            self._rests_until = time.monotonic() + REST_SECONDS
            logger.warning("page cache: Redis does not answer (%s); pages are rendered for %s s", failure, REST_SECONDS)
            raise Unreachable from failure

    def _ask(self, *command: Any) -> Any:
        packed = _pack(command)
        try:
            return self._send(packed)
        except ConnectionLost:
            # Closed while nobody asked: Redis was restarted, say. All our scripts may run twice.
            return self._send(packed)

    def _send(self, packed: bytes) -> Any:
        connection = getattr(self._mine, "connection", None)
        if connection is None or self._mine.pid != os.getpid():
            connection = self._mine.connection = self._connect()
            self._mine.pid = os.getpid()
        try:
            connection.send_packed_command([packed], check_health=False)
            return connection.read_response(disable_decoding=True)
        except NoScriptError:
            raise
        except RedisError:
            # An answer that comes late must not be taken for the next one's.
            connection.disconnect()
            raise


def _pack(command: tuple[Any, ...]) -> bytes:
    """Write a command in Redis's protocol. Source: https://redis.io/docs/latest/develop/reference/protocol-spec/"""
    pieces = [b"*%d\r\n" % len(command)]
    for part in command:
        word = part if isinstance(part, bytes) else str(part).encode()
        pieces.append(b"$%d\r\n%b\r\n" % (len(word), word))
    return b"".join(pieces)


@lru_cache(maxsize=4)
def _client_of(url: str) -> Client:
    return Client(url)


def get_client() -> Client | None:
    """Return this process's client; None where the page cache is switched off."""
    return _client_of(settings.PAGE_CACHE_URL) if settings.PAGE_CACHE_URL else None
