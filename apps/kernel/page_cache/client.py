"""The page cache's own way to Redis: short waits, and none at all for a while after a failure."""

import logging
import time
from functools import lru_cache
from typing import Any

from django.conf import settings
from redis import Redis
from redis.commands.core import Script
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)
# A page is rendered in less time than anybody would wait for a cache that is down.
TIMEOUT_SECONDS = 0.25
REST_SECONDS = 2.0


class Unreachable(Exception):
    """Redis did not answer, or did not a moment ago. A page is rendered instead."""


class Client:
    """Runs scripts in one Redis; after a failure it does not ask again for ``REST_SECONDS``."""

    def __init__(self, url: str) -> None:
        self._redis = Redis.from_url(
            url, socket_timeout=TIMEOUT_SECONDS, socket_connect_timeout=TIMEOUT_SECONDS, max_connections=64
        )
        self._scripts: dict[str, Script] = {}
        self._rests_until = 0.0

    def run(self, script: str, *, keys: list[str | bytes], args: list[Any], even_now: bool = False) -> Any:
        """
        Run a Lua script.

        ``even_now``: ask although it failed a moment ago.

        :raises Unreachable: if there is no answer
        """
        if not even_now and time.monotonic() < self._rests_until:
            raise Unreachable
        registered = self._scripts.get(script)
        if registered is None:
            registered = self._scripts[script] = self._redis.register_script(script)
        try:
            return registered(keys=keys, args=args)
        except RedisError as failure:
            self._rests_until = time.monotonic() + REST_SECONDS
            logger.warning("page cache: Redis does not answer (%s); pages are rendered for %s s", failure, REST_SECONDS)
            raise Unreachable from failure


@lru_cache(maxsize=4)
def _client_of(url: str) -> Client:
    return Client(url)


def get_client() -> Client | None:
    """Return this process's client; None where the page cache is switched off."""
    return _client_of(settings.PAGE_CACHE_URL) if settings.PAGE_CACHE_URL else None
