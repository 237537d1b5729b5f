"""Where an app that needs an outside answer meets the adapter that gives it: ``settings.PORTS`` is the table."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import import_string

# Swapped instances of `using`; of the whole process, so that threads started by a test meet the Fake as well.
_swapped: dict[str, Any] = {}


def adapter(port: str) -> Any:
    """
    Return the adapter that answers a port, made once per process.

    :raises ImproperlyConfigured: if ``settings.PORTS`` has no such port
    """
    if port in _swapped:
        return _swapped[port]
    factory = settings.PORTS.get(port)
    if factory is None:
        raise ImproperlyConfigured(f"settings.PORTS names no adapter for the port {port!r}.")
    return _make(factory)


@contextmanager
def using(adapters: Mapping[str, Any]) -> Iterator[None]:
    """Answer these ports with these instances while the block runs: how tests bring in a Fake."""
    before = dict(_swapped)
    _swapped.update(adapters)
    try:
        yield
    finally:
        _swapped.clear()
        _swapped.update(before)


@cache
def _make(factory: str) -> Any:
    return import_string(factory)()
