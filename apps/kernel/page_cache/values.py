"""
What pages are made of, kept like pages: for visitors who are signed in, whose pages are rendered for them alone.

A value is what selectors found (frozen dataclasses, rows), the same for everybody who reads the language. It carries
tags and is wrong as soon as one of them is forgotten, exactly like a page. Prices in it are for showing; what is
bought is quoted anew.
"""

import pickle  # nosec B403 - as Django's own cache does
from collections.abc import Callable, Iterable
from typing import TypeVar

from django.conf import settings
from django.utils.translation import get_language

from apps.kernel.page_cache.client import Unreachable, get_client
from apps.kernel.page_cache.pages import page_key, read_value, write_value

T = TypeVar("T")


def keep_value(*parts: object, find: Callable[[], T], tags_of: Callable[[T], Iterable[str]], seconds: int = 300) -> T:
    """
    Return what ``find`` returns, which may have been found before.

    ``parts`` name it (together with release and language); ``tags_of`` says what makes it wrong. What ``find`` raises
    is raised and never kept. Nobody waits for somebody else who is looking: both look.
    """
    client = get_client()
    if client is None:
        return find()
    key = page_key(("value", str(settings.RELEASE), get_language(), *parts))
    try:
        found = read_value(client, key)
    except Unreachable:
        return find()
    if found.content is not None:
        kept: T = pickle.loads(found.content)  # noqa: S301  # nosec B301 - a Redis of ours alone
        return kept
    value = find()
    if found.what == "render":
        try:
            content = pickle.dumps(value, protocol=pickle.HIGHEST_PROTOCOL)
            write_value(client, key, content, made=found.now, tags=frozenset(tags_of(value)), seconds=seconds)
        except Unreachable:
            return value
    return value
