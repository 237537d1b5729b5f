"""The cache of the suite: Redis, which may be lost at any time."""

import logging
import time
from collections.abc import Callable
from typing import Any

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)
# After a failure Redis is left alone this long, so that a request does not wait for one time-out after another.
REST_SECONDS = 2.0


class ForgetfulRedisCache(RedisCache):
    """
    Redis that remembers nothing while it is down, instead of failing whoever asks.

    Throttles and rate limits then let everything pass: orders and sign-ins go on. What must hold without Redis (budgets
    of failed sign-ins, idempotency keys, stock) is counted in the database.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._rests_until = 0.0

    def _ask(self, method: Callable[..., Any], otherwise: Any, *args: Any, **kwargs: Any) -> Any:
        if time.monotonic() < self._rests_until:
            return otherwise
        try:
            return method(*args, **kwargs)
        except RedisError as failure:
            self._rests_until = time.monotonic() + REST_SECONDS
            logger.warning("Redis does not answer: %s. The cache is empty for %s s.", failure, REST_SECONDS)
            return otherwise

    def add(self, *args: Any, **kwargs: Any) -> bool:
        """Add; as if nobody had before."""
        return self._ask(super().add, True, *args, **kwargs)

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        """Get; the default."""
        return self._ask(super().get, default, key, default, version=version)

    def set(self, *args: Any, **kwargs: Any) -> None:
        """Set; forget."""
        self._ask(super().set, None, *args, **kwargs)

    def touch(self, *args: Any, **kwargs: Any) -> bool:
        """Touch; there is nothing to touch."""
        return self._ask(super().touch, False, *args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> bool:
        """Delete; there is nothing to delete."""
        return self._ask(super().delete, False, *args, **kwargs)

    def get_many(self, *args: Any, **kwargs: Any) -> dict[Any, Any]:
        """Get many; none."""
        return self._ask(super().get_many, {}, *args, **kwargs)

    def set_many(self, *args: Any, **kwargs: Any) -> list[Any]:
        """Set many; forget."""
        return self._ask(super().set_many, [], *args, **kwargs)

    def delete_many(self, *args: Any, **kwargs: Any) -> None:
        """Delete many; there are none."""
        self._ask(super().delete_many, None, *args, **kwargs)

    def has_key(self, *args: Any, **kwargs: Any) -> bool:
        """Has the key; no."""
        return self._ask(super().has_key, False, *args, **kwargs)

    def incr(self, key: Any, delta: int = 1, version: int | None = None) -> int:
        """Count; as if this were the first."""
        return self._ask(super().incr, delta, key, delta, version=version)

    def clear(self) -> bool:
        """Clear; it is empty."""
        return bool(self._ask(super().clear, True))
