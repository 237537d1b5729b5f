"""
Tags: what a page shows, by name ("product:12", "list"). Forgetting a tag makes every page that carries it wrong.

A tag is one key that holds the instant at which it was last forgotten, by Redis's own clock. A page holds the instant
at which its rendering began, and is right while that is later. So forgetting is one small write however many pages
there are, and a page whose rendering was under way when a price changed is wrong as well when it arrives.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import Model
from django.db.models.signals import post_delete, post_save

from apps.kernel import outbox
from apps.kernel.page_cache.client import Script, Unreachable, get_client

Tagger = TypeVar("Tagger", bound=Callable[[Any], Iterable[str]])
# Every page carries this tag.
EVERYTHING = "*"
# With more tags than this it costs less to render every page anew.
MOST_TAGS = 500
# Longer than any page is kept.
KEPT_SECONDS = 7200

FORGET = Script(
    """
local t = redis.call('TIME')
local now = string.format('%.0f', t[1] * 1000000 + t[2])
for _, key in ipairs(KEYS) do redis.call('SET', key, now, 'EX', ARGV[1]) end
return now
"""
)


def tag_key(tag: str) -> str:
    """Return where the instant of a tag is kept."""
    return f"page-tag:{tag}"


def forget_pages(*tags: str) -> None:
    """
    Forget the pages with these tags when the transaction at hand is committed; at once if there is none.

    If Redis is down then, pages are rendered anyway; those it still holds go when the outbox handler of the fact
    that came with the change forgets the same tags again (``forget_pages_now``), at the latest when they expire.
    """
    wanted = frozenset(tags)
    transaction.on_commit(lambda: _forget(wanted, even_now=False), robust=True)


def forget_pages_now(tags: Iterable[str]) -> None:
    """
    Forget the pages with these tags at once: for handlers of committed facts.

    :raises Unreachable: if Redis does not answer; the outbox tries again
    """
    wanted = frozenset(tags)
    if wanted and not _forget(wanted, even_now=True):
        raise Unreachable


def forget_pages_on(fact_class: type[Any], *, name: str) -> Callable[[Tagger], Tagger]:
    """
    Forget the pages with the tags that the decorated function returns for a fact: right after the commit, and again
    when the relay delivers it, which outlasts a crash and a Redis that is down. ``name`` is the handler's.
    """

    def register(tags_of: Tagger) -> Tagger:
        def at_once(facts: Sequence[Any]) -> None:
            _forget(frozenset(tag for fact in facts for tag in tags_of(fact)), even_now=False)

        def handle(fact: Any, *, event: Any) -> None:
            forget_pages_now(tags_of(fact))

        handle.__module__, handle.__qualname__ = tags_of.__module__, f"{tags_of.__qualname__}.handle"
        outbox.at_commit(fact_class)(at_once)
        outbox.subscribe(fact_class, name=name)(handle)
        return tags_of

    return register


def forget_pages_when_saved(model: type[Model], *tags: str) -> None:
    """Forget pages when a row of a model is saved or deleted one by one: by staff, in the admin or the CMS."""

    def saved(**_: Any) -> None:
        forget_pages(*tags)

    for signal in (post_save, post_delete):
        signal.connect(saved, sender=model, weak=False, dispatch_uid=f"forget pages of {model._meta.label}")


def _forget(tags: frozenset[str], *, even_now: bool) -> bool:
    client = get_client()
    if client is None or not tags:
        return True
    keys = [tag_key(tag) for tag in (tags if len(tags) <= MOST_TAGS else (EVERYTHING,))]
    try:
        client.run(FORGET, keys=keys, args=[KEPT_SECONDS], even_now=even_now)
    except Unreachable:
        return False
    return True
